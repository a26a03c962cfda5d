"""Rhythms against the design's figures, without a clock."""

import math
from dataclasses import dataclass

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from performer.circle import rhythm, simulated
from performer.frame import Floats

TAU = 2 * math.pi


@dataclass
class Night:
    """What a simulated stretch of time showed."""

    order: float
    rates: Floats
    group_rate: float
    theta: Floats


@dataclass
class Circle:
    """People to let run; all at 1:1 and independent phases unless told otherwise."""

    omega: Floats
    theta: Floats
    p: Floats
    q: Floats

    def run(self, m: float, pull: float, seconds: float, tail: float, dt: float = 0.05) -> Night:
        """Means over the last `tail` seconds, with K = `pull` rad/s and individuality m."""
        theta, everybody = self.theta, np.ones(self.omega.size, dtype=np.bool_)
        counts, mask = self.p == self.q, np.full(self.omega.size, m)
        group, orders, moved, steps = 0.0, 0.0, np.zeros_like(theta), round(tail / dt)
        for step in range(round(seconds / dt)):
            order, psi = rhythm.order(theta, counts)
            kappa = rhythm.pull(
                self.omega, mask, self.p, self.q, pull / rhythm.STRONGEST, everybody, order, group
            )
            before = theta
            theta, rate = rhythm.advance(theta, self.omega, kappa, self.p, self.q, order, psi, dt)
            group = rhythm.mean_rate(group, before, rate, counts, dt)
            if step >= round(seconds / dt) - steps:
                orders, moved = orders + order, moved + rate
        return Night(orders / steps, moved / steps, group, theta)


def circle(omega: Floats, p: float = 1.0, q: float = 1.0, seed: int = 0) -> Circle:
    """People with these rates (rad/s); the last quarter plays p:q at that part of its rate."""
    n = omega.size
    others = np.arange(n) >= n - n // 4
    return Circle(
        np.where(others, omega * p / q, omega),
        TAU * simulated.uniform(seed, np.arange(n), 99),
        np.where(others, p, 1.0),
        np.where(others, q, 1.0),
    )


def sleepers(n: int, seed: int) -> Floats:
    """Rates of simulated people (rad/s), as if all played 1:1."""
    drawn = simulated.temperament(seed, np.arange(4 * n))
    return drawn.rate[drawn.p == drawn.q][:n]


@pytest.mark.parametrize("n", [12, 32, 64])
def test_a_merged_circle_converges_at_full_coupling(n: int) -> None:
    orders = [
        circle(sleepers(n, seed), seed=seed).run(0.25, rhythm.STRONGEST, 150, 20).order
        for seed in range(4)
    ]
    assert np.median(orders) == pytest.approx(0.98, abs=0.01)
    assert min(orders) > 0.96


def test_half_individuality_keeps_own_tempi_at_any_strength() -> None:
    people = circle(sleepers(64, 3))
    for strength in (rhythm.STRONGEST, 3.0, 10.0):
        kept = people.run(0.5, strength, 450, 350).rates.std() / people.omega.std()
        assert 0.33 < kept < 0.6
    lost = people.run(0.25, rhythm.STRONGEST, 250, 100).rates.std() / people.omega.std()
    assert lost < 0.005


def test_full_individuality_keeps_all() -> None:
    people = circle(sleepers(32, 5))
    np.testing.assert_allclose(people.run(1.0, 10.0, 20, 10).rates, people.omega, rtol=1e-9)


@pytest.mark.parametrize(("p", "q"), [(2, 3), (3, 4), (3, 2), (9, 8)])
def test_people_at_p_to_q_lock_to_that_ratio(p: float, q: float) -> None:
    spread = 1 + 0.1 * (simulated.uniform(7, np.arange(24), 3) - 0.5)
    people = circle(0.62 * spread, p, q)
    early = people.run(0.0, rhythm.STRONGEST, 120, 60)
    late = people.run(0.0, rhythm.STRONGEST, 180, 60)
    others = people.p != people.q
    np.testing.assert_allclose(late.rates[others], p / q * late.group_rate, rtol=1e-3)
    for night in (early, late):
        _, psi = rhythm.order(night.theta, ~others)
        slow = np.exp(1j * (people.q * night.theta - p * psi))[others]
        assert np.abs(np.angle(slow)).max() < 0.3
    free = people.run(0.0, 0.0, 120, 60).rates[others]
    assert np.abs(free - p / q * late.group_rate).max() > 0.01


def test_without_consent_everybody_has_exactly_their_own_rate() -> None:
    omega = sleepers(8, 1)
    one = np.ones(8)
    consents = np.arange(8) < 4
    kappa = rhythm.pull(omega, 0 * one, one, one, 1.0, consents, 0.9, 0.6)
    theta = TAU * simulated.uniform(1, np.arange(8), 2)
    _, rate = rhythm.advance(theta, omega, kappa, one, one, 0.9, 1.0, 1 / 60)
    assert (rate[4:] == omega[4:]).all()
    assert (rate[:4] != omega[:4]).all()


def test_the_cap_leaves_the_promised_drift() -> None:
    """One person against a steady group: mean drift is h times the detuning, at any K."""
    one = np.ones(1)
    omega, m, group = np.array([0.9]), np.array([0.625]), 0.6
    for order in (0.2, 1.0):
        kappa = rhythm.pull(omega, m, one, one, 1e4, one > 0, order, group)
        theta, turned, dt = np.zeros(1), 0.0, 0.01
        for step in range(60_000):
            theta, rate = rhythm.advance(
                theta, omega, kappa, one, one, order, group * step * dt, dt
            )
            turned += float(rate[0]) * dt
        assert turned / 600 - group == pytest.approx(0.5 * 0.3, rel=0.02)


def test_the_cap_is_about_the_detuning_from_ones_own_ratio() -> None:
    """Whoever plays 2:3 at just 2/3 of the circle's rate has no detuning to lose or keep."""
    two, three = np.full(2, 2.0), np.full(2, 3.0)
    omega, m = np.array([0.4, 0.6]), np.full(2, 0.5)
    kappa = rhythm.pull(omega, m, two, three, 1.0, two > 0, 0.9, 0.6)
    assert kappa[0] == pytest.approx(0.0)
    assert kappa[1] == pytest.approx(math.sqrt(1 - 1 / 9) * 0.2 / 0.9)


def test_chance_order_is_corrected_away() -> None:
    n, nights = 64, 400
    phases = TAU * simulated.uniform(1, np.arange(n), np.arange(nights)[:, None])
    orders = [rhythm.order(row, np.ones(n, dtype=np.bool_))[0] for row in phases]
    shown = [rhythm.corrected(order, n) for order in orders]
    assert np.sqrt(np.mean(np.square(orders))) == pytest.approx(1 / math.sqrt(n), rel=0.1)
    assert np.median(shown) == 0.0
    assert np.mean(shown) < 0.05
    assert rhythm.corrected(1.0, n) == pytest.approx(1.0)
    assert rhythm.corrected(1.0, 1) == rhythm.corrected(0.0, 0) == 0.0


def test_order_counts_only_who_counts() -> None:
    theta = np.array([0.0, math.pi, 0.5 * math.pi, 0.5 * math.pi])
    assert rhythm.order(theta, np.array([False, False, True, True])) == pytest.approx(
        (1.0, 0.5 * math.pi)
    )
    assert rhythm.order(theta, np.array([True, True, False, False]))[0] == pytest.approx(0.0)
    assert rhythm.order(theta, np.zeros(4, dtype=np.bool_)) == (0.0, 0.0)


def test_the_part_of_own_tempo() -> None:
    m = np.array([0.0, 0.25, 0.625, 1.0])
    np.testing.assert_allclose(rhythm.kept(m), [0.0, 0.0, 0.5, 1.0])


@pytest.mark.parametrize("hertz", [0.1, 4.0])
def test_ten_frames_per_second_lock_as_well_as_a_thousand(hertz: float) -> None:
    people = circle(TAU * hertz + np.linspace(-0.2, 0.2, 24))
    people.theta = people.theta / 4  # all on one side: away from the unstable point
    coarse = people.run(0.0, rhythm.STRONGEST, 40, 10, dt=0.1)
    fine = people.run(0.0, rhythm.STRONGEST, 40, 10, dt=0.002)
    assert coarse.order == pytest.approx(fine.order, abs=1e-4)
    np.testing.assert_allclose(coarse.rates, fine.rates, rtol=1e-5)


def test_a_beat_too_fast_for_the_step_locks_to_nothing_false() -> None:
    """At 10 frames per second a beat of 62.8 rad/s would look like standing still."""
    one, q = np.ones(1), np.full(1, 9.0)
    omega = np.array([(0.6 + TAU / 0.1) / 9 + 0.05])
    kappa = rhythm.pull(omega, 0 * one, one, q, 1.0, one > 0, 1.0, 0.6)
    theta, rates = np.zeros(1), np.zeros(600)
    for step in range(600):
        theta, rate = rhythm.advance(theta, omega, kappa, one, q, 1.0, 0.06 * step, 0.1)
        rates[step] = rate[0]
    assert rates[100:].mean() == pytest.approx(float(omega[0]), rel=1e-3)


def test_phases_stay_fine_and_continuous_through_the_wrap() -> None:
    one = np.ones(1)
    theta, _ = rhythm.advance(one * (TAU - 0.01), one * 4, 0 * one, one, one, 0.0, 0.0, 0.01)
    assert theta == pytest.approx(0.03)
    theta, _ = rhythm.advance(-1e-20 * one, 0 * one, 0 * one, one, one, 0.0, 0.0, 0.01)
    assert 0 <= theta[0] <= TAU


def test_the_group_rate_follows_psi_and_survives_its_wrap() -> None:
    counts, group, one = np.ones(5, dtype=np.bool_), 0.0, np.ones(5)
    for step in range(4000):  # a locked group that speeds up at once after 50 s
        rate = one * (0.6 if step < 500 else 0.9)
        theta = np.mod(one * (0.06 * min(step, 500) + 0.09 * max(step - 500, 0)), TAU)
        before, group = group, rhythm.mean_rate(group, theta, rate, counts, 0.1)
        assert step == 0 or abs(group - before) <= 0.3 * 0.1 / rhythm.SLOW * 1.001
        if step == 499:
            assert group == pytest.approx(0.6)
        if step == 499 + round(rhythm.SLOW / 0.1):
            assert group == pytest.approx(0.9 - 0.3 / math.e, abs=1e-3)
    assert group == pytest.approx(0.9)
    assert rhythm.mean_rate(0.9, one, one, ~counts, 0.1) == 0.0


def test_the_group_rate_of_no_order_is_the_mean_rate() -> None:
    theta = np.arange(8) * TAU / 8
    rate = np.linspace(0.4, 0.8, 8)
    found = rhythm.mean_rate(0.0, theta, rate, np.ones(8, dtype=np.bool_), 0.1)
    assert found == pytest.approx(0.6)
    nearly = theta + 0.01 * (np.arange(8) == 0)  # psi has a rate now, but one that says nothing
    found = rhythm.mean_rate(0.0, nearly, rate, np.ones(8, dtype=np.bool_), 0.1)
    assert found == pytest.approx(0.6, abs=0.01)


def test_the_group_rate_is_the_rate_of_psi() -> None:
    n, dt = 256, 1e-6
    theta = 2.0 * simulated.uniform(4, np.arange(n), 1)
    rate = 0.5 + simulated.uniform(4, np.arange(n), 2)
    counts = np.ones(n, dtype=np.bool_)
    psi = [rhythm.order(theta + rate * t, counts)[1] for t in (0.0, dt)]
    found = rhythm.mean_rate(0.0, theta, rate, counts, dt)
    assert found == pytest.approx((psi[1] - psi[0]) / dt, abs=3e-3)


@given(st.sampled_from([0, 1, 2, 256]), st.integers(0, 2**32), st.floats(0, 1), st.floats(0, 1),
       st.floats(0, 0.1))  # fmt: skip
def test_any_circle_stays_finite(
    n: int, seed: int, coupling: float, order: float, dt: float
) -> None:
    u = simulated.uniform(seed, np.arange(n)[:, None], np.arange(6)).T
    p, q = np.ceil(9 * u[0] + 1e-9), np.ceil(9 * u[1] + 1e-9)
    kappa = rhythm.pull(25 * u[2], u[3], p, q, coupling, u[4] < 0.5, order, 0.6)
    assert (kappa >= 0).all()
    assert (kappa <= coupling * rhythm.STRONGEST).all()
    theta, rate = rhythm.advance(TAU * u[5], 25 * u[2], kappa, p, q, order, 1.0, dt)
    assert theta.shape == rate.shape == (n,)
    assert ((theta >= 0) & (theta <= TAU)).all()
    counts = np.ones(n, dtype=np.bool_)
    assert 0 <= rhythm.order(theta, counts)[0] <= 1
    assert math.isfinite(rhythm.mean_rate(0.6, theta, rate, counts, dt))
