"""Signals to measure meters and limiters with, synthesised: nothing recorded is shipped.

Numbers of cases are those of EBU Tech 3341 (2016), "Loudness metering", table 1, "Minimum
requirements test signals".
"""

import numpy as np
from numpy.typing import NDArray

Signal = NDArray[np.float64]
"""Shape (frames,)."""
Block = NDArray[np.float32]
"""Shape (frames, channels)."""

RATE = 48000


def amplitude(db: float) -> float:
    """dB to a factor; a sine's dBFS is that of its peak."""
    return 10 ** (db / 20)


def decibel(value: float) -> float:
    return 20 * np.log10(max(value, 1e-30))


def tone(hertz: float, dbfs: float, seconds: float, rate: int = RATE, phase: float = 0.0) -> Signal:
    """A sine with its peak at `dbfs`; `phase` in degrees."""
    t = np.arange(round(seconds * rate)) / rate
    return amplitude(dbfs) * np.sin(2 * np.pi * hertz * t + np.radians(phase))


def levels(*parts: tuple[float, float], rate: int = RATE) -> Signal:
    """1 kHz at (dBFS, seconds), one after the other, with its phase going on."""
    gains = np.concatenate([np.full(round(s * rate), amplitude(db)) for db, s in parts])
    return gains * tone(1000, 0, len(gains) / rate, rate)


def in_phase(signal: Signal, channels: int = 2) -> Signal:
    """The same signal in all channels, (channels, frames)."""
    return np.tile(signal, (channels, 1))


def oversampled_peak(block: NDArray[np.floating], factor: int = 4) -> float:
    """True peak of (frames, channels) by zero-padding the spectrum: the ideal interpolation.

    Knows nothing of the limiter's own filter. Silence around keeps its wrapping away.
    """
    x = np.pad(np.asarray(block, np.float64), ((1024, 1024), (0, 0)))
    spectrum = np.fft.rfft(x, axis=0)
    if len(x) % 2 == 0:
        spectrum[-1] *= 0.5
    wide = np.fft.irfft(spectrum, len(x) * factor, axis=0) * factor
    return float(np.abs(wide).max())


def nasty(frames: int = 9000, channels: int = 2) -> dict[str, Block]:
    """Finite and other inputs that have broken limiters before, (frames, channels) each."""
    random = np.random.default_rng(4)
    n = np.arange(frames)
    noise = random.standard_normal((frames, channels))
    gated = (n // 250) % 2 == 0
    cases: dict[str, NDArray[np.floating]] = {
        "noise 40 dB over": noise * 100,
        "noise at the edge": noise * 0.3,
        "signs": np.sign(noise) * 100,
        "direct current": np.full(frames, 50.0),
        "steps": np.where((n // 1000) % 2 == 0, 100.0, -100.0),
        "square at a quarter of Nyquist": np.where((n // 4) % 2 == 0, 100.0, -100.0),
        "square at half of Nyquist": np.where((n // 2) % 2 == 0, 1.2, -1.2),
        "alternating": np.where(n % 2 == 0, 100.0, -100.0) * gated,
        "nearly alternating": np.cos(0.97 * np.pi * n) * gated * 5,
        "single sample": (n == frames // 2) * 100.0,
        "two samples of one sign": np.isin(n, (4000, 4001)) * 3.0,
        "top of the band": np.sin(2 * np.pi * 0.41 * n) * gated * 30,
        "tone in steps of 40 dB": np.sin(0.3 * n) * np.where(gated, 100.0, 1.0),
        "worst pattern of signs": np.where(n < frames // 2, 1.0, -1.0) * np.cos(np.pi * n) * 2,
        "subnormal": np.full(frames, 1e-42),
        "bursts": np.sin(0.9 * n) * 10 ** random.uniform(-2, 2, frames),
        "huge": noise * 1e37,
        "largest": np.where(n % 7 == 0, 3.4e38, -3.4e38),
        "holes": np.where(n % 11 == 0, np.nan, np.sin(0.05 * n) * 5),
        "infinite": np.where(n % 501 == 0, np.inf, np.sin(0.05 * n)),
        "nothing but NaN": np.full(frames, np.nan),
    }
    return {name: _block(signal, channels) for name, signal in cases.items()}


def _block(signal: NDArray[np.floating], channels: int) -> Block:
    wide = signal if signal.ndim == 2 else np.tile(signal[:, np.newaxis], (1, channels))
    return wide.astype(np.float32)
