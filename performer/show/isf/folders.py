"""Where ISF files are looked for: the bundled ones, the user's own, and the system's.

A file is called by its stem, lower case, with `-` for what is no letter or digit: `Color Bars.fs`
is `color-bars`. Of two with one name the bundled one is meant, then the user's own.
"""

import os
import re
import sys
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from performer.errors import FileError
from performer.show.files import data_folder
from performer.show.isf import Shader, load_shader

KINDS = ("layers", "effects", "transitions")
"""Folders of bundled shaders, and what they hold: generators, filters, transitions."""
MOST_FILES = 5000


@dataclass
class Found:
    """All shaders there are, by what they are good for and by name; and what is wrong with some."""

    generators: dict[str, Shader] = field(default_factory=dict[str, Shader])
    filters: dict[str, Shader] = field(default_factory=dict[str, Shader])
    transitions: dict[str, Shader] = field(default_factory=dict[str, Shader])
    broken: list[FileError] = field(default_factory=list[FileError])

    @property
    def everything(self) -> dict[str, Shader]:
        """All of them; of two with one name the generator."""
        return {**self.transitions, **self.filters, **self.generators}


def user_folder(environment: Mapping[str, str] = os.environ) -> Path:
    """The user's own: `PERFORMER_SHADERS`, or the platform's place for configuration."""
    if named := environment.get("PERFORMER_SHADERS"):
        return Path(named)
    home = Path.home()
    if sys.platform == "darwin":
        return home / "Library" / "Application Support" / "performer" / "shaders"
    if sys.platform == "win32":
        return Path(environment.get("APPDATA", str(home))) / "performer" / "shaders"
    config = environment.get("XDG_CONFIG_HOME", "")
    return (Path(config) if config else home / ".config") / "performer" / "shaders"


def system_folders() -> tuple[Path, ...]:
    """Where ISF hosts of a platform share shaders."""
    home = Path.home()
    if sys.platform == "darwin":
        return home / "Library" / "Graphics" / "ISF", Path("/Library/Graphics/ISF")
    if sys.platform == "win32":
        return (Path("C:/ProgramData/ISF"),)
    return home / ".local" / "share" / "ISF", Path("/usr/share/ISF"), Path("/usr/local/share/ISF")


def called(path: Path) -> str:
    """What a file's shader is called."""
    return re.sub(r"[^a-z0-9_]+", "-", path.stem.lower()).strip("-") or "shader"


def find_shaders(data: Path | None = None, others: bool = True) -> Found:
    """Every shader that can be named; what is broken is told, and nothing else is lost."""
    found = Found()
    for path in _files(data or data_folder(), others):
        try:
            shader = load_shader(path)
        except FileError as error:
            found.broken.append(error)
            continue
        of_kind = {"generator": found.generators, "filter": found.filters}
        of_kind.get(shader.kind, found.transitions).setdefault(called(path), shader)
    return found


def _files(data: Path, others: bool) -> Iterator[Path]:
    for kind in KINDS:
        yield from sorted((data / "shaders" / kind).glob("*.fs"))
    count = 0
    for folder in (user_folder(), *system_folders()) if others else ():
        for path in sorted(p for p in folder.rglob("*") if p.suffix.lower() in (".fs", ".isf")):
            count += 1
            if count > MOST_FILES:
                return
            yield path
