"""Nights whose devices and processes come and go, and that listen: in a real sound server."""

import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Self

import av
import numpy as np
import pytest

from performer.audio.devices import Search
from performer.audio.files import AudioFile
from performer.frame import FEATURES, Frame
from performer.show.files import data_folder
from performer.show.rooms import load_room

from .conftest import Start
from .jack import RATE, Jack, Musician, Recorder, Samples, longest_gap, rms, settle
from .nights import POLL, Night, surroundings, wait
from .test_sound import SOUND, STAGE, from_the_first_sound

MUSIC = Path("/usr/share/games/brainparty/electricity.ogg")
"""Real recorded music, CC BY-SA 3.0; Debian's brainparty-data, which `.ci/system test` installs."""


@pytest.fixture(scope="module")
def jack(folder: Path) -> Iterator[Jack]:
    one = Jack(folder)
    yield one
    one.stop()


@pytest.fixture(scope="module")
def night(start: Start, jack: Jack, folder: Path) -> Night:
    """A night that plays into JACK, listens to it, and is recorded."""
    one = start("--participants", "12", "--listen", "system", "--record", str(folder / "night.mp4"),
                environment=jack.environment).ready()  # fmt: skip
    wait("the night has a port", jack.outputs)
    one.when("it is warm", lambda f: f.time > 4.0)
    return one


def _keeps_time(tempo: float) -> bool:
    """Whether that is the music's tempo, its half or its double, BPM."""
    return min(abs(tempo - 124.0 * octave) for octave in (0.5, 1.0, 2.0)) < 2.0


def client(jack: Jack) -> str:
    """The night's client, once it is there."""
    return wait("the night plays", jack.outputs, 10.0)[0].partition(":")[0]


def moved(frame: Frame) -> float:
    """How far what is heard moves the faders, as parts of their ranges."""
    assert frame.followed, "the preset has no [[listening]]"
    return float(max(f.max() for f in frame.followed.values()))


def test_silence_moves_nothing(night: Night) -> None:
    frame = night.when("it listens", lambda f: f.heard.listening)
    assert not frame.heard.values.any()
    assert moved(frame) < 1e-6


def test_real_music_moves_the_picture(night: Night, jack: Jack, folder: Path) -> None:
    file = AudioFile(MUSIC, RATE)
    file.seek(30.0)
    music = file.read(20 * RATE).mean(axis=1)
    file.close()
    musician = Musician(jack, folder / "music.f32", music)
    try:
        for port in [p for p in jack.ports() if ":in_" in p]:
            jack.connect(musician.port, port)
        frame = night.when("it hears", lambda f: moved(f) > 0.2)
        bass, rms_ = (frame.heard.values[FEATURES.index(n)] for n in ("bass", "rms"))
        assert bass > 0.05
        assert rms_ > 0.05
        assert frame.heard.spectrum.any()
        assert frame.heard.waveform.any()
        night.when("it finds the tempo", lambda f: _keeps_time(f.heard.tempo), 20.0)
        settle(2.0)
        found = night.when("it still hears", lambda f: f.index > frame.index).heard.tempo
        assert _keeps_time(found)
    finally:
        musician.close()
    last = night.when("nothing is heard", lambda f: f.heard.values[:5].max() < 0.02)
    night.when("it lets go", lambda f: moved(f) < 0.7 * moved(last))


def test_a_killed_sound_is_back_within_two_seconds_and_the_picture_goes_on(
    night: Night, jack: Jack, folder: Path
) -> None:
    one = client(jack)
    wait("one stands by", lambda: len(_sounds(night)) >= 2)
    settle(2.5)  # which has loaded everything
    recorder = Recorder(jack, folder / "killed.wav")
    try:
        recorder.follow(one)
        stage, victim = night.child(STAGE), _sounds(night)[0]
        with Watch(night) as watch:
            settle(0.5)
            os.kill(victim, signal.SIGKILL)
            wait("it is dead", lambda: victim not in night.processes())
            recorder.follow(one)
            settle(2.0)
        take = from_the_first_sound(recorder.done())
    finally:
        recorder.close()
    hole = longest_gap(take) / RATE
    print(f"\nsound killed: silent for {hole:.2f} s")
    assert 0.0 < hole < 2.0
    assert night.child(STAGE) == stage
    watch.saw_no_gap()


def test_a_server_that_comes_back_is_played_into_again(
    night: Night, jack: Jack, folder: Path
) -> None:
    stage = night.child(STAGE)
    with Watch(night) as watch:
        jack.stop()
        wait("the loss is told", lambda: "looking again every second" in night.log)
        settle(1.5)
        jack.start()
        came = time.monotonic()
        name = client(jack)
        first = _first_sound(jack, name, folder, came)
    print(f"\nserver back: sound {first:.2f} s later")
    assert first < 3.0
    assert night.child(STAGE) == stage
    watch.saw_no_gap()
    night.when("it listens again", lambda f: f.heard.listening)


def test_devices_are_listed_and_a_wrong_name_says_which_there_are(jack: Jack, folder: Path) -> None:
    listed = _performer(folder, jack, "devices")
    assert "system, JACK Audio Connection Kit (2 in, 2 out, 48000 Hz)" in listed.stdout
    wrong = _performer(folder, jack, "calibrate", "--sound-out", "trumpet", "--measured", "70")
    assert wrong.returncode == 1
    assert "'trumpet'" in wrong.stderr
    assert "system, JACK" in wrong.stderr


def test_calibrating_plays_pink_noise_and_keeps_what_was_measured(jack: Jack, folder: Path) -> None:
    recorder = Recorder(jack, folder / "pink.wav")
    before = set(jack.outputs())
    process = subprocess.Popen(
        [sys.executable, "-m", "performer", "calibrate"],
        env=surroundings(folder, **jack.environment), stdin=subprocess.PIPE,
        stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True,
    )  # fmt: skip
    try:
        new = wait("the noise has a port", lambda: set(jack.outputs()) - before, 10.0)
        recorder.follow(next(iter(new)).partition(":")[0])
        settle(2.5)
        told = process.communicate("very loud\n71.5 dB\n", 20)[1]
        assert process.returncode == 0, told
        take = recorder.done()
    finally:
        recorder.close()
        process.kill()
        process.wait(5)
    assert "40 to 120 dB(A), found 'very loud'" in told
    middle = from_the_first_sound(take)[RATE : 2 * RATE]
    assert rms(middle) == pytest.approx(-20.0, abs=0.5)
    assert np.array_equal(middle[:, 0], middle[:, 1])
    kept = (folder / "state" / "performer" / "calibration.toml").read_text()
    assert "71.5" in kept
    assert "system" in kept


def test_a_search_finds_what_comes_not_what_was_there_all_along(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    jack = Jack(folder, patient=True)
    try:
        for name, value in jack.environment.items():
            monkeypatch.setenv(name, value)
        search = Search()
        assert not any(_looks(search, 3))
        jack.stop()
        assert not any(_looks(search, 2))
        jack.start()
        assert _looks(search, 2) == [True, False]
    finally:
        jack.stop()


def test_without_a_device_a_night_says_so_and_is_recorded_with_all_its_rooms_channels(
    start: Start, tmp_path: Path
) -> None:
    room, path = data_folder() / "assets" / "rooms" / "four-corners.toml", tmp_path / "night.mkv"
    night = start("--room", str(room), "--record", str(path), "--seconds", "6", where=tmp_path,
                  environment={"JACK_DEFAULT_SERVER": "performer-none"})  # fmt: skip
    assert night.process.wait(60) == 0
    assert "the show runs silent" in night.told
    with av.open(str(path)) as file:
        samples = np.concatenate([f.to_ndarray() for f in file.decode(audio=0)], axis=1)
        channels = file.streams.audio[0].channels
    take: Samples = (samples.reshape(-1, channels) * 2.0**-31).astype(np.float32)
    assert channels == load_room(room).channels
    for channel in range(channels):
        assert rms(take[:, [channel]]) > -70.0


def test_the_recording_has_the_sound_of_the_night_beside_its_picture(
    night: Night, folder: Path
) -> None:
    night.interrupt()
    with av.open(str(folder / "night.mp4")) as file:
        picture, sound = file.streams.video[0], file.streams.audio[0]
        assert picture.duration
        assert sound.duration
        seconds = float(picture.duration * (picture.time_base or 0))
        samples = np.concatenate([f.to_ndarray() for f in file.decode(audio=0)], axis=1)
    assert abs(samples.shape[1] / sound.rate - seconds) < 1.5
    take: Samples = samples.T.astype(np.float32)
    assert rms(take[RATE : 8 * RATE]) > -50.0


class Watch:
    """Looks at a night's Frames from a thread of its own while something happens to its sound."""

    MOST = 1.0  # s without a Frame that nobody minds: 20 are due in each

    def __init__(self, night: Night) -> None:
        night.lives()  # the bus is there
        self.night = night
        self.seen: list[tuple[float, int]] = []
        """When each Frame came, s, and its number."""
        self._over = threading.Event()
        self._looking = threading.Thread(target=self._look, daemon=True)

    def _look(self) -> None:
        while not self._over.wait(POLL):
            frame = self.night.frame()
            if frame is not None and (not self.seen or frame.index != self.seen[-1][1]):
                self.seen.append((time.monotonic(), frame.index))

    def __enter__(self) -> Self:
        self.began = time.monotonic()
        self._looking.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._over.set()
        self._looking.join()
        self.ended = time.monotonic()

    def saw_no_gap(self) -> None:
        """From first to last the picture went on."""
        at = [self.began, *(time for time, _ in self.seen), self.ended]
        longest = float(np.diff(at).max())
        print(f"the picture: {len(self.seen)} Frames, never longer without than {longest:.2f} s")
        assert longest < self.MOST
        assert (np.diff([index for _, index in self.seen]) > 0).all()


def _first_sound(jack: Jack, name: str, folder: Path, came: float) -> float:
    """When a client that has just connected was heard first, s after `came`.

    A young server may drop a recorder that stumbles while others connect (seen once in CI: it got
    80 ms of nothing). Who recorded no longer than that is asked again, and its time not counted.
    """
    lost = 0.0
    for attempt in range(3):
        began = time.monotonic()
        recorder = Recorder(jack, folder / f"after-{attempt}.wav")
        try:
            recorder.follow(name)
            settle(1.5)
            take = recorder.done()
        finally:
            recorder.close()
        if take.any() or len(take) > RATE:
            heard = (len(take) - len(from_the_first_sound(take))) / RATE
            return recorder.began + heard - came - lost
        lost += time.monotonic() - began
    raise AssertionError("three recorders in a row were dropped by the server")


def _looks(search: Search, times: int) -> list[bool]:
    """What so many looks for JACK's own device found."""
    found: list[bool] = []
    for _ in range(times):
        assert not search.came("input", "system")  # begins a look
        looking = search._looking  # pyright: ignore[reportPrivateUsage]
        assert looking is not None
        looking.wait(20)
        found.append(search.came("input", "system"))
    return found


def _sounds(night: Night) -> list[int]:
    """The sound processes: the one that plays, and those that stand by, as they were started."""
    return sorted(p for p, command in night.processes().items() if SOUND in command)


def _performer(folder: Path, jack: Jack, *args: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "performer", *args], env=surroundings(folder, **jack.environment),
        capture_output=True, text=True, timeout=60, check=False,
    )  # fmt: skip
