"""Golden pictures: what was once looked at and kept, compared on the software renderer only.

A failure writes an amplified difference to tests/diffs. `--update-refs` writes references anew.
"""

from pathlib import Path

import av
import numpy as np
from numpy.typing import NDArray

from performer.output.video import write_still

REFS = Path(__file__).parent / "golden"
DIFFS = Path(__file__).parents[1] / "diffs"
TOLERANCE = 1  # of 255

Pixels = NDArray[np.uint8]


def load(path: Path) -> Pixels:
    """A PNG as RGB (H, W, 3), top row first."""
    with av.open(str(path)) as file:
        frame = next(file.decode(video=0))
    return frame.to_ndarray(format="rgb24").astype(np.uint8)


def amplified(got: Pixels, want: Pixels) -> Pixels:
    """Got, wanted, and how far apart they are, sixteen times over, side by side."""
    apart = np.abs(got.astype(np.int16) - want)
    return np.concatenate([got, want, np.minimum(apart * 16, 255).astype(np.uint8)], axis=1)


def check(name: str, got: Pixels, update: bool, refs: Path = REFS, diffs: Path = DIFFS) -> None:
    """Compares RGB (H, W, 3) with its reference, or writes that; else AssertionError."""
    path = refs / f"{name}.png"
    if update:
        write_still(path, got)
        return
    assert path.is_file(), f"{path} is missing: run with --update-refs and look at it"
    want = load(path)
    if want.shape != got.shape:
        raise AssertionError(f"{name}: is {got.shape[1]}x{got.shape[0]}, the reference is "
                             f"{want.shape[1]}x{want.shape[0]}")  # fmt: skip
    worst = int(np.abs(got.astype(np.int16) - want).max())
    if worst > TOLERANCE:
        write_still(diffs / f"{name}.png", amplified(got, want))
        raise AssertionError(f"{name}: differs by up to {worst} of 255, see {diffs / name}.png")
