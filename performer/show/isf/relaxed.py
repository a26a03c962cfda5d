"""JSON as ISF authors write it: with comments, trailing commas and numbers like `.5`, `1.` or `+1`.

Such text is rewritten line by line to strict JSON, so that lines in complaints are the author's.
What the object means is not known here.
"""

import json
import re
from collections.abc import Iterator
from typing import Any, cast

from performer.show.problems import shown

DEEPEST = 100
"""Lists and objects inside one another."""

_TOKEN = re.compile(
    r'(?P<string>"(?:[^"\\]|\\.)*+(?:"|\\?\Z))'  # one that is never closed takes all the rest
    r"|(?P<comment>//[^\r\n]*|/\*.*?\*/)"
    r"|(?P<number>[-+.0-9][-+.0-9A-Za-z_]*)"
    r"|(?P<word>[A-Za-z_$][A-Za-z0-9_$]*)"
    r"|(?P<blank>\s+)"
    r"|(?P<mark>.)",
    re.DOTALL,
)
_NUMBER = re.compile(r"([-+]?)(?:([0-9]+)(\.[0-9]*)?|(\.[0-9]+))((?:[eE][-+]?[0-9]+)?)")
_VISIBLE = re.compile(r"[^\r\n]")


class JsonError(ValueError):
    """Text that is no JSON object: what is wrong, and the line of the text, counted from 1."""

    def __init__(self, message: str, line: int) -> None:
        super().__init__(f"line {line}: {message}")
        self.message = message
        self.line = line


def read_json(text: str) -> dict[str, Any]:
    """The object in `text`; JsonError if there is none.

    Of keys that come twice the last one counts, and strings may hold tabs and line ends. Comments
    are `//` and `/* */`. All numbers are finite.
    """
    strict = "".join(_Rewriter(text).parts())
    try:
        found: object = json.loads(strict, strict=False)
    except json.JSONDecodeError as error:
        raise JsonError(error.msg, error.lineno) from None
    if isinstance(found, dict):
        return cast("dict[str, Any]", found)
    before = strict[: len(strict) - len(strict.lstrip())]
    raise JsonError(f"must be an object, found {shown(found)}", before.count("\n") + 1)


class _Rewriter:
    """Turns relaxed text into strict JSON that has the same lines."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.at = 0
        self.depth = 0
        self.found: list[str] = []
        self.meant: list[int] = []  # places in `found` of what is neither blank nor comment

    def wrong(self, message: str) -> JsonError:
        return JsonError(message, self.text.count("\n", 0, self.at) + 1)

    def parts(self) -> list[str]:
        for at, kind, part in _pieces(self.text):
            self.at = at
            if kind == "mark":
                self.mark(part)
            elif kind == "number":
                part = self.number(part)
            elif kind == "word":
                self.word(part)
            if kind == "comment":
                part = _VISIBLE.sub(" ", part)
            elif kind != "blank":
                self.meant.append(len(self.found))
            self.found.append(part)
        return self.found

    def mark(self, mark: str) -> None:
        """Counts brackets, and drops the comma before a closing one."""
        if mark == "/" and self.text.startswith("/*", self.at):
            raise self.wrong("a comment is never closed with */")
        if mark in "[{":
            self.depth += 1
            if self.depth > DEEPEST:
                raise self.wrong(f"is nested too deeply; the most is {DEEPEST} levels")
        elif mark in "]}":
            self.depth -= 1
            before = [self.found[i] for i in self.meant[-2:]]
            if before[-1:] == [","] and before[0] not in ("[", "{", ","):
                self.found[self.meant.pop()] = " "

    def word(self, word: str) -> None:
        if word in ("true", "false", "null") or self.text.startswith("'", self.at - 1):
            return  # of single quotes json says it better
        told = "words are true, false and null, and text stands in double quotes"
        raise self.wrong(f"found {shown(word)}; {told}")

    def number(self, part: str) -> str:
        """A number as JSON has it: digits on both sides of the point, and no plus."""
        match = _NUMBER.fullmatch(part)
        if match is None:
            raise self.wrong(f"found {shown(part)}, which is not a number")
        if abs(float(part)) == float("inf"):
            raise self.wrong(f"found {shown(part)}, which is too large a number")
        sign, whole, fraction, bare, exponent = match.groups("")
        if fraction == ".":
            fraction = ".0"
        return f"{sign.strip('+')}{whole or '0'}{fraction or bare}{exponent}"


def _pieces(text: str) -> Iterator[tuple[int, str, str]]:
    """Every piece of `text`: where it begins, its kind, and itself."""
    for match in _TOKEN.finditer(text):
        yield match.start(), str(match.lastgroup), match[0]
