"""The benchmark's own shape, on tiny sizes: what it finds and how it says it, never how fast."""

import json
import os
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from performer.audio import QUANTUM, RATE
from performer.benchmark import Figures, Plan, measure, table
from performer.benchmark.blocks import HEARD
from performer.benchmark.busy import Busy
from performer.benchmark.jack import HOLE, Server, holes
from performer.benchmark.plan import QUICK, middle, rounded, shares, timed
from performer.benchmark.scenarios import message
from performer.benchmark.sound import together
from performer.benchmark.targets import ROWS, Row
from performer.errors import DeviceError

pytestmark = pytest.mark.clock
TINY = Plan(size=(96, 54), people=(4, 12), python=12, rounds=2, changes=1, starts=1, controls=3,
            quiet=0.3, flood=0.3, kills=1, calm=0.3, night=(96, 54),
            sounding=(12,), blocks=50, sound=1.0, stage=(96, 54), rehearsals=1,
            rehearsed=0.3)  # fmt: skip
SECTIONS = ("frames", "generators", "readback", "preset_change", "start", "latency", "midi",
            "flood", "kill", "sound", "sound_live", "rehearsal")  # fmt: skip


@pytest.fixture(scope="module")
def told() -> list[tuple[int, int]]:
    return []


@pytest.fixture(scope="module")
def figures(told: list[tuple[int, int]]) -> Figures:
    return measure(lambda done, of: told.append((done, of)), True, TINY)


def test_every_section_was_measured(figures: Figures) -> None:
    assert [figures[name].get("failed") for name in SECTIONS] == [None] * len(SECTIONS)


def test_figures_survive_json(figures: Figures) -> None:
    assert json.loads(json.dumps(figures)) == figures


def test_progress_goes_from_nothing_to_all(figures: Figures, told: list[tuple[int, int]]) -> None:
    assert told == [(k, len(SECTIONS)) for k in range(len(SECTIONS) + 1)]
    assert figures


def test_the_machine_is_named(figures: Figures) -> None:
    assert figures["machine"]["cores"] == os.cpu_count()
    assert figures["machine"]["cpu"]
    assert figures["machine"]["renderer"]


def test_passes_add_up(figures: Figures) -> None:
    for people in ("4", "12"):
        assert sum(figures["frames"]["share"][people].values()) == pytest.approx(1.0, abs=0.01)
        assert all(t > 0.0 for t in figures["frames"]["passes_ms"][people].values())


def test_python_beside_gl_is_the_sum_of_its_parts(figures: Figures) -> None:
    spent = figures["frames"]["python_ms"]["12"]
    parts = spent["step"] + spent["encode"] + spent["draw"]
    assert spent["all"] == pytest.approx(parts, rel=0.3)


def test_generators_are_compared_with_the_median(figures: Figures) -> None:
    relative = sorted(g["relative"] for g in figures["generators"].values())
    assert relative[0] <= 1.0 <= relative[-1]


def test_a_night_was_played(figures: Figures) -> None:
    assert figures["kill"]["kills"] == TINY.kills
    assert figures["kill"]["wrong"] == 0
    assert figures["flood"]["last_value_missed"] == 0
    assert figures["flood"]["sent"] > 1000
    assert figures["latency"]["frames"] >= 1
    assert figures["start"]["empty"]["lit_s"] >= figures["start"]["empty"]["first_s"]


def test_sound_was_rendered_played_and_rehearsed(figures: Figures) -> None:
    sound, live = figures["sound"], figures["sound_live"]
    inside = sum(sound["parts_ms"].values()) - sound["parts_ms"][HEARD]
    median = 0.01 * sound["cpu"]["12"]["median"] * sound["block_ms"]
    assert inside == pytest.approx(median, rel=0.7)
    assert live["seconds"] > TINY.sound
    assert live["blocks"] > TINY.sound * RATE / QUANTUM
    assert 0.0 < live["fill"]["median"] <= live["fill"]["p99"]
    assert min(figures["rehearsal"].values()) > 0.0


def test_holes_are_runs_of_nothing_in_every_channel() -> None:
    samples = np.ones((1000, 2), np.float32)
    samples[100 : 100 + HOLE] = samples[990:] = 0.0
    samples[300 : 300 + HOLE - 1] = samples[500:600, 0] = 0.0
    assert holes(samples).tolist() == [HOLE, 10]
    assert not len(holes(samples[:0]))


def test_busy_is_told_of_one_and_the_same_stage_only() -> None:
    before, after = Busy(100, 50, 10, 7), Busy(300, 60, 90, 7)
    assert after.since(before) == {"busy": 95.0, "stage": 40.0, "stage_died": 0}
    assert Busy(300, 60, 5, 8).since(before) == {"busy": 95.0, "stage_died": 1}
    assert after.since(Busy()) == {}


def test_who_died_or_found_no_server_says_so_instead_of_a_figure() -> None:
    heard = {"holes": 0}
    assert together(heard, [{"underruns": 0}]) == {"holes": 0, "underruns": 0}
    assert "failed" in together(heard, [])
    assert "failed" in together(heard, [{"underruns": 0}, {"underruns": 0}])
    assert together({"failed": "no Frame"}, [{"underruns": 0}]) == {"failed": "no Frame"}


def test_a_machine_without_a_sound_server_is_told_what_is_missing(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(DeviceError, match="jackd"):
        Server(tmp_path)


def test_the_table_has_a_row_for_each_figure(figures: Figures) -> None:
    said = table(figures)
    for row in ROWS:
        expected = row.found(figures) is not None
        assert (f"| {row.what} |" in said) == expected, row.what
    assert "| blend |" in said
    assert "| voices |" in said
    assert all(f"| {name} |" in said for name in figures["generators"])


def made(**sections: Any) -> Figures:
    machine = {"cpu": "a", "cores": 2, "renderer": "b", "python": "3", "load": 0.1}
    failed = {"failed": "no light"}
    return {"machine": machine, "plan": {"size": [64, 36]}, "frames": failed,
            "generators": failed, **sections}  # fmt: skip


def test_a_section_that_failed_says_why_and_takes_nothing_along() -> None:
    said = table(made(kill={"failed": "no Frame came for 60 s"}, readback={"pixels_ms": 0.2}))
    assert "not measured: no Frame came for 60 s" in said
    assert "| reading a picture's pixels |  | 0.2 ms |" in said


def test_a_missed_target_is_bold() -> None:
    said = table(made(kill={"worst_s": 2.5, "median_s": 0.5, "wrong": 0}))
    assert "| ≤ 2 s | **2.5 s** |" in said


@pytest.mark.parametrize(
    ("found", "missed"), [({"a": 1.0}, ""), ({"a": 1.2}, "x: ≤ 1×, found 1.2×"), ({}, "x: ")]
)
def test_rows_know_whether_their_target_is_met(found: dict[str, float], missed: str) -> None:
    assert Row("x", "r.a", 1.0, "×").missed({"r": found}).startswith(missed)


def test_helpers() -> None:
    assert middle([]) == 0.0
    assert middle([3.0, 1.0, 2.00004]) == 2.0
    assert rounded(0.0123456) == 0.01235
    work: Callable[[], None] = lambda: time.sleep(0.002)  # noqa: E731
    assert timed(work) >= 2.0
    assert message(0.5).startswith(b"/individuality\0")
    assert QUICK.rounds < Plan().rounds
    assert shares([1.0, 2.0, 3.0], 4.0) == {"median": 50.0, "p99": 74.5}
