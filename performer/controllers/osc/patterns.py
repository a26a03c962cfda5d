"""OSC address patterns, matched part by part: `*`, `?`, `[a-z]`, `[!a]`, `{foo,bar}`, and `//`.

From spec-1_0 ("OSC Message Dispatching and Pattern Matching") and, for `//`, which stands for any
number of parts, OSC 1.1.
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from functools import cached_property, lru_cache

from performer.controllers.osc.parts import WILD, Part, part_of
from performer.errors import ControlError

LONGEST = 512  # characters of a pattern
MOST_KNOWN = 64  # patterns whose addresses are kept

WILD_ADDRESS = re.compile(WILD.pattern + "|//")


def is_pattern(address: str) -> bool:
    """Whether an address may mean several; one that is badly written counts."""
    return WILD_ADDRESS.search(address) is not None


def matching(pattern: str, addresses: Iterable[str]) -> list[str]:
    """The addresses that a pattern means, for one time; `Branches` keeps them for many.

    Raises ControlError for a pattern that is badly written.
    """
    return Branches(addresses).matching(pattern)


class Branches:
    """Addresses as a tree of their parts, so that a pattern looks only where it can match."""

    def __init__(self, addresses: Iterable[str]) -> None:
        self._addresses = tuple(addresses)
        self._known: dict[str, tuple[str, ...]] = {}  # a fader says one pattern 60 times a second

    @cached_property
    def _root(self) -> "_Branch":
        """Grown when the first pattern comes: most nights know none, and people come and go."""
        root = _Branch()
        for address in self._addresses:
            branch = root
            for name in address.split("/")[1:]:
                branch = branch.below.setdefault(name, _Branch())
            branch.address = address
        return root

    def matching(self, pattern: str) -> list[str]:
        """The addresses that a pattern means, each once; ControlError if it is badly written."""
        if (known := self._known.get(pattern)) is None:
            if len(self._known) >= MOST_KNOWN:
                self._known.clear()
            parts = _parts(pattern)
            known = self._known[pattern] = tuple(_found(self._root, parts, _reached(parts, {0})))
        return list(known)


@dataclass(slots=True)
class _Branch:
    address: str = ""
    below: "dict[str, _Branch]" = field(default_factory=lambda: {})


DEEP = ""
"""Stands between the two strokes of `//`: any number of parts, or none."""

Parts = tuple[str | Part, ...]


@lru_cache(256)
def _parts(pattern: str) -> Parts:
    """A pattern's parts: names as they are, wild ones read."""
    if len(pattern) > LONGEST:
        raise ControlError(pattern[:40] + "…", f"a pattern has at most {LONGEST} characters")
    if not pattern.startswith("/") or pattern.endswith("/"):
        raise ControlError(pattern, "a pattern begins with / and ends with a name")
    parts = re.sub("//+", "//", pattern).split("/")[1:]
    return tuple(part_of(pattern, part) if is_pattern(part) else part for part in parts)


def _found(branch: _Branch, parts: Parts, at: set[int]) -> Iterator[str]:
    """The addresses below a branch; `at`: which of the parts may come next, all that could.

    These are several only behind a `//`, and then at most twice as many as the branch is deep.
    """
    if branch.address and len(parts) in at:
        yield branch.address
    for name in _worth_trying(branch, parts, at):
        further = {j for i in at if (j := _after(parts, i, name)) is not None}
        if further:
            yield from _found(branch.below[name], parts, _reached(parts, further))


def _worth_trying(branch: _Branch, parts: Parts, at: set[int]) -> Iterable[str]:
    if len(at) == 1:
        (i,) = at
        part = parts[i] if i < len(parts) else None
        if part is None:
            return ()
        if isinstance(part, str) and part != DEEP:
            return (part,) if part in branch.below else ()
    return branch.below


def _after(parts: Parts, i: int, name: str) -> int | None:
    """Which part comes next when part `i` has taken a name; None if it cannot."""
    if i == len(parts):
        return None
    part = parts[i]
    if isinstance(part, Part):
        return i + 1 if part.matches(name) else None
    if part == DEEP:
        return i
    return i + 1 if part == name else None


def _reached(parts: Parts, at: set[int]) -> set[int]:
    """Those parts, and what comes right behind a `//` that stands for nothing."""
    return at | {i + 1 for i in at if i < len(parts) and parts[i] == DEEP}
