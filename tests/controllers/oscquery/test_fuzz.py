"""OSCQuery's intakes under garbage: every connection ends, nothing is raised, others are served."""

import contextlib
import logging
import os
import socket
import struct
from collections.abc import Iterator

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from performer.controllers.osc import encoded
from performer.controllers.oscquery import server
from performer.controllers.oscquery.tree import Namespace
from tests.controllers.oscquery.serving import LONG, Desk, Serving, serving, until, values

pytestmark = pytest.mark.clock

FEW = settings(max_examples=120, suppress_health_check=[HealthCheck.function_scoped_fixture])
GET = b"GET /resonance?VALUE HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n"
UPGRADE = (
    b"GET / HTTP/1.1\r\nHost: 127.0.0.1\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
    b"Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==\r\n\r\n"
)
Change = tuple[int, int, bytes]
WORDS = ("/", "?", "&", "=", "%", "%2F", "*", "look", "energy", "tempo", "VALUE", "HOST_INFO")
CHANGES = st.lists(
    st.tuples(st.integers(0, 400), st.integers(0, 30), st.binary(max_size=20)), max_size=4
)


@pytest.fixture(scope="module")
def shared() -> Iterator[Serving]:
    with serving() as served:
        yield served


@pytest.fixture
def one(shared: Serving, caplog: pytest.LogCaptureFixture) -> Iterator[Serving]:
    """A server that has logged no error and serves everybody when the test is over."""
    yield shared
    until(lambda: not shared.query.peers)
    logged = caplog.get_records("call")
    assert [r.getMessage() for r in logged if r.levelno >= logging.ERROR] == []
    assert shared.json("/resonance?VALUE") == {"VALUE": [0.35]}


def mutated(data: bytes, changes: list[Change]) -> bytes:
    for at, length, put in changes:
        at %= len(data) + 1
        data = data[:at] + put + data[at + length :]
    return data


def said_to(one: Serving, data: bytes, after: bytes = b"") -> bytes:
    """Everything that is answered to some bytes and their end; fails if it does not end.

    `after` is sent once something was answered.
    """
    with socket.create_connection(("127.0.0.1", one.port), timeout=LONG) as client:
        answer = b""
        try:
            client.sendall(data)
            if b"\r\n\r\n" in data:  # to an end that comes at once nothing is answered
                answer = client.recv(65536)
            client.sendall(after)
            client.shutdown(socket.SHUT_WR)
            while part := client.recv(65536):
                answer += part
        except ConnectionError:
            pass  # cut off is an end, too
        return answer


def frame(opcode: int, payload: bytes, final: bool = True) -> bytes:
    """A masked WebSocket frame, its mask nothing."""
    size = len(payload)
    length = bytes([0x80 | size]) if size < 126 else b"\xfe" + struct.pack(">H", size)
    return bytes([final << 7 | opcode]) + length + b"\0\0\0\0" + payload


@FEW
@given(st.sampled_from([GET, UPGRADE]), CHANGES)
@example(b"", [])
@example(b"\0" * 5000, [])
@example(b"GET / HTTP/9.9\r\n\r\n", [])
@example(b"GET " + b"/x" * 5000 + b" HTTP/1.1\r\n\r\n", [])
@example(GET[:-2] + b"X: " + b"y" * 9000 + b"\r\n\r\n", [])
@example(GET[:-2] + b"X: y\r\n" * 5000 + b"\r\n", [])
@example(GET * 50, [])
@example(GET.replace(b"127.0.0.1", b"[::1"), [])
@example(GET.replace(b"\r\n\r\n", b"\r\nContent-Length: 99999999999\r\n\r\n"), [])
@example(GET.replace(b"\r\n\r\n", b"\r\nHost: x\r\n\r\n"), [])
@example(UPGRADE.replace(b"\r\n\r\n", b"\r\nOrigin: a\r\nOrigin: b\r\n\r\n"), [])
def test_mutated_requests_are_answered_or_cut_off(
    one: Serving, data: bytes, changes: list[Change]
) -> None:
    answer = said_to(one, mutated(data, changes))
    assert not answer or answer.startswith(b"HTTP/1.1 ")
    assert b" 500 " not in answer[:16]


FRAMES = [
    frame(1, b'{"COMMAND": "LISTEN", "DATA": "/resonance"}'),
    frame(1, b"/look?VALUE"),
    frame(2, encoded("/resonance", [0.5])),
    frame(2, b"#bundle\0" + b"\0" * 7 + b"\1" + b"\xff\xff\xff\xfc" * 2),
    frame(9, b"ping"),
    frame(8, struct.pack(">H", 1000)),
]


@FEW
@given(st.lists(st.sampled_from(FRAMES), max_size=4), CHANGES)
@example([frame(1, b"\xff\xfe")], [])
@example([frame(1, b"[" * 60000)], [])
@example([frame(1, b"half", final=False)], [])
@example([frame(2, b"", final=False)] * 3000, [])
@example([frame(9, b"x" * 126)], [])
@example([b"\x82\xff" + b"\xff" * 8], [])
@example([b"\xf2\x80\0\0\0\0"], [])
def test_mutated_frames_are_played_refused_or_cut_off(
    one: Serving, frames: list[bytes], changes: list[Change]
) -> None:
    answer = said_to(one, UPGRADE, mutated(b"".join(frames), changes) or b"\0")
    assert answer.startswith(b"HTTP/1.1 101 ")


@FEW
@given(st.text(max_size=80) | st.lists(st.sampled_from(WORDS)).map("".join))
def test_no_target_raises(target: str) -> None:
    tree = Namespace(Desk(values=values()))
    tree.add(["/tempo", "/tempo/now", "/look/energy"])
    status, _ = tree.answer(target)
    assert status in (200, 204, 400, 404)


def test_a_burst_of_junk_from_many_at_once_leaves_nothing_behind(one: Serving) -> None:
    before = len(os.listdir("/proc/self/fd")) if os.path.isdir("/proc/self/fd") else 0
    clients = [socket.create_connection(("127.0.0.1", one.port)) for _ in range(50)]
    for n, client in enumerate(clients):
        client.sendall(os.urandom(2000) if n % 2 else GET[: n % len(GET)])
    for client in clients:
        client.close()
    until(lambda: not one.query._gate._inside)  # pyright: ignore[reportPrivateUsage]
    if before:
        until(lambda: len(os.listdir("/proc/self/fd")) <= before)


def test_half_a_request_is_not_waited_for(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(server, "PATIENCE", 0.2)
    with serving() as one, socket.create_connection(("127.0.0.1", one.port)) as client:
        client.settimeout(LONG)
        client.sendall(GET[:-3])
        with contextlib.suppress(ConnectionError):
            assert client.recv(100) == b""
        assert one.json("/resonance?VALUE") == {"VALUE": [0.35]}


def test_an_answer_that_is_not_taken_is_not_kept(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(server, "PATIENCE", 0.3)
    with serving() as one:
        many = [f"/participant/{n}/{tail}" for n in range(4000) for tail in ("solo", "feeling")]
        one.call(one.query.paths_changed, many, [])
        with socket.create_connection(("127.0.0.1", one.port)) as client:
            client.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
            client.sendall(b"GET / HTTP/1.1\r\n\r\n")
            inside = one.query._gate._inside  # pyright: ignore[reportPrivateUsage]
            until(lambda: inside, "it never came in")
            until(lambda: not inside, "it was kept")
