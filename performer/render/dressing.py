"""Effects at work: on people's layers, on the scene, and transitions between two scenes.

Filters see encoded sRGB, as their authors expect, in half floats. What comes of it goes on to the
guard like everything else.
"""

import dataclasses
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path

import moderngl
import msgspec
import numpy as np

from performer.frame import Frame, Worn
from performer.parameters import KNOBS, TREE
from performer.render.isf.atlas import Surface
from performer.render.isf.cache import Key, Programs
from performer.render.isf.program import Program
from performer.render.isf.setting import Numbers, Setting
from performer.render.isf.source import (
    ALONE,
    FILTER,
    OVER,
    TEXELS,
    UNDER,
    Wrapping,
    value_slots,
)
from performer.render.passes import Pass, Target
from performer.show.effects import LAYERS, SCENE, Effect, knobs
from performer.show.isf import END, PROGRESS, SOURCE, START, Shader, parse_header
from performer.show.presets import Preset
from performer.show.shows import EFFECTS, TRANSITIONS

OVERLAY = "pf-over"
_OVERLAY = """/*{"ISFVSN": "2", "INPUTS": [{"NAME": "inputImage", "TYPE": "image"}]}*/
void main() { gl_FragColor = IMG_THIS_PIXEL(inputImage); }
"""
WHOLE = (0,)
OWN = -1  # the slot of people's own effects, whose inputs are as their author left them
LONGEST_TIME = 3600.0  # s; then TIME begins anew, before it grows coarse in float32
_FIRST = [TREE.index[f"/effect/{slot}/knob/1"] for slot in range(1, 5)]


def overlay() -> dict[str, Shader]:
    """The host's own shader that makes a layer of a picture."""
    return {OVERLAY: parse_header(_OVERLAY, Path("overlay.fs"))}


def keys_of(presets: Iterable[Preset], shaders: Mapping[str, Shader]) -> list[Key]:
    """What effects and transitions of some presets need to have compiled, each once."""
    found: dict[Key, None] = {}
    for preset in presets:
        for slot, effect in enumerate(preset.effect):
            name = EFFECTS + effect.shader
            for place in _places(effect, preset):
                worn = Worn(name, slot, place, 1.0)
                found[name, use_of(worn, shaders[name])] = None
            if effect.on != SCENE:
                found.update({(g, UNDER): None for g in preset.generators})
                found[OVERLAY, OVER] = None
        if preset.transition is not None:
            found[TRANSITIONS + preset.transition, ALONE] = None
    return list(found)


def _places(effect: Effect, preset: Preset) -> list[str]:
    if effect.on == SCENE:
        return [SCENE]
    return [place_of(g, "") for g in preset.generators if effect.on in (LAYERS, g)]


def place_of(generator: str, own: str) -> str:
    """The layers of those who share a generator and an effect of their own, drawn together."""
    return f"{generator}+{own}"


def use_of(one: Worn, shader: Shader) -> Wrapping:
    """How an effect is wrapped: what has a memory has one for each place and slot."""
    return dataclasses.replace(FILTER, use=f"{one.on}/{one.slot}") if shader.remembers else FILTER


def values_of(shader: Shader, frame: Frame, slot: int) -> Numbers:
    """An effect's inputs as its knobs stand, at most source.VALUES floats."""
    found = defaults_of(shader)
    if slot == OWN:
        return tuple(found)
    slots = value_slots(shader)
    turned = frame.values[_FIRST[slot] : _FIRST[slot] + KNOBS]
    for knob, position in zip(knobs(shader), turned, strict=False):
        if knob.input.name in slots:
            found[slots[knob.input.name].start + knob.part] = knob.natural(float(position))
    return tuple(found)


def defaults_of(shader: Shader) -> list[float]:
    """Every input as its author left it."""
    found: list[float] = []
    for one in shader.inputs:
        if one.name in value_slots(shader):
            found += one.default
    return found


class Dressing:
    """What effects need beside their programs: two more atlases, and the conversions."""

    def __init__(self, gl: moderngl.Context, folder: Path, programs: Programs) -> None:
        self.gl, self.programs = gl, programs
        self._spare: list[Target] = []
        self.srgb, self.lab = Pass(gl, folder, "srgb"), Pass(gl, folder, "lab")
        self.adrift = Pass(gl, folder, "adrift")
        self._row = gl.texture((TEXELS, 1), 4, dtype="f4")
        self._row.filter = (moderngl.NEAREST, moderngl.NEAREST)

    def warm(self, given: Target, into: Target, wrapping: Wrapping) -> None:
        """What stands before and behind an effect on the scene is drawn for the first time, too."""
        if wrapping.own == "values":
            self.srgb.draw(into, {"scene": given.texture}, {})
            self.lab.draw(into, {"scene": given.texture}, {})
            self.adrift.draw(into, {"held": given.texture}, {"since": 0.0, "aspect": 1.0})

    # ---- on people's layers ------------------------------------------------------------------

    def on_layers(self, frame: Frame, generator: str, own: str) -> tuple[Worn, ...]:
        """The effects that are on such layers, as far as they work: people's `own` comes first."""
        wanted = [w for w in frame.worn if w.on in (LAYERS, generator)]
        if own:
            wanted.insert(0, Worn(EFFECTS + own, OWN, generator, 1.0))
        placed = [msgspec.structs.replace(w, on=place_of(generator, own)) for w in wanted]
        return tuple(w for w in placed if self._program(w, frame) is not None)

    def draw_layers(self, frame: Frame, program: Program, rows: tuple[int, ...], surface: Surface,
                    into: Target, setting: Setting, worn: Sequence[Worn]) -> None:  # fmt: skip
        """Draws people's tiles with effects upon them. `program` is wrapped as UNDER."""
        first, second = self._targets(surface.whole)
        program.draw(rows, surface, first, setting)
        for one in worn:
            self._filter(frame, one, rows, surface, (first, second), setting)
            first, second = second, first
        over = self.programs.get(OVERLAY, OVER)
        assert over is not None
        given = dataclasses.replace(setting, images={SOURCE: first.texture})
        over.draw(rows, surface, into, given)

    def _filter(self, frame: Frame, one: Worn, rows: tuple[int, ...], surface: Surface,
                targets: tuple[Target, Target], setting: Setting) -> None:  # fmt: skip
        program = self._program(one, frame)
        assert program is not None
        values = values_of(program.shader, frame, one.slot)
        images = {SOURCE: targets[0].texture}
        given = dataclasses.replace(setting, images=images, values=values, part=one.part)
        program.draw(rows, surface, targets[1], given)

    # ---- on the scene ------------------------------------------------------------------------

    def wanted(self, frame: Frame) -> bool:
        """Whether anything is to be done with the scene."""
        return bool(self._on_scene(frame)) or self._crossing(frame) is not None

    def _on_scene(self, frame: Frame) -> list[Worn]:
        return [
            w for w in frame.worn
            if w.on == SCENE and self._program(w, frame) is not None
        ]  # fmt: skip

    def draw_scene(self, frame: Frame, scene: moderngl.Texture, held: moderngl.Texture | None,
                   setting: Setting, into: Target) -> None:  # fmt: skip
        """The scene (OKLab) with its effects, and what is left of the one before (sRGB)."""
        surface = Surface((1, 1), into.size)
        first, second = self._targets(into.size)
        self.srgb.draw(first, {"scene": scene}, {})
        stamps = {0: ("scene", 0.0)}
        setting = dataclasses.replace(
            setting, rows=self._scenes_row(frame), stamps=stamps, own=None
        )
        for one in self._on_scene(frame):
            self._filter(frame, one, WHOLE, surface, (first, second), setting)
            first, second = second, first
        program = self._crossing(frame)
        if program is not None and held is not None:
            moving = {"since": frame.time - frame.preset_at, "aspect": into.size[0] / into.size[1]}
            self.adrift.draw(into, {"held": held}, moving)  # its place until the last pass
            self._cross(frame, program, (into.texture, first.texture), surface, second, setting)
            first = second
        self.lab.draw(into, {"scene": first.texture}, {})

    def _scenes_row(self, frame: Frame) -> moderngl.Texture:
        """The row of nobody: the scene's own time."""
        data = np.zeros((TEXELS, 4), np.float32)
        data[0, :2] = frame.time % LONGEST_TIME, frame.dt
        self._row.write(data.tobytes())
        return self._row

    def _cross(self, frame: Frame, program: Program, pair: tuple[moderngl.Texture, ...],
               surface: Surface, into: Target, setting: Setting) -> None:  # fmt: skip
        values = defaults_of(program.shader)
        values[value_slots(program.shader)[PROGRESS].start] = frame.crossing.progress
        images = {START: pair[0], END: pair[1]}
        given = dataclasses.replace(setting, images=images, values=tuple(values))
        program.draw(WHOLE, surface, into, given)

    def _crossing(self, frame: Frame) -> Program | None:
        name = frame.crossing.shader
        return self.programs.get(name, ALONE) if name and name not in frame.resting else None

    def _program(self, one: Worn, frame: Frame) -> Program | None:
        shader = self.programs.shaders.get(one.shader)
        if shader is None or one.shader in frame.resting:
            return None
        return self.programs.get(one.shader, use_of(one, shader))

    @staticmethod
    def used(frame: Frame) -> set[str]:
        """The shaders of this Frame: none of them may be let go of."""
        own = {EFFECTS + e for e in frame.people.effects if e}
        worn = {w.shader for w in frame.worn}
        return {OVERLAY, frame.crossing.shader, *own, *worn, *frame.people.generators}

    def _targets(self, size: tuple[int, int]) -> tuple[Target, Target]:
        """Two targets of a size; layers and scene have their own, and every view of that size."""
        pair = [t for t in self._spare if t.size == size]
        while len(pair) < 2:
            pair.append(Target.make(self.gl, size, "rgba16f"))
            self._spare.append(pair[-1])
        while len(self._spare) > 8:  # sizes of before
            old = next(t for t in self._spare if t.size != size)
            self._spare.remove(old)
            old.release()
        return pair[0], pair[1]

    def release(self) -> None:
        """Gives everything back."""
        for target in self._spare:
            target.release()
        self._row.release()
        for one in (self.srgb, self.lab, self.adrift):
            one.release()
