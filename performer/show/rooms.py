"""Rooms: where the loudspeakers are, and on which platform who lies, written down.

A platform is a place where people lie: a pair of loudspeakers, perhaps one that shakes the boards.
Who is heard where, and how loud, is not known here.
"""

import math
from collections.abc import Iterator
from pathlib import Path
from typing import Annotated

from pydantic import AfterValidator, Field, ValidationError
from pydantic_core import InitErrorDetails, PydanticCustomError

from performer.parameters import ID
from performer.show.files import read_model
from performer.show.problems import Listed, Name, Text, Title, Unit, Written, shown, within

MOST_CHANNELS = 64
MOST_PLATFORMS = 32


def _check_person(found: str) -> str:
    if not ID.fullmatch(found):
        allowed = "an id: 1 to 32 of a-z, 0-9, _ and -"
        raise ValueError(f"must be {allowed}, found {shown(found)}")
    return found


Channel = Annotated[int, within(1, MOST_CHANNELS)]
"""An output of the device, counted from 1."""
Side = Annotated[float, within(-1, 1)]
Person = Annotated[str, AfterValidator(_check_person)]


class Platform(Written):
    """A place to lie, and what is heard there."""

    name: Name
    at: Annotated[Listed[Side], Field(min_length=2, max_length=2)] = (0.0, 0.0)
    """Where on the plane: -1..1 from left to right, -1..1 from below to above."""
    left: Channel
    right: Channel
    """May be `left`: one loudspeaker."""
    low: Channel | None = None
    """What shakes the boards."""
    low_hz: Annotated[float, within(20, 200, "Hz")] = 90.0
    """Up to where `low` sounds; the pair has all frequencies."""
    person: Person | None = None
    """Whose platform it is: their own voice is nearest here."""
    gain: Annotated[float, within(-24, 12, "dB")] = 0.0
    """Of all its channels."""
    delay: Annotated[float, within(0, 200, "ms")] = 0.0
    """Of all its channels."""

    @property
    def amplitude(self) -> float:
        """`gain` as a factor."""
        return 10 ** (self.gain / 20)

    @property
    def outputs(self) -> dict[str, int]:
        """Key to channel; a single loudspeaker is its `left`."""
        pair = {"left": self.left} if self.left == self.right else self._pair
        return pair if self.low is None else pair | {"low": self.low}

    @property
    def _pair(self) -> dict[str, int]:
        return {"left": self.left, "right": self.right}


def _check_apart(platforms: tuple[Platform, ...]) -> tuple[Platform, ...]:
    """No channel serves two ends; every clash is a problem of its own."""
    bad = [
        InitErrorDetails(type=_said(channel, owner), loc=(i, key), input=channel)
        for i, key, channel, owner in _clashes(platforms)
    ]
    if bad:
        raise ValidationError.from_exception_data("platforms", bad)
    return platforms


def _clashes(platforms: tuple[Platform, ...]) -> Iterator[tuple[int, str, int, str]]:
    """Number of the platform, key, channel, and what had that channel before."""
    owners: dict[int, str] = {}
    for i, platform in enumerate(platforms):
        for key, channel in platform.outputs.items():
            if channel in owners:
                yield i, key, channel, owners[channel]
            owners.setdefault(channel, f"platform[{i}].{key}")


def _said(channel: int, owner: str) -> PydanticCustomError:
    reason = f"must be a channel of its own, found {channel}, which is {owner}'s"
    return PydanticCustomError("value_error", "{reason}", {"reason": reason})


class Room(Written):
    """Loudspeakers and platforms. They stand apart from any show."""

    title: Title
    notes: Text = ""
    focus: Unit = 0.6
    """How strongly a platform hears those whose seats are near it; 0: everybody alike."""
    platform: Annotated[
        Listed[Platform],
        Field(min_length=1, max_length=MOST_PLATFORMS),
        AfterValidator(_check_apart),
    ]

    @property
    def channels(self) -> int:
        """Outputs that the device must have: the highest channel."""
        return max(max(p.outputs.values()) for p in self.platform)

    def frames(self, platform: int, rate: int) -> int:
        """Delay of a platform in frames at `rate` Hz."""
        return math.floor(self.platform[platform].delay * 1e-3 * rate + 0.5)


STEREO = Room(title="Stereo", platform=(Platform(name="middle", left=1, right=2),))
"""One pair for all: what is there without a room file."""


def load_room(path: Path) -> Room:
    """The room of a TOML file, or FileError with every problem and its key path."""
    return read_model(Room, path)
