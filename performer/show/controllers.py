"""Controller files: where they are found, and which one a device plays with.

Every problem of a file is told with its key path; of several files for one device the nearest is
used, and that is said. What a file says is in `maps`.
"""

import os
import sys
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any, Literal

from performer.errors import FileError
from performer.show.files import data_folder, read_model
from performer.show.maps import Controller, Map

LEARNT = "learnt-"
"""How the names of files begin that `/learn` writes; they go before all others."""

Level = Literal["given", "own", "shipped"]
_LEVELS: tuple[Level, ...] = ("given", "own", "shipped")


@dataclass(frozen=True)
class Loaded:
    """One controller file that loads."""

    path: Path
    controller: Controller
    level: Level

    @property
    def learnt(self) -> bool:
        """Whether `/learn` writes it."""
        return self.level == "own" and self.path.name.startswith(LEARNT)

    def fit(self, device: str) -> int:
        """Letters of the longest part of a device's name that the file knows; -1: not this one."""
        name = device.casefold()
        return max((len(d) for d in self.controller.device if d.casefold() in name), default=-1)


@dataclass(frozen=True)
class Layout:
    """What one device plays with: its file, and what was learnt on top of it."""

    base: Loaded | None
    learnt: Loaded | None

    @property
    def title(self) -> str:
        """The title of the device's file."""
        return self.base.controller.title if self.base else "nothing but what was learnt"

    @property
    def maps(self) -> tuple[Map, ...]:
        """What was learnt, and all of the file that it leaves free; `led` has the colours of each.

        What was learnt is lit as the device's file lights what says nothing.
        """
        learnt = _lit(self.learnt, self.base)
        return (*learnt, *(b for b in _lit(self.base, self.base)
                           if not any(m.clashes(b) or _covers(m, b) for m in learnt)))  # fmt: skip


def _lit(file: Loaded | None, base: Loaded | None) -> list[Map]:
    """A file's maps with the colours they are to have."""
    if file is None:
        return []
    usual = (base or file).controller.usual
    return [
        m.model_copy(update={"led": file.controller.light(m) or usual}) for m in file.controller.map
    ]


def _covers(learnt: Map, base: Map) -> bool:
    """Whether what was learnt on one channel takes a control that the file has on any."""
    if base.channel is not None or learnt.channel is None:
        return False
    return base.clashes(learnt.model_copy(update={"channel": None}))


@dataclass(frozen=True)
class Controllers:
    """All controller files, the nearest first."""

    files: tuple[Loaded, ...] = ()
    folder: Path = field(default_factory=lambda: own_folder())
    """A person's own, where what is learnt is kept."""
    said: tuple[str, ...] = ()
    """What a person should know: which file goes before which."""
    unused: tuple[FileError, ...] = field(default=())
    """Files of the folders that do not load: worth telling, no reason to refuse."""

    def of(self, device: str) -> Layout:
        """What a device plays with: the nearest file that knows its name best, or the fallback."""
        base = [f for f in self.files if not f.learnt]
        known = [f for f in base if f.fit(device) >= 0]
        nearest = min(known, key=lambda f: (_LEVELS.index(f.level), -f.fit(device)), default=None)
        fallback = next((f for f in base if not f.controller.device), None)
        learnt = max((f for f in self.files if f.learnt and f.fit(device) >= 0),
                     key=lambda f: f.fit(device), default=None)  # fmt: skip
        return Layout(nearest or fallback, learnt)

    def with_file(self, path: Path, controller: Controller) -> "Controllers":
        """The same with one file of the user's own folder new or changed."""
        others = tuple(f for f in self.files if f.path != path)
        return replace(self, files=(Loaded(path, controller, "own"), *others))


def load_controllers(
    given: Sequence[Path | str] = (), folder: Path | None = None, data: Path | None = None
) -> Controllers:
    """All controller files: those `given`, those of a person's own `folder`, and the shipped ones.

    FileError if a given one does not load; bad ones of the folders are told in `unused`.
    """
    folder = folder or own_folder()
    files = [Loaded(p, load_controller(p), "given") for p in map(Path, given)]
    unused: list[FileError] = []
    shipped = (data or data_folder()) / "presets" / "controllers"
    places: tuple[tuple[Level, Path], ...] = (("own", folder), ("shipped", shipped))
    for level, place in places:
        for path in sorted(place.glob("*.toml")):
            try:
                files.append(Loaded(path, load_controller(path), level))
            except FileError as error:
                unused.append(error)
    return Controllers(tuple(files), folder, tuple(_said(files)), tuple(unused))


def _said(files: Sequence[Loaded]) -> list[str]:
    """One sentence for every file that another one stands before."""
    base = [f for f in files if not f.learnt]
    return [
        f"{second.path} is not used for {what}: {first.path} is nearer"
        for i, second in enumerate(base)
        for first in base[:i]
        if (what := _shared(first.controller, second.controller))
    ]


def _shared(first: Controller, second: Controller) -> str:
    """The device that two files are both for; empty if there is none."""
    if not first.device and not second.device:
        return "devices without a file"
    others = {d.casefold() for d in second.device}
    return next((d for d in first.device if d.casefold() in others), "")


def load_controller(path: Path, data: dict[str, Any] | None = None) -> Controller:
    """One checked controller file (or its `data`), or FileError with every problem."""
    return read_model(Controller, path, data)


def own_folder() -> Path:
    """Where a person's own controller files are: the platform's place for configuration."""
    if sys.platform == "darwin":
        base = Path.home() / "Library" / "Application Support"
    elif sys.platform == "win32":
        base = Path(os.environ.get("APPDATA", Path.home()))
    else:
        base = Path(os.environ.get("XDG_CONFIG_HOME", Path.home() / ".config"))
    return base / "performer" / "controllers"
