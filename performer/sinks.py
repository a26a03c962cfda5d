"""Where a live night's pictures go: the window, a video with its sound, a last still."""

import logging
from pathlib import Path

import numpy as np

from performer import bus as buses
from performer.audio import RATE
from performer.bus import Mailbox
from performer.circle.consent import may_record
from performer.errors import DeviceError
from performer.frame import Frame
from performer.output.video import Pixels, Video, unused, write_still
from performer.render.reading import Ring
from performer.render.renderer import Picture, Renderer
from performer.render.window import Window
from performer.run import Run
from performer.show.rooms import STEREO, load_room

log = logging.getLogger("performer.stage")

SILENCE = 0.1  # s missing from a recording's sound that are worth a word


class OnWindow:
    """Shows pictures in the window."""

    def __init__(self, window: Window, folder: Path) -> None:
        self.window, self.folder = window, folder

    def push(self, picture: Picture, frame: Frame) -> None:
        """Shows one picture."""
        self.window.show(picture.texture, self.folder)

    def close(self) -> None:
        """Closes the window."""
        self.window.close()


class OnFile:
    """Records pictures and sound to a video, as far as everybody in them agrees to it."""

    def __init__(self, run: Run, renderer: Renderer, played: Mailbox) -> None:
        self.run, self.renderer, self.played = run, renderer, played
        room = load_room(Path(run.room)) if run.room else STEREO
        self.sound: tuple[int, int] | None = None if run.silent else (RATE, room.channels)
        self.ring = Ring(renderer.gl)
        self.video: Video | None = None
        self.begun: float | None = None
        self.times: list[float] = []
        self.minded = False
        self.failed = ""

    def push(self, picture: Picture, frame: Frame) -> None:
        """Records one picture, unless somebody in it has not agreed to be recorded."""
        if self.failed:
            return
        minds = not may_record(frame.people)
        self._hear(minds)
        if minds:
            if not self.minded:
                log.warning("the recording waits: somebody here has no consent to record_local")
            self.minded = True
            return
        if self.begun is None:
            self.begun = frame.time
        self.minded = False
        self.times.append(frame.time - self.begun)
        self._write(self.ring.push(picture.texture))

    def _hear(self, minds: bool) -> None:
        """Records what was played since, unless somebody in it has not agreed."""
        while (data := self.played.take()) is not None:
            block = buses.played(data)
            form, at = (block.rate, block.channels), block.time - (self.begun or 0.0)
            if self.video is None:
                self.sound = self.sound and form
            elif not minds and self.sound == form and at >= 0.0:
                samples = np.frombuffer(block.samples, np.float32)
                self.video.sound(samples.reshape(-1, block.channels), at)

    def _write(self, pixels: Pixels | None) -> None:
        if pixels is None:
            return
        at = self.times.pop(0)
        try:
            if self.video is None:
                size, path = (pixels.shape[1], pixels.shape[0]), unused(Path(self.run.record))
                self.video = Video(path, size, self.run.fps, live=True, sound=self.sound)
                if path != Path(self.run.record):
                    log.warning("the recording goes on in %s", path)
            if (pixels.shape[1] // 2 * 2, pixels.shape[0] // 2 * 2) == self.video.size:
                self.video.push(at, pixels)
        except DeviceError as error:
            self._fail(str(error))
        else:
            self._fail(self.video.failed)

    def _fail(self, error: str) -> None:
        """Says once that there is no more video."""
        if error and not self.failed:
            self.failed = error
            log.error("%s; the show goes on", error)

    def close(self) -> None:
        """Writes what is under way."""
        while (pixels := self.ring.pop()) is not None:
            if not self.failed:
                self._write(pixels)
        self.ring.release()
        if self.video is not None:
            try:
                self.video.close()
            except DeviceError as error:
                self._fail(str(error))
            if self.video.dropped:
                log.warning("%d pictures were dropped from the video", self.video.dropped)
            if self.video.silence > SILENCE:
                log.warning("the video has %.1f s of silence where sound was missing",
                            self.video.silence)  # fmt: skip


class LastStill:
    """Writes the last picture when the show is over."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.last: tuple[Picture, Frame] | None = None

    def push(self, picture: Picture, frame: Frame) -> None:
        """Remembers the picture."""
        self.last = (picture, frame)

    def close(self) -> None:
        """Writes it, if everybody in it agrees."""
        if self.last is None or not may_record(self.last[1].people):
            return
        try:
            write_still(self.path, self.last[0].pixels())
        except DeviceError as error:
            log.error("%s", error)


class Paced:
    """Waits for the driver where no window paces it, so that frames do not pile up."""

    def __init__(self, renderer: Renderer) -> None:
        self.renderer = renderer

    def push(self, picture: Picture, frame: Frame) -> None:
        """Waits until the picture is done."""
        self.renderer.gl.finish()

    def close(self) -> None:
        """Nothing is left to do."""
