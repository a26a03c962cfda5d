"""What OSCQuery says of a parameter and what never changes: type, range, unit, description."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache, cached_property

import msgspec

from performer.parameters import Arg, Nature, Parameter, Role

TYPES: Mapping[type, str] = {float: "f", int: "i", str: "s"}
"""OSC type tags."""

UNITS = {
    "BPM": "time.bpm", "bpm": "time.bpm", "Hz": "time.hz", "s": "time.second", "ms": "time.ms",
    "degrees": "angle.degree", "dB": "gain.db",
}  # fmt: skip
"""Our units as the proposal's list of units (units.md) writes them."""

NO_VALUE, READ, WRITE = 0, 1, 2
"""Bits of ACCESS."""


@dataclass(frozen=True)
class Described:
    """The attributes of one parameter.

    There is no CLIPMODE: the desk refuses what is out of range, and the proposal knows only
    servers that clip it or take it.
    """

    parameter: Parameter

    @cached_property
    def attributes(self) -> dict[str, object]:
        """Every attribute that never changes, in the order in which people read them."""
        p = self.parameter
        said: dict[str, object] = {"DESCRIPTION": p.help}
        args = p.args * p.times
        if args:
            said["TYPE"] = "".join(TYPES[a.kind] for a in args)
        if any(a.kind is not str for a in args):
            said["RANGE"] = [_range(a) for a in args]
        if any(a.unit for a in args):
            said["UNIT"] = [UNITS.get(a.unit, a.unit) or None for a in args]
        if p.nature is Nature.EVENT:
            said["CRITICAL"] = True  # each counts: better by WebSocket or TCP than by UDP
        return said

    @cached_property
    def encoded(self) -> bytes:
        """The same as JSON without its braces."""
        return msgspec.json.encode(self.attributes)[1:-1]

    def access(self, has_value: bool, plays: bool = True) -> int:
        """ACCESS: what answers if it is asked can be read, and nothing else.

        An event, or what somebody has not said yet, is only written until there is a value; by
        whom nobody lets play it, not at all.
        """
        nature = self.parameter.nature
        if nature is Nature.TOLD:
            return NO_VALUE if self.parameter.passing else READ
        write = WRITE if plays else NO_VALUE
        if nature in (Nature.FADER, Nature.SWITCH) or has_value:
            return READ | write
        return write

    def plays(self, whose: str | None) -> bool:
        """Whether somebody may play it; `whose` addresses alone are theirs, empty: everybody's."""
        return whose == "" or self.parameter.role is Role.PARTICIPANT

    @cached_property
    def without_value(self) -> bytes:
        """ACCESS as JSON, where there is no value."""
        return b',"ACCESS":%d' % self.access(False)

    @cached_property
    def with_value(self) -> bytes:
        """ACCESS as JSON, and the beginning of VALUE."""
        return b',"ACCESS":%d,"VALUE":' % self.access(True)

    def padded(self, values: tuple[object, ...] | None) -> tuple[object, ...] | None:
        """Values, one for each letter of TYPE; None if there are not as many."""
        args = self.parameter.args * self.parameter.times
        if values is None or len(values) == len(args):
            return values or None
        values += tuple(a.default for a in args[len(values) :] if a.default is not None)
        return values if values and len(values) == len(args) else None


def _range(arg: Arg) -> dict[str, float] | None:
    if arg.kind is str:
        return None
    return {"MIN": arg.kind(arg.low), "MAX": arg.kind(arg.high)}  # type: ignore[dict-item]


@cache
def described(parameter: Parameter) -> Described:
    """The description of a parameter, made once."""
    return Described(parameter)
