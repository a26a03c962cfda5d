"""Rehearsing: the same stage with an exact clock, a script for hands, files for eyes and ears."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from performer.audio import RATE
from performer.audio.files import AudioFile
from performer.audio.listening import Listener
from performer.circle.circle import Circle
from performer.clock import ExactClock
from performer.frame import SILENCE, Frame, Heard
from performer.journal.controls import due
from performer.journal.stats import Stats
from performer.output.video import Video, write_still
from performer.output.wav import Wav
from performer.parameters import Control
from performer.render import context
from performer.render.dressing import keys_of
from performer.render.media import picture_folders
from performer.render.renderer import Picture, Renderer
from performer.render.scene import View
from performer.show.files import data_folder
from performer.show.rooms import STEREO, load_room
from performer.show.shows import Library
from performer.stage import Sink, Stage

if TYPE_CHECKING:
    from performer.audio.engine import Engine

Progress = Callable[[int, int], None]
"""Told how many of how many steps are done."""


class Ear:
    """Listens to a music file in the show's exact time."""

    def __init__(self, path: Path, speed: float = 1.0) -> None:
        """FileError if there is no music in it. A fast rehearsal hears it at its natural pace."""
        self.file, self.speed = AudioFile(path, RATE, loop=True), speed
        self.listener = Listener(RATE)
        self.listened = 0

    def until(self, time: float) -> Heard:
        """What has been heard by `time` s of the show."""
        due = round(time / self.speed * RATE) - self.listened
        if due > 0:
            self.listener.feed(self.file.read(due))
            self.listened += due
        return self.listener.heard()


class Script:
    """Messages written down beforehand, each with its second, and music to listen to."""

    ack = 0

    def __init__(self, controls: list[tuple[float, Control]], ear: Ear | None = None) -> None:
        self._waiting = sorted(controls, key=lambda pair: pair[0])
        self._ear = ear

    def drain(self, time: float) -> Iterator[Control]:
        """What is due by `time` s."""
        return due(self._waiting, time)

    def heard(self, time: float) -> Heard:
        """What has been heard by `time` s."""
        return self._ear.until(time) if self._ear is not None else SILENCE


class OnSound:
    """Renders the sound of every picture, to the sample, for a WAV file and the video."""

    def __init__(self, engine: Engine, fps: float, video: Video | None, wav: Wav | None) -> None:
        self.engine, self.fps, self.video, self.wav = engine, fps, video, wav
        self.pictures = self.played = 0
        self._late = engine.latency  # what the limiter looks ahead by is not waited for
        self._left = engine.nothing[:0]

    def push(self, picture: Picture, frame: Frame) -> None:
        """The sound from this picture to the next; before the picture, as files want it."""
        self.engine.hear(frame)
        self.pictures += 1
        wanted = round(self.pictures * self.engine.rate / self.fps) - self.played
        while len(self._left) < wanted:
            block = self.engine.block()[self._late :]
            self._late -= min(self._late, len(self.engine.nothing))
            self._left = np.concatenate([self._left, block])
        samples, self._left = self._left[:wanted], self._left[wanted:]
        self.played += wanted
        if self.wav is not None:
            self.wav.push(samples)
        if self.video is not None:
            self.video.sound(samples)

    def close(self) -> None:
        """Finishes the WAV file; the video is closed by who opened it."""
        if self.wav is not None:
            self.wav.close()


class OnVideo:
    """Encodes every picture; a slow encoder is waited for."""

    def __init__(
        self, path: Path, size: tuple[int, int], fps: float, speed: float = 1.0,
        sound: tuple[int, int] | None = None,
    ) -> None:  # fmt: skip
        """`sound`: its rate and channels, if it will have any."""
        self.video, self.speed = Video(path, size, fps, live=False, sound=sound), speed

    def push(self, picture: Picture, frame: Frame) -> None:
        """One picture, at its second of the video."""
        self.video.push(frame.time / self.speed - frame.dt, picture.pixels())

    def close(self) -> None:
        """Finishes the file; DeviceError if it could not be written."""
        self.video.close()


class Takes:
    """What a rehearsal writes pictures and sound to."""

    def __init__(self, library: Library, size: tuple[int, int], fps: float, speed: float,
                 room: Path | None, audio: Path | None) -> None:  # fmt: skip
        self.library, self.size, self.fps, self.speed = library, size, fps, speed
        self.room, self.audio = load_room(room) if room else STEREO, audio
        self._wav: Wav | None = None

    def sinks(self, out: Path | None, wav: Path | None, sounding: bool) -> list[Sink]:
        """Sinks for a video (its sound included if `sounding`) and for a WAV file."""
        sinks: list[Sink] = []
        video, channels = None, self.room.channels
        # before anything is written over: what cannot be listened to is refused here
        music = AudioFile(self.audio, RATE, loop=True) if self.audio is not None else None
        if out is not None:
            sound = (RATE, channels) if sounding else None
            on_video = OnVideo(out, self.size, self.fps, self.speed, sound)
            video = on_video.video if sounding else None
            sinks.append(on_video)
        if wav is not None:
            self._wav = Wav(wav, RATE, channels)
        if video is not None or self._wav is not None:
            from performer.audio.engine import Engine  # scipy takes a second, and not all sound

            engine = Engine(self.library, self.room, RATE)
            engine.player = music
            sinks.insert(0, OnSound(engine, self.fps, video, self._wav))
        return sinks

    @property
    def digest(self) -> str:
        """SHA-256 of the WAV file's samples, once it is written; empty without one."""
        return self._wav.digest if self._wav is not None else ""


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
    progress: Progress = lambda _done, _of: None, speed: float = 1.0, ear: Ear | None = None,
) -> Circle:  # fmt: skip
    """Plays `seconds` of a show in exact time into `sinks`; returns the circle as it was left.

    `speed` makes the show faster; every picture keeps the pace of its own motion.
    """
    circle = Circle(library, people, seed, view.size[0] / view.size[1])
    gl = context.headless()
    try:
        renderer = Renderer(
            gl,
            library.shaders,
            data_folder() / "shaders" / "pipeline",
            picture_folders(library.folder, data_folder()),
        )
        renderer.expect(circle.people.capacity, view.size)
        worn = keys_of(library.presets.values(), library.shaders)
        for name in renderer.warm(list(library.generators), worn):
            if name in renderer.broken:
                raise renderer.broken[name]
        clock = ExactClock(fps, max(1, round(seconds / speed * fps)), speed)
        watched = Watched(clock.pictures, progress)
        Stage(circle, renderer, view).play(clock, Script(script, ear), [*sinks, watched])
        renderer.release()
    finally:
        gl.release()
    return circle
