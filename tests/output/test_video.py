"""Video files: complete, crash-safe, in step with their sound, and never in the way of a show."""

import contextlib
import itertools
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any, cast

import av
import numpy as np
import pytest
from av.error import InvalidDataError
from numpy.typing import NDArray

from performer.errors import DeviceError
from performer.output.video import Pixels, Video, write_still
from performer.output.wav import Samples, pcm24

FPS = 30.0
RATE = 48000
STEP = RATE // 30  # samples beside one picture


def pictures(count: int, size: tuple[int, int] = (64, 36)) -> Iterator[NDArray[np.uint8]]:
    width, height = size
    for k in range(count):
        picture = np.full((height, width, 4), 255, np.uint8)
        picture[..., 0] = np.arange(width) * 3
        picture[..., 1] = (k * 4) % 256
        picture[: height // 2, :, 2] = 0
        yield picture


def written(path: Path, count: int, live: bool = False) -> Video:
    video = Video(path, (64, 36), FPS, live)
    for k, picture in enumerate(pictures(count)):
        video.push(k / FPS, picture)
    video.close()
    return video


def times_of(path: Path) -> list[float]:
    times: list[float] = []
    with av.open(str(path)) as file, contextlib.suppress(InvalidDataError):  # a file may be torn
        times.extend(float(frame.time) for frame in cast("Any", file).decode(video=0))
    return times


def test_every_picture_arrives_at_its_time(tmp_path: Path) -> None:
    written(tmp_path / "deep" / "a.mp4", 45)
    times = times_of(tmp_path / "deep" / "a.mp4")
    assert len(times) == 45
    assert times == pytest.approx([k / FPS for k in range(45)], abs=1e-3)


def test_the_picture_is_the_picture(tmp_path: Path) -> None:
    written(tmp_path / "a.mp4", 3)
    with av.open(str(tmp_path / "a.mp4")) as file:
        first = next(cast("Any", file).decode(video=0)).to_ndarray(format="rgb24")
    want = next(pictures(1))[..., :3]
    assert np.abs(first.astype(int) - want).mean() < 12  # colour at half size, lossy
    assert first[4, 20, 2] < 60  # top half has no blue: rows are not upside down
    assert first[30, 20, 2] > 180


def test_a_crash_costs_at_most_about_a_second(tmp_path: Path) -> None:
    written(tmp_path / "a.mp4", 150)
    data = (tmp_path / "a.mp4").read_bytes()
    cut = tmp_path / "cut.mp4"
    cut.write_bytes(data[: int(len(data) * 0.7)])
    assert len(times_of(cut)) >= 0.7 * 150 - 1.2 * FPS


def test_a_live_video_drops_and_counts_instead_of_waiting(tmp_path: Path) -> None:
    video = Video(tmp_path / "a.mp4", (640, 360), FPS, live=True)
    (picture,) = pictures(1, (640, 360))
    for k in range(120):
        video.push(k / FPS, picture)
    video.close()
    assert video.dropped > 0
    assert len(times_of(tmp_path / "a.mp4")) == 120 - video.dropped


def test_odd_sizes_lose_one_line(tmp_path: Path) -> None:
    video = Video(tmp_path / "a.mp4", (65, 37), FPS, live=False)
    for picture in pictures(2, (65, 37)):
        video.push(0.0, picture)
    video.close()
    assert video.size == (64, 36)
    assert len(times_of(tmp_path / "a.mp4")) == 2


def test_a_place_that_cannot_be_written_is_one_clear_message(tmp_path: Path) -> None:
    with pytest.raises(DeviceError, match="cannot write the video"):
        Video(Path("/proc/none/a.mp4"), (64, 36), FPS, live=False)
    (tmp_path / "file").write_text("")
    with pytest.raises(DeviceError, match="cannot write the still"):
        write_still(tmp_path / "file" / "a.png", next(pictures(1)))


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="only Linux has a full disk to hand")
def test_a_full_disk_is_said_at_the_end_and_stops_nothing(tmp_path: Path) -> None:
    path = tmp_path / "a.mp4"
    path.symlink_to("/dev/full")
    with pytest.raises(DeviceError, match=r"a\.mp4"):
        written(path, 60)


def test_a_still_is_a_png_of_the_same_pixels(tmp_path: Path) -> None:
    picture = next(pictures(1))
    write_still(tmp_path / "a.png", picture)
    with av.open(str(tmp_path / "a.png")) as file:
        again = next(cast("Any", file).decode(video=0)).to_ndarray(format="rgb24")
    assert np.array_equal(again, picture[..., :3])


# Sound beside pictures


def noise(frames: int, channels: int = 2, seed: int = 1, top: float = 0.3) -> Samples:
    return np.random.default_rng(seed).uniform(-top, top, (frames, channels)).astype(np.float32)


def by_library(path: Path) -> Samples:
    """The sound as PyAV decodes it, (n, channels), without a hole from second 0 on."""
    blocks: list[NDArray[Any]] = []
    found = 0
    with av.open(str(path)) as file, contextlib.suppress(InvalidDataError):
        count = file.streams.audio[0].channels
        for frame in cast("Any", file).decode(audio=0):
            block = frame.to_ndarray()
            assert abs(frame.time - found / RATE) < 1.1e-3  # Matroska counts milliseconds
            found += frame.samples
            blocks.append(block.reshape(-1, count) if frame.format.is_packed else block.T)
    whole = np.concatenate(blocks)
    return (whole / (2.0**31 if whole.dtype == np.int32 else 1.0)).astype(np.float32)


def by_cli(path: Path, *how: str) -> bytes:
    """What the ffmpeg command makes of the file."""
    asked = ["ffmpeg", "-v", "error", "-i", str(path), *how, "-"]
    return subprocess.run(asked, capture_output=True, check=True).stdout


def heard_by_cli(path: Path) -> Samples:
    """The sound (n, 2), read without looking at times, as most simple readers do."""
    return np.frombuffer(by_cli(path, "-f", "f32le"), np.float32).reshape(-1, 2)


def lags(want: Samples, got: Samples, places: list[int]) -> set[int]:
    """By how many samples `got` comes later than `want` around each of `places`."""
    found: set[int] = set()
    for place in places:
        part, reach = slice(place - 4096, place + 4096), 4096
        spectrum = np.fft.rfft(got[part, 0], 16384) * np.conj(np.fft.rfft(want[part, 0], 16384))
        likeness = np.fft.irfft(spectrum)
        found.add((int(np.argmax(likeness)) + reach) % 16384 - reach)
    return found


FLASH, EVERY = 45, 90  # a flash and a click at picture 45 of each 90


def flashes(path: Path, count: int) -> Samples:
    """Writes pictures of black with flashes, and clicks beside them; returns the sound."""
    dark, light = np.zeros((64, 64, 4), np.uint8), np.full((64, 64, 4), 255, np.uint8)
    whole = np.zeros((count * STEP, 2), np.float32)
    click = noise(256, top=0.8)
    for k in range(FLASH, count, EVERY):
        whole[k * STEP : k * STEP + 256] = click
    video = Video(path, (64, 64), FPS, live=False, sound=(RATE, 2))
    for k in range(count):
        video.sound(whole[k * STEP : (k + 1) * STEP])
        video.push(k / FPS, light if k % EVERY == FLASH else dark)
    video.close()
    return whole


@pytest.mark.parametrize(("end", "count"), [("mp4", 1800), ("mov", 180), ("mkv", 360)])
def test_clicks_stay_with_their_flashes(tmp_path: Path, end: str, count: int) -> None:
    path = tmp_path / f"a.{end}"
    want = flashes(path, count)
    places = [k * STEP for k in range(FLASH, count, EVERY)]
    assert lags(want, by_library(path), places) == {0}  # so less than 0.02 ms
    assert lags(want, heard_by_cli(path), places) == {0}
    with av.open(str(path)) as file:
        shown = cast("Any", file).decode(video=0)
        lit = [float(f.time) for f in shown if f.to_ndarray(format="gray").mean() > 128]
    assert lit == pytest.approx([k / FPS for k in range(FLASH, count, EVERY)], abs=1e-3)
    planes = np.frombuffer(by_cli(path, "-f", "rawvideo", "-pix_fmt", "gray"), np.uint8)
    assert np.flatnonzero(planes.reshape(-1, 4096).mean(1) > 128).tolist() == [
        k for k in range(FLASH, count, EVERY)
    ]


def test_both_streams_begin_at_nothing(tmp_path: Path) -> None:
    """Players that believe what a file declares find what players find that do not."""
    flashes(tmp_path / "a.mp4", 60)
    with av.open(str(tmp_path / "a.mp4")) as file:
        assert [stream.start_time for stream in file.streams] == [0, 0]
    data = (tmp_path / "a.mp4").read_bytes()
    lists = [data[at + 4 : at + 24] for at in range(len(data)) if data[at : at + 4] == b"elst"]
    assert [int.from_bytes(found[12:16], "big") for found in lists] == [0, 0]


@pytest.mark.parametrize("channels", [1, 2, 6, 24])
def test_matroska_keeps_every_channel_bit_for_bit(tmp_path: Path, channels: int) -> None:
    want = noise(40_000, channels, top=1.1)
    video = Video(tmp_path / "a.mkv", (64, 36), FPS, live=False, sound=(RATE, channels))
    for k, (start, picture) in enumerate(zip(range(0, 40_000, 1111), pictures(99), strict=False)):
        block = want[start : start + 1111].copy()
        video.sound(block)
        block[:] = 0.5  # who renders uses the same memory again and again
        video.push(k / FPS, picture)
    video.close()
    got = by_library(tmp_path / "a.mkv")
    assert np.array_equal(got * 2.0**23, pcm24(want))


def test_mp4_keeps_the_first_pair_and_the_level(tmp_path: Path) -> None:
    beat = np.sin(np.arange(RATE) * 0.05)
    want = np.stack([beat * level for level in (0.5, 0.25, 0.9, 0.9)], axis=1).astype(np.float32)
    video = Video(tmp_path / "a.mp4", (64, 36), FPS, live=False, sound=(RATE, 4))
    video.sound(want)
    video.push(0.0, next(pictures(1)))
    video.close()
    got = by_library(tmp_path / "a.mp4")
    assert got.shape[1] == 2
    assert np.abs(got[4096:40_000] - want[4096:40_000, :2]).max() < 0.02


@pytest.mark.parametrize("end", ["mp4", "mkv"])
def test_the_same_show_is_the_same_file(tmp_path: Path, end: str) -> None:
    files: list[bytes] = []
    for name in "ab":
        video = Video(tmp_path / f"{name}.{end}", (64, 36), FPS, live=False, sound=(RATE, 2))
        for k, picture in enumerate(pictures(40)):
            video.sound(noise(STEP, seed=k))
            video.push(k / FPS, picture)
        video.close()
        files.append(video.path.read_bytes())
    assert files[0] == files[1]


KILLED = """
import os, signal, sys, time
from pathlib import Path
import numpy as np
from performer.output.video import Video
video = Video(Path(sys.argv[1]), (160, 90), 30.0, live=False, sound=(48000, 2))
picture = np.random.default_rng(1).integers(0, 255, (90, 160, 4), dtype=np.uint8)
for k in range(150):
    video.sound(np.random.default_rng(k).uniform(-0.3, 0.3, (1600, 2)).astype(np.float32))
    video.push(k / 30, picture)
time.sleep(0.3)
os.kill(os.getpid(), signal.SIGKILL)
"""


@pytest.mark.parametrize("end", ["mp4", "mkv"])
def test_a_kill_costs_at_most_a_second_of_either(tmp_path: Path, end: str) -> None:
    path = tmp_path / f"a.{end}"
    subprocess.run([sys.executable, "-c", KILLED, path], check=False)
    assert max(times_of(path)) >= 4.0
    sound = by_library(path)
    assert len(sound) >= 4.0 * RATE
    want = np.concatenate([noise(STEP, seed=k) for k in range(150)])
    assert lags(want, sound, [RATE, 3 * RATE]) == {0}
    assert len(heard_by_cli(path)) >= 4.0 * RATE


@pytest.mark.parametrize("end", ["mp4", "mkv"])
def test_sound_reaches_the_disk_while_no_picture_comes(tmp_path: Path, end: str) -> None:
    video = Video(tmp_path / f"a.{end}", (64, 36), FPS, live=False, sound=(RATE, 2))
    for k, picture in enumerate(pictures(30)):
        video.push(k / FPS, picture)
    for k in range(240):
        video.sound(noise(RATE // 10, seed=k))
    # 10 s may wait for a picture in FFmpeg, and what is no whole cluster of 5 s yet; the encoder's
    # own thread may be late on a busy machine
    late = time.monotonic() + 20.0
    while len(by_library(video.path)) <= (24 - 10 - 5) * RATE and time.monotonic() < late:
        time.sleep(0.05)
    assert len(by_library(video.path)) > (24 - 10 - 5) * RATE
    video.close()
    assert len(by_library(video.path)) >= 24 * RATE


class Gate:
    """Pixels that hold the encoder until they are let go: the only clock these tests need."""

    def __init__(self) -> None:
        self.reached, self.let = threading.Event(), threading.Event()

    def __getitem__(self, part: Any) -> Pixels:
        self.reached.set()
        assert self.let.wait(20)
        return next(pictures(1))[part]


def held(video: Video, at: float) -> Gate:
    """A gate that the encoder has reached: everything pushed before is in the file."""
    gate = Gate()
    video.push(at, cast("Pixels", gate))
    assert gate.reached.wait(20)
    return gate


def shown(video: Video, seconds: range, sound: Samples | None = None) -> None:
    """Ten pictures a second, none dropped, with their part of `sound` if there is any."""
    for second in seconds:
        for k in range(10):
            at = second + k / 10
            if sound is not None:
                start = round(at * RATE)
                video.sound(sound[start : start + RATE // 10], at)
            held(video, at).let.set()


def test_without_sound_a_live_video_goes_on_in_silence(tmp_path: Path) -> None:
    video = Video(tmp_path / "a.mp4", (64, 36), 10.0, live=True, sound=(RATE, 2))
    shown(video, range(10))
    assert max(times_of(video.path)) > 6.0  # the missing stream holds nothing back
    video.close()
    assert video.dropped == 0
    assert video.silence == pytest.approx(10.0)
    sound = by_library(video.path)
    assert len(sound) == pytest.approx(10 * RATE, abs=1024)
    assert not sound.any()


def test_sound_that_stops_and_comes_back_is_in_its_place(tmp_path: Path) -> None:
    want = noise(8 * RATE)
    video = Video(tmp_path / "a.mkv", (64, 36), 10.0, live=True, sound=(RATE, 2))
    shown(video, range(2), want)
    shown(video, range(2, 5))  # nobody plays
    back = round(3.88 * RATE)
    video.sound(want[back : 5 * RATE], 3.88)  # the first of it comes too late
    shown(video, range(5, 8), want)
    video.close()
    sound = by_library(video.path)
    assert len(sound) == 8 * RATE
    first = round(3.9 * RATE)  # the last picture was at 4.9 s, and 1 s is waited for
    assert video.late == pytest.approx(0.02)
    assert video.silence == pytest.approx(1.9)
    assert np.array_equal(sound[: 2 * RATE] * 2.0**23, pcm24(want[: 2 * RATE]))
    assert not sound[2 * RATE + 240 : first].any()
    assert np.array_equal(sound[first + 240 :] * 2.0**23, pcm24(want[first + 240 :]))


def test_without_a_time_sound_follows_what_is_there(tmp_path: Path) -> None:
    video = Video(tmp_path / "a.mkv", (64, 36), 10.0, live=True, sound=(RATE, 2))
    shown(video, range(3))
    video.sound(noise(RATE))
    video.sound(noise(RATE, seed=2))
    held(video, 3.0).let.set()
    video.close()
    sound = by_library(video.path)
    start = round(1.9 * RATE)
    assert np.array_equal(
        sound[start + RATE : start + 2 * RATE], pcm24(noise(RATE, seed=2)) / 2**23
    )


def test_sound_that_finds_no_room_is_silence_of_the_same_length(tmp_path: Path) -> None:
    want = noise(7 * RATE)
    video = Video(tmp_path / "a.mkv", (64, 36), 10.0, live=True, sound=(RATE, 2))
    gate = held(video, 0.0)
    for start in range(0, 6 * RATE, RATE // 10):
        video.sound(want[start : start + RATE // 10])
    gate.let.set()
    held(video, 0.1).let.set()
    video.sound(want[6 * RATE :])
    video.close()
    sound = by_library(video.path)
    assert video.silence == pytest.approx(2.0)
    assert np.array_equal(sound[: 4 * RATE] * 2.0**23, pcm24(want[: 4 * RATE]))
    assert not sound[4 * RATE + 240 : 6 * RATE].any()
    assert np.array_equal(sound[6 * RATE + 240 :] * 2.0**23, pcm24(want[6 * RATE + 240 :]))


WAVE = 2 * np.pi / 490  # radians a sample; cuts meet it at any phase


def placed(path: Path, times: list[float | None], block: int = 4800) -> tuple[Video, Samples]:
    """Blocks of a soft, slow wave at `times`; the sound that is read again."""
    wave = (0.4 * np.sin(np.arange(block * len(times)) * WAVE)).astype(np.float32)
    video = Video(path, (64, 36), 10.0, live=False, sound=(RATE, 1))
    for k, at in enumerate(times):
        video.sound(wave[k * block : (k + 1) * block, None], at)
    video.push(0.0, next(pictures(1)))
    video.close()
    return video, by_library(path)[:, 0]


def test_a_time_a_little_beside_is_let_be(tmp_path: Path) -> None:
    off = [0.0, 0.04, -0.04, 0.02, -0.049, 0.0]
    _, exact = placed(tmp_path / "a.mkv", [None] * 6)
    video, sound = placed(tmp_path / "b.mkv", [k / 10 + o for k, o in enumerate(off)])
    assert (video.silence, video.late) == (0.0, 0.0)
    assert np.array_equal(sound, exact)


@pytest.mark.parametrize("shift", [0.06, 0.5, -0.06])
def test_a_time_far_beside_is_followed_without_a_click(tmp_path: Path, shift: float) -> None:
    times: list[float | None] = [0.0, 0.1, 0.2, 0.3 + shift, 0.4 + shift, 0.5 + shift]
    video, sound = placed(tmp_path / "a.mkv", times)
    assert len(sound) == round((0.6 + shift) * RATE)
    assert video.silence == pytest.approx(max(shift, 0.0))
    assert video.late == pytest.approx(max(-shift, 0.0))
    end = np.array(0.4 * np.sin(np.arange(19200, 28800) * WAVE), np.float32)
    assert np.abs(sound[-9600:] - end).max() < 1e-5  # after the join the wave is itself
    assert np.abs(np.diff(sound)).max() < 0.4 * WAVE + 0.8 / 240 + 1e-4  # a step over 5 ms


def test_sound_from_before_the_first_picture_is_left_out(tmp_path: Path) -> None:
    video, sound = placed(tmp_path / "a.mkv", [-0.15, -0.05, 0.05, None])
    assert len(sound) == round(0.25 * RATE)
    assert video.late == pytest.approx(0.15)


def test_the_first_sound_begins_at_its_very_sample(tmp_path: Path) -> None:
    video, sound = placed(tmp_path / "a.mkv", [0.03, None])
    assert video.silence == pytest.approx(0.03)
    assert len(sound) == round(0.23 * RATE)


def test_a_clock_that_runs_away_is_followed_too_slowly_to_be_heard(tmp_path: Path) -> None:
    """A sound card 150 millionths slow, its times unsteady by 8 ms: 18 ms in two minutes."""
    shake = np.random.default_rng(3).uniform(-0.008, 0.008, 1200)
    times = [k * 0.1 * (1 + 150e-6) + float(shake[k]) for k in range(1200)]
    video, sound = placed(tmp_path / "a.mkv", [0.0, *times[1:]])
    assert (video.silence, video.late) == (0.0, 0.0)
    assert len(sound) / RATE == pytest.approx(120 * (1 + 150e-6), abs=0.003)
    assert np.abs(np.diff(sound)).max() < 0.4 * WAVE + 1e-4
    steady = [k * 0.1 + float(shake[k]) for k in range(300)]
    _, kept = placed(tmp_path / "b.mkv", [0.0, *steady[1:]])
    assert abs(len(kept) - 30 * RATE) < 0.002 * RATE


def test_what_cannot_be_is_refused_at_once(tmp_path: Path) -> None:
    with pytest.raises(DeviceError, match="with 2 channels of 50000 Hz"):
        Video(tmp_path / "a.mp4", (64, 36), FPS, live=False, sound=(50000, 2))
    silent = Video(tmp_path / "b.mp4", (64, 36), FPS, live=False)
    with pytest.raises(ValueError, match="without sound"):
        silent.sound(noise(10))
    silent.close()
    video = Video(tmp_path / "c.mp4", (64, 36), FPS, live=False, sound=(RATE, 2))
    with pytest.raises(ValueError, match="for 2 channels"):
        video.sound(noise(10, 3))
    with pytest.raises(ValueError, match="second nan"):
        video.sound(noise(10), float("nan"))
    video.close()


def test_numbers_that_are_none_do_not_end_the_file(tmp_path: Path) -> None:
    video = Video(tmp_path / "a.mp4", (64, 36), FPS, live=False, sound=(RATE, 2))
    bad = itertools.cycle([np.nan, np.inf, -np.inf, 40.0])
    for k, picture in enumerate(pictures(30)):
        video.sound(np.full((STEP, 2), next(bad), np.float32))
        video.push(k / FPS, picture)
    video.close()
    assert len(times_of(video.path)) == 30
    assert np.isfinite(by_library(video.path)).all()


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="only Linux has a full disk to hand")
def test_a_full_disk_stops_neither_picture_nor_sound(tmp_path: Path) -> None:
    (tmp_path / "a.mp4").symlink_to("/dev/full")
    video = Video(tmp_path / "a.mp4", (64, 36), FPS, live=False, sound=(RATE, 2))
    for k, picture in enumerate(pictures(90)):
        video.sound(noise(STEP))
        video.push(k / FPS, picture)
    with pytest.raises(DeviceError, match=r"a\.mp4"):
        video.close()
