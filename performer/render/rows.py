"""The people's rows: what shaders read of each person, as one texture uploaded once per frame."""

from collections.abc import Mapping

import moderngl
import numpy as np
from numpy.typing import NDArray

from performer.frame import INPUTS, MOST_PEOPLE, Frame
from performer.render.translate import TEXELS
from performer.show.isf import Generator


class Rows:
    """A texture of 256 rows of `TEXELS` texels of four floats. See translate.PERSONAL."""

    def __init__(self, gl: moderngl.Context, generators: Mapping[str, Generator]) -> None:
        self.texture = gl.texture((TEXELS, MOST_PEOPLE), 4, dtype="f4")
        self.texture.filter = (moderngl.NEAREST, moderngl.NEAREST)
        self._data = np.zeros((MOST_PEOPLE, TEXELS, 4), np.float32)
        self._defaults = {name: _defaults(g) for name, g in generators.items()}
        self._none = np.zeros(INPUTS)
        self._ids: list[str] = []
        self._joined = np.zeros(0)
        self._dealt: list[str] = []
        self._inputs = np.zeros((0, INPUTS))

    def upload(self, frame: Frame) -> None:
        """Writes everybody's values for this frame."""
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
        own = np.where(np.isnan(p.inputs), self._usual(p.generators), p.inputs)
        data[:, 7:, :] = own.reshape(-1, INPUTS // 4, 4)
        self.texture.write(self._data)

    def _usual(self, generators: list[str]) -> NDArray[np.float64]:
        """Everybody's default inputs, (C, INPUTS), kept until somebody's generator changes."""
        if generators != self._dealt:
            self._dealt = generators
            self._inputs = np.array([self._defaults.get(g, self._none) for g in generators])
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

    def release(self) -> None:
        """Gives the texture back."""
        self.texture.release()


def _defaults(generator: Generator) -> NDArray[np.float64]:
    values = np.zeros(INPUTS)
    for entry in generator.own:
        values[generator.slots[entry.name]] = entry.default
    return values
