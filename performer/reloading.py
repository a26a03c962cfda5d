"""Shaders and presets are taken anew when their file is saved, while the night goes on.

What is wrong with it is told with its lines; the last good version stays.
"""

import logging
from collections.abc import Iterator
from pathlib import Path

from performer.circle.circle import Circle
from performer.errors import FileError
from performer.render.dressing import keys_of
from performer.render.glsl import COMMON
from performer.render.renderer import Renderer
from performer.show.effects import problems_of
from performer.show.isf import Shader, load_shader
from performer.show.presets import load_preset
from performer.show.saved import Saved
from performer.show.shows import dressed

log = logging.getLogger("performer.stage")

FADE = 1.0  # s in which a preset that is on becomes what it is now


class Reloader:
    """Looks after the files of a night."""

    def __init__(self, circle: Circle, renderer: Renderer) -> None:
        self.circle, self.renderer = circle, renderer
        self._saved = Saved(self._files)

    def look(self, now: float) -> None:
        """Takes what has been saved; `now` in s, by any clock."""
        for path in self._saved.look(now):
            self.take(path)

    def _files(self) -> Iterator[Path]:
        library = self.circle.library
        yield from library.sources
        yield from sorted(COMMON.glob("*.glsl"))
        for name in library.presets:
            yield library.file_of(name)

    def take(self, path: Path) -> None:
        """Reads a file anew."""
        if path.suffix == ".toml":
            self._preset(path)
            return
        for name, shader in self.circle.library.made_of(path).items():
            self._shader(name, shader)

    def _shader(self, name: str, old: Shader) -> None:
        try:
            new = load_shader(old.path)
            error = self.renderer.layers.renew(name, new)
        except FileError as found:
            new, error = old, found
        if error is not None:
            log.error("the last good version of %s goes on: %s", name, error)
            return
        self.circle.library.renew(name, new)
        self.circle.resting = tuple(n for n in self.circle.resting if n != name)
        log.warning("%s is as it was saved now", old.path.name)

    def _preset(self, path: Path) -> None:
        library, name = self.circle.library, path.stem
        try:
            preset = load_preset(path)
            wrong = problems_of(preset.effect, library.filters, library.generators)
            wrong += library.problems_of(preset)
            if wrong:
                raise FileError(path, wrong)
        except FileError as error:
            log.error("the last good version of the preset %s stays: %s", name, error)
            return
        if (new := dressed(preset, library.filters)) == library.presets[name]:
            return  # what a hand saved is known already
        library.presets[name] = new
        self.renderer.layers.expected += keys_of([new], library.shaders)
        if name == self.circle.preset:
            self.circle.fade_to(name, FADE)
        log.warning("%s is as it was saved now", path.name)
