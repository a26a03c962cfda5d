"""The sound of "Numbers to hold": 64 voices, a stage on every core, ten minutes without a gap.

pytest -o addopts=--import-mode=importlib tests/bench/test_sound.py -s

PERFORMER_BENCH_QUICK=1 makes it one minute. Meant for a machine that does nothing else, and that
lets the sound come first (`nice` below 0).
"""

import os
from dataclasses import replace

from performer.benchmark import FULL, Figures
from performer.benchmark.sound import SoundBench

SECONDS = 60.0 if os.environ.get("PERFORMER_BENCH_QUICK") else 600.0
SATURATED, STAGE = 95.0, 50.0  # % of all processors: busy, and with the stage
STALL, SHORT = 0.2, 10.0  # s; PortAudio's ring holds 0.085


def played(seconds: float, stall: float = 0.0) -> Figures:
    found = SoundBench("luna-circle", replace(FULL, sound=seconds)).live(stall)
    print(f"\n{found}")
    assert "failed" not in found, found["failed"]
    return found


def test_ten_minutes_without_a_gap() -> None:
    found = played(SECONDS)
    assert found["seconds"] >= SECONDS
    assert found["busy"] >= SATURATED, "the stage did not keep the processors busy"
    assert not found["stage_died"]
    assert found["stage"] >= STAGE, "something else kept the processors busy"
    assert found["underruns"] == 0
    assert found["holes"] == 0


def test_a_starved_loop_is_found_by_both_witnesses() -> None:
    found = played(SHORT, STALL)
    assert found["underruns"] > 0
    assert found["holes"] > 0
    assert 50.0 < found["longest_hole_ms"] < 1000.0 * STALL
