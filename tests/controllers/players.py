"""A player that only remembers: the desk's side of every controller, for tests."""

import ipaddress
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from performer.controllers.senders import Sender
from performer.parameters import Value


@dataclass
class Recorder:
    """A `Player`: what was played, refused and told, in order. Answers nothing by itself.

    `allowed` are networks beside loopback; `values` is what `read` and `addresses` know.
    """

    allowed: tuple[str, ...] = ()
    values: dict[str, tuple[Value, ...]] = field(default_factory=dict[str, tuple[Value, ...]])
    played: list[tuple[Sender, str, tuple[object, ...]]] = field(
        default_factory=list[tuple[Sender, str, tuple[object, ...]]]
    )
    refused: list[tuple[Sender, str, str]] = field(default_factory=list[tuple[Sender, str, str]])
    left: list[Sender] = field(default_factory=list[Sender])

    @property
    def heard(self) -> list[tuple[str, tuple[object, ...]]]:
        """Addresses and arguments, whoever they came from."""
        return [(address, args) for _, address, args in self.played]

    @property
    def reasons(self) -> list[tuple[str, str]]:
        """Addresses and reasons of what was refused."""
        return [(address, reason) for _, address, reason in self.refused]

    def play(self, sender: Sender, address: str, args: Sequence[object]) -> None:
        """Remembers a message."""
        self.played.append((sender, address, tuple(args)))

    def refuse(self, sender: Sender, address: str, reason: str) -> None:
        """Remembers a refusal."""
        self.refused.append((sender, address, reason))

    def may(self, host: str) -> bool:
        """Loopback, the machine itself (an empty host), and the networks in `allowed`."""
        if not host:
            return True
        address = ipaddress.ip_address(host)
        return address.is_loopback or any(
            address in ipaddress.ip_network(network) for network in self.allowed
        )

    def trusts(self, host: str) -> bool:
        """As `may`."""
        return self.may(host)

    def known(self, sender: Sender) -> bool:
        """As `may`."""
        return self.may(sender.host)

    def auth(self, sender: Sender, token: str) -> str:
        """Nobody's token is known."""
        return "that is nobody's token"

    def asks(self, sender: Sender) -> str:
        """Everything is answered."""
        return ""

    def whose(self, sender: Sender) -> str | None:
        """Everybody's, of who `may`."""
        return "" if self.may(sender.host) else None

    def gone(self, sender: Sender) -> None:
        """Remembers who left."""
        self.left.append(sender)

    def read(self, address: str) -> tuple[Value, ...] | None:
        """What `values` holds."""
        return self.values.get(address)

    def addresses(self) -> Iterable[str]:
        """The addresses in `values`."""
        return tuple(self.values)

    def clear(self) -> None:
        """Forgets what was played, refused and who left."""
        self.played.clear()
        self.refused.clear()
        self.left.clear()


@dataclass
class Told:
    """A `Sender` that remembers what it was told."""

    key: str = "test"
    host: str = "127.0.0.1"
    told: list[tuple[str, tuple[Value, ...]]] = field(
        default_factory=list[tuple[str, tuple[Value, ...]]]
    )

    def reply(self, address: str, args: Sequence[Value]) -> None:
        """Remembers one message."""
        self.told.append((address, tuple(args)))
