"""What shaders read of each person: inputs as hands set them, moved by modulation, in range."""

import moderngl
import msgspec
import numpy as np
import pytest

from performer.circle.circle import Circle
from performer.frame import INPUTS, Floats, Frame, copied
from performer.render.isf.source import OWN, TEXELS
from performer.render.rows import Rows
from performer.show.shows import Library


def inputs(rows: Rows, frame: Frame) -> Floats:
    """Everybody's own inputs as they are on the graphics card, shape (256, INPUTS)."""
    rows.upload(frame)
    texels = np.frombuffer(rows.texture.read(), np.float32).reshape(-1, TEXELS, 4)
    return texels[:, OWN:].reshape(-1, INPUTS).astype(np.float64)


def test_modulation_moves_inputs_within_their_ranges_and_no_others(
    gl: moderngl.Context, library: Library
) -> None:
    frame = Circle(library, people=6, seed=2).step(1 / 60)
    moon = frame.people.generators.index("moon")
    slots, own = library.generators["moon"].slots, library.generators["moon"].own
    tide, haze = slots["tide"].start, slots["haze"].start
    rows = Rows(gl, library.generators)
    try:
        still = inputs(rows, frame)
        defaults = {slots[i.name].start: i.default[0] for i in own}
        assert still[moon, list(defaults)] == pytest.approx(list(defaults.values()))
        people = copied(frame.people)
        people.inputs = people.inputs.copy()
        people.swing = people.swing.copy()
        people.inputs[moon, tide] = 0.9
        people.swing[moon, tide], people.swing[moon, haze] = -0.25, 2.0
        found = inputs(rows, msgspec.structs.replace(frame, people=people))
        assert found[moon, tide] == pytest.approx(0.65)
        assert found[moon, haze] == 1.0
        found[moon, [tide, haze]] = still[moon, [tide, haze]]
        assert np.array_equal(found, still)
    finally:
        rows.release()
