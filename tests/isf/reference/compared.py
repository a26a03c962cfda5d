"""What both hosts are given: the same files, inputs and pictures, and what comes of them.

The reference host takes less than ISF allows; what is changed for it is changed here, and nothing
that a picture is made of: includes are put in, `INPUTS` is there, names of version 1 are new ones.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Any

import numpy as np

from performer.render.glsl import included
from performer.render.isf.setting import SILENT
from performer.render.isf.studio import Given, Studio
from performer.show.files import data_folder
from performer.show.isf import Input, Shader, load_shader
from performer.show.isf.reading import read_shader_text
from tests.isf.pictures import HERE as CONFORMANCE
from tests.isf.pictures import photo

from .host import BEGUN, Picture, ReferenceHost
from .tables import CLOSE, LOOSE

SIZE = (64, 48)
PHOTO = photo(*SIZE)
PICTURES = {
    "inputImage": PHOTO, "startImage": PHOTO, "endImage": PHOTO[::-1, ::-1].copy(),
    "mask": photo(20, 15), "behind": photo(96, 24),
}  # fmt: skip
"""What an image input is given, by its name."""

OWN = Path(__file__).parent / "files"
SHADERS = data_folder() / "shaders"
Inputs = Mapping[str, Given]


@dataclass(frozen=True)
class File:
    """One file; its name says which of the folders it lies in."""

    name: str
    path: Path

    @cached_property
    def shader(self) -> Shader:
        """As our host reads it."""
        return load_shader(self.path)

    @cached_property
    def text(self) -> str:
        """Without includes, for a host that has none."""
        return _flat(self.path)

    @cached_property
    def vertex(self) -> str | None:
        path = self.path.with_suffix(".vs")
        return _flat(path) if path.is_file() else None

    @cached_property
    def with_inputs(self) -> str:
        """With a list of inputs, be it empty, for a host that cannot do without."""
        none = '{"INPUTS": [], '
        return self.text if '"INPUTS"' in self.text else self.text.replace("{", none, 1)

    def given(self, reference: ReferenceHost) -> tuple[str, str | None]:
        """Its two texts as the reference host draws them."""
        text, vertex = self.with_inputs, self.vertex
        if any(old in text + (vertex or "") for old in ("PERSISTENT_BUFFERS", "vv_")):
            text = reference.upgraded(text)
            vertex = reference.upgraded(vertex, vertex=True) if vertex is not None else None
        return text, vertex


def _flat(path: Path) -> str:
    return "\n".join(text for text, _ in included(read_shader_text(path), path)) + "\n"


def _folder(name: str, folder: Path) -> list[File]:
    return [File(f"{name}/{path.stem}", path) for path in sorted(folder.glob("*.fs"))]


OURS = [
    *_folder("files", OWN), *_folder("conformance", CONFORMANCE),
    *(f for kind in ("layers", "effects", "transitions") for f in _folder(kind, SHADERS / kind)),
]  # fmt: skip
"""All files but the package's own."""


def packaged(package: Path) -> list[File]:
    """The package's own files, tests' and examples."""
    return [
        *_folder("assets", package / "tests" / "assets"),
        *_folder("examples", package / "examples"),
    ]


@dataclass(frozen=True)
class Play:
    """How a file is played in both hosts."""

    file: str
    note: str = ""
    size: tuple[int, int] = SIZE
    frames: int = 1
    time: float = 0.0
    step: float = 0.0
    inputs: Inputs = field(default_factory=dict[str, Given])
    changes: Mapping[int, Inputs] = field(default_factory=dict[int, Inputs])
    """By the frame from which on they stand."""
    images: Mapping[str, Picture] = field(default_factory=lambda: PICTURES, repr=False)
    after: int = 0
    """Frames that are drawn before those that are compared."""

    @property
    def name(self) -> str:
        """As the tables have it."""
        return f"{self.file} {self.note}".strip()


def lateness(shader: Shader) -> int:
    """The reference host reads every target as it was in the frame before.

    So a picture is there after as many frames as there are targets one after the other, if nothing
    moves. What remembers moves: its last pass is one frame late, unless that fills a target itself.
    """
    if shader.remembers:
        return 0 if shader.passes[-1].target else 1
    return len(shader.targets)


def ours(studio: Studio, shader: Shader, play: Play) -> list[Picture]:
    """The frames of our host."""
    sitting = studio.sitting(shader, play.size)
    film: list[Picture] = []
    try:
        sitting.give(play.inputs, _wanted(shader, play))
        for frame in range(play.frames):
            sitting.give(play.changes.get(frame, {}), {})
            time = play.time + frame * play.step
            sitting.draw(time, play.step if frame else play.time, SILENT, _date(time))
            film.append(sitting.pixels())
    finally:
        sitting.release()
    return film[play.after :]


def theirs(reference: ReferenceHost, file: File, play: Play) -> list[Picture]:
    """The same frames of the reference host. RefusedError if it does not take the file."""
    text, vertex = file.given(reference)
    late = lateness(file.shader)
    film = reference.film(
        text, vertex=vertex, size=play.size, frames=play.frames + late, time=play.time,
        step=play.step, inputs=_told(play.inputs), images=_wanted(file.shader, play),
        changes={frame: _told(inputs) for frame, inputs in play.changes.items()},
    )  # fmt: skip
    return film[late + play.after :]


def apart(studio: Studio, reference: ReferenceHost, file: File, play: Play) -> str:
    """Where the hosts' films are further apart than they may be; nothing if they agree."""
    our, their = ours(studio, file.shader, play), theirs(reference, file, play)
    allowed = LOOSE.get(play.name, CLOSE)
    most = np.abs(np.stack(our).astype(int) - np.stack(their)).max(axis=3)
    if (most > allowed.within).mean() <= allowed.stray:
        return ""
    frame, row, column = np.unravel_index(int(most.argmax()), most.shape)
    return (
        f"{play.name}: {most.max()} of 255 apart in frame {frame + play.after}, {column},{row} "
        f"from the top: {our[frame][row, column]}, not {their[frame][row, column]}; "
        f"{(most > allowed.within).mean():.2%} of all pixels are more than {allowed.within} apart"
    )


def played(file: File) -> list[Play]:
    """A file with its defaults, all least, all most, and two sets of inputs in between.

    What has no memory is played through all of them in one film, and time goes on meanwhile.
    """
    rng = np.random.default_rng(5)
    inputs = [one for one in file.shader.inputs if one.floats]
    sets: list[Inputs] = [{}]
    if inputs:
        sets.append({one.name: _kind(one, one.low) for one in inputs})
        sets.append({one.name: _kind(one, one.high) for one in inputs})
        sets += [{one.name: _between(one, rng) for one in inputs} for _ in range(2)]
    if not file.shader.targets:
        return [Play(file.name, frames=5, time=1.0, step=0.25, changes=dict(enumerate(sets)))]
    frames = 3 if file.shader.remembers else 1
    return [Play(file.name, frames=frames, time=1.0, inputs=one) for one in sets]


def _between(one: Input, rng: np.random.Generator) -> Given:
    if one.values:
        return float(rng.choice(one.values))
    return _kind(one, tuple(float(n) for n in rng.uniform(one.low, one.high)))


def _kind(one: Input, numbers: tuple[float, ...]) -> Given:
    if one.kind in ("bool", "event"):
        return numbers[0] > 0.5
    if one.kind == "long":
        return float(round(numbers[0]))
    return numbers if one.floats > 1 else numbers[0]


def _told(inputs: Inputs) -> dict[str, Any]:
    return {name: list(n) if isinstance(n, tuple) else n for name, n in inputs.items()}


def _wanted(shader: Shader, play: Play) -> dict[str, Picture]:
    names = [t.name for t in shader.textures if t.kind == "image"]
    return {name: play.images[name] for name in names if name in play.images}


def _date(time: float) -> tuple[float, float, float, float]:
    year, month, day, seconds = BEGUN
    return float(year), float(month), float(day), float(seconds + int(time))
