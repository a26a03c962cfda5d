"""From written rows to a Patch: who is evaluated when, and where everybody finds what they read."""

from collections.abc import Mapping, Sequence
from graphlib import TopologicalSorter

import numpy as np

from performer.modulation.bank import Bank, bank_of
from performer.modulation.patch import Patch
from performer.modulation.persons import Persons
from performer.modulation.sources import reader_of
from performer.modulation.waves import WAVES, waves_of
from performer.parameters import TREE
from performer.show.isf import Shader
from performer.show.modulating import Listening, Modulation
from performer.show.routes import SELF, SENSES, Kind, Route
from performer.show.wiring import amounts, before, own


def compile(
    rows: Sequence[Modulation], listening: Sequence[Listening] = (),
    generators: Mapping[str, Shader] | None = None,
) -> Patch:  # fmt: skip
    """A preset's rows as arrays, once. Their order decides which noise each one reads.

    They must have passed `show.modulating.check_rows`.
    """
    return _Compiling((*rows, *(one.modulation for one in listening))).patch(generators or {})


class _Compiling:
    """Puts rows in order and finds out what each one reads and moves."""

    def __init__(self, rows: Sequence[Modulation]) -> None:
        self.rows = rows
        self.raised = amounts(rows)
        own_ = own(rows)
        levels = _levels(rows)
        self.shared = [s for level in levels if (s := self._sorted(level - own_))]
        self.personal = [s for level in levels if (s := self._sorted(level & own_))]
        self.order = [i for level in (*self.shared, *self.personal) for i in level]
        self.place = {i: k for k, i in enumerate(self.order)}
        self.waves = sorted(
            (i for i in self.order if rows[i].reads is None),
            key=lambda i: (WAVES.index(rows[i].wave), i),
        )
        self.reader, self.outer = reader_of([r for i in self.order if (r := self._outer(i))])
        self.named = {r.name: i for i, r in enumerate(rows) if r.name}

    def _sorted(self, level: set[int]) -> list[int]:
        """Waves first, by their shape; what smooths last; else in the preset's order."""

        def key(i: int) -> tuple[bool, int, int]:
            row = self.rows[i]
            kind = WAVES.index(row.wave) if row.reads is None else len(WAVES)
            return row.follows is not None, kind, i

        return sorted(level, key=key)

    def _outer(self, i: int) -> tuple[Route, bool] | None:
        """What a row reads from outside the preset, and whether a beat's beginning is meant."""
        reads = self.rows[i].reads
        if reads is None or reads.kind is Kind.ROW or reads.person == SELF:
            return None
        return reads, reads.kind is Kind.BEAT and self.rows[i].envelope is not None

    def _column(self, i: int) -> int:
        """Where a row finds what it reads: outside, waves, shared rows, senses, own rows."""
        reads = self.rows[i].reads
        outside, waves, shared = len(self.outer), len(self.waves), sum(map(len, self.shared))
        if reads is None:
            return outside + self.waves.index(i)
        if reads.person == SELF:
            return outside + waves + shared + SENSES.index(reads.name)
        if reads.kind is not Kind.ROW:
            return self.outer[self._outer(i) or (reads, False)]
        place = self.place[self.named[reads.name]]
        return outside + waves + place + (len(SENSES) if place >= shared else 0)

    def _bank(self, levels: Sequence[Sequence[int]], first: int) -> Bank:
        reads = [[self._column(i) for i in level] for level in levels]
        raised = [[self._raised(i) for i in level] for level in levels]
        return bank_of([[self.rows[i] for i in level] for level in levels], reads, raised, first)

    def _raised(self, i: int) -> int | None:
        return self.place[self.raised[i]] if i in self.raised else None

    def patch(self, generators: Mapping[str, Shader]) -> Patch:
        """All of it as arrays."""
        moves = [self.rows[i].moves for i in self.order]
        shared = sum(map(len, self.shared))
        faders = [k for k, to in enumerate(moves) if to.kind is Kind.FADER]
        aims = [k for k, to in enumerate(moves) if to.kind in (Kind.INPUT, Kind.PALETTE)]
        places = np.array([TREE.place(moves[k].name) for k in faders], np.int64)
        ranges = (TREE.high - TREE.low)[places]
        return Patch(
            waves=waves_of([(i, self.rows[i]) for i in self.waves]),
            reader=self.reader,
            shared=self._bank(self.shared, 0),
            personal=self._bank(self.personal, shared),
            amount=np.array([self.rows[i].amount for i in self.order]),
            raises=bool(self.raised),
            faders=np.array(faders, np.int64),
            places=places,
            ranges=ranges,
            gain=np.array([self.rows[self.order[k]].amount for k in faders]) * ranges,
            aims=(np.array([k for k in aims if k < shared], np.int64),
                  np.array([k for k in aims if k >= shared], np.int64)),
            persons=Persons([moves[k] for k in aims], generators),
            reads_group=self.reader.groups,
            reads_people=bool(len(self.reader.people.senses) or self.personal),
        )  # fmt: skip


def _levels(rows: Sequence[Modulation]) -> list[set[int]]:
    """Rows by how many must have moved before them."""
    order = TopologicalSorter(before(rows))
    order.prepare()
    found: list[set[int]] = []
    while order.is_active():
        ready = order.get_ready()
        found.append(set(ready))
        order.done(*ready)
    return found
