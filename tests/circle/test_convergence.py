"""Convergence: no false alarm in nights of independent people, and an alarm when it is true."""

import math

import msgspec
import numpy as np
import pytest
from numpy.typing import NDArray

from performer.circle import convergence, simulated
from performer.circle.circle import Circle
from performer.circle.convergence import LOOK, SURROGATES, Evidence
from performer.frame import HISTORY, Floats, Frame, Group, decode, encode

from .circles import luna, send
from .test_circle import identical

TAU = 2 * math.pi
NIGHT = 2700
Draws = np.random.Generator


def draws(dice: Draws, n: int) -> Floats:
    return dice.random((SURROGATES, n))


def phases(rate: Floats, seconds: int, dice: Draws) -> NDArray[np.float16]:
    """Phases of people who know nothing of each other, (n, seconds), a sample a second."""
    jitter = 0.02 * dice.standard_normal((len(rate), seconds))
    theta = np.cumsum(rate[:, None] + jitter, axis=1) + dice.uniform(0, TAU, len(rate))[:, None]
    return np.mod(theta, TAU).astype(np.float16)


def seen(theta: NDArray[np.float16], dice: Draws, p: Floats | None = None,
         q: Floats | None = None) -> Evidence:  # fmt: skip
    """The evidence of one window."""
    one = np.ones(len(theta))
    return convergence.order(theta, one if p is None else p, one if q is None else q,
                             draws(dice, len(theta)))  # fmt: skip


def alarms(theta: NDArray[np.float16], dice: Draws, p: Floats, q: Floats, every: int) -> int:
    """How often a night of phases (n, T) makes a meeting; a look each `every` s."""
    group = Group()
    for end in range(HISTORY, theta.shape[1] + 1, every):
        found = seen(theta[:, end - HISTORY : end], dice, p, q)
        group = msgspec.structs.replace(group, window_order=found.seen, p_order=found.chance)
        for _ in range(every):
            group = convergence.decided(group, 1.0)
    return group.convergences


def tempi(kind: str, night: int, dice: Draws) -> tuple[Floats, Floats, Floats]:
    """Rates (rad/s), p and q of 12 people."""
    if kind == "simulated":
        own = simulated.temperament(night, np.arange(12))
        return own.rate, own.p, own.q
    spread = {"nearly equal": 0.02, "equal": 0.002}[kind]
    return TAU * 0.1 * (1 + spread * dice.standard_normal(12)), np.ones(12), np.ones(12)


@pytest.mark.parametrize("kind", ["simulated", "nearly equal", "equal"])
def test_many_nights_of_independent_people_hold_no_meeting(kind: str) -> None:
    """A look every 8 s here must alarm at once to be missed nowhere; the circle needs four."""
    dice = np.random.default_rng(5)
    found = 0
    for night in range(20):
        rate, p, q = tempi(kind, night, dice)
        found += alarms(phases(rate, NIGHT, dice), dice, p, q, every=8)
    assert found == 0


@pytest.mark.parametrize("spread", [0.0, 0.02, 0.3])
def test_p_is_the_chance_it_says_it_is(spread: float) -> None:
    """Of independent windows with equal or different tempi one in a hundred has p < 0.01."""
    dice, n = np.random.default_rng(6), 12
    found = np.array([
        seen(phases(TAU * 0.1 * (1 + spread * dice.standard_normal(n)), HISTORY, dice), dice).chance
        for _ in range(600)
    ])  # fmt: skip
    assert np.mean(found < 0.01) < 0.03
    assert 0.025 < np.mean(found < 0.05) < 0.09


def locked(n: int, dice: Draws, spread: float = 0.3) -> NDArray[np.float16]:
    """Phases of people in step, each a little before or behind the others."""
    together = TAU * 0.1 * np.arange(HISTORY)
    lag = spread * dice.standard_normal(n)
    return np.mod(together + lag[:, None] + 0.7, TAU).astype(np.float16)


def test_a_dozen_in_step_are_no_chance_and_eight_may_be() -> None:
    dice = np.random.default_rng(7)
    many, few = (seen(locked(n, dice), dice) for n in (12, 8))
    for found in (many, few):
        assert found.seen > 0.9
        assert found.ceiling < 0.6
    assert many.chance < convergence.STRICT < few.chance
    assert many.counted == 12
    for n in range(4):
        assert seen(locked(n, dice), dice).chance == 1.0


def test_who_keeps_to_the_circle_at_an_own_ratio_counts_as_in_step() -> None:
    dice = np.random.default_rng(8)
    psi = TAU * 0.1 * np.arange(HISTORY)
    p, q = np.array([1.0] * 8 + [2, 3, 2, 3]), np.array([1.0] * 8 + [3, 4, 3, 4])
    theta = np.mod(psi * (p / q)[:, None] + 0.0, TAU)
    found = seen(theta.astype(np.float16), dice, p, q)
    assert found.seen > 0.98
    theta[8:] += dice.uniform(0, TAU, (4, 1))
    assert seen(np.mod(theta, TAU).astype(np.float16), dice, p, q).seen < 0.9


def test_the_order_of_people_does_not_matter() -> None:
    dice = np.random.default_rng(9)
    own = simulated.temperament(3, np.arange(24))
    theta, drawn = phases(own.rate, HISTORY, dice), draws(dice, 24)
    one = convergence.order(theta, own.p, own.q, drawn)
    for _ in range(5):
        some = dice.permutation(24)
        same = convergence.order(theta[some], own.p[some], own.q[some], drawn[:, some])
        assert (same.seen, same.ceiling) == pytest.approx((one.seen, one.ceiling), abs=1e-5)
        assert same.chance == pytest.approx(one.chance, rel=1e-3)
        other = convergence.order(theta[some], own.p[some], own.q[some], drawn)
        assert other.seen == pytest.approx(one.seen, abs=1e-5), "whatever surrogates there are"
        assert other.chance == pytest.approx(one.chance, abs=0.1)


# ---- feelings -------------------------------------------------------------------------------


def felt(valence: Floats, arousal: Floats, dice: Draws) -> Evidence:
    return convergence.together(valence.astype(np.float16), arousal.astype(np.float16),
                                draws(dice, len(valence)))  # fmt: skip


def test_people_who_are_all_steadily_happy_prove_nothing() -> None:
    dice = np.random.default_rng(10)
    for noise in (0.0, 1e-5, 0.02):
        happy = 0.8 + noise * dice.standard_normal((12, HISTORY))
        found = felt(happy, 0.3 + 0 * happy, dice)
        assert found.seen == pytest.approx(math.hypot(0.8, 0.3), abs=0.01)
        assert found.chance > 0.01


def test_the_chance_of_slow_feelings_is_the_chance_it_says_it_is() -> None:
    dice, found = np.random.default_rng(11), list[float]()
    for night in range(80):
        people, zero = np.arange(12), np.zeros(12)
        for begin in (100.0, 900.0, 1900.0):
            path = np.array([
                simulated.feelings(night, people, begin + t, zero, zero) for t in range(HISTORY)
            ])  # fmt: skip
            found.append(felt(path[:, 0].T, path[:, 1].T, dice).chance)
    assert np.mean(np.array(found) < 0.01) < 0.03
    assert np.mean(np.array(found) < 0.05) == pytest.approx(0.05, abs=0.03)


def test_people_who_are_moved_together_are_told() -> None:
    dice = np.random.default_rng(12)
    swell = 0.4 * np.sin(TAU * np.arange(HISTORY) / 40)
    own = dice.uniform(-0.5, 0.5, (12, 1)) + 0.1 * dice.standard_normal((12, HISTORY))
    found = felt(swell + own, own, dice)
    assert found.chance < 1e-3
    assert found.seen > found.ceiling


# ---- deciding -------------------------------------------------------------------------------


def held(group: Group, order: float, chance: float, seconds: float) -> Group:
    group = msgspec.structs.replace(group, window_order=order, p_order=chance)
    for _ in range(round(seconds * 30)):
        group = convergence.decided(group, 1 / 30)
    return group


def test_a_meeting_needs_chance_size_and_time_and_does_not_flutter() -> None:
    assert not held(Group(), 0.9, 0.01, 60).meeting
    assert not held(Group(), 0.6, 1e-9, 60).meeting
    assert not held(Group(), 0.9, 1e-9, convergence.ENTERING - 1).meeting
    group = Group()
    for _ in range(5):  # seven seconds of it, again and again
        group = held(held(group, 0.9, 1e-9, 7), 0.9, 0.01, 1)
    assert (group.meeting, group.convergences, group.converged) == (False, 0, 0.0)
    met = held(Group(), 0.9, 1e-9, convergence.ENTERING + 0.1)
    assert (met.meeting, met.convergences) == (True, 1)
    assert held(met, 0.55, 0.005, 60).meeting, "less is enough to stay"
    assert held(met, 0.1, 1.0, convergence.LEAVING - 1).meeting
    assert not held(met, 0.1, 1.0, convergence.LEAVING + 1).meeting
    assert not held(met, 0.9, 0.02, convergence.LEAVING + 1).meeting


def test_the_picture_follows_softly() -> None:
    met = held(Group(), 0.9, 1e-9, convergence.ENTERING + convergence.ATTACK)
    assert met.converged == pytest.approx(1 - 1 / math.e, abs=0.01)
    full = held(met, 0.9, 1e-9, 60)
    over = held(full, 0.0, 1.0, convergence.LEAVING + convergence.RELEASE)
    assert full.converged > 0.99
    assert over.converged == pytest.approx(1 / math.e, abs=0.01)


# ---- the whole circle -----------------------------------------------------------------------


def coupled(people: int, seed: int, coupling: float) -> Circle:
    circle = Circle(luna(), people, seed)
    send(circle, "/individuality", 0.1)
    send(circle, "/coupling", coupling)
    return circle


def until(circle: Circle, time: float, meeting: bool | None = None) -> Frame:
    frame = circle.step(0.1)
    while circle.time < time and frame.group.meeting is not meeting:
        frame = circle.step(0.1)
    return frame


def test_a_coupled_circle_meets_within_a_minute_and_parts_within_a_minute() -> None:
    circle = coupled(12, 2, 0.0)
    assert until(circle, 60.0).group.convergences == 0
    send(circle, "/coupling", 0.8)
    met = until(circle, 120.0, True)
    assert met.group.meeting
    assert met.group.counted == 12
    assert met.group.window_order > met.group.surrogate_order
    assert until(circle, met.time + 30.0).group.converged > 0.95
    send(circle, "/coupling", 0.0)
    begun = circle.time
    parted = until(circle, begun + 60.0, False).group
    assert (parted.meeting, parted.convergences) == (False, 1)


def test_a_night_of_people_who_are_not_coupled_holds_no_meeting() -> None:
    circle = Circle(luna(), 12, 3)
    send(circle, "/coupling", 0.0)
    send(circle, "/phase/hold", 1)
    frame = circle.step(1.0)  # nobody pulls on anybody, so any step is exact
    while circle.time < NIGHT:
        frame = circle.step(1.0)
    assert frame.group.convergences == 0
    assert frame.group.converged == 0.0
    assert frame.group.counted == 12


def test_a_history_is_kept_of_those_only_who_agree_and_is_taken_away_at_once() -> None:
    circle = coupled(6, 1, 0.5)
    send(circle, "/participant/ana/join")
    row = circle.people.ids.index("ana")
    p = until(circle, 20.0).people
    assert 18 <= p.past_beats[row] <= 21
    assert p.past_moods[row] == 0, "she has said nothing"
    assert (p.past_theta[row, -18:] != 0).all()
    assert p.past_theta[row, -1] == pytest.approx(p.theta[row], abs=0.8)
    send(circle, "/participant/ana/feeling", 0.5, 0.5)
    assert until(circle, 22.5).people.past_moods[row] > 0
    send(circle, "/participant/ana/consent", "couple_rhythm", 0)
    p = circle.step(0.1).people
    assert (p.past_beats[row], p.past_theta[row].any()) == (0, False)
    assert p.past_moods[row] > 0
    send(circle, "/participant/ana/pause", 1)
    p = circle.step(0.1).people
    assert (p.past_moods[row], p.past_valence[row].any()) == (0, False)


def test_who_comes_is_counted_after_a_whole_window() -> None:
    circle = coupled(12, 1, 0.8)
    assert until(circle, HISTORY - 1.0).group.counted == 0
    assert until(circle, HISTORY + LOOK + 0.2).group.counted == 12
    for k in range(20):
        send(circle, f"/participant/p{k}/join")  # rows grow from 16 to 32
    begun = circle.time
    assert until(circle, begun + HISTORY - 2.0).group.counted == 0
    assert until(circle, begun + HISTORY + LOOK + 0.2).group.counted == 20


def test_the_circle_goes_on_from_a_frame_in_the_middle_of_a_window() -> None:
    circle = coupled(12, 1, 0.8)
    resumed = Circle.going_on(luna(), decode(encode(until(circle, 45.3))))
    one, other = (until(c, 75.0) for c in (circle, resumed))
    assert identical(one, other) == []
    assert one.group.meeting
