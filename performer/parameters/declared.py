"""What one line of the table says: an address, its arguments, and how messages to it add up."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import Enum
from typing import TypeVar

from performer.errors import ControlError
from performer.parameters.arguments import Arg, Value

T = TypeVar("T")


class Nature(Enum):
    """How messages to an address add up."""

    FADER = "a float in the vector of values: the last one wins; arc and modulation may move it"
    SWITCH = "0 or 1 in the vector of values: the last one wins"
    STATE = "the last message for the address wins"
    EVENT = "every message counts, in order"
    REQUEST = "asks something of the desk itself; the stage never sees it"
    TOLD = "the instrument tells it; nobody sets it"


class Role(Enum):
    """Who may set an address."""

    ARCHITECT = "architect"
    PARTICIPANT = "participant"


class Curve(Enum):
    """The scale on which a fader fades and a controller's travel is laid out."""

    LINEAR = "linear"
    LOG = "logarithmic"
    ANGLE = "an angle, the short way round"


@dataclass(frozen=True)
class Parameter:
    """One address. `{id}` stands for a participant, `{name}` for a generator's own input."""

    address: str
    help: str
    args: tuple[Arg, ...] = ()
    nature: Nature = Nature.STATE
    role: Role = Role.ARCHITECT
    also_index: bool = False
    """The first argument may be a number (counted from 1) instead of a name."""
    curve: Curve = Curve.LINEAR
    quiet: bool = False
    """It comes by itself and often: other controllers are not told."""
    times: int = 1
    """Of how many messages its value is made, one behind the other, as of each purpose one."""
    passing: bool = False
    """It is told when it happens; afterwards there is nothing to ask for."""

    def asks(self, found: Sequence[object]) -> bool:
        """Whether a message only asks for the present value: `?`, or nothing where all is needed.

        A button without arguments is a press, not a question.
        """
        if len(found) == 1 and found[0] == "?":
            return True
        return not found and (self.needed > 0 or self.nature is Nature.TOLD)

    @property
    def needed(self) -> int:
        """How many arguments must be given."""
        return sum(not a.optional for a in self.args)

    def messages(self, values: Sequence[T]) -> Iterator[tuple[T, ...]]:
        """The messages that a value is made of, or that were sent as one."""
        width = len(self.args)
        if width < len(values) <= width * self.times and len(values) % width == 0:
            yield from (tuple(values[i : i + width]) for i in range(0, len(values), width))
        else:
            yield tuple(values)

    def check(self, address: str, found: Sequence[object]) -> tuple[Value, ...]:
        """The arguments in their declared kinds, defaults filled in, or ControlError."""
        if self.nature is Nature.TOLD:
            raise ControlError(address, "is told by the instrument, nobody sets it")
        if not self.needed <= len(found) <= len(self.args):
            many = f"{self.needed}"
            many += "" if self.needed == len(self.args) else f" to {len(self.args)}"
            names = " ".join(a.name for a in self.args) or "none"
            raise ControlError(address, f"takes {many} arguments ({names}), found {len(found)}")
        values = [self._one(i, address, f) for i, f in enumerate(found)]
        for arg in self.args[len(found) :]:
            if arg.default is not None:
                values.append(arg.default)
        return tuple(values)

    def _one(self, i: int, address: str, found: object) -> Value:
        if i == 0 and self.also_index and isinstance(found, int | float):
            return Arg("number", int, 1, 999).check(address, found)
        return self.args[i].check(address, found)
