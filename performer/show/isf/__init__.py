"""An ISF shader's header, as pure data. Compiling and drawing happen elsewhere.

ISF is a GLSL file that begins with a comment of JSON, `/*{ "INPUTS": [...] }*/`. Version 2 is read;
version 1 is read as what it means in version 2. What a picture is made of is the body's matter.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any, cast

from performer.errors import FileError, Problem
from performer.frame import INPUTS
from performer.show.isf.inputs import PERSONAL, TEXTURES, Input, read_inputs
from performer.show.isf.passes import Imported, Pass, read_imported, read_passes
from performer.show.isf.reading import plain, read_shader_text, split
from performer.show.problems import shown

__all__ = [
    "PERSONAL", "SOURCE", "TEXTURES", "Imported", "Input", "Pass", "Shader", "load_shader",
    "load_shaders", "parse_header",
]  # fmt: skip

SOURCE, START, END, PROGRESS = "inputImage", "startImage", "endImage", "progress"
"""The inputs by which a filter and a transition are known."""


@dataclass(frozen=True)
class Shader:
    """A header, and the GLSL after it. `kind` is generator, filter or transition."""

    name: str
    path: Path
    description: str
    credit: str
    categories: tuple[str, ...]
    inputs: tuple[Input, ...]
    body: str
    """The GLSL after the header, with `\\n` at line ends."""
    body_line: int
    """Line of the author's file, counted from 1, at which `body` begins."""
    passes: tuple[Pass, ...] = (Pass(),)
    imported: tuple[Imported, ...] = ()
    version: int = 2
    """The version the file was written in; all are run as 2."""
    vertex: str = ""
    """The GLSL of its own vertex shader; none: the host's."""
    vertex_path: Path | None = field(default=None, compare=False)

    @property
    def kind(self) -> str:
        """What it is good for, by its image inputs, as ISF has it."""
        images = {i.name for i in self.inputs if i.kind == "image"}
        if {START, END} <= images and any(i.name == PROGRESS for i in self.inputs):
            return "transition"
        return "filter" if SOURCE in images else "generator"

    @property
    def own(self) -> tuple[Input, ...]:
        """Inputs of numbers not filled from the person; `/participant/{id}/input/{name}`."""
        return tuple(i for i in self.inputs if not i.personal and i.kind not in TEXTURES)

    @property
    def slots(self) -> dict[str, slice]:
        """Where each own input stands in a person's `frame.INPUTS` floats.

        What has no place there any more keeps its default.
        """
        places: dict[str, slice] = {}
        end = 0
        for one in self.own:
            if end + one.floats <= INPUTS:
                places[one.name] = slice(end, end + one.floats)
                end += one.floats
        return places

    @property
    def textures(self) -> tuple[Input, ...]:
        """Inputs that are pictures or sound."""
        return tuple(i for i in self.inputs if i.kind in TEXTURES)

    @property
    def targets(self) -> tuple[str, ...]:
        """Names of all buffers that its passes draw into, in order."""
        return tuple(dict.fromkeys(p.target for p in self.passes if p.target))

    @property
    def remembers(self) -> bool:
        """Whether a picture depends on those before it."""
        return any(p.persistent for p in self.passes)


def load_shader(path: Path) -> Shader:
    """The shader of one file with its `.vs`, or FileError with every problem of its header."""
    shader = parse_header(read_shader_text(path), path)
    vertex = path.with_suffix(".vs")
    if not vertex.is_file():
        return shader
    return replace(shader, vertex=read_shader_text(vertex), vertex_path=vertex)


def load_shaders(folder: Path) -> tuple[dict[str, Shader], list[FileError]]:
    """All `*.fs` of a folder by name, and what is wrong with those that are left out."""
    good: dict[str, Shader] = {}
    bad: list[FileError] = []
    for path in sorted(folder.glob("*.fs")):
        try:
            good[path.stem] = load_shader(path)
        except FileError as error:
            bad.append(error)
    return good, bad


def parse_header(text: str, path: Path) -> Shader:
    """The shader in `text`, or FileError with the lines and key paths of all problems."""
    text = plain(text)
    header, start = split(text, path)
    problems: list[Problem] = []
    description, credit = (_text(header, key) for key in ("DESCRIPTION", "CREDIT"))
    categories = tuple(str(c) for c in _several(header.get("CATEGORIES")))
    inputs, wrong = read_inputs(_list(header, "INPUTS", problems))
    problems += wrong
    passes = read_passes(header, problems)
    imported = read_imported(header, path, problems)
    problems += _twice(inputs, passes, imported)
    if problems:
        raise FileError(path, problems)
    return Shader(
        path.stem, path, description, credit, categories, inputs, text[start:],
        text.count("\n", 0, start) + 1, passes, imported, _version(header, text[start:]),
    )  # fmt: skip


def _twice(
    inputs: tuple[Input, ...], passes: tuple[Pass, ...], imported: tuple[Imported, ...]
) -> list[Problem]:
    """Names that mean two things."""
    names = {i.name for i in inputs}
    found = [(f"PASSES[{i}].TARGET", p.target) for i, p in enumerate(passes) if p.target]
    found += [(f"IMPORTED.{one.name}", one.name) for one in imported]
    return [Problem(f"{n} is an input too", key=key) for key, n in found if n in names]


def _version(header: Mapping[str, Any], body: str) -> int:
    """Version 1 has no ISFVSN and other names; what uses version 2's is of it without saying so."""
    said = str(header.get("ISFVSN", ""))
    if "PERSISTENT_BUFFERS" in header or said.startswith("1"):
        return 1
    return 2 if said or "isf_FragNormCoord" in body else 1


def _text(header: Mapping[str, Any], key: str) -> str:
    """Words for people: whatever is there does no harm."""
    found = header.get(key, "")
    return found if isinstance(found, str) else " ".join(str(w) for w in _several(found))


def _several(found: object) -> list[object]:
    if isinstance(found, list):
        return cast("list[object]", found)
    return [] if found is None else [found]


def _list(header: Mapping[str, Any], key: str, problems: list[Problem]) -> list[Any]:
    found: object = header.get(key) or []
    if isinstance(found, list):
        return cast("list[Any]", found)
    problems.append(Problem(f"must be a list, found {shown(found)}", key=key))
    return []
