"""What a Frame says of every address that has a present value: the other half of `commands`.

A get, a state dump, OSCQuery's VALUE and a motor fader all read here. Nothing is changed here.
"""

from collections.abc import Callable, Iterator

import numpy as np

from performer.circle.commands import slot_of
from performer.circle.consent import State
from performer.errors import ControlError
from performer.frame import PURPOSES, Frame, People
from performer.parameters import TREE, Nature, Parameter, Values
from performer.show.shows import Library


def read(frame: Frame, library: Library, address: str) -> Values | None:
    """The value of a concrete address as hands and arc set it; None where there is none.

    Nobody is read who is leaving or waits outside. ControlError for no address of the tree.
    """
    parameter, person, name = TREE.find(address)
    if parameter.nature is Nature.FADER:
        return (float(frame.base[TREE.index[address]]),)
    if parameter.nature is Nature.SWITCH:
        return (int(frame.base[TREE.index[address]] > 0.5),)
    if person:
        return _of_person(frame, library, parameter, person, name)
    return _SCENE[address](frame, library) if address in _SCENE else None


def _of_person(
    frame: Frame, library: Library, parameter: Parameter, person: str, name: str
) -> Values | None:
    p, tail = frame.people, parameter.address.removeprefix("/participant/{id}/")
    if tail == "waiting":
        return (int(person in frame.waiting),)
    row = p.row(person)
    if row is None or p.leaving[row]:
        return None
    if tail == "input/{name}":
        return _input(p, library, row, name)
    return _PERSON[tail](p, row) if tail in _PERSON else None


def _input(p: People, library: Library, row: int, name: str) -> Values | None:
    """What a hand has set, or the generator's default; None if it has no such input."""
    generator = library.generators.get(p.wanted[row])
    try:
        found = float(p.inputs[row, slot_of(f"/participant/…/input/{name}", generator, name)])
    except ControlError:
        return None
    assert generator is not None
    default = next(i.default[0] for i in generator.own if i.name == name)
    return (default if np.isnan(found) else found,)


def addresses(frame: Frame, library: Library) -> Iterator[str]:
    """Every concrete address there is: the tree's, and those of everybody who is here."""
    own = [p.address.removeprefix("/participant/{id}/") for p in TREE.parameters
           if p.address.startswith("/participant/{id}/") and "{name}" not in p.address]  # fmt: skip
    yield from (p.address for p in TREE.parameters if "{" not in p.address)
    p = frame.people
    for row, person in enumerate(p.ids):
        if person and not p.leaving[row]:
            yield from (f"/participant/{person}/{tail}" for tail in own)
            yield from (f"/participant/{person}/input/{name}"
                        for name in inputs_of(library, p.wanted[row]))  # fmt: skip


def inputs_of(library: Library, generator: str) -> list[str]:
    """The inputs of a generator that one number plays."""
    found = library.generators.get(generator)
    return [i.name for i in found.own if i.floats == 1] if found else []


def nth_person(frame: Frame, number: int) -> str | None:
    """The id of the person in the `number`-th taken row, counted from 1: a fader bank's order."""
    p = frame.people
    here = [i for i, gone in zip(p.ids, p.leaving, strict=True) if i and not gone]
    return here[number - 1] if 0 < number <= len(here) else None


def _counted(place: int) -> Values | None:
    """A place in a list as people count, from 1; None where there is none."""
    return (place + 1,) if place >= 0 else None


def _clamped(frame: Frame) -> Values:
    """The first of what the policy holds back now."""
    if not frame.clamps:
        return "", 0.0
    return frame.clamps[0], float(frame.values[TREE.index[frame.clamps[0]]])


_Read = Callable[[People, int], Values | None]


def _number(column: str) -> _Read:
    return lambda p, row: (float(getattr(p, column)[row]),)


def _flag(column: str) -> _Read:
    return lambda p, row: (int(getattr(p, column)[row]),)


def _known(column: str, age: str) -> _Read:
    """None until it has been told for the first time."""
    return lambda p, row: (
        (float(getattr(p, column)[row]),) if getattr(p, age)[row] < _NEVER else None
    )


_NEVER = 1e8  # s; ages of what was never told are larger

_PERSON: dict[str, _Read] = {
    "join": lambda p, row: (p.names[row] or p.ids[row],),
    "pause": lambda p, row: (int(p.state[row] == State.PAUSED),),
    "consent": lambda p, row: tuple(
        value
        for purpose, given in zip(PURPOSES, p.consent[row], strict=True)
        for value in (purpose, int(given))
    ),
    "object": _flag("objects"),
    "feeling": lambda p, row: (
        (float(p.told_valence[row]), float(p.told_arousal[row]))
        if p.feeling_age[row] < _NEVER
        else None
    ),
    "rhythm": lambda p, row: (float(p.omega[row] / (2.0 * np.pi)),),
    "ratio": lambda p, row: (int(p.p[row]), int(p.q[row])),
    "breath": _known("breath_heard", "breath_age"),
    "heart": _known("heart", "heart_age"),
    "generator": lambda p, row: (p.wanted[row],),
    "effect": lambda p, row: (p.effects[row] or "-",),
    "picture": lambda p, row: (p.pictures[row] or "-",),
    "words": lambda p, row: (p.words[row] or "-",),
    "palette": _number("place"),
    "floor": _number("floor"),
    "cap": _number("cap"),
    "solo": _flag("solo"),
    "mute": _flag("mute"),
    "voice/solo": _flag("voice_solo"),
    "voice/mute": _flag("voice_mute"),
}

_SCENE: dict[str, Callable[[Frame, Library], Values | None]] = {
    "/preset": lambda frame, library: (frame.preset, 0.0),
    "/phase": lambda frame, library: (library.show.phase[frame.phase].name,),
    "/phase/go": lambda frame, library: (frame.phase + 1,),
    "/cue/go": lambda frame, library: _counted(frame.cue.current),
    "/cue/standby": lambda frame, library: _counted(frame.cue.standby),
    "/morph/to": lambda frame, library: (frame.morph[1],) if frame.morph[1] else None,
    "/clamped": lambda frame, library: _clamped(frame),
}
