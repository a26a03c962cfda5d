"""A Patch: all rows of one preset as arrays, and one step of them.

Rows that are each person's own come last and are as many as there are people; all others are one.
"""

from dataclasses import dataclass
from typing import cast

import numpy as np

from performer.frame import Flags, Floats, Ints, People
from performer.modulation.bank import Bank, bounded
from performer.modulation.persons import Persons
from performer.modulation.sources import Reader, Sources
from performer.modulation.waves import Waves
from performer.parameters import TREE
from performer.show.routes import SENSES

_V = len(TREE.continuous)


@dataclass(frozen=True)
class Moves:
    """What one step of a patch comes to."""

    values: Floats
    """What to add to the values, shape (V,)."""
    swing: Floats | None
    """What to add to people's inputs and palettes, shape (C, INPUTS + 1); None: to nobody's."""
    memory: Floats
    """What the next step goes on from, a plain vector; empty: nothing is remembered."""


@dataclass(frozen=True)
class Patch:
    """R compiled rows: those of everything first, then those of each person."""

    waves: Waves
    reader: Reader
    shared: Bank
    personal: Bank
    amount: Floats
    """Shape (R,)."""
    raises: bool
    """Whether any row moves another's amount."""
    faders: Ints
    """Which rows move faders."""
    places: Ints
    """Which, as places in the vector of values."""
    ranges: Floats
    """Of these faders."""
    gain: Floats
    """Amounts times ranges, while nobody moves an amount."""
    aims: tuple[Ints, Ints]
    """Which rows move what is people's own: those of everything, and of each person."""
    persons: Persons

    reads_group: bool
    """Whether a step needs Sources.group."""
    reads_people: bool
    """Whether a step needs Sources.sensed."""

    def step(self, memory: Floats | None, sources: Sources) -> Moves:
        """What the rows add, `sources.dt` s after `memory` (None, or not theirs: all at rest)."""
        one, each = self._remembered(memory, sources.people)
        x, known = self._read(sources)
        extra = np.zeros((1, len(self.amount))) if self.raises else None
        one = self.shared.step(x, known, extra, one, sources.dt)
        start = x.shape[1] - self.shared.rows
        values = self._moved(x[0, start:], extra)
        if not self.persons.targets:
            return Moves(values, None, one[0])
        shared = self._strength(x[:, start:], extra, self.aims[0])
        if not self.personal.rows and not shared.any():
            return Moves(values, None, one[0])
        moves = np.empty((sources.people.capacity, len(self.persons.targets)))
        moves[:, : len(self.aims[0])] = shared
        if self.personal.rows:
            own, each = self._each(x, known, extra, each, sources)
            moves[:, len(self.aims[0]) :] = own
        swing = self.persons.swing(sources.people, moves)
        return Moves(values, swing, np.concatenate((one[0], each.ravel())))

    def _read(self, sources: Sources) -> tuple[Floats, Flags | None]:
        """Everything the shared rows read, with room for what they say, and what of it is known."""
        parts = self.reader.read(sources)
        waves = self.waves.at(sources.time, sources.beat, sources.seed)
        behind = (waves, np.empty(self.shared.rows))
        if not (self.reads_people or (self.reads_group and sources.hushed)):
            return np.concatenate((*parts, *behind))[None], None
        said, known = self.reader.people.read(sources)
        x = np.concatenate((*parts, said, *behind))
        sure = np.ones(len(x), np.bool_)
        end = len(x) - len(waves) - self.shared.rows
        sure[end - len(said) : end] = known
        sure[self.reader.together] = not sources.hushed
        return x[None], sure[None]

    def _each(
        self, shared: Floats, known: Flags | None, extra: Floats | None, memory: Floats,
        sources: Sources,
    ) -> tuple[Floats, Floats]:  # fmt: skip
        """Moves of each person's own rows, shape (C, …), and their memory."""
        people, senses, first = sources.people, len(SENSES), shared.shape[1]
        x = np.zeros((people.capacity, first + senses + self.personal.rows))
        x[:, :first] = shared
        sure = np.zeros(x.shape, np.bool_)
        sure[:, :first] = known
        if sources.sensed is not None:
            x[:, first : first + senses] = sources.sensed.values
            sure[:, first : first + senses] = sources.sensed.known
        more = None if extra is None else np.repeat(extra, people.capacity, axis=0)
        memory = self.personal.step(x, sure, more, memory, sources.dt)
        rest = np.zeros((people.capacity, self.shared.rows))
        out = np.concatenate((rest, x[:, first + senses :]), axis=1)
        return self._strength(out, more, self.aims[1]), memory

    def _strength(self, out: Floats, extra: Floats | None, rows: Ints) -> Floats:
        """Fractions of their targets' ranges that some rows come to, shape (N, …)."""
        amount = self.amount[rows]
        if extra is not None:
            amount = bounded(amount + extra[:, rows])
        return out[:, rows] * amount

    def _moved(self, out: Floats, extra: Floats | None) -> Floats:
        """Moves of one fader add up; shape (V,)."""
        if not len(self.places):
            return np.zeros(_V)
        gain = self.gain
        if extra is not None:
            gain = bounded(self.amount[self.faders] + extra[0, self.faders]) * self.ranges
        sums = np.bincount(self.places, out[self.faders] * gain, _V)
        return cast("Floats", sums)  # floats, as weights are given; its stub says otherwise

    def _remembered(self, memory: Floats | None, people: People) -> tuple[Floats, Floats]:
        """The memory of what is shared (1, …) and of each person (C, …), both anew if need be."""
        shared, width = self.shared.width, self.personal.width
        if memory is not None and not width and len(memory) == shared:
            return memory[None], memory[:0]
        one = self.shared.rest[None].copy()
        each = np.repeat(self.personal.rest[None], people.capacity, 0)
        if memory is None:
            return one, each
        own = memory[shared:]
        rows = len(own) // width if width else 0
        if len(memory) == shared + rows * width and rows <= people.capacity:
            one[0] = memory[:shared]
            each[:rows] = own.reshape(rows, width)
            # what was another's here before is nobody's now
            each[people.present == 0.0] = self.personal.rest
        return one, each
