"""Palettes: in gamut, a family, moved smoothly, and different for different people."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from performer.circle import palettes

UNIT = st.floats(0.0, 1.0)


@given(st.lists(UNIT, min_size=1, max_size=8), st.floats(0, 360), UNIT, UNIT, UNIT,
       st.floats(0, 360))  # fmt: skip
def test_all_colours_can_be_shown(
    places: list[float], hue: float, spread: float, light: float, chroma: float, accent: float
) -> None:
    found = palettes.colours(np.array(places), hue, spread, light, chroma, accent)
    assert found.shape == (len(places), 12)
    assert np.isfinite(found).all()
    assert found.min() >= 0.0
    assert found.max() <= 1.0


def test_srgb_goes_to_light_and_back() -> None:
    codes = np.arange(256) / 255
    assert np.allclose(palettes.encoded(palettes.decoded(codes)), codes, atol=1e-12)


def test_known_oklch_colours() -> None:
    """Red, and a grey, after Ottosson's reference."""
    red = palettes.srgb_from_oklch(np.array([0.62796]), np.array([0.25768]), np.array([29.2339]))
    assert np.allclose(red, [[1, 0, 0]], atol=0.03)
    grey = palettes.srgb_from_oklch(np.array([0.5999]), np.array([0.0]), np.array([123.0]))
    assert np.ptp(grey) < 1e-6


def test_without_chroma_everything_is_grey() -> None:
    found = palettes.colours(np.linspace(0, 1, 9), 200.0, 1.0, 0.5, 0.0, 150.0).reshape(-1, 4, 3)
    assert np.ptp(found, axis=-1).max() < 1e-3


@pytest.mark.parametrize("what", range(5))
def test_a_fader_moves_colours_without_a_jump(what: int) -> None:
    usual = [250.0, 0.5, 0.5, 0.5, 150.0]
    steps = np.linspace(0, 360 if what in (0, 4) else 1, 1801)
    place = np.array([0.1, 0.6])
    way = np.array([palettes.colours(place, *[*usual[:what], s, *usual[what + 1 :]])
                    for s in steps])  # fmt: skip
    assert np.abs(np.diff(way, axis=0)).max() < 0.03


def test_twelve_people_have_twelve_palettes() -> None:
    place = np.array([(0.13 + k * 0.6180339887498949) % 1.0 for k in range(12)])
    found = palettes.colours(place, 250.0, 0.5, 0.5, 0.5, 150.0)
    apart = np.abs(found[:, None] - found).max(axis=-1)
    assert apart[~np.eye(12, dtype=bool)].min() > 0.02


def test_the_ground_is_dark_and_the_accent_is_light() -> None:
    found = palettes.colours(np.linspace(0, 1, 50), 250.0, 0.5, 0.5, 0.5, 150.0)
    light = palettes.decoded(found.reshape(-1, 4, 3)) @ palettes.LUMINANCE
    assert (light[:, 0] < light[:, 1]).all()
    assert (light[:, 1] < light[:, 3]).all()
    assert light[:, 0].max() < 0.05
