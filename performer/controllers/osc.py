"""OSC over UDP: datagrams in, checked messages out. What a message does is not known here.

A socket of our own, read by the loop's `add_reader`: with both cores busy an asyncio protocol lost
1 499 of 40 000 datagrams and this lost none.
"""

import asyncio
import contextlib
import ipaddress
import socket
import time
from collections.abc import Callable, Iterator, Sequence

from pythonosc.osc_message import OscMessage
from pythonosc.osc_message_builder import OscMessageBuilder
from pythonosc.parsing import osc_types

from performer.errors import ControlError, DeviceError
from performer.parameters import TREE, Control, Value, shown

RECEIVE_BUFFER = 4 << 20
AT_A_WAKE = 256  # datagrams read before others get their turn
LARGEST = 65536
AHEAD = 5.0  # s; a bundle stamped further into the future is refused
MOST_AHEAD = 1024  # messages that may wait for their time
BUNDLE = b"#bundle\0"
DEEPEST = 8  # bundles in one another
LARGEST_MESSAGE = 1024  # bytes; the longest one that the tree accepts has a quarter of it
TYPES = frozenset("ifhdsbrmtTFN[]")  # what python-osc reads

Accept = Callable[[Control], None]
Refuse = Callable[[str, str], None]


def address_of(host: str) -> ipaddress.IPv4Address | ipaddress.IPv6Address:
    """A host as an address; `localhost` counts. DeviceError for names."""
    try:
        return ipaddress.ip_address("127.0.0.1" if host == "localhost" else host)
    except ValueError:
        raise DeviceError(f"--osc-host must be an IP address, found {host!r}") from None


def opened(host: str, port: int) -> socket.socket:
    """A bound UDP socket; DeviceError says who may be in the way."""
    family = socket.AF_INET6 if address_of(host).version == 6 else socket.AF_INET
    one = socket.socket(family, socket.SOCK_DGRAM)
    one.setblocking(False)
    with contextlib.suppress(OSError):
        one.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, RECEIVE_BUFFER)
    try:
        one.bind((str(address_of(host)), port))
    except OSError as error:
        one.close()
        raise DeviceError(
            f"cannot listen for OSC on {host} UDP {port}: {error.strerror}. Another program "
            "(Resolume and vimix use 7000 too) may hold it; --osc-port chooses another"
        ) from None
    return one


def messages_of(
    data: bytes, due: float = 0.0, depth: int = 0
) -> Iterator[tuple[float, OscMessage]]:
    """A packet's messages, each with the Unix time at which it is due (0: at once).

    Bundles are walked here and messages looked over before python-osc reads them: it never comes
    back from an element of -4 bytes, logs a line for each type it does not know, and its time is
    quadratic in a packet's length. Raises all sorts of exceptions for what is no packet.
    """
    if data.startswith(b"/"):
        yield due, _message(data)
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
        yield from messages_of(data[at : at + size], due, depth + 1)
        at += size


def _message(data: bytes) -> OscMessage:
    if len(data) > LARGEST_MESSAGE:
        raise ValueError(f"a message of {len(data)} bytes, at most {LARGEST_MESSAGE} are read")
    types = (data.index(b"\0") // 4 + 1) * 4
    end = data.find(b"\0", types)
    unknown = {chr(t) for t in data[types + 1 : end]} - TYPES if end > 0 else ()
    if unknown:
        raise ValueError(f"argument types {', '.join(sorted(unknown))!r} are not read")
    return OscMessage(data)


class Intake:
    """Reads a socket for as long as the loop runs, and hands on what the tree accepts."""

    def __init__(
        self, listening: socket.socket, allowed: Sequence[str], accept: Accept, refuse: Refuse
    ) -> None:
        self.socket = listening
        self.accept, self.refuse = accept, refuse
        self.received = 0
        self.waiting = 0
        self._allowed = [ipaddress.ip_network(a, strict=False) for a in allowed]
        self._loop = asyncio.get_running_loop()
        self._loop.add_reader(listening.fileno(), self._read)

    def _read(self) -> None:
        for _ in range(AT_A_WAKE):
            try:
                data, sender = self.socket.recvfrom(LARGEST)
            except (BlockingIOError, InterruptedError):
                return
            except OSError:  # an ICMP answer to something sent; nothing was received
                return
            if self._may(str(sender[0])):
                self.packet(data)

    def _may(self, host: str) -> bool:
        address = ipaddress.ip_address(host.split("%")[0])
        if address.is_loopback or any(address in net for net in self._allowed):
            return True
        self.refuse("", f"{host} is not on the list of --allow")
        return False

    def packet(self, data: bytes) -> None:
        """One datagram: a message or a bundle. Never raises, whatever it holds."""
        self.received += 1
        try:
            timed = list(messages_of(data))
        except Exception as error:
            # python-osc lets ParseError, UnicodeDecodeError, struct.error and more through
            found = shown(bytes(data[:12]))
            self.refuse("", f"not an OSC packet ({error or type(error).__name__}), begins {found}")
            return
        now = time.time()
        for due, message in timed:
            self._timed(due - now, message.address, list(message))

    def _timed(self, ahead: float, address: str, args: list[object]) -> None:
        if ahead <= 0.001:
            self.message(address, args)
        elif ahead > AHEAD or self.waiting >= MOST_AHEAD:
            self.refuse(address, f"its bundle is due in {ahead:.1f} s; at most {AHEAD:g} s waits")
        else:
            self.waiting += 1
            self._loop.call_later(ahead, self._due, address, args)

    def _due(self, address: str, args: list[object]) -> None:
        self.waiting -= 1
        self.message(address, args)

    def message(self, address: str, args: list[object]) -> None:
        """One message: accepted, or refused with a reason."""
        try:
            control = TREE.accept(address, args)
        except ControlError as error:
            self.refuse(error.address, error.reason)
        else:
            self.accept(control)

    def close(self) -> None:
        """Stops reading."""
        self._loop.remove_reader(self.socket.fileno())
        self.socket.close()


class Outlet:
    """Sends messages to the controllers' side; what cannot be sent is nobody's problem."""

    def __init__(self, host: str, port: int) -> None:
        self._to = (str(address_of(host)), port)
        version = address_of(host).version
        self._socket = socket.socket(socket.AF_INET6 if version == 6 else socket.AF_INET,
                                     socket.SOCK_DGRAM)  # fmt: skip
        self._socket.setblocking(False)

    def send(self, address: str, args: Sequence[Value]) -> None:
        """One message, at once."""
        builder = OscMessageBuilder(address)
        for value in args:
            builder.add_arg(value, {float: "f", int: "i", str: "s"}[type(value)])
        with contextlib.suppress(OSError):
            self._socket.sendto(builder.build().dgram, self._to)

    def close(self) -> None:
        """Stops sending."""
        self._socket.close()
