"""OSC over UDP on real sockets: all is read, in time, nothing raises, answers find their way."""

import asyncio
import ipaddress
import select
import socket
import subprocess
import time
from collections.abc import Iterator, Sequence

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from performer.controllers.osc import Intake, Outlet, address_of, encoded, messages_of, opened
from performer.controllers.osc.packets import BUNDLE, MOST_MESSAGES
from performer.controllers.osc.timed import AHEAD, AHEAD_OF_A_HOST, AHEAD_OF_OTHERS, MOST_AHEAD
from performer.controllers.osc.udp import AT_A_WAKE, LONGEST_WAKE, MOST_SENDERS
from performer.controllers.senders import Sender
from performer.errors import DeviceError
from tests.controllers.osc.packets import RESONANCE, TAP, bundle, floats, ints, message, stamped
from tests.controllers.osc.test_packets import HUGE, LOOP, NO_PACKETS
from tests.controllers.players import Recorder

pytestmark = pytest.mark.clock  # bundles have a time, and a hostile packet takes a bounded one
PEER = ("127.0.0.1", 9000)


class Heard(Recorder):
    """A player with an intake on a socket of its own."""

    def __init__(self, allowed: tuple[str, ...] = (), host: str = "127.0.0.1") -> None:
        super().__init__(allowed)
        self.loop = asyncio.new_event_loop()
        self.socket = opened(host, 0)
        self.port = int(self.socket.getsockname()[1])

        async def listen() -> Intake:
            return Intake(self.socket, self)

        self.intake = self.loop.run_until_complete(listen())

    def packet(self, data: bytes) -> None:
        """One datagram, as if it came from a peer."""
        self.intake.packet(data, PEER)

    def turn(self, seconds: float = 0.0) -> None:
        """Lets the loop run."""
        self.loop.run_until_complete(asyncio.sleep(seconds))

    def wait(self, many: int) -> None:
        """Lets the loop run until so many messages were played, or for 5 s."""
        end = time.monotonic() + 5.0
        while len(self.played) < many and time.monotonic() < end:
            self.turn(0.005)

    def close(self) -> None:
        self.intake.close()
        self.loop.close()


@pytest.fixture(scope="module")
def one() -> Iterator[Heard]:
    heard = Heard()
    yield heard
    heard.close()


@pytest.fixture
def heard(one: Heard) -> Heard:
    one.clear()
    return one


def test_messages_and_bundles_are_played_in_order(heard: Heard) -> None:
    heard.packet(RESONANCE)
    heard.packet(bundle(TAP, bundle(message("/freeze", "T"), message("/freeze", "F")), TAP))
    assert heard.heard == [
        ("/resonance", (0.5,)), ("/tap", ()), ("/freeze", (True,)), ("/freeze", (False,)),
        ("/tap", ()),
    ]  # fmt: skip
    assert not heard.refused


@pytest.mark.parametrize(("data", "reason"), NO_PACKETS)
def test_what_is_no_packet_is_one_refusal_at_once(heard: Heard, data: bytes, reason: str) -> None:
    began = time.perf_counter()
    heard.packet(data)
    assert time.perf_counter() - began < 0.2
    [(sender, address, why)] = heard.refused
    assert (sender.key, address) == ("udp 127.0.0.1:9000", "")
    assert why.startswith("not an OSC packet")
    assert reason in why
    assert not heard.played


def test_a_packet_holds_so_many_messages_and_a_fuller_one_is_refused_whole(heard: Heard) -> None:
    half = bundle(*[RESONANCE] * (MOST_MESSAGES // 2))
    heard.packet(bundle(half, half))
    assert len(heard.played) == MOST_MESSAGES
    heard.packet(bundle(half, half, TAP))
    assert len(heard.played) == MOST_MESSAGES
    [(_, _, reason)] = heard.refused
    assert f"more than {MOST_MESSAGES} messages in one packet" in reason


def test_bundles_wait_for_their_time_but_not_for_long(heard: Heard) -> None:
    soon = time.time() + 0.15
    for value, stamp in (
        (0.25, stamped(soon)), (0.5, stamped(time.time() - 60)),
        (0.75, stamped(time.time() + AHEAD + 9)), (1.0, b"\xff" * 8),
    ):  # fmt: skip
        heard.packet(bundle(message("/coupling", "f", floats(value)), stamp=stamp))
    assert heard.heard == [("/coupling", (0.5,))]
    assert [address for address, _ in heard.reasons] == ["/coupling", "/coupling"]
    assert "at most 5 s waits" in heard.reasons[0][1]
    assert heard.intake.waiting == 1
    heard.wait(2)
    assert time.time() >= soon - 0.01
    assert heard.heard[1:] == [("/coupling", (0.25,))]
    assert heard.intake.waiting == 0


def test_only_so_much_waits(heard: Heard) -> None:
    stamp = stamped(time.time() + 0.4)
    for _ in range(MOST_AHEAD // MOST_MESSAGES):
        heard.packet(bundle(*[TAP] * MOST_MESSAGES, stamp=stamp))
    assert not heard.refused
    heard.packet(bundle(*[TAP] * 5, stamp=stamp))
    assert [reason for _, reason in heard.reasons] == ["1024 messages wait for their time"] * 5
    heard.wait(MOST_AHEAD)
    assert len(heard.played) == MOST_AHEAD


class Foreign(Heard):
    """Everybody may say a token; those of 10.1.0.0/16 have said one."""

    def may(self, host: str) -> bool:
        return True

    def trusts(self, host: str) -> bool:
        return host == "127.0.0.1"

    def known(self, sender: Sender) -> bool:
        return self.trusts(sender.host) or sender.host.startswith("10.1.")


def test_who_is_not_trusted_cannot_fill_what_waits_for_its_time() -> None:
    heard, stamp = Foreign(), stamped(time.time() + 1.0)
    full = bundle(*[TAP] * MOST_MESSAGES, stamp=stamp)
    heard.intake.packet(bundle(TAP, stamp=stamp), ("10.0.0.1", 9000))
    assert heard.reasons == [("/tap", "only who has a role may send ahead of time")]
    for port in (9000, 9001):  # another port is no other host
        heard.intake.packet(full, ("10.1.0.1", port))
    assert heard.intake.waiting == AHEAD_OF_A_HOST
    for host in range(2, 8):
        heard.intake.packet(full, (f"10.1.0.{host}", 9000))
    assert heard.intake.waiting == AHEAD_OF_OTHERS
    heard.clear()
    heard.packet(bundle(RESONANCE, stamp=stamp))
    assert not heard.refused
    heard.wait(AHEAD_OF_OTHERS + 1)
    assert heard.intake.waiting == 0
    heard.intake.packet(bundle(TAP, stamp=stamped(time.time() + 0.05)), ("10.1.0.1", 9000))
    heard.wait(AHEAD_OF_OTHERS + 2)
    assert not heard.refused, "places are free again"
    heard.close()


class Slow(Heard):
    """Takes its time with each message."""

    def play(self, sender: Sender, address: str, args: Sequence[object]) -> None:
        time.sleep(LONGEST_WAKE / 2)
        super().play(sender, address, args)


def test_slow_messages_leave_the_loop_to_others_after_a_while() -> None:
    heard = Slow()
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as sender:
        for _ in range(20):
            sender.sendto(TAP, ("127.0.0.1", heard.port))
    heard.intake._read()  # pyright: ignore[reportPrivateUsage]
    assert 1 <= len(heard.played) <= 2
    heard.wait(20)
    assert len(heard.played) == 20, "the rest stayed in the socket"
    heard.close()


def test_what_waits_is_never_played_after_the_end() -> None:
    heard = Heard()
    heard.packet(bundle(TAP, stamp=stamped(time.time() + 0.05)))
    heard.intake.close()
    heard.turn(0.1)
    heard.loop.close()
    assert heard.played == []


VALID = [
    RESONANCE, TAP, message("/participant/*/solo", "i", ints(1)),
    message("/participant/anna/feeling", "[ff]", floats(0.5, -0.5)),
    message("/preset", "Sf", b"luna\0\0\0\0" + floats(2)), message("/tap", "INcTF", ints(65)),
    bundle(RESONANCE, message("/blackout", "h", b"\0" * 7 + b"\1")),
    bundle(bundle(message("/tempo", "d", b"\x40\x4e" + b"\0" * 6)), stamp=stamped(1e9)),
    message("/a", "bm", ints(2) + b"ab\0\0" + ints(1)), message("/a", "rtb", ints(1, 2, 3, -8)),
]  # fmt: skip

Change = tuple[int, int, bytes]
CHANGES = st.lists(
    st.tuples(st.integers(0, 200), st.integers(0, 12), st.binary(max_size=12)), max_size=4
)


def mutated(data: bytes, changes: list[Change]) -> bytes:
    for at, length, put in changes:
        at %= len(data) + 1
        data = data[:at] + put + data[at + length :]
    return data


def holds_nothing(packet: bytes) -> bool:
    """A bundle without any message in it is an OSC packet, and asks for nothing."""
    return packet.startswith(BUNDLE) and not list(messages_of(packet))


@given(st.sampled_from(VALID), CHANGES)
@example(VALID[0], [(0, 4, b"#bundle")])
@example(LOOP, [])
@example(HUGE, [])
def test_a_mutated_packet_is_played_or_refused_and_never_raises_or_hangs(
    one: Heard, data: bytes, changes: list[Change]
) -> None:
    one.clear()
    before, waiting = one.intake.received, one.intake.waiting
    packet = mutated(data, changes)
    began = time.perf_counter()
    one.packet(packet)
    assert time.perf_counter() - began < 1.0
    assert one.intake.received == before + 1
    heard = one.played or one.refused or one.intake.waiting > waiting
    assert heard or holds_nothing(packet)


@given(st.binary(max_size=300))
def test_noise_is_refused(one: Heard, data: bytes) -> None:
    one.clear()
    one.packet(data)
    assert len(one.refused) + len(one.played) == 1


def test_every_datagram_of_a_burst_is_read_and_others_get_their_turn(heard: Heard) -> None:
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as sender:
        for _ in range(AT_A_WAKE + 44):
            sender.sendto(RESONANCE, ("127.0.0.1", heard.port))
        sender.sendto(b"", ("127.0.0.1", heard.port))
    heard.intake._read()  # pyright: ignore[reportPrivateUsage]
    assert 0 < len(heard.played) <= AT_A_WAKE
    heard.wait(AT_A_WAKE + 44)
    assert len(heard.played) == AT_A_WAKE + 44


@pytest.mark.parametrize(("host", "key"), [("127.0.0.1", "udp 127.0.0.1:"), ("::1", "udp [::1]:")])
def test_an_answer_comes_from_the_socket_that_was_sent_to(host: str, key: str) -> None:
    try:
        heard = Heard(host=host)
    except DeviceError:
        pytest.skip(f"this machine has no {host}")
    with socket.socket(heard.socket.family, socket.SOCK_DGRAM) as peer:
        peer.bind((host, 0))
        peer.settimeout(2.0)
        peer.sendto(TAP, (host, heard.port))
        heard.wait(1)
        sender = heard.played[0][0]
        assert sender.key == f"{key}{peer.getsockname()[1]}"
        assert sender.host == host
        sender.reply("/tempo", [60.0, 3, "tap"])
        data, come = peer.recvfrom(1024)
        assert data == encoded("/tempo", [60.0, 3, "tap"])
        assert come[1] == heard.port
    sender.reply("/tempo", ["x" * 70000])  # cannot be sent: nobody's problem
    heard.close()
    sender.reply("/tempo", [60.0])  # nor is this


def test_one_peer_is_one_sender_and_only_so_many_are_known(heard: Heard) -> None:
    for port in (9001, 9002, 9001):
        heard.intake.packet(TAP, ("127.0.0.1", port))
    first, second, third = (sender for sender, _, _ in heard.played)
    assert first is third
    assert first is not second
    for port in range(10000, 10000 + MOST_SENDERS):
        heard.intake.packet(TAP, ("127.0.0.1", port))
    heard.intake.packet(TAP, ("127.0.0.1", 9001))
    again = heard.played[-1][0]
    assert again is not first
    assert again.key == first.key


def test_only_loopback_and_the_list_may_play() -> None:
    heard = Heard(("192.168.1.0/24",))
    try:
        for host in ("127.0.0.1", "::1", "192.168.1.77", "::ffff:192.168.1.78"):
            heard.intake.packet(TAP, (host, 9000))
        assert [s.host for s, _, _ in heard.played] == ["127.0.0.1", "::1", "192.168.1.77",
                                                        "192.168.1.78"]  # fmt: skip
        for host in ("192.168.2.1", "::ffff:192.168.2.1", "fe80::1%eth0"):
            for _ in range(2):
                heard.intake.packet(TAP, (host, 9000))
        assert len(heard.played) == 4
        assert heard.intake.received == 4
        refused = ["192.168.2.1"] * 4 + ["fe80::1"] * 2
        assert heard.reasons == [("", f"{host} is not on the list of --allow") for host in refused]
    finally:
        heard.close()


def test_liblo_sends_every_type_it_knows(heard: Heard) -> None:
    sent = ["oscsend", "127.0.0.1", str(heard.port), "/all", "ihfdsScTFNI",
            "1", "2", "0.5", "0.25", "word", "symbol", "x"]  # fmt: skip
    subprocess.run(sent, check=True, timeout=10)
    heard.wait(1)
    assert heard.heard == [("/all", (1, 2, 0.5, 0.25, "word", "symbol", "x", True, False, 1.0))]


def test_liblo_reads_what_is_sent() -> None:
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as free:
        free.bind(("127.0.0.1", 0))
        port = int(free.getsockname()[1])
    dump = subprocess.Popen(["oscdump", "-L", str(port)], stdout=subprocess.PIPE, text=True)
    try:
        outlet = Outlet("127.0.0.1", port)
        end = time.monotonic() + 10.0
        assert dump.stdout is not None
        line = ""
        while not line and time.monotonic() < end:
            outlet.send("/mixed", [0.5, 3, 1 << 40, "word"])
            if select.select([dump.stdout], [], [], 0.1)[0]:
                line = dump.stdout.readline()
        outlet.close()
    finally:
        dump.kill()
        dump.wait()
        if dump.stdout is not None:
            dump.stdout.close()
    assert line.split(maxsplit=1)[1].strip() == '/mixed fihs 0.500000 3 1099511627776 "word"'


def test_a_port_in_use_and_a_name_for_an_address_are_clear_messages() -> None:
    with opened("127.0.0.1", 0) as taken:
        port = int(taken.getsockname()[1])
        with pytest.raises(DeviceError, match=f"UDP {port}: .*--osc-port chooses another"):
            opened("127.0.0.1", port)
    with pytest.raises(DeviceError, match="must be an IP address, found 'example'"):
        address_of("example")
    assert address_of("localhost") == ipaddress.ip_address("127.0.0.1")


def test_feedback_goes_to_the_outlet_whoever_listens() -> None:
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as receiver:
        receiver.bind(("127.0.0.1", 0))
        receiver.settimeout(2.0)
        outlet = Outlet("localhost", int(receiver.getsockname()[1]))
        outlet.send("/long", ["x" * 70000])  # cannot be sent: nobody's problem
        outlet.send("/mixed", [0.5, 3, "word"])
        assert receiver.recv(1024) == encoded("/mixed", [0.5, 3, "word"])
        outlet.close()
