"""Writing the gallery: each file whole or not at all, and sheets of several stills."""

import os
from collections.abc import Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from performer.errors import DeviceError
from performer.output.video import write_still

Pixels = NDArray[np.uint8]

GAP = 6  # pixels between the stills of a sheet
DARK = (10, 11, 13)  # what is between them, sRGB


class Folder:
    """Where the gallery is written to."""

    def __init__(self, path: Path) -> None:
        """Makes the folder; DeviceError if nothing can be written there."""
        self.path = path
        self.text("index.html", "")  # the page comes last: better an empty one than an old one

    def still(self, file: str, pixels: Pixels) -> None:
        """A PNG of RGB pixels; DeviceError if it cannot be written."""
        path, part = self._place(file)
        write_still(part, pixels)
        self._put(part, path)

    def text(self, file: str, text: str) -> None:
        """A text in UTF-8; DeviceError if it cannot be written."""
        path, part = self._place(file)
        try:
            part.write_text(text, encoding="utf-8")
        except OSError as error:
            raise self._refused(error) from None
        self._put(part, path)

    def _place(self, file: str) -> tuple[Path, Path]:
        path = self.path / file
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise self._refused(error) from None
        return path, path.with_name(f".{path.name}.part")

    def _put(self, part: Path, path: Path) -> None:
        try:
            os.replace(part, path)
        except OSError as error:
            raise self._refused(error) from None

    def _refused(self, error: OSError) -> DeviceError:
        told = f"cannot write the gallery {self.path}: {error.strerror}"
        return DeviceError(f"{told}; choose another folder with --out")


def sheet(stills: Sequence[Pixels], across: int) -> Pixels:
    """Stills of one size (H, W, 3) side by side in rows of `across`, in the order they come."""
    height, width = stills[0].shape[:2]
    down = -(-len(stills) // across)
    whole = np.empty((down * (height + GAP) + GAP, across * (width + GAP) + GAP, 3), np.uint8)
    whole[:] = DARK
    for k, pixels in enumerate(stills):
        y = GAP + k // across * (height + GAP)
        x = GAP + k % across * (width + GAP)
        whole[y : y + height, x : x + width] = pixels
    return whole
