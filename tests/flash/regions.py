"""Where the first judge looks: means of linear light over parts of an 8-bit sRGB frame."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]

GRIDS = (("frame", 1, 1), ("third", 3, 3), ("cell", 9, 16))  # name, rows, columns; coarse first
_CODES = np.arange(256) / 255
LINEAR: Floats = np.where(
    _CODES <= 0.04045, _CODES / 12.92, ((_CODES + 0.055) / 1.055) ** 2.4
)  # linear light 0..1 of each sRGB code, IEC 61966-2-1


class Regions:
    """Means over the frame, 3 x 3 windows and 16 x 9 cells: 154 regions, the large ones first."""

    def __init__(self, height: int, width: int) -> None:
        if height < 9 or width < 16:
            raise ValueError(f"a frame needs 16 x 9 pixels or more to be judged: {width}x{height}")
        self._down = [_averaging(height, rows) for _, rows, _ in GRIDS]
        self._across = [_averaging(width, columns) for _, _, columns in GRIDS]
        self.names = [
            f"{name} column {i} row {j}" if rows > 1 else name
            for name, rows, columns in GRIDS
            for j in range(rows)
            for i in range(columns)
        ]

    def means(self, frame: NDArray[np.uint8]) -> Floats:
        """Mean linear RGB (regions, 3) of one sRGB frame (H, W, 3)."""
        height, width = frame.shape[:2]
        linear = LINEAR[frame].reshape(height, -1)
        parts: list[Floats] = []
        for down, across in zip(self._down, self._across, strict=True):
            rows = (down @ linear).reshape(-1, width, 3)
            parts.append((across @ rows).reshape(-1, 3))
        return np.concatenate(parts)


def _averaging(size: int, parts: int) -> Floats:
    """A matrix (parts, size) that averages each of so many nearly equal parts of an axis."""
    edges = [round(size * k / parts) for k in range(parts + 1)]
    out: Floats = np.zeros((parts, size))
    for k in range(parts):
        out[k, edges[k] : edges[k + 1]] = 1 / (edges[k + 1] - edges[k])
    return out
