"""What a drawing is given beside its shader: the people's rows, the moment, the pictures."""

from collections.abc import Mapping
from dataclasses import dataclass, field

import moderngl
import numpy as np
from numpy.typing import NDArray

Numbers = tuple[float, ...]
BEATS = 960  # after which BEAT begins anew: a multiple of 1..6, 8, 10, 12, 16, 20, 24, 32 and 64


@dataclass(frozen=True)
class Sound:
    """What is heard, as numbers 0..1: the newest samples (a half is silence), and a spectrum."""

    waveform: NDArray[np.float32]
    spectrum: NDArray[np.float32]

    def of(self, kind: str, most: int) -> NDArray[np.float32]:
        """At most `most` samples or bins (0: all): the newest samples, bins in groups."""
        found = self.waveform if kind == "audio" else self.spectrum
        if not 0 < most < len(found):
            return found
        if kind == "audio":
            return found[-most:]
        edges = np.linspace(0, len(found), most + 1).astype(int)[:-1]
        counts = np.diff(np.append(edges, len(found)))
        return (np.add.reduceat(found, edges) / counts).astype(np.float32)


SILENT = Sound(np.full(512, 0.5, np.float32), np.zeros(512, np.float32))


@dataclass(frozen=True)
class Setting:
    """One moment for one draw. `rows` is bound by the program; see rows.py for what is in it."""

    rows: moderngl.Texture
    index: int = 0
    """Counts frames: FRAMEINDEX of what has no memory."""
    beat: float = 0.0
    date: Numbers = (1970.0, 1.0, 1.0, 0.0)
    """Year, month, day, seconds of the day."""
    sound: Sound = SILENT
    images: Mapping[str, moderngl.Texture] = field(default_factory=dict[str, moderngl.Texture])
    """Textures by the name of the input; what is not here is blank."""
    media: moderngl.Texture | None = None
    """The atlas of people's pictures and words."""
    own: NDArray[np.float64] | None = None
    """Everybody's own inputs, shape (C, INPUTS): sizes of buffers may depend on them."""
    part: float = 1.0
    """How much of an effect is seen."""
    values: Numbers = ()
    """The inputs of an effect or transition, at most source.VALUES floats."""
    stamps: Mapping[int, tuple[str, float]] = field(default_factory=dict[int, tuple[str, float]])
    """Who has a row, and since when: another one's memory is not theirs."""
