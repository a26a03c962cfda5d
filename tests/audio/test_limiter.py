"""The limiter alone: no sample above -1 dBFS, no true peak above -0.5 dBTP, whatever comes in."""

from typing import cast

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as st_np
from numpy.typing import NDArray
from scipy import signal

from performer.audio.limiter import CEILING, LOOK, MOST, Limiter, true_peak
from tests.audio.signals import (
    RATE,
    Block,
    Signal,
    amplitude,
    decibel,
    in_phase,
    nasty,
    oversampled_peak,
    tone,
)

TRUE = amplitude(-0.5)
FINITE = {name: block for name, block in nasty().items() if np.isfinite(block).all()}


def limited(x: Signal, limiter: Limiter | None = None, rate: int = RATE) -> NDArray[np.float32]:
    """(channels, frames) in, (frames, channels) out, with everything that is still inside."""
    limiter = limiter or Limiter(len(x), rate)
    rest = np.zeros((len(x), limiter.latency + 600))
    return limiter.process(np.hstack((x, rest))).T.astype(np.float32)


def harmless(y: Block) -> None:
    assert np.isfinite(y).all()
    assert float(np.abs(y).max(initial=0)) <= amplitude(-1)
    assert oversampled_peak(y) <= TRUE
    assert float(np.abs(signal.resample_poly(y.astype(float), 4, 1)).max(initial=0)) <= TRUE


def test_the_ceiling_is_minus_one_decibel_and_a_number_of_float32() -> None:
    assert amplitude(-1) - 1e-7 < CEILING < amplitude(-1)
    assert float(np.float32(CEILING)) == CEILING


@pytest.mark.parametrize("name", FINITE)
@pytest.mark.parametrize("rate", [44100, 48000, 96000])
def test_finite_signals_come_out_harmless(name: str, rate: int) -> None:
    limiter = Limiter(2, rate)
    y = limited(FINITE[name].astype(float).T, limiter, rate)
    harmless(y)
    assert limiter.clamped == 0  # the last line had nothing to do


@pytest.mark.parametrize("name", FINITE)
def test_even_sixteen_points_between_samples_find_no_peak(name: str) -> None:
    assert oversampled_peak(limited(FINITE[name].astype(float).T), 16) <= TRUE


AMPLITUDES = st.sampled_from([0.0, 1e-40, 1e-3, 0.5, 0.89, 0.9, 1.0, 1.5, 7.0, 100.0, 3e38])


@st.composite
def shaped(draw: st.DrawFn) -> Signal:
    """(channels, frames): short patterns repeated, scaled and set beside each other."""
    parts: list[Signal] = []
    channels = draw(st.integers(1, 3))
    for _ in range(draw(st.integers(1, 6))):
        shape = (channels, draw(st.integers(1, 24)))
        pattern = draw(st_np.arrays(np.float64, shape, elements=st.floats(-1, 1, width=32)))
        parts.append(np.tile(pattern, (1, draw(st.integers(1, 40)))) * draw(AMPLITUDES))
    return np.hstack(parts)


@given(shaped())
def test_any_signal_comes_out_harmless(x: Signal) -> None:
    limiter = Limiter(len(x), RATE)
    harmless(limited(x, limiter))
    assert limiter.clamped == 0


FINITE_SAMPLES = st.floats(width=32, allow_nan=False, allow_infinity=False)
SHAPES = st.tuples(st.integers(1, 400), st.integers(1, 2))


@given(st_np.arrays(np.float32, SHAPES, elements=FINITE_SAMPLES))
def test_any_samples_come_out_harmless(block: Block) -> None:
    harmless(limited(block.astype(float).T))


@pytest.mark.parametrize("over", [0, 6, 20, 40])
def test_the_gain_reaches_the_ceiling_and_wastes_nothing(over: int) -> None:
    y = limited(in_phase(tone(440, over, 1.0)))
    assert decibel(np.abs(y[RATE // 2 :]).max()) == pytest.approx(-1, abs=0.05)


def test_below_the_ceiling_it_only_delays() -> None:
    x = in_phase(tone(997, -3, 0.5) * np.hanning(RATE // 2))
    y = limited(x)
    spectrum = np.fft.rfft(y[:, 0]), np.fft.rfft(x[0], len(y))
    loud = np.abs(spectrum[1]) > 1
    ratio = spectrum[0][loud] / spectrum[1][loud]
    assert np.abs(ratio) == pytest.approx(np.ones(loud.sum()), abs=0.003)


def test_the_delay_is_the_one_it_states() -> None:
    limiter = Limiter(1, RATE)
    x = tone(100, -6, 0.2)[np.newaxis] * np.hanning(9600)
    y = limited(x, limiter)[:, 0]
    likeness = cast("Signal", np.correlate(y, x[0], "full"))
    late = int(likeness.argmax()) - (x.shape[1] - 1)
    assert abs(late - limiter.latency) <= 8  # the band limit's own delay at 100 Hz
    assert LOOK * RATE <= limiter.latency <= 0.006 * RATE


def test_one_gain_for_all_channels() -> None:
    x = np.vstack((tone(440, 20, 0.3), tone(440, 14, 0.3)))
    y = limited(x)
    assert y[:, 1] == pytest.approx(y[:, 0] * amplitude(-6), abs=1e-6)


@pytest.mark.parametrize("name", ["noise 40 dB over", "tone in steps of 40 dB", "huge"])
@pytest.mark.parametrize("sizes", [(1,), (512,), (7, 3000, 64, 239, 240, 241)])
def test_blocks_may_be_of_any_length(name: str, sizes: tuple[int, ...]) -> None:
    x = FINITE[name].astype(float).T[:, : 900 if sizes == (1,) else 9000]
    whole = Limiter(2, RATE).process(x)
    split, limiter, at, k = [np.zeros((2, 0))], Limiter(2, RATE), 0, 0
    while at < x.shape[1]:
        split.append(limiter.process(x[:, at : at + sizes[k % len(sizes)]]))
        at, k = at + sizes[k % len(sizes)], k + 1
    assert np.abs(np.hstack(split) - whole).max() <= 1e-7


def test_after_a_peak_the_gain_comes_back_slowly_and_all_the_way() -> None:
    x = in_phase(tone(440, -6, 2.0))
    x[:, RATE // 2] = MOST
    y = np.abs(limited(x)[:, 0])
    least = y[RATE // 2 + 400 : RATE // 2 + 1400].max()
    assert decibel(least) < -16
    assert decibel(y[RATE : RATE + 400].max()) == pytest.approx(-6.3, abs=0.2)
    assert decibel(y[2 * RATE - 1000 : 2 * RATE].max()) == pytest.approx(-6, abs=0.05)


def test_nothing_is_left_above_the_band() -> None:
    noise = np.random.default_rng(1).standard_normal((1, RATE)) * 0.1
    y = limited(noise)[:, 0]
    power = np.abs(np.fft.rfft(y)) ** 2
    hertz = np.fft.rfftfreq(len(y), 1 / RATE)
    assert power[hertz > 22300].mean() < 1e-9 * power[hertz < 19500].mean()


TRUE_PEAKS = [  # case of Tech 3341, part of the rate, degrees, amplitude, dBTP
    (15, 1 / 4, 0.0, 0.50, -6.0),
    (16, 1 / 4, 45.0, 0.50, -6.0),
    (17, 1 / 6, 60.0, 0.50, -6.0),
    (18, 1 / 8, 67.5, 0.50, -6.0),
    (19, 1 / 4, 45.0, 1.41, 3.0),
]


@pytest.mark.parametrize(("case", "part", "degrees", "size", "want"), TRUE_PEAKS)
def test_the_detector_is_a_true_peak_meter(
    case: int, part: float, degrees: float, size: float, want: float
) -> None:
    sine = tone(part * RATE, decibel(size), 1.0, phase=degrees)
    edge = np.minimum(1, np.minimum(np.arange(RATE), np.arange(RATE)[::-1]) / 2000)
    got = decibel(true_peak((sine * edge)[:, np.newaxis]))
    assert want - 0.4 <= got <= want + 0.2, case
    assert decibel(true_peak((sine * edge)[:, np.newaxis].astype(np.float32))) == pytest.approx(got)


def test_a_signal_of_no_frames() -> None:
    limiter = Limiter(2, RATE)
    assert limiter.process(np.zeros((2, 0))).shape == (2, 0)
