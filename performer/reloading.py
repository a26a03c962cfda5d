"""Shaders and presets are taken anew when their file is saved, while the night goes on.

However an editor saves, by writing, renaming or truncating, a file is read once it has kept its
size and time for a moment. What is wrong with it is told with its lines; the last good version
stays.
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
from performer.show.shows import EFFECTS, TRANSITIONS, dressed

log = logging.getLogger("performer.stage")

LOOK = 0.25  # s between two looks at the files
FADE = 1.0  # s in which a preset that is on becomes what it is now

Stamp = tuple[int, int]


class Reloader:
    """Looks after the files of a night."""

    def __init__(self, circle: Circle, renderer: Renderer) -> None:
        self.circle, self.renderer = circle, renderer
        self._known: dict[Path, Stamp] = {}
        self._moving: dict[Path, Stamp] = {}
        self._looked = -LOOK
        for path in self._files():
            if (stamp := _stamp(path)) is not None:
                self._known[path] = stamp

    def look(self, now: float) -> None:
        """Takes what has been saved; `now` in s, by any clock."""
        if now - self._looked < LOOK:
            return
        self._looked = now
        for path in self._files():
            stamp = _stamp(path)
            if stamp is None or stamp == self._known.get(path):
                self._moving.pop(path, None)
            elif self._moving.get(path) == stamp:  # it has come to rest
                del self._moving[path]
                self._known[path] = stamp
                self.take(path)
            else:
                self._moving[path] = stamp

    def _files(self) -> Iterator[Path]:
        library = self.circle.library
        for shader in library.shaders.values():
            yield shader.path
            yield shader.path.with_suffix(".vs")
        yield from sorted(COMMON.glob("*.glsl"))
        for name in library.presets:
            yield library.file_of(name)

    def take(self, path: Path) -> None:
        """Reads a file anew."""
        if path.suffix == ".toml":
            self._preset(path)
            return
        for name, shader in self.circle.library.shaders.items():
            if path in (shader.path, shader.path.with_suffix(".vs")) or (
                path.suffix == ".glsl" and path.name in shader.body
            ):
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
        library, bare = self.circle.library, name.removeprefix(EFFECTS).removeprefix(TRANSITIONS)
        rooms = {EFFECTS + bare: library.filters, TRANSITIONS + bare: library.transitions}
        rooms.get(name, library.generators)[bare] = new
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


def _stamp(path: Path) -> Stamp | None:
    """When a file was written, and its size; None while there is none."""
    try:
        found = path.stat()
    except OSError:
        return None
    return found.st_mtime_ns, found.st_size
