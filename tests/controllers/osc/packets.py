"""OSC packets for tests, made byte by byte: also those that no library makes."""

import struct

from performer.controllers.osc.packets import BUNDLE

AT_ONCE = b"\0" * 7 + b"\1"


def text(of: str) -> bytes:
    """An OSC string."""
    data = of.encode() + b"\0"
    return data + b"\0" * (-len(data) % 4)


def message(address: str, types: str | None = "", args: bytes = b"") -> bytes:
    """A message of these types (None: no type tags at all), its arguments as bytes."""
    return text(address) + (b"" if types is None else text("," + types)) + args


def floats(*values: float) -> bytes:
    return struct.pack(f">{len(values)}f", *values)


def ints(*values: int) -> bytes:
    return struct.pack(f">{len(values)}i", *values)


def bundle(*elements: bytes, stamp: bytes = AT_ONCE) -> bytes:
    return BUNDLE + stamp + b"".join(struct.pack(">i", len(e)) + e for e in elements)


def stamped(unix: float) -> bytes:
    """The NTP time of a bundle that is due at a Unix time."""
    seconds = unix + 2208988800
    return struct.pack(">II", int(seconds), int(seconds % 1 * 2**32))


RESONANCE = message("/resonance", "f", floats(0.5))
TAP = message("/tap")
