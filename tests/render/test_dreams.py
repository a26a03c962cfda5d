"""What every dream keeps: it answers its inputs, at any size, slowly, in low light."""

from collections.abc import Iterator

import moderngl
import numpy as np
import pytest
from numpy.typing import NDArray

from performer.render.easel import Easel, Sitter
from performer.render.isf.sample import sample_picture
from performer.render.isf.setting import Sound
from performer.show.files import names
from performer.show.isf import load_shaders
from performer.show.shows import Library

from .scenes import rest

DREAMS = names("generator")
USUAL = Sitter(time=70.0)
GIFTED = Sitter(
    time=70.0, picture=sample_picture((160, 90)),
    sound=Sound(np.full(512, 0.5, np.float32), np.linspace(0.9, 0.1, 512, dtype=np.float32)),
)  # fmt: skip
"""Somebody who has brought a picture along, and hears something."""
PERSONAL = ("energy", "breath", "wave", "valence", "arousal")
SMALL, LARGE = (96, 54), (640, 360)
Pixels = NDArray[np.uint8]


@pytest.fixture(scope="module")
def easel(gl: moderngl.Context, library: Library) -> Iterator[Easel]:
    with gl:
        made = Easel(gl, library.generators)
    yield made
    with gl:
        rest(gl)
        made.release()


def light(easel: Easel, dream: str, size: tuple[int, int], sitter: Sitter) -> NDArray[np.float32]:
    """OKLab lightness, shape (H, W)."""
    return easel.oklab(dream, size, sitter)[..., 0]


def changed(sitter: Sitter, **values: object) -> Sitter:
    return Sitter(**{**vars(sitter), **values})  # pyright: ignore[reportArgumentType]


@pytest.mark.parametrize("dream", DREAMS)
def test_it_has_three_to_eight_inputs_of_its_own_and_each_says_what_it_does(
    library: Library, dream: str
) -> None:
    generator = library.generators[dream]
    assert 3 <= len(generator.own) <= 8
    assert {"seed", "ground", "tone", "kin", "accent", *PERSONAL} <= {
        i.name for i in generator.inputs
    }
    assert all(i.label.lower() != i.name and len(i.label) > 8 for i in generator.inputs)
    assert len(generator.description) > 30


@pytest.mark.parametrize("dream", DREAMS)
def test_it_answers_everything_that_is_played(easel: Easel, library: Library, dream: str) -> None:
    usual = easel.oklab(dream, SMALL, USUAL)
    for name in PERSONAL:
        low = -1.0 if name in ("valence", "arousal") else 0.0
        ends = [easel.oklab(dream, SMALL, changed(USUAL, **{name: x})) for x in (low, 1.0)]
        assert np.abs(ends[1] - ends[0]).mean() > 0.0008, name
    for one in library.generators[dream].own:
        apart = 0.0  # some show now and then only: how long an eye stays closed
        for time in (70.0, 82.0, 94.0, 106.0):
            ends = [
                easel.oklab(dream, LARGE, changed(GIFTED, time=time, inputs={one.name: end}))
                for end in (one.low, one.high)
            ]
            apart = max(apart, float(np.abs(ends[1] - ends[0]).max()))
            if apart > 0.03:
                break
        assert apart > 0.03, one.name
    assert np.abs(easel.oklab(dream, SMALL, changed(USUAL, seed=0.8)) - usual).mean() > 0.005


@pytest.mark.parametrize("dream", DREAMS)
def test_energy_brings_light_and_calm_takes_it(easel: Easel, dream: str) -> None:
    dim, bright = (
        np.mean([light(easel, dream, SMALL, Sitter(energy=e, seed=s, time=70)) ** 3
                 for s in (0.1, 0.4, 0.7)])
        for e in (0.05, 0.9)
    )  # fmt: skip
    assert bright > 1.15 * dim


@pytest.mark.parametrize("dream", DREAMS)
def test_it_is_low_light_with_few_bright_places(easel: Easel, dream: str) -> None:
    for seed in (0.1, 0.37, 0.62, 0.9):
        lab = easel.oklab(dream, (320, 180), Sitter(seed=seed, time=100 * seed))
        lightness = lab[..., 0] ** 3  # near relative luminance for little chroma
        assert 0.02 < lightness.mean() < 0.14
        assert (lightness > 0.6).mean() < 0.02
        assert lightness.min() > 0.0, "never dead black"
        assert np.percentile(np.hypot(lab[..., 1], lab[..., 2]), 95) < 0.13


@pytest.mark.parametrize("dream", DREAMS)
def test_it_is_the_same_dream_at_any_size(easel: Easel, dream: str) -> None:
    """Averaged to 96×54, a large tile looks like a small one; coral grows in a grid of its own."""
    large = light(easel, dream, (960, 540), USUAL).reshape(54, 10, 96, 10).mean(axis=(1, 3))
    small = light(easel, dream, SMALL, USUAL)
    assert np.abs(large - small).mean() < (0.03 if dream == "coral" else 0.02)
    both = np.corrcoef(large.ravel(), small.ravel())[0, 1]
    assert both > 0.85  # threads of smoke are a pixel wide in the small one


@pytest.mark.parametrize("dream", DREAMS)
def test_it_moves_slowly_and_without_a_jump_even_in_the_smallest_tile(
    easel: Easel, dream: str
) -> None:
    for time in (0.0, 61.7, 900.3, 3500.9):
        film = easel.film(dream, (48, 27), changed(USUAL, time=time), 8)
        steps = [tile[..., 0] for tile in film]
        apart = np.abs(np.diff(np.array(steps), axis=0))
        assert np.percentile(apart, 99.5) < 0.05
        assert apart.max() < 0.2
        assert np.abs(steps[-1] - steps[0]).mean() > 1e-5, "nothing moves"


@pytest.mark.parametrize("dream", DREAMS)
def test_what_plays_it_moves_it_without_a_jump(easel: Easel, dream: str) -> None:
    for name in ("energy", "breath", "wave", "valence", "arousal"):
        at = [light(easel, dream, SMALL, changed(USUAL, **{name: x}))
              for x in np.linspace(0.5, 0.52, 5)]  # fmt: skip
        assert np.abs(np.diff(np.array(at), axis=0)).max() < 0.25, name


def test_every_file_of_the_folder_is_a_dream() -> None:
    from performer.show.files import data_folder

    good, bad = load_shaders(data_folder() / "shaders" / "layers")
    assert not bad
    assert sorted(good) == DREAMS
    assert len(DREAMS) >= 12
