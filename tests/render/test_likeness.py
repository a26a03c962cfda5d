"""Does a glance tell every generator from every other, on the wall and as small as a thumbnail?

Everybody is drawn in the same palette, so that colour alone tells nobody apart. See likeness.py.
"""

from collections.abc import Iterator
from functools import cache

import moderngl
import numpy as np
import pytest

from performer.render.easel import Easel, Sitter
from performer.show.files import data_folder
from performer.show.isf import load_shaders

from .likeness import Floats, Traits, distances, traits
from .scenes import rest

GENERATORS = load_shaders(data_folder() / "shaders" / "layers")[0]
NAMES = sorted(GENERATORS)
SEEDS = (0.137, 0.482, 0.731)
OTHER_SEEDS = (0.913, 0.290, 0.600)
PALETTE = (0.05, 0.07, 0.13, 0.40, 0.54, 0.70, 0.36, 0.42, 0.68, 0.93, 0.68, 0.46)

USUAL, LARGE, SMALL = (192, 108), (960, 540), (96, 54)
NOW, LATER = 20.0, 27.0  # s of the layer's own time

STRANGE = 1.2
"""Bound on `strangeness`. Measured with twelve generators: strangers 1.39 and more, the same
generator with other seeds 0.88 to 1.05."""
OF_ANOTHER_SEED = 0.75
"""Part of the thumbnails known by a large still of another seed. Measured: 0.86 to 0.89."""


class Studio:
    """Traits of stills, each drawn once."""

    def __init__(self, gl: moderngl.Context) -> None:
        self.easel = Easel(gl, GENERATORS)
        self.of = cache(self._of)

    def _of(self, name: str, seed: float, size: tuple[int, int], time: float) -> Traits:
        sitter = Sitter(seed=seed, time=time, colours=PALETTE)
        return traits(self.easel.oklab(name, size, sitter))

    def all_of(self, seeds: tuple[float, ...]) -> list[Traits]:
        """Every generator with every seed, generator by generator."""
        return [self.of(name, seed, USUAL, NOW) for name in NAMES for seed in seeds]


@pytest.fixture(scope="module")
def studio(gl: moderngl.Context) -> Iterator[Studio]:
    with gl:
        made = Studio(gl)
    yield made
    with gl:
        rest(gl)
        made.easel.release()


def variety(own: Floats) -> float:
    """Mean distance between a generator's own stills, from the matrix of them (S, S)."""
    return float(own.sum()) / (len(own) * (len(own) - 1))


def strangeness(ones: list[Traits], others: list[Traits]) -> Floats:
    """Mean distance of two generators in units of the variety each has in itself, (G, G)."""

    def blocks(a: list[Traits], b: list[Traits]) -> Floats:
        s = len(SEEDS)
        return distances(a, b).reshape(len(a) // s, s, len(b) // s, s).swapaxes(1, 2)

    own = [np.array([variety(blocks(x, x)[k, k]) for k in range(len(NAMES))])
           for x in (ones, others)]  # fmt: skip
    return blocks(ones, others).mean(axis=(2, 3)) / np.sqrt(np.outer(*own))


def test_no_two_generators_look_alike(studio: Studio) -> None:
    stills = studio.all_of(SEEDS)
    found = strangeness(stills, stills)
    alike = [
        f"{a} and {b}: {found[i, k]:.2f}"
        for i, a in enumerate(NAMES)
        for k, b in enumerate(NAMES[:i])
        if found[i, k] < STRANGE
    ]
    assert not alike


def test_the_same_generator_under_another_name_is_found_out(studio: Studio) -> None:
    """Siblings, which differ by their seeds alone, are no strangers: the bound means something."""
    found = strangeness(studio.all_of(SEEDS), studio.all_of(OTHER_SEEDS))
    siblings = {name: round(float(found[k, k]), 2) for k, name in enumerate(NAMES)}
    assert max(siblings.values()) < STRANGE, siblings
    strangers = found[~np.eye(len(NAMES), dtype=bool)]
    assert float(strangers.min()) > max(siblings.values())


@pytest.mark.parametrize("seed", SEEDS)
def test_a_thumbnail_is_known_by_its_large_still_some_seconds_earlier(
    studio: Studio, seed: float
) -> None:
    large = [studio.of(name, seed, LARGE, NOW) for name in NAMES]
    small = [studio.of(name, seed, SMALL, LATER) for name in NAMES]
    taken_for = [NAMES[int(np.argmin(row))] for row in distances(small, large)]
    assert taken_for == NAMES


def test_most_thumbnails_are_known_by_a_large_still_of_another_seed(studio: Studio) -> None:
    right = 0
    for seed, other in zip(SEEDS, (*SEEDS[1:], SEEDS[0]), strict=True):
        large = [studio.of(name, seed, LARGE, NOW) for name in NAMES]
        small = [studio.of(name, other, SMALL, LATER) for name in NAMES]
        right += int((distances(small, large).argmin(axis=1) == np.arange(len(NAMES))).sum())
    assert right >= OF_ANOTHER_SEED * len(SEEDS) * len(NAMES)
