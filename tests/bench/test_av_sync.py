"""Sound beside pictures over the ten minutes that the issue asks for: about half a minute.

pytest -o addopts=--import-mode=importlib tests/bench/test_av_sync.py
"""

from pathlib import Path
from typing import Any, cast

import av
import pytest

from tests.output.test_video import EVERY, FLASH, FPS, STEP, by_library, flashes, heard_by_cli, lags

PICTURES = 10 * 60 * 30


@pytest.mark.parametrize("end", ["mp4", "mkv"])
def test_ten_minutes_end_as_they_began(tmp_path: Path, end: str) -> None:
    path = tmp_path / f"a.{end}"
    want = flashes(path, PICTURES)
    pictures = list(range(FLASH, PICTURES, EVERY))
    places = [k * STEP for k in pictures]
    assert lags(want, by_library(path), places) == {0}
    assert lags(want, heard_by_cli(path), places) == {0}
    with av.open(str(path)) as file:
        shown = cast("Any", file).decode(video=0)
        lit = [float(f.time) for f in shown if f.to_ndarray(format="gray").mean() > 128]
    assert lit == pytest.approx([k / FPS for k in pictures], abs=1e-3)
