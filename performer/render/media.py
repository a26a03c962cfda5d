"""The media atlas: what people bring along, their pictures and their words, a place each.

A picture is read in a thread and seen a second after it was named, at the same frame in a
rehearsal as in a night. At most one place is written per frame (1 MiB at most).
"""

import logging
import math
from concurrent.futures import Future, ThreadPoolExecutor
from pathlib import Path

import moderngl
import numpy as np
from numpy.typing import NDArray

from performer.errors import FileError
from performer.frame import Frame
from performer.render.picture_file import Pixels, read_picture
from performer.show.isf.folders import user_folder

log = logging.getLogger("performer.stage")

SIDE = 2048  # pixels of the atlas
PLACE = 512  # pixels of the largest place
PATIENCE = 60  # frames from a picture's name to the picture
ASKED = tuple[str, str]


class Media:
    """Places by people's rows."""

    def __init__(self, gl: moderngl.Context, folders: tuple[Path, ...]) -> None:
        self.gl, self.folders = gl, folders
        self.texture: moderngl.Texture | None = None
        self.rects: NDArray[np.float32] = np.zeros((0, 4), np.float32)
        """Where each row's picture lies: corner and size in the texture, shape (C, 4); 0: none."""
        self._across = 1
        self._there: dict[int, ASKED] = {}
        self._due: dict[int, tuple[ASKED, int, Future[Pixels]]] = {}
        self._reading: ThreadPoolExecutor | None = None

    def update(self, frame: Frame) -> None:
        """Asks for what is new, puts in what is due, forgets what is gone."""
        people = frame.people
        if not self._there and not self._due and not any(people.pictures) and not any(people.words):
            if len(self.rects) != people.capacity:
                self.rects = np.zeros((people.capacity, 4), np.float32)
            return
        self._fit(people.capacity)
        for row in range(people.capacity):
            self._ask(row, (people.pictures[row], people.words[row]), frame.index)
        ready = [r for r, (_, at, _f) in self._due.items() if frame.index >= at + PATIENCE]
        if ready:
            self._put(ready[0])

    def _fit(self, capacity: int) -> None:
        across = max(math.ceil(math.sqrt(capacity)), SIDE // PLACE)
        if self.texture is None:
            self.texture = self.gl.texture((SIDE, SIDE), 4, dtype="f1")
            self.texture.repeat_x = self.texture.repeat_y = False
        if across != self._across or len(self.rects) != capacity:
            self._across = across
            self.rects = np.zeros((capacity, 4), np.float32)
            self._there.clear()  # everything moves: read it again
            self._due.clear()

    def _ask(self, row: int, asked: ASKED, index: int) -> None:
        if self._there.get(row, ("", "")) == asked:
            self._due.pop(row, None)
            return
        if not any(asked):
            self._there.pop(row, None)
            self._due.pop(row, None)
            self.rects[row] = 0.0
        elif row not in self._due or self._due[row][0] != asked:
            self._reading = self._reading or ThreadPoolExecutor(1, "pictures")
            most = SIDE // self._across
            reading = self._reading.submit(read_one, asked, self.folders, most)
            self._due[row] = (asked, index, reading)

    def _put(self, row: int) -> None:
        asked, _, reading = self._due.pop(row)
        self._there[row] = asked
        try:
            pixels = reading.result()
        except FileError as error:
            log.error("a picture is left out: %s", error)
            self.rects[row] = 0.0
            return
        assert self.texture is not None
        height, width = pixels.shape[:2]
        side = SIDE // self._across
        x, y = row % self._across * side, row // self._across * side
        data = np.ascontiguousarray(pixels[::-1]).tobytes()
        self.texture.write(data, viewport=(x, y, width, height))
        self.rects[row] = np.array([x, y, width, height], np.float32) / SIDE

    def release(self) -> None:
        """Gives everything back."""
        if self._reading is not None:
            self._reading.shutdown(wait=True, cancel_futures=True)
        if self.texture is not None:
            self.texture.release()


def picture_folders(show: Path, data: Path) -> tuple[Path, ...]:
    """Where people's pictures lie: beside the show's presets, the user's own, the bundled."""
    return show / "pictures", user_folder().parent / "pictures", data / "assets" / "pictures"


def read_one(asked: ASKED, folders: tuple[Path, ...], most: int) -> Pixels:
    """A picture by its name, or words as a picture; FileError if it cannot be had."""
    picture, words = asked
    if not picture:
        return rasterised(words, most)
    for folder in folders:
        if Path(picture).name == picture and (folder / picture).is_file():
            return read_picture(folder / picture, most)
    return read_picture(folders[0] / Path(picture).name, most)


def rasterised(words: str, most: int) -> Pixels:
    """Words in white on nothing, RGBA (H, W, 4), in a few lines."""
    import pygame

    pygame.font.init()
    lines = _lines(words, 16)
    font = pygame.font.Font(None, max(12, most // 6))
    rows = [font.render(line, True, (255, 255, 255)) for line in lines]
    width = max(row.get_width() for row in rows)
    surface = pygame.Surface((max(1, width), sum(r.get_height() for r in rows)), pygame.SRCALPHA)
    top = 0
    for row in rows:
        surface.blit(row, ((width - row.get_width()) // 2, top))
        top += row.get_height()
    scale = min(1.0, most / max(surface.get_size()))
    size = (max(1, int(surface.get_width() * scale)), max(1, int(surface.get_height() * scale)))
    surface = pygame.transform.smoothscale(surface, size)
    data = pygame.image.tobytes(surface, "RGBA")
    return np.frombuffer(data, np.uint8).reshape(size[1], size[0], 4)


def _lines(words: str, wide: int) -> list[str]:
    """Words in lines of about that many letters, at most six lines."""
    lines = [""]
    for word in words.split():
        if lines[-1] and len(lines[-1]) + 1 + len(word) > wide:
            lines.append("")
        lines[-1] = f"{lines[-1]} {word}".strip()
    return [line[:40] for line in lines[:6]]
