"""The controls of a MIDI device, as mapping files write them: `cc 16 ch 1`, `note 36 ch 10`.

Pure names: what moves them is in controllers/midi, what they do in controllers/mapping.
"""

import re
from dataclasses import dataclass
from enum import StrEnum


class Kind(StrEnum):
    """What kind of message a control sends."""

    NOTE = "note"
    CC = "cc"
    CC14 = "cc14"
    NRPN = "nrpn"
    PITCH = "pitch"
    PRESSURE = "pressure"
    PROGRAM = "program"
    POLY = "poly"


HIGHEST = {Kind.NOTE: 127, Kind.CC: 127, Kind.CC14: 31, Kind.NRPN: 16383, Kind.POLY: 127}
"""The highest number of the kinds that have one; the others are one control per channel."""

WRITTEN = re.compile(r"\s*([a-z]+14|[a-z]+)(?:\s+(\d{1,5}))?(?:\s+ch\s+(\d{1,5}))?\s*", re.I)
ALLOWED = (
    "a control is written as 'note 36 ch 10', 'cc 16 ch 1', 'cc14 7 ch 1' (7 and 39), "
    "'nrpn 1200 ch 1', 'poly 36 ch 1', 'pitch ch 3', 'pressure ch 1' or 'program ch 1'"
)


@dataclass(frozen=True)
class Knob:
    """One fader, knob, key, pad or wheel of a device.

    `channel` is 1..16. `number` is the note (0..127, poly too), controller (0..127; its MSB's,
    0..31, for 14-bit pairs) or NRPN (0..16383); 0 for pitch bend, channel pressure and program.
    """

    kind: Kind
    channel: int
    number: int = 0

    def __str__(self) -> str:
        number = f" {self.number}" if self.kind in HIGHEST else ""
        return f"{self.kind}{number} ch {self.channel}"


def parsed(text: str) -> Knob:
    """The control that a text names; without `ch` it is channel 1. ValueError says what is allowed.

    `parsed(str(knob)) == knob` for every knob.
    """
    match = WRITTEN.fullmatch(text)
    if match is None or match[1].lower() not in set(Kind):
        raise ValueError(f"{ALLOWED}, found {text[:40]!r}")
    kind, channel = Kind(match[1].lower()), int(match[3] or 1)
    highest = HIGHEST.get(kind)
    if (match[2] is None) != (highest is None):
        raise ValueError(f"{ALLOWED}, found {text[:40]!r}")
    number = int(match[2] or 0)
    if highest is not None and number > highest:
        raise ValueError(f"{kind} must be 0..{highest}, found {number}")
    if not 1 <= channel <= 16:
        raise ValueError(f"ch must be 1..16, found {channel}")
    return Knob(kind, channel, number)
