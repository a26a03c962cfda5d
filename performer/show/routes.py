"""What a row of modulation may listen to and what it may move: names read into what they mean.

Nothing here knows a value; rows that name each other are looked at together in wiring.py.
"""

import re
from collections.abc import Collection
from dataclasses import dataclass
from enum import Enum

from performer.frame import FEATURES
from performer.parameters import ID, INPUT, TREE
from performer.show.problems import FADERS, did_you_mean, one_of, shown

GROUP = ("order", "valence", "arousal", "strength", "converged")
"""What the circle is together: `circle/…`. Valence and arousal are -1..1, the others 0..1."""

SENSES = ("valence", "arousal", "breath", "heart", "rhythm")
"""What is known of a person: `participant/<id>/…`. Feelings are -1..1, the others 0..1."""

EVENTS = ("phase", "preset")
"""What only triggers an envelope: that one of these began."""

BEAT, SELF, EVERYBODY = "beat", "self", "*"

NAME = re.compile(r"[a-z][a-z0-9_-]{0,31}")
"""What a row may be called."""

_HANDS = "belongs to hands and cues; let it be the source of as many rows as you like"
_ROOM = "is the event's or the room's, not part of a look"
REFUSED = {
    "/dissolve": f"{_ROOM}; move /brightness instead",
    "/volume": f"{_ROOM}; move /sound/air, /sound/drone or another /sound/… instead",
    "/sound/offset": _ROOM, "/player/level": _ROOM,
    "/input/trim": f"{_ROOM}; what a row hears has the row's own amount and curve",
    "/morph": _HANDS,
    **{a: _HANDS for a in FADERS if a.startswith("/macro/")},
}  # fmt: skip
"""Faders that no modulation moves, and why."""

MOVED = tuple(a for a in FADERS if a not in REFUSED)
"""Faders that modulation may move."""

_PROMISES = ("floor", "cap", "consent", "pause", "object", "solo", "mute")
_OWN_DATA = ("feeling", "heart", "breath", "rhythm", "ratio")


class Kind(Enum):
    """What a name of a row's source or target stands for."""

    FEATURE = "what is listened to"
    BEAT = "the phase of the beat"
    GROUP = "what the circle is together"
    PERSON = "what is known of a person"
    FADER = "a fader"
    ROW = "another row"
    EVENT = "something that began"
    INPUT = "an input of a person's generator"
    PALETTE = "a person's place in the family of palettes"


@dataclass(frozen=True)
class Route:
    """One end of a row. `person` is an id, SELF (a source) or EVERYBODY (a target)."""

    kind: Kind
    name: str = ""
    person: str = ""


def read_source(text: str, rows: Collection[str] | None = None) -> Route:
    """What a source means; ValueError with what there is.

    `rows`: names of rows; None: not known yet.
    """
    if text in FEATURES:
        return Route(Kind.FEATURE, text)
    if text == BEAT:
        return Route(Kind.BEAT)
    if text.startswith("participant/"):
        return _read_person(text)
    room, _, measure = text.partition("/")
    if room == "circle" and measure in GROUP:
        return Route(Kind.GROUP, measure)
    if text in FADERS:
        return Route(Kind.FADER, text)
    if NAME.fullmatch(text) and (rows is None or text in rows):
        return Route(Kind.ROW, text)
    raise ValueError(_no_source(text, rows or ()))


def read_trigger(text: str, rows: Collection[str] | None = None) -> Route:
    """What triggers an envelope: a source, or an event; ValueError with what there is."""
    return Route(Kind.EVENT, text) if text in EVENTS else read_source(text, rows)


def _read_person(text: str) -> Route:
    _, person, *sense = text.split("/")
    if not ID.fullmatch(person):
        raise ValueError(f"a participant's id is 1 to 32 of a-z 0-9 _ -, found {shown(person)}")
    if len(sense) != 1 or sense[0] not in SENSES:
        raise ValueError(one_of("/".join(sense), "sense of a participant", SENSES))
    return Route(Kind.PERSON, sense[0], person)


def _no_source(text: str, rows: Collection[str]) -> str:
    there = (*FEATURES, BEAT, *(f"circle/{g}" for g in GROUP), *FADERS, *rows)
    usual = f"; there are {', '.join(FEATURES)}, {BEAT}, circle/…, participant/…, every fader"
    named = f", and rows called {', '.join(sorted(rows))}" if rows else ", and named rows"
    near = did_you_mean(text, there)
    return f"no source {shown(text)}{near}{usual}{named}"


def read_target(text: str, rows: Collection[str] | None = None) -> Route:
    """What a target means; ValueError with why it may not be moved or what there is."""
    if text in REFUSED:
        raise ValueError(f"{text} {REFUSED[text]}")
    if text in MOVED:
        return Route(Kind.FADER, text)
    if text.startswith("/participant/"):
        return _read_of_person(text)
    row = text.removesuffix(".amount")
    if row != text and NAME.fullmatch(row):
        if rows is not None and row not in rows:
            raise ValueError(one_of(row, "row of modulation called", rows))
        return Route(Kind.ROW, row)
    near = did_you_mean(text, (*MOVED, *(f"{r}.amount" for r in rows or ())))
    raise ValueError(f"must be the address of a fader, found {shown(text)}{near}")


def _read_of_person(text: str) -> Route:
    person, _, tail = text.removeprefix("/participant/").partition("/")
    if person != EVERYBODY and not ID.fullmatch(person):
        raise ValueError("a participant is an id of 1 to 32 of a-z 0-9 _ -, or * for everybody, "
                         f"found {shown(person)}")  # fmt: skip
    if tail == "palette":
        return Route(Kind.PALETTE, person=person)
    what, _, name = tail.partition("/")
    if what == "input" and INPUT.fullmatch(name):
        return Route(Kind.INPUT, name, person)
    raise ValueError(_why_not(text, what))


def _why_not(text: str, what: str) -> str:
    if what in _PROMISES:
        return f"{what} is a person's own word, which nothing moves but they"
    if what in _OWN_DATA:
        return f"{what} is a person's own: nobody tells them what they feel; take it as a source"
    allowed = "of a participant only input/<name> and palette can be moved"
    known = f"/participant/{{id}}/{what}" in TREE.literal
    return (
        f"{allowed}, found {shown(text)}{'' if known else did_you_mean(what, ('input', 'palette'))}"
    )
