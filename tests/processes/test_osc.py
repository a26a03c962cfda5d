"""liblo's own programs play a live stage; what is no music is refused and counted."""

import contextlib
import math
import struct
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from performer.frame import PURPOSES
from performer.parameters import PARAMETERS, Nature, Parameter, Value

from .conftest import Start
from .nights import Night, has, packet, recorded, row, udp_port, value, wait


class Dump:
    """liblo's oscdump on a port of its own."""

    def __init__(self, file: Path) -> None:
        self.port, self.file = udp_port(), file
        with file.open("wb") as output:
            self.process = subprocess.Popen(["oscdump", "-L", str(self.port)], stdout=output)

    def lines(self, address: str) -> list[str]:
        """Lines of one address, without the time they came at."""
        rows = (line.split(" ", 1)[1] for line in self.file.read_text().splitlines())
        return [r for r in rows if r.startswith(address + " ")]

    def says(self, address: str, part: str) -> str:
        """Waits for a line of an address that has `part` in it."""
        return wait(
            f"oscdump shows {address} {part}",
            lambda: next((line for line in self.lines(address) if part in line), None), 10,
        )  # fmt: skip

    def close(self) -> None:
        self.process.terminate()
        self.process.wait(5)


@pytest.fixture(scope="module")
def dump(folder: Path) -> Iterator[Dump]:
    one = Dump(folder / "dump.txt")
    yield one
    one.close()


@pytest.fixture(scope="module")
def record(folder: Path) -> Path:
    return folder / "controls.jsonl"


@pytest.fixture(scope="module")
def night(start: Start, dump: Dump, record: Path, show: str) -> Night:
    options = ("--record-control", str(record))
    return start(*options, show=show, out_port=dump.port).ready()


def test_oscsend_plays_the_masters_and_oscdump_shows_the_feedback(night: Night, dump: Dump) -> None:
    night.oscsend("/resonance", "f", 0.625)
    night.oscsend("/individuality", "f", 0.25)
    night.when("both masters are set", lambda f: value(f, "/resonance") == 0.625
               and value(f, "/individuality") == 0.25)  # fmt: skip
    assert dump.says("/resonance", "0.625").split()[1] == "f"
    dump.says("/individuality", "0.25")
    night.oscsend("/freeze", "i", 1)
    frozen = night.when("frozen", lambda f: value(f, "/freeze") == 1.0)
    later = night.lives()
    assert later.flow == frozen.flow
    night.oscsend("/freeze", "i", 0)
    night.when("moving again", lambda f: f.flow > later.flow)


def test_what_the_policy_holds_back_is_told_once(night: Night, dump: Dump) -> None:
    night.oscsend("/resonance", "f", 1.0)
    frame = night.when("clamped", lambda f: "/resonance" in f.clamps)
    assert frame.values[0] == pytest.approx(0.9)
    assert dump.says("/clamped", "/resonance").split()[1] == "sf"
    night.lives()
    assert len(dump.lines("/clamped")) == 1
    night.oscsend("/resonance", "f", 0.5)
    night.when("within the cap", lambda f: not f.clamps)


def test_oscsend_plays_a_participant_from_join_to_leave(night: Night, dump: Dump) -> None:
    before = night.lives()
    night.oscsend("/participant/anna/join", "s", "Anna")
    night.oscsend("/participant/anna/floor", "f", 0.75)
    frame = night.when("anna is here", lambda f: has(f, "anna"))
    people = int(frame.people.here.sum() - frame.people.leaving.sum())
    assert people == int(before.people.here.sum()), "a join takes a simulated person's place"
    play: list[tuple[str, str, tuple[object, ...]]] = [
        ("feeling", "ff", (0.5, -0.25)), ("rhythm", "f", (0.25,)), ("ratio", "ii", (2, 3)),
        ("breath", "f", (0.75,)), ("generator", "s", ("ink",)), ("palette", "f", (0.375,)),
        ("cap", "f", (0.5,)), ("consent", "si", ("use_heart", 1)), ("solo", "i", (1,)),
        ("mute", "i", (1,)), ("input/bloom", "f", (0.5,)),
    ]  # fmt: skip
    for tail, types, values in play:
        night.oscsend(f"/participant/anna/{tail}", types, *values)
    frame = night.when("anna's last message", lambda f: bool(f.people.mute[row(f, "anna")]))
    p, i = frame.people, row(frame, "anna")
    assert p.names[i] == "Anna"
    assert (p.told_valence[i], p.told_arousal[i]) == (0.5, -0.25)
    assert p.omega[i] == pytest.approx(2.0 * math.pi * 0.25)
    assert (p.p[i], p.q[i], p.breath_heard[i], p.wanted[i]) == (2.0, 3.0, 0.75, "ink")
    assert (p.place[i], p.floor[i], p.cap[i], p.solo[i]) == (0.375, 0.75, 0.5, True)
    assert 0.5 in p.inputs[i]
    assert p.m[i] == 0.75, "the floor stands above individuality 0.25"
    given = {purpose for purpose, yes in zip(PURPOSES, p.consent[i], strict=True) if yes}
    assert given == {"visual_layer", "sound_layer", "couple_rhythm", "use_heart"}
    dump.says("/participant/anna/floor", "0.75")
    dump.says("/participant/anna/feeling", "-0.25")
    night.oscsend("/participant/anna/pause", "i", 1)
    night.when("paused", lambda f: f.people.state[row(f, "anna")] == 3)
    night.oscsend("/participant/anna/pause", "i", 0)
    night.when("back", lambda f: f.people.state[row(f, "anna")] == 2)
    night.oscsend("/participant/anna/leave")
    frame = night.when("gone", lambda f: not has(f, "anna"))

    def refused() -> bool:  # the desk may learn of it a moment after this test
        night.oscsend("/participant/anna/feeling", "ff", 0.1, 0.1)
        return any("/participant/anna/feeling" in line for line in dump.lines("/refused"))

    wait("what is felt for somebody who left is refused", refused, 10)


def test_unknown_people_addresses_names_and_types_are_refused_with_a_reason(
    night: Night, dump: Dump
) -> None:
    refused: list[tuple[str, str, tuple[object, ...], str]] = [
        ("/participant/nobody/feeling", "ff", (0.1, 0.1), "nobody of that id"),
        ("/participant/ANNA/join", "", (), "a-z 0-9"),
        ("/participant/bob/dance", "", (), "no such address of a participant"),
        ("/resonnance", "f", (0.5,), "did you mean /resonance"),
        ("/individuality", "s", ("much",), "must be a number"),
        ("/coupling", "f", (1.5,), "must be 0..1"),
        ("/brightness", "f", ("nan",), "must be finite"),
        ("/dissolve", "f", ("inf",), "must be finite"),
        ("/participant/sim-2/feeling", "f", (0.5,), "takes 2 arguments"),
        ("/phase/go", "f", (1.5,), "whole number"),
        ("/blackout", "m", ("00903c7f",), "must be a number"),
        ("/preset", "s", ("nothing",), "there are: daybreak, ember, frost"),
        ("/preset/save", "s", ("../escape",), "a preset's name"),
        ("/release", "s", ("/panic",), "is not a fader or switch"),
    ]
    before = night.lives()
    for address, types, values, reason in refused:

        def told(address: str = address, reason: str = reason) -> bool:
            return any(f'"{address}" ' in r and reason in r for r in dump.lines("/refused"))

        for _ in range(5):  # reasons of one kind are told once a second
            night.oscsend(address, types, *values)
            with contextlib.suppress(AssertionError):
                wait(f"{address} is refused: {reason}", told, 0.4)
                break
        assert told(), f"{address}: {reason}"
    after = night.lives()
    assert (after.base == before.base).all()
    assert "Traceback" not in night.log + night.told


TIMETAG_FUTURE = struct.pack(">II", 0xFFFFFFF0, 0)
GARBAGE = (
    b"", b"\0", b"/", b"/resonance", b"/resonance\0\0", b"\xff" * 64, b"#bundle\0", b"#bundle",
    b"/resonance\0\0,f\0\0", b"/resonance\0\0,f\0\0\x3f", b"/resonance\0\0f\0\0\0\x3f\0\0\0",
    b"/\xff\xfe\xfd\0\0\0\0,\0\0\0", b",f\0\0\x3f\0\0\0", b"/resonance\0\0,[[[[[[[\0",
    b"#bundle\0" + b"\0" * 8 + struct.pack(">i", 2**31 - 1),
    b"#bundle\0" + b"\0" * 8 + struct.pack(">i", -4) + b"\0" * 8,
    b"#bundle\0" + b"\0" * 7 + b"\1" + struct.pack(">i", 16) + b"#bundle\0" + b"\0" * 8,
    b"/resonance\0\0,b\0\0\x7f\xff\xff\xff", b"x" * 60000,
)  # fmt: skip


def counted(night: Night) -> int:
    """Refusals so far, told by the log: the desk counts what it does not say."""
    return night.log.count("refused")


def test_malformed_packets_are_refused_and_the_show_goes_on(night: Night, dump: Dump) -> None:
    for data in GARBAGE:
        night.raw(data)
    nested = packet("/resonance", 0.5)
    for _ in range(2000):
        nested = b"#bundle\0" + b"\0" * 7 + b"\1" + struct.pack(">i", len(nested)) + nested
        if len(nested) > 40000:
            break
    night.raw(nested)
    future = b"#bundle\0" + TIMETAG_FUTURE + struct.pack(">i", 16) + packet("/tempo", 99.0)
    assert len(packet("/tempo", 99.0)) == 16
    wait("garbage is refused", lambda: "not an OSC packet" in night.log)

    def told() -> bool:  # so many lines a second are told, of all kinds
        night.raw(future)
        time.sleep(0.2)
        return any("/tempo" in line for line in dump.lines("/refused"))

    wait("the far future is refused", told, 10)
    soon = time.time() + 0.5
    stamp = struct.pack(">II", int(soon) + 2208988800, int(soon % 1 * 2**32))
    night.raw(b"#bundle\0" + stamp + struct.pack(">i", 16) + packet("/tempo", 77.0))
    night.when("a bundle due soon is played", lambda f: value(f, "/tempo") == 77.0)
    assert time.time() >= soon - 0.01
    assert "Traceback" not in night.log + night.told


def test_a_zoo_of_addresses_is_not_a_zoo_of_log_lines(night: Night) -> None:
    lines = night.log.count("\n")
    began = time.monotonic()
    for i in range(3000):
        night.raw(packet(f"/zoo{i}/{'x' * 500}", 0.5))
    night.send("/coupling", 0.875)
    night.when("what comes after is played", lambda f: value(f, "/coupling") == 0.875)
    seconds = time.monotonic() - began
    assert night.log.count("\n") - lines <= 30 * (1 + seconds)
    assert "x" * 200 not in night.log


def played(parameter: Parameter) -> list[Value]:
    """Arguments that this address takes."""
    special: dict[str, list[Value]] = {
        "/preset": ["ember", 0.5], "/preset/save": ["from a test"], "/release": ["/resonance"],
        "/phase/go": [2], "/participant/{id}/consent": ["broadcast", 1],
        "/participant/{id}/picture": ["-"], "/participant/{id}/effect": ["-"],
        "/participant/{id}/words": ["moon"],
        "/participant/{id}/generator": ["ink"], "/participant/{id}/heart": [70.0],
        "/participant/{id}/input/{name}": [0.5], "/panic": [0.0], "/participant/{id}/join": ["Eve"],
        "/morph/to": ["frost"], "/cue/go": [2], "/cue/standby": [1],
    }  # fmt: skip
    if parameter.address in special:
        return special[parameter.address]
    found: list[Value] = []
    for arg in parameter.args:
        assert arg.kind is not str, f"say what to send to {parameter.address}"
        found.append(arg.kind(arg.low + 0.5 * (arg.high - arg.low)))
    return found


def test_a_live_stage_takes_every_address_of_the_tree(
    night: Night, record: Path, folder: Path
) -> None:
    night.send("/participant/eve/join", "Eve")
    night.when("eve is here", lambda f: has(f, "eve"))
    for purpose in ("use_heart", "record_local"):
        night.send("/participant/eve/consent", purpose, 1)
    last = ("/participant/{id}/pause", "/participant/{id}/leave")
    # the desk answers requests itself, and nobody sets what is told
    played_on_stage = [p for p in PARAMETERS if p.nature not in (Nature.REQUEST, Nature.TOLD)]
    ordered = sorted(
        played_on_stage, key=lambda p: last.index(p.address) if p.address in last else -1
    )
    sent: dict[str, Parameter] = {}
    for parameter in ordered:
        address = parameter.address.replace("{id}", "eve").replace("{name}", "bloom")
        sent[address] = parameter
        night.send(address, *played(parameter))
    with contextlib.suppress(AssertionError):
        wait("all of them", lambda: sent.keys() <= {a for a, _ in recorded(record)}, 10)
    assert sent.keys() - {a for a, _ in recorded(record)} == set(), night.log[-2000:]
    told = dict(recorded(record))
    for address, parameter in sent.items():
        if parameter.nature is Nature.FADER:
            assert told[address] == pytest.approx(played(parameter)), address
    assert told["/participant/eve/join"] == [], "a name needs consent to record_local"
    saved = folder / "presets" / "from a test.toml"
    wait("the look was saved next to the show", saved.is_file)
    assert "Traceback" not in night.log + night.told


def test_the_night_ends_cleanly_after_all_that(night: Night) -> None:
    code, _ = night.interrupt()
    assert code == 0
    wait("no stray process", lambda: not night.processes(), 5)


def test_an_occupied_port_is_one_message_and_osc_comes_back(start: Start, tmp_path: Path) -> None:
    import socket

    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as other:
        other.bind(("127.0.0.1", 0))
        night = start(where=tmp_path, port=int(other.getsockname()[1]))
        wait("the message", lambda: "cannot listen for OSC" in night.told)
        night.lives()
        time.sleep(0.2)
    wait("OSC is back", lambda: "OSC in on 127.0.0.1 UDP" in night.log, 10)
    night.send("/resonance", 0.375)
    night.when("it plays", lambda f: value(f, "/resonance") == 0.375)
    assert night.told.count("cannot listen for OSC") == 1
    assert "--osc-port" in night.told
    night.close()
