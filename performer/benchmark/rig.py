"""A circle with a renderer of its own, taken to pieces: whole frames, single passes, no passes."""

from collections.abc import Callable
from time import perf_counter
from typing import Any

import moderngl

from performer.benchmark.plan import Plan
from performer.circle.circle import Circle
from performer.frame import Frame, encode
from performer.render.dressing import keys_of
from performer.render.renderer import Picture, Renderer
from performer.render.scene import View
from performer.show.files import data_folder
from performer.show.shows import Library

STEP = 1.0 / 60.0
SETTLE = 90  # frames without a picture, so that seats and areas rest
WARM = 4  # frames with one
PASSES: tuple[str, ...] = ("layers", "means", "tiles", "ids", "blend", "glow", "finish", "guard")


class Meter:
    """Stands in front of a pass's vertex array: draws and measures, or leaves the draw out."""

    silent = False
    """Whether draws are left out: what is left is Python's part and the uploads."""

    def __init__(self, gl: moderngl.Context, array: Any, spent: Callable[[float], None]) -> None:
        self.gl, self.array, self._spent = gl, array, spent

    def render(self, *args: Any, **more: Any) -> None:
        """Draws between two waits for the driver. (Timer queries agree within 1 % on llvmpipe.)"""
        if Meter.silent:
            return
        self.gl.finish()
        began = perf_counter()
        self.array.render(*args, **more)
        self.gl.finish()
        self._spent(1000.0 * (perf_counter() - began))

    def release(self) -> None:
        """Gives the array back."""
        self.array.release()


class Rig:
    """`people` in a circle, and everything that draws them."""

    def __init__(self, gl: moderngl.Context, library: Library, people: int, plan: Plan) -> None:
        self.gl, self.people = gl, people
        self.circle = Circle(library, people, seed=1, aspect=plan.size[0] / plan.size[1])
        self.renderer = Renderer(gl, library.shaders, data_folder() / "shaders" / "pipeline")
        self.view = View("master", plan.size)
        self.renderer.expect(self.circle.people.capacity, plan.size)
        worn = keys_of(library.presets.values(), library.shaders)
        for _ in self.renderer.warm(list(library.generators), worn):
            pass
        for _ in range(SETTLE):
            self.step()
        for _ in range(WARM):
            self.frame()

    def step(self, dt: float = STEP) -> Frame:
        """The circle's Frame `dt` s later."""
        return self.circle.step(dt)

    def draw(self, frame: Frame) -> Picture:
        """Asks for the picture; does not wait for it."""
        return self.renderer.draw(frame, [self.view])[self.view]

    def frame(self, dt: float = STEP) -> tuple[float, Picture]:
        """One whole frame as on stage (step, encode, draw, wait): ms, and its picture."""
        self.gl.finish()
        began = perf_counter()
        frame = self.step(dt)
        encode(frame)
        picture = self.draw(frame)
        self.gl.finish()
        return 1000.0 * (perf_counter() - began), picture

    def passes(self) -> dict[str, float]:
        """One frame, pass by pass: ms of bare GL each."""
        frame = self.step()
        found = dict.fromkeys(PASSES, 0.0)
        with _Metered(self, found):
            self.draw(frame)
        return found

    def python(self) -> dict[str, float]:
        """One frame without its draw calls: ms of Circle.step, encode, and Renderer.draw's rest."""
        self.gl.finish()
        marks = [perf_counter()]
        frame = self.step()
        marks.append(perf_counter())
        encode(frame)
        marks.append(perf_counter())
        spent = 1000.0 * (marks[1] - marks[0]), 1000.0 * (marks[2] - marks[1])
        with _Metered(self, {}):
            Meter.silent = True
            began = perf_counter()
            self.draw(frame)
            drawn = 1000.0 * (perf_counter() - began)
            Meter.silent = False
        return {"step": spent[0], "encode": spent[1], "draw": drawn, "all": sum(spent) + drawn}

    def holders(self) -> list[tuple[str, Any]]:
        """Everything with a vertex array, and the name of the pass it belongs to."""
        mask, scene = self.renderer.mask, self.renderer.scene(self.view)
        passes = self.renderer.passes
        return [
            *(("layers", step) for p in self.renderer.layers.programs for step in p.steps),
            ("means", mask._means_pass),  # pyright: ignore[reportPrivateUsage]
            ("tiles", mask._tiles_pass),  # pyright: ignore[reportPrivateUsage]
            ("ids", mask._ids_pass),  # pyright: ignore[reportPrivateUsage]
            ("blend", passes.blend["master"]), ("glow", passes.glow_down),
            ("glow", passes.glow_blur), ("finish", passes.finish),
            ("guard", scene.guard._pass),  # pyright: ignore[reportPrivateUsage]
        ]  # fmt: skip

    def release(self) -> None:
        """Gives everything back."""
        self.renderer.release()


class _Metered:
    """While it is open, a Meter stands in front of every vertex array of a rig."""

    def __init__(self, rig: Rig, found: dict[str, float]) -> None:
        self.rig, self.found = rig, found
        self._holders = rig.holders()

    def __enter__(self) -> None:
        for name, holder in self._holders:
            holder.array = Meter(self.rig.gl, holder.array, self._adding(name))

    def _adding(self, name: str) -> Callable[[float], None]:
        def add(spent: float) -> None:
            self.found[name] += spent

        return add

    def __exit__(self, *_: object) -> None:
        for _name, holder in self._holders:
            holder.array = holder.array.array
