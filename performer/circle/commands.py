"""What each message of the tree does to the Circle, beside the faders and switches.

One small function per address; the table at the end is checked complete by a test.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from performer.circle import arc as arcs
from performer.circle import consent, cues, members, morph, tempo
from performer.errors import ControlError
from performer.frame import INPUTS, PURPOSES, Floats, People
from performer.parameters import TREE, Control, shown
from performer.show.files import NAME
from performer.show.isf import Shader
from performer.show.shows import Library

if TYPE_CHECKING:
    from performer.circle.circle import Circle

MOST_WAITING = 1024


@dataclass(frozen=True)
class Saving:
    """A preset that somebody asked to save: its name and the values as hands and arc set them."""

    name: str
    values: Floats
    preset: str


def pressed(control: Control) -> bool:
    """Whether a button was pressed, and not let go."""
    return not control.args or float(control.args[0]) > 0.0


def _panic(circle: Circle, control: Control) -> None:
    if pressed(control):
        circle.panic_age = 0.0


def _tap(circle: Circle, control: Control) -> None:
    if not pressed(control):
        return
    circle.leading, bpm = tempo.tap(circle.leading, circle.time)
    if bpm is not None:
        i = TREE.index["/tempo"]
        circle.arc = arcs.take(circle.arc, i)
        circle.base[i] = bpm


def _clock(circle: Circle, control: Control) -> None:
    bpm, beats = (float(a) for a in control.args)
    circle.leading = tempo.told(circle.leading, bpm, beats, circle.time)


def _stop_clock(circle: Circle, control: Control) -> None:
    if pressed(control):
        circle.leading = tempo.stopped(circle.leading)


def _next_phase(circle: Circle, control: Control) -> None:
    if pressed(control) and circle.phase + 1 < len(circle.library.show.phase):
        circle.begin_phase(circle.phase + 1)


def _go_phase(circle: Circle, control: Control) -> None:
    circle.begin_phase(_phase(circle.library, control))


def _go(circle: Circle, control: Control) -> None:
    if pressed(control):
        cues.go(circle)


def _back(circle: Circle, control: Control) -> None:
    if pressed(control):
        cues.back(circle)


def _take_cue(circle: Circle, control: Control) -> None:
    cues.take(circle, cues.number(circle.library, control))


def _stand_by(circle: Circle, control: Control) -> None:
    cues.stand_by(circle, cues.number(circle.library, control))


def _morph(circle: Circle, control: Control) -> None:
    morph.begin(circle, preset_name(circle.library, control))


def _preset(circle: Circle, control: Control) -> None:
    circle.fade_to(preset_name(circle.library, control), float(control.args[1]))


def _save(circle: Circle, control: Control) -> None:
    _file_name(control)
    circle.saving.append(Saving(str(control.args[0]), circle.base.copy(), circle.preset))


def _release(circle: Circle, control: Control) -> None:
    i = TREE.place(str(control.args[0]))
    circle.arc = arcs.release(circle.arc, circle.base, circle.time, i)


def _release_all(circle: Circle, control: Control) -> None:
    if pressed(control):
        circle.arc = arcs.release(circle.arc, circle.base, circle.time)


def _join(circle: Circle, control: Control) -> None:
    person, name = control.person, str(control.args[0]) if control.args else ""
    row = circle.people.row(person)
    if row is not None and circle.people.leaving[row]:  # back before the fade-out was over
        members.come_back(circle.people, row, circle.seed)
        circle.remembered.pop(person, None)
    elif row is not None:
        consent.join(circle.people, row)
    elif not circle.admit(person, name) and len(circle.waiting) < MOST_WAITING:
        circle.waiting[person] = name
    if row is not None and name:
        circle.people.names[row] = name


def _leave(circle: Circle, control: Control) -> None:
    if not pressed(control):
        return
    if circle.waiting.pop(control.person, None) is not None:
        return
    row = circle.row(control)
    if not circle.people.simulated[row]:  # one of those whom a hand sent away stays away
        circle.remember(row)
    members.leave(circle.people, row)


def _pause(circle: Circle, control: Control) -> None:
    row = circle.row(control)
    if control.args[0]:
        consent.pause(circle.people, row)
    else:
        consent.resume(circle.people, row)


def _consent(circle: Circle, control: Control) -> None:
    purpose, given = str(control.args[0]), bool(control.args[1])
    row = circle.row(control)
    consent.set_purpose(circle.people, row, purpose, given)
    if purpose == "use_heart" and not given:
        circle.people.heart[row], circle.people.heart_age[row] = 0.0, 1e9


def _softer(circle: Circle, control: Control) -> None:
    circle.row(control)
    if pressed(control):
        circle.life.soften()


def _object(circle: Circle, control: Control) -> None:
    circle.people.objects[circle.row(control)] = bool(control.args[0])


def _feeling(circle: Circle, control: Control) -> None:
    p, row = circle.people, circle.row(control)
    p.told_valence[row], p.told_arousal[row] = float(control.args[0]), float(control.args[1])
    p.feeling_age[row] = 0.0


def _rhythm(circle: Circle, control: Control) -> None:
    circle.people.omega[circle.row(control)] = 2.0 * np.pi * float(control.args[0])


def _ratio(circle: Circle, control: Control) -> None:
    p, row = circle.people, circle.row(control)
    p.p[row], p.q[row] = float(control.args[0]), float(control.args[1])


def _breath(circle: Circle, control: Control) -> None:
    p, row = circle.people, circle.row(control)
    p.breath_heard[row], p.breath_age[row] = float(control.args[0]), 0.0


def _heart(circle: Circle, control: Control) -> None:
    p, row = circle.people, circle.row(control)
    _may_heart(control, circle.library, p, row)
    p.heart[row], p.heart_age[row] = float(control.args[0]), 0.0


def _generator(circle: Circle, control: Control) -> None:
    p, row = circle.people, circle.row(control)
    name = str(control.args[0])
    if name not in circle.library.generators:
        raise ControlError(control.address, _one_of("generator", name, circle.library.generators))
    p.wanted[row], p.chosen[row] = name, True
    if name != p.generators[row] and p.veiled_at[row] < 0.0:
        p.veiled_at[row] = circle.time


def _effect(circle: Circle, control: Control) -> None:
    name = _known_effect(control, circle.library)
    circle.people.effects[circle.row(control)] = name


def _known_effect(control: Control, library: Library) -> str:
    name = _given(control)
    if name and name not in library.filters:
        raise ControlError(control.address, _one_of("effect", name, library.filters))
    return name


def _picture(circle: Circle, control: Control) -> None:
    name = _picture_name(control)
    circle.people.pictures[circle.row(control)] = name


def _picture_name(control: Control) -> str:
    """A file's name, never a path."""
    name = _given(control)
    if name and (not NAME.fullmatch(name) or name != Path(name).name):
        raise ControlError(control.address, "must be a file's name without a path, "
                           f"found {shown(name)}")  # fmt: skip
    return name


def _words(circle: Circle, control: Control) -> None:
    circle.people.words[circle.row(control)] = _given(control)


def _given(control: Control) -> str:
    """A text; `-` is none."""
    text = str(control.args[0]).strip()
    return "" if text == "-" else text


def _palette(circle: Circle, control: Control) -> None:
    p, row = circle.people, circle.row(control)
    p.place[row], p.placed[row] = float(control.args[0]), True


def _floor(circle: Circle, control: Control) -> None:
    circle.people.floor[circle.row(control)] = float(control.args[0])


def _cap(circle: Circle, control: Control) -> None:
    circle.people.cap[circle.row(control)] = float(control.args[0])


def _solo(circle: Circle, control: Control) -> None:
    circle.people.solo[circle.row(control)] = bool(control.args[0])


def _mute(circle: Circle, control: Control) -> None:
    circle.people.mute[circle.row(control)] = bool(control.args[0])


def _voice_solo(circle: Circle, control: Control) -> None:
    circle.people.voice_solo[circle.row(control)] = bool(control.args[0])


def _voice_mute(circle: Circle, control: Control) -> None:
    circle.people.voice_mute[circle.row(control)] = bool(control.args[0])


def _input(circle: Circle, control: Control) -> None:
    p, row = circle.people, circle.row(control)
    p.inputs[row, _place_of(control, circle.library, p, row)] = float(control.args[0])


def _may_heart(control: Control, library: Library, people: People, row: int) -> None:
    """ControlError without consent to use it."""
    if not consent.allowed(people, "use_heart")[row]:
        raise ControlError(control.address, "no consent to use_heart")


def _place_of(control: Control, library: Library, people: People, row: int) -> int:
    """Where an input stands in a person's floats; ControlError if it is none, or out of range."""
    generator = library.generators.get(people.wanted[row])
    slot = slot_of(control.address, generator, control.name)
    assert generator is not None
    one = next(i for i in generator.own if i.name == control.name)
    low, high = one.low[0], one.high[0]
    if not low <= float(control.args[0]) <= high:
        found = f"found {float(control.args[0]):g}"
        raise ControlError(control.address, f"{one.name} must be {low:g}..{high:g}, {found}")
    return slot


def slot_of(address: str, generator: Shader | None, name: str) -> int:
    """Where an input stands in a person's floats; ControlError names what there is."""
    one = next((i for i in generator.own if i.name == name), None) if generator else None
    if generator is None or one is None or one.floats != 1:
        there = [i.name for i in generator.own if i.floats == 1] if generator else []
        raise ControlError(address, _one_of("input", name, there))
    slot = generator.slots.get(name)
    if slot is None:
        raise ControlError(address, f"{name} is beyond the {INPUTS} numbers that are played")
    return slot.start


def preset_name(library: Library, control: Control) -> str:
    """The preset that a message means, by name or by its number in the show."""
    wanted = control.args[0]
    keys = library.show.presets or tuple(library.presets)
    if isinstance(wanted, str):
        if wanted in library.presets:
            return wanted
        raise ControlError(control.address, _one_of("preset", wanted, library.presets))
    if wanted > len(keys):
        raise ControlError(control.address, f"the show has {len(keys)} presets, found {wanted}")
    return keys[int(wanted) - 1]


def _phase(library: Library, control: Control) -> int:
    """The number of a phase, counted from 0."""
    number, many = int(control.args[0]), len(library.show.phase)
    if number > many:
        raise ControlError(control.address, f"the show has {many} phases, found {number}")
    return number - 1


def _one_of(kind: str, found: str, there: Iterable[str]) -> str:
    names = ", ".join(sorted(there)) or "none"
    return f"no {kind} {found!r}; there are: {names}"


def refuse_early(
    control: Control, library: Library, ids: set[str], people: People | None = None
) -> None:
    """What the desk can already refuse, so that the sender learns it: ControlError says why.

    `people` are those of the newest Frame; None while it does not yet hold what was sent of the
    person in question.
    """
    row = people.row(control.person) if people is not None and control.person else None
    if people is not None and row is not None and control.tail in ("heart", "input"):
        (_may_heart if control.tail == "heart" else _place_of)(control, library, people, row)
    address = control.parameter.address
    if control.person and control.tail != "join" and control.person not in ids:
        raise ControlError(control.address, "nobody of that id is here; /join comes first")
    if address in ("/preset", "/morph/to"):
        preset_name(library, control)
    elif address in ("/cue/go", "/cue/standby"):
        cues.number(library, control)
    elif address == "/phase/go":
        _phase(library, control)
    elif address == "/preset/save":
        _file_name(control)
    elif control.tail == "input" and not _known_input(control.name, library):
        raise ControlError(control.address, "no generator has an input of that name")
    elif address == "/release":
        TREE.place(str(control.args[0]))
    elif control.tail == "generator" and str(control.args[0]) not in library.generators:
        found = str(control.args[0])
        raise ControlError(control.address, _one_of("generator", found, library.generators))
    elif control.tail == "effect":
        _known_effect(control, library)
    elif control.tail == "picture":
        _picture_name(control)
    elif control.tail == "consent":
        _known_purpose(control)


def _known_input(name: str, library: Library) -> bool:
    return any(i.name == name for g in library.generators.values() for i in g.own)


def _file_name(control: Control) -> None:
    """A preset's name becomes a file's name, and must never be a path."""
    if not NAME.fullmatch(str(control.args[0])):
        raise ControlError(control.address, "a preset's name is letters, digits, _ . - and spaces")


def _known_purpose(control: Control) -> None:
    found = str(control.args[0])
    if found not in PURPOSES:
        raise ControlError(control.address, _one_of("purpose", found, PURPOSES))


_PERSON = {
    "join": _join, "leave": _leave, "pause": _pause, "consent": _consent, "softer": _softer,
    "object": _object, "feeling": _feeling, "rhythm": _rhythm, "ratio": _ratio,
    "breath": _breath, "heart": _heart, "generator": _generator, "effect": _effect,
    "picture": _picture, "words": _words, "palette": _palette,
    "floor": _floor, "cap": _cap, "solo": _solo, "mute": _mute,
    "voice/solo": _voice_solo, "voice/mute": _voice_mute, "input/{name}": _input,
}  # fmt: skip

COMMANDS: dict[str, Callable[[Circle, Control], None]] = {
    "/panic": _panic,
    "/tap": _tap,
    "/clock": _clock,
    "/clock/stop": _stop_clock,
    "/phase/next": _next_phase,
    "/phase/go": _go_phase,
    "/go": _go,
    "/back": _back,
    "/cue/go": _take_cue,
    "/cue/standby": _stand_by,
    "/morph/to": _morph,
    "/preset": _preset,
    "/preset/save": _save,
    "/release": _release,
    "/release/all": _release_all,
    **{f"/participant/{{id}}/{tail}": command for tail, command in _PERSON.items()},
}
