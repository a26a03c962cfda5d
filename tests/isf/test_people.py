"""Shaders with memory and passes, drawn for many people at once: everybody's buffers are their own.

What is in a buffer is read from the card itself; the veil and OKLab come after it.
"""

from collections.abc import Iterator
from pathlib import Path

import moderngl
import numpy as np
import pytest
from numpy.typing import NDArray

from performer.circle.circle import Circle
from performer.frame import Frame
from performer.render.isf.atlas import BUDGET
from performer.render.isf.buffers import Buffer
from performer.render.layers import Layers
from performer.show.isf import parse_header
from performer.show.shows import Library
from tests.render.scenes import PIPELINE, read, rest, send, settled

SIZE = (96, 54)
LEVEL = '{"NAME": "level", "TYPE": "float", "DEFAULT": 0.125, "MAX": 100}'


def isf(passes: str, body: str, inputs: str = LEVEL) -> str:
    return f'/*{{"ISFVSN": "2", "INPUTS": [{inputs}], "PASSES": [{passes}]}}*/\n{body}'


SUM = isf(
    '{"TARGET": "sum", "PERSISTENT": true, "FLOAT": true}, {}',
    """void main() {
        if (PASSINDEX == 0) {
            vec4 was = IMG_THIS_PIXEL(sum);
            gl_FragColor = vec4(was.r + level, float(FRAMEINDEX), was.b * 0.5 + 0.25, was.a + 1.0);
        } else gl_FragColor = vec4(IMG_THIS_PIXEL(sum).rrr, 1.0);
    }""",
)
"""Adds everybody's level, and keeps FRAMEINDEX and a count of its own."""


class Company:
    """People who all have one generator, and what is drawn of them."""

    def __init__(self, gl: moderngl.Context, library: Library, people: int = 3) -> None:
        self.gl, self.circle = gl, Circle(library, people, 1)
        self.levels: dict[int, float] = {}
        self.others: dict[int, str] = {}
        self.strangers: dict[int, str] = {}
        self.layers = Layers(gl, {}, PIPELINE)
        settled(self.circle, 1)

    def wear(self, **bodies: str) -> None:
        """The generators there are; everybody has the one called `mine`."""
        self.layers.release()
        shaders = {n: parse_header(text, Path(f"{n}.fs")) for n, text in bodies.items()}
        self.layers = Layers(self.gl, shaders, PIPELINE)

    def frame(self, quality: float = 1.0) -> Frame:
        """The next Frame, with everybody's levels in it."""
        frame = self.circle.step(1 / 30, 0, quality)
        people = frame.people
        for row, _ in enumerate(people.ids):
            people.generators[row] = self.others.get(row, "mine")
        people.ids = [self.strangers.get(row, i) for row, i in enumerate(people.ids)]
        people.inputs = people.inputs.copy()
        people.leaving = np.zeros_like(people.leaving)  # as simulated people do when others come
        for row, level in self.levels.items():
            people.inputs[row, 0] = level
        return frame

    def draw(self, frames: int = 1, quality: float = 1.0, size: tuple[int, int] = SIZE) -> None:
        for _ in range(frames):
            self.layers.draw(self.frame(quality), size)
        assert not self.layers.broken, self.layers.broken

    def buffer(self, name: str) -> Buffer:
        program = self.layers.programs.get("mine")
        assert program is not None
        return program.buffers.all[name]

    def kept(self, name: str, row: int) -> NDArray[np.float64]:
        """What a person's buffer holds, (h, w, 4), bottom row first."""
        buffer = self.buffer(name)
        (x, y), (w, h) = buffer.surface.corner(row), buffer.surface.tile
        return read(buffer.drawn)[::-1][y : y + h, x : x + w].astype(np.float64)

    def shown(self, row: int) -> NDArray[np.float64]:
        """A person's tile, OKLab (h, w, 3), bottom row first."""
        (x, y), (w, h) = self.layers.surface.corner(row), self.layers.tile
        return read(self.layers.atlas)[::-1][y : y + h, x : x + w, :3].astype(np.float64)


@pytest.fixture
def company(clean_gl: moderngl.Context, library: Library) -> Iterator[Company]:
    made = Company(clean_gl, library)
    yield made
    rest(clean_gl)
    made.layers.release()


def holds(found: NDArray[np.float64], *wanted: float, within: float = 1e-4) -> None:
    """Every pixel holds this; a neighbour would be off by much more than places are rounded."""
    assert np.abs(found - np.array(wanted)).max() < within, found[0, 0]


def test_everybody_remembers_what_is_theirs(company: Company) -> None:
    company.wear(mine=SUM)
    company.levels = {0: 0.5, 1: 2.0}
    company.draw(4)
    holds(company.kept("sum", 0), 2.0, 3.0, 0.46875, 4.0)
    holds(company.kept("sum", 1), 8.0, 3.0, 0.46875, 4.0)
    holds(company.kept("sum", 2), 0.5, 3.0, 0.46875, 4.0)
    company.levels[1] = -4.0
    company.draw(1)
    holds(company.kept("sum", 1), 4.0, 4.0, 0.484375, 5.0)
    holds(company.kept("sum", 0), 2.5, 4.0, 0.484375, 5.0)
    dark, light = company.shown(2)[..., 0], company.shown(0)[..., 0]
    assert dark.max() < light.min(), "a sum of 0.625 beside 2.5"


def test_who_is_new_in_a_row_begins_with_nothing(company: Company) -> None:
    company.wear(mine=SUM)
    company.draw(5)
    company.strangers[1] = "somebody"
    company.draw(1)
    holds(company.kept("sum", 0), 0.75, 5.0, 0.4921875, 6.0)
    holds(company.kept("sum", 1), 0.125, 0.0, 0.25, 1.0)
    company.draw(2)
    holds(company.kept("sum", 1), 0.375, 2.0, 0.4375, 3.0)
    holds(company.kept("sum", 2), 1.0, 7.0, 0.498046875, 8.0)


def test_who_comes_back_to_a_generator_begins_with_nothing(company: Company) -> None:
    company.wear(mine=SUM, other=isf("", "void main() { gl_FragColor = vec4(level); }"))
    company.draw(3)
    company.others[2] = "other"
    company.draw(2)
    company.others.clear()
    company.draw(1)
    holds(company.kept("sum", 2), 0.125, 0.0, 0.25, 1.0)
    holds(company.kept("sum", 0), 0.75, 5.0, 0.4921875, 6.0)


PLACES = [(x, y) for x in (-0.5, 0.0, 0.001, 0.999, 1.0, 1.5) for y in (-2.0, 0.0, 1.0, 3.0)]


@pytest.mark.parametrize("size", ["", ', "WIDTH": "$WIDTH / 2", "HEIGHT": 3'])
def test_nobody_sees_over_the_edge_of_their_tile(company: Company, size: str) -> None:
    """Reading between pixels, at edges and far outside of them."""
    reads = [f"IMG_NORM_PIXEL(flat, vec2({x}, {y}))" for x, y in PLACES]
    reads += [f"IMG_PIXEL(flat, vec2({x}, {y}) * IMG_SIZE(flat))" for x, y in PLACES]
    reads.append("texture2D(flat, isf_FragNormCoord * 3.0 - 1.0)")
    least = "\n".join(f"least = min(least, {r}); most = max(most, {r});" for r in reads)
    company.wear(
        mine=isf(
            f'{{"TARGET": "flat", "FLOAT": true{size}}}, {{"TARGET": "seen", "FLOAT": true}}, {{}}',
            f"""void main() {{
                if (PASSINDEX == 0) gl_FragColor = vec4(level);
                vec4 least = vec4(1e9), most = vec4(-1e9);
                if (PASSINDEX == 1) {{ {least} gl_FragColor = vec4(least.r, most.r, 0.0, 1.0); }}
            }}""",
        )
    )
    company.levels = {0: 1.0, 1: 50.0, 2: 7.0, 3: 99.0}
    company.draw(1)
    for row in range(3):
        level = company.levels[row]
        holds(company.kept("seen", row), level, level, 0.0, 1.0)


def test_every_tile_has_places_of_its_own(company: Company) -> None:
    company.wear(
        mine=isf(
            '{"TARGET": "places", "FLOAT": true, "PERSISTENT": true}, {}',
            "void main() { gl_FragColor = vec4(gl_FragCoord.xy, isf_FragNormCoord * RENDERSIZE); }",
        )
    )
    company.draw(1)
    for row in range(3):
        found = company.kept("places", row)
        y, x = np.mgrid[: found.shape[0], : found.shape[1]] + 0.5
        assert np.abs(found - np.stack([x, y, x, y], axis=2)).max() < 1e-3


def test_memory_follows_when_people_join_and_when_quality_changes(company: Company) -> None:
    """Capacity grows from 4 to 8 to 16; nothing of a neighbour comes in on the way."""
    company.wear(mine=SUM)
    company.levels = {0: 0.0, 1: 2.0, 2: 0.5}
    capacities: list[int] = []
    for k, quality in enumerate((1.0, 0.71, 1.0, 0.5, 0.84, 1.0, 0.6, 1.0, 1.0)):
        if k:
            for j in range(2):
                send(company.circle, f"/participant/guest-{2 * k + j}/join")
        company.draw(2, quality)
        capacities.append(company.circle.people.capacity)
        frames = 2.0 * (k + 1)
        holds(company.kept("sum", 0)[..., [0, 1, 3]], 0.0, frames - 1, frames, within=1e-3)
        holds(company.kept("sum", 1)[..., [0, 1, 3]], 2.0 * frames, frames - 1, frames, within=1e-3)
        holds(company.kept("sum", 2)[..., [0, 1, 3]], 0.5 * frames, frames - 1, frames, within=1e-3)
    assert set(capacities) >= {4, 8, 16}


def test_a_picture_keeps_its_shape_when_tiles_do_not(company: Company) -> None:
    company.wear(
        mine=isf(
            '{"TARGET": "ramp", "PERSISTENT": true, "FLOAT": true}, {}',
            """void main() {
                vec4 drawn = vec4(isf_FragNormCoord, level, 1.0);
                gl_FragColor = FRAMEINDEX == 0 ? drawn : IMG_THIS_PIXEL(ramp);
            }""",
        )
    )
    company.levels = {0: 1.0, 1: 0.0, 2: 1.0}
    company.draw(1)
    for quality in (0.7, 1.0, 0.5, 1.0):
        company.draw(2, quality)
        found = company.kept("ramp", 1)
        h, w = found.shape[:2]
        y, x = np.mgrid[:h, :w]
        assert np.abs(found[..., 0] - (x + 0.5) / w).max() < 1.5 / w
        assert np.abs(found[..., 1] - (y + 0.5) / h).max() < 1.5 / h
        assert np.abs(found[..., 2]).max() < 1e-6, "of the neighbours"


SIZES = [
    ("", ""), ("$WIDTH * 4", "$HEIGHT * 4"), ("4096", "4096"), ("$level * 1000", "$HEIGHT"),
    ("1e30", "1e-30"), ("-5", "0"), ("$WIDTH / 0", "1 / (level - level)"),
]  # fmt: skip


@pytest.mark.parametrize(("width", "height"), SIZES)
def test_all_buffers_stay_within_their_budget(company: Company, width: str, height: str) -> None:
    height = height.replace("level", "$level")
    sized = f'"WIDTH": "{width}", "HEIGHT": "{height}"'
    company.wear(
        mine=isf(
            f'{{"TARGET": "a", {sized}, "PERSISTENT": true}}, {{"TARGET": "b", {sized}}}, {{}}',
            "void main() { gl_FragColor = vec4(level) + IMG_THIS_PIXEL(a) + IMG_THIS_PIXEL(b); }",
        )
    )
    company.levels = {0: 100.0}
    for k in range(4):
        for j in range(3 * k):
            send(company.circle, f"/participant/guest-{k}-{j}/join")
        company.draw(1, (1.0, 0.5, 1.0, 0.8)[k])
        for name in ("a", "b"):
            for atlas in company.buffer(name).atlases:
                w, h = atlas.size
                assert 1 <= w * h <= BUDGET * SIZE[0] * SIZE[1]
                assert max(w, h) <= 4096 * company.buffer(name).surface.grid[0]


def test_a_size_is_what_the_author_says_where_it_fits(company: Company) -> None:
    """One pixel of state, a row of numbers; of sizes that depend on people, the largest."""
    company.wear(
        mine=isf(
            '{"TARGET": "state", "WIDTH": 1, "HEIGHT": 1, "PERSISTENT": true, "FLOAT": true}, '
            '{"TARGET": "row", "WIDTH": 5, "HEIGHT": 1, "FLOAT": true}, '
            '{"TARGET": "played", "WIDTH": "$level + 2", "HEIGHT": "$HEIGHT / 3"}, {}',
            """void main() {
                if (PASSINDEX == 0) gl_FragColor = IMG_NORM_PIXEL(state, vec2(0.5)) + vec4(level);
                if (PASSINDEX == 1) gl_FragColor = vec4(gl_FragCoord.x, level, RENDERSIZE);
            }""",
        )
    )
    company.levels = {0: 1.0, 1: 3.0, 2: 2.0}
    company.draw(2)
    assert [company.kept(n, 0).shape[:2] for n in ("state", "row")] == [(1, 1), (1, 5)]
    assert company.buffer("played").surface.tile == (5, company.layers.tile[1] // 3)
    holds(company.kept("state", 1), 6.0, 6.0, 6.0, 6.0)
    holds(company.kept("state", 2), 4.0, 4.0, 4.0, 4.0)
    across = company.kept("row", 1)
    assert across[0, :, 0].tolist() == [0.5, 1.5, 2.5, 3.5, 4.5]
    holds(across[..., 1:], 3.0, 5.0, 1.0)


def test_who_is_elsewhere_changes_nothing_of_a_generator(company: Company) -> None:
    """Two generators with memory at the same time, in one atlas each."""
    company.wear(mine=SUM, other=SUM.replace("level,", "10.0 * level,"))
    company.others = {1: "other"}
    company.draw(3)
    holds(company.kept("sum", 0)[..., [0, 3]], 0.375, 3.0)
    holds(company.kept("sum", 1), 0.0, 0.0, 0.0, 0.0)
    other = company.layers.programs.get("other")
    assert other is not None
    buffer = other.buffers.all["sum"]
    (x, y), (w, h) = buffer.surface.corner(1), buffer.surface.tile
    holds(read(buffer.drawn)[::-1][y : y + h, x : x + w, :1].astype(np.float64), 3.75)


@pytest.mark.parametrize("bad", ["1.0 / zero", "zero / zero", "sqrt(zero - 1.0)", "-1e5", "3e38"])
def test_numbers_that_are_none_stay_with_whom_they_belong_to(company: Company, bad: str) -> None:
    """Nothing times infinity is no number: between pixels it would eat its way through all."""
    company.wear(
        mine=isf(
            '{"TARGET": "a", "PERSISTENT": true, "FLOAT": true}, '
            '{"TARGET": "b", "FLOAT": true}, {}',
            f"""void main() {{
                float zero = level - 1.0;
                vec4 blurred = 0.25 * IMG_PIXEL(a, gl_FragCoord.xy + 0.5)
                    + 0.75 * IMG_PIXEL(a, gl_FragCoord.xy - 0.5);
                if (PASSINDEX == 0) gl_FragColor = level == 1.0 ? vec4({bad}) : blurred + level;
                else if (PASSINDEX == 1) gl_FragColor = IMG_THIS_PIXEL(a);
                else gl_FragColor = IMG_THIS_PIXEL(b);
            }}""",
        )
    )
    company.levels = {0: 0.5, 1: 1.0, 2: 0.25}
    company.draw(6, 1.0)
    company.draw(6, 0.7)
    company.draw(6, 1.0)
    for name in ("a", "b"):
        holds(company.kept(name, 0), *4 * [9.0])
        holds(company.kept(name, 2), *4 * [4.5])
    assert np.isfinite(company.kept("a", 1)).all()
    for row in range(3):
        assert np.isfinite(company.shown(row)).all()
