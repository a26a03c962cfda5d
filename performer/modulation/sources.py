"""What rows read: everything outside a preset that can move it, as one vector of numbers.

Who may be read at all is decided by the circle; who may not says 0 here.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from performer.frame import FEATURES, Flags, Floats, Ints, People
from performer.parameters import TREE
from performer.show.routes import EVENTS, GROUP, SENSES, Kind, Route

_BEAT, _HALF, _EVENT, _GROUP = 0, 1, 2, 2 + len(EVENTS)


@dataclass(frozen=True)
class Sensed:
    """What people's own data say now, by their consent, shape (C, len(SENSES)) each."""

    values: Floats
    """0 where nothing is known."""
    known: Flags
    """Whether it may be used, and its person is here."""


@dataclass(frozen=True)
class Sources:
    """One instant of everything that rows can read."""

    time: float
    """Show time, s."""
    beat: float
    """Beats since the start."""
    seed: int
    dt: float
    """Seconds since the last instant, before the eye."""
    heard: Floats
    """One 0..1 for each of FEATURES."""
    base: Floats
    """Values as arc and hands set them, shape (V,)."""
    people: People
    begun: tuple[bool, ...] = (False,) * len(EVENTS)
    """Which of EVENTS have just begun."""
    group: Floats | None = None
    """One number for each of GROUP; only for a patch that reads it."""
    sensed: Sensed | None = None
    """Only for a patch that reads people."""
    hushed: bool = False
    """Whether what the group said holds somebody's part who has just taken it back."""


@dataclass(frozen=True)
class Reader:
    """Reads what a patch's rows need, in this order: features, faders, the plain ones, people."""

    features: Ints
    faders: Ints
    low: Floats
    """Of the faders."""
    range: Floats
    angles: Ints
    """Which of them are angles: 0 at their 0, 1 opposite, and no jump where they come round."""
    plain: Ints
    groups: bool
    """Whether it needs Sources.group."""
    together: Ints
    """Where the group's are in what is read."""
    people: "Whose"

    def read(self, sources: Sources) -> list[Floats]:
        """The numbers but people's, as parts to be put behind each other."""
        parts: list[Floats] = []
        if len(self.features):
            parts.append(sources.heard[self.features])
        if len(self.faders):
            faders = (sources.base[self.faders] - self.low) / self.range
            if len(self.angles):
                faders[self.angles] = 0.5 - 0.5 * np.cos(faders[self.angles] * (2 * np.pi))
            parts.append(faders)
        if len(self.plain):
            turn = sources.beat % 1.0
            group = [0.0] * len(GROUP) if sources.group is None else sources.group.tolist()
            parts.append(np.array([turn, 1.0 - turn, *sources.begun, *group])[self.plain])
        return parts


class Whose:
    """Senses of people by their ids, K of them."""

    def __init__(self, ids: Sequence[str], senses: Ints) -> None:
        """`senses`: places in SENSES, one for each of the `ids`."""
        self.ids, self.senses = ids, senses
        self._seated: list[str] = []
        self._rows = np.full(len(ids), -1)

    def read(self, sources: Sources) -> tuple[Floats, Flags]:
        """What they say, and whether that is known, shape (K,) each."""
        if sources.sensed is None:
            return np.zeros(len(self.senses)), np.zeros(len(self.senses), np.bool_)
        if sources.people.ids != self._seated:
            self._seated = list(sources.people.ids)
            rows = [sources.people.row(i) for i in self.ids]
            self._rows = np.array([-1 if r is None else r for r in rows], np.int64)
        known = sources.sensed.known[self._rows, self.senses] & (self._rows >= 0)
        return np.where(known, sources.sensed.values[self._rows, self.senses], 0.0), known


def reader_of(routes: Sequence[tuple[Route, bool]]) -> tuple[Reader, dict[tuple[Route, bool], int]]:
    """A reader of these, and each one's place in what it reads.

    Each with whether it is a beat's beginning that is wanted: that triggers, not its half.
    """
    wanted = list(dict.fromkeys(routes))
    features = [r for r in wanted if r[0].kind is Kind.FEATURE]
    faders = [r for r in wanted if r[0].kind is Kind.FADER]
    plain = [r for r in wanted if r[0].kind in (Kind.BEAT, Kind.EVENT, Kind.GROUP)]
    people = [r for r in wanted if r[0].kind is Kind.PERSON]
    places = np.array([TREE.place(r.name) for r, _ in faders], np.int64)
    groups = [k for k, (r, _) in enumerate(plain) if r.kind is Kind.GROUP]
    reader = Reader(
        np.array([FEATURES.index(r.name) for r, _ in features], np.int64),
        places,
        TREE.low[places],
        (TREE.high - TREE.low)[places],
        np.flatnonzero(TREE.circular[places]),
        np.array([_plain(*r) for r in plain], np.int64),
        bool(groups),
        np.array([len(features) + len(faders) + k for k in groups], np.int64),
        Whose(
            [r.person for r, _ in people],
            np.array([SENSES.index(r.name) for r, _ in people], np.int64),
        ),
    )
    ordered = [*features, *faders, *plain, *people]
    return reader, {r: i for i, r in enumerate(ordered)}


def _plain(route: Route, trigger: bool) -> int:
    if route.kind is Kind.BEAT:
        return _HALF if trigger else _BEAT
    if route.kind is Kind.EVENT:
        return _EVENT + EVENTS.index(route.name)
    return _GROUP + GROUP.index(route.name)
