"""All bundled shows, whole, thirty times faster. Minutes long: run explicitly,

pytest -o addopts=--import-mode=importlib tests/bench/test_shows.py -s
"""

import json

import pytest

from performer.show.files import names
from tests.whole_shows import check, played


@pytest.mark.parametrize("show", names("show"))
def test_a_whole_show(show: str) -> None:
    found = check(show, played(show, (320, 180), 30.0, 30.0))
    kept = ("frames", "held", "mean_luminance", "mean_chroma", "p95_chroma", "motion")
    lowest = min(found["lowest_area"].values())
    print(show, json.dumps({k: round(found[k], 4) for k in kept}), f"lowest area {lowest:.4f}")
    print("convergences", found["convergences"])
    if show == "luna-circle":
        assert len(found["convergences"]) >= 1
