"""Palettes: in gamut, a family, moved smoothly, and different for different people."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from performer.circle import members, palettes, variety
from performer.frame import Floats
from performer.show.files import find, names
from performer.show.presets import load_preset

ASPECT = 16.0 / 9.0

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


def test_a_place_moves_smoothly_through_the_family() -> None:
    found = palettes.colours(np.linspace(0.0, 1.0, 2001), 250.0, 0.5, 0.5, 0.5, 150.0)
    assert np.abs(np.diff(found, axis=0)).max() < 0.02
    assert np.ptp(found, axis=0).max() > 0.3, "and it leads somewhere"


def neighbours(seat: Floats) -> list[tuple[int, int]]:
    """Pairs whose cells share a border on the plane, looked at on a fine grid."""
    x = (np.arange(320) + 0.5) / 320 * ASPECT - 0.5 * ASPECT
    y = (np.arange(180) + 0.5) / 180 - 0.5
    points = np.stack(np.meshgrid(x, y), axis=-1)[:, :, None]
    owner = ((points - seat) ** 2).sum(axis=-1).argmin(axis=-1)
    sides = [(owner[:, 1:], owner[:, :-1]), (owner[1:], owner[:-1])]
    pairs = np.concatenate([np.stack([a, b], axis=-1)[a != b] for a, b in sides])
    found, length = np.unique(np.sort(pairs, axis=1), axis=0, return_counts=True)
    return [(int(a), int(b)) for a, b in found[length >= 4]]


@pytest.mark.parametrize("count", [4, 12, 36, 64])
@pytest.mark.parametrize("preset", names("preset"))
def test_neighbours_can_be_told_apart(preset: str, count: int) -> None:
    """ΔE_OK of at least 0.12 between tones or accents; 0.05 for a deuteranope."""
    values = load_preset(find("preset", preset)).values
    family = [values[f"/palette/{name}"] for name in ("hue", "spread", "light", "chroma", "accent")]
    people = members.circle_of(count, 1108, ("moon",), ASPECT)
    apart, without = variety.distances(palettes.colours(people.place[:count], *family))
    beside = neighbours(people.seat[:count])
    assert len(beside) >= count - 1
    assert min(apart[i, j] for i, j in beside) >= 0.12
    assert min(without[i, j] for i, j in beside) >= 0.05


def test_somebody_new_differs_from_who_sits_around() -> None:
    people = members.circle_of(12, 3, ("moon",), ASPECT)
    seat, place = people.seat[:12], people.place[:12]
    for row in range(12):
        others = np.arange(12) != row
        new = variety.place_beside(seat[row], seat[others], place[others])
        both = np.append(place[others], new)
        apart, _ = variety.distances(palettes.colours(both, *variety.FAMILY))
        near = np.argsort(((seat[others] - seat[row]) ** 2).sum(axis=1))[:5]
        assert apart[-1, near].min() >= 0.12


def test_the_first_of_all_gets_a_place_too() -> None:
    assert 0.0 <= variety.place_beside(np.zeros(2), np.zeros((0, 2)), np.zeros(0)) <= 1.0
    assert variety.places(np.zeros((0, 2))).shape == (0,)
    assert variety.places(np.zeros((1, 2))).shape == (1,)


def test_a_deuteranope_confuses_red_and_green_and_not_blue_and_yellow() -> None:
    def tones(*hues: float) -> palettes.Colours:
        light, chroma = np.full((2, 4), 0.7), np.full((2, 4), 0.1)
        return palettes.srgb_from_oklch(light, chroma, np.repeat(np.array([hues]).T, 4, 1))

    apart, without = variety.distances(tones(30.0, 140.0).reshape(2, 12))
    assert without[0, 1] < 0.4 * apart[0, 1]
    apart, without = variety.distances(tones(100.0, 265.0).reshape(2, 12))
    assert without[0, 1] > 0.8 * apart[0, 1]


def test_oklab_goes_there_and_back() -> None:
    lab = np.array([[0.6, 0.05, -0.04], [0.3, -0.02, 0.03]])
    assert np.allclose(palettes.oklab_of(palettes.linear_from_oklab(lab)), lab, atol=1e-9)


def test_the_ground_is_dark_and_the_accent_is_light() -> None:
    found = palettes.colours(np.linspace(0, 1, 50), 250.0, 0.5, 0.5, 0.5, 150.0)
    light = palettes.decoded(found.reshape(-1, 4, 3)) @ palettes.LUMINANCE
    assert (light[:, 0] < light[:, 1]).all()
    assert light[:, 1].mean() < light[:, 3].mean()
    assert light[:, 0].max() < 0.05
