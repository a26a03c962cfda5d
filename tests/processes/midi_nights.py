"""A night that is played from a MIDI file through JACK alone: the player, and what is looked at."""

import contextlib
import math
import os
import subprocess
import sys
import time
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np

from performer.frame import Floats, Frame
from performer.parameters import TREE
from performer.show.shows import load_show
from tests import midi_show

from .jack import Jack
from .nights import POLL, Night, addresses, rehearsed, wait

ROOT = Path(__file__).parents[2]
CLIENT = "sequencer"
BACKEND = {"MIDO_BACKEND": "mido.backends.rtmidi/UNIX_JACK"}
SLACK = 0.012  # of a fader: more than half a step of 7 bits
PATIENCE = 1.0  # s from the last message of a gesture to a Frame that shows it


class Player:
    """Plays a file into a JACK server, in a process of its own: a server may break its clients."""

    def __init__(self, jack: Jack, path: Path) -> None:
        self.jack = jack
        self.process = subprocess.Popen(
            [sys.executable, "-m", "tests.processes.midi_player", str(path), CLIENT], cwd=ROOT,
            env={**os.environ, **jack.environment, **BACKEND}, text=True,
            stdin=subprocess.PIPE, stdout=subprocess.PIPE,
        )  # fmt: skip
        assert self.said() == "ready"

    def said(self) -> str:
        """Its next line."""
        assert self.process.stdout is not None
        return self.process.stdout.readline().strip()

    def connected(self) -> bool:
        """Whether somebody listens to it."""
        done = subprocess.run(
            ["jack_lsp", "-c", CLIENT], env={**os.environ, **self.jack.environment},
            capture_output=True, text=True, timeout=5,
        )  # fmt: skip
        return any(line.startswith(" ") for line in done.stdout.splitlines())

    def begin(self) -> float:
        """Plays from now: the monotonic time that is its second 0."""
        assert self.process.stdin is not None
        self.process.stdin.write("\n")
        self.process.stdin.flush()
        return time.monotonic()

    def close(self) -> None:
        """Takes its port away."""
        with contextlib.suppress(subprocess.TimeoutExpired):
            self.process.communicate(timeout=5)  # its input ends, and so does it
        self.process.kill()  # a patient server breaks when a client is killed: only if it must be
        self.process.communicate(timeout=5)


@dataclass(frozen=True)
class Look:
    """What is looked at of a Frame, and the second of the file at which it was seen.

    Whole Frames of 45 minutes would be gigabytes.
    """

    second: float
    phase: int
    preset: str
    base: Floats
    tempo: float
    source: str
    solos: tuple[str, ...]
    panic_age: float

    @staticmethod
    def at(second: float, frame: Frame) -> "Look":
        """A Frame that was seen."""
        people = frame.people
        solos = tuple(people.ids[row] for row in people.solo.nonzero()[0])
        return Look(second, frame.phase, frame.preset, frame.base.copy(), frame.tempo,
                    frame.tempo_source, solos, frame.panic_age)  # fmt: skip

    def value(self, address: str) -> float:
        """As hands and arc set it."""
        return float(self.base[TREE.index[address]])


@dataclass
class Watched:
    """All Frames of a night that were seen while the file played."""

    night: midi_show.Night
    looks: list[Look] = field(default_factory=list[Look])

    def between(self, first: float, last: float) -> list[Look]:
        """Those of some seconds of the file; AssertionError if there are none."""
        found = [look for look in self.looks if first <= look.second <= last]
        assert found, f"no Frame was seen from {first:.1f} to {last:.1f} s"
        return found


@dataclass
class Fingers:
    """A tablet beside the MIDI controller: some OSC a second, nothing that the file plays."""

    night: Night
    since: float = 0.0
    """The second of the file at which it begins."""
    sent: int = 0
    alone: tuple[int, int] | None = None
    """What the desk had received and refused before it began."""

    def play(self, second: float) -> None:
        """Everything that is due by a second of the file."""
        if second > self.since and self.alone is None:
            self.alone = self.night.counts()
        while self.sent < (second - self.since) * 4.0:
            self.sent += 1
            turn = 0.5 + 0.5 * math.sin(0.37 * self.sent)
            if self.sent == 1:
                self.night.send("/participant/ada/join")
                self.night.send("/participant/ada/consent", "record_local", 1)
            elif self.sent % 3 == 0:
                self.night.send("/look/warp", turn)
            elif self.sent % 3 == 1:
                self.night.send("/participant/ada/feeling", 2.0 * turn - 1.0, 1.0 - 2.0 * turn)
            else:
                self.night.send("/participant/a*a/cap", 0.5 + 0.5 * turn)


def played(
    night: Night, player: Player, wanted: midi_show.Night, fingers: Fingers | None = None
) -> Watched:
    """Plays the file and looks at every Frame until a second after its end.

    Nothing else plays the night, unless there are `fingers` beside.
    """
    wait("the night listens to the sequencer", player.connected)
    wait("the desk knows the sequencer", lambda: f"MIDI device {CLIENT}" in night.log)
    watched, began = Watched(wanted), player.begin()
    last = -1
    while (second := time.monotonic() - began) < wanted.seconds + PATIENCE:
        assert night.process.poll() is None, night.told
        if fingers is not None:
            fingers.play(second)
        frame = night.frame()
        if frame is not None and frame.index != last:
            last = frame.index
            watched.looks.append(Look.at(second, frame))
        time.sleep(POLL / 2)
    assert player.said().startswith("done")
    return watched


def twice(folder: Path, record: Path, seconds: float, fps: int) -> str:
    """Dreams a recorded session again, twice, to the same pixels; their SHA-256."""
    assert {"/go", "/macro/1", "/clock"} <= set(addresses(record)), "played by MIDI"
    assert {"/look/warp", "/participant/ada/feeling"} <= set(addresses(record)), "played by OSC"
    options = ("--play", str(record), "--seconds", f"{seconds:.2f}", "--fps", str(fps))
    first, second = (rehearsed(folder, name, *options) for name in ("first", "second"))
    assert first["summary"]["sha256"] == second["summary"]["sha256"]
    return str(first["summary"]["sha256"])


# ---- what must have happened ----------------------------------------------------------------


def check(watched: Watched) -> None:
    """Everything that the file says, at its time and in its order."""
    _phases(watched)
    for deed in watched.night.deeds:
        if isinstance(deed, midi_show.Moved):
            _moved(watched, deed)
        elif isinstance(deed, midi_show.Chosen):
            _chosen(watched, deed)
    _soloed(watched)
    _led(watched)
    _panicked(watched)
    _ended(watched)


def _phases(watched: Watched) -> None:
    """Every phase in its order, each soon after its GO and not before."""
    seen = list(dict.fromkeys(look.phase for look in watched.looks))
    assert seen == [0, 1, 2, 3, 4], f"phases {seen}"
    starts = watched.night.starts
    for number, at in enumerate(starts):
        soon = watched.between(at + PATIENCE, at + 2 * PATIENCE)
        there = {look.phase for look in soon}
        assert there == {number}, f"phase {there}, GO to {number} was at {at:.1f} s"
        if number:
            assert watched.between(at - 1.0, at)[0].phase == number - 1


def _moved(watched: Watched, deed: midi_show.Moved) -> None:
    end = deed.at + deed.seconds
    found = [look.value(deed.address) for look in watched.between(end, end + PATIENCE)]
    assert abs(found[-1] - deed.value) < SLACK, f"{deed}: {found[-1]:.3f}"


def _chosen(watched: Watched, deed: midi_show.Chosen) -> None:
    wanted = load_show("luna-circle").show.presets[deed.number - 1]
    soon = watched.between(deed.at, deed.at + PATIENCE)
    assert soon[-1].preset == wanted
    assert watched.between(deed.at - 1.0, deed.at)[0].preset != wanted


def _soloed(watched: Watched) -> None:
    """The third person who is here, alone, between two presses."""
    first, second = (
        d.at for d in watched.night.deeds
        if isinstance(d, midi_show.Pressed) and d.address.endswith("/solo")
    )  # fmt: skip
    alone = {look.solos for look in watched.between(first + PATIENCE, second)}
    assert len(alone) == 1
    assert len(alone.pop()) == 1
    assert watched.between(second, second + PATIENCE)[-1].solos == ()


def _led(watched: Watched) -> None:
    """The clock led between its marks, then the taps, then the preset again."""
    marks = {d.text: d.at for d in watched.night.deeds if isinstance(d, midi_show.Marked)}
    clocked = watched.between(marks["start"] + 3.0, marks["stop"])
    assert {look.source for look in clocked} == {"clock"}
    # the middle of them: where two cores do everything, a server's late cycle brings a burst
    middle = float(np.median([look.tempo for look in clocked]))
    assert abs(middle - midi_show.BPM) < 0.02 * midi_show.BPM, f"{middle:.1f} BPM"
    taps = [d.at for d in watched.night.deeds
            if isinstance(d, midi_show.Pressed) and d.address == "/tap"]  # fmt: skip
    assert watched.between(taps[0] - 1.0, taps[0])[-1].source == "preset"
    after = watched.between(taps[-1], taps[-1] + PATIENCE)[-1]
    assert after.source == "tap"
    assert abs(after.value("/tempo") - midi_show.TAPPED) < 0.05 * midi_show.TAPPED


def _panicked(watched: Watched) -> None:
    (at,) = (d.at for d in watched.night.deeds
             if isinstance(d, midi_show.Pressed) and d.address == "/panic")  # fmt: skip
    assert all(look.panic_age > 1e3 for look in watched.looks if look.second < at)
    youngest = min(look.panic_age for look in watched.between(at, at + PATIENCE))
    assert youngest < PATIENCE


def _ended(watched: Watched) -> None:
    """What hands hold at the end is what they were last told to."""
    last = watched.looks[-1]
    assert last.phase == 4
    held = {d.address: d for d in watched.night.deeds if isinstance(d, midi_show.Moved)}
    for address in ("/volume", "/macro/1", "/macro/2", "/brightness"):
        assert abs(last.value(address) - held[address].value) < SLACK, address
