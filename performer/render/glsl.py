"""Compiling GLSL so that every complaint names the author's file and line.

Includes are flattened here and a table from output line to (file, line) is kept: `#line` file
numbers are unreliable between drivers.
"""

import re
from dataclasses import dataclass
from pathlib import Path

import moderngl

from performer.errors import FileError, Problem
from performer.show.files import data_folder, read_text

HEAD = "#version 330 core\n"
INCLUDE = re.compile(r'^\s*#include\s+"([^"]+)"\s*$')
# Mesa `0:12(3): error: …`, NVIDIA `0(12) : error C1234: …`, Apple and Intel `ERROR: 0:12: …`
COMPLAINT = re.compile(
    r"^(?:0:(\d+)\(\d+\): (?:error|preprocessor error)|0\((\d+)\) : error(?: \w+)?|ERROR: 0:(\d+))"
    r":\s*(.*)$"
)


COMMON = data_folder() / "shaders" / "common"
"""What generators share; `#include "dream.glsl"` finds it from anywhere."""

Line = tuple[str, tuple[Path, int] | None]
"""A line of flat GLSL with the file and line it comes from."""


@dataclass(frozen=True)
class Source:
    """Flat GLSL; `origin[n]` is the file and line of flat line n+1, or None for our own lines."""

    text: str
    origin: tuple[tuple[Path, int] | None, ...]

    @staticmethod
    def of(lines: list[Line]) -> "Source":
        """A Source from lines with their origins."""
        return Source("\n".join(t for t, _ in lines) + "\n", tuple(o for _, o in lines))


def flat(path: Path, defines: tuple[str, ...] = ()) -> Source:
    """A pipeline shader with its includes put in once each, `defines` set."""
    lines: list[Line] = [(HEAD.strip(), None)]
    lines += [(f"#define {name}", None) for name in defines]
    return Source.of(lines + included(path.read_text(encoding="utf-8"), path))


def included(text: str, path: Path, first: int = 1, seen: set[Path] | None = None) -> list[Line]:
    """The lines of `text`, which begins on line `first` of `path`, with its includes in place.

    An include is looked for beside the file, then in `COMMON`, and is put in once. FileError if
    there is none of that name.
    """
    seen = seen if seen is not None else {path}
    lines: list[Line] = []
    for number, row in enumerate(text.removesuffix("\n").split("\n"), first):
        include = INCLUDE.match(row)
        if include is None:  # an #include in a comment is none, but moderngl would look for it
            lines.append((row.replace("#include", "# include"), (path, number)))
            continue
        other = _found(include[1], path, number)
        if other not in seen:
            seen.add(other)
            lines += included(read_text(other), other, seen=seen)
    return lines


def _found(name: str, path: Path, line: int) -> Path:
    """The file that an include means. A name is never a path out of its folder."""
    for folder in (path.parent, COMMON):
        if Path(name).name == name and (folder / name).is_file():
            return folder / name
    raise FileError(path, [Problem(f'no file "{name}" to include', line=line)])


def build(gl: moderngl.Context, vertex: Source, fragment: Source, file: Path) -> moderngl.Program:
    """A linked program, or FileError with every complaint of the compiler at the author's lines."""
    try:
        return gl.program(vertex_shader=vertex.text, fragment_shader=fragment.text)
    except moderngl.Error as error:
        text = str(error)
        source = vertex if "vertex_shader\n=" in text else fragment
        raise FileError(file, _problems(text, source, file)) from None


def _problems(text: str, source: Source, file: Path) -> list[Problem]:
    found: list[Problem] = []
    for row in text.splitlines():
        match = COMPLAINT.match(row.strip())
        if match is None:
            continue
        line = int(match[1] or match[2] or match[3])
        origin = source.origin[line - 1] if 0 < line <= len(source.origin) else None
        if origin is not None and origin[0] == file:
            found.append(Problem(match[4], line=origin[1]))
        else:
            where = f"{origin[0].name}:{origin[1]}" if origin else "the host's own lines"
            found.append(Problem(f"{match[4]} (in {where})"))
    return found or [Problem(" ".join(text.split()))]
