"""The budget of a night: whatever is played, no 15 minutes exceed the limit.

Nights are simulated as powers, ten steps per second; that the chain obeys is in test_chain.py.
"""

import math
from collections.abc import Iterable

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from performer.audio.calibration import PINK_UNDER_A, pink_noise
from performer.audio.exposure import HIGHEST, LIMIT, UNMEASURED, WINDOW, Budget, Cap
from performer.audio.loudness import lufs
from performer.audio.sections import Sections
from performer.audio.weighting import a_weighting
from tests.audio.signals import Signal, decibel

STEP = 0.1
QUIET = -100.0


def power(db: float) -> float:
    return 10 ** (db / 10)


class Night:
    """Plays levels (dB(A) at the ear without a duck) through a budget and keeps what was heard."""

    def __init__(self, budget: Budget, step: float = STEP) -> None:
        self.budget, self.step = budget, step
        self.energies: list[float] = []
        self.ducks: list[float] = []

    def play(self, levels: Iterable[float]) -> "Night":
        for level in levels:
            gain = self.budget.allow(power(level), self.step)
            heard = power(level) * gain**2 * self.step
            self.budget.spend(heard, self.step)
            self.energies.append(heard)
            self.ducks.append(self.budget.duck)
        return self

    @property
    def worst(self) -> float:
        """The highest LAeq of any 15 minutes, wherever they begin, dB."""
        return float(self.laeqs.max())

    @property
    def laeqs(self) -> Signal:
        total = np.concatenate(([0.0], np.cumsum(self.energies)))
        span = round(WINDOW / self.step)
        sums = total[span:] - total[:-span] if len(total) > span else total[-1:]
        return 10 * np.log10(np.maximum(sums / WINDOW, 1e-12))


def steady(level: float, seconds: float) -> list[float]:
    return [level] * round(seconds / STEP)


NIGHTS: dict[str, list[float]] = {
    "just above, for an hour": steady(86, 3600),
    "10 dB above, for an hour": steady(95, 3600),
    "35 dB above at once": steady(120, 1200),
    "loud after a quiet quarter of an hour": steady(60, 900) + steady(110, 1800),
    "loud after a quarter of an hour near the limit": steady(84.8, 1000) + steady(115, 1000),
    "a shout each minute": (steady(70, 57) + steady(112, 3)) * 40,
    "ten minutes on, ten off": (steady(94, 600) + steady(QUIET, 600)) * 3,
    "beats": ([105.0] + [75.0] * 4) * 6000,
    "volume from 0 to 1 and back": (steady(QUIET, 20) + steady(100, 20)) * 60,
    "a slow swell": list(np.linspace(50, 118, 24000)),
}


@pytest.mark.parametrize("name", NIGHTS)
def test_no_quarter_of_an_hour_exceeds_the_limit(name: str) -> None:
    night = Night(Budget(85.0)).play(NIGHTS[name])
    assert night.worst <= 85.0


@settings(max_examples=12)
@given(st.lists(st.tuples(st.floats(30, 130), st.integers(1, 500)), min_size=1, max_size=12),
       st.floats(60, 100))  # fmt: skip
def test_no_night_at_all_exceeds_the_limit(parts: list[tuple[float, int]], limit: float) -> None:
    night = Night(Budget(limit), 0.5)
    night.play(level for level, steps in parts * 2 for level in [level] * steps)
    assert night.worst <= limit


def test_it_ducks_by_one_decibel_per_second_before_the_limit_is_reached() -> None:
    night = Night(Budget(85.0)).play(steady(95, 600))
    ducks = np.array(night.ducks)
    first = int(np.argmax(ducks < 0))
    assert 30 < first * STEP < 60  # ten times the limit's power lasts 90 s at most
    assert night.laeqs.max() < 85  # and so far nothing was exceeded
    spent = sum(night.energies[:first]) / (WINDOW * power(85))
    assert spent < 0.55
    falls = -np.diff(ducks[first : first + 60]) / STEP
    assert falls == pytest.approx(np.ones(59), abs=0.25)
    assert ducks.min() > -14  # it settles where the night can go on, and does not fall silent


def test_what_stays_below_the_limit_is_never_touched() -> None:
    night = Night(Budget(85.0)).play(steady(81, 3600))
    assert min(night.ducks) == 0.0
    near = Night(Budget(85.0)).play(steady(84.5, 3600))
    assert near.laeqs[-1] > 83  # near it, it costs little


def test_it_wastes_little_of_what_is_allowed() -> None:
    night = Night(Budget(85.0)).play(steady(95, 2 * 3600))
    assert 10 * math.log10(sum(night.energies) / (2 * 3600)) > 85 - 2.5


def test_it_comes_back_slowly_when_there_is_room() -> None:
    night = Night(Budget(85.0)).play(steady(100, 300))
    deep = night.ducks[-1]
    assert deep < -12
    night.play(steady(60, 300))
    rises = np.diff(night.ducks[3000:])
    assert rises.max() <= 0.2 * STEP + 1e-9
    assert night.ducks[-1] == 0.0


def test_a_sudden_jump_is_caught_in_the_step_in_which_it_comes() -> None:
    budget = Budget(85.0)
    night = Night(budget).play(steady(84.9, 900))
    room = WINDOW * power(85) - sum(night.energies[-9000:])
    night.play([130.0])
    assert night.energies[-1] < room


def test_a_restarted_process_goes_on() -> None:
    one = Night(Budget(85.0)).play(steady(95, 500))
    other = Budget(85.0)
    assert other.restore(one.budget.state())
    assert other.duck == one.budget.duck
    assert other.laeq == pytest.approx(one.budget.laeq)
    assert other.slack == pytest.approx(one.budget.slack)
    heard = one.energies.copy()
    again = Night(other).play(steady(110, 600))
    again.energies = heard + again.energies
    assert again.worst <= 85.0


def test_time_away_counts_as_silence() -> None:
    night = Night(Budget(85.0)).play(steady(80, 500))
    for away, want in ((100, 1.0), (450, 0.9), (899, 0.002), (1e9, 0.0)):
        budget = Budget(85.0)
        assert budget.restore(night.budget.state(), away)
        share = power(budget.laeq) / power(night.budget.laeq)
        assert share == pytest.approx(want, abs=0.002)


def _damaged() -> list[bytes]:
    state = np.frombuffer(Night(Budget(85.0)).play(steady(95, 20)).budget.state(), "<f8")
    bad: list[bytes] = [b"", b"x" * 100, state[:-1].tobytes()]
    for index, value in ((5, np.nan), (5, -1.0), (0, np.inf), (1, 7.0)):
        wrong = state.copy()
        wrong[index] = value
        bad.append(wrong.tobytes())
    return bad


@pytest.mark.parametrize("state", _damaged())
def test_a_damaged_state_is_refused_and_changes_nothing(state: bytes) -> None:
    budget = Budget(85.0)
    before = budget.state()
    assert not budget.restore(state)
    assert budget.state() == before


def test_a_lowered_limit_makes_it_quiet_until_there_is_room_again() -> None:
    night = Night(Budget(95.0)).play(steady(94, 900))
    strict = Budget(80.0)
    assert strict.restore(night.budget.state())
    after = Night(strict).play(steady(94, 1800))
    assert sum(after.energies[:3000]) < 0.01 * power(80) * 300
    assert 10 * math.log10(sum(after.energies[-9000:]) / WINDOW) == pytest.approx(78.5, abs=1.5)
    assert after.worst <= 80.0


def test_a_machine_far_too_strong_starts_low() -> None:
    once = power(142) * 0.011
    budget = Budget(85.0, once)
    assert power(budget.duck) * once <= 0.0501 * WINDOW * power(85)
    Night(budget).play(steady(50, 600))
    assert power(budget.duck) * once <= 0.0501 * WINDOW * power(85)


@pytest.mark.parametrize("limit", [100.1, math.nan, math.inf])
def test_nobody_may_allow_more_than_the_who(limit: float) -> None:
    assert HIGHEST == 100
    with pytest.raises(ValueError, match="at most 100 dB"):
        Budget(limit)


def test_the_formula() -> None:
    budget = Budget(100.0)
    Night(budget, 1.0).play([90.0] * 450 + [80.0] * 450)
    want = 10 * math.log10((450 * power(90) + 450 * power(80)) / 900)
    assert budget.laeq == pytest.approx(want, abs=1e-6)
    assert Budget().limit == LIMIT == 85
    assert Budget().laeq == 0.0


# Not calibrated ---------------------------------------------------------------------------------


def capped(levels: Iterable[float]) -> list[float]:
    """LUFS in 100 ms after another, as they come out of the cap."""
    cap = Cap()
    heard: list[float] = []
    for level in levels:
        gain = cap.allow(0.1)
        out = power(level + 0.691) * gain**2
        cap.hear(np.full(10, out))
        heard.append(lufs(out))
    return heard


def _short_terms(heard: list[float]) -> Signal:
    powers = 10 ** (np.array(heard) / 10)
    return 10 * np.log10(np.convolve(powers, np.full(30, 1 / 30), "valid"))


@pytest.mark.parametrize("level", [-22.0, -15.0, -6.0, 0.0])
def test_without_calibration_the_output_settles_at_minus_23(level: float) -> None:
    shorts = _short_terms(capped([level] * 1200))
    assert shorts[150:] == pytest.approx([UNMEASURED - 0.5] * len(shorts[150:]), abs=0.6)


def test_without_calibration_quiet_things_are_left_alone() -> None:
    assert capped([-26.0] * 600) == pytest.approx([-26.0] * 600)


def test_without_calibration_it_comes_back_slowly() -> None:
    heard = np.array(capped([-6.0] * 300 + [-40.0] * 1500))
    after = np.diff(heard[301:])
    assert after.max() <= 0.02 + 1e-6
    assert heard[-1] == pytest.approx(-40, abs=0.01)


# A-weighting ------------------------------------------------------------------------------------

CLASS_1 = [  # IEC 61672-1:2013, table 3: Hz, A dB, tolerance up and down dB
    (10, -70.4, 3.0, math.inf), (12.5, -63.4, 2.5, math.inf), (16, -56.7, 2.0, 4.0),
    (20, -50.5, 2.0, 2.0), (25, -44.7, 2.0, 1.5), (31.5, -39.4, 1.5, 1.5), (40, -34.6, 1.0, 1.0),
    (63, -26.2, 1.0, 1.0), (100, -19.1, 1.0, 1.0), (125, -16.1, 1.0, 1.0), (200, -10.9, 1.0, 1.0),
    (250, -8.6, 1.0, 1.0), (400, -4.8, 1.0, 1.0), (500, -3.2, 1.0, 1.0), (800, -0.8, 1.0, 1.0),
    (1000, 0.0, 0.7, 0.7), (1600, 1.0, 1.0, 1.0), (2000, 1.2, 1.0, 1.0), (2500, 1.3, 1.0, 1.0),
    (4000, 1.0, 1.0, 1.0), (5000, 0.5, 1.0, 1.0), (6300, -0.1, 1.0, 1.5), (8000, -1.1, 1.0, 2.5),
    (10000, -2.5, 1.5, 3.0), (12500, -4.3, 2.0, 5.0), (16000, -6.6, 2.5, 16.0),
    (20000, -9.3, 3.0, math.inf),
]  # fmt: skip


@pytest.mark.parametrize("rate", [44100, 48000, 96000])
def test_a_weighting_is_class_1_and_nearer_than_that(rate: int) -> None:
    for nominal, want, up, down in CLASS_1:
        hertz = 10 ** (round(10 * math.log10(nominal)) / 10)  # the exact third-octave centre
        got = _gain(hertz, rate)
        assert want - min(down, 0.15) <= got <= want + min(up, 0.15 if hertz < 19000 else 0.6)


def _gain(hertz: float, rate: int) -> float:
    z = np.exp(-2j * np.pi * hertz / rate) ** np.arange(3)
    sections = a_weighting(rate)
    parts: Signal = np.abs(sections[:, :3] @ z) / np.abs(sections[:, 3:] @ z)
    return decibel(float(parts.prod()))


@pytest.mark.parametrize("rate", [44100, 48000])
def test_the_filter_does_what_its_coefficients_say(rate: int) -> None:
    noise = np.tile(pink_noise(rate).astype(float), 2)[np.newaxis]
    weighted = Sections(a_weighting(rate), 1).process(noise)[:, noise.shape[1] // 2 :]
    lowered = decibel(float(np.std(weighted))) - decibel(float(np.std(noise)))
    assert lowered == pytest.approx(PINK_UNDER_A, abs=0.02)
