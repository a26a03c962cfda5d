"""The addresses that an OSC pattern means, of all that there are: a tree that is walked.

How a pattern is read is in parameters/patterns.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from functools import cached_property

from performer.parameters.patterns import DEEP, Parts, after, is_pattern, parts_of, reached

__all__ = ["Branches", "is_pattern", "matching"]

MOST_KNOWN = 64  # patterns whose addresses are kept


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
            parts = parts_of(pattern)
            known = self._known[pattern] = tuple(_found(self._root, parts, reached(parts, {0})))
        return list(known)


@dataclass(slots=True)
class _Branch:
    address: str = ""
    below: "dict[str, _Branch]" = field(default_factory=lambda: {})


def _found(branch: _Branch, parts: Parts, at: set[int]) -> Iterator[str]:
    """The addresses below a branch; `at`: which of the parts may come next, all that could.

    These are several only behind a `//`, and then at most twice as many as the branch is deep.
    """
    if branch.address and len(parts) in at:
        yield branch.address
    for name in _worth_trying(branch, parts, at):
        further = {j for i in at if (j := after(parts, i, name)) is not None}
        if further:
            yield from _found(branch.below[name], parts, reached(parts, further))


def _worth_trying(branch: _Branch, parts: Parts, at: set[int]) -> Iterable[str]:
    if len(at) == 1:
        (i,) = at
        part = parts[i] if i < len(parts) else None
        if part is None:
            return ()
        if isinstance(part, str) and part != DEEP:
            return (part,) if part in branch.below else ()
    return branch.below
