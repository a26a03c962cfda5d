"""What modulation adds to people's own inputs, and to their places in the family of palettes.

What a hand has set stays what it is: the moves are kept beside it, in `People.swing`.
"""

from collections.abc import Mapping, Sequence
from typing import cast

import numpy as np

from performer.frame import INPUTS, Floats, Ints, People
from performer.show.isf import Shader
from performer.show.routes import EVERYBODY, Kind, Route

PALETTE = INPUTS
"""The column of `People.swing` after those of the inputs."""

_NOWHERE = PALETTE + 1  # a column for what somebody's generator does not have
_COLUMNS = _NOWHERE + 1


class Persons:
    """T targets that are people's own."""

    def __init__(self, targets: Sequence[Route], generators: Mapping[str, Shader]) -> None:
        self.targets, self.generators = targets, generators
        self._seen: tuple[list[str], list[str]] = ([], [])
        self._places: Ints = np.zeros(0, np.int64)

    def swing(self, people: People, moves: Floats) -> Floats:
        """What to add, as parts of the ranges, shape (C, INPUTS + 1), for `moves` (C, T)."""
        if (people.ids, people.generators) != self._seen:
            self._look(people)
        sums = np.bincount(self._places, moves.ravel(), people.capacity * _COLUMNS)
        return cast("Floats", sums).reshape(people.capacity, _COLUMNS)[:, :_NOWHERE]

    def _look(self, people: People) -> None:
        """Finds everybody's columns again: somebody came, left, or has another generator."""
        self._seen = list(people.ids), list(people.generators)
        columns = [
            self._column(route, person, name)
            for person, name in zip(people.ids, people.generators, strict=True)
            for route in self.targets
        ]
        rows = np.repeat(np.arange(people.capacity), len(self.targets))
        self._places = rows * _COLUMNS + np.array(columns, np.int64)

    def _column(self, route: Route, person: str, name: str) -> int:
        if not person or route.person not in (EVERYBODY, person):
            return _NOWHERE
        if route.kind is Kind.PALETTE:
            return PALETTE
        generator = self.generators.get(name)
        if generator is None:
            return _NOWHERE
        floats = {i.name for i in generator.own if i.kind == "float"}
        return generator.slots[route.name].start if route.name in floats else _NOWHERE
