"""What a controller file says: which control of a MIDI device plays which address.

What a gesture then does is in controllers/mapping; where files are found is in `controllers`.
"""

import re
from collections.abc import Sequence
from functools import lru_cache
from typing import Annotated

from pydantic import (
    AfterValidator,
    Field,
    PlainValidator,
    PrivateAttr,
    ValidationError,
    model_validator,
)
from pydantic_core import InitErrorDetails, PydanticCustomError

from performer.show.fitting import Back, Coding, Fitted, Mode, Shape, Takeover, UnfitError, fitted
from performer.show.knobs import Kind, Knob, parsed
from performer.show.problems import Listed, Name, Text, Title, Unit, Written, one_of, shown, within

CHANNELS = range(1, 17)
ALLOWED = (
    "as 'cc 16', 'cc14 7' (7 and 39), 'note 36', 'nrpn 1200', 'pitch', 'pressure', 'program' "
    "or 'program 3'"
)
_PROGRAM = re.compile(r"program (\d{1,3})")
_WITH_CHANNEL = re.compile(r"\sch\b", re.IGNORECASE)

Byte = Annotated[int, within(0, 127)]


@lru_cache(maxsize=4096)
def named(control: str) -> tuple[Kind, int, int | None]:
    """Kind, number, and which program of a `control` as files write it; ValueError otherwise."""
    if _WITH_CHANNEL.search(control):
        raise ValueError(f"must be without ch (channel = 1 goes beside it), found {shown(control)}")
    if match := _PROGRAM.fullmatch(control):
        if int(match[1]) > 127:
            raise ValueError(f"program must be 0..127, found {match[1]}")
        return Kind.PROGRAM, 0, int(match[1])
    try:
        knob = parsed(control)
    except ValueError:
        raise ValueError(f"must be {ALLOWED}, found {shown(control)}") from None
    return knob.kind, knob.number, None


def _check_control(control: str) -> str:
    named(control)
    return control


def _check_fixed(found: object) -> float | int | str:
    """One fixed argument: a number or a text that fits a message."""
    if isinstance(found, bool) or not isinstance(found, int | float | str):
        raise ValueError(f"must be a number or text in quotes, found {shown(found)}")
    if isinstance(found, str) and not 0 < len(found) <= 64:
        raise ValueError(f"must be text of 1 to 64 characters, found {shown(found)}")
    if not isinstance(found, str) and not abs(found) <= 1e9:
        raise ValueError(f"must be a finite number, at most 1e9, found {shown(found)}")
    return found


Fixed = Annotated[float | int | str, PlainValidator(_check_fixed)]


class Led(Written):
    """What a control's light is sent: velocities of a note, or values of a cc."""

    on: Byte = 127
    off: Byte = 0
    blink: Byte | None = None
    """While the address waits for a control that is to be learnt."""
    absent: Byte | None = None
    """While there is no such person; otherwise as `off`."""
    channel: Annotated[int, within(1, 16)] | None = None
    """Another channel than the control's own, where that means a brightness."""


class Map(Written):
    """One control and the address it plays. Fixed `args` go before the control's own value."""

    _fitted: Fitted = PrivateAttr()

    control: Annotated[str, AfterValidator(_check_control)]
    channel: Annotated[int, within(1, 16)] | None = None
    """None: any."""
    address: Annotated[str, Field(min_length=1, max_length=200)]
    args: Annotated[Listed[Fixed], Field(max_length=8)] = ()
    range: Annotated[Listed[float], Field(min_length=2, max_length=2)] | None = None
    curve: Shape | None = None
    invert: bool = False
    mode: Mode | None = None
    threshold: Unit | None = None
    encoding: Coding | None = None
    step: Annotated[float, within(0, 1, "of the travel", above=True)] | None = None
    takeover: Takeover | None = None
    feedback: Back | None = None
    light: Name | None = None
    """The name of some of the file's `lights`."""
    led: Led | None = None
    """Colours of the control's own."""

    @model_validator(mode="after")
    def _fits(self) -> "Map":
        try:
            self._fitted = fitted(self)
        except UnfitError as error:
            raise _located("map", [((error.key,), error.reason)]) from None
        return self

    @property
    def fitted(self) -> Fitted:
        """The map with all defaults filled in."""
        return self._fitted

    @property
    def kind(self) -> Kind:
        """What kind of message the control sends."""
        return named(self.control)[0]

    @property
    def number(self) -> int:
        """The control's number; 0 for kinds that have none."""
        return named(self.control)[1]

    @property
    def program(self) -> int | None:
        """Which program; None: any, and for all other kinds."""
        return named(self.control)[2]

    def knobs(self) -> tuple[Knob, ...]:
        """The control on its channel, or on all sixteen."""
        kind, number, _ = named(self.control)
        channels = CHANNELS if self.channel is None else (self.channel,)
        return tuple(Knob(kind, channel, number) for channel in channels)

    def clashes(self, other: "Map") -> bool:
        """Whether two maps want the same control; one channel goes before any channel."""
        return not _claims(self).isdisjoint(_claims(other))


Claim = tuple[int | None, Kind, int, int | None]  # channel, kind, number, program


def _claims(written: Map) -> set[Claim]:
    """What a map wants for itself; a pair of controllers wants both."""
    kind, number, program = named(written.control)
    if kind is Kind.CC14:
        return {(written.channel, Kind.CC, n, None) for n in (number, number + 32)}
    return {(written.channel, kind, number, program)}


class Controller(Written):
    """A device's file. `device` are parts of its port's name, in any case; without: any device."""

    title: Title
    notes: Text = ""
    device: Annotated[Listed[Name], Field(max_length=16)] = ()
    lights: Annotated[dict[Name, Led], Field(max_length=64)] = Field(default_factory=dict[str, Led])
    """Colours by name; a map that names none has those of `usual`."""
    map: Annotated[Listed[Map], Field(max_length=1024)] = ()

    @property
    def usual(self) -> Led:
        """The colours of a map that says nothing."""
        return self.lights.get("usual", Led())

    def light(self, written: Map) -> Led | None:
        """The colours that a map of this file asks for; None: it says nothing."""
        return written.led if written.light is None else self.lights[written.light]

    @model_validator(mode="after")
    def _one_each(self) -> "Controller":
        bad: list[tuple[tuple[str | int, ...], str]] = []
        taken: dict[Claim, int] = {}
        for i, written in enumerate(self.map):
            first = next((taken[c] for c in sorted(_claims(written), key=str) if c in taken), None)
            taken |= dict.fromkeys(_claims(written), i)
            if first is not None:
                before = self.map[first]
                bad.append((("map", i, "control"),
                            f"{written.control!r}, which plays {written.address}, is already "
                            f"{before.control!r} of map[{first}], which plays {before.address}"
                            ))  # fmt: skip
            if written.light is not None and written.light not in self.lights:
                bad.append((("map", i, "light"), one_of(written.light, "light", self.lights)))
        if bad:
            raise _located("controller", bad)
        return self


def _located(title: str, problems: Sequence[tuple[tuple[str | int, ...], str]]) -> ValidationError:
    """An error whose problems keep their own key paths."""
    return ValidationError.from_exception_data(
        title,
        [
            InitErrorDetails(
                type=PydanticCustomError("value_error", "{reason}", {"reason": reason}),
                loc=loc, input=None,
            )
            for loc, reason in problems
        ],
    )  # fmt: skip
