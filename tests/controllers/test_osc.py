"""OSC packets: what is one, what is none, and that nothing makes the intake raise or hang."""

import asyncio
import ipaddress
import socket
import struct
import time
from collections.abc import Iterator

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from pythonosc.osc_message_builder import OscMessageBuilder

from performer.controllers.osc import (
    AHEAD,
    AT_A_WAKE,
    BUNDLE,
    DEEPEST,
    LARGEST_MESSAGE,
    MOST_AHEAD,
    Intake,
    Outlet,
    address_of,
    messages_of,
    opened,
)
from performer.errors import DeviceError
from performer.parameters import TREE, Control

pytestmark = pytest.mark.clock  # how long a hostile packet takes is a bound
AT_ONCE = b"\0" * 7 + b"\1"


def message(address: str, *args: object) -> bytes:
    builder = OscMessageBuilder(address)
    for arg in args:
        builder.add_arg(arg)  # type: ignore[arg-type]
    return builder.build().dgram


def bundle(*elements: bytes, stamp: bytes = AT_ONCE) -> bytes:
    return BUNDLE + stamp + b"".join(struct.pack(">i", len(e)) + e for e in elements)


def stamped(unix: float) -> bytes:
    seconds = unix + 2208988800
    return struct.pack(">II", int(seconds), int(seconds % 1 * 2**32))


class Heard:
    """An intake on a socket of its own, and everything it handed on."""

    def __init__(self, allowed: tuple[str, ...] = ()) -> None:
        self.accepted: list[Control] = []
        self.refused: list[tuple[str, str]] = []
        self.loop = asyncio.new_event_loop()
        self.socket = opened("127.0.0.1", 0)
        self.port = int(self.socket.getsockname()[1])

        async def listen() -> Intake:
            return Intake(self.socket, allowed, self.accepted.append, self._refuse)

        self.intake = self.loop.run_until_complete(listen())

    def _refuse(self, address: str, reason: str) -> None:
        self.refused.append((address, reason))

    def turn(self, seconds: float = 0.0) -> None:
        """Lets the loop run."""
        self.loop.run_until_complete(asyncio.sleep(seconds))

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
    one.accepted.clear()
    one.refused.clear()
    return one


def told(heard: Heard) -> list[tuple[str, tuple[object, ...]]]:
    return [(c.address, c.args) for c in heard.accepted]


def test_messages_and_bundles_are_played_in_order(heard: Heard) -> None:
    heard.intake.packet(message("/resonance", 0.5))
    inner = bundle(message("/freeze", 1), message("/freeze", 0))
    heard.intake.packet(bundle(message("/tap"), inner, message("/participant/anna/join", "Anna")))
    assert told(heard) == [
        ("/resonance", (0.5,)), ("/tap", (1.0,)), ("/freeze", (1,)), ("/freeze", (0,)),
        ("/participant/anna/join", ("Anna",)),
    ]  # fmt: skip
    assert not heard.refused


HUGE = b"/resonance\0\0," + b"f" * 60000 + b"\0" * 8
LOOP = BUNDLE + AT_ONCE + struct.pack(">i", -4)
"""python-osc never comes back from this: an element of -4 bytes ends where it begins."""


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (b"", "neither a message nor a bundle"),
        (b"resonance", "neither a message nor a bundle"),
        (BUNDLE, "neither a message nor a bundle"),
        (LOOP, "element of -4 bytes"),
        (BUNDLE + AT_ONCE + b"\0\0\0\0", "element of 0 bytes"),
        (BUNDLE + AT_ONCE + struct.pack(">i", 99) + b"/a\0\0", "element of 99 bytes"),
        (HUGE, f"at most {LARGEST_MESSAGE}"),
        (b"/resonance\0\0,Zf\0\0\0\0\0", "'Z'"),
        (b"/resonance", "not an OSC packet"),
        (b"/\xff\xfe\xfd\0\0\0\0,\0\0\0", "not an OSC packet"),
        (b"/resonance\0\0,[[[\0\0\0\0", "not an OSC packet"),
    ],
)
def test_what_is_no_packet_is_one_refusal_at_once(heard: Heard, data: bytes, reason: str) -> None:
    began = time.perf_counter()
    heard.intake.packet(data)
    assert time.perf_counter() - began < 0.2
    assert len(heard.refused) == 1
    assert reason in heard.refused[0][1]
    assert not heard.accepted


def test_bundles_within_bundles_end_somewhere(heard: Heard) -> None:
    data = message("/resonance", 0.5)
    for _ in range(DEEPEST):
        data = bundle(data)
    heard.intake.packet(data)
    assert len(heard.accepted) == 1
    heard.intake.packet(bundle(data))
    assert "in one another" in heard.refused[0][1]


def test_a_full_datagram_of_messages_is_read_in_no_time(heard: Heard) -> None:
    data = bundle(*[message("/resonance", 0.5)] * 2500)
    assert 45000 < len(data) < 65536
    began = time.perf_counter()
    heard.intake.packet(data)
    assert len(heard.accepted) == 2500
    assert time.perf_counter() - began < 1.0


def test_bundles_wait_for_their_time_but_not_for_long(heard: Heard) -> None:
    soon = time.time() + 0.15
    heard.intake.packet(bundle(message("/coupling", 0.25), stamp=stamped(soon)))
    heard.intake.packet(bundle(message("/coupling", 0.5), stamp=stamped(time.time() - 60)))
    heard.intake.packet(bundle(message("/coupling", 0.75), stamp=stamped(time.time() + AHEAD + 9)))
    heard.intake.packet(bundle(message("/coupling", 1.0), stamp=b"\xff" * 8))
    assert told(heard) == [("/coupling", (0.5,))]
    assert [address for address, _ in heard.refused] == ["/coupling", "/coupling"]
    while time.time() < soon + 0.05:
        heard.turn(0.02)
    assert told(heard)[1:] == [("/coupling", (0.25,))]
    assert heard.intake.waiting == 0


def test_only_so_much_waits(heard: Heard) -> None:
    stamp = stamped(time.time() + 0.4)
    heard.intake.packet(bundle(*[message("/tap")] * (MOST_AHEAD + 5), stamp=stamp))
    assert len(heard.refused) == 5
    end = time.time() + 3.0
    while heard.intake.waiting and time.time() < end:
        heard.turn(0.05)
    assert len(heard.accepted) == MOST_AHEAD


VALID = [
    message("/resonance", 0.5), message("/participant/anna/join", "Anna"), message("/tap"),
    message("/participant/anna/feeling", 0.5, -0.5), message("/preset", "luna", 2.0),
    bundle(message("/resonance", 0.1), message("/blackout", 1)),
    bundle(bundle(message("/tempo", 60.0)), stamp=stamped(1e9)),
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


@settings(max_examples=400, deadline=5000)
@given(st.sampled_from(VALID), CHANGES)
@example(VALID[0], [(0, 4, b"#bundle")])
@example(LOOP, [])
@example(HUGE, [])
def test_a_mutated_packet_is_accepted_or_refused_and_never_raises(
    one: Heard, data: bytes, changes: list[Change]
) -> None:
    one.accepted.clear()
    one.refused.clear()
    before = one.intake.received
    packet = mutated(data, changes)
    waiting = one.intake.waiting
    one.intake.packet(packet)
    assert one.intake.received == before + 1
    heard = one.accepted or one.refused or one.intake.waiting > waiting
    assert heard or holds_nothing(packet)
    for control in one.accepted:
        assert TREE.accept(control.address, control.args) == control


def test_every_datagram_of_a_burst_is_read_and_others_get_their_turn(heard: Heard) -> None:
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as sender:
        for _ in range(AT_A_WAKE + 44):
            sender.sendto(message("/resonance", 0.5), ("127.0.0.1", heard.port))
        sender.sendto(b"", ("127.0.0.1", heard.port))
    heard.intake._read()  # pyright: ignore[reportPrivateUsage]
    assert len(heard.accepted) == AT_A_WAKE
    while not heard.refused:
        heard.turn(0.01)
    assert len(heard.accepted) == AT_A_WAKE + 44


def test_only_loopback_and_the_list_may_play() -> None:
    heard = Heard(("192.168.1.0/24",))
    try:
        may = heard.intake._may  # pyright: ignore[reportPrivateUsage]
        assert may("127.0.0.1")
        assert may("::1")
        assert may("192.168.1.77")
        assert not may("192.168.2.1")
        assert heard.refused == [("", "192.168.2.1 is not on the list of --allow")]
    finally:
        heard.close()


def test_a_port_in_use_and_a_name_for_an_address_are_clear_messages() -> None:
    with opened("127.0.0.1", 0) as taken:
        port = int(taken.getsockname()[1])
        with pytest.raises(DeviceError, match=f"UDP {port}: .*--osc-port chooses another"):
            opened("127.0.0.1", port)
    with pytest.raises(DeviceError, match="must be an IP address, found 'example'"):
        address_of("example")
    assert address_of("localhost") == ipaddress.ip_address("127.0.0.1")


def test_feedback_is_sent_as_what_it_is() -> None:
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as receiver:
        receiver.bind(("127.0.0.1", 0))
        receiver.settimeout(2.0)
        outlet = Outlet("127.0.0.1", int(receiver.getsockname()[1]))
        outlet.send("/mixed", [0.5, 3, "word"])
        assert receiver.recv(1024) == message("/mixed", 0.5, 3, "word")
        outlet.send("/long", ["x" * 70000])  # cannot be sent: nobody's problem
        outlet.close()
