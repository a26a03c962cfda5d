"""Nights with sound, in a real sound server: what comes out, what goes in, what survives.

Every recording is made by a JACK client of its own. Times are printed (`pytest -s`), not asserted,
where the issue names no bound.
"""

import os
import signal
import time
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest

from performer.frame import Frame
from performer.parameters import TREE

from .conftest import Start
from .jack import RATE, Jack, Recorder, Samples, longest_gap, rms, settle
from .nights import Night, wait

SOUND, STAGE = "performer.sound", "performer.night"
SHORT_GAP = RATE // 100  # frames; exact zeros for longer are a hole
CLICK = 4.0  # times the 99th percentile of the second difference; the voices alone reach 1.8
CEILING = 10.0 ** (-1.0 / 20.0)


@pytest.fixture(scope="module")
def jack(folder: Path) -> Iterator[Jack]:
    one = Jack(folder)
    yield one
    one.stop()


@pytest.fixture(scope="module")
def night(start: Start, jack: Jack) -> Night:
    """A night that sounds: it has been heard by JACK for a while."""
    one = start("--participants", "12", environment=jack.environment).ready()
    wait("the night has a port", lambda: jack.outputs())
    one.when("it is warm", lambda f: f.time > 8.0)
    return one


@pytest.fixture
def recorder(jack: Jack, folder: Path) -> Iterator[Recorder]:
    one = Recorder(jack, folder / f"take-{time.monotonic_ns()}.wav")
    yield one
    one.close()


def client(jack: Jack) -> str:
    """The night's client, once it is there."""
    return wait("the night plays", jack.outputs, 10.0)[0].partition(":")[0]


def value(frame: Frame, address: str) -> float:
    return float(frame.values[TREE.index[address]])


def test_a_night_sounds_soft_wide_low_and_without_a_click(
    night: Night, jack: Jack, recorder: Recorder
) -> None:
    recorder.follow(client(jack))
    settle(6.0)
    take = recorder.done()[RATE // 2 :]
    assert len(take) > 4 * RATE
    assert -45.0 < rms(take) < -15.0
    assert np.abs(take).max() <= CEILING
    assert longest_gap(take) < SHORT_GAP
    # low: most of the power below 1 kHz, hardly any above 8 kHz
    power = np.square(np.abs(np.fft.rfft(take[: 4 * RATE].mean(axis=1) * np.hanning(4 * RATE))))
    at = np.fft.rfftfreq(4 * RATE, 1 / RATE)
    assert power[at < 1000.0].sum() > 0.8 * power.sum()
    assert power[at > 8000.0].sum() < 1e-3 * power.sum()
    # wide, but one body: two channels that are neither the same nor strangers
    left, right = take[:, 0], take[:, 1]
    alike = float(np.corrcoef(left, right)[0, 1])
    assert -0.2 < alike < 0.98
    assert abs(rms(left[:, None]) - rms(right[:, None])) < 6.0
    # no click: the second difference never leaves what the sound itself does
    bend = np.abs(np.diff(take, 2, axis=0)).max(axis=1)
    assert bend.max() < CLICK * np.quantile(bend, 0.99)


def test_volume_and_panic_act_within_a_quarter_of_a_second(
    night: Night, jack: Jack, recorder: Recorder
) -> None:
    recorder.follow(client(jack))
    settle(1.0)
    night.send("/panic")
    settle(1.5)
    level = np.abs(_from_the_first_sound(recorder.done())).max(axis=1)
    loud = level[: RATE // 2].max()
    falls = int(np.flatnonzero(level > 0.5 * loud)[-1])
    silent = int(np.flatnonzero(level > 1e-4 * loud)[-1])
    print(f"\npanic: from half to -80 dB in {(silent - falls) / RATE * 1000:.0f} ms")
    assert silent - falls < RATE // 4
    assert len(level) - silent > RATE // 2
    assert level[silent + 1 :].max() < 1e-4 * loud
    night.when("the sound is there again", lambda f: f.panic_age > 6.0)


def test_a_killed_stage_leaves_no_gap_in_the_sound(
    night: Night, jack: Jack, recorder: Recorder
) -> None:
    recorder.follow(client(jack))
    last = night.when("it plays", lambda f: True)
    settle(1.0)
    os.kill(wait("the stage lives", lambda: night.child(STAGE)), signal.SIGKILL)
    night.when("a new stage", lambda f: f.index > last.index + 60, 20.0)
    take = recorder.done()[RATE // 4 :]
    assert longest_gap(take) < SHORT_GAP
    quarters = np.array([rms(q) for q in np.array_split(take, 8)])
    assert quarters.min() > quarters.max() - 15.0
    bend = np.abs(np.diff(take, 2, axis=0)).max(axis=1)
    assert bend.max() < CLICK * np.quantile(bend, 0.99)


def test_a_killed_sound_is_back_within_two_seconds_and_the_picture_goes_on(
    night: Night, jack: Jack, recorder: Recorder
) -> None:
    one = client(jack)
    wait("one stands by", lambda: _sounds(night) >= 2)
    settle(2.5)  # which has loaded everything
    recorder.follow(one)
    before = night.lives()
    stage, victim = night.child(STAGE), wait("the one that plays", lambda: _playing(night))
    settle(0.5)
    os.kill(victim, signal.SIGKILL)
    wait("it is dead", lambda: victim not in night.processes())
    recorder.follow(one)
    settle(2.0)
    hole = longest_gap(_from_the_first_sound(recorder.done())) / RATE
    print(f"\nsound killed: silent for {hole:.2f} s")
    assert 0.0 < hole < 2.0
    assert night.child(STAGE) == stage
    frame = night.when("the picture", lambda f: True)
    assert frame.index > before.index
    assert frame.dt < 0.1


def test_a_server_that_comes_back_is_played_into_again(
    night: Night, jack: Jack, folder: Path
) -> None:
    jack.stop()
    before = night.lives()
    wait("the loss is told", lambda: "looking again every second" in night.log)
    settle(1.5)
    jack.start()
    came = time.monotonic()
    recorder = Recorder(jack, folder / "after.wav")
    try:
        recorder.follow(client(jack))
        settle(1.5)
        silent = recorder.done()
    finally:
        recorder.close()
    first = recorder.began + (len(silent) - len(_from_the_first_sound(silent))) / RATE - came
    print(f"\nserver back: sound {first:.2f} s later")
    assert first < 3.0
    assert night.when("the picture", lambda f: True).index > before.index


def test_a_night_ends_in_a_fade(night: Night, jack: Jack, recorder: Recorder) -> None:
    recorder.follow(client(jack))
    settle(1.5)
    night.interrupt()
    settle(0.3)
    take = recorder.done()
    level = np.abs(take).max(axis=1)
    end = int(np.flatnonzero(level > 1e-6)[-1])
    falling = level[end - RATE // 20 : end]
    assert falling[-RATE // 200 :].max() < 0.1 * level[: end - RATE // 2].max()
    bend = np.abs(np.diff(take[RATE // 4 :], 2, axis=0)).max(axis=1)
    assert bend.max() < CLICK * np.quantile(bend, 0.99)


def _from_the_first_sound(take: Samples) -> Samples:
    """A recording without the silence before anything was connected."""
    return take[int(np.flatnonzero(np.abs(take).max(axis=1) > 0.0)[0]) :]


def _sounds(night: Night) -> int:
    return sum(SOUND in command for command in night.processes().values())


def _playing(night: Night) -> int | None:
    """The sound process that has JACK's socket open: the older one."""
    pids = [pid for pid, command in night.processes().items() if SOUND in command]
    return min(pids) if pids else None
