"""Feelings alone and together, shares and resonances."""

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from performer.circle import feeling
from performer.circle.simulated import uniform
from performer.frame import Flags, Floats

NEVER = 1e9


def wanted_shares(
    valence: Floats, arousal: Floats, confidence: Floats, here: Flags, beta: float = 2.0
) -> Floats:
    near = feeling.sympathy(valence, arousal, confidence, here)
    return feeling.shares_by(near, confidence, here, beta)


def felt(
    told: tuple[float, float] = (0.0, 0.0),
    age: float = NEVER,
    heart: float = 0.0,
    heart_age: float = NEVER,
    use_heart: bool = True,
) -> tuple[float, float, float]:
    """What one person feels."""
    one = np.ones(1)
    valence, arousal, confidence = feeling.felt(
        told[0] * one, told[1] * one, age * one, heart * one, heart_age * one, one > 1 - use_heart
    )
    return float(valence[0]), float(arousal[0]), float(confidence[0])


def mood(*feelings: tuple[float, float, float]) -> tuple[Floats, Floats, Floats]:
    """Valence, arousal and confidence of several people, as arrays."""
    columns = np.array(feelings, dtype=np.float64).reshape(-1, 3).T
    return columns[0], columns[1], columns[2]


def everybody(n: int) -> Flags:
    """n people, no empty rows."""
    return np.ones(n, dtype=np.bool_)


def test_a_fresh_report_counts_in_full() -> None:
    assert felt((0.5, -0.7), age=0.0) == (0.5, -0.7, 1.0)
    assert felt((3.0, -3.0), age=0.0) == (1.0, -1.0, 1.0)


def test_silence_fades_smoothly_to_neutral_in_20_s() -> None:
    fading = np.array([felt((0.8, 0.4), age=t) for t in np.arange(0.0, 25.0, 0.1)])
    assert (np.diff(fading, axis=0) <= 0).all()
    assert np.abs(np.diff(fading, axis=0)).max() < 0.008  # no step
    assert np.abs(np.diff(fading, n=2, axis=0)).max() < 2e-4  # no kink
    assert fading[100] == pytest.approx([0.4, 0.2, 0.5])
    assert fading[195, 2] > 0
    assert (fading[200:] == 0).all()


def test_the_heart_is_a_weak_proxy_for_arousal_only() -> None:
    assert felt(heart=110.0, heart_age=0.0) == pytest.approx((0.0, 1.0, feeling.HEART_TRUST))
    assert felt(heart=40.0, heart_age=0.0)[1] == pytest.approx(-1.0)
    assert felt(heart=75.0, heart_age=0.0) == pytest.approx((0.0, 0.0, feeling.HEART_TRUST))
    assert felt(heart=240.0, heart_age=0.0)[1] == 1.0


@pytest.mark.parametrize(
    ("heart", "age", "use"), [(110.0, 0.0, False), (0.0, 0.0, True), (110.0, 10.0, True)]
)
def test_no_heart_without_consent_or_rate_or_when_old(heart: float, age: float, use: bool) -> None:
    assert felt(heart=heart, heart_age=age, use_heart=use) == (0.0, 0.0, 0.0)


def test_a_report_comes_before_the_heart() -> None:
    assert felt((0.2, -0.5), 0.0, heart=110.0, heart_age=0.0) == (0.2, -0.5, 1.0)
    arousals = [felt((0.0, -0.5), t, 110.0, 0.0)[1] for t in np.arange(0.0, 20.0, 0.1)]
    assert (np.diff(arousals) >= 0).all()
    assert np.diff(arousals).max() < 0.02


def test_together_is_the_mean_by_confidence() -> None:
    assert feeling.together(*mood((1, 0, 1), (0, 1, 1))) == pytest.approx(0.5 + 0.5j)
    assert feeling.together(*mood((1, 0, 0.75), (-1, 0, 0.25))) == pytest.approx(0.5)
    assert feeling.together(*mood((1, 1, 1))) == pytest.approx((1 + 1j) / math.sqrt(2))
    assert feeling.together(*mood((0.9, 0.9, 0), (0, 0, 0))) == 0
    assert feeling.together(*mood()) == 0


def test_gain_is_what_chance_does_not_explain() -> None:
    assert feeling.gain(1 + 0j, 16) == pytest.approx(1.375)
    assert feeling.gain(0.2j, 16) == 1.0
    assert feeling.gain(1 + 0j, 1) == feeling.gain(1 + 0j, 0) == 1.0
    assert feeling.gain(5 + 0j, 10**9, strongest=9.0) == pytest.approx(1.5, abs=1e-4)


def test_one_voice_among_the_silent_is_no_agreement() -> None:
    one = np.zeros(64)
    one[7] = 1.0
    assert feeling.voices(one) == 1.0
    assert feeling.gain(feeling.together(one, 0 * one, one), feeling.voices(one)) == 1.0
    assert feeling.voices(np.full(12, 0.4)) == pytest.approx(12.0)
    assert feeling.voices(np.zeros(3)) == feeling.voices(np.zeros(0)) == 0.0


@pytest.mark.parametrize(("start", "goal", "seconds"), [(1.0, 1.5, 4.0), (1.5, 1.0, 8.0)])
def test_gain_has_its_attack_and_release(start: float, goal: float, seconds: float) -> None:
    ends: list[float] = []
    for fps in (30, 60):
        now = start
        for _ in range(round(seconds * fps)):
            now = feeling.follow_gain(now, goal, 1 / fps)
        ends.append(now)
    assert ends[0] == pytest.approx(goal + (start - goal) / math.e, abs=1e-6)
    assert ends[0] == pytest.approx(ends[1], rel=1e-9)


def test_those_who_feel_alike_share_more_and_an_outlier_less() -> None:
    friends = [(0.6, 0.5, 1.0), (0.65, 0.5, 1.0), (0.6, 0.45, 1.0), (0.6, 0.5, 1.0)]
    shares = wanted_shares(*mood(*friends, (-0.8, -0.5, 1.0)), everybody(5))
    assert shares.sum() == pytest.approx(1.0)
    assert shares[:4].min() > 1.5 * shares[4] > 0


def test_the_silent_get_an_ordinary_share_between_two_camps() -> None:
    camps = [(0.8, 0.0, 1.0)] * 4 + [(-0.8, 0.0, 1.0)] * 4
    shares = wanted_shares(*mood(*camps, (0.0, 0.0, 0.0)), everybody(9))
    np.testing.assert_allclose(shares, 1 / 9)
    shares = wanted_shares(*mood(*camps, (0.0, 0.0, 1.0)), everybody(9))
    assert shares[8] != pytest.approx(1 / 9, rel=0.01)


def test_whoever_falls_silent_goes_to_the_ordinary_share() -> None:
    others = [(0.6, 0.5, 1.0)] * 7
    shares = [
        float(wanted_shares(*mood(*others, (-0.9, 0.0, c)), everybody(8))[7])
        for c in np.linspace(1.0, 0.0, 21)
    ]
    assert (np.diff(shares) > 0).all()
    assert shares[-1] == pytest.approx(1 / 8)


@pytest.mark.parametrize("n", [1, 2, 12, 256])
def test_a_silent_circle_shares_equally(n: int) -> None:
    zero = np.zeros(n)
    np.testing.assert_allclose(wanted_shares(zero, zero, zero, everybody(n)), 1 / n)


def test_shares_of_nobody() -> None:
    zero, empty = np.zeros(4), np.zeros(4, dtype=np.bool_)
    assert (wanted_shares(zero, zero, zero, empty) == 0).all()
    assert (feeling.smooth_shares(zero + 0.25, zero, empty, 0.1) == 0).all()
    assert (feeling.resonances(1.0, 1.0, zero, zero + 1, empty) == 0).all()
    none = np.zeros(0)
    assert wanted_shares(none, none, none, none > 0).size == 0
    assert feeling.smooth_shares(none, none, none > 0, 0.1).size == 0


def test_the_block_borders_of_a_full_circle_do_not_show() -> None:
    u = uniform(1, np.arange(256)[:, None], np.arange(3)).T
    valence, arousal, confidence = 2 * u[0] - 1, 2 * u[1] - 1, u[2]
    distance = np.hypot(*(np.subtract.outer(x, x) for x in (valence, arousal)))
    s = (1 / (1 + (distance / feeling.NEAR) ** 2)) @ confidence / confidence.sum()
    mean = confidence @ s / confidence.sum()
    e = np.exp(2.0 * (mean + confidence * (s - mean)))
    found = wanted_shares(valence, arousal, confidence, everybody(256), beta=2.0)
    np.testing.assert_allclose(found, e / e.sum(), rtol=1e-12)


def alike(*feelings: tuple[float, float, float]) -> Floats:
    valence, arousal, confidence = mood(*feelings)
    here = everybody(len(feelings))
    near = feeling.sympathy(valence, arousal, confidence, here)
    return feeling.alike(near, confidence, here)


def test_people_are_alike_whose_feelings_are_near_and_the_silent_and_lonely_are_not() -> None:
    found = alike((0.6, 0.5, 1.0), (0.6, 0.5, 1.0), (-0.8, -0.5, 1.0), (0.6, 0.5, 0.0))
    assert found[0] == found[1]
    assert found[0] > 0.5 > found[2] > 0.0
    assert found[3] == 0.0
    assert alike(*[(0.3, 0.3, 1.0)] * 12) == pytest.approx(np.ones(12))
    assert (alike(*[(0.3, 0.3, 0.0)] * 12) == 0).all(), "everybody is silent"
    assert (alike((0.9, 0.9, 1.0)) == 0).all(), "nobody is alike alone"
    assert alike((0.9, 0.9, 1.0), (0.9, 0.9, 0.0))[0] == 0.0, "with nobody who says anything"
    none = np.zeros(4)
    assert (feeling.alike(none, none, none > 0) == 0).all()


def test_shares_move_in_4_s_at_any_frame_rate() -> None:
    wanted, ends = np.array([0.5, 0.3, 0.2, 0.0]), list[Floats]()
    here = np.array([True, True, True, False])
    for fps in (30, 60):
        now = np.where(here, 1 / 3, 0.0)
        for _ in range(round(4 * fps)):
            now = feeling.smooth_shares(now, wanted, here, 1 / fps)
            assert now.sum() == pytest.approx(1.0)
        ends.append(now)
    np.testing.assert_allclose(ends[0], wanted + (here / 3 - wanted) / math.e, atol=1e-6)
    np.testing.assert_allclose(ends[0], ends[1], atol=1e-9)


def test_a_join_and_a_leave_make_no_step_for_the_others() -> None:
    now = np.array([0.5, 0.3, 0.2, 0.0])
    joined = feeling.smooth_shares(now, np.full(4, 0.25), everybody(4), 1e-9)
    np.testing.assert_allclose(4 * joined[:3], 3 * now[:3], rtol=1e-6)
    assert joined[3] == pytest.approx(0.25)
    left = np.array([False, True, True, True])
    again = feeling.smooth_shares(joined, joined, left, 1e-9)
    assert again[0] == 0
    assert again.sum() == pytest.approx(1.0)
    np.testing.assert_allclose(again[1:] / again[1], joined[1:] / joined[1])


def test_the_first_shares_are_the_wanted_ones() -> None:
    wanted = np.array([0.75, 0.25, 0.0])
    here = np.array([True, True, False])
    np.testing.assert_allclose(feeling.smooth_shares(np.zeros(3), wanted, here, 0.1), wanted)


@given(st.integers(1, 256), st.floats(0, 1))
def test_equal_shares_mean_the_amplitude_itself(n: int, amplitude: float) -> None:
    found = feeling.resonances(amplitude, 1.0, np.full(n, 1 / n), np.ones(n), everybody(n))
    np.testing.assert_allclose(found, amplitude, rtol=1e-15, atol=0)


def test_shares_and_gain_act_within_limits() -> None:
    share = np.array([0.9, 0.1, 0.0, 0.0])
    found = feeling.resonances(0.4, 1.25, share, np.ones(4), everybody(4))
    np.testing.assert_allclose(found, [1.0, 0.25, 0.25, 0.25])
    found = feeling.resonances(0.4, 1.25, share, np.ones(4), np.array([True, True, False, False]))
    np.testing.assert_allclose(found, [0.9, 0.25, 0.0, 0.0])


@given(
    st.floats(0, 1), st.floats(1, 1.5), arrays(np.float64, 5, elements=st.floats(0, 1)),
    arrays(np.float64, 5, elements=st.floats(0, 1)), arrays(np.bool_, 5),
)  # fmt: skip
def test_a_cap_always_holds(
    amplitude: float, gain: float, share: Floats, cap: Floats, here: Flags
) -> None:
    found = feeling.resonances(amplitude, gain, share, cap, here)
    assert (found <= cap).all()
    assert ((found >= 0) & (found <= 1)).all()
    assert (found[~here] == 0).all()


@given(st.integers(0, 2**32), st.integers(0, 9))
def test_any_circle_has_shares_that_sum_to_one(seed: int, n: int) -> None:
    u = uniform(seed, np.arange(9)[:, None], np.arange(4)).T
    here = u[3].argsort() < n
    shares = wanted_shares(2 * u[0] - 1, 2 * u[1] - 1, u[2], here)
    assert shares.sum() == pytest.approx(float(n > 0))
    assert (shares[here] > 0).all()
    moved = feeling.smooth_shares(u[0] * (u[1] < 0.5), shares, here, 0.1)
    assert moved.sum() == pytest.approx(float(n > 0))
    assert ((moved > 0) == here).all()
