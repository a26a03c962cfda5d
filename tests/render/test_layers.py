"""ISF generators as other people write them, drawn into the atlas; and tiles that move."""

from collections.abc import Iterator, Mapping
from pathlib import Path

import moderngl
import msgspec
import numpy as np
import pytest
from numpy.typing import NDArray

from performer.circle import palettes
from performer.circle.circle import Circle
from performer.frame import Frame
from performer.render.isf.atlas import BUDGET, layout
from performer.render.isf.source import ALONE, LAYER, sources
from performer.render.layers import Layers
from performer.render.renderer import Renderer
from performer.render.scene import View
from performer.show.isf import Shader, load_shader, parse_header
from performer.show.shows import Library

from .scenes import PIPELINE, held, read, rest, send, settled

SIZE = (64, 36)
DT = 1 / 30


class Atelier:
    """Draws generators of our own with people who have them."""

    def __init__(self, gl: moderngl.Context, library: Library, folder: Path) -> None:
        self.gl, self.library, self.folder = gl, library, folder
        self.made: list[Layers] = []

    def layers(self, **bodies: str) -> Layers:
        """Layers of these generators; each body begins with its header."""
        generators = {
            name: parse_header(text, self.folder / f"{name}.fs") for name, text in bodies.items()
        }
        self.made.append(Layers(self.gl, generators, PIPELINE))
        return self.made[-1]

    def frame(self, name: str, people: int = 2, values: Mapping[str, float] | None = None) -> Frame:
        """A Frame in which everybody has that generator."""
        circle = Circle(self.library, people, 1)
        circle.people.generators[:] = circle.people.wanted[:] = [name] * circle.people.capacity
        return settled(held(circle, values or {}), 2)

    def drawn(self, text: str, frame: Frame | None = None) -> NDArray[np.float64]:
        """The OKLab tile of row 0, bottom row first."""
        layers = self.layers(mine=text)
        layers.draw(frame or self.frame("mine"), SIZE)
        assert not layers.broken, layers.broken
        return tile(layers, 0)

    def release(self) -> None:
        rest(self.gl)
        for one in self.made:
            one.release()


def tile(layers: Layers, row: int) -> NDArray[np.float64]:
    """One tile of the atlas, OKLab, (h, w, 3), bottom row first."""
    w, h = layers.tile
    x, y = row % layers.grid[0] * w, row // layers.grid[0] * h
    return read(layers.atlas)[::-1][y : y + h, x : x + w, :3].astype(np.float64)


def oklab(red: float, green: float, blue: float) -> NDArray[np.float64]:
    """Encoded sRGB to OKLab, by Ottosson's own matrices."""
    r, g, b = palettes.decoded(np.array([red, green, blue]))
    lms = np.cbrt(
        [0.4122214708 * r + 0.5363325363 * g + 0.0514459929 * b,
         0.2119034982 * r + 0.6806995451 * g + 0.1073969566 * b,
         0.0883024619 * r + 0.2817188376 * g + 0.6299787005 * b]
    )  # fmt: skip
    return np.array(
        [[0.2104542553, 0.7936177850, -0.0040720468],
         [1.9779984951, -2.4285922050, 0.4505937099],
         [0.0259040371, 0.7827717662, -0.8086757660]]
    ) @ lms  # fmt: skip


def shows(found: NDArray[np.float64], red: float, green: float, blue: float) -> None:
    """The whole tile has this colour."""
    assert np.abs(found - oklab(red, green, blue)).max() < 2e-3


@pytest.fixture
def atelier(gl: moderngl.Context, library: Library, tmp_path: Path) -> Iterator[Atelier]:
    made = Atelier(gl, library, tmp_path)
    yield made
    made.release()


def isf(inputs: str, body: str) -> str:
    return f'/*{{"ISFVSN": "2", "INPUTS": [{inputs}]}}*/\n{body}'


# ---- what ISF files do ----------------------------------------------------------------------


def test_a_plain_colour_becomes_oklab(atelier: Atelier) -> None:
    shows(atelier.drawn(isf("", "void main() { gl_FragColor = vec4(0.8, 0.4, 0.1, 1.0); }")),
          0.8, 0.4, 0.1)  # fmt: skip


def test_every_kind_of_input_arrives(atelier: Atelier) -> None:
    inputs = """
        {"NAME": "f", "TYPE": "float", "DEFAULT": 0.25},
        {"NAME": "b", "TYPE": "bool", "DEFAULT": true},
        {"NAME": "n", "TYPE": "long", "DEFAULT": 2, "VALUES": [0, 2, 5]},
        {"NAME": "p", "TYPE": "point2D", "DEFAULT": [0.5, 0.75]},
        {"NAME": "c", "TYPE": "color", "DEFAULT": [0.2, 0.4, 0.6, 0.8]},
        {"NAME": "e", "TYPE": "event"}"""
    body = """void main() {
        bool right = b && !e && n == 2 && abs(f - 0.25) < 1e-6
            && distance(p, vec2(0.5, 0.75)) < 1e-6 && distance(c, vec4(0.2, 0.4, 0.6, 0.8)) < 1e-6;
        gl_FragColor = right ? vec4(0.0, 1.0, 0.0, 1.0) : vec4(1.0, 0.0, 0.0, 1.0);
    }"""
    shows(atelier.drawn(isf(inputs, body)), 0.0, 1.0, 0.0)


def test_a_persons_own_inputs_arrive_and_nobody_elses(atelier: Atelier) -> None:
    text = isf('{"NAME": "level", "TYPE": "float", "DEFAULT": 0.2}',
               "void main() { gl_FragColor = vec4(vec3(level), 1.0); }")  # fmt: skip
    layers = atelier.layers(mine=text)
    frame = atelier.frame("mine")
    frame.people.inputs.flags.writeable = True
    frame.people.inputs[1, 0] = 0.7
    layers.draw(frame, SIZE)
    shows(tile(layers, 0), 0.2, 0.2, 0.2)
    shows(tile(layers, 1), 0.7, 0.7, 0.7)


def test_feelings_colours_and_time_are_the_persons(atelier: Atelier) -> None:
    inputs = ", ".join(
        [f'{{"NAME": "{n}", "TYPE": "float"}}'
         for n in ("energy", "breath", "wave", "valence", "arousal", "seed")]
        + [f'{{"NAME": "{n}", "TYPE": "color"}}' for n in ("ground", "tone", "kin", "accent")]
    )  # fmt: skip
    frame = atelier.frame("mine")
    p = frame.people
    body = f"""void main() {{
        float off = abs(energy - {p.energy[0]:.8f}) + abs(breath - {p.breath[0]:.8f})
            + abs(wave - {p.wave[0]:.8f}) + abs(valence - ({p.valence[0]:.8f}))
            + abs(arousal - ({p.arousal[0]:.8f})) + abs(seed - {p.seed[0]:.8f})
            + abs(TIME - {p.time[0]:.8f}) * 0.01 + abs(TIMEDELTA - {frame.dt:.8f});
        off += distance(tone.rgb, vec3({", ".join(f"{c:.8f}" for c in p.colours[0, 3:6])}));
        off += distance(accent.rgb, vec3({", ".join(f"{c:.8f}" for c in p.colours[0, 9:12])}));
        off += float(FRAMEINDEX != {frame.index} || PASSINDEX != 0);
        gl_FragColor = vec4(off < 1e-4 ? vec3(0.0, 1.0, 0.0) : vec3(1.0, 0.0, 0.0), 1.0);
    }}"""
    shows(atelier.drawn(isf(inputs, body), frame), 0.0, 1.0, 0.0)


@pytest.mark.parametrize("beat", [0.25, 7.75, 959.875, 960.5, 12345678.625])
@pytest.mark.parametrize("writes", ["", "level += 0.0;"])
def test_the_beat_is_there_undeclared_and_fine_for_ever(
    atelier: Atelier, beat: float, writes: str
) -> None:
    frame = msgspec.structs.replace(atelier.frame("mine"), beat=beat)
    body = f"""void main() {{
        {writes}
        bool right = abs(BEAT - {beat % 960.0:.6f}) < 1e-4;
        gl_FragColor = vec4(right ? vec3(fract(BEAT)) : vec3(1.0, 0.0, 0.0), 1.0);
    }}"""
    inputs = '{"NAME": "level", "TYPE": "float"}'
    shows(atelier.drawn(isf(inputs, body), frame), *(3 * [beat % 1.0]))


def test_the_beat_moves_from_frame_to_frame_in_every_program(atelier: Atelier) -> None:
    body = "void main() { gl_FragColor = vec4(vec3(BEAT / 4.0), 1.0); }"
    layers = atelier.layers(mine=isf("", body))
    frame = atelier.frame("mine")
    for beat in (1.0, 2.0, 3.0):
        layers.draw(msgspec.structs.replace(frame, beat=beat), SIZE)
        shows(tile(layers, 1), *(3 * [beat / 4.0]))


def test_a_shader_may_write_to_its_inputs(atelier: Atelier) -> None:
    inputs = '{"NAME": "level", "TYPE": "float", "DEFAULT": 0.2}, {"NAME": "on", "TYPE": "bool"}'
    body = """void raise() { level += 0.3; on = !on; }
    void main() { raise(); gl_FragColor = vec4(vec3(on ? level : 0.0), 1.0); }"""
    shows(atelier.drawn(isf(inputs, body)), 0.5, 0.5, 0.5)


@pytest.mark.parametrize("writes", ["", "x += 0.0;"])
@pytest.mark.parametrize("name", ["cell", "corner", "a3", "a7", "row", "v_x"])
def test_inputs_may_be_called_what_the_host_calls_things(
    atelier: Atelier, name: str, writes: str
) -> None:
    for kind, default, used in (
        ("float", "0.6", name),
        ("color", "[0.6, 0.6, 0.6, 1]", f"{name}.r"),
    ):
        body = f"float x = {used}; {writes} gl_FragColor = vec4(vec3(x), 1.0);"
        header = f'{{"NAME": "{name}", "TYPE": "{kind}", "DEFAULT": {default}}}'
        text = isf(header, f"void main() {{ {body} }}")
        shows(atelier.drawn(text), 0.6, 0.6, 0.6)


def test_coordinates_are_the_tiles_own(atelier: Atelier) -> None:
    body = """void main() {
        vec2 here = gl_FragCoord.xy / RENDERSIZE;
        gl_FragColor = vec4(here, distance(here, isf_FragNormCoord) < 1e-5 ? 0.0 : 1.0, 1.0);
    }"""
    layers = atelier.layers(mine=isf("", body))
    layers.draw(atelier.frame("mine", 4), SIZE)
    w, h = layers.tile
    for row in range(4):
        found = tile(layers, row)
        for x, y in ((0, 0), (w - 1, 0), (0, h - 1), (w // 2, h // 2)):
            wanted = oklab((x + 0.5) / w, (y + 0.5) / h, 0.0)
            assert np.abs(found[y, x] - wanted).max() < 4e-3


@pytest.mark.parametrize(
    "main", ["void main()", "void  main ( )", "void main(void)", "void\nmain()"]
)
def test_main_may_be_written_as_people_write_it(atelier: Atelier, main: str) -> None:
    shows(atelier.drawn(isf("", f"{main} {{ gl_FragColor = vec4(1.0); }}")), 1.0, 1.0, 1.0)


@pytest.mark.parametrize("bad", ["0.0 / 0.0", "1.0 / 0.0", "-1.0 / 0.0", "sqrt(-1.0)"])
def test_numbers_that_are_none_never_reach_the_atlas(atelier: Atelier, bad: str) -> None:
    body = f"void main() {{ float z = TIME * 0.0; gl_FragColor = vec4({bad} + z, 0.5, z, 1.0); }}"
    assert np.isfinite(atelier.drawn(isf("", body))).all()


def test_a_veil_goes_to_the_darkened_ground(atelier: Atelier) -> None:
    frame = atelier.frame("mine")
    frame.people.veil.flags.writeable = True
    frame.people.veil[0] = 1.0
    found = atelier.drawn(isf("", "void main() { gl_FragColor = vec4(1.0); }"), frame)
    light, *colour = oklab(*(float(c) for c in frame.people.colours[0, :3]))
    assert np.abs(found - [0.5 * light, *colour]).max() < 2e-3


# ---- shaders that do not compile ------------------------------------------------------------

BROKEN = isf(
    '{"NAME": "level", "TYPE": "float"}',
    "float fine() { return 1.0; }\n\nvoid main() {\n    gl_FragColor = vec4(oops);\n}",
)


def test_an_error_has_the_authors_line(gl: moderngl.Context, tmp_path: Path) -> None:
    header = '/*{\n  "INPUTS": [\n  ]\n}*/\n'
    path = tmp_path / "mine.fs"
    path.write_text(header + "// one\n\nvoid main() {\n    gl_FragColor = vec4(oops);\n}\n")
    layers = Layers(gl, {"mine": load_shader(path)}, PIPELINE)
    list(layers.warm(["mine"]))
    problem = layers.broken["mine"].problems[0]
    assert problem.line == 8
    assert "oops" in problem.message
    assert str(layers.broken["mine"]).startswith(f"{path}:8: ")
    rest(gl)
    layers.release()


def test_the_authors_lines_keep_their_numbers(tmp_path: Path) -> None:
    generator: Shader = parse_header(BROKEN, tmp_path / "mine.fs")
    written = BROKEN.splitlines()
    for wrapping in (LAYER, ALONE):
        for yielding in (False, True):
            source = sources(generator, 0, wrapping, yielding)[1]
            theirs = [o[1] for o in source.origin if o is not None]
            assert theirs == list(range(2, 7))
            lines = source.text.splitlines()
            for text, origin in zip(lines, source.origin, strict=True):
                if origin is None or "main" in text or "gl_" in written[origin[1] - 1]:
                    continue
                assert text == written[origin[1] - 1]


def test_a_shader_that_does_not_compile_is_drawn_plain_and_the_show_goes_on(
    gl: moderngl.Context, library: Library, tmp_path: Path
) -> None:
    generators = {**library.generators, "moon": parse_header(BROKEN, tmp_path / "moon.fs")}
    renderer = Renderer(gl, generators, PIPELINE)
    assert list(renderer.warm(["moon", "ink"])) == ["plain", "moon", "ink"]
    assert set(renderer.broken) == {"moon"}
    circle = Circle(library, 6, 1)
    view = View("master", SIZE)
    for _ in range(59):
        renderer.draw(circle.step(DT), [view])
    picture = renderer.draw(circle.step(DT), [view])[view]
    assert "moon" in circle.people.generators
    row = circle.people.generators.index("moon")
    plain = tile(renderer.layers, row)
    assert plain[..., 0].max() > plain[..., 0].min() + 0.02, "a soft light, not a hole"
    assert picture.pixels()[..., :3].max() > 20
    rest(gl)
    renderer.release()


# ---- tiles ----------------------------------------------------------------------------------


@pytest.mark.parametrize("capacity", [4, 8, 16, 32, 64, 128, 256])
@pytest.mark.parametrize("size", [(640, 360), (1920, 1080), (96, 54)])
def test_all_tiles_together_stay_within_the_budget(capacity: int, size: tuple[int, int]) -> None:
    surface = layout(capacity, size, 1.0)
    (across, down), (w, h) = surface.grid, surface.tile
    assert across * down >= capacity
    if min(w, h) > 8:
        assert across * down * w * h <= BUDGET * size[0] * size[1]
        assert across * down * w * h >= 0.6 * min(BUDGET, capacity) * size[0] * size[1]


def test_somebody_who_leaves_keeps_the_last_picture(renderer: Renderer, library: Library) -> None:
    circle, view = Circle(library, 3, 1), View("master", SIZE)
    settled(circle, 60)
    renderer.draw(circle.step(DT), [view])
    last = tile(renderer.layers, 1)
    send(circle, "/participant/sim-2/leave")
    for _ in range(30):
        renderer.draw(circle.step(DT), [view])
        assert np.array_equal(tile(renderer.layers, 1), last)
        assert not np.array_equal(tile(renderer.layers, 0), last)
    for _ in range(90):
        renderer.draw(circle.step(DT), [view])
    assert "sim-2" not in circle.people.ids


def test_growth_and_quality_move_what_is_not_drawn_again(
    renderer: Renderer, library: Library
) -> None:
    """The picture of somebody who leaves survives every change of the atlas's shape."""
    circle, view = Circle(library, 4, 1), View("master", (160, 90))
    settled(circle, 60)
    renderer.draw(circle.step(DT), [view])
    was = tile(renderer.layers, 2).mean(axis=(0, 1))
    send(circle, "/participant/sim-3/leave")
    shapes = {renderer.layers.grid}
    for k, quality in enumerate((1.0, 0.71, 0.5, 0.84, 1.0, 1.0, 0.59, 1.0)):
        for j in range(2):
            send(circle, f"/participant/guest-{2 * k + j}/join")
        frame = circle.step(DT, 0, quality)
        renderer.draw(frame, [view])
        shapes.add(renderer.layers.grid)
        assert circle.people.leaving[2]
        found = tile(renderer.layers, 2).mean(axis=(0, 1))
        assert np.abs(found - was).max() < 0.01
    assert shapes == {(2, 2), (3, 3), (4, 4), (6, 6)} or len(shapes) >= 3


def test_neither_growth_nor_quality_flashes(renderer: Renderer, library: Library) -> None:
    """What an ordinary frame changes, and no more: measured before the guard."""
    circle, view = Circle(library, 3, 1), View("master", (160, 90))
    held(circle, {"/look/grain": 0.0})
    settled(circle, 60)
    before: NDArray[np.float64] | None = None
    changes: list[float] = []
    for k in range(60):
        if k == 20:  # the fourth row is there: capacity stays, then grows to 8
            send(circle, "/participant/one/join")
            send(circle, "/participant/two/join")
        quality = 0.71 if 35 <= k < 45 else 1.0
        frame = circle.step(DT, 0, quality)
        picture = renderer.draw(frame, [view])[view]
        assert picture.pixels().shape == (90, 160, 4)
        light = read_light(renderer, view)
        if before is not None:
            changes.append(float(np.abs(light - before).max()))
        before = light
    assert circle.people.capacity == 8
    assert max(changes) < 0.06, f"frame {int(np.argmax(changes)) + 1}"


def read_light(renderer: Renderer, view: View) -> NDArray[np.float64]:
    """Mean linear light of 8x8 blocks before the guard, whatever the scale."""
    found = read(renderer.scene(view).light)[..., :3].astype(np.float64)
    blocks = [
        part.mean(axis=(0, 1))
        for row in np.array_split(found, 8, axis=0)
        for part in np.array_split(row, 8, axis=1)
    ]
    return np.array(blocks)
