"""The quality governor and the clocks."""

import pytest

from performer.clock import LONGEST_STEP, ExactClock, Tick, WallClock
from performer.stage import Governor

DT = 1 / 60


def run(governor: Governor, seconds: float, late: bool) -> float:
    scale = 1.0
    for _ in range(int(seconds / DT)):
        scale = governor.judge(late, DT)
    return scale


def test_punctual_frames_keep_the_whole_picture() -> None:
    assert run(Governor(), 60.0, late=False) == 1.0


def test_late_frames_lower_it_step_by_step_and_not_below_half() -> None:
    governor = Governor()
    assert run(governor, 1.6, late=True) == 0.84
    assert run(governor, 60.0, late=True) == 0.5


def test_a_single_late_frame_changes_nothing() -> None:
    governor = Governor()
    run(governor, 3.0, late=False)
    governor.judge(True, 0.1)
    assert run(governor, 3.0, late=False) == 1.0


def punctual_until(governor: Governor, scale: float) -> float:
    """Seconds of punctual frames until the scale is reached."""
    seconds = 0.0
    while governor.judge(False, DT) != scale:
        seconds += DT
        assert seconds < 400
    return seconds


def late_until(governor: Governor, scale: float) -> None:
    while governor.judge(True, DT) != scale:
        pass


def test_it_tries_again_and_grows_patient_when_that_fails() -> None:
    governor = Governor()
    late_until(governor, 0.84)
    first = punctual_until(governor, 1.0)
    late_until(governor, 0.84)  # the try was too much
    second = punctual_until(governor, 1.0)
    assert first >= Governor.PATIENCE - DT
    assert second >= 1.9 * first


def test_the_exact_clock_counts_and_never_waits() -> None:
    assert list(ExactClock(25.0, 3)) == [Tick(0.04, 1.0, 0.04)] * 3
    assert list(ExactClock(2.0, 1)) == [Tick(0.5, 1.0, 0.5)], "in real time a picture is a step"


def test_a_fast_clock_steps_through_the_show_between_two_pictures() -> None:
    ticks = list(ExactClock(25.0, 2, speed=60.0))  # a picture covers 2.4 s of show
    assert len(ticks) == 48
    assert max(tick.dt for tick in ticks) <= LONGEST_STEP + 1e-12
    assert sum(tick.dt for tick in ticks) == pytest.approx(2 * 2.4)
    assert sum(tick.dt * tick.pace for tick in ticks) == pytest.approx(2 * 0.04)
    assert [k for k, tick in enumerate(ticks) if tick.picture] == [23, 47]
    assert sum(tick.picture for tick in ticks) == pytest.approx(2 * 0.04)


@pytest.mark.clock
def test_the_wall_clock_measures_and_clamps() -> None:
    import time

    ticks = iter(WallClock(1000.0))
    assert 0.0 < next(ticks).dt <= LONGEST_STEP
    time.sleep(0.15)
    assert next(ticks) == Tick(LONGEST_STEP, 1.0, LONGEST_STEP)
