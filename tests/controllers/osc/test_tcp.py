"""OSC over TCP on real sockets: both framings, answers in the same one, and nobody in the way."""

import asyncio
import contextlib
import socket
import subprocess
import time
from collections.abc import Callable, Iterator, Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st

from performer.controllers.osc import TcpIntake, encoded, opened, tcp
from performer.controllers.osc.framing import END, Framing, Prefixed, Slip
from performer.controllers.osc.tcp import (
    LONGEST_TURN,
    MOST_BAD,
    MOST_CONNECTIONS,
    MOST_DROPPED,
    MOST_OF_A_HOST,
    TcpSender,
)
from performer.controllers.senders import Sender
from performer.errors import DeviceError
from tests.controllers.osc.packets import RESONANCE, TAP, bundle, message, stamped
from tests.controllers.players import Recorder

pytestmark = pytest.mark.clock  # bundles have a time, and sockets take theirs

LAST = encoded("/last", [])


class Heard(Recorder):
    """A player with an intake on a port of its own, and the peers that connected to it."""

    def __init__(self, allowed: tuple[str, ...] = ()) -> None:
        super().__init__(allowed)
        self.loop = asyncio.new_event_loop()
        self.tcp = self.loop.run_until_complete(TcpIntake.opened("127.0.0.1", 0, self))
        self.peers: list[socket.socket] = []

    def refuse(self, sender: Sender, address: str, reason: str) -> None:
        """Remembers a refusal and tells the peer, as the desk does."""
        super().refuse(sender, address, reason)
        sender.reply("/refused", [address, reason])

    def peer(self, data: bytes = b"") -> socket.socket:
        """A new connection that has sent something."""
        peer = socket.create_connection(("127.0.0.1", self.tcp.port), timeout=5.0)
        self.peers.append(peer)
        peer.sendall(data)
        return peer

    def until(self, done: Callable[[], object]) -> None:
        """Lets the loop run until something is so; fails after 5 s."""
        end = time.monotonic() + 5.0
        while not done():
            assert time.monotonic() < end, "it never came to be"
            self.loop.run_until_complete(asyncio.sleep(0.002))

    def said_to(self, peer: socket.socket) -> bytes:
        """Some of what a peer is sent; empty when it is cut off."""
        peer.setblocking(False)
        got: list[bytes] = []

        def tried() -> bool:
            with contextlib.suppress(BlockingIOError):
                try:
                    got.append(peer.recv(65536))
                except ConnectionResetError:
                    got.append(b"")
            return bool(got)

        self.until(tried)
        return got[0]

    def close(self) -> None:
        for peer in self.peers:
            peer.close()
        self.tcp.close()
        self.until(lambda: not self.tcp.connections)
        self.loop.run_until_complete(asyncio.sleep(0))
        self.loop.close()


@pytest.fixture
def heard() -> Iterator[Heard]:
    one = Heard()
    yield one
    one.close()


@pytest.mark.parametrize("framing", [Slip(), Prefixed()])
def test_messages_are_played_and_answered_in_the_framing_they_came_in(
    heard: Heard, framing: Framing
) -> None:
    peer = heard.peer(framing.framed(RESONANCE) + framing.framed(bundle(TAP, TAP))[:9])
    heard.until(lambda: heard.played)
    peer.sendall(framing.framed(bundle(TAP, TAP))[9:])
    heard.until(lambda: len(heard.played) == 3)
    assert heard.heard == [("/resonance", (0.5,)), ("/tap", ()), ("/tap", ())]
    senders = {id(sender): sender for sender, _, _ in heard.played}
    [sender] = senders.values()
    assert sender.key == f"tcp 127.0.0.1:{peer.getsockname()[1]}"
    assert sender.host == "127.0.0.1"
    sender.reply("/tempo", [60.0, "\xc0"])
    assert heard.said_to(peer) == framing.framed(encoded("/tempo", [60.0, "\xc0"]))
    assert heard.tcp.received == 2
    assert not heard.refused
    peer.close()
    heard.until(lambda: heard.left)
    assert heard.left == [sender]
    assert (heard.tcp.connections, heard.tcp.received) == (0, 2)
    sender.reply("/tempo", [60.0])  # nobody is there: nobody's problem


def test_slip_with_single_ends_is_read_too(heard: Heard) -> None:
    heard.peer(RESONANCE + END + TAP + END)
    heard.until(lambda: len(heard.played) == 2)
    assert not heard.refused


def test_liblo_plays_over_tcp(heard: Heard) -> None:
    url = f"osc.tcp://127.0.0.1:{heard.tcp.port}/"
    sent = subprocess.Popen(["oscsend", url, "/preset", "sfI", "luna", "2.5"])
    heard.until(lambda: heard.left)
    assert sent.wait(timeout=5) == 0
    assert heard.heard == [("/preset", ("luna", 2.5, 1.0))]
    assert not heard.refused


def test_a_bundle_waits_for_its_time_and_ends_with_its_connection(heard: Heard) -> None:
    slip, soon = Slip(), time.time() + 0.15
    stays = heard.peer(slip.framed(bundle(RESONANCE, stamp=stamped(soon))))
    leaves = heard.peer(slip.framed(bundle(TAP, stamp=stamped(soon))))
    heard.until(lambda: heard.tcp.received == 2)
    assert not heard.played
    leaves.close()
    heard.until(lambda: heard.left)
    heard.until(lambda: time.time() > soon + 0.1)
    assert heard.heard == [("/resonance", (0.5,))]
    stays.close()
    heard.until(lambda: not heard.tcp.connections)
    assert heard.tcp.received == 2


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (b"POST /resonance HTTP/1.1\r\n\r\n", "neither with a SLIP frame nor with a length"),
        (b"\0\xff\xff\xff", "a frame of 16777215 bytes"),
        (Slip().framed(b"noise") * MOST_BAD, "not an OSC packet"),
        ((b"/a\xdb" + END) * MOST_BAD, "an escape that is none"),
        (Prefixed().framed(b"noise") * MOST_BAD, "not an OSC packet"),
    ],
)
def test_who_sends_what_is_none_is_told_and_cut_off(heard: Heard, data: bytes, reason: str) -> None:
    peer = heard.peer(data + Slip().framed(TAP))
    said = b"".join(iter(lambda: heard.said_to(peer), b""))
    assert (b"cut off" in said) is not data.startswith(b"POST")  # no framing, no answer
    heard.until(lambda: heard.left)
    assert reason in heard.reasons[0][1]
    assert heard.reasons[-1] == ("", "sends what is no OSC: cut off")
    assert not heard.played
    assert len(heard.reasons) <= MOST_BAD + 1


def test_a_slip_of_one_frame_is_forgiven(heard: Heard) -> None:
    slip = Slip()
    bad = slip.framed(b"noise") * (MOST_BAD - 1)
    heard.peer((bad + slip.framed(TAP)) * 3)
    heard.until(lambda: len(heard.played) == 3)
    assert len(heard.refused) == 3 * (MOST_BAD - 1)
    assert heard.tcp.connections == 1


def test_who_does_not_read_is_cut_off_and_others_are_not(heard: Heard) -> None:
    prefixed = Prefixed()
    deaf, other = heard.peer(prefixed.framed(TAP)), heard.peer(prefixed.framed(RESONANCE))
    heard.until(lambda: len(heard.played) == 2)
    senders = {address: sender for sender, address, _ in heard.played}
    word = "x" * 8000
    for _ in range(MOST_DROPPED + 3000):  # whatever the kernel keeps for a peer, it is less
        senders["/tap"].reply("/word", [word])
    assert heard.reasons == [("", "does not read what it is told: cut off")]
    heard.until(lambda: heard.left)
    assert heard.left == [senders["/tap"]]
    senders["/resonance"].reply("/tempo", [60.0])
    assert heard.said_to(other) == prefixed.framed(encoded("/tempo", [60.0]))
    deaf.close()


def test_who_reads_late_loses_little_and_stays(heard: Heard) -> None:
    prefixed = Prefixed()
    peer = heard.peer(prefixed.framed(TAP))
    heard.until(lambda: heard.played)
    sender = heard.played[0][0]
    assert isinstance(sender, TcpSender)
    word, last = prefixed.framed(encoded("/word", ["x" * 8000])), prefixed.framed(LAST)
    for _ in range(4000):
        if sender._dropped < 9:  # pyright: ignore[reportPrivateUsage]
            sender.reply("/word", ["x" * 8000])
    got = b""
    while not got.endswith(last):
        more = heard.said_to(peer)
        assert more, "it was cut off"
        got += more
        sender.reply("/last", [])
    assert got.startswith(word)
    assert got.replace(word, b"").replace(last, b"") == b""
    assert not heard.refused


def test_a_flood_is_read_in_turns(heard: Heard) -> None:
    slip, many = Slip(), 5000
    loud, quiet = heard.peer(), heard.peer()
    loud.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, 1 << 20)
    loud.setblocking(False)
    rest = slip.framed(RESONANCE) * many

    def sent() -> bool:
        nonlocal rest
        with contextlib.suppress(BlockingIOError):
            rest = rest[loud.send(rest) :]
        return not rest or len(heard.played) > 500

    heard.until(sent)
    quiet.sendall(slip.framed(TAP))
    heard.until(lambda: sent() and len(heard.played) == many + 1)
    assert ("/tap", ()) in heard.heard[:-1]


def test_only_so_many_may_connect(heard: Heard) -> None:
    for _ in range(MOST_CONNECTIONS):
        heard.peer()
    heard.until(lambda: heard.tcp.connections == MOST_CONNECTIONS)
    assert heard.said_to(heard.peer(Slip().framed(TAP))) == b""
    [(_, _, reason)] = heard.refused
    assert reason == f"{MOST_CONNECTIONS} TCP connections are open; close one of them first"
    heard.peers[0].close()
    heard.until(lambda: heard.tcp.connections == MOST_CONNECTIONS - 1)
    heard.peer(Slip().framed(TAP))
    heard.until(lambda: heard.played)
    assert len(heard.left) == 1  # who was never let in has not left


class Strangers(Heard):
    """Only some hosts are trusted, and only some senders have said a token."""

    def __init__(self) -> None:
        self.trusted, self.own = set[str](), set[str]()
        super().__init__()

    def trusts(self, host: str) -> bool:
        return host in self.trusted

    def known(self, sender: Sender) -> bool:
        return sender.key in self.own


def test_a_host_that_is_not_trusted_gets_a_few_places() -> None:
    heard = Strangers()
    for _ in range(MOST_OF_A_HOST):
        heard.peer()
    heard.until(lambda: heard.tcp.connections == MOST_OF_A_HOST)
    assert heard.said_to(heard.peer(Slip().framed(TAP))) == b""
    assert "8 TCP connections of 127.0.0.1 are open" in heard.reasons[0][1]
    assert heard.tcp.connections == MOST_OF_A_HOST
    heard.trusted.add("127.0.0.1")
    heard.peer(Slip().framed(TAP))
    heard.until(lambda: heard.played)
    heard.close()


def test_who_is_trusted_displaces_a_stranger_before_the_owner_of_a_token(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(tcp, "MOST_CONNECTIONS", 3)
    heard = Strangers()
    slip = Slip()
    for _ in range(3):
        heard.peer(slip.framed(RESONANCE))
    heard.until(lambda: len(heard.played) == 3)
    owner = heard.played[-1][0]
    heard.own.add(owner.key)
    for sender, _, _ in heard.played:
        sender.host = "10.0.0.1"
    heard.trusted.add("127.0.0.1")  # those who come from now on
    for _ in range(2):  # both at once, and each has to find its own
        heard.peer(slip.framed(TAP))
    heard.until(lambda: len(heard.played) == 5)
    heard.until(lambda: len(heard.left) == 2)
    assert owner not in heard.left, "whoever has said who they are goes last"
    heard.peer(slip.framed(TAP))
    heard.until(lambda: len(heard.left) == 3)
    heard.until(lambda: len(heard.played) == 6)
    assert heard.tcp.connections == 3
    assert {reason for _, reason in heard.reasons} == {
        "makes room for a host that is trusted: cut off"
    }
    assert heard.said_to(heard.peer(slip.framed(TAP))) == b"", "these are all trusted"
    heard.close()


def test_a_stranger_who_does_not_say_who_it_is_has_to_go(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tcp, "STRANGE", 0.2)
    heard = Strangers()
    silent, owner = heard.peer(Slip().framed(TAP)), heard.peer(Slip().framed(RESONANCE))
    heard.until(lambda: len(heard.played) == 2)
    senders = {address: sender for sender, address, _ in heard.played}
    heard.own.add(senders["/resonance"].key)
    heard.until(lambda: heard.left)
    assert heard.left == [senders["/tap"]]
    assert "has not said who it is" in heard.reasons[0][1]
    heard.until(lambda: heard.tcp.connections == 1)
    heard.loop.run_until_complete(asyncio.sleep(0.3))
    owner.sendall(Slip().framed(TAP))
    heard.until(lambda: len(heard.played) == 3)
    silent.close()
    heard.close()


class Slow(Heard):
    """Takes its time with each message."""

    def play(self, sender: Sender, address: str, args: Sequence[object]) -> None:
        time.sleep(LONGEST_TURN)
        super().play(sender, address, args)


def test_slow_messages_leave_the_loop_to_others_one_by_one() -> None:
    heard = Slow()
    for _ in range(4):
        heard.peer(Slip().framed(TAP) * 10)
    most = before = 0
    end = time.monotonic() + 5.0
    while len(heard.played) < 40 and time.monotonic() < end:
        heard.loop.run_until_complete(asyncio.sleep(0))  # a turn or two of the loop
        most, before = max(most, len(heard.played) - before), len(heard.played)
    assert len(heard.played) == 40
    assert most <= 3, "not a message of each peer, and not all of one"
    heard.close()


class Closed(Heard):
    """Nobody may play on it."""

    def may(self, host: str) -> bool:
        return False


def test_only_the_list_may_connect() -> None:
    closed = Closed()
    assert closed.said_to(closed.peer(Slip().framed(TAP))) == b""
    assert closed.reasons == [("", "127.0.0.1 is not on the list of --allow")]
    assert not closed.played
    assert not closed.left
    closed.close()


@given(st.lists(st.one_of(
    st.binary(max_size=40), st.sampled_from([END, b"\xdb", b"\0\0\0\x0c", RESONANCE, TAP,
                                             Slip().framed(TAP), Prefixed().framed(RESONANCE)]),
), max_size=6))  # fmt: skip
def test_nothing_that_is_sent_stops_the_intake(one: Heard, pieces: list[bytes]) -> None:
    one.clear()
    peer = one.peer(b"".join(pieces))
    peer.close()
    one.peers.remove(peer)
    one.until(lambda: one.left)
    good = one.peer(Slip().framed(message("/still/here")))
    one.until(lambda: ("/still/here", ()) in one.heard)
    good.close()
    one.peers.remove(good)
    one.until(lambda: len(one.left) == 2)
    assert one.tcp.connections == 0


@pytest.fixture(scope="module")
def one() -> Iterator[Heard]:
    heard = Heard()
    yield heard
    heard.close()


def test_udp_and_tcp_share_a_port_and_a_taken_one_is_a_clear_message(heard: Heard) -> None:
    opened("127.0.0.1", heard.tcp.port).close()
    with pytest.raises(DeviceError, match=f"TCP {heard.tcp.port}: .*--osc-port chooses another"):
        heard.loop.run_until_complete(TcpIntake.opened("127.0.0.1", heard.tcp.port, heard))


def test_the_end_lets_everybody_go(heard: Heard) -> None:
    peer = heard.peer(Slip().framed(bundle(TAP, stamp=stamped(time.time() + 1))))
    heard.until(lambda: heard.tcp.received)
    heard.tcp.close()
    heard.until(lambda: heard.left)
    assert heard.said_to(peer) == b""
    with pytest.raises(ConnectionRefusedError):
        heard.peer()
