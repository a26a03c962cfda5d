"""Which ISF shaders there are, and what the header of one says, as plain data for `performer isf`.

Nothing is compiled here, and no tables are drawn.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from performer.errors import FileError, Problem
from performer.show.effects import knobs
from performer.show.files import data_folder
from performer.show.isf import END, PROGRESS, SOURCE, START, Input, Pass, Shader, load_shader
from performer.show.isf.folders import MOST_FILES, Found, called, find_shaders
from performer.show.problems import one_of
from performer.show.shows import EFFECTS, TRANSITIONS

SUFFIXES = (".fs", ".isf")
KINDS = {"generator": "generator", "filter": "effect", "transition": "transition"}
"""What a kind of shader is called on stage."""


@dataclass
class Shelf:
    """Shaders by the names they are called by, and what is wrong with others."""

    shaders: list[tuple[str, Shader]] = field(default_factory=list[tuple[str, Shader]])
    broken: list[FileError] = field(default_factory=list[FileError])


# ---- finding ------------------------------------------------------------------------------------


def shelf_of(paths: Sequence[Path]) -> Shelf:
    """All shaders in some files and folders; without any path all that can be named."""
    if not paths:
        return _named(find_shaders())
    shelf = Shelf()
    for path in shader_files(paths):
        try:
            shelf.shaders.append((called(path), load_shader(path)))
        except FileError as error:
            shelf.broken.append(error)
    return shelf


def _named(found: Found) -> Shelf:
    kinds = (found.generators, found.filters, found.transitions)
    return Shelf([pair for kind in kinds for pair in sorted(kind.items())], found.broken)


def shader_files(paths: Sequence[Path]) -> Iterator[Path]:
    """Files as they are given, and the shaders in folders and the folders below these."""
    for path in paths:
        if not path.is_dir():
            yield path
            continue
        files = sorted(p for p in path.rglob("*") if p.suffix.lower() in SUFFIXES and p.is_file())
        if len(files) > MOST_FILES:
            told = f"holds {len(files)} shaders; the most is {MOST_FILES}, name a folder in it"
            raise FileError(path, [Problem(told)])
        yield from files


def find_shader(named: str) -> Shader:
    """The shader of a file or of a name; FileError says which there are.

    Of several with one name the generator comes first; `effects/ink` and `transitions/ink` are
    the others.
    """
    path = Path(named)
    if path.suffix.lower() in SUFFIXES or path.is_file():
        return load_shader(path)
    found = find_shaders()
    there = {
        **{TRANSITIONS + name: one for name, one in found.transitions.items()},
        **{EFFECTS + name: one for name, one in found.filters.items()},
        **found.everything,
    }
    if named in there:
        return there[named]
    for error in found.broken:
        if called(error.file) == named:
            raise error
    raise FileError(path, [Problem(one_of(named, "shader", found.everything))])


def place_of(path: Path) -> str:
    """Where a file lies, as people are told."""
    shaders = data_folder() / "shaders"
    return f"bundled {path.parent.name}" if path.is_relative_to(shaders) else str(path)


# ---- what a header says -------------------------------------------------------------------------


def entry_of(name: str, shader: Shader) -> dict[str, Any]:
    """A shader in one line of a list."""
    return {
        "name": name, "kind": KINDS[shader.kind], "inputs": len(shader.inputs),
        "passes": len(shader.passes), "description": shader.description,
        "file": str(shader.path),
    }  # fmt: skip


def header_of(shader: Shader) -> dict[str, Any]:
    """All that a header says."""
    return {
        "name": called(shader.path), "kind": KINDS[shader.kind], "file": str(shader.path),
        "version": shader.version, "description": shader.description, "credit": shader.credit,
        "categories": list(shader.categories),
        "inputs": [_input(shader, one) for one in shader.inputs],
        "passes": [_pass(one) for one in shader.passes],
        "imported": [{"name": one.name, "file": str(one.path)} for one in shader.imported],
    }  # fmt: skip


def _input(shader: Shader, one: Input) -> dict[str, Any]:
    told: dict[str, Any] = {"name": one.name, "type": one.kind, "label": one.label}
    if one.floats:
        told |= {"default": list(one.default), "min": list(one.low), "max": list(one.high)}
    if one.identity:
        told["identity"] = list(one.identity)
    if one.values:
        told |= {"values": list(one.values), "labels": list(one.labels)}
    if turned := _knobs(shader, one):
        told["knobs"] = turned
    if filled := filled_from(shader, one):
        told["filled_from"] = filled
    return told


def _knobs(shader: Shader, one: Input) -> list[int]:
    """Which knobs of its place in the night, `/effect/1/knob/1` …, turn an effect's input."""
    if shader.kind != "filter":  # a generator's inputs have names, a transition's their defaults
        return []
    return [n for n, knob in enumerate(knobs(shader), 1) if knob.input.name == one.name]


def filled_from(shader: Shader, one: Input) -> str:
    """What fills an input in a night, if no hand does."""
    chained = {"filter": (SOURCE,), "transition": (START, END, PROGRESS)}
    if one.name in chained.get(shader.kind, ()):
        return "the stage"
    if one.kind in ("audio", "audioFFT"):
        return "what is heard"
    if shader.kind == "generator" and (one.personal or one.kind == "image"):
        return "the person"
    return ""


def _pass(one: Pass) -> dict[str, Any]:
    width, height = (None if e is None else e.text for e in (one.width, one.height))
    return {"target": one.target, "width": width, "height": height,
            "persistent": one.persistent, "float": one.floating}  # fmt: skip
