"""OSC address patterns, read: `*`, `?`, `[a-z]`, `[!a]`, `{foo,bar}` in a part, and `//` between.

From spec-1_0 ("OSC Message Dispatching and Pattern Matching") and, for `//`, which stands for any
number of parts, OSC 1.1. The one reader: of messages, whose addresses are in a tree of branches
(controllers/osc), and of controller files, whose people are not known yet (show/meant).

A part's matcher walks all the places that a name could be matched up to, at once, and never goes
back, so no pattern is slow; how winding one may be is bounded too, since it is tried on the names
of 256 people.
"""

import re
from dataclasses import dataclass
from functools import lru_cache

from performer.errors import ControlError

LONGEST = 512  # characters of a pattern
MOST_PIECES = 24  # in one part of a pattern; `*` and neighbouring letters are one each

WILD = re.compile(r"[*?\[\]{}]")
WILD_ADDRESS = re.compile(WILD.pattern + "|//")
PIECE = re.compile(r"(?P<stars>\*+)|(?P<marks>\?+)|\[(?P<set>[^\]]*)\]|\{(?P<names>[^}]*)\}"
                   r"|(?P<text>[^*?\[\]{}]+)|(?P<bad>.)", re.DOTALL)  # fmt: skip


@dataclass(frozen=True)
class Names:
    """One of several texts; a plain text is the only one of them."""

    texts: frozenset[str]
    lengths: tuple[int, ...]

    def step(self, name: str, at: set[int]) -> set[int]:
        """Where a name can be matched up to after this piece, from each of the places `at`."""
        ends = ((p, p + n) for p in at for n in self.lengths if p + n <= len(name))
        return {end for p, end in ends if name[p:end] in self.texts}


@dataclass(frozen=True)
class Marks:
    """So many letters, whatever they are."""

    count: int

    def step(self, name: str, at: set[int]) -> set[int]:
        """Where a name can be matched up to after this piece, from each of the places `at`."""
        return {p + self.count for p in at if p + self.count <= len(name)}


@dataclass(frozen=True)
class Letter:
    """One letter from (or, `but`, outside) these ranges, both ends included."""

    ranges: tuple[tuple[str, str], ...]
    but: bool

    def step(self, name: str, at: set[int]) -> set[int]:
        """Where a name can be matched up to after this piece, from each of the places `at`."""
        return {p + 1 for p in at if p < len(name) and self._has(name[p]) is not self.but}

    def _has(self, letter: str) -> bool:
        return any(low <= letter <= high for low, high in self.ranges)


class Star:
    """Any letters, or none."""

    def step(self, name: str, at: set[int]) -> set[int]:
        """Where a name can be matched up to after this piece, from each of the places `at`."""
        return set(range(min(at), len(name) + 1))


Piece = Names | Marks | Letter | Star


@dataclass(frozen=True)
class Part:
    """The pieces of one part of a pattern, which are to take up a name from end to end."""

    pieces: tuple[Piece, ...]

    def matches(self, name: str) -> bool:
        """Whether the whole name is matched."""
        at = {0}
        for piece in self.pieces:
            if not (at := piece.step(name, at)):
                return False
        return len(name) in at


def part_of(pattern: str, part: str) -> Part:
    """One part of `pattern`, read; ControlError if it is badly written."""
    pieces = tuple(_piece(pattern, found) for found in PIECE.finditer(part))
    if len(pieces) > MOST_PIECES:
        allowed = f"{MOST_PIECES} wildcards and texts between two /"
        raise ControlError(pattern, f"a pattern has at most {allowed}, found {len(pieces)}")
    return Part(pieces)


def _piece(pattern: str, found: re.Match[str]) -> Piece:
    kind, text = found.lastgroup, found[found.lastgroup or 0]
    if kind == "stars":
        return Star()
    if kind == "marks":
        return Marks(len(text))
    if kind == "set":
        return _letter(pattern, text)
    if kind == "text":
        return Names(frozenset({text}), (len(text),))
    if kind == "names" and not WILD.search(text):
        names = frozenset(text.split(","))
        return Names(names, tuple({len(n) for n in names}))
    if kind == "names":
        raise ControlError(pattern, f"only names stand in {{}}, found {{{text}}}")
    raise ControlError(pattern, f"{text} without its other half in the same part")


def _letter(pattern: str, text: str) -> Letter:
    but = text.startswith("!")
    letters = re.findall(r".-.|.", text[but:], re.DOTALL)
    ranges = tuple((r[0], r[-1]) for r in letters)
    if not ranges:
        raise ControlError(pattern, f"no letter stands in [{text}]")
    for low, high in ranges:
        if low > high:
            raise ControlError(pattern, f"[{text}] runs backwards, did you mean {high}-{low}?")
    return Letter(ranges, but)


DEEP = ""
"""Stands between the two strokes of `//`: any number of parts, or none."""

Parts = tuple[str | Part, ...]


def is_pattern(address: str) -> bool:
    """Whether an address may mean several; one that is badly written counts."""
    return WILD_ADDRESS.search(address) is not None


@lru_cache(256)
def parts_of(pattern: str) -> Parts:
    """A pattern's parts: names as they are, wild ones read; ControlError if it is badly written."""
    if len(pattern) > LONGEST:
        raise ControlError(pattern[:40] + "…", f"a pattern has at most {LONGEST} characters")
    if not pattern.startswith("/") or pattern.endswith("/"):
        raise ControlError(pattern, "a pattern begins with / and ends with a name")
    parts = re.sub("//+", "//", pattern).split("/")[1:]
    return tuple(part_of(pattern, part) if is_pattern(part) else part for part in parts)


def after(parts: Parts, i: int, name: str) -> int | None:
    """Which part comes next when part `i` has taken a name; None if it cannot."""
    if i == len(parts):
        return None
    part = parts[i]
    if isinstance(part, Part):
        return i + 1 if part.matches(name) else None
    if part == DEEP:
        return i
    return i + 1 if part == name else None


def reached(parts: Parts, at: set[int]) -> set[int]:
    """Those parts, and what comes right behind a `//` that stands for nothing."""
    return at | {i + 1 for i in at if i < len(parts) and parts[i] == DEEP}
