"""OSC packets, read: bytes in, messages out. Nothing here knows a socket or what a message does.

Types are read by python-osc's own functions, the walk is ours: python-osc never comes back from a
bundle's element of -4 bytes, logs a line for each type it does not know, and its time is quadratic
in a packet's length. Formats: opensoundcontrol.stanford.edu/spec-1_0.html and spec-1_1.
"""

from collections.abc import Callable, Iterator
from functools import lru_cache

from pythonosc.parsing import osc_types

BUNDLE = b"#bundle\0"
DEEPEST = 8  # bundles in one another
LARGEST_MESSAGE = 1024  # bytes; the longest one that the tree accepts has a quarter of it
MOST_MESSAGES = 256  # of one packet: one for everybody; 64 KiB would hold 4 092, and 55 ms of them

Message = tuple[float, str, list[object]]
"""When it is due (Unix time, 0: at once), its address or pattern, its arguments."""


def _char(data: bytes, at: int) -> tuple[str, int]:
    """One letter, sent as a number; as text it is a name or, for a digit, a number again."""
    code, at = osc_types.get_int(data, at)
    return chr(code), at


READERS: dict[str, Callable[[bytes, int], tuple[object, int]]] = {
    "i": osc_types.get_int, "h": osc_types.get_int64, "f": osc_types.get_float,
    "d": osc_types.get_double, "s": osc_types.get_string, "S": osc_types.get_string,
    "c": _char, "b": osc_types.get_blob, "r": osc_types.get_rgba, "m": osc_types.get_midi,
    "t": osc_types.get_timetag,
}  # fmt: skip
CONSTANTS: dict[str, tuple[object, ...]] = {
    "T": (True,), "F": (False,), "N": (),
    "I": (1.0,),  # "impulse", as of a button that is pressed
    "[": (), "]": (),  # a pad's two values in an array are two values
}  # fmt: skip


def messages_of(data: bytes) -> Iterator[Message]:
    """A packet's messages, in order.

    Raises ValueError, ParseError, UnicodeDecodeError, struct.error and more for what is no packet,
    and for one of more than `MOST_MESSAGES`.
    """
    for before, message in enumerate(_elements(data, 0.0, 0)):
        if before == MOST_MESSAGES:
            raise ValueError(f"more than {MOST_MESSAGES} messages in one packet")
        yield message


def _elements(data: bytes, due: float, depth: int) -> Iterator[Message]:
    if data.startswith(b"/"):
        yield due, *_message(data)
        return
    if not data.startswith(BUNDLE) or len(data) < 16:
        raise ValueError("neither a message nor a bundle")
    if depth == DEEPEST:
        raise ValueError(f"more than {DEEPEST} bundles in one another")
    due, at = osc_types.get_date(data[:16], 8)
    while at < len(data):
        size = int.from_bytes(data[at : at + 4], "big", signed=True)
        at += 4
        if not 4 <= size <= len(data) - at:
            raise ValueError(f"a bundle's element of {size} bytes")
        yield from _elements(data[at : at + size], due, depth + 1)
        at += size


def _message(data: bytes) -> tuple[str, list[object]]:
    if len(data) > LARGEST_MESSAGE:
        raise ValueError(f"a message of {len(data)} bytes, at most {LARGEST_MESSAGE} are read")
    address, at = osc_types.get_string(data, 0)
    if at == len(data):  # senders from before type tags
        return address, []
    if data[at : at + 1] != b",":
        raise ValueError("arguments without type tags")
    types, at = osc_types.get_string(data, at)
    _look_over(types[1:])
    args: list[object] = []
    for kind in types[1:]:
        if kind in CONSTANTS:
            args.extend(CONSTANTS[kind])
        else:
            found, at = READERS[kind](data, at)
            args.append(found)
    return address, args


@lru_cache(256)
def _look_over(types: str) -> None:
    """ValueError for type tags that cannot be read."""
    unknown = set(types) - READERS.keys() - CONSTANTS.keys()
    if unknown:
        raise ValueError(f"argument types {', '.join(sorted(unknown))!r} are not read")
    if "[" in types or "]" in types:
        depth = 0
        for kind in types:
            depth += (kind == "[") - (kind == "]")
            if depth < 0:
                break
        if depth:
            raise ValueError(f"brackets that do not match in the type tags {types!r}")
