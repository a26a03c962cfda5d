"""Fades: never a jump, by the shortest way round, and hands that are given back."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from performer.circle import arc as arcs
from performer.errors import ControlError
from performer.frame import Arc, Floats
from performer.parameters import TREE

RESONANCE, HUE = TREE.index["/resonance"], TREE.index["/palette/hue"]


def at(arc: Arc, time: float, i: int = RESONANCE) -> float:
    return float(arcs.value(arc, time)[i])


def from_defaults(**values: float) -> tuple[Arc, Floats]:
    base = TREE.defaults.copy()
    for name, wanted in values.items():
        base[TREE.index["/" + name.replace("_", "/")]] = wanted
    return arcs.still(base), base


def test_a_still_arc_stays() -> None:
    arc, base = from_defaults(resonance=0.2)
    assert np.array_equal(arcs.value(arc, 0.0), base)
    assert np.array_equal(arcs.value(arc, 1e6), base)


def test_a_fade_goes_from_here_to_there_and_rests() -> None:
    arc, base = from_defaults(resonance=0.2)
    arc = arcs.aim(arc, base, {"/resonance": 0.8}, 10.0, 4.0)
    way = [at(arc, t) for t in np.linspace(10.0, 14.0, 401)]
    assert way[0] == 0.2
    assert way[-1] == pytest.approx(0.8, abs=1e-12)
    assert way[200] == pytest.approx(0.5)
    assert (np.diff(way) >= 0).all()
    assert max(np.diff(way)) < 1.6 * 0.6 / 400
    assert at(arc, 9.0) == 0.2
    assert at(arc, 1e5) == pytest.approx(0.8, abs=1e-12)


@given(
    st.lists(
        st.tuples(st.floats(0, 1), st.floats(0.5, 20), st.floats(0, 10)), min_size=1, max_size=8
    )
)
def test_a_fade_can_be_turned_round_at_any_instant_without_a_jump(
    fades: list[tuple[float, float, float]],
) -> None:
    arc, base = from_defaults(resonance=0.35)
    time = 0.0
    for goal, length, wait in fades:
        time += wait
        base = arcs.value(arc, time)
        turned = arcs.aim(arc, base, {"/resonance": goal}, time, length)
        assert at(turned, time) == pytest.approx(at(arc, time), abs=1e-12)
        assert abs(at(turned, time + 1e-3) - at(turned, time)) <= 1.5 * 1e-3 / length
        arc = turned
    assert at(arc, time + 30.0) == pytest.approx(fades[-1][0], abs=1e-9)


def test_what_a_cue_does_not_name_goes_its_own_way() -> None:
    arc, base = from_defaults()
    arc = arcs.aim(arc, base, {"/resonance": 0.9}, 0.0, 10.0)
    other = arcs.aim(arc, arcs.value(arc, 2.0), {"/individuality": 0.1}, 2.0, 1.0)
    for time in (2.0, 5.0, 12.0):
        assert at(other, time) == at(arc, time)


def test_an_unknown_address_is_refused() -> None:
    arc, base = from_defaults()
    with pytest.raises(ControlError):
        arcs.aim(arc, base, {"/nothing": 0.5}, 0.0, 1.0)
    with pytest.raises(ControlError, match="not a fader"):
        arcs.aim(arc, base, {"/panic": 1.0}, 0.0, 1.0)


@pytest.mark.parametrize(
    ("start", "goal", "middle"), [(350.0, 10.0, 0.0), (10.0, 350.0, 0.0), (100.0, 200.0, 150.0)]
)
def test_hues_go_the_short_way_round(start: float, goal: float, middle: float) -> None:
    arc, base = from_defaults(palette_hue=start)
    arc = arcs.aim(arc, base, {"/palette/hue": goal}, 0.0, 2.0)
    assert at(arc, 0.0, HUE) == pytest.approx(start)
    assert (at(arc, 1.0, HUE) - middle + 180) % 360 - 180 == pytest.approx(0.0, abs=1e-9)
    assert at(arc, 2.0, HUE) == pytest.approx(goal)
    way = np.array([at(arc, t, HUE) for t in np.linspace(0, 2, 101)])
    assert ((way >= 0) & (way < 360)).all()


def test_a_hand_is_let_go_by_a_cue_that_names_it_and_by_no_other() -> None:
    arc, base = from_defaults()
    arc = arcs.take(arc, RESONANCE)
    base[RESONANCE] = 0.9
    other = arcs.aim(arc, base, {"/individuality": 0.1}, 1.0, 1.0)
    assert other.hands[RESONANCE]
    named = arcs.aim(arc, base, {"/resonance": 0.1}, 1.0, 2.0)
    assert not named.hands[RESONANCE]
    assert at(named, 1.0) == 0.9, "from where the hand was"


def test_the_arc_moves_on_beneath_a_hand() -> None:
    arc, base = from_defaults(resonance=0.2)
    arc = arcs.take(arc, RESONANCE)
    base[RESONANCE] = 0.9
    arc = arcs.aim(arc, base, {"/resonance": 0.6}, 0.0, 10.0, keep_hands=True)
    assert arc.hands[RESONANCE]
    assert at(arc, 0.0) == 0.2
    assert at(arc, 10.0) == pytest.approx(0.6)


def test_a_released_value_glides_back_over_three_seconds_or_the_rest_of_the_way() -> None:
    arc, base = from_defaults(resonance=0.2)
    for length, reaches in ((1.0, 8.0), (30.0, 30.0)):
        fading = arcs.take(arcs.aim(arc, base, {"/resonance": 0.6}, 0.0, length), RESONANCE)
        held = base.copy()
        held[RESONANCE] = 0.95
        free = arcs.release(fading, held, 5.0, RESONANCE)
        assert not free.hands.any()
        assert at(free, 5.0) == pytest.approx(0.95)
        assert abs(at(free, 5.1) - 0.95) < 0.02
        assert at(free, reaches - 0.5) != pytest.approx(0.6)
        assert at(free, reaches) == pytest.approx(0.6)


def test_release_all_lets_every_hand_go_and_touches_nothing_else() -> None:
    arc, base = from_defaults(resonance=0.2)
    arc = arcs.aim(arc, base, {"/individuality": 0.9}, 0.0, 10.0)
    before = [at(arc, t, TREE.index["/individuality"]) for t in (4.0, 7.0)]
    arc = arcs.release(arcs.take(arcs.take(arc, RESONANCE), HUE), base, 4.0)
    assert not arc.hands.any()
    assert [at(arc, t, TREE.index["/individuality"]) for t in (4.0, 7.0)] == before


@pytest.mark.parametrize(("goal", "hand"), [(350.0, 20.0), (20.0, 350.0), (10.0, 300.0)])
def test_a_released_hue_goes_the_short_way_too(goal: float, hand: float) -> None:
    arc, base = from_defaults(palette_hue=10.0)
    arc = arcs.take(arcs.aim(arc, base, {"/palette/hue": goal}, 0.0, 1.0), HUE)
    base[HUE] = hand
    free = arcs.release(arc, base, 5.0, HUE)
    way = np.unwrap([at(free, t, HUE) for t in np.linspace(5, 8, 301)], period=360.0)
    assert abs(way[-1] - way[0]) <= 180.0
    assert np.ptp(way) == pytest.approx(abs((goal - hand + 180) % 360 - 180))
    assert at(free, 8.0, HUE) == pytest.approx(goal)
