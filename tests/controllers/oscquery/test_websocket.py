"""OSCQuery's WebSocket: playing, listening, addresses that come and go, and its bounds."""

import asyncio
import json
import socket
import struct
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from socket import SO_RCVBUF, SO_SNDBUF, SOL_SOCKET, create_connection
from typing import Any, cast

import pytest
from websockets.exceptions import ConnectionClosed
from websockets.sync.client import ClientConnection

from performer.controllers.osc import encoded
from performer.controllers.oscquery import gate, peers, server
from performer.controllers.oscquery.peers import MOST_LISTENS
from performer.parameters import Value
from tests.controllers.oscquery.serving import LONG, Serving, person, serving, until
from tests.controllers.players import Recorder

pytestmark = pytest.mark.clock


@pytest.fixture(scope="module")
def shared() -> Iterator[Serving]:
    with serving() as served:
        yield served


@pytest.fixture
def one(shared: Serving) -> Serving:
    until(lambda: not shared.query.peers)
    shared.desk.clear()
    return shared


def say(socket: ClientConnection, command: str, path: str) -> None:
    socket.send(json.dumps({"COMMAND": command, "DATA": path}))


def listening(one: Serving, *addresses: str) -> bool:
    heard = {a for peer in one.query.peers for a in peer.listens}
    return heard == set(addresses)


def bundle(*messages: bytes, seconds: float = 0.0) -> bytes:
    ntp = seconds + 2208988800 if seconds else 0
    stamp = struct.pack(">II", int(ntp), int(ntp % 1 * 2**32)) if ntp else b"\0" * 7 + b"\1"
    return b"#bundle\0" + stamp + b"".join(struct.pack(">i", len(m)) + m for m in messages)


def test_binary_frames_are_osc(one: Serving) -> None:
    with one.socket() as socket:
        socket.send(encoded("/resonance", [0.5]))
        socket.send(bundle(encoded("/tap", []), encoded("/participant/*/solo", [1])))
        until(lambda: len(one.desk.played) == 3)
        port = socket.local_address[1]
        sender = one.desk.played[0][0]
        assert (sender.key, sender.host) == (f"ws 127.0.0.1:{port}", "127.0.0.1")
        assert one.desk.heard == [
            ("/resonance", (0.5,)), ("/tap", ()), ("/participant/*/solo", (1,))
        ]  # fmt: skip
        one.call(sender.reply, "/resonance", (0.25,))
        assert socket.recv(LONG) == encoded("/resonance", [0.25])
    until(lambda: one.desk.left == [sender])


def test_a_bundle_waits_for_its_time_and_dies_with_its_socket(one: Serving) -> None:
    with one.socket() as socket:
        socket.send(bundle(encoded("/tap", []), seconds=time.time() + 0.1))
        until(lambda: one.desk.played)
        socket.send(bundle(encoded("/panic", []), seconds=time.time() + 0.3))
        socket.send(encoded("/back", []))
        until(lambda: len(one.desk.played) == 2)
    until(lambda: one.desk.left)
    time.sleep(0.4)
    assert [a for a, _ in one.desk.heard] == ["/tap", "/back"]


def test_listeners_are_told_what_they_listen_to_and_nothing_else(one: Serving) -> None:
    with one.socket() as socket, one.socket() as other:
        say(socket, "LISTEN", "/coupling")
        assert socket.recv(LONG) == encoded("/coupling", [0.3])  # where it stands now
        say(socket, "LISTEN", "/tempo/now")  # nothing yet
        say(other, "LISTEN", "/brightness")
        assert other.recv(LONG) == encoded("/brightness", [0.8])
        until(lambda: listening(one, "/coupling", "/tempo/now", "/brightness"))
        one.call(one.query.told, "/coupling", (0.75,))
        one.call(one.query.told, "/brightness", (0.5,))
        one.call(one.query.told, "/tempo/now", (72.0,))
        assert socket.recv(LONG) == encoded("/coupling", [0.75])
        assert socket.recv(LONG) == encoded("/tempo/now", [72.0])
        assert other.recv(LONG) == encoded("/brightness", [0.5])
        say(socket, "IGNORE", "/coupling")
        until(lambda: listening(one, "/tempo/now", "/brightness"))
        one.call(one.query.told, "/coupling", (0.1,))
        one.call(one.query.told, "/tempo/now", (73.0,))
        assert socket.recv(LONG) == encoded("/tempo/now", [73.0])


def test_paths_that_come_and_go_are_told_once_and_the_tree_has_them(one: Serving) -> None:
    eve: dict[str, tuple[Value, ...]] = person("eve")
    with one.socket() as socket:
        until(lambda: one.query.peers)
        one.desk.values.update(eve)
        one.call(one.query.paths_changed, list(eve), [])
        added = {"COMMAND": "PATH_ADDED", "DATA": "/participant/eve"}
        assert json.loads(socket.recv(LONG)) == added
        assert one.json("/participant/eve/feeling?VALUE") == {"VALUE": [0.25, -0.5]}
        first, *others = eve
        one.call(one.query.paths_changed, ["/participant/eve/input/haze"], [first])
        got = [json.loads(socket.recv(LONG)) for _ in range(2)]
        assert [(g["COMMAND"], g["DATA"]) for g in got] == [
            ("PATH_REMOVED", first), ("PATH_ADDED", "/participant/eve/input/haze")
        ]  # fmt: skip
        one.call(one.query.paths_changed, [], [*others, "/participant/eve/input/haze"])
        removed = {"COMMAND": "PATH_REMOVED", "DATA": "/participant/eve"}
        assert json.loads(socket.recv(LONG)) == removed
        assert one.get("/participant/eve")[0] == 404
        one.call(one.query.paths_changed, list(person("ada")), ["/participant/who/solo"])
        one.call(one.query.paths_changed, ["/no/such/address"], [])
        with pytest.raises(TimeoutError):
            socket.recv(0.1)  # ada was there, the others never were
    for address in eve:
        del one.desk.values[address]


def test_queries_as_text_are_answered_as_libossia_expects(one: Serving) -> None:
    with one.socket() as socket:
        socket.send("/resonance?VALUE")
        assert json.loads(socket.recv(LONG)) == {"VALUE": [0.35]}
        socket.send("/?HOST_INFO")
        assert json.loads(socket.recv(LONG))["OSC_PORT"] == 7000


def test_the_whole_tree_of_many_people_is_no_reason_to_cut_who_asked(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """However slowly it takes the answer; what is told meanwhile is bounded as ever."""
    monkeypatch.setattr(peers, "MOST_BUFFERED", 2000)
    with serving() as served, ExitStack() as stack:
        for n in range(100):
            served.desk.values |= person(f"sim-{n}")
        served.call(served.query.paths_changed, served.desk.addresses(), [])
        listens = served.query._server  # pyright: ignore[reportPrivateUsage]
        assert listens is not None
        for each in listens.sockets:
            each.setsockopt(SOL_SOCKET, SO_SNDBUF, 4096)

        def small(**options: int) -> ClientConnection:
            narrow = stack.enter_context(socket.socket())
            narrow.setsockopt(SOL_SOCKET, SO_RCVBUF, 4096)
            narrow.connect(("127.0.0.1", served.port))
            return stack.enter_context(served.socket(sock=narrow, max_size=None, **options))

        slow = small()
        slow.send("/")
        assert len(slow.recv(LONG)) > 50_000
        say(slow, "LISTEN", "/preset")
        until(lambda: listening(served, "/preset"))
        stuck = small(max_queue=1, close_timeout=0)
        say(stuck, "LISTEN", "/coupling")
        until(lambda: listening(served, "/preset", "/coupling"))
        stuck.send("/")
        stuck.send("/")
        for _ in range(2000):
            served.call(served.query.told, "/coupling", ("x" * 500,))
            if len(served.query.peers) == 1:
                break
        until(lambda: len(served.query.peers) == 1, "it was never dropped")


class Wire:
    """A WebSocket and its transport: what waits in it, and whether it was cut."""

    def __init__(self) -> None:
        self.transport, self.remote_address = self, ("10.0.0.4", 5000)
        self.waiting, self.cut = 0, False
        self.sending: Callable[[], None] = lambda: None

    async def send(self, data: bytes, text: bool) -> None:
        self.waiting = len(data)
        self.sending()

    def get_write_buffer_size(self) -> int:
        return self.waiting

    def is_closing(self) -> bool:
        return self.cut

    def abort(self) -> None:
        self.cut = True


def test_what_is_told_while_an_answer_is_on_its_way_is_counted_beside_it(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(peers, "broadcast", lambda *_: None)  # pyright: ignore[reportUnknownLambdaType, reportUnknownArgumentType]
    wire = Wire()

    async def asked() -> None:
        peer = peers.Peer(cast(Any, wire), Recorder(), lambda query: "x" * 10**6)

        def tell() -> None:
            peer.reply("/coupling", [0.5])
            assert not wire.cut
            wire.waiting += peers.MOST_BUFFERED + 1
            peer.reply("/coupling", [0.5])
            assert wire.cut

        wire.sending = tell
        await peer.answer("/")
        wire.cut = False
        peer.reply("/coupling", [0.5])

    asyncio.run(asked())
    assert wire.cut, "the answer counts no more when it was taken"


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("hello", "not a command"),
        ("", "not a command"),
        ("[]", "not a command"),
        ('{"COMMAND": 7, "DATA": "/x"}', "not a command"),
        ('{"COMMAND": "LISTEN"}', "not a command"),
        ("[" * 60000, "not a command"),
        ('{"DATA":' * 8000, "not a command"),
        ('{"MORE":' + "[" * 60000, "not a command"),
        ('{"COMMAND": "\\ud800", "DATA": ""}', "not a command"),
        ('{"COMMAND": "REBOOT", "DATA": "/"}', "knows LISTEN and IGNORE, found 'REBOOT'"),
        ('{"COMMAND": "LISTEN", "DATA": "/nowhere"}', "no such address"),
        ('{"COMMAND": "LISTEN", "DATA": "/participant/A/solo"}', "a participant's id"),
    ],
)
def test_what_is_no_command_is_one_refusal(one: Serving, text: str, reason: str) -> None:
    with one.socket() as socket:
        socket.send(text)
        say(socket, "LISTEN", "/coupling")
        assert socket.recv(LONG) == encoded("/coupling", [0.3])
    assert len(one.desk.refused) == 1
    assert reason in one.desk.refused[0][2]


def test_what_is_no_packet_is_one_refusal(one: Serving) -> None:
    with one.socket() as socket:
        socket.send(b"resonance")
        until(lambda: one.desk.refused)
        socket.send(encoded("/tap", []))
        until(lambda: one.desk.played)
    assert "not an OSC packet" in one.desk.refused[0][2]


def test_one_client_listens_to_so_much_only(one: Serving) -> None:
    with one.socket() as socket:
        for n in range(MOST_LISTENS + 1):
            say(socket, "LISTEN", f"/participant/{n}/solo")
        say(socket, "LISTEN", "/participant/0/solo")  # has it already
        until(lambda: one.desk.refused)
    assert [a for a, _ in one.desk.reasons] == [f"/participant/{MOST_LISTENS}/solo"]


def test_a_message_may_be_so_long_only(one: Serving) -> None:
    with one.socket() as socket:
        socket.send(b"/" * (server.LARGEST + 1))
        with pytest.raises(ConnectionClosed):
            socket.recv(LONG)
        assert socket.close_code == 1009


def test_only_so_many_may_be_connected(one: Serving, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(gate, "MOST_CONNECTIONS", 2)
    with one.socket(), one.socket():
        with pytest.raises(Exception):  # noqa: B017, PT011 - reset or cut off, as the kernel likes
            one.socket()
        assert "connections are open" in one.desk.refused[0][2]
    until(lambda: not one.query.peers)
    with one.socket():
        pass


def test_a_client_that_does_not_read_is_dropped_and_others_are_served(
    one: Serving, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(peers, "MOST_BUFFERED", 20_000)
    with one.socket(max_queue=1, close_timeout=0.2) as stuck, one.socket() as reads:
        say(stuck, "LISTEN", "/preset")
        say(reads, "LISTEN", "/coupling")
        assert reads.recv(LONG) == encoded("/coupling", [0.3])
        until(lambda: listening(one, "/preset", "/coupling"))
        for _ in range(2000):  # what the kernel holds for it, and then some
            one.call(one.query.told, "/preset", ("x" * 8000,))
            if len(one.query.peers) == 1:
                break
        until(lambda: len(one.query.peers) == 1, "it was never dropped")
        one.call(one.query.told, "/coupling", (1.0,))
        assert reads.recv(LONG) == encoded("/coupling", [1.0])


def test_closing_says_goodbye_and_waits_for_nobody() -> None:
    with ExitStack() as stack:
        with serving() as served:
            socket = stack.enter_context(served.socket())
            idle = stack.enter_context(create_connection(("127.0.0.1", served.port)))
            until(lambda: served.query.peers)
            began = time.monotonic()
        assert time.monotonic() - began < server.PATIENCE
        with pytest.raises(ConnectionClosed):
            socket.recv(LONG)
        assert socket.close_code == 1001
        idle.close()
