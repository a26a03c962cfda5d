"""Pictures from files, as pixels: what shaders import, and what people bring along."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from performer.errors import FileError, Problem

if TYPE_CHECKING:
    import pygame

Pixels = NDArray[np.uint8]
MOST_SIDE = 4096


def read_picture(path: Path, most: int = MOST_SIDE) -> Pixels:
    """RGBA, shape (H, W, 4), top row first, no side longer than `most`.

    FileError if the file is not there, or no picture.
    """
    import pygame  # PNG, JPEG, GIF, BMP, TGA, WebP; late, since most shaders import nothing

    if not path.is_file():
        raise FileError(path, [Problem("there is no such file")])
    try:
        surface = pygame.image.load(str(path))
        width, height = surface.get_size()
        if min(width, height) < 1:
            raise ValueError("it is empty")
        scale = min(1.0, most / max(width, height))
        if scale < 1.0:
            size = (max(1, int(width * scale)), max(1, int(height * scale)))
            surface = pygame.transform.smoothscale(_deep(surface), size)
        data = pygame.image.tobytes(_deep(surface), "RGBA")
    except (pygame.error, ValueError, OSError) as error:
        raise FileError(path, [Problem(f"is no picture that can be read: {error}")]) from None
    width, height = surface.get_size()
    return np.frombuffer(data, np.uint8).reshape(height, width, 4)


def _deep(surface: pygame.Surface) -> pygame.Surface:
    """With 32 bits: pictures of few colours are scaled like others."""
    import pygame

    if surface.get_bitsize() == 32:
        return surface
    deep = pygame.Surface(surface.get_size(), pygame.SRCALPHA, 32)
    deep.blit(surface, (0, 0))
    return deep
