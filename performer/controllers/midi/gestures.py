"""What one movement of a device's control is, however MIDI wrote it. No ports, no meaning."""

from dataclasses import dataclass
from enum import StrEnum

from performer.show.knobs import Kind, Knob, parsed

__all__ = ["Encoding", "Gesture", "Kind", "Knob", "bend", "parsed", "steps"]

FINEST = 16383  # of 14 bits
CENTRE = 8192  # of pitch bend


@dataclass(frozen=True)
class Gesture:
    """One movement of a `knob`.

    `position` is 0..1 at the full resolution that came. `value` is the raw number: 0..127, or
    0..16383 for 14-bit pairs, NRPN and pitch bend. `pressed` is told by notes only; letting go is
    position 0. `steps` is other than 0 where the message itself is a step (NRPN increment and
    decrement): then `position` is where that leads if the device ever told one. Whether a plain
    controller is relative only the map knows: `steps(encoding, gesture.value)`.
    """

    knob: Knob
    position: float
    value: int
    pressed: bool | None = None
    steps: int = 0


class Encoding(StrEnum):
    """How an endless encoder writes its steps into a controller's 7 bits."""

    TWOS = "twos"
    """Two's complement: 1 is +1, 127 is −1."""
    OFFSET = "offset"
    """Offset binary: 65 is +1, 63 is −1, 64 is no step."""
    SIGN = "sign"
    """Sign and magnitude: 1 is +1, 65 is −1 (bit 6 is the sign)."""


def steps(encoding: Encoding, value: int) -> int:
    """The steps that a relative encoder's 7-bit value means, −64..63."""
    if encoding is Encoding.TWOS:
        return value - 128 if value >= 64 else value
    if encoding is Encoding.OFFSET:
        return value - 64
    return 64 - value if value >= 64 else value


def bend(value: int) -> float:
    """A pitch bend of 0..16383 as 0..1, its centre exactly in the middle."""
    if value <= CENTRE:
        return value / (2.0 * CENTRE)
    return 0.5 + 0.5 * (value - CENTRE) / (FINEST - CENTRE)
