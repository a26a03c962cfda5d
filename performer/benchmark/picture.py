"""The picture's figures: frames, passes, Python beside GL, generators, read-back, preset changes.

All on one context in one process; what is compared is measured in turns, so that a busy machine
is busy for both.
"""

from collections.abc import Callable, Iterable
from functools import partial
from statistics import median
from time import process_time

import moderngl
import numpy as np

from performer.benchmark.plan import Figures, Plan, middle, rounded, timed
from performer.benchmark.rig import PASSES, STEP, Rig
from performer.parameters import TREE
from performer.render.isf.atlas import Surface, layout
from performer.render.isf.program import Program
from performer.render.layers import PLAIN
from performer.render.passes import Target
from performer.render.reading import Ring
from performer.show.shows import Library

Section = tuple[str, Callable[[], object]]
FADE = 0.5  # s; a quick preset change, so that generators change close together
PEOPLE = 12  # whose tiles are drawn to see what a generator costs a circle
_Both = tuple[float, float]
SLOW, AFTER = 0.1, 24  # s a frame, and how many: until every generator has changed in the dark


class PictureBench:
    """Rigs of every size of circle, and what is measured on them."""

    def __init__(self, gl: moderngl.Context, library: Library, plan: Plan) -> None:
        self.gl, self.library, self.plan = gl, library, plan
        self.rigs = {n: Rig(gl, library, n, plan) for n in plan.people}

    def sections(self) -> list[Section]:
        """What can be measured, by name."""
        # changes come before generators are drawn one by one: what was not warmed is seen
        return [("frames", self.frames), ("preset_change", self.preset_change),
                ("generators", self.generators), ("readback", self.readback)]  # fmt: skip

    # ---- frames ---------------------------------------------------------------------------

    def frames(self) -> Figures:
        """Whole frames, bare passes and Python's part, in turns over all sizes of circle."""
        whole: dict[int, list[float]] = {n: [] for n in self.rigs}
        bare: dict[int, list[dict[str, float]]] = {n: [] for n in self.rigs}
        python: dict[int, list[dict[str, float]]] = {n: [] for n in self.rigs}
        for _ in range(self.plan.rounds):
            for n, rig in self.rigs.items():
                whole[n].append(rig.frame()[0])
                bare[n].append(rig.passes())
                python[n].append(rig.python())
        return {
            "frame_ms": {str(n): middle(t) for n, t in whole.items()},
            "ratio": _ratio(whole, self.plan.people),
            "passes_ms": {str(n): _columns(rows, PASSES) for n, rows in bare.items()},
            "share": {str(n): _shares(rows) for n, rows in bare.items()},
            "over_passes": {str(n): _over(whole[n], bare[n]) for n in self.rigs},
            "python_ms": {str(n): _columns(rows, rows[0]) for n, rows in python.items()},
        }

    # ---- generators -----------------------------------------------------------------------

    def generators(self) -> Figures:
        """Every generator: one full-size draw, twelve people's tiles, compiling, own buffers."""
        rig = self.rigs.get(PEOPLE) or next(iter(self.rigs.values()))
        rig.frame()
        names = list(self.library.generators)
        alone, twelve = Surface((1, 1), self.plan.size), layout(PEOPLE, self.plan.size, 1.0)
        targets = {s: Target.make(self.gl, s.whole, "rgba16f") for s in (alone, twelve)}
        compiled = {name: self._compiling(rig, name) for name in names}
        times: dict[tuple[str, Surface], list[float]] = {}
        for _ in range(max(3, self.plan.rounds // 2)):
            for name in names:
                for surface, target in targets.items():
                    spent = self._layer(rig, name, surface, target)
                    times.setdefault((name, surface), []).append(spent)
        rig.frame()  # binds something else: what is bound cannot be given back
        for target in targets.values():
            target.release()
        costs = {name: median(times[name, alone]) for name in names}
        usual = median(costs.values())
        return {
            n: {"ms": rounded(c), "relative": rounded(c / usual),
                "twelve": rounded(median(times[n, twelve])), "compile": rounded(compiled[n][0]),
                "mib": rounded(compiled[n][1])}
            for n, c in costs.items()
        }  # fmt: skip

    def _layer(self, rig: Rig, name: str, surface: Surface, target: Target) -> float:
        layers = rig.renderer.layers
        program = layers.programs.get(name) or layers.programs.get(PLAIN)
        assert program is not None
        rows = tuple(range(min(PEOPLE, surface.rows)))
        program.draw(rows, surface, target, layers.setting)  # its buffers fit now
        self.gl.finish()

        def drawn() -> None:
            program.draw(rows, surface, target, layers.setting)
            self.gl.finish()

        return timed(drawn)

    def _compiling(self, rig: Rig, name: str) -> tuple[float, float]:
        """ms until a generator is compiled and drawn once for twelve; MiB of its own buffers."""
        layers, surface = rig.renderer.layers, layout(PEOPLE, self.plan.size, 1.0)
        target = Target.make(self.gl, surface.whole, "rgba16f")
        made: list[Program] = []

        def first() -> None:
            made.append(Program(self.gl, self.library.generators[name], layers.shared))
            made[0].draw(tuple(range(PEOPLE)), surface, target, layers.setting)
            self.gl.finish()

        spent = timed(first)
        bytes_ = made[0].buffers.bytes
        rig.frame()
        made[0].release()
        target.release()
        return spent, bytes_ / 2**20

    # ---- reading back ---------------------------------------------------------------------

    def readback(self) -> Figures:
        """Pixels of a finished picture, and through the ring of pixel buffers, ms."""
        rig = next(iter(self.rigs.values()))
        ring = Ring(self.gl)
        at_once: list[float] = []
        through: list[float] = []
        for _ in range(self.plan.rounds):
            _, picture = rig.frame()
            at_once.append(timed(picture.pixels))
            _, picture = rig.frame()
            through.append(timed(partial(ring.push, picture.texture)))
        ring.release()
        return {"pixels_ms": middle(at_once), "ring_ms": middle(through)}

    # ---- preset changes -------------------------------------------------------------------

    def preset_change(self) -> Figures:
        """The worst frame of each change against the median, and as many quiet frames beside.

        By the wall's clock and by the processor's: what other programs took from this one is in
        the first only.
        """
        rig = self.rigs[self.plan.python]
        names = list(self.library.presets)
        quiet: list[list[_Both]] = []
        changed: list[list[_Both]] = []
        for k in range(self.plan.changes):
            quiet.append(_frames(rig))
            rig.circle.take(TREE.accept("/preset", [names[(k + 1) % len(names)], FADE]))
            changed.append(_frames(rig))
            for _ in range(AFTER):
                rig.step(SLOW)
        wall, cpu = (median(f[i] for run in quiet + changed for f in run) for i in (0, 1))
        worst = [max(f[0] for f in run) / wall for run in changed]
        return {
            "median_ms": rounded(wall), "worst": rounded(max(worst)),
            "worst_usual": rounded(median(worst)),
            "worst_cpu": rounded(max(f[1] for run in changed for f in run) / cpu),
            "worst_quiet": rounded(max(f[0] for run in quiet for f in run) / wall),
        }  # fmt: skip

    def release(self) -> None:
        """Gives everything back."""
        for rig in self.rigs.values():
            rig.release()


def _frames(rig: Rig) -> list[_Both]:
    """Frames from the present moment on to the end of all veils, ms by wall and processor."""
    found: list[_Both] = []
    for dt in (STEP,) * 4 + (SLOW,) * AFTER:
        began = process_time()
        wall = rig.frame(dt)[0]
        found.append((wall, 1000.0 * (process_time() - began)))
    return found


def _columns(rows: list[dict[str, float]], names: Iterable[str]) -> Figures:
    return {name: middle([row[name] for row in rows]) for name in names}


def _shares(rows: list[dict[str, float]]) -> Figures:
    sums = {name: float(np.median([row[name] for row in rows])) for name in PASSES}
    return {name: round(value / max(sum(sums.values()), 1e-9), 3) for name, value in sums.items()}


def _over(whole: list[float], bare: list[dict[str, float]]) -> float:
    """Whole frames against the sums of bare passes of the frames next to them."""
    return rounded(median(w / max(sum(b.values()), 1e-9) for w, b in zip(whole, bare, strict=True)))


def _ratio(whole: dict[int, list[float]], people: tuple[int, ...]) -> float:
    """The largest circle's frame against the smallest's, round by round."""
    most, least = whole[max(people)], whole[min(people)]
    return rounded(median(a / b for a, b in zip(most, least, strict=True)))
