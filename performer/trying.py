"""Trying one ISF shader alone: inputs as they are written, test pictures, frames to a file.

A transition's progress runs from 0 to 1 over the video, and stands in the middle in a still, unless
it is set. Effects and transitions that are given no pictures get test pictures.
"""

import math
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from performer.errors import ControlError
from performer.output.video import Video, write_still
from performer.rehearsal import Ear
from performer.render import context
from performer.render.isf.sample import sample_pictures
from performer.render.isf.setting import SILENT, Sound
from performer.render.isf.source import value_slots
from performer.render.isf.studio import Given, Sitting, Studio
from performer.render.moment import sound_of
from performer.render.picture_file import read_picture
from performer.show.files import data_folder
from performer.show.isf import PROGRESS, Input, Shader
from performer.show.problems import one_of, shown

Pixels = NDArray[np.uint8]
STILL = ".png"
_PICTURES = (".jpg", ".jpeg", ".gif", ".webp", ".bmp", ".tif", ".tiff", ".avif")
VIDEO_SECONDS = STILL_MEMORY = 4.0
MOMENT = 1.0  # TIME of a still
_SWITCHES = {"true": 1.0, "on": 1.0, "yes": 1.0, "1": 1.0,
             "false": 0.0, "off": 0.0, "no": 0.0, "0": 0.0}  # fmt: skip


@dataclass(frozen=True)
class Span:
    """The frames of a try: TIME of the first, how many, and how many a second."""

    begin: float
    frames: int
    fps: float
    progress: float = 1.0
    """How far a transition is in the last frame."""

    @property
    def times(self) -> list[float]:
        """TIME of every frame, s."""
        return [self.begin + i / self.fps for i in range(self.frames)]


def span_of(shader: Shader, out: Path, time: float | None, seconds: float | None, fps: float,
            heard: bool = False) -> Span:  # fmt: skip
    """What is drawn for a file: for a still all before it that its picture depends on.

    ControlError if `out` is neither a still nor a video.
    """
    suffix = out.suffix.lower()
    if suffix != STILL:
        if not suffix or suffix in _PICTURES:
            told = f"must be a {STILL} still, or a video such as .mp4 or .mkv"
            raise ControlError(f"--out {out}", told)
        wanted = VIDEO_SECONDS if seconds is None else seconds
        return Span(time or 0.0, max(1, round(wanted * fps)), fps)
    last = MOMENT if time is None else time
    if seconds is None:
        seconds = STILL_MEMORY if shader.remembers or heard else 0.0
    before = math.floor(min(seconds, last) * fps + 1e-6)
    return Span(last - before / fps, before + 1, fps, progress=0.5)


# ---- what is written behind --set and --image -----------------------------------------------


def inputs_of(shader: Shader, texts: Sequence[str]) -> dict[str, Given]:
    """`NAME=VALUE[,VALUE…]` as inputs. ControlError says what is allowed."""
    found: dict[str, Given] = {}
    there = {i.name: i for i in shader.inputs if i.floats}
    for text in texts:
        name, equals, value = (part.strip() for part in text.partition("="))
        if not equals or not value:
            raise ControlError(f"--set {text}", "must be NAME=VALUE or NAME=VALUE,VALUE…")
        if name not in there:
            raise ControlError(f"--set {name}", _no_number(shader, name, there))
        if name not in value_slots(shader):
            raise ControlError(f"--set {name}", "has no place any more: it keeps its default")
        try:
            found[name] = _value(there[name], value)
        except ValueError:
            told = f"{_range(there[name])}, found {shown(value)}"
            raise ControlError(f"--set {name}", told) from None
    return found


def _no_number(shader: Shader, name: str, there: Mapping[str, Input]) -> str:
    kinds = {t.name: t.kind for t in shader.textures}
    if name in kinds:
        option = f"--image {name}=FILE" if kinds[name] == "image" else "--audio FILE"
        return f"is {'a picture' if kinds[name] == 'image' else 'sound'}: give it with {option}"
    return one_of(name, f"input of {shader.name}", there)


def _range(one: Input) -> str:
    """What an input can be set to, as people read it."""
    if one.kind in ("bool", "event"):
        return "must be true or false"
    if one.values:
        names = dict(zip(one.values, one.labels, strict=False))
        each = (f"{v} ({names[v]})" if v in names else str(v) for v in one.values)
        return f"must be one of {', '.join(each)}"
    wanted = {"long": "a whole number", "point2D": "two numbers, as 0.5,0.5",
              "color": "three or four numbers 0..1, as 1,0.5,0, or #ff8000"}  # fmt: skip
    return f"must be {wanted.get(one.kind, 'a number')}"


def _value(one: Input, text: str) -> tuple[float, ...]:
    """ValueError for anything else, without words for people."""
    if one.kind in ("bool", "event"):
        if text.lower() not in _SWITCHES:
            raise ValueError
        return (_SWITCHES[text.lower()],)
    if one.kind == "long":
        return (_choice(one, text),)
    if one.kind == "color" and text.startswith("#"):
        numbers = _hex(text[1:])
    else:
        numbers = tuple(float(part) for part in text.split(","))
    if one.kind == "color" and len(numbers) == 3:
        numbers = (*numbers, 1.0)
    if len(numbers) != one.floats or not all(math.isfinite(n) for n in numbers):
        raise ValueError
    return numbers


def _choice(one: Input, text: str) -> float:
    if text in one.labels[: len(one.values)]:
        return float(one.values[one.labels.index(text)])
    number = int(text)
    if one.values and number not in one.values:
        raise ValueError
    return float(number)


def _hex(digits: str) -> tuple[float, ...]:
    if len(digits) not in (6, 8):
        raise ValueError
    return tuple(byte / 255 for byte in bytes.fromhex(digits))


def images_of(shader: Shader, texts: Sequence[str], size: tuple[int, int]) -> dict[str, Pixels]:
    """`NAME=FILE` as pictures; image inputs that are not named get test pictures."""
    found = sample_pictures(shader, size)
    for text in texts:
        name, equals, file = text.partition("=")
        if not equals or not file:
            raise ControlError(f"--image {text}", "must be NAME=FILE")
        if name not in found:
            told = one_of(name, f"image input of {shader.name}", found)
            raise ControlError(f"--image {name}", told)
        found[name] = read_picture(Path(file))
    return found


# ---- drawing ------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Try:
    """What is drawn, and what it is given."""

    shader: Shader
    size: tuple[int, int]
    span: Span
    inputs: Mapping[str, Given]
    images: Mapping[str, Pixels]
    ear: Ear | None = None

    def draw(self, out: Path, told: Callable[[int, int], None] = lambda _done, _of: None) -> None:
        """Draws all frames into a file; FileError if the shader does not compile."""
        gl = context.headless()
        try:
            studio = Studio(gl, data_folder() / "shaders" / "pipeline")
            sitting = studio.sitting(self.shader, self.size)
            sitting.give(self.inputs, self.images)
            if out.suffix.lower() == STILL:
                for done, _ in enumerate(self._frames(sitting), 1):
                    told(done, self.span.frames)
                write_still(out, sitting.pixels())
            else:
                self._film(out, sitting, told)
        finally:
            gl.release()

    def _film(self, out: Path, sitting: Sitting, told: Callable[[int, int], None]) -> None:
        video = Video(out, self.size, self.span.fps, live=False)
        try:
            for done, time in enumerate(self._frames(sitting), 1):
                video.push(time - self.span.begin, sitting.pixels())
                told(done, self.span.frames)
        finally:
            video.close()

    def _frames(self, sitting: Sitting) -> Iterator[float]:
        """Draws frame after frame; yields the TIME of each."""
        runs = self.shader.kind == "transition" and PROGRESS not in self.inputs
        now = datetime.now()
        for index, time in enumerate(self.span.times):
            if runs:
                sitting.give({PROGRESS: self._progress(index)}, {})
            sound = SILENT if self.ear is None else self._heard(time)
            date = _date(now + timedelta(seconds=index / self.span.fps))
            sitting.draw(time, 1.0 / self.span.fps, sound, date)
            yield time

    def _heard(self, time: float) -> Sound:
        assert self.ear is not None
        return sound_of(self.ear.until(time))

    def _progress(self, index: int) -> float:
        last = max(1, self.span.frames - 1)
        return self.span.progress * (index / last if self.span.frames > 1 else 1.0)


def _date(moment: datetime) -> tuple[float, float, float, float]:
    """ISF's DATE, where this machine is."""
    midnight = moment.replace(hour=0, minute=0, second=0, microsecond=0)
    seconds = (moment - midnight).total_seconds()
    return float(moment.year), float(moment.month), float(moment.day), seconds
