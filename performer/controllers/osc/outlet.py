"""OSC out: one message as bytes, and the configured outlet that is told everything."""

import contextlib
import socket
from collections.abc import Sequence

from pythonosc.parsing import osc_types

from performer.controllers.osc.hosts import address_of, family
from performer.parameters import Value

LARGEST_FLOAT = (2.0 - 2.0**-23) * 2.0**127


def encoded(address: str, args: Sequence[Value]) -> bytes:
    """One message: floats as `f`, text as `s`, whole numbers as `i`, or `h` beyond 32 bits.

    Never raises: what no OSC type holds is sent as its text, letters that cannot be sent as `?`.
    """
    types, data = ",", b""
    for value in args:
        kind, bytes_ = _argument(value)
        types += kind
        data += bytes_
    return _text(address) + osc_types.write_string(types) + data


def _argument(value: Value) -> tuple[str, bytes]:
    if isinstance(value, float):
        if abs(value) <= LARGEST_FLOAT or value - value != 0.0:  # infinities and NaN fit too
            return "f", osc_types.write_float(value)
        return "d", osc_types.write_double(value)
    if isinstance(value, int):
        bits = value.bit_length()
        if bits < 32:
            return "i", osc_types.write_int(value)
        if bits < 64:
            return "h", osc_types.write_int64(value)
        value = f"{value:x}" if bits > 4096 else str(value)  # str refuses thousands of digits
    return "s", _text(value)


def _text(text: str) -> bytes:
    """An OSC string: a NUL would end it early, a lone surrogate has no UTF-8."""
    sendable = text.encode("utf-8", "replace").decode().replace("\0", "?")
    return osc_types.write_string(sendable)


class Outlet:
    """Sends messages to the controllers' side; what cannot be sent is nobody's problem."""

    def __init__(self, host: str, port: int) -> None:
        self._to = (str(address_of(host)), port)
        self._socket = socket.socket(family(host), socket.SOCK_DGRAM)
        self._socket.setblocking(False)

    def send(self, address: str, args: Sequence[Value]) -> None:
        """One message, at once."""
        with contextlib.suppress(OSError):
            self._socket.sendto(encoded(address, args), self._to)

    def close(self) -> None:
        """Stops sending."""
        self._socket.close()
