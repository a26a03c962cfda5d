"""Real clients on a real night: gets, subscriptions, TCP, OSCQuery, all at once."""

import contextlib
import json
import socket
import subprocess
import urllib.request
from collections.abc import Iterator
from typing import Any

import pytest
from pythonosc.osc_packet import OscPacket
from websockets.sync.client import connect

from performer.bus import free_port
from performer.frame import PURPOSES
from performer.parameters import Value
from performer.show.shows import load_show

from .conftest import Start
from .nights import Night, packet, value, wait


class Client:
    """An OSC client with a socket of its own."""

    def __init__(self, night: Night) -> None:
        self.night = night
        self._socket = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self._socket.bind(("127.0.0.1", 0))
        self._socket.setblocking(False)
        self.told: list[tuple[str, list[object]]] = []
        self.read: dict[str, int] = {}

    def send(self, address: str, *args: Value) -> None:
        self._socket.sendto(packet(address, *args), ("127.0.0.1", self.night.port))

    def heard(self, address: str) -> list[list[object]]:
        with contextlib.suppress(BlockingIOError):
            while True:
                for one in OscPacket(self._socket.recv(65536)).messages:
                    self.told.append((one.message.address, list(one.message)))
        return [args for found, args in self.told if found == address]

    def answer(self, address: str) -> list[object]:
        """Waits for the next message of an address that was not yet asked for here."""
        read = self.read.get(address, 0)
        found = wait(f"an answer to {address}", lambda: self.heard(address)[read:], 10)[0]
        self.read[address] = read + 1
        return found

    def close(self) -> None:
        self._socket.close()


@pytest.fixture(scope="module")
def night(start: Start) -> Night:
    night = start("--participants", "3", query_port=free_port()).ready()
    wait("OSCQuery is open", lambda: "OSCQuery on" in night.log)
    return night


@pytest.fixture
def client(night: Night) -> Iterator[Client]:
    one = Client(night)
    yield one
    one.close()


@pytest.fixture
def other(night: Night) -> Iterator[Client]:
    one = Client(night)
    yield one
    one.close()


def test_what_is_asked_is_answered_to_who_asks(night: Night, client: Client) -> None:
    client.send("/look/glow", 0.625)
    client.send("/look/glow")
    assert client.answer("/look/glow") == [0.625]
    client.send("/participant/sim-*/cap", 0.5)
    client.send("/participant/sim-*/cap", "?")
    for n in (1, 2, 3):
        assert client.answer(f"/participant/sim-{n}/cap") == [0.5]


def test_a_subscriber_is_told_what_others_do(night: Night, client: Client, other: Client) -> None:
    client.send("/subscribe")
    client.send("/status")
    client.answer("/status/subscribers")
    other.send("/resonance", 0.375)
    assert client.answer("/resonance") == [0.375]
    client.send("/unsubscribe")
    client.send("/status")
    client.answer("/status/refused")
    other.send("/resonance", 0.5)
    night.when("it is there", lambda f: value(f, "/resonance") == 0.5)
    client.send("/resonance")
    assert client.answer("/resonance") == [0.5]
    assert client.heard("/resonance") == [[0.375], [0.5]], "one telling, one answer, no more"


def test_sync_brings_everything(night: Night, client: Client) -> None:
    client.send("/look/rim", 0.875)
    client.send("/sync")
    assert client.answer("/status/fps")
    assert client.heard("/look/rim")[-1] == [0.875]
    wait("a person's values", lambda: client.heard("/participant/sim-3/palette"), 10)
    wait("a sign of life", lambda: night.feedback.of("/alive"), 10)


def test_liblo_plays_over_tcp(night: Night) -> None:
    subprocess.run(["oscsend", f"osc.tcp://127.0.0.1:{night.port}", "/look/warp", "f", "0.125"],
                   check=True, timeout=10)  # fmt: skip
    night.when("it is there", lambda f: value(f, "/look/warp") == 0.125)


def test_slip_over_tcp_is_answered_in_slip(night: Night) -> None:
    with socket.create_connection(("127.0.0.1", night.port), 5) as tcp:
        for message in (packet("/look/drift", 0.25), packet("/look/drift")):
            escaped = message.replace(b"\xdb", b"\xdb\xdd").replace(b"\xc0", b"\xdb\xdc")
            tcp.sendall(b"\xc0" + escaped + b"\xc0")
        data, wanted = b"", packet("/look/drift", 0.25)
        while wanted not in data:
            got = tcp.recv(4096)
            assert got, f"the connection ended after {data!r}"
            data += got
    assert data.strip(b"\xc0") == wanted


def query(night: Night, path: str) -> Any:
    port = night.query_port
    with urllib.request.urlopen(f"http://127.0.0.1:{port}{path}", timeout=10) as answer:
        return json.load(answer)


def test_oscquery_knows_the_night(night: Night, client: Client) -> None:
    info = query(night, "/?HOST_INFO")
    assert info["OSC_PORT"] == night.port
    client.send("/look/grain", 0.75)
    client.send("/look/grain")
    client.answer("/look/grain")
    assert query(night, "/look/grain?VALUE") == {"VALUE": [0.75]}
    for n in (1, 2, 3):
        assert query(night, f"/participant/sim-{n}/solo?VALUE") == {"VALUE": [0]}


def readable(node: Any) -> Iterator[str]:
    """Addresses of a tree that OSCQuery says can be read."""
    if node["ACCESS"] & 1:
        yield node["FULL_PATH"]
    for child in node.get("CONTENTS", {}).values():
        yield from readable(child)


def test_every_address_that_can_be_read_is_answered_by_udp(night: Night, client: Client) -> None:
    client.send("/resonance")
    client.answer("/resonance")
    found = list(readable(query(night, "/")))
    assert {"/cue/notes", "/alive", "/clamped", "/learning", "/volume"} <= set(found)
    assert {"/participant/sim-1/consent", "/participant/sim-3/waiting"} <= set(found)
    for address in found:
        client.send(address, "?")
        assert client.answer(address)
    assert len(client.heard("/participant/sim-1/consent")) == len(PURPOSES)


def test_the_cue_that_stands_by_is_shown_before_it_is_taken(night: Night, client: Client) -> None:
    first, second, third = load_show("luna-circle").show.phase[:3]

    def asked(what: str) -> list[object]:
        client.send(f"/cue/{what}")
        return client.answer(f"/cue/{what}")

    assert [asked(w)[0] for w in ("current", "next", "notes")] == [
        first.name, second.name, second.notes,
    ]  # fmt: skip
    left = float(str(asked("remaining")[0]))
    assert 0.0 < left < first.seconds
    wait("it runs down", lambda: float(str(asked("remaining")[0])) < left - 1.0, 10)
    wait("it is told too", lambda: len(night.feedback.of("/cue/remaining")) > 1, 10)
    client.send("/go")
    wait("it is taken", lambda: asked("current") == [second.name], 10)
    assert (asked("next"), asked("notes")) == ([third.name], [third.notes])
    assert second.seconds - 20.0 < float(str(asked("remaining")[0])) <= second.seconds
    for what, said in (("current", second.name), ("next", third.name), ("notes", third.notes)):
        wait("it is told", lambda w=what, s=said: [s] in night.feedback.of(f"/cue/{w}"), 10)


def test_a_websocket_is_told_of_values_and_people(night: Night, client: Client) -> None:
    with connect(f"ws://127.0.0.1:{night.query_port}/", open_timeout=10) as ws:
        ws.send(json.dumps({"COMMAND": "LISTEN", "DATA": "/look/speed"}))
        began = ws.recv(timeout=10)
        assert isinstance(began, bytes)
        assert began.startswith(b"/look/speed"), "LISTEN is answered with the present value"
        client.send("/look/speed", 1.5)
        assert ws.recv(timeout=10) == packet("/look/speed", 1.5)
        client.send("/participant/ada/join")
        told: set[tuple[str, str]] = set()
        # a join takes a simulated person's place
        while told != {("PATH_ADDED", "/participant/ada"), ("PATH_REMOVED", "/participant/sim-3")}:
            said = ws.recv(timeout=10)
            assert isinstance(said, str)
            found = json.loads(said)
            told.add((found["COMMAND"], found["DATA"]))
        ws.send(packet("/participant/ada/cap", 0.25))
        night.when("it plays", lambda f: "ada" in f.people.ids
                   and f.people.cap[f.people.ids.index("ada")] == 0.25)  # fmt: skip


def test_the_night_refused_nothing_and_ends_well(night: Night) -> None:
    assert night.counts()[1] == 0, night.log
    assert night.interrupt()[0] == 0
