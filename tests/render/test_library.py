"""The library of effects, transitions and dreams with a memory: stills that were looked at, and
what each promises: nothing at 0, the whole way at 1, and the same picture at another size.
"""

from collections.abc import Iterator

import moderngl
import numpy as np
import pytest
from numpy.typing import NDArray

from performer.render import context
from performer.render.isf.studio import Studio
from performer.show.isf import Shader
from performer.show.isf.folders import find_shaders

from .golden import REFS, check, load
from .scenes import PIPELINE, rest

SIZE, LARGE = (160, 90), (320, 180)
FRAMES = 90
FOUND = find_shaders(others=False)
REMEMBERING = sorted(n for n, s in FOUND.generators.items() if s.remembers)
CHANGING = [*(f"effects/{n}" for n in sorted(FOUND.filters) if n != "grain"), *REMEMBERING]
"""What is tried at another size; grain is as fine as the picture allows."""
APART = 0.05
"""Mean difference of a picture and the same at twice the size, of 1: what is soft stays."""
Pixels = NDArray[np.uint8]


@pytest.fixture(scope="module")
def studio(gl: moderngl.Context) -> Iterator[Studio]:
    with gl:
        made = Studio(gl, PIPELINE)
    yield made
    with gl:
        rest(gl)
        made.release()


@pytest.fixture
def update(request: pytest.FixtureRequest) -> bool:
    return bool(request.config.getoption("--update-refs"))


@pytest.fixture
def software(gl: moderngl.Context) -> None:
    if "llvmpipe" not in (found := context.describe(gl)["renderer"]):
        pytest.skip(f"golden pictures are compared on llvmpipe only, this is {found}")


def scene(name: str, size: tuple[int, int] = SIZE) -> Pixels:
    """A golden picture as RGBA, larger if wanted by plain repetition."""
    rgb = load(REFS / f"{name}.png")
    many = size[1] // rgb.shape[0]
    rgb = rgb.repeat(many, axis=0).repeat(many, axis=1)
    return np.dstack([rgb, np.full(rgb.shape[:2], 255, np.uint8)])


ONE, OTHER = "preset-luna", "preset-ember"


def shader(name: str) -> Shader:
    kind, _, bare = name.rpartition("/")
    rooms = {"effects": FOUND.filters, "transitions": FOUND.transitions}
    return rooms.get(kind, FOUND.generators)[bare]


def images(one: Shader, size: tuple[int, int] = SIZE) -> dict[str, Pixels]:
    """Something to look at for each image it takes."""
    told = {"endImage": OTHER}
    return {t.name: scene(told.get(t.name, ONE), size) for t in one.textures if t.kind == "image"}


def played(studio: Studio, name: str, **inputs: float) -> Pixels:
    """An effect on one picture for a while, and then on another: what remembers shows both."""
    sitting = studio.sitting(shader(name), SIZE)
    for frame in range(FRAMES):
        if frame in (0, FRAMES - 4):
            sitting.give(inputs, {"inputImage": scene(ONE if frame == 0 else OTHER)})
        sitting.draw(30.0 + frame / 30, 1 / 30)
    found = sitting.pixels()
    sitting.release()
    return found


@pytest.mark.usefixtures("software")
@pytest.mark.parametrize("name", sorted(FOUND.filters))
def test_an_effect_looks_as_it_was_looked_at(studio: Studio, update: bool, name: str) -> None:
    check(f"effect-{name}", played(studio, f"effects/{name}")[..., :3], update)


@pytest.mark.usefixtures("software")
@pytest.mark.parametrize("name", sorted(FOUND.transitions))
def test_a_transition_looks_as_it_was_looked_at(studio: Studio, update: bool, name: str) -> None:
    one = shader(f"transitions/{name}")
    rows = [
        studio.render(one, SIZE, inputs={"progress": p}, images=images(one))[..., :3]
        for p in (0.25, 0.5, 0.75)
    ]
    check(f"transition-{name}", np.concatenate(rows), update)


@pytest.mark.parametrize("name", sorted(FOUND.filters))
def test_an_effect_at_nothing_changes_nothing(studio: Studio, name: str) -> None:
    one = shader(f"effects/{name}")
    given = images(one)
    found = studio.render(one, SIZE, frames=5, inputs={"amount": 0.0}, images=given)
    assert np.abs(found.astype(int) - given["inputImage"])[..., :3].max() <= 1
    full = played(studio, f"effects/{name}", amount=1.0)
    assert np.abs(full.astype(int) - scene(OTHER))[..., :3].max() > 5


@pytest.mark.parametrize("name", sorted(FOUND.transitions))
def test_a_transition_goes_from_all_of_one_to_all_of_the_other(studio: Studio, name: str) -> None:
    one = shader(f"transitions/{name}")
    given = images(one)
    for progress, wanted in ((0.0, "startImage"), (1.0, "endImage")):
        found = studio.render(one, SIZE, inputs={"progress": progress}, images=given)
        assert np.abs(found.astype(int) - given[wanted])[..., :3].max() <= 1
    half = studio.render(one, SIZE, inputs={"progress": 0.5}, images=given).astype(int)
    for picture in given.values():
        assert np.abs(half - picture)[..., :3].mean() > 1.0


@pytest.mark.parametrize("name", sorted(FOUND.transitions))
def test_a_transition_adds_no_light_of_its_own(studio: Studio, name: str) -> None:
    """No flash between two dark pictures."""
    one, dark = shader(f"transitions/{name}"), np.zeros((90, 160, 4), np.uint8)
    dark[..., 3] = 255
    given = {"startImage": dark, "endImage": dark}
    for progress in (0.2, 0.5, 0.8):
        found = studio.render(one, SIZE, inputs={"progress": progress}, images=given)
        assert found[..., :3].mean() < 4.0


@pytest.mark.parametrize("name", CHANGING)
def test_another_size_in_the_middle_is_the_same_picture(studio: Studio, name: str) -> None:
    one = shader(name)
    sitting = studio.sitting(one, SIZE)
    sitting.give({}, images(one))
    for frame in range(40):
        sitting.draw(10.0 + frame / 30, 1 / 30)
    before = sitting.pixels()[..., :3].astype(float)
    sitting.resize(LARGE)
    sitting.draw(10.0 + 40 / 30, 1 / 30)
    after = sitting.pixels()[..., :3].astype(float)
    sitting.release()
    halved = after.reshape(90, 2, 160, 2, 3).mean(axis=(1, 3))
    assert before.std() > 2.0
    assert np.abs(halved - before).mean() / 255 < APART


@pytest.mark.parametrize("name", sorted(FOUND.transitions))
def test_a_transition_is_the_same_at_another_size(studio: Studio, name: str) -> None:
    one = shader(f"transitions/{name}")
    small, large = (
        studio.render(one, size, inputs={"progress": 0.5}, images=images(one, size))[..., :3]
        for size in (SIZE, LARGE)
    )
    halved = large.astype(float).reshape(90, 2, 160, 2, 3).mean(axis=(1, 3))
    assert np.abs(halved - small).mean() / 255 < APART


@pytest.mark.parametrize("name", REMEMBERING)
def test_a_dream_with_a_memory_is_there_soon_and_goes_on(studio: Studio, name: str) -> None:
    sitting = studio.sitting(shader(name), SIZE)
    pictures: list[NDArray[np.float64]] = []
    for frame in range(150):
        sitting.draw(frame / 30, 1 / 30)
        if frame in (60, 149):
            pictures.append(sitting.pixels()[..., :3].astype(float))
    sitting.release()
    assert pictures[0].std() > 8.0  # something is seen
    assert np.abs(pictures[1] - pictures[0]).mean() > 0.5  # and it moves
