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

_LMS_OF, _LAB_OF = np.linalg.inv(_RGB.T), np.linalg.inv(_LMS.T)  # the way back

_KEPT = (0.88 ** np.arange(9.0)).reshape(-1, 1, 1)  # parts of the chroma that are tried

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
    """OKLCH (hue in degrees) to encoded sRGB (…, 3); chroma gives way until it is in gamut.

    Linear RGB is a cubic in chroma (its parts below), so all reductions are tried at once, and
    what is kept lies between the last that was outside and the first inside: no fader jumps.
    """
    angle = np.radians(hue).ravel()
    level, strength = light.ravel(), chroma.ravel()
    slope = np.outer(_LMS[:, 1], strength * np.cos(angle))
    slope += np.outer(_LMS[:, 2], strength * np.sin(angle))
    square, grey = slope * slope, level * level  # products: numpy's powers cost ten times as much
    first, second = _RGB @ (3.0 * grey * slope), _RGB @ (3.0 * level * square)
    tried = _KEPT * (_RGB @ (square * slope))  # (tries, 3, colours)
    for part in (second, first):
        tried += part
        tried *= _KEPT
    tried += grey * level
    outside = np.maximum(tried.max(axis=1) - 1.0, -tried.min(axis=1))  # (tries, colours)
    within = outside <= 0.0
    within[-1] = True  # the last try is taken as it is
    best, each = within.argmax(axis=0), np.arange(level.size)
    near, far = np.minimum(outside[best, each], 0.0), outside[np.maximum(best - 1, 0), each]
    part = np.where(best > 0, near / np.minimum(near - far, -1e-12), 0.0)
    kept = _KEPT[best, 0, 0] + (_KEPT[np.maximum(best - 1, 0), 0, 0] - _KEPT[best, 0, 0]) * part
    found = grey * level + kept * (first + kept * (second + kept * (_RGB @ (square * slope))))
    return encoded(found.T).reshape(*light.shape, 3)


TURNS = 4.0
"""How often lightness goes up and down along a family: it runs at another pace than hue."""

ARC = 300.0
"""Degrees of hue that a family with the widest spread covers."""


def colours(place: Floats, hue: float, spread: float, light: float, chroma: float,
            accent: float) -> Colours:  # fmt: skip
    """Ground, tone, kin and accent of people at `place` (C,) 0..1: encoded sRGB, shape (C, 12).

    `hue` and `accent` in degrees, the rest 0..1. A place goes along a winding way through the
    family: evenly in hue, up and down in lightness, in and out in chroma, and so does the accent.
    So a fader on a place moves smoothly, and people of like hues still differ.
    """
    own = hue + (place - 0.5) * ARC * spread
    up, out = np.sin(2.0 * np.pi * TURNS * place), np.cos(2.0 * np.pi * TURNS * place)
    depth = 0.5 + light
    four = np.empty((3, 4, len(place)))  # lightness, chroma, hue of ground, tone, kin, accent
    four[0, 0] = (0.17 + 0.045 * up) * depth
    four[0, 1] = (0.60 + 0.15 * up) * depth
    four[0, 2] = (0.66 - 0.07 * up) * depth
    four[0, 3] = (0.78 + 0.06 * out) * min(depth, 1.1)
    four[1] = chroma * np.array([[0.10], [0.20], [0.19], [0.31]])
    four[1, 1] *= 1.0 + 0.15 * out
    four[2] = own + np.array([[-12.0], [0.0], [38.0], [accent]])
    four[2, 3] += 45.0 * out
    return srgb_from_oklch(*four).swapaxes(0, 1).reshape(-1, 12)


def oklab(srgb: Colours) -> Colours:
    """Encoded sRGB (…, 3) to OKLab (…, 3)."""
    return oklab_of(decoded(srgb))


def oklab_of(linear: Colours) -> Colours:
    """Linear light (…, 3), 0 or more, to OKLab (…, 3)."""
    return np.cbrt(linear @ _LMS_OF) @ _LAB_OF
