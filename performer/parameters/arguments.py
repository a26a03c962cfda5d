"""One argument of a message: what is allowed, and how what controllers send becomes that."""

import math
from dataclasses import dataclass

from performer.errors import ControlError

Value = float | int | str
"""What one OSC argument can be once it has been checked."""

Values = tuple[Value, ...]
"""The arguments of one message, checked."""

LONGEST_NUMBER = 32  # characters of a number that came as text


@dataclass(frozen=True)
class Arg:
    """One argument: `low`..`high` bound numbers (inclusive); `optional` ones have a `default`."""

    name: str
    kind: type[float] | type[int] | type[str] = float
    low: float = 0.0
    high: float = 1.0
    default: Value | None = None
    unit: str = ""
    optional: bool = False
    secret: bool = False
    """What was found is never shown."""

    def check(self, address: str, found: object) -> Value:
        """`found` as this argument's kind, or ControlError with what is allowed.

        Controllers send what their widgets can: true, 1, 1.0 and "1" are the same number, and a
        number is its text where a name is wanted.
        """
        if self.kind is str:
            return self._text(address, found)
        if isinstance(found, str):
            found = _number_in(found)
        if isinstance(found, bool):
            found = int(found)
        if not isinstance(found, int | float):
            raise ControlError(address, f"{self.name} must be a number, found {shown(found)}")
        if not math.isfinite(found := _finite(found)):
            raise ControlError(address, f"{self.name} must be finite, found {found}")
        if not self.low <= found <= self.high:
            raise ControlError(address, f"{self.name} must be {self.range}, found {found:g}")
        if self.kind is float:
            return float(found)
        if found != int(found):
            raise ControlError(address, f"{self.name} must be a whole number, found {found:g}")
        return int(found)

    def _text(self, address: str, found: object) -> str:
        if isinstance(found, int | float) and not isinstance(found, bool):
            found = f"{_finite(found):g}"
        if not isinstance(found, str) or not 0 < len(found) <= 64 or not found.isprintable():
            allowed = f"{self.name} must be 1 to 64 printable characters"
            found_ = "" if self.secret else f", found {shown(found)}"
            raise ControlError(address, f"{allowed}{found_}")
        return found

    @property
    def range(self) -> str:
        """The allowed range as people write it."""
        return f"{self.low:g}..{self.high:g}{' ' + self.unit if self.unit else ''}"


def _number_in(text: str) -> float | int | str:
    """The number that a text is; the text itself if it is none."""
    for kind in (int, float):
        try:
            return kind(text) if len(text) <= LONGEST_NUMBER else text
        except ValueError:
            continue
    return text


def _finite(found: float) -> float:
    """A number as it was found; infinity for a whole number too large for any float."""
    try:
        float(found)
    except OverflowError:
        return math.inf
    return found


def shown(found: object) -> str:
    """What was found, short enough for one line of a log."""
    text = repr(found)
    return text if len(text) <= 40 else text[:37] + "..."
