"""The cue list while it is played: what is on, what stands by, what comes of itself, and back.

A show without a list has its phases as its cues. With one, the phases go on underneath.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

import msgspec

from performer.circle import arc as arcs
from performer.circle import morph
from performer.errors import ControlError
from performer.frame import Cueing, Frame, Undo
from performer.parameters import TREE, Control
from performer.show.cues import FADE, SHAPES, Cue
from performer.show.shows import Library, Phase, Show

if TYPE_CHECKING:
    from performer.circle.circle import Circle

MOST_UNDONE = 8  # steps back that restore what a cue had touched
_HOLD = TREE.index["/phase/hold"]


# ---- what the operator does ---------------------------------------------------------------------


def go(circle: Circle) -> None:
    """Takes the cue that stands by; ControlError if none does."""
    if circle.cue.standby < 0:
        raise ControlError("/go", "no cue stands by")
    take(circle, circle.cue.standby)


def take(circle: Circle, number: int) -> None:
    """Takes a cue, counted from 0; the one after it stands by."""
    show = circle.library.show
    if not show.cue:
        circle.begin_phase(number)
        return
    circle.cue = _taken(circle, number)
    _play(circle, number)


def stand_by(circle: Circle, number: int) -> None:
    """Has a cue stand by, counted from 0: GO takes it, or it comes of itself."""
    circle.cue = msgspec.structs.replace(circle.cue, standby=number, due=-1.0)


def back(circle: Circle) -> None:
    """To the cue one came from, from what is in force; ControlError if there is none.

    What the undone cue had touched returns to where it stood or was going before; then the cue
    before is played again, in its own time. From the first of a written list there is a way back
    too, to what was before it. After that no cue comes of itself until somebody says GO. Where
    nobody remembers any more, the cue before is the one that is written before.
    """
    show, now, stack = circle.library.show, circle.cue.current, circle.cue.undo
    known = stack[-1] if stack and stack[-1].cue == now else None
    if now < 0 or (now == 0 and not show.cue and known is None):
        raise ControlError("/back", "there is no cue before")
    before, standby = (known.came, known.standby) if known else (now - 1, now)
    if known is not None:
        _restore(circle, known, before)
        stack = stack[:-1]
    if before >= 0:
        _play(circle, before, morphs=known is None)
    circle.cue = _new(circle, before, standby, stack, follows=False)


def number(library: Library, control: Control) -> int:
    """The cue that a message means, counted from 0; ControlError if there are not so many."""
    wanted, many = int(control.args[0]), len(library.show.cue or library.show.phase)
    if wanted > many:
        raise ControlError(control.address, f"the show has {many} cues, found {wanted}")
    return wanted - 1


# ---- what happens of itself ---------------------------------------------------------------------


def begun(circle: Circle, phase: int) -> None:
    """A phase is about to begin: where phases are the cues, it is a cue that is taken."""
    if not circle.library.show.cue:
        circle.cue = _taken(circle, phase)


def next_phase(circle: Circle) -> int | None:
    """The phase that follows the present one when its time is over; it waits for a hand's morph."""
    show, cue = circle.library.show, circle.cue
    if morph.in_hand(circle):
        return None
    if not show.cue:
        return cue.standby if cue.follows and cue.standby >= 0 else None
    return circle.phase + 1 if circle.phase + 1 < len(show.phase) else None


def follow(circle: Circle) -> None:
    """Takes the cue that stands by if the present one says that it comes now."""
    cue = _leads(circle.library.show, circle.cue)
    if cue is None:
        return
    ready = circle.time - circle.cue.taken_at >= _ready(circle.library.show, circle.cue.current)
    if cue.follow == "beat" and ready:
        due = _due(circle.cue.due, circle.beat, float(cue.beats or 1))
        circle.cue = msgspec.structs.replace(circle.cue, due=due)
        ready = circle.beat >= due
    elif cue.follow == "event" and ready:
        ready = _happened(circle, cue)
    if ready:
        take(circle, circle.cue.standby)


def resumed(cue: Cueing, show: Show) -> Cueing:
    """The state of a Frame in a show that may have fewer cues by now."""
    many = len(show.cue or show.phase)
    undone = (place for u in cue.undo for place in (u.cue, u.came, u.standby))
    if max(cue.current, cue.standby, *undone) < many:
        return cue
    return Cueing(standby=-1)


# ---- what is told -------------------------------------------------------------------------------


@dataclass(frozen=True)
class Told:
    """What a desk shows of the list; names are empty where there is no cue."""

    current: str
    next: str
    notes: str
    """What the operator wrote beside the next one."""
    remaining: float
    """Until the next one comes of itself, s; -1: it waits, or nobody can know."""


def told(frame: Frame, library: Library) -> Told:
    """What the list says at a Frame."""
    show = library.show
    current, standby = _at(show, frame.cue.current), _at(show, frame.cue.standby)
    return Told(
        current.name if current else "", standby.name if standby else "",
        standby.notes if standby else "", _remaining(frame, show),
    )  # fmt: skip


def _at(show: Show, place: int) -> Cue | Phase | None:
    cues = show.cue or show.phase
    return cues[place] if 0 <= place < len(cues) else None


def _remaining(frame: Frame, show: Show) -> float:
    cue, since = _leads(show, frame.cue), frame.time - frame.cue.taken_at
    waits = frame.base[_HOLD] > 0.5 or not frame.cue.follows or morph.in_hand(frame)
    if not show.cue and frame.cue.standby >= 0 and not waits:
        phase = show.phase[min(frame.phase, len(show.phase) - 1)]
        return max(0.0, frame.phase_at + phase.seconds - frame.time)
    if cue is None or cue.follow == "event":
        return -1.0
    wait = max(0.0, _ready(show, frame.cue.current) - since)
    if cue.follow == "auto":
        return wait
    tempo = max(frame.tempo, 1.0) / 60.0
    due = _due(frame.cue.due if wait == 0.0 else -1.0, frame.beat + wait * tempo,
               float(cue.beats or 1))  # fmt: skip
    return max(0.0, due - frame.beat) / tempo


# ---- how ----------------------------------------------------------------------------------------


def _leads(show: Show, state: Cueing) -> Cue | None:
    """The written cue after which another one comes of itself, if one does."""
    if not state.follows or state.standby < 0 or not 0 <= state.current < len(show.cue):
        return None
    cue = show.cue[state.current]
    return cue if cue.follow != "wait" else None


def _ready(show: Show, place: int) -> float:
    """Seconds since a cue was taken before which nothing follows it."""
    after = show.cues[place].after
    return _fade(show, place)[0] if after is None else after


def _due(due: float, beat: float, every: float) -> float:
    """The beat to wait for: a new one if none is known, or if the count began anew."""
    if due >= 0.0 and due - beat <= every:
        return due
    return (math.floor(beat / every) + 1.0) * every


def _happened(circle: Circle, cue: Cue) -> bool:
    """Whether the event began after its cue was taken; a convergence must still be there."""
    if cue.event == "phase":
        return circle.phase_at > circle.cue.taken_at
    group = circle.life.group
    return group.meeting and group.convergences != circle.cue.convergences


def _taken(circle: Circle, taken: int) -> Cueing:
    """The state after a cue is taken, with what stands now for the way back."""
    show, cue, undo = circle.library.show, circle.cue, circle.cue.undo
    if show.cue or cue.current >= 0:  # a night's first phase has nothing before it
        goals = tuple(arcs.aimed_at(circle.arc, circle.base).tolist())
        before = Undo(taken, morph.leads_to(circle), circle.phase, goals, cue.current, cue.standby)
        undo = (*undo, before)[-MOST_UNDONE:]
    after = taken + 1 if taken + 1 < len(show.cue or show.phase) else -1
    return _new(circle, taken, after, undo)


def _new(circle: Circle, current: int, standby: int, undo: tuple[Undo, ...],
         follows: bool = True) -> Cueing:  # fmt: skip
    return Cueing(current, standby, circle.time, follows=follows,
                  convergences=circle.life.group.convergences, undo=undo)  # fmt: skip


def _play(circle: Circle, place: int, morphs: bool = True) -> None:
    """Sets everything that a cue names on its way; not its morph, unless it `morphs`."""
    show = circle.library.show
    cue, phase, (length, shape) = show.cues[place], _phase(show, place), _fade(show, place)
    values = dict(cue.values)
    if phase is not None:
        circle.begin_phase(phase, length, shape)
    elif cue.preset is not None:
        circle.fade_to(cue.preset, length, shape)
    elif cue.morph is not None and morphs:
        morph.begin(circle, cue.morph)
    elif cue.morph is not None:
        values.pop("/morph", None)
    circle.aim(values, length, shape)


def _restore(circle: Circle, undo: Undo, before: int) -> None:
    """Everything a cue had touched, on its way to where it was, in the fade of the cue `before`.

    Its preset too, unless the cue before brings one. A way that morphed comes back by time.
    """
    show, presets = circle.library.show, circle.library.presets
    cues, undone, phase = show.cues, show.cues[undo.cue], _phase(show, undo.cue)
    length, shape = _fade(show, before if before >= 0 else undo.cue)
    brings = before >= 0 and (cues[before].preset or cues[before].phase)
    preset = show.phase[phase].preset if phase is not None else undone.preset or undone.morph
    if preset is not None and not brings and undo.preset in presets:
        circle.turn(undo.preset, length)
    touched = {*undone.values, *(presets[preset].values if preset is not None else ())}
    if phase is not None:
        circle.enter(min(undo.phase, len(show.phase) - 1), length)
        touched |= {*show.phase[phase].from_, *show.phase[phase].to}
    circle.aim({a: undo.goals[TREE.index[a]] for a in touched}, length, shape)


def _fade(show: Show, place: int) -> tuple[float, int]:
    """Length, s, and shape of a cue's fade."""
    cue, phase = show.cues[place], _phase(show, place)
    own = show.phase[phase].fade if phase is not None else FADE
    return (own if cue.fade is None else cue.fade), SHAPES.index(cue.curve)


def _phase(show: Show, place: int) -> int | None:
    """The phase that a cue begins; two may have one name where phases are the cues."""
    if not show.cue:
        return place
    name = show.cue[place].phase
    return [p.name for p in show.phase].index(name) if name is not None else None
