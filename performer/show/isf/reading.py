"""Finding the header in an ISF file's text, and the text of files as people save them."""

import re
from pathlib import Path
from typing import Any

from performer.errors import FileError, Problem
from performer.show.isf.relaxed import JsonError, read_json

MOST_TEXT = 4_000_000  # characters of a shader; the largest in public collections has 200 000

_UNSEEN = {0xA0: " ", 0x2007: " ", 0x202F: " ", 0x200B: None, 0x2060: None, 0xFEFF: None}
"""Blanks that come along from web pages, which no compiler takes; and the byte-order mark."""

_OPENING = re.compile(r"(?:\s|//[^\n]*\n|#[^\n]*\n)*/\*(?=\s*\{)")
_BLANK_COMMENT = re.compile(r"(?:\s|//[^\n]*\n|#[^\n]*\n)*/\*")
_REST_OF_LINE = re.compile(r"[ \t]*\n?")


def read_shader_text(path: Path) -> str:
    """A shader's text: UTF-8 with or without its mark, UTF-16 with it, or Latin-1; `\\n` ends.

    FileError if the file cannot be read, is no text, or is larger than any shader.
    """
    try:
        data = path.read_bytes()
    except OSError as error:
        raise FileError(path, [Problem(error.strerror or str(error))]) from None
    if len(data) > MOST_TEXT:
        raise FileError(path, [Problem(f"has {len(data)} bytes; the most is {MOST_TEXT}")])
    if data[:2] in (b"\xff\xfe", b"\xfe\xff"):
        return plain(data.decode("utf-16", errors="replace"))
    if b"\0" in data:
        line = data.count(b"\n", 0, data.index(b"\0")) + 1
        raise FileError(path, [Problem("is no text: it holds a zero byte", line=line)])
    try:
        return plain(data.decode("utf-8-sig"))
    except UnicodeDecodeError:
        return plain(data.decode("latin-1"))


def plain(text: str) -> str:
    """A text as compilers take it: its lines end alike, its blanks are blanks."""
    return text.replace("\r\n", "\n").replace("\r", "\n").translate(_UNSEEN)


def split(text: str, path: Path) -> tuple[dict[str, Any], int]:
    """The header's object, and where in `text` the GLSL after it begins.

    FileError with the line if there is no header, or if it is not JSON.
    """
    opening = _OPENING.match(text) or _first_object(text)
    if opening is None:
        raise FileError(path, [Problem("must begin with an ISF header, /*{ ... }*/", line=1)])
    first = text.count("\n", 0, opening.end()) + 1
    end = _end(text, opening.end())
    if end < 0:
        raise FileError(path, [Problem("the ISF header is never closed with */", line=first)])
    rest = _REST_OF_LINE.match(text, end + 2)
    try:
        header = read_json(text[opening.end() : end])
    except JsonError as error:
        told = f"the header is not valid JSON: {error.message}"
        raise FileError(path, [Problem(told, line=first + error.line - 1)]) from None
    return header, rest.end() if rest else end + 2


def _first_object(text: str) -> "re.Match[str] | None":
    """A header behind other comments, such as a licence."""
    at = 0
    while (comment := _BLANK_COMMENT.match(text, at)) is not None:
        if (opening := _OPENING.match(text, at)) is not None:
            return opening
        end = text.find("*/", comment.end())
        if end < 0:
            return None
        at = end + 2
    return None


def _end(text: str, start: int) -> int:
    """Where the header's comment ends. A `*/` in a string of the JSON ends it too, as in GLSL."""
    return text.find("*/", start)
