"""What the timetable's deeds do to the circle: the same as a message, to simulated people only.

A deed that no longer fits, because a hand or a real person was there before, is left out.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from performer.circle import members
from performer.circle.consent import State, pause, resume
from performer.circle.presence import Deed
from performer.circle.simulated import sim_id
from performer.frame import clear_row

if TYPE_CHECKING:
    from performer.circle.circle import Circle


def begin(circle: Circle) -> None:
    """Who comes late is not there yet; their seat and palette are kept for them."""
    for person in circle.timetable.late:
        row = int(person)  # in a new circle everybody sits in the row of their number
        circle.remember(row)
        clear_row(circle.people, row)


def play(circle: Circle, last: float) -> None:
    """Everything that the timetable has for the time since `last`, s."""
    for person, deed in circle.timetable.between(last, circle.time):
        if deed is Deed.COME:
            _come(circle, person + 1)
            continue
        row = circle.people.row(sim_id(person + 1))
        if row is not None and circle.people.simulated[row] and not circle.people.leaving[row]:
            _DEEDS[deed](circle, row)


def _come(circle: Circle, number: int) -> None:
    """Somebody who is away by the timetable comes, to the seat and palette that were theirs."""
    person = sim_id(number)
    if person not in circle.remembered or person in circle.people.ids:
        return
    circle.people, row = members.free_row(circle.people)
    if row is None:
        return
    p = circle.people
    members.enter_simulated(p, row, number, circle.seed, circle.time)
    x, y, p.place[row] = circle.remembered.pop(person)
    p.seat[row] = (x, y)
    generators = circle.library.presets[circle.preset].generators
    p.generators[row] = p.wanted[row] = members.dealt(generators, row)


def _leave(circle: Circle, row: int) -> None:
    circle.remember(row)
    members.leave(circle.people, row)


def _pause(circle: Circle, row: int) -> None:
    if circle.people.state[row] == State.GIVEN:
        pause(circle.people, row)
        circle.people.played[row] = True


def _resume(circle: Circle, row: int) -> None:
    if circle.people.played[row] and circle.people.state[row] == State.PAUSED:
        resume(circle.people, row)
    circle.people.played[row] = False


def _object(circle: Circle, row: int) -> None:
    if not circle.people.objects[row]:
        circle.people.objects[row] = circle.people.played[row] = True


def _relent(circle: Circle, row: int) -> None:
    if circle.people.played[row]:
        circle.people.objects[row] = False
    circle.people.played[row] = False


_DEEDS: dict[Deed, Callable[[Circle, int], None]] = {
    Deed.PAUSE: _pause,
    Deed.RESUME: _resume,
    Deed.OBJECT: _object,
    Deed.RELENT: _relent,
    Deed.LEAVE: _leave,
}
