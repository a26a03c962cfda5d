"""Hostile clips and hostile hands, played through the real guard and judged."""

from collections.abc import Iterator
from dataclasses import dataclass

import moderngl
import numpy as np

from performer.circle.circle import Circle
from performer.frame import Frame
from performer.render.renderer import Renderer
from performer.render.scene import View
from performer.show.shows import Library
from tests.flash.clips import Clip
from tests.flash.judge import Judge, Verdict
from tests.flash.reference_guard import Guard as Reference
from tests.flash.reference_guard import srgb8
from tests.flash.second import SecondJudge, Summary

from .scenes import Eye, Pixels, read, send

SIZE = (80, 45)
SIGMA = 0.27


@dataclass(frozen=True)
class Trial:
    """A clip behind the guard. `apart` is the farthest the reference guard was from it, of 255."""

    out: Verdict
    second: Summary | None
    apart: int


def played(gl: moderngl.Context, clip: Clip, grey: float, thorough: bool) -> Trial:
    """One clip through the guard, from black or a grey; `thorough` asks the others as well."""
    eye = Eye(gl, SIZE, SIGMA)
    eye.begin(grey)
    width, height = SIZE
    first, second = Judge(clip.fps, height, width), SecondJudge(clip.fps, height, width)
    reference = Reference(height, width, SIGMA, start=grey, hue=0.3)
    apart = 0
    for frame in clip.frames:
        small = frame[::2, ::2]
        out = eye.see(small, 1 / clip.fps)
        first.push(out)
        if thorough:
            second.push(out)
            # What the guard is given has gone through half floats
            wanted = srgb8(
                reference.step(small.astype(np.float16).astype(np.float32), 1 / clip.fps)
            )
            apart = max(apart, int(np.abs(out.astype(int) - wanted).max()))
    eye.release()
    return Trial(first.verdict(), second.summary() if thorough else None, apart)


@dataclass(frozen=True)
class Evening:
    """Hostile hands: what would have been shown, and what was."""

    raw: Verdict
    out: Verdict
    panics: int


def flipped(renderer: Renderer, library: Library, seed: int, fps: float, seconds: float) -> Evening:
    """Faders, switches and presets flipped at 5 Hz, panic at random, 12 people, judged."""
    width, height = size = (96, 54)
    view = View("master", size)
    circle = Circle(library, 12, seed, width / height)
    hands = Hands(circle, np.random.default_rng([seed, 5]), fps)
    raw, out = Judge(fps, height, width), Judge(fps, height, width)
    for _ in range(round(seconds * fps)):
        hands.play()
        frame: Frame = circle.step(1 / fps)
        picture = renderer.draw(frame, [view])[view]
        out.push(picture.pixels()[..., :3])
        raw.push(unguarded(renderer, view))
    return Evening(raw.verdict(), out.verdict(), hands.panics)


def unguarded(renderer: Renderer, view: View) -> Pixels:
    """The 8-bit picture that the guard was given."""
    return srgb8(read(renderer.scene(view).light)[..., :3].astype(np.float32))


class Hands:
    """Somebody who flips everything there is, every tenth of a second."""

    FLIPPED = (
        ("/dissolve", 1.0, 0.0), ("/brightness", 0.0, 1.0), ("/blackout", 1, 0),
        ("/testcard", 0, 1), ("/resonance", 0.0, 1.0), ("/individuality", 0.0, 1.0),
        ("/palette/hue", 0.0, 180.0), ("/look/glow", 0.0, 1.0),
    )  # fmt: skip

    def __init__(self, circle: Circle, dice: np.random.Generator, fps: float) -> None:
        self.circle, self.dice, self.every = circle, dice, max(1, round(fps / 10))
        self.frame, self.panics, self.way = 0, 0, 0
        light, other = dice.integers(4), 4 + dice.permutation(4)[:2]
        self.flipped = [self.FLIPPED[int(k)] for k in (light, *other)]
        for address in ("/palette/light", "/palette/chroma", "/look/energy"):
            send(circle, address, 1.0)

    def play(self) -> None:
        """What they do before the next frame."""
        self.frame += 1
        if self.dice.random() < 0.004:
            self.panics += 1
            send(self.circle, "/panic")
        if self.frame % self.every:
            return
        self.way = 1 - self.way
        for address, low, high in self.flipped:
            send(self.circle, address, (low, high)[self.way])
        send(self.circle, "/preset", 1 + self.way, 0.0)


def still(
    eye: Eye, light: np.ndarray[tuple[int, int, int], np.dtype[np.float32]]
) -> Iterator[Pixels]:
    """A picture that does not change, for as long as asked."""
    while True:
        yield eye.see(light, 1 / 60)
