"""Simulated people: the same every night, alive, slow, and independent of each other."""

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from performer.circle import simulated
from performer.circle.simulated import Temperament
from performer.frame import Floats
from performer.parameters import ID

TAU = 2 * math.pi
MANY = np.arange(4000)


def columns(found: Temperament) -> Floats:
    """All a temperament says, shape (9, n)."""
    return np.stack([
        found.rate, found.breath_rate, found.valence, found.arousal, found.sociability,
        found.restlessness, found.tenderness, found.p, found.q,
    ])  # fmt: skip


def at(time: float, seed: int = 1, around: tuple[float, float] = (0.0, 0.0)) -> Floats:
    """Feelings of 64 people among others who all feel the same, shape (2, 64)."""
    others = (np.full(64, x) for x in around)
    return np.stack(simulated.feelings(seed, np.arange(64), time, *others))


def test_ids_are_ids() -> None:
    assert simulated.sim_id(1) == "sim-1"
    assert ID.fullmatch(simulated.sim_id(256))


def splitmix64(state: int, steps: int) -> int:
    """What the published generator returns at the `steps`-th call, in plain whole numbers."""
    every = (1 << 64) - 1
    z = (state + steps * 0x9E3779B97F4A7C15) & every
    z = ((z ^ (z >> 30)) * 0xBF58476D1CE4E5B9) & every
    z = ((z ^ (z >> 27)) * 0x94D049BB133111EB) & every
    return z ^ (z >> 31)


def test_the_hash_is_splitmix64() -> None:
    """Another hash would mean other people in every rehearsed night."""
    assert splitmix64(1234567, 1) == 6457827717110365317  # the published first output
    for seed, row, salt in [(7, 0, 3), (7, 255, 3), (2**64 - 1, 1, 0), (0, 0, 0)]:
        found = simulated.uniform(seed, np.array([row]), salt)
        wanted = splitmix64(splitmix64(seed, salt), row + 1)
        assert found.tolist() == [(wanted >> 11) / 2**53]


def test_uniform_is_uniform_and_independent() -> None:
    u = simulated.uniform(5, MANY, 1)
    assert ((u >= 0) & (u < 1)).all()
    counts, _ = np.histogram(u, bins=20, range=(0, 1))
    assert ((counts - 200) ** 2 / 200).sum() < 45  # chi², 19 degrees of freedom, p < 0.001
    others = [
        simulated.uniform(5, MANY, 2), simulated.uniform(6, MANY, 1),
        simulated.uniform(5, MANY + 1, 1),
    ]  # fmt: skip
    for other in others:
        assert abs(np.corrcoef(u, other)[0, 1]) < 0.06


def test_uniform_takes_many_salts_and_any_seed() -> None:
    rows = np.arange(5)
    table = simulated.uniform(9, rows[:, None], np.arange(3))
    assert table.shape == (5, 3)
    for salt in range(3):
        assert (table[:, salt] == simulated.uniform(9, rows, salt)).all()
    assert simulated.uniform(-1, rows, 0) == pytest.approx(simulated.uniform(2**64 - 1, rows, 0))
    assert simulated.uniform(1, np.arange(0), 0).shape == (0,)


@given(st.integers(0, 2**63), st.sets(st.integers(0, 255), min_size=1))
def test_nobody_depends_on_who_else_is_there(seed: int, some: set[int]) -> None:
    rows = np.array(sorted(some))
    everybody = columns(simulated.temperament(seed, np.arange(256)))
    assert (columns(simulated.temperament(seed, rows)) == everybody[:, rows]).all()
    around = np.full((2, 256), 0.1)
    felt = np.stack(simulated.feelings(seed, np.arange(256), 99.0, *around))
    assert (np.stack(simulated.feelings(seed, rows, 99.0, *around[:, rows])) == felt[:, rows]).all()


def test_temperaments_are_within_what_people_are() -> None:
    found = simulated.temperament(2, MANY)
    hertz = found.rate / TAU
    assert hertz.min() >= 0.05 - 1e-12
    assert hertz.max() <= 0.16 + 1e-12
    straight = hertz[found.p == found.q]
    assert 0.15 < straight.std() / straight.mean() < 0.25
    assert ((found.breath_rate >= 0.1) & (found.breath_rate <= 0.3)).all()
    assert np.mean((found.breath_rate > 0.12) & (found.breath_rate < 0.2)) > 0.75
    assert np.hypot(found.valence, found.arousal).max() <= simulated.BASELINE
    for trait in (found.sociability, found.restlessness, found.tenderness):
        assert ((trait >= 0) & (trait < 1)).all()
        assert trait.std() == pytest.approx(12**-0.5, rel=0.05), "all kinds of people"
    assert found.lean.max() <= simulated.LEAN


def test_rhythms_come_in_clusters_of_their_own_spread() -> None:
    found = simulated.temperament(2, np.arange(20_000))
    cluster = (simulated.uniform(2, np.arange(20_000), 0) * 3).astype(np.int64)
    for i, centre in enumerate(simulated.TEMPI):
        tempi = found.rate[(cluster == i) & (found.p == found.q)] / TAU
        assert tempi.mean() == pytest.approx(centre, rel=0.02)
        assert tempi.std() / centre == pytest.approx(0.15, rel=0.05)


def test_most_play_straight_and_some_against_it() -> None:
    found = simulated.temperament(3, MANY)
    ratios = list(zip(found.p.tolist(), found.q.tolist(), strict=True))
    assert set(ratios) == {(1, 1), (2, 3), (3, 4)}
    assert ratios.count((1, 1)) / len(ratios) == pytest.approx(0.8, abs=0.03)
    assert ratios.count((2, 3)) / len(ratios) == pytest.approx(0.1, abs=0.03)


def test_whoever_plays_against_it_has_a_tempo_that_can_lock() -> None:
    found = simulated.temperament(3, np.arange(20_000))
    straight = found.rate[found.p == found.q].mean()
    for q in (3.0, 4.0):
        assert found.rate[found.q == q].mean() / straight == pytest.approx((q - 1) / q, rel=0.03)


def test_people_differ() -> None:
    found = columns(simulated.temperament(4, np.arange(256)))
    for one in found[1:7]:
        assert np.unique(one).size == 256
    assert np.unique(found[0]).size > 240  # a few stand at the bounds
    assert (found[:7] != columns(simulated.temperament(5, np.arange(256)))[:7]).mean() > 0.99


def test_the_same_moment_feels_the_same() -> None:
    assert (at(1234.5) == at(1234.5)).all()
    baseline = simulated.temperament(1, np.arange(64))
    begun = np.hypot(*(at(0.0) - np.stack([baseline.valence, baseline.arousal])))
    assert begun.mean() > 0.08  # a night does not begin with everybody at their baseline
    assert (at(1234.5) != at(1234.5, seed=2)).all()


def test_feelings_stay_in_the_disc_and_move_slowly() -> None:
    times = np.concatenate([np.arange(0, 300, 0.25), 5e4 + np.arange(0, 300, 0.25)])
    night = np.stack([at(float(t), around=(3.0, -4.0)) for t in times])
    assert np.hypot(night[:, 0], night[:, 1]).max() <= 1.0
    speed = np.abs(np.diff(night, axis=0)) / 0.25
    speed[1199] = 0.0  # the jump between the two stretches of time
    assert speed.max() <= 0.063
    own = night[:1200].std(axis=0) / (1 - simulated.temperament(1, np.arange(64)).lean)
    assert np.hypot(*own).min() > 0.04  # nobody stands still
    assert own.mean() > 0.1


def test_the_restless_wander_farther_and_faster_and_the_steady_take_their_time() -> None:
    night = np.stack([at(float(t)) for t in range(0, 1800, 2)])
    traits = simulated.temperament(1, np.arange(64))
    own = (1 - traits.lean)[None, None]
    speed = (np.abs(np.diff(night, axis=0)) / own).mean(axis=(0, 1))
    assert np.corrcoef(speed, traits.restlessness)[0, 1] > 0.7
    moved = simulated.followed(1, np.arange(64), np.zeros(64), np.ones(64), 5.0)
    assert moved[traits.restlessness.argmax()] > 0.7
    assert moved[traits.restlessness.argmin()] < 0.4


def test_a_stirred_person_breathes_faster_than_a_calm_one() -> None:
    calm, stirred = (simulated.breath_rates(1, np.arange(64), np.full(64, a)) for a in (-1, 1))
    assert (stirred / calm).min() == pytest.approx(1.5)
    assert calm.min() > 0.075
    assert stirred.max() < 0.36


def test_moods_do_not_loop() -> None:
    assert all(np.abs(at(0.0) - at(float(t))).max() > 0.05 for t in range(10, 3600))


def test_the_sociable_and_tender_lean_to_those_around_them() -> None:
    own = simulated.temperament(1, np.arange(64))
    alone, towards = at(60.0), at(60.0, around=(1.0, 0.0))
    moved = towards[0] - alone[0]
    np.testing.assert_allclose(moved, own.lean)
    assert (towards[1] == alone[1]).all()
    assert np.corrcoef(own.lean, own.sociability)[0, 1] > 0.6
    assert np.corrcoef(own.lean, own.tenderness)[0, 1] > 0.2


def test_nobody_feels_nothing() -> None:
    valence, arousal = simulated.feelings(1, np.arange(0), 0.0, *np.zeros((2, 0)))
    assert valence.shape == arousal.shape == (0,)
    assert simulated.temperament(1, np.arange(0)).rate.shape == (0,)
