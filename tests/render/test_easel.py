"""The easel draws what the stage draws, for one person."""

from collections.abc import Iterator
from typing import Any

import moderngl
import numpy as np
import pytest

from performer.circle.circle import Circle
from performer.errors import FileError
from performer.render.easel import Easel, Sitter
from performer.render.layers import Layers
from performer.show.isf import load_shader
from performer.show.isf.inputs import FEELING
from performer.show.shows import Library

from .scenes import PIPELINE, rest

SIZE = (160, 90)


@pytest.fixture
def easel(gl: moderngl.Context, library: Library) -> Iterator[Easel]:
    made = Easel(gl, library.generators)
    yield made
    rest(gl)
    made.release()


def test_it_is_the_tile_that_the_stage_draws(
    gl: moderngl.Context, library: Library, easel: Easel
) -> None:
    circle = Circle(library, people=1)
    frame, p = circle.step(1 / 30), circle.people
    layers = Layers(gl, library.generators, PIPELINE)
    layers.draw(frame, SIZE)
    width, height = layers.tile
    whole = np.frombuffer(layers.atlas.texture.read(), np.float16).astype(np.float32)
    atlas = whole.reshape(layers.atlas.size[1], layers.atlas.size[0], 4)
    tile = atlas[:height, :width, :3][::-1]
    told: dict[str, Any] = {n: float(getattr(p, n)[0]) for n in (*FEELING, "time")}
    sitter = Sitter(**told, colours=tuple(p.colours[0].tolist()))
    drawn = easel.oklab(p.generators[0], layers.tile, sitter)
    assert np.array_equal(drawn, tile)
    rest(gl)
    layers.release()


def test_any_size_and_everything_that_a_person_is(easel: Easel) -> None:
    usual = easel.draw("moon", SIZE)
    assert usual.shape == (90, 160, 3)
    assert usual.dtype == np.uint8
    assert easel.draw("moon", (64, 64)).shape == (64, 64, 3)
    assert np.array_equal(easel.draw("moon", SIZE), usual), "the same twice, whatever was between"
    others = (Sitter(energy=0.9), Sitter(breath=1.0), Sitter(wave=1.0), Sitter(valence=0.8),
              Sitter(arousal=0.8), Sitter(seed=0.9), Sitter(time=60.0),
              Sitter(colours=(0.2, 0.05, 0.02) * 4), Sitter(inputs={"haze": (1.0,)}))  # fmt: skip
    for other in others:
        assert not np.array_equal(easel.draw("moon", SIZE, other), usual), other


def test_one_that_does_not_compile_is_refused_with_its_line(
    gl: moderngl.Context, tmp_path_factory: pytest.TempPathFactory
) -> None:
    path = tmp_path_factory.mktemp("layers") / "torn.fs"
    path.write_text('/*{"ISFVSN": "2", "INPUTS": []}*/\nvoid main() {\n    nonsense;\n}\n')
    easel = Easel(gl, {"torn": load_shader(path)})
    with pytest.raises(FileError, match=r"torn\.fs:3"):
        easel.draw("torn", SIZE)
    rest(gl)
    easel.release()
