"""What the desk and its MIDI process say to one another: lines of JSON through two pipes."""

import msgspec


class Alive(msgspec.Struct, frozen=True, tag="alive"):
    """About once a second: the process lives. `system` is what it found; empty if there is none."""

    system: str = ""
    why: str = ""
    """What to do about it, where there is no MIDI system."""


class Here(msgspec.Struct, frozen=True, tag="here"):
    """A device was opened, or one more direction of it: nothing it shows is known any more."""

    device: str


class Gone(msgspec.Struct, frozen=True, tag="gone"):
    """A device was unplugged."""

    device: str


class Heard(msgspec.Struct, frozen=True, tag="heard"):
    """One message of a device, and when it came: `time.monotonic`, s."""

    device: str
    at: float
    data: bytes


class Send(msgspec.Struct, frozen=True, tag="send"):
    """To the process: messages for a device, in this order."""

    device: str
    data: tuple[bytes, ...]


Told = Alive | Here | Gone | Heard

ENCODER = msgspec.json.Encoder()
TOLD: msgspec.json.Decoder[Told] = msgspec.json.Decoder(Told)
SEND = msgspec.json.Decoder(Send)


def line(message: Told | Send) -> bytes:
    """A message as its line."""
    return ENCODER.encode(message) + b"\n"


class Lines:
    """Whole lines out of chunks as they come."""

    def __init__(self) -> None:
        self._rest = b""

    def feed(self, chunk: bytes) -> list[bytes]:
        """The lines that are complete with this chunk."""
        *whole, self._rest = (self._rest + chunk).split(b"\n")
        return whole
