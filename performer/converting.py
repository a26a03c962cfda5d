"""Shadertoy's GLSL files as ISF files beside them: what is read, written and refused."""

import re
from collections.abc import Sequence
from pathlib import Path

from performer.errors import ControlError, FileError, Problem
from performer.show.files import write_atomic
from performer.show.isf.reading import read_shader_text
from performer.show.isf.shadertoy import converted

_LINED = re.compile(r"line (\d+): (.*)", re.DOTALL)


def channels_of(texts: Sequence[str]) -> dict[int, str]:
    """`N=image|audio|audioFFT`; what is allowed for either is said by the conversion."""
    found: dict[int, str] = {}
    for text in texts:
        number, equals, kind = text.partition("=")
        if not equals or not number.isdecimal() or len(number) > 3:
            raise ControlError(f"--channel {text}", "must be N=image, N=audio or N=audioFFT")
        found[int(number)] = kind
    return found


def convert(source: Path, out: Path, channels: dict[int, str], force: bool) -> list[str]:
    """Writes the ISF file; returns notes on what could not be converted, each with its place.

    FileError if nothing can be converted, or if `out` is there already and not to be replaced.
    """
    text = read_shader_text(source)
    if out.exists() and (not force or out.samefile(source)):
        how = "name another with --out" if out.samefile(source) else "--force replaces it"
        raise FileError(out, [Problem(f"is there already: {how}")])
    try:
        written, notes = converted(text, source.stem, channels)
    except ValueError as error:
        raise FileError(source, [_problem(str(error))]) from None
    write_atomic(out, written)
    problems = [_problem(note) for note in notes]
    return [f"{p.where(source)}: {p.message}" for p in problems]


def _problem(note: str) -> Problem:
    match = _LINED.fullmatch(note)
    return Problem(match[2], line=int(match[1])) if match else Problem(note)
