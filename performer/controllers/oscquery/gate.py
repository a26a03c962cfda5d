"""The door of OSCQuery's port: who may come in, and how many at once."""

import asyncio

from websockets.asyncio.server import ServerConnection
from websockets.protocol import State

from performer.controllers.osc.hosts import key, plain
from performer.controllers.senders import Player
from performer.controllers.throttle import household

MOST_CONNECTIONS = 64
MOST_STRANGERS = 32  # of hosts that are not trusted: they leave as many to those that are
MOST_OF_A_HOST = 8  # that is not trusted


class Gate:
    """Every TCP connection there is, those that have not yet asked for anything included."""

    def __init__(self, player: Player) -> None:
        self._player = player
        self._inside: dict[ServerConnection, Stranger] = {}
        self._closed = False

    def enter(self, socket: ServerConnection) -> bool:
        """Whether a new connection may stay."""
        if self._closed or socket.remote_address is None:  # one of us has already gone
            return False
        sender = Stranger.of(socket)
        if reason := self._keeps_out(sender.host):
            self._player.refuse(sender, "", reason)
            return False
        self._inside[socket] = sender
        return True

    def _keeps_out(self, host: str) -> str:
        """Why a host gets no connection, or nothing. Whose token it has is asked later."""
        if not self._player.may(host):
            return f"{host} is not on the list of --allow"
        if not self._player.trusts(host):
            strange = [s.host for s in self._inside.values() if not self._player.trusts(s.host)]
            near = sum(household(other) == household(host) for other in strange)
            if len(strange) >= MOST_STRANGERS or near >= MOST_OF_A_HOST:
                return f"{near} OSCQuery connections of {host} are open, no more are taken"
        if len(self._inside) >= MOST_CONNECTIONS:
            return f"{MOST_CONNECTIONS} OSCQuery connections are open, no more are taken"
        return ""

    def leave(self, socket: ServerConnection) -> None:
        """A connection has ended: who comes next from there is nobody."""
        sender = self._inside.pop(socket, None)
        if sender is not None and not self._player.trusts(sender.host):
            self._player.gone(sender)

    def close(self) -> None:
        """Ends connections that are asking or answered; WebSockets are closed by their server."""
        self._closed = True
        for socket in self._inside:
            if socket.state is not State.OPEN:
                socket.transport.abort()


class Stranger:
    """The `Sender` of a connection that is no WebSocket yet: it cannot be told anything.

    What its token makes of it, the WebSocket is too: their key is the same.
    """

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
