"""The door of OSCQuery's port: who may come in, and how many at once."""

import asyncio

from websockets.asyncio.server import ServerConnection
from websockets.protocol import State

from performer.controllers.osc.hosts import key, plain
from performer.controllers.senders import Player

MOST_CONNECTIONS = 64


class Gate:
    """Every TCP connection there is, those that have not yet asked for anything included."""

    def __init__(self, player: Player) -> None:
        self._player = player
        self._inside: set[ServerConnection] = set()
        self._closed = False

    def enter(self, socket: ServerConnection) -> bool:
        """Whether a new connection may stay."""
        if self._closed or socket.remote_address is None:  # one of us has already gone
            return False
        sender = Stranger.of(socket)
        if not self._player.trusts(sender.host):
            reason = f"{sender.host} is not on the list of --allow, and OSCQuery takes no tokens"
        elif len(self._inside) >= MOST_CONNECTIONS:
            reason = f"{MOST_CONNECTIONS} OSCQuery connections are open, no more are taken"
        else:
            self._inside.add(socket)
            return True
        self._player.refuse(sender, "", reason)
        return False

    def leave(self, socket: ServerConnection) -> None:
        """A connection has ended."""
        self._inside.discard(socket)

    def close(self) -> None:
        """Ends connections that are asking or answered; WebSockets are closed by their server."""
        self._closed = True
        for socket in self._inside:
            if socket.state is not State.OPEN:
                socket.transport.abort()


class Stranger:
    """The `Sender` of a connection that has not been let in: it cannot be told anything."""

    def __init__(self, host: str, port: int) -> None:
        self.host, self.key = host, key("ws", host, port)

    @staticmethod
    def of(socket: ServerConnection) -> "Stranger":
        """Who is at the other end."""
        host, port = socket.remote_address[:2]
        return Stranger(plain(host), port)

    def reply(self, address: str, args: object) -> None:
        """Nothing: there is no way to it yet."""


def gated(gate: Gate) -> type[ServerConnection]:
    """The kind of connection that asks a gate first."""

    class Gated(ServerConnection):
        def connection_made(self, transport: asyncio.BaseTransport) -> None:
            super().connection_made(transport)
            if not gate.enter(self):
                self.transport.abort()

        def connection_lost(self, exc: Exception | None) -> None:
            gate.leave(self)
            super().connection_lost(exc)

    return Gated
