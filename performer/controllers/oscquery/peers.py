"""One WebSocket of OSCQuery: a sender, its commands, and the addresses that it listens to."""

import logging
from collections.abc import Callable, Sequence

import msgspec
from websockets.asyncio.server import ServerConnection, broadcast

from performer.controllers.osc import encoded
from performer.controllers.osc.hosts import key, plain
from performer.controllers.osc.timed import Timed
from performer.controllers.oscquery.tree import within
from performer.controllers.senders import Player
from performer.errors import ControlError
from performer.parameters import TREE, Value, shown

log = logging.getLogger("performer.oscquery")

MOST_LISTENS = 1024
MOST_BUFFERED = 256 * 1024  # bytes that wait for a client, above what its socket holds

Answer = Callable[[str], str]


class Command(msgspec.Struct):
    """`{"COMMAND": "LISTEN", "DATA": "/resonance"}`, the only form of a command."""

    COMMAND: str
    DATA: str


def event(command: str, path: str) -> str:
    """`{"COMMAND": "PATH_ADDED", "DATA": "/participant/ada"}`."""
    return msgspec.json.encode(Command(command, path)).decode()


class Peer:
    """A `Sender` at the other end of a WebSocket."""

    def __init__(self, socket: ServerConnection, player: Player, answer: Answer) -> None:
        """`answer` gives the text for a query that came as one."""
        host, port = socket.remote_address[:2]
        self.host = plain(host)
        self.key = key("ws", self.host, port)
        self.listens: set[str] = set()
        self._socket, self._player, self._answer = socket, player, answer
        self._timed = Timed(player)
        self._asked = 0  # bytes of the answer that is on its way

    def sees(self, path: str) -> bool:
        """Whether it may know of a path now."""
        return within(path, self._player.whose(self))

    # ---- out -----------------------------------------------------------------------------------

    def reply(self, address: str, args: Sequence[Value]) -> None:
        """Tells the peer something, as a binary OSC packet."""
        self.send(encoded(address, args))

    def send(self, data: bytes | str) -> None:
        """Sends a frame at once; a client that does not read is dropped, not waited for."""
        broadcast((self._socket,), data)
        transport = self._socket.transport
        waiting = transport.get_write_buffer_size()
        if waiting > MOST_BUFFERED + self._asked and not transport.is_closing():
            log.warning("%s does not read, %d bytes wait for it: dropped", self.key, waiting)
            transport.abort()

    async def answer(self, query: str) -> None:
        """Sends what was asked for (`/path?ATTRIBUTE`), and waits until it is taken.

        The whole tree is larger than what a silent client may leave unread. There is one answer
        at a time, since nothing more is heard from the client meanwhile.
        """
        data = self._answer(query).encode()
        self._asked = len(data)
        try:
            await self._socket.send(data, text=True)
        finally:
            self._asked = 0

    # ---- in ------------------------------------------------------------------------------------

    def packet(self, data: bytes) -> None:
        """A binary frame: an OSC packet, played as if it had come by UDP."""
        self._timed.packet(self, data)

    def text(self, data: str) -> None:
        """A text frame that is no query: a command."""
        try:
            command = msgspec.json.decode(data, type=Command)
        except (msgspec.MsgspecError, RecursionError, UnicodeError) as error:
            self._refuse("", f"not a command ({error}), found {shown(data[:40])}")
            return
        if command.COMMAND == "LISTEN":
            self._listen(command.DATA)
        elif command.COMMAND == "IGNORE":
            self.listens.discard(command.DATA)
        else:
            self._refuse("", f"knows LISTEN and IGNORE, found {shown(command.COMMAND)}")

    def _listen(self, address: str) -> None:
        try:
            TREE.find(address)
        except ControlError as error:
            self._refuse(error.address, error.reason)
            return
        if not self.sees(address):
            self._refuse(address, "is somebody else's, and not told to you")
            return
        if len(self.listens) >= MOST_LISTENS and address not in self.listens:
            self._refuse(address, f"listens to {MOST_LISTENS} addresses, no more are taken")
            return
        self.listens.add(address)
        present = self._player.read(address)
        if present is not None:  # whatever changed since the client read the tree
            self.reply(address, present)

    def _refuse(self, address: str, reason: str) -> None:
        self._player.refuse(self, address, reason)

    def close(self) -> None:
        """It has gone: what still waits for its time is not played."""
        self._timed.close()
        self.listens.clear()
        self._player.gone(self)
