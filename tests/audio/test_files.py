"""Audio files: the samples that were written, in any portions, and silence where there are none."""

import itertools
import time
import wave
from collections.abc import Iterator
from fractions import Fraction
from pathlib import Path
from typing import Any

import av
import numpy as np
import pytest
from numpy.typing import NDArray

from performer.audio.files import AudioFile, Prefetched
from performer.errors import FileError

RATE = 48000
Samples = NDArray[np.float32]


def music(seconds: float = 1.0, rate: int = RATE, channels: int = 2) -> Samples:
    """Sines of 440, 550 … Hz, one per channel, as 16 bits keep them; shape (n, channels)."""
    t = np.arange(round(seconds * rate)) / rate
    tones = [0.4 * np.sin(2 * np.pi * (440 + 110 * k) * t + 0.3) for k in range(channels)]
    whole = np.round(np.stack(tones, axis=1) * 32768)
    return (whole / 32768).astype(np.float32)


def write(path: Path, sound: Samples, codec: str, rate: int = RATE, film: bool = False) -> Path:
    """Encode with PyAV; with `film`, after a video stream of the same length."""
    layout = {1: "mono", 2: "stereo", 6: "5.1"}[sound.shape[1]]
    with av.open(str(path), "w") as file:
        video: Any = None
        if film:
            video = file.add_stream("libx264", rate=Fraction(25))
            video.width, video.height, video.pix_fmt = 64, 36, "yuv420p"
        stream: Any = file.add_stream(codec, rate=rate)
        stream.layout = layout
        if film:
            for k in range(25):
                picture = av.VideoFrame.from_ndarray(np.full((36, 64, 3), 8 * k, np.uint8))
                picture.pts = k
                file.mux(video.encode(picture))
            file.mux(video.encode(None))
        whole = np.ascontiguousarray((sound * 32768).astype(np.int16).reshape(1, -1))
        frame = av.AudioFrame.from_ndarray(whole, format="s16", layout=layout)
        frame.sample_rate, frame.pts = rate, 0
        form, size = stream.format.name, stream.codec_context.frame_size or 4096
        resampler = av.AudioResampler(form, layout, rate, size)
        for piece in [*resampler.resample(frame), *resampler.resample(None)]:
            file.mux(stream.encode(piece))
        file.mux(stream.encode(None))
    return path


@pytest.fixture
def flac(tmp_path: Path) -> Path:
    return write(tmp_path / "a.flac", music(), "flac")


def everything(file: AudioFile, sizes: tuple[int, ...] = (1000,)) -> Samples:
    pieces: list[Samples] = []
    for size in itertools.cycle(sizes):
        if file.ended:
            return np.concatenate(pieces)
        pieces.append(file.read(size))
    raise AssertionError


@pytest.mark.parametrize(("name", "codec"), [("a.wav", "pcm_s16le"), ("a.flac", "flac")])
def test_a_lossless_file_gives_the_samples_that_were_written(
    tmp_path: Path, name: str, codec: str
) -> None:
    file = AudioFile(write(tmp_path / name, music(), codec), RATE)
    assert file.seconds == pytest.approx(1.0)
    np.testing.assert_array_equal(file.read(RATE), music())
    assert file.ended
    assert file.warnings == []
    np.testing.assert_array_equal(file.read(100), np.zeros((100, 2)))


def test_portions_do_not_matter(flac: Path) -> None:
    whole = everything(AudioFile(flac, RATE), (1, 511, 7000))
    np.testing.assert_array_equal(whole[:RATE], music())
    assert not whole[RATE:].any()


@pytest.mark.parametrize(
    ("name", "codec", "film"),
    [
        ("a.mp3", "libmp3lame", False), ("a.opus", "libopus", False), ("a.ogg", "libopus", False),
        ("a.m4a", "aac", False), ("a.mp4", "aac", True),
    ],
)  # fmt: skip
def test_any_format_sounds_like_what_was_written(
    tmp_path: Path, name: str, codec: str, film: bool
) -> None:
    file = AudioFile(write(tmp_path / name, music(), codec, film=film), RATE)
    sound = everything(file)
    assert abs(len(sound) - RATE) < 4000  # coders pad
    middle = sound[10000:40000]
    for channel, hz in ((0, 440.0), (1, 550.0)):
        lines = np.abs(np.fft.rfft(middle[:, channel] * np.hanning(len(middle))))
        assert lines.argmax() * RATE / len(middle) == pytest.approx(hz, abs=2)
    assert np.sqrt((middle**2).mean()) == pytest.approx(0.4 / np.sqrt(2), rel=0.06)  # LAME: 0.95
    assert file.warnings == []


@pytest.mark.parametrize("rate", [22050, 44100, 96000])
def test_another_rate_keeps_pitch_length_and_level(tmp_path: Path, rate: int) -> None:
    path = write(tmp_path / "a.wav", music(1.0, rate), "pcm_s16le", rate)
    sound = everything(AudioFile(path, RATE), (1,))
    assert abs(len(sound) - RATE) <= 2
    middle = slice(2000, 46000)
    np.testing.assert_allclose(sound[middle], music()[middle], atol=2e-3)


def test_mono_sounds_at_its_own_level_in_both_ears(tmp_path: Path) -> None:
    sound = music(0.5, channels=1)
    file = AudioFile(write(tmp_path / "a.wav", sound, "pcm_s16le"), RATE)
    np.testing.assert_array_equal(file.read(24000), np.repeat(sound, 2, axis=1))


def test_surround_is_mixed_down(tmp_path: Path) -> None:
    sound = np.zeros((RATE, 6), np.float32)
    sound[:, 2] = music(1.0, channels=1)[:, 0]  # the middle loudspeaker
    left, right = everything(AudioFile(write(tmp_path / "a.wav", sound, "pcm_s16le"), RATE)).T
    np.testing.assert_allclose(left, right, atol=1e-6)
    assert np.abs(left).max() > 0.1


def test_a_loop_has_no_seam(flac: Path) -> None:
    file = AudioFile(flac, RATE, loop=True)
    sound = np.concatenate([file.read(700) for _ in range(200)])
    np.testing.assert_array_equal(sound, np.tile(music(), (3, 1))[: len(sound)])
    assert not file.ended


@pytest.mark.parametrize("rate", [44100, 48000])
def test_seeking_is_exact(flac: Path, rate: int) -> None:
    whole = everything(AudioFile(flac, rate))
    file = AudioFile(flac, rate)
    for seconds in (0.5, 0.123457, 0.9, 0.0):
        file.seek(seconds)
        begin = round(seconds * rate)
        np.testing.assert_array_equal(file.read(1000), whole[begin : begin + 1000])
    file.seek(99)
    assert file.ended
    assert not file.read(10).any()
    file.seek(0.25)
    assert not file.ended


def refused(path: Path) -> str:
    with pytest.raises(FileError) as caught:
        AudioFile(path, RATE)
    assert str(path) in str(caught.value)
    assert "\n" not in str(caught.value)
    assert len(caught.value.problems) == 1
    return caught.value.problems[0].message


def test_what_is_no_sound_is_refused_with_the_reason(tmp_path: Path) -> None:
    assert "no such file" in refused(tmp_path / "none.wav")
    assert "folder" in refused(tmp_path)
    empty, text, torn = tmp_path / "empty.wav", tmp_path / "text.mp3", tmp_path / "torn.flac"
    empty.touch()
    text.write_text("not a sound at all\n" * 30)
    torn.write_bytes(b"fLaC" + bytes(60))
    for path in (empty, text, torn):
        assert "sound" in refused(path)
    silent = tmp_path / "silent.mp4"
    with av.open(str(silent), "w") as file:
        video: Any = file.add_stream("libx264", rate=25)
        video.width, video.height, video.pix_fmt = 64, 36, "yuv420p"
        picture = av.VideoFrame.from_ndarray(np.zeros((36, 64, 3), np.uint8))
        file.mux([*video.encode(picture), *video.encode(None)])
    assert "no sound track" in refused(silent)
    with wave.open(str(tmp_path / "short.wav"), "wb") as short:
        short.setparams((2, 2, RATE, 0, "NONE", ""))
    assert "no sound in it" in refused(tmp_path / "short.wav")


def test_a_damaged_middle_is_silent_told_and_in_time(tmp_path: Path) -> None:
    path = write(tmp_path / "a.flac", music(4.0), "flac")
    data = bytearray(path.read_bytes())
    middle = len(data) // 2
    data[middle : middle + 20000] = np.random.default_rng(1).bytes(20000)
    path.write_bytes(bytes(data))
    file = AudioFile(path, RATE)
    sound = everything(file)
    assert file.warnings
    assert "damaged" in file.warnings[0]
    assert np.isfinite(sound).all()
    np.testing.assert_array_equal(sound[: RATE // 2], music(4.0)[: RATE // 2])
    np.testing.assert_array_equal(
        sound[3 * RATE : 3 * RATE + 20000], music(4.0)[3 * RATE :][:20000]
    )


@pytest.mark.parametrize(("name", "codec"), [("a.flac", "flac"), ("a.mp3", "libmp3lame")])
def test_a_file_that_breaks_off_ends_there(tmp_path: Path, name: str, codec: str) -> None:
    path = write(tmp_path / name, music(4.0), codec)
    path.write_bytes(path.read_bytes()[: path.stat().st_size // 2])
    sound = everything(AudioFile(path, RATE))
    assert RATE < len(sound) < 3 * RATE
    if codec == "flac":
        np.testing.assert_array_equal(sound[:RATE], music(4.0)[:RATE])


@pytest.mark.parametrize("seed", range(6))
def test_no_damage_raises_in_the_middle_of_a_show(tmp_path: Path, seed: int) -> None:
    rng = np.random.default_rng(seed)
    name, codec = [("a.mp3", "libmp3lame"), ("a.ogg", "libopus"), ("a.m4a", "aac")][seed % 3]
    path = write(tmp_path / name, music(6.0), codec)
    data = bytearray(path.read_bytes())
    for place in rng.integers(len(data) // 4, len(data) * 3 // 4, 60):
        data[place] = rng.integers(256)
    path.write_bytes(bytes(data))
    sound = everything(AudioFile(path, RATE))
    assert 4 * RATE < len(sound) < 66 * RATE


def test_names_in_an_unknown_alphabet_are_no_obstacle(tmp_path: Path) -> None:
    path = write(tmp_path / "a.wav", music(), "pcm_s16le")
    data = path.read_bytes()
    title = b"INFOINAM" + (4).to_bytes(4, "little") + b"\x82\xa0\xff\xfe"
    at = data.index(b"data")
    path.write_bytes(data[:at] + b"LIST" + len(title).to_bytes(4, "little") + title + data[at:])
    np.testing.assert_array_equal(AudioFile(path, RATE).read(RATE), music())


def test_a_file_that_goes_away_ends_a_loop_and_raises_nothing(flac: Path) -> None:
    file = AudioFile(flac, RATE, loop=True)
    flac.unlink()
    assert len(file.read(3 * RATE)) == 3 * RATE
    assert file.ended
    assert "could not be read again" in file.warnings[0]


@pytest.fixture
def ahead(flac: Path) -> Iterator[Prefetched]:
    prefetched = Prefetched(AudioFile(flac, RATE), 0.2)
    yield prefetched
    prefetched.close()


def eventually(prefetched: Prefetched, n: int) -> Samples:
    """n frames, read in small portions that wait for the thread, without what was late."""
    pieces: list[Samples] = []
    for _ in range(2000):
        late = prefetched.starved
        piece = prefetched.read(min(512, n - sum(map(len, pieces))))
        missing = prefetched.starved - late
        pieces.append(piece[: len(piece) - missing])
        if prefetched.ended or sum(map(len, pieces)) == n:
            return np.concatenate(pieces)
        if missing:
            time.sleep(0.005)
    raise AssertionError


def test_read_ahead_gives_the_same_samples(ahead: Prefetched) -> None:
    np.testing.assert_array_equal(eventually(ahead, RATE), music())


def test_what_is_not_decoded_yet_is_silent_counted_and_comes_later(ahead: Prefetched) -> None:
    first = ahead.read(3 * RATE)  # more than 0.2 s ahead
    got = 3 * RATE - ahead.starved
    assert 4096 <= got < RATE
    np.testing.assert_array_equal(first[:got], music()[:got])
    assert not first[got:].any()
    np.testing.assert_array_equal(eventually(ahead, RATE - got), music()[got:])


def test_the_end_is_told_and_not_counted_as_late(ahead: Prefetched) -> None:
    eventually(ahead, RATE)
    late = ahead.starved
    eventually(ahead, 10 * 512)
    assert ahead.ended
    assert not ahead.read(512).any()
    assert ahead.starved == late
    ahead.seek(0)
    assert not ahead.ended


def test_seeking_ahead_drops_what_was_decoded_before(ahead: Prefetched) -> None:
    ahead.read(512)
    ahead.seek(0.75)
    piece = ahead.read(0)
    for _ in range(2000):
        piece = ahead.read(64)
        if piece.any():
            break
        time.sleep(0.002)
    np.testing.assert_array_equal(piece, music()[36000:36064])
    ahead.seek(50)
    for _ in range(2000):
        if not ahead.read(64).any() and ahead.ended:
            break
        time.sleep(0.002)
    assert ahead.ended
