"""Rehearsing: the same stage with an exact clock, a script for hands, files for eyes."""

import time
from collections.abc import Callable, Iterator
from pathlib import Path

from performer.circle.circle import Circle
from performer.clock import ExactClock
from performer.frame import Frame
from performer.journal.controls import due
from performer.journal.stats import Stats
from performer.output.video import Video, write_still
from performer.parameters import Control
from performer.render import context
from performer.render.renderer import Picture, Renderer
from performer.render.scene import View
from performer.show.files import data_folder
from performer.show.shows import Library
from performer.stage import Sink, Stage

Progress = Callable[[int, int], None]
"""Told how many of how many steps are done."""


class Script:
    """Messages written down beforehand, each with its second."""

    ack = 0

    def __init__(self, controls: list[tuple[float, Control]]) -> None:
        self._waiting = sorted(controls, key=lambda pair: pair[0])

    def drain(self, time: float) -> Iterator[Control]:
        """What is due by `time` s."""
        return due(self._waiting, time)


class OnVideo:
    """Encodes every picture; a slow encoder is waited for."""

    def __init__(
        self, path: Path, size: tuple[int, int], fps: float, speed: float = 1.0
    ) -> None:  # fmt: skip
        self.video, self.speed = Video(path, size, fps, live=False), speed

    def push(self, picture: Picture, frame: Frame) -> None:
        """One picture, at its second of the video."""
        self.video.push(frame.time / self.speed - frame.dt, picture.pixels())

    def close(self) -> None:
        """Finishes the file; DeviceError if it could not be written."""
        self.video.close()


class OnStills:
    """Writes a still every so many seconds of the show, beside the video."""

    def __init__(self, folder: Path, every: float) -> None:
        self.folder, self.every = folder, every
        self.next = 0.0

    def push(self, picture: Picture, frame: Frame) -> None:
        """One picture; written if its time has come."""
        if frame.time >= self.next - 1e-9:
            write_still(self.folder / f"{frame.time:08.2f}s.png", picture.pixels())
            self.next += self.every

    def close(self) -> None:
        """Nothing is left to do."""


class OnStats:
    """Measures every picture."""

    def __init__(self, stats: Stats) -> None:
        self.stats = stats
        self._last = time.perf_counter()

    def push(self, picture: Picture, frame: Frame) -> None:
        """One picture."""
        pixels, held = picture.pixels(), picture.held()
        now = time.perf_counter()
        self.stats.see(frame, pixels, held, 1000.0 * (now - self._last))
        self._last = now

    def close(self) -> None:
        """Nothing is left to do."""


class Watched:
    """Tells how far it is."""

    def __init__(self, pictures: int, progress: Progress) -> None:
        self.pictures, self.progress, self.done = pictures, progress, 0

    def push(self, picture: Picture, frame: Frame) -> None:
        """One picture more."""
        self.done += 1
        self.progress(self.done, self.pictures)

    def close(self) -> None:
        """Nothing is left to do."""


def rehearse(
    library: Library, view: View, seconds: float, fps: float, script: list[tuple[float, Control]],
    sinks: list[Sink], seed: int | None = None, people: int | None = None,
    progress: Progress = lambda _done, _of: None, speed: float = 1.0,
) -> Circle:  # fmt: skip
    """Plays `seconds` of a show in exact time into `sinks`; returns the circle as it was left.

    `speed` makes the show faster; every picture keeps the pace of its own motion.
    """
    circle = Circle(library, people, seed, view.size[0] / view.size[1])
    gl = context.headless()
    try:
        renderer = Renderer(gl, library.generators, data_folder() / "shaders" / "pipeline")
        for name in renderer.warm(list(library.generators)):
            if name in renderer.broken:
                raise renderer.broken[name]
        clock = ExactClock(fps, max(1, round(seconds / speed * fps)), speed)
        watched = Watched(clock.pictures, progress)
        Stage(circle, renderer, view).play(clock, Script(script), [*sinks, watched])
        renderer.release()
    finally:
        gl.release()
    return circle
