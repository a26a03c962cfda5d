"""Nights with other devices than a pair: four channels, one, another rate, names that nobody has.

And a file of music, which needs no input at all.
"""

import wave
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import numpy as np
import pytest

from performer.audio import calibration
from performer.audio.calibration import Calibration, keep
from performer.audio.exposure import Budget
from performer.frame import FEATURES
from performer.show.files import data_folder

from .conftest import Start
from .jack import RATE, Jack, Recorder, Samples, rms, settle
from .nights import Night, wait
from .test_sound import CEILING, from_the_first_sound, spectrum

FOUR = data_folder() / "assets" / "rooms" / "four-corners.toml"
BEEP = 3000.0  # Hz, where voices have next to nothing
BESIDE = 100  # Hz


@pytest.fixture(scope="module")
def jack(folder: Path) -> Iterator[Jack]:
    """A server that plays four channels."""
    one = Jack(folder, name="four", playback=4)
    yield one
    one.stop()


@pytest.fixture(scope="module")
def night(start: Start, jack: Jack, folder: Path) -> Night:
    """A night in a room of four loudspeakers, with music."""
    beeps(folder / "beeps.wav")
    one = start("--participants", "12", "--room", str(FOUR), "--audio", str(folder / "beeps.wav"),
                environment=jack.environment).ready()  # fmt: skip
    wait("the night has four ports", lambda: jack.outputs("out_3"))
    return one


@pytest.fixture(scope="module")
def takes(night: Night, jack: Jack, folder: Path) -> list[Samples]:
    """What each pair plays while all voices are there, one after the other."""
    night.when("all voices are there", lambda f: f.time > 4.0)
    return [recorded(jack, folder / f"{pair}.wav", pair) for pair in ((0, 1), (2, 3))]


def test_every_channel_of_a_room_of_four_has_sound(takes: list[Samples]) -> None:
    for take in takes:
        assert rms(take[:, :1]) > -50.0
        assert rms(take[:, 1:]) > -50.0
        assert float(np.corrcoef(take[:, 0], take[:, 1])[0, 1]) < 0.999, "one for both"


def test_a_file_of_music_is_heard_and_moves_what_listening_finds(
    night: Night, takes: list[Samples]
) -> None:
    for take in takes:
        power, _ = spectrum(take)
        beside = power[int(BEEP) - 2 * BESIDE : int(BEEP) - BESIDE].mean()
        assert power[int(BEEP)] > 1000.0 * beside
    high, rms_ = FEATURES.index("mid_high"), FEATURES.index("rms")
    night.when("it hears the beep", lambda f: f.heard.listening and f.heard.values[high] > 0.3)
    night.when("it hears the pause", lambda f: f.heard.values[high] < 0.1)
    night.when("it hears the next", lambda f: f.heard.values[rms_] > 0.3)


def test_devices_that_nobody_has_are_told_once_with_all_that_are_there_and_the_show_goes_on(
    start: Start, jack: Jack, tmp_path: Path
) -> None:
    before = set(jack.outputs())
    night = start("--sound-out", "trumpet", "--listen", "kazoo", where=tmp_path,
                  environment=jack.environment).ready()  # fmt: skip
    wait("both are told", lambda: "trumpet" in night.log and "kazoo" in night.log)
    settle(2.5)  # and looked for again
    night.lives()
    assert night.interrupt()[0] == 0
    there = "There are: system, JACK Audio Connection Kit (2 in, 4 out, 48000 Hz)"
    for way, name, then in (
        ("output", "trumpet", "the show runs silent"),
        ("input", "kazoo", "nothing is listened to"),
    ):
        told = [line for line in night.log.splitlines() if name in line]
        assert len(told) == 1, told
        assert f"no audio {way} device is called '{name}'. {there}" in told[0]
        assert f": {then}, looking again every second" in told[0]
    assert "Traceback" not in night.told
    assert set(jack.outputs()) <= before


@pytest.fixture(scope="module")
def mono(start: Start, tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Night, Jack]]:
    """A night on one channel each way, of 44.1 kHz; the room is calibrated and has heard a lot."""
    folder = tmp_path_factory.mktemp("mono")
    state = folder / "state" / "performer"
    measured = Calibration(device="system", db_spl_at_minus_20=60.0, taken=date.today())
    keep(measured, state / calibration.FILE)
    budget = Budget()
    for _ in range(300):
        budget.spend(10**8.0, 1.0)  # five minutes of 80 dB
    (state / "exposure").write_bytes(budget.state())
    jack = Jack(folder, name="mono", playback=1, capture=1, rate=44100)
    night = start("--participants", "4", "--listen", "system", where=folder,
                  environment=jack.environment).ready()  # fmt: skip
    wait("the night has a port", jack.outputs)
    yield night, jack
    night.interrupt()
    jack.stop()


def test_a_mono_device_of_another_rate_gets_all_of_the_sound_and_both_are_told_once(
    mono: tuple[Night, Jack], tmp_path: Path
) -> None:
    night, jack = mono
    night.when("all voices are there", lambda f: f.time > 3.0)
    take = recorded(jack, tmp_path / "mono.wav", (0, 0))
    assert rms(take) > -50.0
    for told in ("has one channel: the sound is folded down to mono",
                 "does not play 48000 Hz: the sound is made at 44100 Hz"):  # fmt: skip
        assert night.log.count(told) == 1
    assert "Traceback" not in night.told


def test_a_microphone_of_one_channel_is_listened_to(mono: tuple[Night, Jack]) -> None:
    """What it hears here is the night itself: low voices, and no noise."""
    night, jack = mono
    rms_, mid, high = (FEATURES.index(name) for name in ("rms", "mid", "high"))
    night.when("it listens", lambda f: f.heard.listening and f.heard.values[rms_] < 0.05)
    (mouth,) = jack.outputs()
    (ear,) = (p for p in jack.ports() if p.startswith("PortAudio") and ":in_" in p)
    assert jack.connect(mouth, ear)
    frame = night.when("it hears", lambda f: f.heard.values[rms_] > 0.3)
    settle(0.5)
    frame = night.when("it still hears", lambda f: f.index > frame.index)
    assert frame.heard.values[mid] > 0.2
    assert frame.heard.values[high] < 0.25 * frame.heard.values[mid]
    assert np.isfinite(frame.heard.waveform).all()


def test_a_night_goes_on_with_what_was_measured_and_heard_before_and_tells_it(
    mono: tuple[Night, Jack],
) -> None:
    night, _ = mono

    def told(name: str) -> float:
        (value,) = wait(name, lambda: night.feedback.of(f"/status/loudness/{name}"))[-1]
        assert isinstance(value, float)
        return value

    wait("it is loud", lambda: told("momentary") > -60.0)
    wait("and has been", lambda: told("short_term") > -60.0 and told("integrated") > -60.0)
    assert told("laeq") == pytest.approx(80.0 - 4.8, abs=0.5)  # a third of 15 minutes
    kept = night.state.parent / "exposure"
    before = kept.stat().st_mtime_ns
    wait("what is heard now is kept too", lambda: kept.stat().st_mtime_ns > before)
    assert "is damaged" not in night.log


def recorded(jack: Jack, path: Path, outputs: tuple[int, int]) -> Samples:
    """Some seconds of what plays into a server."""
    recorder = Recorder(jack, path)
    try:
        recorder.follow("PortAudio", outputs)
        settle(2.5)
        take = from_the_first_sound(recorder.done())[RATE // 4 :]
        assert np.abs(take).max() <= CEILING
        return take
    finally:
        recorder.close()


def beeps(path: Path) -> None:
    """A stereo file: a tone of a second, a second's pause."""
    t = np.arange(2 * RATE) / RATE
    tone = 0.3 * np.sin(2 * np.pi * BEEP * t) * (t < 1.0) * np.minimum(1.0, 50.0 * t)
    with wave.open(str(path), "wb") as file:
        file.setnchannels(2)
        file.setsampwidth(2)
        file.setframerate(RATE)
        file.writeframes(np.repeat(np.round(tone * 32767), 2).astype("<i2").tobytes())
