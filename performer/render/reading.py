"""Reading pictures back without waiting: a ring of pixel buffers, read a few frames later."""

from collections import deque
from typing import cast

import moderngl
import numpy as np
from numpy.typing import NDArray

DEPTH = 3  # frames between a picture and its pixels


class Ring:
    """Pictures go in as textures and come out, `DEPTH` frames later, as pixels."""

    def __init__(self, gl: moderngl.Context) -> None:
        self._gl = gl
        self._free: list[moderngl.Buffer] = []
        self._under_way: deque[tuple[moderngl.Buffer, tuple[int, int]]] = deque()

    def push(self, texture: moderngl.Texture) -> NDArray[np.uint8] | None:
        """Begins to read an RGBA8 picture; an earlier one, (H, W, 4), top row first, or None."""
        width, height = cast("tuple[int, int]", texture.size)
        wanted = width * height * 4
        buffer = self._free.pop() if self._free else self._gl.buffer(reserve=wanted)
        if buffer.size != wanted:
            buffer.orphan(wanted)
        texture.read_into(buffer)
        self._under_way.append((buffer, (width, height)))
        return self.pop() if len(self._under_way) > DEPTH else None

    def pop(self) -> NDArray[np.uint8] | None:
        """The oldest picture under way, waiting for it; None if there is none."""
        if not self._under_way:
            return None
        buffer, (width, height) = self._under_way.popleft()
        pixels = np.frombuffer(buffer.read(), np.uint8).reshape(height, width, 4)[::-1]
        self._free.append(buffer)
        return pixels

    def release(self) -> None:
        """Gives the buffers back."""
        for buffer in [*self._free, *(b for b, _ in self._under_way)]:
            buffer.release()
        self._free.clear()
        self._under_way.clear()
