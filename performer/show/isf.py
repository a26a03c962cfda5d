"""The header of an ISF generator, as pure data. Compiling GLSL happens elsewhere.

ISF 2 is a GLSL file that begins with a comment of JSON, `/*{ "INPUTS": [...] }*/`. What this host
cannot run yet (several passes, images, sound as textures) is refused here, in clear words.
"""

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, cast

from performer.errors import FileError, Problem
from performer.show.files import read_text
from performer.show.inputs import PERSONAL, Input, read_inputs
from performer.show.problems import shown

__all__ = ["PERSONAL", "Generator", "Input", "load_generator", "load_generators", "parse_header"]

_OPENING = re.compile(r"(?:\s|//[^\n]*\n)*/\*(?=\s*\{)")
_REST_OF_LINE = re.compile(r"[ \t]*\n?")


@dataclass(frozen=True)
class Generator:
    """A generator's header, and the GLSL after it."""

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
    passes: int = 1

    @property
    def own(self) -> tuple[Input, ...]:
        """Inputs that are not filled from the person; `/participant/{id}/input/{name}`."""
        return tuple(i for i in self.inputs if i.name not in PERSONAL)

    @property
    def slots(self) -> dict[str, slice]:
        """Where each own input stands in a person's `frame.INPUTS` floats."""
        places: dict[str, slice] = {}
        end = 0
        for one in self.own:
            places[one.name] = slice(end, end + one.floats)
            end += one.floats
        return places


def load_generator(path: Path) -> Generator:
    """The generator of one file, or FileError with every problem of its header."""
    generator = parse_header(read_text(path), path)
    if path.with_suffix(".vs").exists():
        raise FileError(path, [Problem("has its own .vs, which this host cannot run yet")])
    return generator


def load_generators(folder: Path) -> tuple[dict[str, Generator], list[FileError]]:
    """All `*.fs` of a folder by name, and what is wrong with those that are left out."""
    good: dict[str, Generator] = {}
    bad: list[FileError] = []
    for path in sorted(folder.glob("*.fs")):
        try:
            good[path.stem] = load_generator(path)
        except FileError as error:
            bad.append(error)
    return good, bad


def parse_header(text: str, path: Path) -> Generator:
    """The generator in `text`, or FileError with the lines and key paths of all problems."""
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    header, start = _header(text, path)
    problems: list[Problem] = []
    description, credit = (_text(header, key, problems) for key in ("DESCRIPTION", "CREDIT"))
    categories = tuple(str(c) for c in _list(header, "CATEGORIES", problems))
    inputs, wrong = read_inputs(_list(header, "INPUTS", problems))
    problems += [*wrong, *_beyond_this_host(header)]
    if problems:
        raise FileError(path, problems)
    line = text.count("\n", 0, start) + 1
    return Generator(
        path.stem, path, description, credit, categories, inputs, text[start:], line
    )  # fmt: skip


def _header(text: str, path: Path) -> tuple[dict[str, Any], int]:
    """The header's JSON, and where the GLSL after it begins."""
    opening = _OPENING.match(text)
    if opening is None:
        raise FileError(path, [Problem("must begin with an ISF header, /*{ ... }*/", line=1)])
    first = text.count("\n", 0, opening.end()) + 1
    end = text.find("*/", opening.end())
    if end < 0:
        raise FileError(path, [Problem("the ISF header is never closed with */", line=first)])
    rest = _REST_OF_LINE.match(text, end + 2)
    return _json(text[opening.end() : end], first, path), rest.end() if rest else end + 2


def _json(text: str, first: int, path: Path) -> dict[str, Any]:
    """The object in `text`, which begins on line `first` of the file."""
    try:
        return json.loads(text)
    except json.JSONDecodeError as error:
        line, said = first + error.lineno - 1, error.msg
    except (ValueError, RecursionError) as error:
        line, said = first, str(error)
    raise FileError(path, [Problem(f"the header is not valid JSON: {said}", line=line)])


def _text(header: Mapping[str, Any], key: str, problems: list[Problem]) -> str:
    found = header.get(key, "")
    if not isinstance(found, str):
        problems.append(Problem(f"must be text, found {shown(found)}", key=key))
    return str(found)


def _list(header: Mapping[str, Any], key: str, problems: list[Problem]) -> list[Any]:
    found: object = header.get(key, [])
    if isinstance(found, list):
        return cast("list[Any]", found)
    problems.append(Problem(f"must be a list, found {shown(found)}", key=key))
    return []


def _beyond_this_host(header: Mapping[str, Any]) -> list[Problem]:
    """What needs more than one pass, or images beside the participant's own tile."""
    problems: list[Problem] = []
    passes = _list(header, "PASSES", problems)
    if len(passes) > 1:
        told = f"has {len(passes)} passes; this host cannot run more than one yet"
        problems.append(Problem(told, key="PASSES"))
    elif passes and passes[0] != {}:
        told = "asks for a buffer of its own, which this host cannot give yet"
        problems.append(Problem(told, key="PASSES[0]"))
    for key in ("IMPORTED", "PERSISTENT_BUFFERS"):
        if header.get(key):
            told = "needs images of its own, which this host cannot give yet"
            problems.append(Problem(told, key=key))
    return problems
