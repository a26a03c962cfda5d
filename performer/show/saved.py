"""Which files of a show have been saved since one last looked, however an editor saves.

By writing, renaming or truncating: a file counts once it has kept its size and time for a moment.
"""

from collections.abc import Callable, Iterable
from pathlib import Path

LOOK = 0.25  # s between two looks at the files

Stamp = tuple[int, int]


class Saved:
    """Looks after some files."""

    def __init__(self, files: Callable[[], Iterable[Path]]) -> None:
        """`files` says which ones, at every look."""
        self._files = files
        self._known: dict[Path, Stamp] = {}
        self._moving: dict[Path, Stamp] = {}
        self._looked = -LOOK
        for path in files():
            if (stamp := _stamp(path)) is not None:
                self._known[path] = stamp

    def look(self, now: float) -> list[Path]:
        """What has come to rest since the last look; `now` in s, by any clock."""
        if now - self._looked < LOOK:
            return []
        self._looked = now
        return [path for path in self._files() if self._rests(path)]

    def _rests(self, path: Path) -> bool:
        """Whether a file is another one than it was, and the same as at the last look."""
        stamp = _stamp(path)
        if stamp is None or stamp == self._known.get(path):
            self._moving.pop(path, None)
            return False
        if self._moving.get(path) != stamp:
            self._moving[path] = stamp
            return False
        del self._moving[path]
        self._known[path] = stamp
        return True


def _stamp(path: Path) -> Stamp | None:
    """When a file was written, and its size; None while there is none."""
    try:
        found = path.stat()
    except OSError:
        return None
    return found.st_mtime_ns, found.st_size
