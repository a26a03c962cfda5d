"""Messages to gestures: resolution kept, no movement back on itself, nothing breaks it."""

from collections.abc import Iterable

import pytest
from hypothesis import given
from hypothesis import strategies as st
from mido import Message

from performer.controllers.midi.assembly import MOST_NRPN, Assembler
from performer.controllers.midi.gestures import Gesture
from performer.controllers.midi.sending import WIDE, messages, written
from performer.show.knobs import HIGHEST, Kind, Knob, parsed

WIDE_KNOB = Knob(Kind.CC14, 1, 7)
BYTES = st.integers(0, 127)


def cc(control: int, value: int, channel: int = 1) -> Message:
    return Message("control_change", channel=channel - 1, control=control, value=value)


def fed(assembler: Assembler, sent: Iterable[Message]) -> list[Gesture]:
    return [g for m in sent if (g := assembler.feed(m)) is not None]


def told(assembler: Assembler, *sent: Message) -> list[tuple[str, int]]:
    return [(str(g.knob), g.value) for g in fed(assembler, sent)]


@pytest.mark.parametrize("kind", Kind)
@given(data=st.data())
def test_what_is_sent_to_a_knob_is_heard_as_that_knob(kind: Kind, data: st.DataObject) -> None:
    top = HIGHEST.get(kind, 0)
    top = top - 1 if kind is Kind.NRPN else top  # the last one selects none
    knob = Knob(kind, data.draw(st.integers(1, 16)), data.draw(st.integers(0, top)))
    value = data.draw(st.integers(0, 16383 if kind in WIDE else 127))
    last = fed(Assembler([knob]), messages(knob, value))[-1]
    assert (last.knob, last.value) == (knob, value)
    assert last.pressed is ((value > 0) if kind is Kind.NOTE else None)
    assert (last.position, last.steps) == (pytest.approx(value / (16383 if kind in WIDE else 127),
                                                         abs=1e-4), 0)  # fmt: skip


def test_messages_outside_a_knobs_range_are_clamped() -> None:
    assert written(parsed("cc 3"), 999) == (bytes([0xB0, 3, 127]),)
    assert written(parsed("pitch"), -5) == (bytes([0xE0, 0, 0]),)


def test_both_ways_of_letting_a_key_go() -> None:
    off = [Message("note_off", note=5, velocity=64), Message("note_on", note=5, velocity=0)]
    for gesture in fed(Assembler(), off):
        assert (gesture.pressed, gesture.position, gesture.value) == (False, 0.0, 0)


@given(st.lists(st.integers(0, 16383), min_size=2, max_size=40), st.booleans())
def test_a_pair_never_goes_back_on_a_movement(values: list[int], down: bool) -> None:
    values.sort(reverse=down)
    assembler = Assembler([WIDE_KNOB])
    moved = [g.value for v in values for g in fed(assembler, messages(WIDE_KNOB, v))]
    assert moved == sorted(moved, reverse=down)
    assert moved[-1] == values[-1]


def test_upper_halves_alone_are_seven_bits_and_reach_both_ends() -> None:
    assembler = Assembler([WIDE_KNOB])
    assert told(assembler, cc(7, 64)) == []  # a lower half may come
    assert told(assembler, cc(7, 127), cc(7, 0)) == [("cc14 7 ch 1", 16383), ("cc14 7 ch 1", 0)]


def test_a_lower_half_that_never_comes_is_waited_for_in_two_looks() -> None:
    assembler = Assembler([WIDE_KNOB])
    assembler.feed(cc(7, 100))
    assert assembler.settle() == []
    assert [g.value for g in assembler.settle()] == [100 * 129]
    assert assembler.settle() == []
    fed(assembler, messages(WIDE_KNOB, 9000))
    assert told(assembler, cc(7, 0)) == [("cc14 7 ch 1", 127)]
    assembler.settle()
    assert [g.value for g in assembler.settle()] == [0]  # as MIDI 1.0 says


def test_only_controllers_that_the_map_names_are_pairs() -> None:
    assembler = Assembler([WIDE_KNOB])
    assert told(assembler, cc(8, 3), cc(40, 4), cc(7, 1, 2)) == [
        ("cc 8 ch 1", 3), ("cc 40 ch 1", 4), ("cc 7 ch 2", 1),
    ]  # fmt: skip
    assembler.use([])
    assert told(assembler, cc(7, 5), cc(39, 6)) == [("cc 7 ch 1", 5), ("cc 39 ch 1", 6)]


def test_nrpn_selects_once_and_goes_on_steps_and_can_be_closed() -> None:
    assembler = Assembler()
    value = 5 << 7 | 6
    assert told(assembler, cc(99, 9), cc(98, 48), cc(6, 5), cc(38, 6)) == [
        ("nrpn 1200 ch 1", value)
    ]
    assert told(assembler, cc(38, 7)) == [("nrpn 1200 ch 1", value + 1)]
    stepped = fed(assembler, [cc(96, 0), cc(97, 0), cc(97, 0)])
    assert [(g.value, g.steps) for g in stepped] == [(value + 2, 1), (value + 1, -1), (value, -1)]
    assert told(assembler, cc(99, 127), cc(98, 127), cc(6, 9), cc(96, 0)) == []
    assert told(assembler, cc(101, 0), cc(100, 0), cc(6, 12), cc(38, 0)) == []  # RPN: a bend range


def test_data_controllers_are_plain_where_nothing_is_selected_or_the_map_says_so() -> None:
    assembler = Assembler([parsed("cc 98")])
    assert told(assembler, cc(6, 1), cc(38, 2), cc(96, 3), cc(98, 4)) == [
        ("cc 6 ch 1", 1), ("cc 38 ch 1", 2), ("cc 96 ch 1", 3), ("cc 98 ch 1", 4),
    ]  # fmt: skip
    assert told(assembler, cc(99, 1, 2), cc(98, 1, 2), cc(6, 5)) == [("cc 6 ch 1", 5)]


HOSTILE = st.one_of(
    st.tuples(st.sampled_from([6, 7, 38, 39, 96, 97, 98, 99, 100, 101]), BYTES).map(
        lambda t: bytes([0xB0, *t])
    ),
    st.binary(min_size=1, max_size=4),
)


@given(st.lists(st.one_of(HOSTILE, st.none()), max_size=60))
def test_no_sequence_of_messages_breaks_it(sent: list[bytes | None]) -> None:
    assembler = Assembler([WIDE_KNOB])
    for data in sent:
        if data is None:
            found = assembler.settle()
        else:
            try:
                message = Message.from_bytes(data)
            except (ValueError, LookupError, TypeError):
                continue
            found = fed(assembler, [message])
        for gesture in found:
            assert 0.0 <= gesture.position <= 1.0
            assert 0 <= gesture.value <= 16383
            assert parsed(str(gesture.knob)) == gesture.knob


def test_all_there_are_of_nrpn_do_not_fill_the_memory() -> None:
    assembler = Assembler()
    for number in range(3 * MOST_NRPN):
        fed(assembler, messages(Knob(Kind.NRPN, 1, number), 5))
    assert len(assembler._pairs) <= MOST_NRPN  # pyright: ignore[reportPrivateUsage]
