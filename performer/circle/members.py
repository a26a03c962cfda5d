"""Who is in the circle: joining, leaving, the simulated, and which generator each one has.

Rows are given on a join, kept until the fade-out ends, then reused.
"""

import numpy as np

from performer.circle import consent, seats, variety
from performer.circle.simulated import sim_id, temperament, uniform
from performer.frame import MOST_PEOPLE, Floats, People, clear_row, empty_people, grown
from performer.parameters import TREE

GROW = 4.0  # s; a join grows from a seed
FADE = 3.0  # s; a leave lets go
DARKEN, LIGHTEN = 1.5, 2.5  # s; a layer's veil while its generator changes
LONGEST_TIME = 3600.0  # s; a layer's own time is rebased before it grows coarse in float32
REMEMBERED = 512
EMBER = 0.8  # veil over somebody who pauses

_PLACE, _SEED, _TEMPO = 901, 902, 903


def circle_of(count: int, seed: int, generators: tuple[str, ...], aspect: float) -> People:
    """A simulated circle of `count` people, seated and relaxed, fully present."""
    people = empty_people(capacity_for(count))
    for row in range(count):
        enter_simulated(people, row, row + 1, seed, 0.0)
        people.present[row] = 1.0
        people.generators[row] = people.wanted[row] = dealt(generators, row)
    if count:
        people.seat[:count] = _spread(count, aspect)
        people.place[:count] = variety.places(people.seat[:count])
    return people


def capacity_for(count: int) -> int:
    """Rows for `count` people: 4, 8, 16 … 256."""
    capacity = 4
    while capacity < min(count, MOST_PEOPLE):
        capacity *= 2
    return capacity


def _spread(count: int, aspect: float) -> Floats:
    """Seats of `count` people (R2 sequence, then pushed apart), plane."""
    k = np.arange(1, count + 1)
    points = np.stack([k * 0.7548776662466927 % 1.0, k * 0.5698402909980532 % 1.0], 1) - 0.5
    seated: Floats = (points * np.array([aspect, 1.0])).astype(np.float64)
    present = np.ones(count)
    for _ in range(90):
        seated = seats.relaxed(seated, present, aspect, 0.3)
    return seated


def enter(people: People, row: int, person: str, name: str, seed: int, time: float) -> None:
    """Puts somebody new into an empty row, with a composition and a rhythm of their own."""
    clear_row(people, row)
    people.ids[row], people.names[row] = person, name
    consent.join(people, row)
    people.joined[row] = time
    _give_composition(people, row, seed, row)
    _give_rhythm(people, row, seed)


def enter_simulated(people: People, row: int, number: int, seed: int, time: float) -> None:
    """Puts a simulated person, 1 … 256, into an empty row; the same one in whichever row."""
    enter(people, row, sim_id(number), "", seed, time)
    people.simulated[row], people.number[row] = True, number
    people.consent[row] = True
    _give_composition(people, row, seed, number - 1)
    one = np.array([number - 1])
    own = temperament(seed, one)
    people.omega[row], people.breath_rate[row] = own.rate[0], own.breath_rate[0]
    people.p[row], people.q[row] = own.p[0], own.q[0]
    people.theta[row] = uniform(seed, one, 7)[0] * 2.0 * np.pi


def _give_composition(people: People, row: int, seed: int, whose: int) -> None:
    people.seed[row] = uniform(seed, np.array([whose]), _SEED)[0]
    people.time[row] = 40.0 * people.seed[row]


def _give_rhythm(people: People, row: int, seed: int) -> None:
    """A rhythm and a breath to begin with, until somebody sends their own."""
    one = np.array([row])
    people.omega[row] = 2.0 * np.pi * (0.08 + 0.04 * uniform(seed, one, _TEMPO)[0])
    people.breath_rate[row] = 0.13 + 0.05 * uniform(seed, one, _PLACE)[0]
    people.theta[row] = 2.0 * np.pi * uniform(seed, one, 7)[0]


def come_back(people: People, row: int, seed: int) -> None:
    """Somebody joins again before their fade-out is over: a new consent, and a new rhythm."""
    people.leaving[row] = False
    consent.join(people, row)
    _give_rhythm(people, row, seed)


def dealt(generators: tuple[str, ...], row: int) -> str:
    """The generator dealt to a row."""
    return generators[row % len(generators)]


def free_row(people: People) -> tuple[People, int | None]:
    """An empty row, in a grown copy if need be; None when 256 people are here."""
    if "" in people.ids:
        return people, people.ids.index("")
    if people.capacity >= MOST_PEOPLE:
        return people, None
    return grown(people, people.capacity * 2), people.capacity


def youngest_simulated(people: People) -> int | None:
    """The row of the simulated person who came last and is not leaving yet."""
    rows = np.flatnonzero(people.simulated & ~people.leaving & people.here)
    if not len(rows):
        return None
    return int(max(rows, key=lambda r: (people.joined[r], r)))


def leave(people: People, row: int) -> None:
    """From the next Frame on nothing of this person is used; their last picture fades.

    What is kept says where that picture is and how it is lit, and which composition it was.
    """
    consent.withdraw(people, row)
    people.leaving[row] = True
    people.solo[row] = people.mute[row] = people.objects[row] = False
    people.played[row] = False
    for column in ("valence", "arousal", "confidence", "told_valence", "told_arousal", "heart",
                   "breath_heard", "breath", "breath_phase", "breath_rate", "omega", "theta",
                   "energy", "resonance", "wave", "share", "alike", "called", "answer",
                   "past_theta", "past_valence", "past_arousal", "past_beats",
                   "past_moods"):  # fmt: skip
        getattr(people, column)[row] = 0.0
    people.p[row] = people.q[row] = people.cap[row] = 1.0
    people.inputs[row] = np.nan
    for column in ("feeling_age", "heart_age", "breath_age"):
        getattr(people, column)[row] = 1e9
    people.names[row] = ""


def come_and_go(people: People, dt: float) -> list[int]:
    """Moves everybody's presence by `dt` s; returns the rows whose fade-out is over."""
    visible = consent.seen_or_paused(people) & ~people.leaving
    present = people.present
    present += np.where(visible, dt / GROW, -dt / FADE)
    np.maximum(np.minimum(present, 1.0, out=present), 0.0, out=present)  # np.clip costs thrice that
    present *= people.here
    gone: list[int] = np.flatnonzero(people.leaving & (present <= 0.0)).tolist()
    return gone


def change_generators(people: People, generators: tuple[str, ...], time: float,
                      spread: float) -> None:  # fmt: skip
    """Deals new generators to all who have not chosen; they change one after another."""
    rows = [r for r, person in enumerate(people.ids) if person and not people.chosen[r]]
    for k, row in enumerate(rows):
        people.wanted[row] = dealt(generators, row)
        if people.wanted[row] != people.generators[row] and people.veiled_at[row] < 0.0:
            people.veiled_at[row] = time + spread * k / len(rows)


def veil(people: People, last: float, time: float) -> None:
    """Darkens layers whose generator changes, changes it in the dark, and lightens them again.

    What is asked for while a layer lightens waits for a darkness of its own.
    """
    old = (people.time > LONGEST_TIME) & (people.veiled_at < 0.0) & people.here
    people.veiled_at[old] = time
    busy: list[int] = np.flatnonzero(people.veiled_at >= 0.0).tolist()
    for row in busy:
        since = time - people.veiled_at[row]
        least = EMBER if people.state[row] == consent.State.PAUSED else 0.0
        if since < DARKEN:
            people.veil[row] = max(_eased(since / DARKEN), least)
            continue
        if last - people.veiled_at[row] < DARKEN:
            _change(people, row)
        people.veil[row] = max(1.0 - _eased((since - DARKEN) / LIGHTEN), least)
        if since >= DARKEN + LIGHTEN:
            again = people.generators[row] != people.wanted[row]
            people.veiled_at[row], people.veil[row] = time if again else -1.0, least


def _change(people: People, row: int) -> None:
    """The generator that was asked for, or the same with its time rebased."""
    if people.generators[row] != people.wanted[row]:
        people.generators[row] = people.wanted[row]
        people.inputs[row] = np.nan
        people.time[row] = 40.0 * people.seed[row]
    elif people.time[row] > LONGEST_TIME:
        people.time[row] = 40.0 * people.seed[row]


def _eased(part: float) -> float:
    x = min(max(part, 0.0), 1.0)
    return x * x * (3.0 - 2.0 * x)


def value(values: Floats, address: str) -> float:
    """One value out of the vector of values."""
    return float(values[TREE.index[address]])
