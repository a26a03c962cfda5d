"""The sound of rehearsals: beside its pictures to the sample, the same twice, heard and played."""

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import av
import numpy as np
import pytest
from numpy.typing import NDArray
from typer.testing import CliRunner

from performer.audio import RATE
from performer.cli import app
from performer.frame import Frame
from performer.journal.stats import Stats
from performer.options import with_at_glued
from performer.output.video import Video
from performer.output.wav import Wav
from performer.parameters import TREE, Control
from performer.rehearsal import Ear, OnStats, Takes, rehearse
from performer.render.scene import View
from performer.show.files import data_folder
from performer.show.shows import load_show

from .sinks import Kept

Samples = NDArray[np.float32]

SIZE, FPS = (96, 64), 12.0
SHORT = ("--size", "96x64", "--fps", "12", "--participants", "3", "--seed", "3")
ROOM = data_folder() / "assets" / "rooms" / "six-platforms.toml"


@dataclass(frozen=True)
class Rehearsed:
    """A rehearsal's files and Frames."""

    digest: str
    pictures: str
    """SHA-256 of all of them."""
    frames: list[Frame]


def rehearsed(
    folder: Path, seconds: float, *told: tuple[float, str, Iterable[object]],
    speed: float = 1.0, audio: Path | None = None,
) -> Rehearsed:  # fmt: skip
    """The same rehearsal as the command's SHORT, with a WAV file `a.wav`."""
    library, kept, stats = load_show("luna-circle"), Kept(), Stats()
    takes = Takes(library, SIZE, FPS, speed, None, audio)
    sinks = takes.sinks(None, folder / "a.wav", True)
    script: list[tuple[float, Control]] = [(t, TREE.accept(a, list(args))) for t, a, args in told]
    ear, view = Ear(audio, speed) if audio else None, View("master", SIZE)
    sinks += [kept, OnStats(stats)]
    rehearse(library, view, seconds, FPS, script, sinks, 3, 3, speed=speed, ear=ear)
    return Rehearsed(takes.digest, stats.digest, kept.frames)


def command(*args: object, code: int = 0) -> str:
    """`performer …` in this process; what it says on both ways. Fails unless it ends so."""
    done = CliRunner(env={"COLUMNS": "400"}).invoke(app, with_at_glued([str(a) for a in args]))
    if done.exception is not None and not isinstance(done.exception, SystemExit):
        raise done.exception
    assert done.exit_code == code, done.output
    return done.output


def decoded(path: Path) -> NDArray[Any]:
    """All samples of a file's sound, shape (n, channels), in its own numbers."""
    with av.open(str(path)) as file:
        stream = file.streams.audio[0]
        assert stream.rate == RATE
        parts = [f.to_ndarray() for f in file.decode(audio=0)]
        planar = stream.format.is_planar
    return np.concatenate([p.T if planar else p.reshape(-1, stream.channels) for p in parts])


def whole(path: Path) -> NDArray[np.int32]:
    """The same of a lossless file, as whole numbers of 24 bits."""
    found = decoded(path)
    assert found.dtype == np.int32
    assert not (found & 255).any()
    return found >> 8


def levels(path: Path) -> Samples:
    """The same as -1..1."""
    return (whole(path) / 2.0**23).astype(np.float32)


def music(path: Path, seconds: float = 4.0, loud: float = 0.4) -> Path:
    """A chord with a beat, or silence at loudness 0, as a WAV file."""
    t = np.arange(round(seconds * RATE)) / RATE
    chord = sum(np.sin(2 * np.pi * hz * t) for hz in (60.0, 110.0, 880.0, 4000.0)) / 4
    beaten = loud * chord * np.exp(-6 * np.mod(t, 0.5))
    file = Wav(path, RATE, 2)
    file.push(np.stack((beaten, beaten), axis=1).astype(np.float32))
    file.close()
    return path


# ---- files ------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def night(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, str]:
    """The command with a video and a WAV file, and what it said."""
    folder = tmp_path_factory.mktemp("night")
    said = command("rehearse", *SHORT, "--seconds", 2, "--out", folder / "night.mp4",
                   "--wav", folder / "night.wav", "--at", 1, "/volume", 0.9)  # fmt: skip
    return folder, said


def test_a_video_has_sound_as_long_as_its_pictures(night: tuple[Path, str]) -> None:
    path = night[0] / "night.mp4"
    with av.open(str(path)) as file:
        assert len(file.streams.audio) == 1
        assert file.streams.audio[0].rate == RATE
        pictures = sum(1 for _ in file.decode(video=0))
    assert pictures == 2 * FPS
    sound = decoded(path)
    assert abs(len(sound) / RATE - pictures / FPS) <= 1 / FPS
    assert np.sqrt(np.square(sound[-RATE:]).mean()) > 1e-3, "it sounds"


def test_a_wav_file_is_as_long_to_the_sample_and_the_same_sound(night: tuple[Path, str]) -> None:
    sound, coded = levels(night[0] / "night.wav"), decoded(night[0] / "night.mp4")
    assert sound.shape == (2 * RATE, 2)
    span = slice(RATE, RATE + RATE // 2)
    apart = sound[span] - coded[span]
    assert np.square(apart).mean() < 0.01 * np.square(sound[span]).mean()


def test_the_same_rehearsal_is_the_same_bytes_and_says_so(
    night: tuple[Path, str], tmp_path: Path
) -> None:
    again = rehearsed(tmp_path, 2, (1, "/volume", (0.9,)))
    assert (tmp_path / "a.wav").read_bytes() == (night[0] / "night.wav").read_bytes()
    lines = [line for line in night[1].splitlines() if line.startswith("sound, sha256 ")]
    assert lines == [f"sound, sha256 {again.digest}"]
    assert len(again.digest) == 64


def test_silent_means_no_sound(tmp_path: Path) -> None:
    out = tmp_path / "s.mp4"
    said = command("rehearse", *SHORT, "--seconds", 0.5, "--silent", "--out", out)
    with av.open(str(out)) as file:
        assert not file.streams.audio
        assert len(file.streams.video) == 1
    assert "sound, sha256" not in said
    wav = tmp_path / "s.wav"
    said = command("rehearse", *SHORT, "--silent", "--wav", wav, code=2)
    assert "--silent" in said
    assert not wav.exists()


def test_a_room_has_all_its_channels_in_every_lossless_file(tmp_path: Path) -> None:
    out, wav = tmp_path / "r.mkv", tmp_path / "r.wav"
    command("rehearse", *SHORT, "--seconds", 1, "--room", ROOM, "--out", out, "--wav", wav)
    sound = whole(wav)
    assert sound.shape == (RATE, 18)
    assert (np.abs(sound).max(axis=0) > 1000).all(), "every loudspeaker sounds"
    assert np.array_equal(whole(out), sound), "bit for bit"


# ---- listening --------------------------------------------------------------------------------


def moved(found: Rehearsed, plain: Rehearsed) -> float:
    """How far values are from those of a rehearsal without music."""
    pairs = zip(found.frames, plain.frames, strict=True)
    return max(float(np.abs(a.values - b.values).max()) for a, b in pairs)


def test_music_moves_what_follows_it_and_plays_and_silence_does_neither(tmp_path: Path) -> None:
    """By the command, too: the same pictures."""
    followed = {r.target for r in load_show("luna-circle").presets["luna"].listening}
    assert followed, "luna has rows of [[listening]]"
    plain = rehearsed(tmp_path, 0.8)
    voices = levels(tmp_path / "a.wav")
    silent = rehearsed(tmp_path, 0.8, audio=music(tmp_path / "s.wav", loud=0.0))
    assert moved(silent, plain) == 0.0
    assert np.array_equal(levels(tmp_path / "a.wav"), voices)
    assert silent.frames[-1].heard.listening
    loud = rehearsed(tmp_path, 0.8, audio=music(tmp_path / "m.wav"))
    assert moved(loud, plain) > 0.02
    assert loud.pictures != plain.pictures
    said = command("rehearse", *SHORT, "--seconds", 0.8, "--stats", tmp_path / "s.json",
                   "--audio", tmp_path / "m.wav", "--wav", tmp_path / "c.wav")  # fmt: skip
    assert loud.pictures in said
    assert f"sound, sha256 {loud.digest}" in said
    changed = np.abs(loud.frames[-1].values - plain.frames[-1].values) > 1e-6
    assert {p.address for p, c in zip(TREE.continuous, changed, strict=True) if c} <= followed
    added = (levels(tmp_path / "a.wav") - voices)[:, 0]
    played = levels(tmp_path / "m.wav")[: len(added), 0]
    assert np.corrcoef(added, played)[0, 1] > 0.8, "it is the music"
    both = np.fft.rfft(added, 2 * len(added)) * np.fft.rfft(played, 2 * len(added)).conj()
    late = int(np.fft.irfft(both).argmax())
    assert late <= 2, "at its picture, to the delay of the band limit"


# ---- what cannot be ---------------------------------------------------------------------------


def wrong(folder: Path) -> dict[str, Path]:
    """Files that are no music or no room."""
    files = {
        "nowhere": folder / "nowhere.wav", "folder": folder, "text": folder / "text.wav",
        "empty": folder / "empty.mp3", "mute": folder / "mute.mp4", "cut": folder / "cut.wav",
    }  # fmt: skip
    files["text"].write_text("this is no music\n" * 50, encoding="utf-8")
    files["empty"].touch()
    video = Video(files["mute"], SIZE, 10.0, live=False)
    for k in range(5):
        video.push(k / 10, np.zeros((SIZE[1], SIZE[0], 3), np.uint8))
    video.close()
    files["cut"].write_bytes(music(folder / "m.wav").read_bytes()[:30])
    return files


@pytest.mark.parametrize("way", ["rehearse", "perform"])
@pytest.mark.parametrize(
    ("kind", "reason"),
    [("nowhere", "no such file"), ("folder", "folder"), ("text", "not sound"),
     ("empty", "sound"), ("mute", "no sound track"), ("cut", "sound")],
)  # fmt: skip
def test_what_is_no_music_is_one_clear_message(
    tmp_path: Path, kind: str, reason: str, way: str
) -> None:
    path = wrong(tmp_path)[kind]
    said = command(*started(way), "--audio", path, code=1)
    assert str(path) in said
    assert reason in said
    assert len(said.strip().splitlines()) == 1


OVERLAPPING = 'title = "x"\n[[platform]]\nname = "a"\nleft = 1\nright = 2\nlow = 2\n'


@pytest.mark.parametrize("way", ["rehearse", "perform"])
@pytest.mark.parametrize(
    ("text", "reason"),
    [(None, "nowhere.toml"), ("= nonsense", ":1: is not valid TOML"), ('title = "x"\n', "platform"),
     (OVERLAPPING, "channel of its own")],
)  # fmt: skip
def test_what_is_no_room_is_one_clear_message(
    tmp_path: Path, text: str | None, reason: str, way: str
) -> None:
    path = tmp_path / "nowhere.toml"
    if text is not None:
        path.write_text(text, encoding="utf-8")
    said = command(*started(way), "--room", path, code=1)
    assert str(path) in said
    assert reason in said


def started(way: str) -> tuple[object, ...]:
    """The shortest command that would play something."""
    if way == "rehearse":
        return ("rehearse", *SHORT, "--seconds", 0.1)
    return ("perform", "--headless", "--seconds", 1, "--size", "96x64")


def test_a_place_for_sound_that_cannot_be_written_is_one_message(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("here before")
    wrong = tmp_path / "file" / "night.wav"
    said = command("rehearse", *SHORT, "--seconds", 0.1, "--wav", wrong, code=1)
    assert str(wrong) in said
    assert "cannot write" in said
    assert (tmp_path / "file").read_text() == "here before"


# ---- a fast night -----------------------------------------------------------------------------


def test_a_fast_night_sounds_at_its_natural_pace(tmp_path: Path) -> None:
    """At --speed 30 rhythms turn three times a second; breaths do not."""
    told = [(0.0, f"/participant/sim-{k}/rhythm", (0.1,)) for k in (1, 2, 3)]
    rehearsed(tmp_path, 120.0, *told, speed=30.0)
    sound = levels(tmp_path / "a.wav")
    assert sound.shape == (4 * RATE, 2)
    loud = np.sqrt(np.square(sound[RATE:]).reshape(-1, RATE // 50, 2).mean(axis=(1, 2)))
    assert loud.mean() > 1e-3
    window = np.hanning(len(loud))
    slow = np.polynomial.Polynomial.fit(np.arange(len(loud)), loud, 3)(np.arange(len(loud)))
    swings = np.abs(np.fft.rfft((loud / slow - 1.0) * window)) * 2 / window.sum()
    hz = np.fft.rfftfreq(len(loud), 1 / 50)
    assert swings[(hz > 2.3) & (hz < 3.7)].max() < 0.02
