"""A control's travel laid out over a parameter's range: position 0..1 to value, and back."""

import math
from collections.abc import Callable
from dataclasses import dataclass

from performer.show.fitting import Fitted, Shape

_Way = Callable[[float], float]


def _ease(t: float) -> float:
    return t * t * (3.0 - 2.0 * t)


def _uneased(y: float) -> float:
    """The inverse of 3t² − 2t³ on 0..1, by the cubic's trigonometric solution."""
    return 0.5 - math.sin(math.asin(max(-1.0, min(1.0, 1.0 - 2.0 * y))) / 3.0)


_SHAPES: dict[Shape, tuple[_Way, _Way]] = {
    "linear": (lambda t: t, lambda y: y),
    "square": (lambda t: t * t, math.sqrt),
    "root": (math.sqrt, lambda y: y * y),
    "ease": (_ease, _uneased),
}


@dataclass(frozen=True)
class Travel:
    """`low`..`high` in the parameter's units; `whole` rounds; `invert` turns the control round."""

    low: float
    high: float
    curve: Shape = "linear"
    invert: bool = False
    whole: bool = False

    @staticmethod
    def of(fitted: Fitted, invert: bool) -> "Travel":
        """The travel that a map asks for."""
        return Travel(fitted.low, fitted.high, fitted.curve, invert, fitted.whole)

    def value(self, position: float) -> float | int:
        """The value at a position 0..1; always inside the range, its ends exactly."""
        t = 1.0 - position if self.invert else position
        found = min(max(self._value(min(max(t, 0.0), 1.0)), self.low), self.high)
        return round(found) if self.whole else found

    def position(self, value: float) -> float:
        """The position 0..1 of a value; the nearer end of what is outside the range."""
        inside = min(max(value, self.low), self.high)
        t = min(max(self._position(inside), 0.0), 1.0)
        return 1.0 - t if self.invert else t

    def outside(self, value: float, tolerance: float) -> bool:
        """Whether a value is out of the control's reach, by more than a part of the range."""
        slack = tolerance * (self.high - self.low)
        return not self.low - slack <= value <= self.high + slack

    def _value(self, t: float) -> float:
        if t in (0.0, 1.0):  # exactly, whatever powers and roots round to
            return self.high if t else self.low
        if self.curve == "log":
            return self.low * (self.high / self.low) ** t
        return self.low + (self.high - self.low) * _SHAPES[self.curve][0](t)

    def _position(self, value: float) -> float:
        if self.curve == "log":
            return math.log(value / self.low) / math.log(self.high / self.low)
        return _SHAPES[self.curve][1]((value - self.low) / (self.high - self.low))
