"""A control's travel: both ends exactly, never outside, and back again."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from performer.controllers.mapping.travel import Travel
from performer.parameters import TREE
from performer.show.fitting import Shape

SHAPES: list[Shape] = ["linear", "log", "square", "root", "ease"]
positions = st.floats(0.0, 1.0)


def travel_of(low: float, width: float, curve: Shape, invert: bool) -> Travel:
    """A travel that is never without a width."""
    return Travel(low, low + width, curve, invert)


travels = st.builds(
    travel_of, st.floats(0.001, 1000.0), st.floats(0.01, 1000.0), st.sampled_from(SHAPES),
    st.booleans(),
)  # fmt: skip


@given(travels, positions)
def test_there_and_back(travel: Travel, position: float) -> None:
    """To a position's value and back to the position, whatever the curve."""
    value = travel.value(position)
    assert travel.low <= value <= travel.high
    assert travel.value(travel.position(value)) == pytest.approx(value, rel=1e-6)
    if 0.001 <= position <= 0.999:  # a square's foot and a root's head are nearly flat
        assert travel.position(value) == pytest.approx(position, abs=1e-5)


@given(travels)
def test_both_ends_exactly(travel: Travel) -> None:
    """No rounding takes an end out of the range, or keeps a control from it."""
    assert {travel.value(0.0), travel.value(1.0)} == {travel.low, travel.high}
    assert travel.position(travel.value(0.0)) == pytest.approx(0.0, abs=1e-6)
    assert travel.position(travel.value(1.0)) == pytest.approx(1.0, abs=1e-6)


@given(travels, positions, positions)
def test_always_the_same_direction(travel: Travel, one: float, other: float) -> None:
    """A fader that goes up never takes its value back."""
    low, high = sorted((one, other))
    first, second = travel.value(low), travel.value(high)
    assert first >= second if travel.invert else first <= second


@pytest.mark.parametrize("address", [p.address for p in TREE.continuous])
def test_every_fader_accepts_all_of_its_travel(address: str) -> None:
    """What comes out is never refused by the tree."""
    arg, parameter = TREE.literal[address].args[0], TREE.literal[address]
    for shape in SHAPES:
        if shape == "log" and arg.low <= 0.0:
            continue
        travel = Travel(arg.low, arg.high, shape, whole=arg.kind is int)
        for step in range(128):
            parameter.check(address, [travel.value(step / 127)])


def test_the_middle_of_the_curves() -> None:
    """Half way is where each curve says it is."""
    middle = {shape: Travel(1.0, 100.0, shape).value(0.5) for shape in SHAPES}
    assert middle["linear"] == pytest.approx(50.5)
    assert middle["log"] == pytest.approx(10.0)
    assert middle["square"] == pytest.approx(1.0 + 99.0 / 4.0)
    assert middle["root"] == pytest.approx(1.0 + 99.0 * 0.5**0.5)
    assert middle["ease"] == pytest.approx(50.5)
    assert Travel(0.0, 1.0, "ease").value(0.25) == pytest.approx(0.15625)


def test_whole_numbers_and_reach() -> None:
    """Whole numbers are whole; what is outside is known to be."""
    whole = Travel(1, 9, whole=True)
    assert [whole.value(p) for p in (0.0, 0.49, 1.0)] == [1, 5, 9]
    assert isinstance(whole.value(0.3), int)
    part = Travel(0.2, 0.6)
    assert part.position(0.9) == 1.0
    assert part.outside(0.9, 0.01)
    assert not part.outside(0.601, 0.01)
