"""OSC packets as bytes: what is one, what is none, and what controllers' types become."""

import math
import struct

import pytest
from pythonosc.osc_message_builder import OscMessageBuilder

from performer.controllers.osc.outlet import encoded
from performer.controllers.osc.packets import BUNDLE, DEEPEST, LARGEST_MESSAGE, messages_of
from tests.controllers.osc.packets import (
    AT_ONCE,
    RESONANCE,
    TAP,
    bundle,
    floats,
    ints,
    message,
    stamped,
    text,
)

HUGE = b"/resonance\0\0," + b"f" * 60000 + b"\0" * 8
LOOP = BUNDLE + AT_ONCE + ints(-4)
"""python-osc never comes back from this: an element of -4 bytes ends where it begins."""


def args_of(data: bytes) -> list[object]:
    [(_, _, args)] = messages_of(data)
    return args


@pytest.mark.parametrize(
    ("types", "data", "args"),
    [
        ("", b"", []),
        ("f", floats(0.5), [0.5]),
        ("i", ints(-3), [-3]),
        ("h", struct.pack(">q", 1 << 40), [1 << 40]),
        ("d", struct.pack(">d", 1e300), [1e300]),
        ("s", text("Anna"), ["Anna"]),
        ("S", text("luna"), ["luna"]),
        ("c", ints(ord("x")), ["x"]),
        ("c", ints(ord("7")), ["7"]),
        ("TF", b"", [True, False]),
        ("I", b"", [1.0]),
        ("N", b"", []),
        ("NfNN", floats(0.25), [0.25]),
        ("[ff]", floats(0.5, -0.5), [0.5, -0.5]),
        ("s[i[T]]f", text("a") + ints(1) + floats(2), ["a", 1, True, 2.0]),
        ("bf", ints(3) + b"abc\0" + floats(0.5), [b"abc", 0.5]),
    ],
)
def test_every_type_that_controllers_send_is_read(
    types: str, data: bytes, args: list[object]
) -> None:
    read = args_of(message("/a", types, data))
    assert read == args
    assert [type(a) for a in read] == [type(a) for a in args]


def test_types_that_the_tree_refuses_are_read_all_the_same() -> None:
    data = message("/a", "rmti", ints(-1) + b"\1\x90\x40\x7f" + stamped(0) + ints(5))
    assert args_of(data)[-1] == 5


def test_senders_from_before_type_tags_press_buttons() -> None:
    assert list(messages_of(message("/tap", None))) == [(0.0, "/tap", [])]
    with pytest.raises(ValueError, match="arguments without type tags"):
        list(messages_of(message("/resonance", None, floats(0.5))))


def test_messages_of_bundles_in_bundles_come_in_order_with_their_time() -> None:
    inner = bundle(message("/b"), message("/c"), stamp=stamped(100.5))
    data = bundle(message("/a"), inner, message("/d", "i", ints(1)))
    assert list(messages_of(data)) == [
        (0.0, "/a", []), (pytest.approx(100.5), "/b", []), (pytest.approx(100.5), "/c", []),
        (0.0, "/d", [1]),
    ]  # fmt: skip


def test_bundles_within_bundles_end_somewhere() -> None:
    data = RESONANCE
    for _ in range(DEEPEST):
        data = bundle(data)
    assert len(list(messages_of(data))) == 1
    with pytest.raises(ValueError, match="in one another"):
        list(messages_of(bundle(data)))


NO_PACKETS = [
    (b"", "neither a message nor a bundle"),
    (b"resonance", "neither a message nor a bundle"),
    (BUNDLE, "neither a message nor a bundle"),
    (LOOP, "element of -4 bytes"),
    (BUNDLE + AT_ONCE + ints(0), "element of 0 bytes"),
    (BUNDLE + AT_ONCE + ints(99) + b"/a\0\0", "element of 99 bytes"),
    (HUGE, f"at most {LARGEST_MESSAGE}"),
    (message("/a", "Zf"), "'Z'"),
    (message("/a", "f]["), "brackets"),
    (message("/a", "[[["), "brackets"),
    (message("/a", "[f", floats(1)), "brackets"),
    (message("/a", "i", b"\0\0"), "too short"),
    (message("/a", "c", ints(-1)), "not in range"),
    (message("/a", "s", b"abcd"), "Could not parse"),
    (b"/resonance", "Could not parse"),
    (b"/\xff\xfe\xfd\0\0\0\0,\0\0\0", "codec"),
]


@pytest.mark.parametrize(("data", "reason"), NO_PACKETS)
def test_what_is_no_packet_raises_and_says_why(data: bytes, reason: str) -> None:
    with pytest.raises(Exception, match=reason):
        list(messages_of(data))


def test_what_is_sent_is_what_it_is() -> None:
    builder = OscMessageBuilder("/mixed")
    for value in (0.5, 3, "word", -1):
        builder.add_arg(value)
    assert encoded("/mixed", [0.5, 3, "word", -1]) == builder.build().dgram
    assert encoded("/panic", []) == TAP.replace(b"/tap\0\0\0\0", b"/panic\0\0")


@pytest.mark.parametrize(
    ("value", "types", "read"),
    [
        (1 << 31, b",h\0\0", 1 << 31),
        (-(1 << 31) - 1, b",h\0\0", -(1 << 31) - 1),
        ((1 << 31) - 1, b",i\0\0", (1 << 31) - 1),
        (1 << 63, b",s\0\0", str(1 << 63)),
        (1e300, b",d\0\0", 1e300),
        (-math.inf, b",f\0\0", -math.inf),
        ("ü\0\ud800", b",s\0\0", "ü??"),
    ],
)
def test_nothing_is_too_odd_to_be_sent(
    value: float | int | str, types: bytes, read: float | int | str
) -> None:
    data = encoded("/a", [value, "end"])
    assert data[4:8] == types[:2] + b"s\0"
    assert args_of(data) == [read, "end"]


def test_numbers_that_are_none_or_endless_are_sent_too() -> None:
    assert encoded("/a", [1 << 40000])[4:8] == b",s\0\0"
    assert math.isnan(float(str(args_of(encoded("/a", [math.nan]))[0])))
