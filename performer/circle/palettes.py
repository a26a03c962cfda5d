"""Palettes: four colours per person, from the preset's family and the person's own place in it.

OKLab and OKLCH after Ottosson, "A perceptual color space for image processing" (2020). All arrays
are vectorised over people; nothing here knows a shader.
"""

import numpy as np
from numpy.typing import NDArray

from performer.frame import Floats

Colours = NDArray[np.float64]

_LMS = np.array(
    [
        [1.0, 0.3963377774, 0.2158037573],
        [1.0, -0.1055613458, -0.0638541728],
        [1.0, -0.0894841775, -1.2914855480],
    ]
)
_RGB = np.array(
    [
        [4.0767416621, -3.3077115913, 0.2309699292],
        [-1.2684380046, 2.6097574011, -0.3413193965],
        [-0.0041960863, -0.7034186147, 1.7076147010],
    ]
)


LUMINANCE = np.array([0.2126, 0.7152, 0.0722])
"""Relative luminance of linear RGB (BT.709)."""


def decoded(srgb: Colours) -> Colours:
    """Encoded sRGB 0..1 to linear light (IEC 61966-2-1)."""
    return np.where(srgb <= 0.04045, srgb / 12.92, ((srgb + 0.055) / 1.055) ** 2.4)


def linear_from_oklab(lab: Colours) -> Colours:
    """OKLab (…, 3) to linear sRGB (…, 3), unclipped."""
    return (lab @ _LMS.T) ** 3 @ _RGB.T


def encoded(linear: Colours) -> Colours:
    """Linear light 0..1 to sRGB's encoded values (IEC 61966-2-1)."""
    light = np.clip(linear, 0.0, 1.0)
    return np.where(light <= 0.0031308, 12.92 * light, 1.055 * light ** (1 / 2.4) - 0.055)


def srgb_from_oklch(light: Floats, chroma: Floats, hue: Floats) -> Colours:
    """OKLCH (hue in degrees) to encoded sRGB (…, 3); chroma gives way until it is in gamut."""
    angle = np.radians(hue)
    kept = np.ones_like(light)
    for _ in range(8):
        lab = np.stack([light, kept * chroma * np.cos(angle), kept * chroma * np.sin(angle)], -1)
        linear = linear_from_oklab(lab)
        outside = (linear.min(axis=-1) < -1e-4) | (linear.max(axis=-1) > 1.0001)
        if not outside.any():
            break
        kept = np.where(outside, kept * 0.88, kept)
    return encoded(linear)


def colours(place: Floats, hue: float, spread: float, light: float, chroma: float,
            accent: float) -> Colours:  # fmt: skip
    """Ground, tone, kin and accent of people at `place` (C,) 0..1: encoded sRGB, shape (C, 12).

    `hue` and `accent` in degrees, the rest 0..1. Places next to each other give colours next to
    each other, and so a fader on a place moves smoothly; lightness runs at another pace than hue,
    so that two people with like hues still differ.
    """
    own = hue + (place - 0.5) * 300.0 * spread
    step = np.sin(2.0 * np.pi * place * 3.0)
    depth = 0.5 + light
    ground = srgb_from_oklch(
        (0.17 + 0.045 * step) * depth, 0.10 * chroma * np.ones_like(own), own - 12.0
    )
    tone = srgb_from_oklch(
        (0.50 + 0.10 * step) * depth, (0.20 + 0.03 * step) * chroma * np.ones_like(own), own
    )
    kin = srgb_from_oklch(
        (0.64 - 0.07 * step) * depth, 0.19 * chroma * np.ones_like(own), own + 38.0
    )
    far = srgb_from_oklch(0.80 * np.minimum(depth, 1.1) * np.ones_like(own),
                          0.30 * chroma * np.ones_like(own), own + accent)  # fmt: skip
    return np.concatenate([ground, tone, kin, far], axis=-1)
