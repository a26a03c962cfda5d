"""Waves: a function of time, beats and seed; right in size, smooth where they should be."""

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from performer.frame import Floats
from performer.modulation import WAVES, compile
from performer.parameters import TREE
from performer.show.modulating import Modulation
from performer.show.routes import MOVED
from tests.modulation.rows import GLOW, at, patch, row

V = len(TREE.continuous)


def offsets(rows: list[Modulation], time: float, beat: float, seed: int) -> Floats:
    """What rows of waves alone add to the values."""
    return compile(rows).step(None, at(time, beat=beat, seed=seed)).values


def track(one: Modulation, times: Floats, seed: int = 7) -> Floats:
    """The offsets of one row's target at several times."""
    compiled, place = patch(one), TREE.place(one.target)
    moved = [compiled.step(None, at(float(t), seed=seed)).values[place] for t in times]
    return np.array(moved)


def test_no_modulation_moves_nothing() -> None:
    still = offsets([], 12.0, 3.0, 1)
    assert still.shape == (V,)
    assert still.dtype == np.float64
    assert not still.any()


@pytest.mark.parametrize(
    ("wave", "turn", "height"),
    [
        ("sine", 0, 0), ("sine", 0.25, 1), ("sine", 0.5, 0), ("sine", 0.75, -1),
        ("triangle", 0, 0), ("triangle", 0.125, 0.5), ("triangle", 0.25, 1),
        ("triangle", 0.5, 0), ("triangle", 0.625, -0.5), ("triangle", 0.75, -1),
        ("saw", 0, 0), ("saw", 0.25, 0.5), ("saw", 0.49, 0.98), ("saw", 0.51, -0.98),
        ("saw", 0.75, -0.5), ("square", 0.01, 1), ("square", 0.49, 1), ("square", 0.51, -1),
        ("square", 0.99, -1),
    ],
)  # fmt: skip
def test_waves_have_their_shape_in_time_phase_and_beats_alike(
    wave: str, turn: float, height: float
) -> None:
    assert offsets([row(wave=wave)], turn * 10, 99, 1)[GLOW] == pytest.approx(0.5 * height)
    shifted = row(wave=wave, phase=turn)
    assert offsets([shifted], 30, 99, 1)[GLOW] == pytest.approx(0.5 * height)
    synced = row(wave=wave, beats=8)
    assert offsets([synced], 99, 16 + turn * 8, 1)[GLOW] == pytest.approx(0.5 * height)


def test_every_wave_is_itself_among_all_others() -> None:
    """They are sorted inside: none may come out as another."""
    looks = ("glow", "rim", "drift", "warp", "grain", "energy")
    targets = [f"/look/{look}" for look in looks]
    rows = [row(wave=w, target=t) for w, t in zip(reversed(WAVES), targets, strict=True)]
    still = row(target="/palette/hue", amount=0.0)
    for i, (one, target) in enumerate(zip(rows, targets, strict=True)):
        alone = [still] * i + [one]  # its place in the list is its noise
        together = offsets(rows, 3.1, 0, 5)[TREE.place(target)]
        assert together == offsets(alone, 3.1, 0, 5)[TREE.place(target)]


def test_only_targets_move_and_by_their_range() -> None:
    """A fraction of the target's range; several on one target add up."""
    sines = [row(target="/palette/hue", amount=0.1), row(amount=-0.2), row(amount=0.5)]
    moved = offsets(sines, 2.5, 0, 1)
    assert moved[TREE.place("/palette/hue")] == pytest.approx(36)
    assert moved[GLOW] == pytest.approx(0.3)
    assert np.count_nonzero(moved) == 2


def test_a_walk_is_smooth_and_a_hold_stands() -> None:
    """The walk meets the held values at whole turns and never jumps between them."""
    times = np.arange(0, 400, 0.05)
    walk, hold = track(row(wave="walk"), times), track(row(wave="hold"), times)
    assert np.abs(np.diff(walk)).max() < 0.5 * 2 * 1.875 * 0.1 * 0.05 + 1e-9  # quintic's slope
    assert np.count_nonzero(np.diff(hold)) == 39
    assert np.allclose(walk[::200], hold[::200])
    for values in (walk, hold):
        assert -0.5 <= values.min() < -0.3
        assert 0.3 < values.max() <= 0.5


def test_noise_is_spread_evenly() -> None:
    """Held values over many turns: mean 0, the spread of a uniform -1..1, no neighbours alike."""
    held = track(row(wave="hold", amount=1), np.arange(5.0, 40_005.0, 10.0))
    assert abs(held.mean()) < 0.05
    assert held.std() == pytest.approx(1 / math.sqrt(3), rel=0.03)
    assert abs(np.corrcoef(held[:-1], held[1:])[0, 1]) < 0.06


@pytest.mark.parametrize("wave", ["walk", "hold"])
def test_noise_depends_on_seed_and_on_place_in_the_list(wave: str) -> None:
    """Another seed is another night; two alike do not move alike."""
    one = row(wave=wave)
    times = np.arange(5, 500, 10.0)
    a, b = track(one, times, seed=1), track(one, times, seed=2)
    assert abs(np.corrcoef(a, b)[0, 1]) < 0.5
    both = np.array([offsets([one, one], t, 0, 1)[GLOW] for t in times])
    assert not np.allclose(both, 2 * a)
    assert abs(np.corrcoef(both - a, a)[0, 1]) < 0.5


@pytest.mark.parametrize("other", [{"wave": "hold"}, {"source": "bass"}, {"wave": "saw"}])
def test_other_rows_do_not_change_a_walk(other: dict[str, str]) -> None:
    """Its noise goes by its own place, however rows are sorted inside."""
    walk, still = row(wave="walk"), row(target="/tempo", amount=0)
    alone = offsets([still, walk], 12, 0, 3)[GLOW]
    assert offsets([row(target="/tempo", **other), walk], 12, 0, 3)[GLOW] == alone


def test_a_known_value_holds_for_ever() -> None:
    """Journals replay to the same picture years later: these numbers may not change."""
    moved = offsets([row(wave="walk"), row(wave="hold", target="/look/rim")], 123.4, 0, 1108)
    assert moved[GLOW] == pytest.approx(0.010028825741291589, abs=1e-12)
    assert moved[TREE.place("/look/rim")] == pytest.approx(-0.22028390754252436, abs=1e-12)


waves = st.builds(
    Modulation,
    target=st.sampled_from(MOVED),
    wave=st.sampled_from(WAVES),
    rate=st.floats(0, 0.5),
    amount=st.floats(-1, 1),
    phase=st.floats(0, 1),
)


@given(
    several=st.lists(waves, max_size=12),
    time=st.floats(0, 1e6),
    beat=st.floats(0, 1e6),
    seed=st.integers(0, 2**64 - 1),
)
def test_offsets_are_bounded_and_repeatable(
    several: list[Modulation], time: float, beat: float, seed: int
) -> None:
    moved = offsets(several, time, beat, seed)
    assert moved.shape == (V,)
    assert np.array_equal(moved, offsets(several, time, beat, seed))
    most = np.zeros(V)
    for one in several:
        most[TREE.place(one.target)] += abs(one.amount)
    assert np.all(np.abs(moved) <= most * (TREE.high - TREE.low) * (1 + 1e-9) + 1e-9)
