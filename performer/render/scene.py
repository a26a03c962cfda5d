"""One view's picture: the blend, the glow, the finish, and the guard behind them.

The passes in drawing order: scene (or mask, or solo) → glow_down → glow_blur ×2 → finish → guard.
"""

from dataclasses import dataclass
from math import exp
from pathlib import Path

import moderngl
import numpy as np

from performer.circle import palettes
from performer.circle.sympathy import CREST, PERIOD
from performer.frame import Frame
from performer.parameters import TREE
from performer.render.caption import Caption
from performer.render.guard import Guard
from performer.render.isf.atlas import scene_size
from performer.render.layers import Layers
from performer.render.mask import MASK_UNIFORMS, Mask
from performer.render.passes import Pass, Target, Uniform

OPTIONAL = MASK_UNIFORMS | {
    "past", "trails", "rim", "mean_colours", "drift", "flowed", "atlas", "grid", "tile", "ids",
    "alone", "means", "crisp", "spacing", "carry", "swell", "swell_phase", "swell_way",
    "answer", "common_hue",
}  # fmt: skip
PROGRAMS = {"master": (), "moments": ("MOMENTS",), "mask": ("MASK",), "solo": ("SOLO",)}
GLOW_SCALE = 8
GLOW_REACH = 1.7  # step of the blur in texels of the small picture


@dataclass(frozen=True)
class View:
    """One picture of a Frame: `what` is master, mask or solo (of `person`); `size` in pixels."""

    what: str
    size: tuple[int, int]
    person: str = ""


@dataclass(frozen=True)
class Effects:
    """What the values ask of the picture, in the units of the shaders."""

    drift: float
    trails: float
    glow: float
    chroma: float
    brightness: float
    rim: float
    grain: float
    swell: float
    answer: float

    @staticmethod
    def of(frame: Frame) -> "Effects":
        """Effects of a Frame: each is the look's own amount plus what resonance opens."""

        def value(address: str) -> float:
            return float(frame.values[TREE.index[address]])

        felt = value("/resonance") * frame.group.gain * frame.group.softer
        resonance = min(1.0, felt)

        def opened(name: str) -> float:
            return min(1.0, value(f"/look/{name}") + resonance * value(f"/sympathy/{name}"))

        lit = (1.0 - value("/dissolve")) * (1.0 - value("/blackout"))
        seconds = 0.15 + 1.5 * opened("trails") ** 2
        return Effects(
            drift=opened("drift"),
            trails=exp(-frame.dt / seconds) if opened("trails") > 0.0 else 0.0,
            glow=0.8 * opened("glow"),
            chroma=1.0 + 0.8 * resonance * value("/sympathy/chroma"),
            brightness=2.0 * value("/brightness") * lit,
            rim=value("/look/rim"),
            grain=value("/look/grain"),
            swell=0.55 * resonance * value("/sympathy/wave"),
            answer=frame.group.converged * value("/sympathy/answer"),
        )


def moment(frame: Frame) -> bool:
    """Whether somebody is coming or going."""
    present = frame.people.present
    return bool(((present > 0.0) & (present < 1.0)).any())


def common_hue(frame: Frame) -> tuple[float, float]:
    """a and b of everybody's accents together, OKLab, with the chroma they have one by one.

    Nobody who is leaving has a part in it: nothing of them enters the picture but their last one.
    """
    p = frame.people
    accents = palettes.oklab(p.colours[(p.present > 0.0) & ~p.leaving, 9:])[:, 1:]
    if not len(accents):
        return 0.0, 0.0
    mean = accents.mean(axis=0)
    length = float(np.hypot(mean[0], mean[1]))
    scale = float(np.hypot(accents[:, 0], accents[:, 1]).mean()) / max(length, 1e-6)
    return float(mean[0]) * scale, float(mean[1]) * scale


class Passes:
    """The programs that all views share."""

    def __init__(self, gl: moderngl.Context, folder: Path) -> None:
        self.blend = {
            what: Pass(gl, folder, "scene", *defines, optional=OPTIONAL)
            for what, defines in PROGRAMS.items()
        }
        self.glow_down = Pass(gl, folder, "glow_down")
        self.glow_blur = Pass(gl, folder, "glow_blur")
        self.finish = Pass(gl, folder, "finish")
        self.card = Pass(gl, folder, "card")
        self.copy = Pass(gl, folder, "copy")

    def release(self) -> None:
        """Gives all programs back."""
        for one in (*self.blend.values(), self.glow_down, self.glow_blur, self.finish,
                    self.card, self.copy):  # fmt: skip
            one.release()


class Scene:
    """The targets of one view, and how it is drawn."""

    def __init__(self, gl: moderngl.Context, folder: Path, view: View, passes: Passes) -> None:
        self.gl = gl
        self.view = view
        self.passes = passes
        self.caption: Caption | None = None
        self.guard = Guard(gl, folder, view.size)
        self.blends: list[Target] = []
        self.worn: Target | None = None
        self.held: Target | None = None
        """What was seen when a transition began, encoded sRGB."""
        self.dressed, self.crossed = False, ("", 0.0)
        self._cold: tuple[str, ...] = ("master", "moments")
        self._fit((8, 8))

    @property
    def blend(self) -> Target:
        """The blend in OKLab, before glow and guard."""
        return self.blends[0]

    def draw(self, frame: Frame, layers: Layers, mask: Mask, shared: dict[str, Uniform]) -> None:
        """Draws this view of a Frame whose layers and mask are already drawn."""
        self._fit(scene_size(self.view.size, frame.quality))
        effects = Effects.of(frame)
        if frame.values[TREE.index["/testcard"]] > 0.5:
            self.passes.card.draw(self.light, {}, {"aspect": frame.aspect})
        else:
            before = self.seen
            self._blend(frame, effects, layers, mask, shared)
            self._dress(frame, layers, before)
            self._finish(frame, effects)
        if self.caption is not None:
            self.caption.draw(self.light, frame.quality)
        self.guard.resize(self.view.size)
        self.guard.draw(self.light.texture, frame.dt, frame.sigma, frame.panic_age)

    def _dress(self, frame: Frame, layers: Layers, before: moderngl.Texture) -> None:
        """Effects and transitions, if any are on; `before` is the last scene, with its own."""
        self.dressed, last = False, self.crossed
        self.crossed = (frame.crossing.shader, frame.preset_at)
        if self.view.what != "master" or not layers.dressing.wanted(frame):
            return
        worn, held = self._wardrobe()
        if frame.crossing.shader and self.crossed != last:
            layers.dressing.srgb.draw(held, {"scene": before}, {})
        if worn is not self.worn:
            self._release_worn()
            self.worn, self.held = worn, held
        layers.dressing.draw_scene(frame, self.blend.texture, held.texture, layers.setting, worn)
        self.dressed = True

    def _wardrobe(self) -> tuple[Target, Target]:
        """Targets of the scene's size; in new ones, what a transition holds on to moves along."""
        if self.worn is not None and self.held is not None and self.worn.size == self.blend.size:
            return self.worn, self.held
        worn, held = (Target.make(self.gl, self.blend.size, "rgba16f") for _ in range(2))
        if self.held is not None:
            whole = {"part": (0.0, 0.0, 1.0, 1.0)}
            self.passes.copy.draw(held, {"source": self.held.texture}, whole)
        return worn, held

    @property
    def seen(self) -> moderngl.Texture:
        """The scene in OKLab, with its effects if there are any."""
        return self.worn.texture if self.dressed and self.worn is not None else self.blend.texture

    def _release_worn(self) -> None:
        for target in (self.worn, self.held):
            if target is not None:
                target.release()
        self.worn = self.held = None

    def _blend(self, frame: Frame, effects: Effects, layers: Layers, mask: Mask,
               shared: dict[str, Uniform]) -> None:  # fmt: skip
        self.blends.reverse()
        now, past = self.blends
        flow = np.array([0.041, 0.033, 0.057]) * frame.flow
        individuality = float(frame.values[TREE.index["/individuality"]])
        row = frame.people.row(self.view.person)
        uniforms: dict[str, Uniform] = {
            **shared,
            "people": frame.people.capacity,
            "grid": layers.grid,
            "tile": (float(layers.tile[0]), float(layers.tile[1])),
            "drift": effects.drift,
            "flowed": tuple(float(x) for x in flow % (2.0 * np.pi)),
            "trails": effects.trails,
            "rim": effects.rim,
            "crisp": float(np.clip((individuality - 0.25) / 0.5, 0.0, 1.0)),
            "spacing": 1.07 * float(np.sqrt(frame.aspect / max(frame.people.present.sum(), 1.0))),
            "carry": 0.03 * frame.dt * effects.drift,
            "swell": effects.swell,
            "swell_way": (float(CREST[0]), float(CREST[1])),
            "swell_phase": (frame.flow / PERIOD) % 1.0,
            "answer": effects.answer,
            "common_hue": common_hue(frame) if effects.answer > 0.0 else (0.0, 0.0),
            "alone": -1 if row is None else row,
        }
        ids, means = mask.owners.textures
        textures = {"atlas": layers.atlas.texture, "ids": ids, "mean_colours": means,
                    "past": past.texture, "means": mask.means}  # fmt: skip
        for program in self._programs(frame, effects):
            self.passes.blend[program].draw(now, textures, uniforms)

    def _programs(self, frame: Frame, effects: Effects) -> tuple[str, ...]:
        """The one to blend with; the first time all that may be needed, so that none comes cold."""
        if self.view.what != "master":
            return (self.view.what,)
        rare = "moments" if effects.answer > 0.0 or moment(frame) else "master"
        cold, self._cold = self._cold, ()
        return (*cold, rare)

    def _finish(self, frame: Frame, effects: Effects) -> None:
        plain = self.view.what != "master"
        scene = self.seen
        if not plain:
            self._glow(scene)
        self.passes.finish.draw(
            self.light,
            {"scene": scene, "glow_light": self.glows[0].texture},
            {
                "glow": 0.0 if plain else effects.glow,
                "chroma": effects.chroma,
                "brightness": effects.brightness,
                "grain": 0.0 if plain else effects.grain,
                "grain_seed": frame.index & 0xFFFF,
            },
        )

    def _glow(self, scene: moderngl.Texture) -> None:
        first, second = self.glows
        self.passes.glow_down.draw(first, {"scene": scene}, {})
        across, down = (GLOW_REACH / n for n in first.size)
        blur = self.passes.glow_blur
        blur.draw(second, {"source": first.texture}, {"direction": (across, 0.0)})
        blur.draw(first, {"source": second.texture}, {"direction": (0.0, down)})

    def _fit(self, size: tuple[int, int]) -> None:
        """Gives the scene's targets the governor's size; its past moves along."""
        if self.blends and self.blend.size == size:
            return
        made = [Target.make(self.gl, size, "rgba16f") for _ in range(2)]
        if self.blends:
            whole = {"part": (0.0, 0.0, 1.0, 1.0)}
            self.passes.copy.draw(made[0], {"source": self.blend.texture}, whole)
            self._release_targets()
        self.blends = made
        self.light = Target.make(self.gl, size, "rgba16f")
        small = tuple(max(4, n // GLOW_SCALE) for n in size)
        self.glows = [Target.make(self.gl, (small[0], small[1]), "rgba16f") for _ in range(2)]

    def _release_targets(self) -> None:
        for target in (*self.blends, self.light, *self.glows):
            target.release()

    def release(self) -> None:
        """Gives the view's targets back."""
        self._release_targets()
        self._release_worn()
        self.guard.release()
