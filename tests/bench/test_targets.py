"""The numbers to hold, asserted. Minutes long and meant for a quiet machine: run explicitly,

pytest -o addopts=--import-mode=importlib tests/bench/test_targets.py
"""

import os
from pathlib import Path

import pytest

from performer.benchmark import FULL, QUICK, Figures, measure, table
from performer.benchmark.targets import ROWS, Row

HELD = [row for row in ROWS if row.most is not None]


@pytest.fixture(scope="module")
def figures(tmp_path_factory: pytest.TempPathFactory) -> Figures:
    plan = QUICK if os.environ.get("PERFORMER_BENCH_QUICK") else FULL
    found = measure(lambda _done, _of: None, plan is QUICK, plan)
    report = Path(tmp_path_factory.mktemp("bench")) / "bench.md"
    report.write_text(table(found), encoding="utf-8")
    print(table(found))
    return found


@pytest.mark.parametrize("row", HELD, ids=[row.path for row in HELD])
def test_target(figures: Figures, row: Row) -> None:
    assert not row.missed(figures)
