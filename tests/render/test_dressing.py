"""Effects on the scene and on layers, and transitions between two presets, drawn whole."""

from collections.abc import Iterator, Mapping
from itertools import pairwise
from pathlib import Path

import moderngl
import msgspec
import numpy as np
import pytest
from numpy.typing import NDArray

from performer.circle.circle import Circle
from performer.frame import NO_CROSSING, Crossing, Frame, Worn, copied
from performer.parameters import TREE
from performer.render.isf.cache import Programs
from performer.render.isf.shared import Shared
from performer.render.passes import Target
from performer.render.renderer import Renderer
from performer.render.scene import View
from performer.show.isf import Shader, parse_header
from performer.show.shows import EFFECTS, TRANSITIONS, Library

from .scenes import PIPELINE, held, rest, settled

SIZE = (96, 54)
VIEW = View("master", SIZE)
IMAGE = '{"NAME": "inputImage", "TYPE": "image"}'
Lab = NDArray[np.float32]


def isf(inputs: str, body: str, more: str = "") -> str:
    return f'/*{{"ISFVSN": "2", "INPUTS": [{inputs}]{more}}}*/\n{body}'


GREY = isf("", "void main() { gl_FragColor = vec4(vec3(0.5 + 0.2 * isf_FragNormCoord.x), 1.0); }")
RED = isf(
    IMAGE, "void main() { gl_FragColor = vec4(IMG_THIS_PIXEL(inputImage).r, 0.0, 0.0, 1.0); }"
)
MIRROR = isf(
    IMAGE,
    """void main() {
    gl_FragColor = IMG_NORM_PIXEL(inputImage, vec2(1.0 - isf_FragNormCoord.x, isf_FragNormCoord.y));
}""",
)
LEVEL = isf(
    IMAGE + ', {"NAME": "level", "TYPE": "float", "MIN": 0.0, "MAX": 4.0, "DEFAULT": 1.0}',
    "void main() { gl_FragColor = vec4(vec3(0.25 * level), 1.0); }",
)
COUNT = isf(
    IMAGE,
    """void main() {
    if (PASSINDEX == 0) gl_FragColor = IMG_THIS_PIXEL(sum) + vec4(0.1);
    else gl_FragColor = vec4(IMG_THIS_PIXEL(sum).rgb, 1.0);
}""",
    ', "PASSES": [{"TARGET": "sum", "PERSISTENT": true, "FLOAT": true}, {}]',
)
NOTHING = isf(IMAGE, "void main() { gl_FragColor = vec4(0.0) / 0.0; }")
WIPE = isf(
    '{"NAME": "startImage", "TYPE": "image"}, {"NAME": "endImage", "TYPE": "image"}, '
    '{"NAME": "progress", "TYPE": "float"}',
    """void main() {
        gl_FragColor = isf_FragNormCoord.x < progress
            ? IMG_THIS_PIXEL(endImage) : IMG_THIS_PIXEL(startImage);
    }""",
)
FILTERS = {"red": RED, "mirror": MIRROR, "level": LEVEL, "count": COUNT, "nothing": NOTHING}


class Stagehand:
    """Draws Frames of a circle in which everybody has one flat dream."""

    def __init__(self, gl: moderngl.Context, library: Library) -> None:
        shaders = {"grey": parse_header(GREY, Path("grey.fs"))}
        shaders |= {EFFECTS + n: parse_header(t, Path(f"{n}.fs")) for n, t in FILTERS.items()}
        shaders[TRANSITIONS + "wipe"] = parse_header(WIPE, Path("wipe.fs"))
        self.gl = gl
        self.renderer = Renderer(gl, shaders, PIPELINE)
        circle = Circle(library, 2, 1)
        circle.people.generators[:] = circle.people.wanted[:] = ["grey"] * circle.people.capacity
        self.frame = settled(held(circle, {"/look/grain": 0.0}), 2)

    def drawn(self, *worn: Worn, crossing: Crossing = NO_CROSSING,
              knobs: Mapping[str, float] | None = None, frames: int = 1) -> Lab:  # fmt: skip
        """The scene in OKLab, effects included, top row first."""
        values = self.frame.values.copy()
        for address, value in (knobs or {}).items():
            values[TREE.index[address]] = value
        frame: Frame = msgspec.structs.replace(
            self.frame, worn=worn, crossing=crossing, values=values
        )
        for _ in range(frames):
            self.frame = msgspec.structs.replace(self.frame, index=self.frame.index + 1)
            frame = msgspec.structs.replace(frame, index=self.frame.index)
            self.renderer.draw(frame, [VIEW])
        seen = self.renderer.scene(VIEW).seen
        pixels = np.frombuffer(seen.read(), np.float16).reshape(seen.height, seen.width, 4)
        return pixels[::-1, :, :3].astype(np.float32)

    def release(self) -> None:
        rest(self.gl)
        self.renderer.release()


@pytest.fixture
def stage(gl: moderngl.Context, library: Library) -> Iterator[Stagehand]:
    made = Stagehand(gl, library)
    yield made
    made.release()


def on(name: str, part: float = 1.0, where: str = "scene", slot: int = 0) -> Worn:
    return Worn(EFFECTS + name, slot, where, part)


def test_an_effect_sees_the_scene_and_the_guard_sees_the_effect(stage: Stagehand) -> None:
    bare = stage.drawn()
    red = stage.drawn(on("red"))
    assert np.abs(bare[..., 1]).max() < 0.02  # grey has no hue
    assert red[..., 1].min() > 0.02
    picture = stage.renderer.draw(stage.frame, [VIEW])
    for _ in range(200):  # the guard lets it through in its own time
        picture = stage.renderer.draw(
            msgspec.structs.replace(stage.frame, worn=(on("red"),), dt=1 / 30), [VIEW]
        )
    pixels = picture[VIEW].pixels()
    assert pixels[..., 0].mean() > 2 * max(1.0, pixels[..., 1].mean())


def test_effects_follow_each_other_in_order(stage: Stagehand) -> None:
    bare, mirrored = stage.drawn(), stage.drawn(on("mirror"))
    assert np.abs(mirrored[:, ::-1] - bare).max() < 0.02
    twice = stage.drawn(on("mirror"), on("mirror", slot=1))
    assert np.abs(twice - bare).max() < 0.02
    levelled = stage.drawn(on("level"), on("red", slot=1), knobs={"/effect/1/knob/1": 0.5})
    assert levelled[..., 1].min() > 0.1
    assert np.ptp(levelled[..., 0]) < 0.01


def test_a_knob_turns_the_authors_input_over_its_range(stage: Stagehand) -> None:
    low, high = (
        stage.drawn(on("level"), knobs={"/effect/1/knob/1": position})[..., 0].mean()
        for position in (0.25, 0.75)
    )
    # grey of 0.25 and 0.75, encoded sRGB, as lightness of OKLab
    assert low == pytest.approx(np.cbrt(((0.25 + 0.055) / 1.055) ** 2.4), abs=0.01)
    assert high == pytest.approx(np.cbrt(((0.75 + 0.055) / 1.055) ** 2.4), abs=0.01)


def test_half_of_an_effect_is_half_way(stage: Stagehand) -> None:
    knobs = {"/effect/1/knob/1": 0.0}
    bare, black = stage.drawn(), stage.drawn(on("level"), knobs=knobs)
    half = stage.drawn(on("level", part=0.5), knobs=knobs)
    assert black.max() < 0.01
    assert (half[..., 0] < bare[..., 0]).all()
    assert half[..., 0].mean() > 0.4 * bare[..., 0].mean()


def test_what_is_no_number_is_what_the_filter_was_given(stage: Stagehand) -> None:
    bare, broken = stage.drawn(), stage.drawn(on("nothing"))
    assert np.abs(broken - bare).max() < 0.02


def test_an_effect_remembers_from_when_it_came_on(stage: Stagehand) -> None:
    assert stage.drawn(on("count"), frames=1)[..., 0].mean() < stage.drawn(
        on("count"), frames=3
    )[..., 0].mean()  # fmt: skip
    stage.frame = msgspec.structs.replace(stage.frame, index=stage.frame.index + 100)
    again = stage.drawn(on("count"), frames=1)[..., 0].mean()
    assert again == pytest.approx(np.cbrt(((0.1 + 0.055) / 1.055) ** 2.4), abs=0.01)


def test_an_effect_on_layers_is_on_the_layers_of_that_generator_only(stage: Stagehand) -> None:
    bare = stage.drawn()
    everybody = stage.drawn(on("red", where="layers"))
    assert everybody[..., 1].min() > 0.01  # the mean comes after in a second
    assert np.abs(bare[..., 1]).max() < 0.005
    assert np.abs(stage.drawn(on("red", where="moon")) - bare).max() < 0.02
    assert np.abs(stage.drawn(on("red", where="grey")) - everybody).max() < 0.02


def own(stage: Stagehand, effects: list[str]) -> None:
    """Gives people effects of their own."""
    people = copied(stage.frame.people)
    people.effects[: len(effects)] = effects
    stage.frame = msgspec.structs.replace(stage.frame, people=people)


def tiles(stage: Stagehand) -> list[float]:
    """Mean lightness and redness, added, of each of two people's tiles."""
    layers = stage.renderer.layers
    (w, h), (across, _) = layers.tile, layers.grid
    atlas = layers.atlas.texture
    data = np.frombuffer(atlas.read(), np.float16).reshape(atlas.height, atlas.width, 4)
    return [
        float(
            data[r // across * h :, r % across * w :][:h, :w, :2].astype(float).sum(axis=2).mean()
        )
        for r in range(2)
    ]


def test_one_person_has_an_effect_of_their_own(stage: Stagehand) -> None:
    stage.drawn()
    bare = tiles(stage)
    own(stage, ["red", ""])
    stage.drawn()
    first, second = tiles(stage)
    assert abs(first - bare[0]) > 0.05
    assert second == pytest.approx(bare[1], abs=1e-3)


def test_people_with_effects_that_remember_have_a_memory_each(stage: Stagehand) -> None:
    """Groups are drawn one after the other: none may turn another's pages."""
    own(stage, ["count", "red"])
    stage.drawn(on("count", where="layers"), frames=4)
    together = tiles(stage)
    own(stage, ["", ""])
    stage.frame = msgspec.structs.replace(stage.frame, index=stage.frame.index + 100)
    stage.drawn(on("count", where="layers"), frames=4)
    assert tiles(stage)[0] == pytest.approx(tiles(stage)[1], abs=1e-3)
    assert together[0] == pytest.approx(tiles(stage)[0], abs=2e-3)  # 4 times 0.1, either way


def test_a_transition_begins_with_what_was_seen_and_ends_with_what_is(stage: Stagehand) -> None:
    red = stage.drawn(on("red"))
    name = TRANSITIONS + "wipe"
    begun = stage.drawn(crossing=Crossing(name, 0.0))
    assert np.abs(begun - red).max() < 0.02
    half = stage.drawn(crossing=Crossing(name, 0.5))
    done = stage.drawn(crossing=Crossing(name, 1.0))
    bare = stage.drawn()
    width = bare.shape[1] // 2
    assert np.abs(half[:, : width - 1] - bare[:, : width - 1]).max() < 0.02
    assert np.abs(half[:, width + 1 :] - red[:, width + 1 :]).max() < 0.02
    assert np.abs(done - bare).max() < 0.02


def test_what_a_transition_leaves_goes_on_to_move_slowly_and_never_folds(
    gl: moderngl.Context, stage: Stagehand
) -> None:
    """Its beginning, drawn for 40 s: displacement read from ramps across and up."""
    across, down = np.meshgrid(np.arange(160) + 0.5, np.arange(90) + 0.5)
    ramps = np.dstack([across / 160, down / 90, 0 * down, 0 * down]).astype(np.float32)
    given, into = (Target.make(gl, (160, 90), "rgba32f") for _ in range(2))
    given.texture.filter = (moderngl.LINEAR, moderngl.LINEAR)
    given.texture.write(ramps.tobytes())

    def place(since: float) -> NDArray[np.float64]:
        """From where every pixel comes, in heights, shape (90, 160, 2)."""
        told = {"since": since, "aspect": 160 / 90}
        stage.renderer.layers.dressing.adrift.draw(into, {"held": given.texture}, told)
        found = np.frombuffer(into.texture.read(), np.float32).reshape(90, 160, 4)[..., :2]
        return found.astype(np.float64) * [160 / 90, 1.0]

    begun = place(0.0)
    assert np.abs(begun - ramps[..., :2] * [160 / 90, 1.0]).max() < 1e-3
    film = [place(since) for since in np.arange(0.0, 40.0, 0.5)]
    moved = np.array([np.linalg.norm(b - a, axis=-1).max() for a, b in pairwise(film)]) / 0.5
    assert moved.max() < 0.01, "heights a second"
    assert moved[1:].min() > 0.0003, "it stands still"
    assert np.abs(film[-1] - begun).max() > 0.02
    for seen in film[::10]:
        assert np.diff(seen[..., 0], axis=1).min() > 0.0
        assert np.diff(seen[..., 1], axis=0).min() > 0.0
        assert np.abs(seen - begun)[[0, -1]].max() < 1e-3
    rest(gl)
    given.release()
    into.release()


def test_a_transition_keeps_its_beginning_when_the_governor_changes_the_size(
    stage: Stagehand,
) -> None:
    """Also in the frame in which it begins."""
    name = TRANSITIONS + "wipe"
    for begins_smaller in (False, True):
        red = stage.drawn(on("red"))
        if begins_smaller:
            stage.frame = msgspec.structs.replace(stage.frame, quality=0.5)
        crossing = Crossing(name, 0.0)
        stage.drawn(crossing=crossing)
        stage.frame = msgspec.structs.replace(stage.frame, quality=0.5)
        smaller = stage.drawn(crossing=crossing)
        assert smaller.shape[0] < red.shape[0]
        assert np.abs(smaller.mean(axis=(0, 1)) - red.mean(axis=(0, 1))).max() < 0.02
        stage.frame = msgspec.structs.replace(stage.frame, quality=1.0)
        stage.drawn()


def test_what_rests_is_not_drawn(stage: Stagehand) -> None:
    bare = stage.drawn()
    stage.frame = msgspec.structs.replace(stage.frame, resting=(EFFECTS + "red",))
    assert np.abs(stage.drawn(on("red")) - bare).max() < 0.02


def test_only_so_many_programs_are_kept_and_those_in_use_stay(gl: moderngl.Context) -> None:
    text = "void main() {{ gl_FragColor = vec4({:.2f}, 0.0, 0.0, 1.0); }}"
    shaders: dict[str, Shader] = {
        f"s{n}": parse_header(isf("", text.format(n / 20)), Path(f"s{n}.fs")) for n in range(20)
    }
    shared = Shared(gl, PIPELINE)
    programs = Programs(gl, shaders, shared, most=4)
    first = programs.get("s0")
    for n in range(20):
        assert programs.get(f"s{n}") is not None
        assert programs.get("s0") is first
        programs.tidy({"s0"})
        assert len(programs) <= 4
    assert programs.get("s0") is first
    programs.release()
    shared.release()


def test_a_new_text_replaces_the_old_and_a_bad_one_does_not(gl: moderngl.Context) -> None:
    shaders = {"one": parse_header(GREY, Path("one.fs"))}
    shared = Shared(gl, PIPELINE)
    programs = Programs(gl, shaders, shared)
    old = programs.get("one")
    error = programs.renew(
        "one", parse_header(isf("", "void main() {\n  oops;\n}"), Path("one.fs"))
    )
    assert error is not None
    assert error.problems[0].line == 3
    assert programs.get("one") is old
    assert programs.renew("one", parse_header(isf("", "void main() {}"), Path("one.fs"))) is None
    assert programs.get("one") is not old
    programs.release()
    shared.release()
