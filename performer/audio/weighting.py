"""How the ear weighs frequencies, as filters for any rate: K for loudness, A for sound pressure.

Only coefficients live here; sections.py runs them, loudness.py and exposure.py say what for.
"""

import math

import numpy as np
from numpy.typing import NDArray

_AT_48K = (
    # b0, b1, b2, a1, a2: BS.1770-4, tables 1 (head) and 2 (RLB)
    (1.53512485958697, -2.69169618940638, 1.19839281085285, -1.69065929318241, 0.73248077421585),
    (1.0, -2.0, 1.0, -1.99004745483398, 0.99007225036621),
)
_F1, _F2, _F3, _F4 = 20.598997, 107.65265, 737.86223, 12194.217  # Hz, poles (IEC 61672-1, E.4)


def k_weighting(rate: int) -> NDArray[np.float64]:
    """The K-weighting filter as two second-order sections, (2, 6), for a rate in Hz.

    At 48 kHz the standard's coefficients, at others the same analogue filters through the
    bilinear transform.
    """
    return np.array([_moved(section, rate) for section in _AT_48K])


def _moved(section: tuple[float, ...], rate: int) -> tuple[float, ...]:
    """A section for 48 kHz at another rate: back to frequency, Q and gains, and forth again."""
    b0, b1, b2, a1, a2 = section
    square = (1 + a1 + a2) / (1 - a1 + a2)  # K² with K = tan(pi·f/48000)
    damping = (1 - a2) / (1 + a2) * (1 + square) / math.sqrt(square)  # 1/Q
    norm = 4 / (1 - a1 + a2)
    high, middle, low = (b0 - b1 + b2) / 4, (b0 - b2) / 2, (b0 + b1 + b2) / 4
    high, middle, low = high * norm, middle * norm / math.sqrt(square), low * norm / square
    k = math.tan(math.atan(math.sqrt(square)) * 48000 / rate)
    norm = 1 + k * damping + k * k
    return (
        (high + middle * k + low * k * k) / norm,
        2 * (low * k * k - high) / norm,
        (high - middle * k + low * k * k) / norm,
        1.0,
        2 * (k * k - 1) / norm,
        (1 - k * damping + k * k) / norm,
    )


def a_weighting(rate: int) -> NDArray[np.float64]:
    """A-weighting as second-order sections, (3, 6), 0 dB at 1 kHz, for a rate in Hz.

    The poles below 1 kHz by the bilinear transform. The double pole at 12.2 kHz by its exact
    place and a numerator whose magnitude is right at 0, 0.26 and 0.4 of the rate (Vicanek 2016,
    "Matched second order digital filters"): the bilinear one is 3 dB low at 16 kHz.
    """
    k1, k2, k3 = (math.tan(math.pi * f / rate) for f in (_F1, _F2, _F3))
    sections = np.array([_high(k1, k1), _high(k2, k3), _top(rate)])
    z = np.exp(-2j * math.pi * 1000 / rate) ** np.arange(3)
    sizes = np.abs(sections[:, :3] @ z) / np.abs(sections[:, 3:] @ z)
    sections[0, :3] /= sizes.prod()
    return sections


def _high(k: float, m: float) -> tuple[float, ...]:
    """Two first-order high-passes with k, m = tan(pi·f/rate), as one section."""
    p, q = (k - 1) / (k + 1), (m - 1) / (m + 1)
    gain = 1 / ((1 + k) * (1 + m))
    return gain, -2 * gain, gain, 1.0, p + q, p * q


def _top(rate: int) -> tuple[float, ...]:
    """The double low-pass pole: |B|² = B0·(1-s) + B1·s + B2·4s(1-s), s = sin²(w/2), is linear."""
    pole = math.exp(-2 * math.pi * _F4 / rate)
    part = np.array((0.0, 0.26, 0.4))
    s = np.sin(np.pi * part) ** 2
    shape = np.stack((1 - s, s, 4 * s * (1 - s)), axis=1)
    denominator = shape @ ((1 - pole) ** 4, (1 + pole) ** 4, -4 * pole**2)
    wanted = denominator / (1 + (part * rate / _F4) ** 2) ** 2
    at_0, at_half, middle = (float(v) for v in np.linalg.solve(shape, wanted))
    at_half = max(at_half, 0.0)
    mean = (math.sqrt(at_0) + math.sqrt(at_half)) / 2
    b0 = (mean + math.sqrt(max(mean**2 + middle, 0.0))) / 2
    b1 = (math.sqrt(at_0) - math.sqrt(at_half)) / 2
    return b0, b1, -middle / (4 * b0), 1.0, -2 * pole, pole**2
