"""Compiled shaders by name: made when they are first needed, a bounded number of them kept.

A shader that does not compile is told once and never tried again, until its file changes.
"""

from collections import OrderedDict
from collections.abc import Collection, Iterator, Mapping

import moderngl

from performer.errors import FileError
from performer.render.isf.program import Program
from performer.render.isf.shared import Shared
from performer.render.isf.source import LAYER, Wrapping
from performer.show.isf import Shader

MOST_KEPT = 64
"""Programs; those that were used longest ago go first."""

Key = tuple[str, Wrapping]


class Programs:
    """The programs of one context."""

    def __init__(
        self, gl: moderngl.Context, shaders: Mapping[str, Shader], shared: Shared,
        most: int = MOST_KEPT,
    ) -> None:  # fmt: skip
        self.gl, self.shared, self.most = gl, shared, most
        self.shaders = dict(shaders)
        self.broken: dict[str, FileError] = {}
        self._kept: OrderedDict[Key, Program] = OrderedDict()

    def __len__(self) -> int:
        return len(self._kept)

    def __iter__(self) -> Iterator[Program]:
        return iter(self._kept.values())

    def has(self, name: str, wrapping: Wrapping = LAYER) -> bool:
        """Whether a shader is compiled, or known not to compile."""
        return (name, wrapping) in self._kept or name in self.broken or name not in self.shaders

    def get(self, name: str, wrapping: Wrapping = LAYER) -> Program | None:
        """A program; None if there is no such shader, or if it is broken."""
        if name in self.broken or name not in self.shaders:
            return None
        key = (name, wrapping)
        if key not in self._kept:
            try:
                self._kept[key] = Program(self.gl, self.shaders[name], self.shared, wrapping)
            except FileError as error:
                self.broken[name] = error
                return None
        self._kept.move_to_end(key)
        return self._kept[key]

    def tidy(self, used: Collection[str] = ()) -> None:
        """Lets go of what was used longest ago, but never of what is `used` in this frame."""
        for key in list(self._kept):
            if len(self._kept) <= self.most:
                return
            if key[0] not in used:
                self._kept.pop(key).release()

    def renew(self, name: str, shader: Shader) -> FileError | None:
        """Takes a shader's new text, if it compiles in every wrapping that is in use.

        Else its error, and the last good version goes on.
        """
        wrappings = [w for n, w in self._kept if n == name] or [LAYER]
        made: dict[Key, Program] = {}
        try:
            for wrapping in wrappings:
                made[name, wrapping] = Program(self.gl, shader, self.shared, wrapping)
        except FileError as error:
            for program in made.values():
                program.release()
            if name not in self.shaders:
                self.broken[name] = error
            return error
        for key, program in made.items():
            if (old := self._kept.pop(key, None)) is not None:
                old.release()
            self._kept[key] = program
        self.shaders[name] = shader
        self.broken.pop(name, None)
        return None

    def release(self) -> None:
        """Gives everything back."""
        for program in self._kept.values():
            program.release()
        self._kept.clear()
