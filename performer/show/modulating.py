"""What moves a preset by itself: `[[modulation]]` and `[[listening]]` rows, written down.

A row is checked alone here; rows that name each other are looked at together in wiring.py. How
rows move anything is not known here.
"""

from typing import Annotated, Literal

from pydantic import AfterValidator, ValidationInfo, field_validator, model_validator

from performer.frame import FEATURES
from performer.show.problems import Unit, Written, one_of, shown, within
from performer.show.routes import (
    BEAT,
    EVENTS,
    MOVED,
    NAME,
    Kind,
    Route,
    read_source,
    read_target,
    read_trigger,
)

Wave = Literal["sine", "triangle", "saw", "square", "walk", "hold"]
_JUMPS = ("saw", "square", "hold")
Curve = Literal["root", "linear", "square", "cube", "ease"]

FOLLOW, LET_GO = 0.3, 2.0
"""Time constants of following what comes from outside the preset, if a row names none, s."""
EVEN = 0.2
"""The same of a fader, s: no step of a knob, and no fader that is set anew, is a jump."""
LEAST = 0.05  # s; nothing that is followed, and no envelope, is faster


def _source(found: str) -> str:
    read_source(found)
    return found


def _trigger(found: str) -> str:
    read_trigger(found)
    return found


def _target(found: str) -> str:
    read_target(found)
    return found


def _name(found: str) -> str:
    if not NAME.fullmatch(found) or found in (*FEATURES, BEAT, *EVENTS):
        allowed = "1 to 32 of a-z 0-9 _ -, a letter first, and no source's name"
        raise ValueError(f"must be {allowed}, found {shown(found)}")
    return found


def _feature(found: str) -> str:
    if found not in FEATURES:
        raise ValueError(one_of(found, "feature", FEATURES))
    return found


def _fader(found: str) -> str:
    if read_target(found).kind is not Kind.FADER:
        raise ValueError(one_of(found, "fader that modulation moves", MOVED))
    return found


Seconds = Annotated[float, within(LEAST, 60, "s")]


class Envelope(Written):
    """A rise and fall that something triggers. Without `sustain` it falls of itself."""

    trigger: Annotated[str, AfterValidator(_trigger)]
    """A source that rises above a half, a `beat`, or a `phase` or `preset` that begins."""
    attack: Seconds = 0.3
    """Time of rising from 0 to 1, always to its end."""
    decay: Seconds | None = None
    """Time constant of falling to `sustain`; the release's if not given."""
    sustain: Unit = 0.0
    """Where it stays while its trigger stays above a half."""
    release: Seconds = 2.0
    """Time constant of falling to 0."""


class Modulation(Written):
    """One way in which one thing moves: by a wave, by a source, or by an envelope."""

    target: Annotated[str, AfterValidator(_target)]
    wave: Wave = "sine"
    rate: Annotated[float, within(0, 0.5, "Hz")] | None = None
    """Hz; slow enough that no modulation is ever a flash."""
    beats: Annotated[float, within(0.25, 256, "beats")] | None = None
    """Beats of one turn at `/tempo`; at least 1 of a wave that jumps."""
    amount: Annotated[float, within(-1, 1)]
    """Fraction of the target's range that 1 moves it by."""
    phase: Unit = 0.0
    """Turns."""
    name: Annotated[str, AfterValidator(_name)] | None = None
    """What other rows call this one, as their source or to move its amount."""
    source: Annotated[str, AfterValidator(_source)] | None = None
    envelope: Envelope | None = None
    curve: Curve = "linear"
    """What is done to wave, source or envelope first; below 0 as above."""
    offset: Annotated[float, within(-1, 1)] = 0.0
    """What is added last, before the amount."""
    attack: Annotated[float, within(LEAST, 30, "s")] | None = None
    """Time constant of rising."""
    release: Seconds | None = None
    """Time constant of falling."""

    @field_validator("beats")
    @classmethod
    def _no_flicker(cls, found: float | None, info: ValidationInfo) -> float | None:
        wave = info.data.get("wave")
        if found is not None and found < 1.0 and wave in _JUMPS:
            raise ValueError(f"must be 1..256 beats for a {wave}, which jumps, found {found:g}; "
                             "a sine, triangle or walk may have 0.25")  # fmt: skip
        return found

    @model_validator(mode="after")
    def _one_mover(self) -> "Modulation":
        if self.source is None and self.envelope is None:
            if (self.rate is None) == (self.beats is None):
                found = "neither" if self.rate is None else "both"
                raise ValueError(f"must have exactly one of rate (Hz) and beats, found {found}")
            return self
        if self.source is not None and self.envelope is not None:
            raise ValueError("must have a wave, a source or an envelope, found two of them")
        if waves := [k for k in ("wave", "rate", "beats", "phase") if self._given(k)]:
            mover = "an envelope" if self.source is None else "a source"
            raise ValueError(f"{', '.join(waves)} is a wave's; this row moves by {mover}")
        return self

    def _given(self, key: str) -> bool:
        return key in self.model_fields_set and getattr(self, key) is not None

    @property
    def reads(self) -> Route | None:
        """What it reads: its source, or its envelope's trigger; None for a wave."""
        if self.envelope is not None:
            return read_trigger(self.envelope.trigger)
        return read_source(self.source) if self.source is not None else None

    @property
    def moves(self) -> Route:
        """What it moves."""
        return read_target(self.target)

    @property
    def follows(self) -> tuple[float, float] | None:
        """Time constants of rising and falling, s; None: it is where it is at once."""
        reads = self.reads if self.envelope is None else None
        outer = reads is not None and reads.kind in (Kind.FEATURE, Kind.GROUP, Kind.PERSON)
        if self.attack is None and self.release is None and not (outer or self.begins):
            return None
        even = EVEN if self.begins else LEAST
        usual = (FOLLOW, LET_GO) if outer else (even, even)
        return self.attack or usual[0], self.release or usual[1]

    @property
    def begins(self) -> bool:
        """Whether it begins where its source stands, not at 0: a fader's row, with its preset."""
        reads = self.reads if self.envelope is None else None
        return reads is not None and reads.kind is Kind.FADER


class Listening(Written):
    """One fader that follows one feature of what is listened to."""

    source: Annotated[str, AfterValidator(_feature)]
    target: Annotated[str, AfterValidator(_fader)]
    amount: Annotated[float, within(-1, 1)]
    """Fraction of the target's range that a feature of 1 adds."""
    curve: Curve = "linear"
    """What is done to the feature first."""
    attack: Annotated[float, within(LEAST, 30, "s")] = FOLLOW
    """Time constant of rising."""
    release: Seconds = LET_GO
    """Time constant of falling."""

    @property
    def modulation(self) -> Modulation:
        """The same, as a row of modulation."""
        return Modulation(source=self.source, target=self.target, amount=self.amount,
                          curve=self.curve, attack=self.attack, release=self.release)  # fmt: skip
