"""What is done to a night while it is measured: nothing, a hand's moves, a flood, kills.

Times are seconds of Unix time where they are points, and what their names say in the figures.
"""

from __future__ import annotations

import random
import threading
import time
from collections.abc import Callable
from pathlib import Path
from statistics import median
from typing import TYPE_CHECKING, Any

import numpy as np
from pythonosc.osc_message_builder import OscMessageBuilder

from performer.benchmark import jack
from performer.benchmark.busy import Busy
from performer.benchmark.jack import Recording, holes
from performer.benchmark.plan import middle, rounded
from performer.benchmark.surface import Surface
from performer.errors import DeviceError
from performer.parameters import TREE

if TYPE_CHECKING:
    from performer.benchmark.ear import Night

ADDRESS = "/individuality"  # a master: nothing smooths it, and no modulation moves it under a hand
PLACE = TREE.index[ADDRESS]
SECONDS_LIT = 0.7  # s without a word of loading: it is lit
RATE, BURST = 10_000, 20  # messages a second, and how many at a time
PATIENCE = 20.0  # s in which the desk has found a MIDI port
PROVEN = 1e-6  # how near a value must be: it travels as float32


def message(value: float) -> bytes:
    """The datagram that sets the master."""
    builder = OscMessageBuilder(ADDRESS)
    builder.add_arg(value, "f")
    return builder.build().dgram


def _start(night: Night) -> dict[str, Any]:
    """From the program's start to the first Frame, and to the end of the first lit one."""
    began, came = night.job["began"], list[float]()
    for at, _frame in night.ear.frames():
        came.append(at)
        if at - max(night.ear.loading, came[0]) > SECONDS_LIT and len(came) > 3:
            break
    # the last word of loading is said in the last dark frame; the frame after it is lit, and is
    # certainly done when the one after that is told
    after = [at for at in came if at > night.ear.loading]
    return {"first_s": rounded(came[0] - began), "lit_s": rounded(after[1] - began)}


def _settle(night: Night) -> None:
    """Waits until it is lit and calm."""
    first, seconds = 0.0, float(night.job["calm"])
    for at, _frame in night.ear.frames():
        first = first or at
        if at - max(first, night.ear.loading) > seconds:
            return


def _latency(night: Night) -> dict[str, Any]:
    """Datagrams at random moments, each waited for in a Frame, and in the Frame after that."""
    _settle(night)
    return _measured(night, lambda value: night.send(message(value)))


def _midi(night: Night) -> dict[str, Any]:
    """The same with a MIDI knob, through JACK."""
    _settle(night)
    with Surface() as surface:
        _until_heard(night, surface)
        return _measured(night, surface.turn)


def _until_heard(night: Night, surface: Surface) -> None:
    """The desk finds a new port within a second or so; until then nothing is played."""
    last, value = 0.0, 0.0
    end = time.time() + PATIENCE
    for at, frame in night.ear.frames():
        if abs(frame.values[PLACE] - value) < PROVEN and last:
            return
        if at > end:
            raise DeviceError(f"the MIDI surface was not heard within {PATIENCE:g} s")
        if at - last > 0.5:
            last, value = at, surface.near(0.3 if value > 0.5 else 0.7)
            surface.turn(value)


def _measured(night: Night, play: Callable[[float], None]) -> dict[str, Any]:
    """What it takes from `play`ing a value to its Frame, as often as the job says."""
    rng = random.Random(1)
    waits: list[float] = []
    frames: list[int] = []
    presented: list[float] = []
    steps: list[float] = []
    for k in range(int(night.job["count"])):
        value = Surface.near(0.2 + 0.6 * ((k * 0.618) % 1.0))
        wait, passed, after, dt = _one(night, value, rng.uniform(0, 0.05), play)
        waits.append(1000.0 * wait)
        frames.append(passed)
        presented.append(1000.0 * after)
        steps.append(1000.0 * dt)
    return {"ms": middle(waits), "frames": median(frames), "presented_ms": middle(presented),
            "frame_ms": middle(steps), "beyond_ms": rounded(median(waits) - median(steps)),
            "p99_ms": rounded(float(np.quantile(waits, 0.99))), "worst_ms": rounded(max(waits)),
            "count": len(waits)}  # fmt: skip


def _one(
    night: Night, value: float, pause: float, play: Callable[[float], None]
) -> tuple[float, int, float, float]:
    """One value: s to its Frame, Frames passed, s to the Frame after, and a frame's length."""
    sent, before, hit, passed = 0.0, 0, 0.0, 0
    due = time.time() + 0.05 + pause
    for at, frame in night.ear.frames():
        if hit:
            return hit - sent, passed, at - sent, frame.dt
        if not sent and at >= due:
            before = frame.index
            time.sleep(pause % 0.016)  # anywhere between two Frames
            sent = time.time()
            play(value)
        elif sent and abs(frame.values[PLACE] - value) < PROVEN:
            hit, passed = at, frame.index - before
    raise AssertionError


def _flood(night: Night) -> dict[str, Any]:
    """Quiet, flood, quiet: the length of frames, and whether the last value won."""
    _settle(night)
    quiet_s, flood_s = float(night.job["quiet"]), float(night.job["flood"])
    quiet = _lengths(night, quiet_s)
    already, last = night.ear.received, 0.777
    flooding = Flood(night, flood_s, last)
    flooding.start()
    busy = _lengths(night, flood_s)
    flooding.join()
    value = _value_after(night, 0.5)
    quiet += _lengths(night, quiet_s)
    lost = flooding.sent - (night.ear.received - already)
    return {
        "ratio": rounded(median(busy) / median(quiet)), "quiet_ms": middle(quiet),
        "busy_ms": middle(busy), "worst_ms": rounded(max(busy)), "sent": flooding.sent,
        "rate": rounded(flooding.sent / flooding.took),
        "lost": rounded(10_000 * lost / flooding.sent),
        "last_value_missed": int(abs(value - last) > PROVEN),
    }  # fmt: skip


def _lengths(night: Night, seconds: float) -> list[float]:
    """The lengths of all frames for a while, ms."""
    found: list[float] = []
    end = time.time() + seconds
    for at, frame in night.ear.frames():
        found.append(1000.0 * frame.dt)
        if at >= end:
            break
    return found


def _value_after(night: Night, seconds: float) -> float:
    end = time.time() + seconds
    for at, frame in night.ear.frames():
        if at >= end:
            return float(frame.values[PLACE])
    raise AssertionError


class Flood(threading.Thread):
    """Ten thousand messages a second, `last` the very last."""

    def __init__(self, night: Night, seconds: float, last: float) -> None:
        super().__init__(daemon=True)
        self.night, self.seconds, self.last = night, seconds, last
        self.sent, self.took = 0, 0.0

    def run(self) -> None:
        """Sends them in small bursts, as evenly as the machine lets it."""
        values = [message(0.3 + 0.4 * k / 997) for k in range(997)]
        began = time.perf_counter()
        while (passed := time.perf_counter() - began) < self.seconds:
            while self.sent < passed * RATE:
                for _ in range(BURST):
                    self.night.send(values[self.sent % 997])
                    self.sent += 1
            time.sleep(BURST / RATE)
        self.night.send(message(self.last))
        self.sent += 1
        self.took = time.perf_counter() - began


def _kill(night: Night) -> dict[str, Any]:
    """kill -9 of the stage, again and again: s to the first Frame, and whether it goes on."""
    _settle(night)
    took: list[float] = []
    wrong = 0
    for k in range(int(night.job["count"])):
        value = 0.25 + 0.5 * ((k * 0.618) % 1.0)
        _one(night, value, 0.0, lambda value: night.send(message(value)))
        last = next(night.ear.frames())[1]
        began = time.time()
        night.kill_stage()
        for at, frame in night.ear.frames():
            if at - began < 0.05:  # one may still have been on its way
                last = frame
                continue
            took.append(at - began)
            same = np.allclose(frame.base, last.base, atol=0.05) and frame.index > last.index
            wrong += not (same and abs(frame.values[PLACE] - value) < PROVEN)
            break
        _settle(night)
    return {"median_s": middle(took), "worst_s": rounded(max(took)), "kills": len(took),
            "wrong": wrong}  # fmt: skip


def _sound(night: Night) -> dict[str, Any]:
    """Sound beside a busy stage: what another program recorded, and how busy it was."""
    recording = Recording(Path(night.job["folder"]))
    try:
        _settle(night)
        before = Busy.now(night.stage)
        end = time.monotonic() + float(night.job["seconds"])
        while time.monotonic() < end:
            time.sleep(0.1)
        busy = Busy.now(night.stage).since(before)
        heard = recording.samples()
    finally:
        recording.close()
    next(night.ear.frames())  # the stage has not died of it
    found = holes(heard)
    return {"seconds": rounded(len(heard) / jack.RATE), "holes": len(found),
            "longest_hole_ms": rounded(1000.0 * found.max(initial=0) / jack.RATE),
            **busy}  # fmt: skip


SCENARIOS: dict[str, Callable[[Night], dict[str, Any]]] = {
    "start": _start, "latency": _latency, "midi": _midi, "flood": _flood, "kill": _kill,
    "sound": _sound,
}  # fmt: skip
