"""All of MIDI between ports and desk: devices, gestures, clock, floods, feedback."""

import asyncio
import random
import sys
import time
from collections.abc import Callable, Sequence
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from mido import Message

from performer.controllers.mapping.mapper import Mapper
from performer.controllers.midi.midi import FLOOD, Midi
from performer.controllers.midi.ports import MOST, Ports, wanted_system
from performer.controllers.midi.wire import Gone, Heard, Here
from performer.parameters import Value
from tests.controllers.mapping.hands import Desk, controllers

DEVICE = "Desk Fader MIDI 1"
MAPS = """
[[map]]
control = "cc 0"
address = "/resonance"
takeover = "jump"
[[map]]
control = "cc 1"
address = "/tempo"
mode = "relative"
encoding = "offset"
step = 0.005
[[map]]
control = "note 5"
address = "/go"
[[map]]
control = "cc 2"
address = "/participant/*/cap"
takeover = "jump"
[[map]]
control = "cc14 7"
address = "/individuality"
takeover = "jump"
"""


def rig() -> tuple[Midi, Desk]:
    desk = Desk(resonance=0.5, individuality=0.5, tempo=60.0)

    def say(address: str, args: Sequence[Value]) -> None: ...

    midi = Midi(desk, Mapper(desk, controllers(Path("/nowhere"), MAPS), say))
    midi.take([Here(DEVICE)], [])
    return midi, desk


def heard(*sent: Message, at: float = 100.0) -> list[Heard]:
    return [Heard(DEVICE, at, bytes(m.bin())) for m in sent]


def cc(control: int, value: int) -> Message:
    return Message("control_change", control=control, value=value)


def test_a_message_of_a_device_is_played_as_its_map_says() -> None:
    midi, desk = rig()
    midi.take([], heard(cc(0, 127), Message("note_on", note=5, velocity=100)))
    assert desk.heard == [("/resonance", (1.0,)), ("/go", ())]
    assert {s.key for s, _, _ in desk.played} == {f"midi {DEVICE}"}
    assert {s.host for s, _, _ in desk.played} == {""}


def test_pairs_are_pairs_because_the_map_says_so_at_full_resolution() -> None:
    midi, desk = rig()
    midi.take([], heard(cc(7, 64), cc(39, 1)))
    assert desk.heard == [("/individuality", (pytest.approx(8193 / 16383),))]


def test_an_unplugged_device_is_told_to_the_desk_and_what_it_says_late_is_not_heard() -> None:
    midi, desk = rig()
    midi.take([Gone(DEVICE)], heard(cc(0, 1)))
    assert [s.key for s in desk.left] == [f"midi {DEVICE}"]
    assert desk.played == []
    assert midi.devices == ()
    midi.take([Here(DEVICE)], heard(cc(0, 127)))
    assert desk.heard == [("/resonance", (1.0,))]


def test_a_flood_loses_no_press_and_no_step_and_ends_at_the_last_value() -> None:
    midi, desk = rig()
    press = Message("note_on", note=5, velocity=9), Message("note_off", note=5)
    sent = [m for n in range(FLOOD) for m in (cc(0, n), cc(1, 65), *press)]
    midi.take([], heard(*sent))
    addresses = [a for a, _ in desk.heard]
    assert addresses.count("/go") == FLOOD
    assert addresses.count("/tempo") == FLOOD
    assert addresses.count("/resonance") == 1
    assert desk.value("/resonance") == pytest.approx((FLOOD - 1) / 127)


def test_a_fader_on_a_pattern_plays_its_newest_position_only() -> None:
    """Each costs as much as there are people; the last one must not be lost to that."""
    midi, desk = rig()
    midi.take([], heard(*(cc(2, n) for n in range(10)), cc(0, 1), cc(0, 2)))
    assert desk.heard == [
        ("/participant/*/cap", (9 / 127,)), ("/resonance", (1 / 127,)), ("/resonance", (2 / 127,)),
    ]  # fmt: skip


def test_its_clock_is_played_and_that_it_stopped() -> None:
    midi, desk = rig()
    for n in range(30):
        midi.take([], heard(Message("clock"), at=100.0 + n / 48.0))
    midi.look(100.0 + 29 / 48.0)
    midi.look(102.0)
    (address, args), stop = desk.heard
    assert address == "/clock"
    assert args == (pytest.approx(120.0), pytest.approx(29 / 24))
    assert stop == ("/clock/stop", ())
    assert {s.key for s, _, _ in desk.played} == {f"midi {DEVICE}"}


@given(st.lists(st.binary(min_size=0, max_size=4), max_size=100))
def test_no_bytes_break_it_and_good_messages_play_afterwards(sent: list[bytes]) -> None:
    midi, desk = rig()
    midi.take([], [Heard(DEVICE, 100.0 + n * 0.001, data) for n, data in enumerate(sent)])
    midi.look(101.0)
    midi.look(102.0)
    desk.played.clear()
    good = cc(0, 1), cc(0, 127), Message("note_off", note=5), Message("note_on", note=5)
    midi.take([], heard(*good, at=103.0))
    assert [m for m in desk.heard if m[0] in ("/resonance", "/go")] == [
        ("/resonance", (1 / 127,)), ("/resonance", (1.0,)), ("/go", ()),
    ]  # fmt: skip


def test_values_are_sent_to_a_device_that_shows_them() -> None:
    sent: list[tuple[str, tuple[bytes, ...]]] = []

    async def run() -> None:
        midi, desk = rig()
        ports = Ports(midi.take, [])
        ports.send = lambda device, key, data: sent.append((device, data))
        midi._ports = ports  # pyright: ignore[reportPrivateUsage]
        desk.values["/individuality"] = (1.0,)
        midi.mapper.controllers = controllers(
            Path("/nowhere"), 'control = "cc14 7"\naddress = "/individuality"\nfeedback = "value"'
        )
        midi.take([Here(DEVICE)], [])
        midi.look(200.0)

    asyncio.run(run())
    assert sent == [(DEVICE, (b"\xb0\x07\x7f", b"\xb0\x27\x7f"))]


def test_midos_own_variable_chooses_the_system(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MIDO_BACKEND", "mido.backends.rtmidi/UNIX_JACK")
    assert wanted_system() == "UNIX_JACK"
    assert wanted_system("ALSA") == "ALSA"
    monkeypatch.setenv("MIDO_BACKEND", "mido.backends.pygame")
    assert wanted_system() == ""


# ---- the desk's side of the process, with processes that are made up ------------------------

TALKS = f"""
import sys, time
sys.path[:0] = {sys.path!r}
from performer.controllers.midi.wire import *
def tell(m):
    sys.stdout.buffer.write(line(m)); sys.stdout.flush()
tell(Alive("made up")); tell(Here("A"))
"""
FLOODS = TALKS + "for n in range(20000): tell(Heard('A', float(n), bytes([0xb0, 0, n % 128])))\n"
ECHOES = TALKS + (
    "for l in sys.stdin.buffer:\n"
    "    for d in SEND.decode(l).data: tell(Heard('A', 0.0, d))\n"
)  # fmt: skip
WAITS = "sys.stdin.buffer.read()\n"


def play(code: str, until: Callable[[Ports, list[object]], bool], seconds: float = 20.0) -> None:
    """Runs the desk's side against a process until something is so."""
    got: list[object] = []

    async def run() -> None:
        def take(news: Sequence[object], batch: Sequence[object]) -> None:
            got.extend([*news, *batch])

        ports = Ports(take, [sys.executable, "-c", code])
        ports.start()
        end = time.monotonic() + seconds
        try:
            while not until(ports, got):
                assert time.monotonic() < end, f"never; got {got[-5:]}"
                await asyncio.sleep(0.005)
        finally:
            ports.close()

    asyncio.run(run())


def test_a_flood_is_bounded_and_its_last_message_comes() -> None:
    last = Heard("A", 19999.0, bytes([0xB0, 0, 19999 % 128]))

    bounded: list[bool] = []

    def until(ports: Ports, got: list[object]) -> bool:
        waiting = ports._heard  # pyright: ignore[reportPrivateUsage]
        while got and not bounded:  # the loop is held up until all have come
            time.sleep(0.01)
            if "A" in waiting and last in waiting["A"]:
                bounded.append(len(waiting["A"]) == MOST)
        return bounded == [True] and last in got

    play(FLOODS + WAITS, until)


def test_what_is_sent_arrives_in_order_and_only_the_newest_of_a_key() -> None:
    wanted = [bytes([0xB0, n, random.randrange(128)]) for n in range(50)]
    sent: list[bool] = []

    def until(ports: Ports, got: list[object]) -> bool:
        if got and not sent:
            sent.append(True)
            for n, data in enumerate(wanted):
                ports.send("A", n, (bytes([0xB0, n, 0]),))
                ports.send("A", n, (data, data))
        echoed = [m.data for m in got if isinstance(m, Heard)]
        # the writing thread may have been quicker than what superseded it
        return echoed[-2:] == [wanted[-1]] * 2 and [d for d in wanted if d in echoed] == wanted

    play(ECHOES, until)


def test_a_process_that_ends_is_started_again_and_its_devices_have_gone() -> None:
    def until(_: Ports, got: list[object]) -> bool:
        return got[:3] == [Here("A"), Gone("A"), Here("A")]

    play(TALKS, until)


def test_a_process_that_hangs_is_ended_and_the_loop_never_waits(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("performer.controllers.midi.ports.HUNG", 0.5)

    def until(ports: Ports, got: list[object]) -> bool:
        ports.send("A", len(got), (bytes(1 << 16),))  # more than any pipe takes, and nobody reads
        if got:
            ports.watch()
        return Gone("A") in got

    play(TALKS + "time.sleep(60)\n", until)
