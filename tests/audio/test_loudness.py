"""The loudness meter against synthesised signals of EBU Tech 3341 (2016), table 1, and BS.1770-4.

Not here: case 6 is 5.0 surround, whose channel weights we do not have on purpose; 7 and 8 are
recorded programmes; 15 to 19, true peaks, are in test_limiter.py, and 20 to 23, a single period
that begins between samples, are covered by the 16 points between samples there.
"""

import pickle
from collections.abc import Callable, Iterator

import numpy as np
import pytest

from performer.audio.loudness import SILENCE, Loudness
from performer.audio.weighting import k_weighting
from tests.audio.signals import RATE, Signal, in_phase, levels, tone

TOLERANCE = 0.1  # LU, Tech 3341

INTEGRATED = [
    (1, -23.0, [(-23, 20)]),
    (2, -33.0, [(-33, 20)]),
    (3, -23.0, [(-36, 10), (-23, 60), (-36, 10)]),
    (4, -23.0, [(-72, 10), (-36, 10), (-23, 60), (-36, 10), (-72, 10)]),
    (5, -23.0, [(-26, 20), (-20, 20.1), (-26, 20)]),
]


def read(signal: Signal, value: Callable[[Loudness], float], step: int = 480) -> list[float]:
    """A value of the meter after every `step` frames of the signal in both channels."""
    meter = Loudness(2, RATE)
    return list(_read(meter, in_phase(signal), value, step))


def _read(
    meter: Loudness, x: Signal, value: Callable[[Loudness], float], step: int
) -> Iterator[float]:
    for i in range(0, x.shape[1], step):
        meter.process(x[:, i : i + step])
        yield value(meter)


def momentary(meter: Loudness) -> float:
    return meter.momentary


def short_term(meter: Loudness) -> float:
    return meter.short_term


def integrated(meter: Loudness) -> float:
    return meter.integrated


@pytest.mark.parametrize(("case", "want", "parts"), INTEGRATED)
def test_integrated_loudness(case: int, want: float, parts: list[tuple[float, float]]) -> None:
    got = read(levels(*parts), integrated, 48000)[-1]
    assert got == pytest.approx(want, abs=TOLERANCE), case


@pytest.mark.parametrize(("dbfs", "case"), [(-23, 1), (-33, 2)])
def test_all_three_agree_on_a_steady_tone(dbfs: float, case: int) -> None:
    meter = Loudness(2, RATE)
    meter.process(in_phase(levels((dbfs, 20))))
    got = meter.momentary, meter.short_term, meter.integrated
    assert got == pytest.approx((dbfs, dbfs, dbfs), abs=TOLERANCE), case


def test_case_9_short_term_stands_still() -> None:
    got = read(levels(*[(-20, 1.34), (-30, 1.66)] * 5), short_term)
    assert got[300:] == pytest.approx([-23.0] * len(got[300:]), abs=TOLERANCE)


def test_case_12_momentary_stands_still() -> None:
    got = read(levels(*[(-20, 0.18), (-30, 0.22)] * 25), momentary)
    assert got[100:] == pytest.approx([-23.0] * len(got[100:]), abs=TOLERANCE)


@pytest.mark.parametrize("i", [0, 1, 7, 19])
def test_case_10_short_term_finds_three_seconds_wherever_they_begin(i: int) -> None:
    signal = levels((-200, 0.15 * i), (-23, 3), (-200, 1))
    assert max(read(signal, short_term)) == pytest.approx(-23, abs=TOLERANCE)


@pytest.mark.parametrize("i", [0, 1, 7, 19])
def test_cases_13_and_14_momentary_finds_400_ms_wherever_they_begin(i: int) -> None:
    for dbfs in (-23, -38 + i):
        signal = levels((-200, 0.02 * i), (dbfs, 0.4), (-200, 1))
        assert max(read(signal, momentary)) == pytest.approx(dbfs, abs=TOLERANCE)


@pytest.mark.parametrize("i", [0, 10, 19])
def test_case_11_short_term_live(i: int) -> None:
    signal = levels((-200, 0.15 * i), (-38 + i, 3), (-200, 3 - 0.15 * i))
    assert max(read(signal, short_term)) == pytest.approx(-38 + i, abs=TOLERANCE)


@pytest.mark.parametrize("rate", [44100, 48000, 88200, 96000])
def test_997_hertz_in_one_channel_reads_minus_3_01(rate: int) -> None:
    meter = Loudness(2, rate)
    meter.process(np.vstack((tone(997, 0, 5, rate), np.zeros(5 * rate))))
    assert meter.integrated == pytest.approx(-3.01, abs=0.01)


def test_the_filter_is_the_standards_at_48_kilohertz_and_the_same_at_others() -> None:
    want = [
        [1.53512485958697, -2.69169618940638, 1.19839281085285, 1, -1.69065929318241,
         0.73248077421585],
        [1, -2, 1, 1, -1.99004745483398, 0.99007225036621],
    ]  # fmt: skip
    assert k_weighting(48000) == pytest.approx(np.array(want), abs=1e-12)
    hertz = np.array([25, 40, 100, 500, 1000, 2000, 4000, 10000])
    for rate in (44100, 96000):
        assert _gain(rate, hertz) == pytest.approx(_gain(48000, hertz), abs=0.25)
        assert _gain(rate, hertz[:7]) == pytest.approx(_gain(48000, hertz[:7]), abs=0.05)


def _gain(rate: int, hertz: Signal) -> Signal:
    z = np.exp(-2j * np.pi * hertz / rate)[:, np.newaxis] ** np.arange(3)
    parts = [np.abs(z @ s[:3]) / np.abs(z @ s[3:]) for s in k_weighting(rate)]
    return 20 * np.log10(np.prod(parts, axis=0))


def test_every_channel_counts_the_same() -> None:
    got: list[float] = []
    for channel in range(6):
        x = np.zeros((6, RATE))
        x[channel] = tone(1000, -20, 1)
        meter = Loudness(6, RATE)
        meter.process(x)
        got.append(meter.momentary)
    assert got == pytest.approx([got[0]] * 6)
    assert got[0] == pytest.approx(-23.0, abs=TOLERANCE)


def test_the_gates_leave_out_silence_and_what_is_far_below() -> None:
    loud = read(levels((-20, 10)), integrated, 48000)[-1]
    with_rests = read(levels((-20, 10), (-80, 40), (-35, 20)), integrated, 48000)[-1]
    ungated = read(levels((-20, 10), (-28, 10)), integrated, 48000)[-1]
    assert with_rests == pytest.approx(loud, abs=0.15)  # blocks astride the edges remain
    assert ungated == pytest.approx(-22.4, abs=0.15)


def test_gating_blocks_overlap_by_three_quarters() -> None:
    got = read(levels((-200, 0.2), (-23, 0.4), (-200, 1)), integrated)[-1]
    shares = [0.5, 0.75, 1, 0.75, 0.5, 0.25]  # of each block of 400 ms that meets the tone
    assert got == pytest.approx(-23 + 10 * np.log10(np.mean(shares)), abs=0.1)


def test_silence_has_a_number() -> None:
    meter = Loudness(2, RATE)
    for _ in range(2):
        assert (meter.momentary, meter.short_term, meter.integrated) == (SILENCE,) * 3
        meter.process(np.zeros((2, RATE)))


@pytest.mark.parametrize("step", [37, 512, 4801])
def test_blocks_may_be_of_any_length(step: int) -> None:
    signal = levels((-20, 0.5), (-30, 0.3), (-10, 0.1))
    whole = Loudness(2, RATE)
    whole.process(in_phase(signal))
    assert read(signal, momentary, step)[-1] == pytest.approx(whole.momentary, abs=1e-9)


def test_a_night_needs_no_more_memory_than_a_minute() -> None:
    meter = Loudness(1, 8000)
    signal = np.sin(0.3 * np.arange(8000))[np.newaxis]
    sizes: list[int] = []
    for _ in range(3):
        for _ in range(100):
            meter.process(signal)
        sizes.append(len(pickle.dumps(meter)))
    assert max(sizes) - min(sizes) < 100
    assert sizes[0] < 30000
