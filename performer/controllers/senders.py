"""Who plays, and what they play on: the two seams between controllers and the desk.

A controller hands every message to a `Player` with the `Sender` it came from. What a message does,
who may send it and where it goes is the desk's business; how it travelled is the controller's.
"""

from collections.abc import Iterable, Sequence
from typing import Protocol

from performer.parameters import Value


class Sender(Protocol):
    """One peer: a UDP address, a TCP or WebSocket connection, a MIDI port."""

    key: str
    """Tells it from all others, as `udp 10.0.0.4:9000` or `midi nanoKONTROL2`."""
    host: str
    """Its IP address; empty for what is plugged into this machine."""

    def reply(self, address: str, args: Sequence[Value]) -> None:
        """Tells the peer something. Never waits, never raises; what cannot be sent is dropped."""
        ...


class Player(Protocol):
    """What controllers play on: the desk."""

    def play(self, sender: Sender, address: str, args: Sequence[object]) -> None:
        """One message: a set, a get, or a pattern of either. Never raises; refusals are told."""
        ...

    def refuse(self, sender: Sender, address: str, reason: str) -> None:
        """Counts, logs and tells something that could not even be read as a message."""
        ...

    def may(self, host: str) -> bool:
        """Whether a host may talk to the desk at all."""
        ...

    def trusts(self, host: str) -> bool:
        """Whether a host is the architect's, without a token: it may see everything."""
        ...

    def known(self, sender: Sender) -> bool:
        """Whether a sender has a role now, by its host or by a token."""
        ...

    def auth(self, sender: Sender, token: str) -> str:
        """Takes a sender for whom a token says; why not, counted, or nothing."""
        ...

    def asks(self, sender: Sender) -> str:
        """One more question that takes time; why it is not answered, or nothing."""
        ...

    def whose(self, sender: Sender) -> str | None:
        """Whose addresses alone a sender may see, of people's; empty: all; None: it is nobody."""
        ...

    def gone(self, sender: Sender) -> None:
        """A connection ended: its subscriptions and its role end with it."""
        ...

    def read(self, address: str) -> tuple[Value, ...] | None:
        """The present value of a concrete address; None where there is none (yet)."""
        ...

    def addresses(self) -> Iterable[str]:
        """Every concrete address there is now, those of the people here included."""
        ...
