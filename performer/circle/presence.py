"""Which simulated people come late, pause, object, leave and come back, and when.

A timetable is a pure function of seed, size, length of the night and how much of it the show wants.
It acts at its own instants only: what hands do in between stands until the next of them. Never
here: how somebody comes or goes (members.py), and real people.
"""

from dataclasses import dataclass
from enum import IntEnum
from functools import lru_cache

import numpy as np

from performer.circle.simulated import temperament, uniform
from performer.frame import Floats, Ints

NIGHT = 2700.0
"""The night that all times and parts here are said for, s; a shorter one is hastier."""

FEWEST = 4
"""A smaller circle has no timetable: each of them is too much of it."""

GAP = 30.0  # s between two things that one person does
ENDING = 0.97  # part of the night after which nothing changes any more


class Deed(IntEnum):
    """What somebody does at an instant of the timetable."""

    COME = 0
    PAUSE = 1
    RESUME = 2
    OBJECT = 3
    RELENT = 4
    LEAVE = 5


@dataclass(frozen=True)
class Habit:
    """How a kind of absence is spread over circle and night; times in s of NIGHT."""

    part: float
    """Part of the circle that does it, once."""
    earliest: float
    latest: float
    shortest: float
    longest: float
    deeds: tuple[Deed, Deed]
    """What begins and what ends it."""


LATE = Habit(0.125, 0.0, 0.0, 25.0, 360.0, (Deed.LEAVE, Deed.COME))
HABITS = (
    Habit(0.125, 480.0, 2100.0, 150.0, 420.0, (Deed.LEAVE, Deed.COME)),
    Habit(0.29, 420.0, 2400.0, 40.0, 120.0, (Deed.PAUSE, Deed.RESUME)),
    Habit(0.083, 700.0, 2300.0, 30.0, 90.0, (Deed.OBJECT, Deed.RELENT)),
)
"""Late ones are away from the start; a circle of 12 has 1-2 of them, 1-2 who leave for a few
minutes, 3-4 who pause and one who objects."""

_TRIES = 8  # times that somebody looks for a moment that suits all
_SALTS = 64  # the first of the salts of this module


@dataclass(frozen=True)
class Timetable:
    """All deeds of a night in order, shape (D,) each."""

    times: Floats
    """Show time, s."""
    people: Ints
    """Numbers, from 0."""
    deeds: Ints
    late: Ints
    """Numbers of those who are not there at the start, shape (L,)."""

    def between(self, last: float, time: float) -> list[tuple[int, Deed]]:
        """Who does what after `last` and not after `time`, s."""
        first, end = np.searchsorted(self.times, (last, time), side="right")
        return [(int(self.people[k]), Deed(int(self.deeds[k]))) for k in range(first, end)]


@lru_cache(maxsize=8)
def timetable(seed: int, size: int, seconds: float, arrivals: float) -> Timetable:
    """The timetable of `size` people in a night of `seconds`; `arrivals` 0..1 how much of it.

    At most a quarter of the circle is away, late or paused at once.
    """
    plan = _Plan(seed, size, seconds)
    if size >= FEWEST and arrivals > 0.0:
        plan.fill(arrivals)
    return plan.timetable()


def presence(table: Timetable, size: int, time: float) -> Ints:
    """What everybody last did by show time `time`, shape (size,): Deed.COME for who just is there.

    What a circle that no hand touched looks like.
    """
    state = np.full(size, Deed.COME, dtype=np.int64)
    state[table.late] = Deed.LEAVE
    for person, deed in table.between(-1.0, time):
        state[person] = deed if deed in (Deed.PAUSE, Deed.OBJECT, Deed.LEAVE) else Deed.COME
    return state


class _Plan:
    """Absences being fitted into a night."""

    def __init__(self, seed: int, size: int, seconds: float) -> None:
        self.seed, self.size, self.seconds = seed, size, seconds
        self.haste = min(1.0, seconds / NIGHT)  # of what has a length of its own
        self.absences: list[tuple[float, float, int, Habit]] = []

    def fill(self, arrivals: float) -> None:
        """Everything that happens, the late ones first."""
        own = temperament(self.seed, np.arange(self.size))
        likely = {Deed.LEAVE: 1.5 - own.restlessness, Deed.PAUSE: 0.4 + own.sociability,
                  Deed.OBJECT: 1.5 - own.tenderness}  # fmt: skip
        for kind, habit in enumerate((LATE, *HABITS)):
            draws = uniform(self.seed, np.arange(self.size), _SALTS + kind)
            if kind:
                draws = draws * likely[habit.deeds[0]]
            many = self._many(habit.part * arrivals, kind)
            for person in np.argsort(draws, kind="stable")[:many]:
                self._find(int(person), habit, kind)

    def _many(self, part: float, kind: int) -> int:
        """How many do it: the expected number, its fraction drawn."""
        draw = uniform(self.seed, np.array([kind]), _SALTS + 8)[0]
        return int(np.floor(part * self.size + draw))

    def _find(self, person: int, habit: Habit, kind: int) -> None:
        """A moment and a length that suit everybody, or nothing."""
        salts = _SALTS + 16 + 2 * (_TRIES * kind + np.arange(_TRIES))
        one = np.array([person])
        when, long = (uniform(self.seed, one[:, None], salts + k)[0] for k in (0, 1))
        stretch = self.seconds / NIGHT
        for k in range(_TRIES):
            begin = stretch * (habit.earliest + (habit.latest - habit.earliest) * when[k])
            length = self.haste * (habit.shortest + (habit.longest - habit.shortest) * long[k])
            if self._fits(person, begin, begin + length):
                self.absences.append((begin, begin + length, person, habit))
                return

    def _fits(self, person: int, begin: float, end: float) -> bool:
        """Nobody does two things at once, and most are always there."""
        gap = GAP * self.haste
        near = [a for a in self.absences if a[0] < end + gap and begin - gap < a[1]]
        if end > ENDING * self.seconds or any(who == person for _, _, who, _ in near):
            return False
        starts = [begin, *(a[0] for a in near if begin <= a[0] < end)]
        most = max(sum(a[0] <= t < a[1] for a in near) for t in starts)
        return most + 1 <= self.size // 4

    def timetable(self) -> Timetable:
        """Everything in order of time; who is late has nothing to leave."""
        ends = [(end, who, habit.deeds[1]) for _, end, who, habit in self.absences]
        begins = [(t, who, h.deeds[0]) for t, _, who, h in self.absences if h is not LATE]
        order = sorted(begins + ends)
        late = sorted(who for _, _, who, habit in self.absences if habit is LATE)
        return Timetable(
            np.array([t for t, _, _ in order], dtype=np.float64),
            np.array([who for _, who, _ in order], dtype=np.int64),
            np.array([deed for _, _, deed in order], dtype=np.int64),
            np.array(late, dtype=np.int64),
        )
