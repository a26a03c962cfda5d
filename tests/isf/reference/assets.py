"""The files that the package's own tests play, and what these tests say of them.

Only what is said stands here; the files are read where the package is installed.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
import pygame

from .host import Film, Picture, Value

SIZE = (128, 128)
"""Of the pictures that they expect."""


@dataclass(frozen=True)
class Asset:
    """One file, and what is said of it; None where nothing is."""

    name: str
    kind: str | None = None
    version: int | None = None
    persistent: tuple[bool, ...] | None = None
    """Of each pass."""
    line: int | None = None
    """Of an error in the metadata, as the parser counts: from the comment's first line, from 1."""
    upgraded: str | None = None
    """The file that it becomes."""
    picture: str | None = None
    frames: int = 1
    changes: Mapping[int, Mapping[str, Value]] = field(default_factory=dict[int, dict[str, float]])
    """What they set before which of the frames that lead to the picture."""

    def text(self, package: Path) -> str:
        return (package / "tests" / "assets" / self.name).read_text("utf-8")

    def film(self) -> Film:
        return {"size": SIZE, "frames": self.frames, "changes": self.changes}


ASSETS = (
    Asset("generator.fs", kind="generator", picture="generator.png"),
    Asset("image-filter.fs", kind="filter"),
    Asset("transition.fs", kind="transition"),
    Asset(
        "persistent-buffers.fs", persistent=(True, False), picture="persistent-buffers.png",
        frames=4, changes={0: {"xPos": 0.0}, 1: {"xPos": 0.5}, 2: {"xPos": 1.0}},
    ),
    Asset("bad-metadata.fs", line=7),
    Asset("version1.fs", version=1, upgraded="version1.upgraded.fs"),
    Asset("version1_basic.fs", version=1),
    Asset("version1.upgraded.fs", version=2),
    Asset("version1.vs", upgraded="version1.upgraded.vs"),
    Asset("time-glitch.fs"),
)  # fmt: skip

EXAMPLES = (
    "badtv.fs", "edges.fs", "feedback.fs", "rgbglitchmod.fs", "rgbtimeglitch.fs",
    "tapestryfract.fs",
)  # fmt: skip
"""Of the package's examples, about which nothing is said. A .vs lies beside edges.fs."""


def example(package: Path, name: str) -> tuple[str, str | None]:
    """Its fragment shader and, where there is one, its vertex shader."""
    path = package / "examples" / name
    vertex = path.with_suffix(".vs")
    return path.read_text("utf-8"), vertex.read_text("utf-8") if vertex.exists() else None


def expected(package: Path, picture: str) -> Picture:
    """A picture that they expect. They save it on its side: a column is one of GL's rows."""
    image = pygame.image.load(package / "tests" / "expected" / picture)
    rows = np.frombuffer(pygame.image.tobytes(image, "RGBA"), np.uint8).reshape(*SIZE, 4)
    return rows.transpose(1, 0, 2)[::-1].copy()
