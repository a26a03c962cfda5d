"""OSC over TCP: the same messages as over UDP, in either framing; answers go out in the same one.

Nobody can hold the desk up: a peer that sends without end is read in turns, one that does not read
its feedback loses it and is cut off, and only so many are let in: few of them strangers, who have
to say who they are, and give way to hosts that are trusted.
"""

import asyncio
import contextlib
import socket
import time
from collections import Counter
from collections.abc import Sequence
from functools import lru_cache

from performer.controllers.osc.framing import BadFrame, Framing, framing_of
from performer.controllers.osc.hosts import Peer, address_of, family, in_the_way, key, plain
from performer.controllers.osc.outlet import encoded
from performer.controllers.osc.timed import Timed
from performer.controllers.senders import Player
from performer.controllers.throttle import household
from performer.parameters import Value

MOST_CONNECTIONS = 32
MOST_OF_A_HOST = 8  # of these, for a host that is not trusted
STRANGE = 10.0  # s until a peer of such a host must have said who it is
LONGEST_TURN = 0.005  # s that peers are played, all together, before others get their turn
MOST_HOSTS = 1024  # that are remembered to be allowed or not
AT_A_WAKE = 8192  # bytes read from one peer before others get their turn
MOST_UNREAD = 256 << 10  # bytes of feedback that may wait for a peer
MOST_DROPPED = 1024  # messages dropped for a peer until it is cut off
MOST_BAD = 4  # bad frames, one after another, until a peer is cut off
LINGER = 5.0  # s for what was said last to be read
MISSING = 10  # s of silence until a peer is asked whether it is still there

KEEP_ALIVE = (("TCP_KEEPIDLE", MISSING), ("TCP_KEEPINTVL", MISSING), ("TCP_KEEPCNT", 3))
"""So that a tablet out of reach gives its place back; not every system has all three."""


class TcpSender:
    """One connection. What cannot be sent is dropped; too much of it ends the connection."""

    def __init__(self, writer: asyncio.StreamWriter, peer: Peer, player: Player) -> None:
        self.host = plain(peer[0])
        self.key = key("tcp", self.host, peer[1])
        self.framing: Framing | None = None
        self._writer, self._player = writer, player
        self._dropped = 0

    def reply(self, address: str, args: Sequence[Value]) -> None:
        """One message in the peer's own framing, if it still reads what it is told."""
        transport = self._writer.transport
        if self.framing is None or transport.is_closing():
            return
        if transport.get_write_buffer_size() > MOST_UNREAD:
            self._drop()
            return
        self._dropped = 0
        self._writer.write(self.framing.framed(encoded(address, args)))

    def _drop(self) -> None:
        self._dropped += 1
        if self._dropped > MOST_DROPPED:
            self._writer.transport.abort()  # first: the refusal may be told to this very peer
            self._player.refuse(self, "", "does not read what it is told: cut off")

    def close(self) -> None:
        """Ends the connection once what was said has been read, or after `LINGER`."""
        self._writer.close()
        asyncio.get_running_loop().call_later(LINGER, self._writer.transport.abort)


class Connection:
    """Reads one peer's packets until it leaves or sends too much that is none."""

    def __init__(self, sender: TcpSender, player: Player, turn: asyncio.Lock) -> None:
        """`turn` is the same for all: one is played at a time."""
        self.sender = sender
        self.timed = Timed(player)
        self._player, self._turn = player, turn
        self._bad = 0

    async def read(self, reader: asyncio.StreamReader) -> None:
        """Plays everything that comes; returns when the peer leaves or has to."""
        with contextlib.suppress(OSError):  # it was pulled out
            while data := await reader.read(AT_A_WAKE):
                async with self._turn:
                    await self._play(data)
                    await asyncio.sleep(0)  # what has come already is read without waiting
                if self._bad >= MOST_BAD:
                    self._player.refuse(self.sender, "", "sends what is no OSC: cut off")
                    return

    async def _play(self, data: bytes) -> None:
        try:
            self.sender.framing = self.sender.framing or framing_of(data)
        except BadFrame as bad:
            self._is_bad(bad)
            return
        end = time.monotonic() + LONGEST_TURN
        for found in self.sender.framing.feed(data):
            if isinstance(found, BadFrame):
                self._is_bad(found)
            elif self.timed.packet(self.sender, found):
                self._bad = 0
            else:
                self._bad += 1
            if self._bad >= MOST_BAD:
                return
            if time.monotonic() >= end:
                await asyncio.sleep(0)
                end = time.monotonic() + LONGEST_TURN

    def _is_bad(self, bad: BadFrame) -> None:
        self._player.refuse(self.sender, "", f"over TCP: {bad}")
        self._bad = MOST_BAD if bad.over else self._bad + 1


class TcpIntake:
    """Lets peers in, up to `MOST_CONNECTIONS`, and plays what they send."""

    def __init__(self, player: Player) -> None:
        self.port = 0
        self._player = player
        self._may = lru_cache(MOST_HOSTS)(player.may)
        self._ended = 0  # packets of connections that have ended
        self._open: dict[asyncio.Task[None], Connection] = {}
        self._turn = asyncio.Lock()
        self._server: asyncio.Server | None = None

    @classmethod
    async def opened(cls, host: str, port: int, player: Player) -> "TcpIntake":
        """An intake that listens already; DeviceError says who may be in the way."""
        intake = cls(player)
        try:
            intake._server = await asyncio.start_server(
                intake._let_in, str(address_of(host)), port, family=family(host), limit=AT_A_WAKE
            )
        except OSError as error:
            raise in_the_way(host, "TCP", port, error) from None
        intake.port = int(intake._server.sockets[0].getsockname()[1])
        return intake

    @property
    def connections(self) -> int:
        """How many peers are connected."""
        return len(self._open)

    @property
    def received(self) -> int:
        """How many packets came."""
        return self._ended + sum(c.timed.received for c in self._open.values())

    def _let_in(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        peer = writer.get_extra_info("peername")
        if peer is None:  # gone already
            writer.close()
            return
        sender = TcpSender(writer, peer, self._player)
        if reason := self._keeps_out(sender.host):
            self._player.refuse(sender, "", reason)
            writer.close()
            return
        _keep_alive(writer)
        connection = Connection(sender, self._player, self._turn)
        task = asyncio.create_task(self._serve(connection, reader))
        self._open[task] = connection
        task.add_done_callback(self._over)
        if not self._player.trusts(sender.host):
            asyncio.get_running_loop().call_later(STRANGE, self._look_at, task)

    def _keeps_out(self, host: str) -> str:
        """Why a host gets no connection, or nothing; a trusted one displaces another for it."""
        if not self._may(host):
            return f"{host} is not on the list of --allow"
        trusted, inside = self._player.trusts(host), self._inside()
        if not trusted:
            of_host = Counter(household(c.sender.host) for c in inside.values())
            if of_host[household(host)] >= MOST_OF_A_HOST:
                return f"{MOST_OF_A_HOST} TCP connections of {host} are open, no more are taken"
        if len(inside) >= MOST_CONNECTIONS and not (trusted and self._displaced(inside)):
            return f"{MOST_CONNECTIONS} TCP connections are open; close one of them first"
        return ""

    def _inside(self) -> dict[asyncio.Task[None], Connection]:
        """The connections that are not on their way out."""
        return {task: c for task, c in self._open.items() if not task.cancelling()}

    def _displaced(self, inside: dict[asyncio.Task[None], Connection]) -> bool:
        """Ends the connection of a stranger, or else of a token's owner; whether there was one."""
        others = [t for t, c in inside.items() if not self._player.trusts(c.sender.host)]
        if not others:
            return False
        # of two that are alike, the newer: it has done least yet
        out = min(reversed(others), key=lambda t: self._player.known(inside[t].sender))
        self._send_out(out, "makes room for a host that is trusted: cut off")
        return True

    def _look_at(self, task: asyncio.Task[None]) -> None:
        connection = self._open.get(task)
        if connection is not None and not self._player.known(connection.sender):
            self._send_out(task, f"has not said who it is in {STRANGE:g} s: cut off")

    def _send_out(self, task: asyncio.Task[None], reason: str) -> None:
        self._player.refuse(self._open[task].sender, "", reason)
        task.cancel()

    @staticmethod
    async def _serve(connection: Connection, reader: asyncio.StreamReader) -> None:
        try:
            await connection.read(reader)
        finally:
            connection.sender.close()
            connection.timed.close()

    def _over(self, task: asyncio.Task[None]) -> None:
        connection = self._open.pop(task)
        self._ended += connection.timed.received
        self._player.gone(connection.sender)

    def close(self) -> None:
        """Lets nobody in any more and ends all connections, within a turn of the loop."""
        if self._server is not None:
            self._server.close()
        for task in self._open:
            task.cancel()


def _keep_alive(writer: asyncio.StreamWriter) -> None:
    with contextlib.suppress(OSError):
        connected = writer.get_extra_info("socket")
        connected.setsockopt(socket.SOL_SOCKET, socket.SO_KEEPALIVE, 1)
        for name, value in KEEP_ALIVE:
            if hasattr(socket, name):
                connected.setsockopt(socket.IPPROTO_TCP, getattr(socket, name), value)
