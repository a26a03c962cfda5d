"""What a compiler says of a shader, in the author's words and at the author's lines."""

import dataclasses
import re

from performer.errors import FileError, Problem
from performer.render.isf import dialect
from performer.show.isf import Shader

MOST_TOLD = 20  # problems; what follows a first mistake is mostly noise

_ELSEWHERE = re.compile(r"\s*\(in (?:(?P<file>.+):(?P<line>\d+)|the host's own lines)\)$")
_CANDIDATE = re.compile(r"[a-z]\w+ \w+\(.*\)")
_LINKER = re.compile(r"^GLSL Linker failed\s+Program\s+=+\s+(?:error: )?")
_NO_MAIN = re.compile(r"(?i)(?:no function|no matching|undefined|undeclared).*\bpf_author_main\b")
_CANDIDATES = re.compile(r";? candidates are:$")
_QUOTED = re.compile(r"[`'\"]([A-Za-z_]\w*)['\"]")


def in_authors_words(error: FileError, shader: Shader) -> FileError:
    """The same error, its problems at lines of the `.fs`, or of the `.vs` if that is to blame."""
    vertex, body = shader.vertex_path, (shader.body, shader.body_line)
    in_vertex = vertex is not None and any(
        (m := _ELSEWHERE.search(p.message)) is not None and m["file"] == vertex.name
        for p in error.problems
    )
    path = vertex if in_vertex and vertex is not None else error.file
    text, first = (shader.vertex, 1) if in_vertex else body
    found: dict[Problem, None] = {}
    for problem in error.problems:
        if not (found and _CANDIDATE.fullmatch(_bare(problem.message))):
            found[_said(problem, path.name, text, first)] = None
    return FileError(path, list(found)[:MOST_TOLD])


def _bare(message: str) -> str:
    return _ELSEWHERE.sub("", message)


def _said(problem: Problem, file: str, text: str, first: int) -> Problem:
    """One problem at a line of `file`, whose `text` begins at the line `first`."""
    message = _LINKER.sub("", _bare(problem.message))
    if _NO_MAIN.search(message):
        message = "there is no void main()"
    message = _CANDIDATES.sub("", dialect.original(message))
    if problem.line is not None or problem.key is not None:
        return dataclasses.replace(problem, message=message)
    place = _ELSEWHERE.search(problem.message)
    if place is not None and place["file"] == file:
        return Problem(message, line=int(place["line"]))
    if place is not None and place["file"]:
        message = f"{message} (in {place['file']}:{place['line']})"
    return Problem(message, line=first + _line_of(message, text))


def _line_of(message: str, text: str) -> int:
    """Where the first thing stands that a complaint without a place names; else the last line."""
    for name in _QUOTED.findall(message):
        if (found := re.search(rf"\b{name}\b", text)) is not None:
            return text.count("\n", 0, found.start())
    return text.rstrip().count("\n")
