"""The cue list while it is played: what is on, what stands by, what comes of itself, and back.

A show without a list has its phases as its cues. With one, the phases go on underneath.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

import msgspec

from performer.circle import arc as arcs
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
    _play(circle, show.cue[number])


def stand_by(circle: Circle, number: int) -> None:
    """Has a cue stand by, counted from 0: GO takes it, or it comes of itself."""
    circle.cue = msgspec.structs.replace(circle.cue, standby=number, due=-1.0)


def back(circle: Circle) -> None:
    """To the cue before, from what is in force; ControlError if there is none.

    What the undone cue had touched returns to where it stood or was going before; then the cue
    before is played again, in its own time. From the first of a written list there is a way back
    too, to what was before it. After that nothing comes of itself until somebody says GO.
    """
    show, now = circle.library.show, circle.cue.current
    if now < 0 or (now == 0 and not show.cue):
        raise ControlError("/back", "there is no cue before")
    cues, stack = show.cues, circle.cue.undo
    undone, before = cues[now], cues[now - 1] if now else None
    length, shape = _fade(show, before or undone)
    if stack and stack[-1].cue == now:
        _restore(circle, undone, stack[-1], length, shape, turns=not (before and _turns(before)))
        stack = stack[:-1]
    if before is not None:
        _play(circle, before)
    circle.cue = Cueing(now - 1, now, circle.time, follows=False, undo=stack)


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
    """The phase that follows the present one when its time is over."""
    show = circle.library.show
    if not show.cue:
        return circle.cue.standby if circle.cue.standby >= 0 else None
    return circle.phase + 1 if circle.phase + 1 < len(show.phase) else None


def follow(circle: Circle) -> None:
    """Takes the cue that stands by if the present one says that it comes now."""
    cue = _leads(circle.library.show, circle.cue)
    if cue is None:
        return
    ready = circle.time - circle.cue.taken_at >= _ready(circle.library.show, cue)
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
    if max(cue.current, cue.standby, *(u.cue for u in cue.undo)) < many:
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
    if not show.cue and frame.cue.standby >= 0 and frame.base[_HOLD] <= 0.5:
        phase = show.phase[min(frame.phase, len(show.phase) - 1)]
        return max(0.0, frame.phase_at + phase.seconds - frame.time)
    if cue is None or cue.follow == "event":
        return -1.0
    wait = max(0.0, _ready(show, cue) - since)
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


def _ready(show: Show, cue: Cue) -> float:
    """Seconds since a cue was taken before which nothing follows it."""
    if cue.after is not None:
        return cue.after
    return _fade(show, cue)[0] if cue.follow == "beat" else 0.0


def _due(due: float, beat: float, every: float) -> float:
    """The beat to wait for: a new one if none is known, or if the count began anew."""
    if due >= 0.0 and due - beat <= every:
        return due
    return (math.floor(beat / every) + 1.0) * every


def _happened(circle: Circle, cue: Cue) -> bool:
    if cue.event == "phase":
        return circle.phase_at > circle.cue.taken_at
    return circle.life.group.meeting


def _taken(circle: Circle, taken: int) -> Cueing:
    """The state after a cue is taken, with what stands now for the way back."""
    show, undo = circle.library.show, circle.cue.undo
    if show.cue or circle.cue.current >= 0:  # a night's first phase has nothing before it
        goals = tuple(arcs.aimed_at(circle.arc, circle.base).tolist())
        undo = (*undo, Undo(taken, circle.preset, circle.phase, goals))[-MOST_UNDONE:]
    after = taken + 1 if taken + 1 < len(show.cue or show.phase) else -1
    return Cueing(taken, after, circle.time, undo=undo)


def _play(circle: Circle, cue: Cue) -> None:
    """Sets everything that a cue names on its way."""
    length, shape = _fade(circle.library.show, cue)
    phase = _phase(circle.library.show, cue)
    if phase is not None:
        circle.begin_phase(phase, length, shape)
    elif cue.preset is not None:
        circle.fade_to(cue.preset, length, shape)
    circle.aim(cue.values, length, shape)


def _restore(circle: Circle, undone: Cue, undo: Undo, length: float, shape: int,
             turns: bool) -> None:  # fmt: skip
    """Everything a cue had touched, on its way to where it was; its preset too, if it `turns`."""
    show, presets = circle.library.show, circle.library.presets
    phase = _phase(show, undone)
    if turns and _turns(undone) and undo.preset in presets:
        circle.turn(undo.preset, length)
    touched = {*undone.values}
    if phase is not None:
        circle.phase, circle.phase_at = min(undo.phase, len(show.phase) - 1), circle.time
        touched |= {*show.phase[phase].from_, *show.phase[phase].to}
        touched |= {*presets[show.phase[phase].preset].values}
    elif undone.preset is not None:
        touched |= {*presets[undone.preset].values}
    circle.aim({a: undo.goals[TREE.index[a]] for a in touched}, length, shape)


def _turns(cue: Cue) -> bool:
    """Whether a cue brings a preset."""
    return cue.preset is not None or cue.phase is not None


def _fade(show: Show, cue: Cue) -> tuple[float, int]:
    """Length, s, and shape of a cue's fade."""
    phase = _phase(show, cue)
    own = show.phase[phase].fade if phase is not None else FADE
    return (own if cue.fade is None else cue.fade), SHAPES.index(cue.curve)


def _phase(show: Show, cue: Cue) -> int | None:
    """The phase that a cue begins."""
    names = [p.name for p in show.phase]
    return names.index(cue.phase) if cue.phase is not None else None
