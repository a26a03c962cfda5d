"""Packets in a stream of bytes: SLIP (OSC 1.1) and length-prefixed (OSC 1.0). No socket here.

SLIP is RFC 1055 with an END before each packet too; liblo and older senders put an int32 length
before each packet instead. What a stream begins with tells them apart: a length of at most 64 KiB
begins with a zero byte, and neither END nor a packet does.
"""

import re
from collections.abc import Iterator
from typing import Protocol

LARGEST_FRAME = 65536  # bytes of one packet in a stream
END, ESC = b"\xc0", b"\xdb"
ESCAPED_END, ESCAPED_ESC = b"\xdb\xdc", b"\xdb\xdd"
WRONG_ESCAPE = re.compile(rb"\xdb(?![\xdc\xdd])")


class BadFrame(Exception):  # noqa: N818 - it is a thing in the stream, told to a person
    """Bytes that are no frame; the stream goes on behind them if `over` is false."""

    def __init__(self, reason: str, over: bool = False) -> None:
        super().__init__(reason)
        self.over = over


class Framing(Protocol):
    """How packets stand in a stream; one object reads one stream."""

    def feed(self, data: bytes) -> Iterator[bytes | BadFrame]:
        """The packets that are complete now, and what was none, in order."""
        ...

    def framed(self, packet: bytes) -> bytes:
        """A packet as it is sent to a peer."""
        ...


class Slip:
    """OSC 1.1: packets between ENDs; a frame that is bad is skipped up to the next END."""

    def __init__(self) -> None:
        self._kept = bytearray()
        self._skipping = False

    def feed(self, data: bytes) -> Iterator[bytes | BadFrame]:
        """The packets that are complete now, and what was none, in order."""
        *ended, rest = data.split(END)
        for part in ended:
            if (bad := self._keep(part)) is not None:
                yield bad
            frame, skipped = bytes(self._kept), self._skipping
            self._kept.clear()
            self._skipping = False
            if frame and not skipped:
                yield self._opened(frame)
        if (bad := self._keep(rest)) is not None:
            yield bad

    def _keep(self, part: bytes) -> BadFrame | None:
        if self._skipping:
            return None
        self._kept += part
        if len(self._kept) <= 2 * LARGEST_FRAME:  # every byte may have been escaped
            return None
        self._kept.clear()
        self._skipping = True
        return BadFrame(f"a SLIP frame of more than {LARGEST_FRAME} bytes")

    @staticmethod
    def _opened(frame: bytes) -> bytes | BadFrame:
        if WRONG_ESCAPE.search(frame):
            return BadFrame("a SLIP frame with an escape that is none")
        packet = frame.replace(ESCAPED_END, END).replace(ESCAPED_ESC, ESC)
        if len(packet) > LARGEST_FRAME:
            return BadFrame(f"a SLIP frame of {len(packet)} bytes, at most {LARGEST_FRAME}")
        return packet

    def framed(self, packet: bytes) -> bytes:
        """A packet between two ENDs."""
        return END + packet.replace(ESC, ESCAPED_ESC).replace(END, ESCAPED_END) + END


class Prefixed:
    """OSC 1.0: an int32 length before each packet; after a bad one nothing can be found again."""

    def __init__(self) -> None:
        self._kept = bytearray()

    def feed(self, data: bytes) -> Iterator[bytes | BadFrame]:
        """The packets that are complete now, and what was none, in order."""
        self._kept += data
        at = 0
        while len(self._kept) - at >= 4:
            size = int.from_bytes(self._kept[at : at + 4], "big", signed=True)
            if not 0 <= size <= LARGEST_FRAME:
                yield BadFrame(f"a frame of {size} bytes, at most {LARGEST_FRAME}", over=True)
                return
            if len(self._kept) - at < 4 + size:
                break
            if size:
                yield bytes(self._kept[at + 4 : at + 4 + size])
            at += 4 + size
        del self._kept[:at]

    def framed(self, packet: bytes) -> bytes:
        """A packet behind its length."""
        return len(packet).to_bytes(4, "big") + packet


def framing_of(first: bytes) -> Framing:
    """The framing of a stream that begins with `first` (one byte or more). BadFrame for others."""
    if first[:1] == b"\0":
        return Prefixed()
    if first[:1] in (END, b"/", b"#"):  # RFC 1055 does not ask for an END in front
        return Slip()
    raise BadFrame("begins neither with a SLIP frame nor with a length", over=True)
