"""Packets in a stream: whole however they are cut, and what is none is said and left behind."""

from itertools import pairwise

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from performer.controllers.osc.framing import (
    END,
    LARGEST_FRAME,
    BadFrame,
    Framing,
    Prefixed,
    Slip,
    framing_of,
)
from tests.controllers.osc.packets import RESONANCE, TAP

PACKETS = st.lists(
    st.one_of(st.binary(min_size=1, max_size=20), st.text("ÀÛÜÝ/", min_size=1).map(
        lambda t: t.encode("latin-1"))), max_size=6,
)  # fmt: skip


def read(framing: Framing, data: bytes, cuts: list[int]) -> list[bytes | BadFrame]:
    """What comes out of a stream that arrives in pieces."""
    at = [0, *sorted(c % (len(data) + 1) for c in cuts), len(data)]
    pieces = [data[a:b] for a, b in pairwise(at)]
    return [found for piece in pieces for found in framing.feed(piece)]


def test_slip_is_what_rfc_1055_and_osc_1_1_say() -> None:
    assert Slip().framed(b"a\xc0b\xdbc") == b"\xc0a\xdb\xdcb\xdb\xddc\xc0"
    assert list(Slip().feed(b"a\xdb\xdcb\xdb\xdd\xdc\xc0")) == [b"a\xc0b\xdb\xdc"]


def test_a_length_stands_before_each_packet() -> None:
    assert Prefixed().framed(TAP) == b"\0\0\0\x0c" + TAP


@pytest.mark.parametrize("kind", [Slip, Prefixed])
@given(PACKETS, st.lists(st.integers(0, 500), max_size=8))
@example([b"\xdb\xdc", b"\xc0\xdb\xdd"], [2, 3, 4])
def test_packets_come_out_as_they_went_in_however_the_stream_is_cut(
    kind: type[Slip] | type[Prefixed], packets: list[bytes], cuts: list[int]
) -> None:
    sent = b"".join(kind().framed(p) for p in packets)
    assert read(kind(), sent, cuts) == packets


@pytest.mark.parametrize("kind", [Slip, Prefixed])
@given(st.binary(max_size=80), st.lists(st.integers(0, 80), max_size=6))
def test_noise_gives_the_same_however_it_is_cut_and_never_raises(
    kind: type[Slip] | type[Prefixed], data: bytes, cuts: list[int]
) -> None:
    whole, cut = read(kind(), data, []), read(kind(), data, cuts)
    if any(isinstance(f, BadFrame) and f.over for f in whole):
        cut = cut[: len(whole)]  # whoever reads it stops there
    assert [repr(f) for f in cut] == [repr(f) for f in whole]


def test_a_bad_slip_frame_is_left_behind() -> None:
    bad, good = Slip().feed(END + b"/a\xdbx" + END + TAP + END)
    assert isinstance(bad, BadFrame)
    assert not bad.over
    assert "escape" in str(bad)
    assert good == TAP


def test_a_slip_frame_without_end_is_given_up_and_takes_no_room() -> None:
    slip = Slip()
    found = [f for _ in range(100) for f in slip.feed(b"a" * 8192)]
    assert [str(f) for f in found] == [f"a SLIP frame of more than {LARGEST_FRAME} bytes"]
    assert list(slip.feed(END + TAP + END)) == [TAP]
    tight, large = slip.feed(b"\xdb\xdc" * LARGEST_FRAME + END + b"a" * (LARGEST_FRAME + 1) + END)
    assert tight == END * LARGEST_FRAME
    assert isinstance(large, BadFrame)
    assert str(LARGEST_FRAME + 1) in str(large)


@pytest.mark.parametrize("size", [-1, -4, LARGEST_FRAME + 1, 0x2F72_6573])
def test_a_wrong_length_ends_the_stream(size: int) -> None:
    found = list(Prefixed().feed(Prefixed().framed(TAP) + size.to_bytes(4, "big", signed=True)))
    assert found[0] == TAP
    assert isinstance(found[1], BadFrame)
    assert found[1].over
    assert f"a frame of {size} bytes" in str(found[1])


def test_a_stream_says_by_its_first_byte_what_it_is() -> None:
    for kind in (Slip, Prefixed):
        assert isinstance(framing_of(kind().framed(RESONANCE)[:1]), kind)
    assert isinstance(framing_of(RESONANCE + END), Slip)
    assert isinstance(framing_of(b"#bundle\0"), Slip)
    with pytest.raises(BadFrame) as bad:
        framing_of(b"POST /resonance HTTP/1.1")
    assert bad.value.over
