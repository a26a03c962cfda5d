"""Soft takeover: no jumps, both ends, and hold whenever the value is passed."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from performer.controllers.mapping.takeover import (
    TOLERANCE,
    Crossing,
    Jumping,
    Scaling,
    machine,
)

STEP = 1 / 127
SLACK = TOLERANCE + 1e-9
places = st.integers(0, 127).map(lambda n: n / 127)
paths = st.lists(places, min_size=1, max_size=40)
values = st.floats(0.0, 1.0)
Walk = list[tuple[float, float | None]]
others = st.lists(st.one_of(st.tuples(places, st.none()), st.tuples(places, values)), max_size=40)


@given(paths, values)
def test_crossing_never_jumps(path: list[float], value: float) -> None:
    """No step of the value is larger than the control's own."""
    control, before = Crossing(STEP), None
    for to in path:
        went = control.move(to, value)
        if went is not None:
            assert before is not None, "the first message only tells where the control is"
            assert abs(went - value) <= max(abs(to - before), STEP) + SLACK
            value = went
        before = to


@given(others, values)
def test_crossing_with_another_hand(walk: Walk, value: float) -> None:
    """Nor when somebody else moves the value at any moment."""
    control, before = Crossing(STEP), None
    for to, moved in walk:
        value = value if moved is None else moved
        went = control.move(to, value)
        if went is not None and before is not None:
            assert abs(went - value) <= max(abs(to - before), STEP) + SLACK
        value = value if went is None else went
        before = to


@given(paths, values)
def test_crossing_takes_hold_when_it_passes(path: list[float], value: float) -> None:
    """Exactly when it passes or meets the value, and from then on it is where the control is."""
    control, held = Crossing(STEP), False
    for before, to in zip([None, *path], path, strict=False):
        if before is not None:
            passed = min(before, to) <= value <= max(before, to)
            held = held or passed or abs(to - value) <= STEP
        went = control.move(to, value)
        assert went == (to if held else None)
        value = to if held else value


@pytest.mark.parametrize("kind", ["cross", "scale"])
@given(path=paths, value=values)
def test_both_ends_are_reached(kind: str, path: list[float], value: float) -> None:
    """Wherever it has been: all the way up, then all the way down."""
    control = machine("cross" if kind == "cross" else "scale", STEP)
    for to in [*path, 0.5, 1.0, 0.0, 1.0]:
        went = control.move(to, value)
        value = value if went is None else went
    assert value == 1.0
    assert control.move(0.0, value) == 0.0


@given(paths, values)
def test_scaling_moves_as_far_as_is_left(path: list[float], value: float) -> None:
    """The same direction, and no step larger than its part of what is left."""
    control, before = Scaling(), None
    for to in path:
        went = control.move(to, value)
        if before is None or to == before:
            assert went is None
        else:
            assert went is not None
            up = to > before
            left = (1.0 - value) / (1.0 - before) if up else value / before
            assert went - value == pytest.approx((to - before) * left, abs=1e-9)
            assert 0.0 <= went <= 1.0
            value = went
        before = to


@given(paths)
def test_scaling_is_the_control_itself_after_an_end(path: list[float]) -> None:
    """Control and value that met stay together."""
    control, value = Scaling(), 0.3
    for to in [0.7, 1.0, *path]:
        went = control.move(to, value)
        value = value if went is None else went
    assert value == pytest.approx(path[-1], abs=1e-6)


def test_one_fast_move_over_the_value_takes_hold() -> None:
    """From 2 to 120 of 127 within two messages."""
    control = Crossing(STEP)
    assert control.move(2 / 127, 0.5) is None
    assert control.move(120 / 127, 0.5) == 120 / 127


def test_the_value_that_passes_the_control_gives_no_hold() -> None:
    """An arc runs over a fader that lies still; its next small move would jump."""
    control = Crossing(STEP)
    control.move(0.50, 0.3)
    assert control.move(0.51, 0.8) is None


def test_hold_is_lost_to_another_hand_and_won_again() -> None:
    """A preset came: the control waits until it passes the value once more."""
    control = Crossing(STEP)
    control.move(0.4, 0.45)
    assert control.move(0.5, 0.45) == 0.5
    assert control.move(0.51, 0.9) is None
    assert control.move(0.8, 0.9) is None
    assert control.move(0.95, 0.9) == 0.95


def test_what_nobody_knows_is_taken_at_once() -> None:
    """There is nothing to pass."""
    assert Crossing(STEP).move(0.7, None) == 0.7
    assert Scaling().move(0.7, None) == 0.7
    assert Jumping().move(0.7, 0.1) == 0.7
