"""A bank of rows that move at once: level by level, each row after those that it names.

What a row reads goes through curve, smoothing and offset, and is then its output: other rows may
read that. Times its amount, which rows may move too, it is a fraction of its target's range.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from performer.frame import Flags, Floats, Ints
from performer.modulation.envelopes import Envelopes
from performer.show.modulating import Modulation

CURVES = {"root": 0.5, "linear": 1.0, "square": 2.0, "cube": 3.0, "ease": 1.0}
"""The exponents of curves; `ease` is 3x² - 2x³ instead."""

GONE = 1.0
"""Longest time constant with which what somebody moved fades who is not there any more, s."""


@dataclass(frozen=True)
class Level:
    """Rows `first` to `last` of the bank, K of them: those that smooth nothing come first."""

    first: int
    last: int
    reads: Ints
    """Columns of what can be read, shape (K,)."""
    bent: Ints
    """Which of the K have a curve."""
    exponent: Floats
    """Of those."""
    eased: Ints
    """Which of the K ease."""
    enveloped: Ints
    """Which of the K are envelopes."""
    envelopes: Envelopes
    shaped: slice
    """Where the envelopes' memory is."""
    plain: int
    """How many of the K smooth nothing."""
    attack: Floats
    """Of the others."""
    release: Floats
    smoothed: slice
    """Where their memory is."""
    begins: bool
    """Whether any of them begins where what it reads is: there memory is not a number at first."""
    offset: Floats | None
    """Shape (K,); None: nothing anywhere."""
    raising: Ints
    """Which of the K move amounts."""
    raised: Ints
    """Whose amounts: places in the whole patch."""
    amount: Floats
    """Of those that do."""
    places: Ints
    """Their own places in the whole patch."""


@dataclass(frozen=True)
class Bank:
    """Rows as arrays, for everything at once (N = 1) or for each person (N = C)."""

    levels: tuple[Level, ...]
    rows: int
    smooths: int
    """How many rows smooth."""
    envelopes: int
    """How many rows are envelopes."""
    rest: Floats
    """Memory of each of the N at first: of smoothing, then levels and stages of envelopes."""

    @property
    def width(self) -> int:
        """How many numbers that are."""
        return len(self.rest)

    def step(
        self, x: Floats, known: Flags | None, extra: Floats | None, memory: Floats, dt: float
    ) -> Floats:
        """Fills the outputs into the end of `x` (N, X) and gives the memory `dt` s later.

        `known` (N, X): what may still be used, of what is read; None: all of it. `extra` (N, all
        rows): gets what is added to amounts; None: nobody moves one.
        """
        after = np.empty_like(memory)
        base = x.shape[1] - self.rows
        for one in self.levels:
            out = x[:, one.reads]
            sure = None if known is None else known[:, one.reads]
            if len(one.enveloped):
                self._envelop(one, out, sure, memory, after, dt)
            _bend(one, out)
            if one.plain < one.last - one.first:
                after[:, one.smoothed] = out[:, one.plain :] = _followed(
                    one, out[:, one.plain :], sure, memory[:, one.smoothed], dt
                )
            if one.offset is not None:
                out += one.offset
            x[:, base + one.first : base + one.last] = out
            if known is not None and sure is not None:
                known[:, base + one.first : base + one.last] = sure
            if extra is not None and len(one.raising):
                strength = bounded(one.amount + extra[:, one.places])
                np.add.at(extra.T, one.raised, (out[:, one.raising] * strength).T)
        return after

    def _envelop(
        self, one: Level, out: Floats, sure: Flags | None, memory: Floats, after: Floats, dt: float
    ) -> None:
        """Takes what triggers envelopes for a gate, and puts them in its place."""
        first, stages = self.smooths, self.smooths + self.envelopes
        here = slice(first + one.shaped.start, first + one.shaped.stop)
        there = slice(stages + one.shaped.start, stages + one.shaped.stop)
        gate = out[:, one.enveloped] > 0.5
        known = None if sure is None else sure[:, one.enveloped]
        level, stage = one.envelopes.step(memory[:, here], memory[:, there], gate, known, GONE, dt)
        out[:, one.enveloped] = after[:, here] = level
        after[:, there] = stage


def bounded(amount: Floats) -> Floats:
    """Amounts that others have moved, in -1..1."""
    return np.minimum(np.maximum(amount, -1.0), 1.0)  # np.clip costs thrice that


def _bend(one: Level, out: Floats) -> None:
    """Curves, below 0 as above."""
    if len(one.bent):
        x = out[:, one.bent]
        exponent = np.repeat(one.exponent[None], len(x), 0)  # whole: else numpy rounds otherwise
        out[:, one.bent] = np.copysign(np.abs(x) ** exponent, x)
    if len(one.eased):
        x = out[:, one.eased]
        size = np.minimum(np.abs(x), 1.0)
        out[:, one.eased] = np.copysign(size * size * (3.0 - 2.0 * size), x)


def _followed(one: Level, wanted: Floats, sure: Flags | None, before: Floats, dt: float) -> Floats:
    """Where smoothed rows are `dt` s after `before`, shape (N, …)."""
    seconds = np.where(wanted > before, one.attack, one.release)
    if sure is not None:
        seconds = np.where(sure[:, one.plain :], seconds, np.minimum(seconds, GONE))
    now = before + (wanted - before) * -np.expm1(-dt / seconds)
    return np.where(now == now, now, wanted) if one.begins else now


def bank_of(
    levels: Sequence[Sequence[Modulation]],
    reads: Sequence[Sequence[int]],
    raised: Sequence[Sequence[int | None]],
    place: int,
) -> Bank:
    """Rows by level, in the order in which they stand in the bank.

    `reads`: their columns; `raised`: whose amount they move; `place`: of the first in the patch.
    """
    found: list[Level] = []
    first = smooths = envelopes = 0
    for rows, columns, whose in zip(levels, reads, raised, strict=True):
        one = _level(rows, columns, whose, first, place, (smooths, envelopes))
        found.append(one)
        first, smooths, envelopes = one.last, one.smoothed.stop, one.shaped.stop
    rest = np.array([np.nan if r.begins else 0.0 for level in levels for r in level if r.follows])
    rest = np.concatenate((rest, np.zeros(2 * envelopes)))
    return Bank(tuple(found), first, smooths, envelopes, rest)


def _level(
    rows: Sequence[Modulation], columns: Sequence[int], whose: Sequence[int | None],
    first: int, place: int, memory: tuple[int, int],
) -> Level:  # fmt: skip
    follows = [r.follows for r in rows]
    smooth = [f for f in follows if f is not None]
    bent = [k for k, r in enumerate(rows) if CURVES[r.curve] != 1.0]
    shaped = [(k, r.envelope) for k, r in enumerate(rows) if r.envelope is not None]
    raising = [k for k, to in enumerate(whose) if to is not None]
    offset = np.array([r.offset for r in rows])
    return Level(
        first=first, last=first + len(rows), reads=_ints(columns),
        bent=_ints(bent), exponent=np.array([CURVES[rows[k].curve] for k in bent]),
        eased=_ints([k for k, r in enumerate(rows) if r.curve == "ease"]),
        enveloped=_ints([k for k, _ in shaped]),
        envelopes=Envelopes(
            attack=np.array([e.attack for _, e in shaped]),
            decay=np.array([e.decay or e.release for _, e in shaped]),
            sustain=np.array([e.sustain for _, e in shaped]),
            release=np.array([e.release for _, e in shaped]),
        ),
        shaped=slice(memory[1], memory[1] + len(shaped)),
        plain=len(rows) - len(smooth),
        attack=np.array([a for a, _ in smooth]), release=np.array([r for _, r in smooth]),
        smoothed=slice(memory[0], memory[0] + len(smooth)),
        begins=any(r.begins for r in rows),
        offset=offset if offset.any() else None,
        raising=_ints(raising), raised=_ints([to for to in whose if to is not None]),
        amount=np.array([rows[k].amount for k in raising]),
        places=_ints([place + first + k for k in raising]),
    )  # fmt: skip


def _ints(numbers: Sequence[int]) -> Ints:
    return np.array(numbers, dtype=np.int64)
