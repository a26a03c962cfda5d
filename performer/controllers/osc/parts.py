"""One part of an OSC address pattern, between two strokes: `*`, `?`, `[a-z]`, `[!a]`, `{foo,bar}`.

A part's matcher walks all the places that a name could be matched up to, at once, and never goes
back, so no pattern is slow; how winding one may be is bounded too, since it is tried on the names
of 256 people.
"""

import re
from dataclasses import dataclass

from performer.errors import ControlError

MOST_PIECES = 24  # in one part of a pattern; `*` and neighbouring letters are one each

WILD = re.compile(r"[*?\[\]{}]")
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
