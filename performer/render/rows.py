"""The people's rows: what shaders read of each person, as one texture uploaded once per frame."""

from collections.abc import Mapping

import moderngl
import numpy as np
from numpy.typing import NDArray

from performer.frame import INPUTS, MOST_PEOPLE, Frame, People
from performer.render.isf.source import OWN, PICTURE, TEXELS
from performer.show.isf import Shader


class Rows:
    """A texture of 256 rows of `TEXELS` texels of four floats. See isf/source.py."""

    def __init__(self, gl: moderngl.Context, generators: Mapping[str, Shader]) -> None:
        self.texture = gl.texture((TEXELS, MOST_PEOPLE), 4, dtype="f4")
        self.texture.filter = (moderngl.NEAREST, moderngl.NEAREST)
        self._data = np.zeros((MOST_PEOPLE, TEXELS, 4), np.float32)
        self._ranges = {name: _ranges(g) for name, g in generators.items()}
        self._none = np.zeros((3, INPUTS))
        self.own = np.zeros((0, INPUTS))
        """Everybody's own inputs in the last Frame, (C, INPUTS)."""
        self._ids: list[str] = []
        self._joined = np.zeros(0)
        self._dealt: list[str] = []
        self._inputs = np.zeros((3, 0, INPUTS))

    def upload(self, frame: Frame, media: NDArray[np.float32] | None = None) -> None:
        """Writes everybody's values for this frame; `media`: where their pictures lie, (C, 4)."""
        p, data = frame.people, self._data[: frame.people.capacity]
        data[:, 0, 0] = p.time
        data[:, 0, 1] = frame.dt
        data[:, 0, 2] = frame.index % (1 << 20)
        data[:, 0, 3] = p.veil
        data[:, 1, 0] = p.energy
        data[:, 1, 1] = p.breath
        data[:, 1, 2] = p.wave
        data[:, 1, 3] = p.valence
        data[:, 2, 0] = p.arousal
        data[:, 2, 1] = self._new(frame)
        data[:, 2, 2] = p.seed
        data[:, 3:7, :3] = p.colours.reshape(-1, 4, 3)
        data[:, 3:7, 3] = 1.0
        data[:, PICTURE] = 0.0 if media is None else media
        self.own = self._own(p)
        data[:, OWN:, :] = self.own.reshape(-1, INPUTS // 4, 4)
        self.texture.write(self._data)

    def _own(self, p: People) -> NDArray[np.float64]:
        """Everybody's inputs, (C, INPUTS): as they are set, moved within their ranges."""
        low, usual, high = self._ranges_of(p.generators)
        own = np.where(np.isnan(p.inputs), usual, p.inputs)
        swing = p.swing[:, :INPUTS]
        if not swing.any():
            return own
        return np.where(swing == 0.0, own, np.clip(own + swing * (high - low), low, high))

    def _ranges_of(self, generators: list[str]) -> NDArray[np.float64]:
        """Lowest, default and highest inputs, (3, C, INPUTS), kept until a generator changes."""
        if generators != self._dealt:
            self._dealt = generators
            dealt = [self._ranges.get(g, self._none) for g in generators]
            self._inputs = np.stack(dealt, axis=1)
        return self._inputs

    def _new(self, frame: Frame) -> NDArray[np.bool_]:
        """Which rows changed hands since the last frame: their means start anew, shape (C,)."""
        ids, joined = frame.people.ids, frame.people.joined
        changed = np.ones(len(ids), np.bool_)
        n = min(len(ids), len(self._ids))
        changed[:n] = joined[:n] != self._joined[:n]
        if ids != self._ids:
            changed[:n] |= np.array(ids[:n]) != np.array(self._ids[:n])
        self._ids, self._joined = ids, joined
        return changed

    def learn(self, name: str, shader: Shader) -> None:
        """A shader has other inputs now."""
        self._ranges[name] = _ranges(shader)
        self._dealt = []

    def release(self) -> None:
        """Gives the texture back."""
        self.texture.release()


def _ranges(generator: Shader) -> NDArray[np.float64]:
    values = np.zeros((3, INPUTS))
    slots = generator.slots
    for entry in generator.own:
        slot = slots.get(entry.name)
        if slot is None:
            continue
        values[0, slot], values[1, slot], values[2, slot] = entry.low, entry.default, entry.high
    return values
