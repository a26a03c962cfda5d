"""OSCQuery on one port of the desk's loop: the tree by HTTP, values both ways by WebSocket.

`websockets` serves both, since its server lets a plain GET be answered before the handshake: one
small package without dependencies, with bounds on lines, headers, messages and time, where aiohttp
would bring eight to do the same. Every answer closes its connection; clients that want a stream of
values have the WebSocket. What a browser may ask is in `origins`.
"""

import asyncio
import logging
from collections.abc import Collection, Iterable, Sequence
from http import HTTPStatus

import msgspec
from websockets.asyncio.server import Server, ServerConnection, serve
from websockets.datastructures import Headers
from websockets.exceptions import ConnectionClosed
from websockets.http11 import Request, Response

from performer.controllers.osc import address_of, encoded
from performer.controllers.osc.hosts import plain
from performer.controllers.oscquery.discovery import Announcement
from performer.controllers.oscquery.gate import Gate, Stranger, gated
from performer.controllers.oscquery.origins import host_may, origin_may
from performer.controllers.oscquery.peers import Peer, event
from performer.controllers.oscquery.tokens import WHO, token_of, without_token
from performer.controllers.oscquery.tree import Namespace
from performer.controllers.senders import Player, Sender
from performer.errors import DeviceError
from performer.parameters import Value

log = logging.getLogger("performer.oscquery")
wire = logging.getLogger("performer.oscquery.wire")
wire.setLevel(logging.CRITICAL)
"""`websockets` says a line for every request, and a page for bytes that come behind one; what is
wrong with ourselves is caught and logged here."""

LARGEST = 64 * 1024  # bytes of one message from a client
PATIENCE = 5.0  # s to send a request and to take its answer
FAREWELL = 1.0  # s to answer a close
BREATH = 64  # messages of one client until others get their turn

EXTENSIONS = dict.fromkeys(
    ("ACCESS", "VALUE", "RANGE", "DESCRIPTION", "UNIT", "CRITICAL",
     "LISTEN", "PATH_ADDED", "PATH_REMOVED"), True
)  # fmt: skip
"""What of the proposal's options there is; what is not named there is not."""


class OscQuery:
    """The OSCQuery server of a desk."""

    def __init__(
        self,
        player: Player,
        host: str,
        port: int,
        osc_port: int,
        name: str,
        origins: Collection[str] = (),
    ) -> None:
        """`name` is announced as it is; `origins` are further web pages' origins that may play."""
        self.player, self.host, self.port = player, host, port
        self.osc_port, self.name = osc_port, name
        self.origins = frozenset(origins)
        self.tree = Namespace(player)
        self.peers: set[Peer] = set()
        self._gate = Gate(player)
        self._server: Server | None = None
        self._announcement: Announcement | None = None

    async def start(self, announce: bool = True) -> None:
        """Listens, and announces itself a second later; DeviceError if the port is taken."""
        self._plant()
        host = str(address_of(self.host))
        try:
            self._server = await serve(
                self._talk, host, self.port, process_request=self._request,
                create_connection=gated(self._gate), compression=None, max_size=LARGEST,
                open_timeout=PATIENCE, close_timeout=FAREWELL, server_header=None, logger=wire,
            )  # fmt: skip
        except OSError as error:
            raise DeviceError(
                f"cannot serve OSCQuery on {self.host} TCP {self.port}: {error.strerror}. "
                "Another program may hold it; --oscquery-port chooses another"
            ) from None
        self._plant()  # who came or went meanwhile has not been told
        self.port = int(self._server.sockets[0].getsockname()[1])
        if announce:
            self._announcement = Announcement(self.name, host, self.port, self.osc_port)

    def _plant(self) -> None:
        self.tree = Namespace(self.player)
        self.tree.add(self.player.addresses())

    async def close(self) -> None:
        """Says goodbye, and stops listening."""
        if self._announcement is not None:
            await self._announcement.close()
        if self._server is not None:
            self._server.close()
            self._gate.close()
            await self._server.wait_closed()

    # ---- what the desk tells -------------------------------------------------------------------

    def told(self, address: str, args: Sequence[Value]) -> None:
        """A value that changed: sent to whoever listens to it."""
        listeners = [p for p in self.peers if address in p.listens and p.sees(address)]
        if listeners:
            data = encoded(address, args)
            for peer in listeners:
                peer.send(data)

    def paths_changed(self, added: Iterable[str], removed: Iterable[str]) -> None:
        """Addresses came or went; what lies within a new or lost path is not told one by one."""
        events = [(path, event("PATH_REMOVED", path)) for path in self.tree.remove(removed)]
        events += [(path, event("PATH_ADDED", path)) for path in self.tree.add(added)]
        for peer in tuple(self.peers):
            for path, one in events:
                if peer.sees(path):
                    peer.send(one)

    # ---- HTTP ----------------------------------------------------------------------------------

    def _request(self, socket: ServerConnection, request: Request) -> Response | None:
        """Answers a GET; None lets a WebSocket's handshake go on."""
        try:
            return self._response(socket, request)
        except Exception:
            log.exception("OSCQuery cannot answer %s", without_token(request.path)[:80])
            return _response(HTTPStatus.INTERNAL_SERVER_ERROR, b"see the log\n")

    def _response(self, socket: ServerConnection, request: Request) -> Response | None:
        host, origin = _header(request, "Host"), _header(request, "Origin")
        trusted = host_may(host) and origin_may(origin, host, self.origins)
        sender, upgrades = Stranger.of(socket), "Upgrade" in request.headers
        if not host_may(host) or (upgrades and not trusted):
            reason = f"a web page of {(origin or host or '')[:80]!r} may not talk to the desk"
            self.player.refuse(sender, "", reason)
            return _response(HTTPStatus.FORBIDDEN, reason.encode() + b"\n")
        if reason := self._unknown(sender, request):
            response = _response(HTTPStatus.UNAUTHORIZED, reason.encode() + b"\n")
            response.headers["WWW-Authenticate"] = "Bearer"
        elif upgrades:
            return None
        else:
            response = self._got(sender, request, str(socket.local_address[0]))
        if origin is not None:
            response.headers["Vary"] = "Origin"
            if trusted:  # else the browser keeps the answer from its page
                response.headers["Access-Control-Allow-Origin"] = origin
        return response

    def _got(self, sender: Sender, request: Request, here: str) -> Response:
        """What a GET gives; all else is refused."""
        if request.method == "GET":
            return _response(*self._answer(without_token(request.path), here, sender))
        response = _response(HTTPStatus.METHOD_NOT_ALLOWED, b"only GET is served\n")
        response.headers["Allow"] = "GET"
        return response

    def _unknown(self, sender: Sender, request: Request) -> str:
        """Why a request is from nobody; a right token makes somebody of its connection."""
        if self.player.trusts(sender.host):
            return ""
        token = token_of(request)
        if token is not None:
            return self.player.auth(sender, token)
        self.player.refuse(sender, "", WHO)
        return WHO

    def _answer(self, target: str, here: str, sender: Sender) -> tuple[HTTPStatus, bytes]:
        if not self.player.trusts(sender.host) and (reason := self.player.asks(sender)):
            return HTTPStatus.TOO_MANY_REQUESTS, reason.encode() + b"\n"
        query = target.partition("?")[2]
        if query.split("&")[0].split("=")[0] == "HOST_INFO":
            return HTTPStatus.OK, msgspec.json.encode(self.host_info(here))
        return self.tree.answer(target, self.player.whose(sender))

    def host_info(self, here: str) -> dict[str, object]:
        """HOST_INFO for a client that reached us at the address `here`. WebSocket: same port."""
        return {
            "NAME": self.name,
            "OSC_IP": plain(here),
            "OSC_PORT": self.osc_port,
            "OSC_TRANSPORT": "UDP",
            "EXTENSIONS": EXTENSIONS,
        }

    # ---- WebSocket -----------------------------------------------------------------------------

    async def _talk(self, socket: ServerConnection) -> None:
        """One WebSocket, from its handshake until it is closed."""
        here = str(socket.local_address[0])
        peer = Peer(socket, self.player, lambda query: self._answer(query, here, peer)[1].decode())
        self.peers.add(peer)
        try:
            await self._hear(socket, peer)
        except ConnectionClosed:
            pass  # it went without a goodbye
        except Exception:
            log.exception("OSCQuery cannot go on with %s", peer.key)
        finally:
            self.peers.discard(peer)
            peer.close()

    async def _hear(self, socket: ServerConnection, peer: Peer) -> None:
        count = 0
        async for message in socket:
            if isinstance(message, str) and message.startswith("/"):  # as libossia asks
                await peer.answer(message)
            elif isinstance(message, str):
                peer.text(message)
            else:
                peer.packet(message)
            count += 1
            if count % BREATH == 0:
                await asyncio.sleep(0)


def _header(request: Request, name: str) -> str | None:
    """A header; what came twice is neither of the two."""
    found = request.headers.get_all(name)
    return ", ".join(found) if found else None


def _response(status: HTTPStatus, body: bytes) -> Response:
    kind = "application/json" if status is HTTPStatus.OK else "text/plain; charset=utf-8"
    headers = Headers(
        {
            "Connection": "close",
            "Content-Type": kind,
            "Cache-Control": "no-store",
            "X-Content-Type-Options": "nosniff",
        }
    )
    if status is not HTTPStatus.NO_CONTENT:
        headers["Content-Length"] = str(len(body))
    return Response(status.value, status.phrase, headers, body)
