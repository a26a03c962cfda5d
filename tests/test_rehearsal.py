"""Rehearsals: the same twice to the last pixel, and the command that makes them."""

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any, cast

import av
import numpy as np
import pytest
from av.error import InvalidDataError
from numpy.typing import NDArray
from typer.testing import CliRunner

from performer.circle.circle import Circle
from performer.cli import app
from performer.clock import Tick
from performer.eye import Eye
from performer.frame import Frame
from performer.journal.controls import ControlRecorder
from performer.journal.stats import Stats
from performer.options import with_at_glued
from performer.parameters import TREE, Control
from performer.rehearsal import OnStats, Script, rehearse
from performer.render.scene import View
from performer.show.shows import Library, load_show

from .sinks import Kept

SIZE = (96, 64)
FPS = 30.0
SCRIPT: tuple[tuple[float, str, tuple[object, ...]], ...] = (
    (0.0, "/individuality", (0.9,)),
    (0.3, "/participant/ana/join", ("Ana",)),
    (0.5, "/participant/ana/feeling", (0.8, 0.4)),
    (0.8, "/preset", ("ember", 0.5)),
    (1.2, "/participant/sim-2/leave", ()),
    (1.4, "/panic", ()),
    (1.5, "/participant/ana/solo", (1,)),
)


@pytest.fixture(scope="module")
def library() -> Library:
    return load_show("luna-circle")


def script() -> list[tuple[float, Control]]:
    return [(time, TREE.accept(address, args)) for time, address, args in SCRIPT]


def rehearsed(library: Library, seed: int = 5, played: bool = True) -> tuple[str, Kept, Circle]:
    """The digest over all pictures, all Frames, and the circle as it was left."""
    stats, kept = Stats(), Kept()
    circle = rehearse(
        library, View("master", SIZE), 2.0, FPS, script() if played else [],
        [OnStats(stats), kept], seed, 6,
    )  # fmt: skip
    assert stats.frames == 60
    return stats.digest, kept, circle


def test_the_same_rehearsal_twice_is_the_same_to_the_last_pixel(library: Library) -> None:
    assert rehearsed(library)[0] == rehearsed(library)[0]


def test_another_seed_and_another_script_dream_something_else(library: Library) -> None:
    digests = {rehearsed(library, seed, played)[0] for seed in (5, 6) for played in (True, False)}
    assert len(digests) == 4


def test_a_script_is_played_at_its_times_in_exact_time(library: Library) -> None:
    _, kept, circle = rehearsed(library)
    times = [frame.time for frame in kept.frames]
    assert times == pytest.approx([(k + 1) / FPS for k in range(60)])
    joined = next(f for f in kept.frames if "ana" in f.people.ids)
    assert joined.time - joined.dt == pytest.approx(0.3, abs=1e-6)
    panic = next(f for f in kept.frames if f.panic_age < 1.0)
    assert panic.time - panic.dt == pytest.approx(1.4, abs=1e-6)
    assert circle.time == pytest.approx(2.0)


def test_what_is_due_is_drained_once_and_in_order() -> None:
    told = Script([(2.0, TREE.accept("/tap", ())), (1.0, TREE.accept("/panic", ()))])
    assert list(told.drain(0.5)) == []
    assert [c.address for c in told.drain(2.0)] == ["/panic", "/tap"]
    assert list(told.drain(9.0)) == []


# ---- faster than the night --------------------------------------------------------------------


def hurried(
    library: Library, speed: float, seconds: float, told: list[tuple[float, Control]]
) -> list[Frame]:
    """The Frames of ten pictures a second."""
    kept, view = Kept(), View("master", SIZE)
    circle = rehearse(library, view, seconds, 10.0, list(told), [kept], 5, 6, speed=speed)
    assert circle.time == pytest.approx(seconds)
    return kept.frames


def test_a_fast_night_has_its_pictures_evenly_in_the_eyes_own_time(library: Library) -> None:
    frames = hurried(library, 60.0, 60.0, [])
    assert len(frames) == 10, "a minute in a second"
    assert [f.time for f in frames] == pytest.approx([6.0 * (k + 1) for k in range(10)])
    assert {f.dt for f in frames} == {0.1}, "guard, trails and means move in picture time"


def test_fast_or_not_a_show_second_brings_the_same_night(library: Library) -> None:
    """Arc, rhythms, feelings and territories go with the show; flow and layers with the eye."""
    told = [(7.0, TREE.accept("/participant/ana/join", ("Ana",)))]
    one, four = (hurried(library, speed, 12.0, told) for speed in (1.0, 4.0))
    slow, fast = one[-1], four[-1]
    assert fast.time == pytest.approx(slow.time)
    assert np.allclose(fast.base, slow.base, atol=1e-3)
    here = slow.people.here
    assert np.array_equal(fast.people.here, here)
    assert np.allclose(fast.people.omega, slow.people.omega)
    assert np.allclose(fast.people.present, slow.people.present, atol=1e-6)
    assert np.abs(np.sin(0.5 * (fast.people.theta - slow.people.theta)))[here].max() < 0.02
    moved = [f[-1].people.time[0] - f[0].people.time[0] for f in (one, four)]
    assert moved[1] == pytest.approx(moved[0] / 4.0, rel=0.1)
    assert fast.flow == pytest.approx(slow.flow / 4.0, rel=0.05)


def test_a_fast_night_does_not_flicker(library: Library) -> None:
    """People's light moves with their rhythms, six times a second here, but not before the eye."""

    def restless(frames: list[Frame]) -> float:
        energy = np.array([f.people.energy[:6] for f in frames[5:]])
        return float(np.abs(np.diff(energy, axis=0)).mean())

    told = [(0.0, TREE.accept("/phase/hold", (1,)))]
    assert restless(hurried(library, 60.0, 180.0, told)) < 0.015  # measured 0.004, 0.05 without


def test_who_leaves_a_fast_night_is_gone_from_the_next_picture() -> None:
    eye, tick = Eye(), Tick(0.1, 1 / 60, 0.1 / 6)
    circle = Circle(load_show("luna-circle"), people=4)
    lit = eye.see(circle.step(0.1), tick).people.energy[0]
    circle.take(TREE.accept("/participant/sim-1/leave", ()))
    assert lit > 0.0
    assert eye.see(circle.step(0.1), tick).people.energy[0] == 0.0


def test_the_beat_of_a_fast_nights_shaders_is_at_the_eyes_own_pace() -> None:
    eye, circle = Eye(), Circle(load_show("luna-circle"), people=1)
    shown = [eye.see(circle.step(0.1), Tick(0.1, 1 / 60, 0.1 / 6)) for _ in range(60)]
    assert shown[-1].beat - shown[0].beat == pytest.approx(59 * 0.1 / 6 * shown[0].tempo / 60.0)
    assert Eye().see(circle.step(0.1), Tick(0.1, 1.0, 0.1)).beat == circle.beat


def test_messages_of_a_fast_night_come_at_their_show_seconds(library: Library) -> None:
    told = [(0.0, TREE.accept("/coupling", (0.9,))), (31.25, TREE.accept("/phase/go", (2,))),
            (45.0, TREE.accept("/panic", ()))]  # fmt: skip
    frames = hurried(library, 60.0, 60.0, told)
    changed = next(f for f in frames if f.phase == 1)
    assert changed.time == pytest.approx(36.0)
    assert changed.phase_at == pytest.approx(31.25, abs=0.1 + 1e-6)
    dark = [f.panic_age for f in frames if f.panic_age < 60.0]
    assert dark == pytest.approx([0.05, 0.15, 0.25], abs=0.01), "a panic is as long as ever"


def test_a_fast_night_is_the_same_twice(library: Library) -> None:
    digests: set[str] = set()
    for _ in range(2):
        stats = Stats()
        rehearse(library, View("master", SIZE), 90.0, 10.0, [], [OnStats(stats)], 5, 4, speed=60.0)
        assert stats.frames == 15
        assert [round(s["time"]) for s in stats.seconds] == [60], "seconds are the eye's"
        digests.add(stats.digest)
    assert len(digests) == 1


# ---- the command ----------------------------------------------------------------------------


def command(*args: object, code: int = 0) -> subprocess.CompletedProcess[str]:
    """`performer rehearse`, tiny and short; fails unless it ends with `code`."""
    done = subprocess.run(
        [sys.executable, "-m", "performer", "rehearse", *map(str, args)],
        capture_output=True, text=True, timeout=120, check=False,
        env={**os.environ, "COLUMNS": "400"},
    )  # fmt: skip
    assert done.returncode == code, done.stdout + done.stderr
    assert "Traceback" not in done.stderr
    return done


SHORT = ("--size", "96x64", "--fps", 20, "--participants", 4, "--seed", 3)


def pictures(path: Path) -> Iterator[NDArray[np.uint8]]:
    """What can be read of a video, RGB."""
    with av.open(str(path)) as file:
        try:
            for frame in cast("Any", file).decode(video=0):
                yield frame.to_ndarray(format="rgb24")
        except InvalidDataError:  # a file that was cut short
            return


def read(path: Path) -> dict[str, Any]:
    return json.loads(path.read_text(encoding="utf-8"))


@pytest.fixture(scope="module")
def night(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """One rehearsal with everything: video, stills, statistics, --set, --at and --play."""
    folder = tmp_path_factory.mktemp("night")
    recorder = ControlRecorder(folder / "hands.jsonl")
    recorder.write(0.5, TREE.accept("/participant/ben/join", ("Ben",)))
    recorder.write(1.0, TREE.accept("/coupling", (0.9,)))
    recorder.close()
    command("luna-circle", *SHORT, "--seconds", 3, "--out", folder / "night.mp4",
            "--stats", folder / "night.json", "--stills", 1, "--set", "/resonance=0.5",
            "--set", "/participant/sim-1/feeling=0.5,-0.5",
            "--at", 1.5, "/participant/sim-2/feeling", -0.3, 0.9, "--at", 2, "/dissolve", 0.5,
            "--play", folder / "hands.jsonl")  # fmt: skip
    return folder


def test_the_video_has_every_picture(night: Path) -> None:
    found = list(pictures(night / "night.mp4"))
    assert len(found) == 60
    assert found[0].shape == (64, 96, 3)
    assert found[39].mean() > found[0].mean() + 5, "it rises out of the dark"
    with av.open(str(night / "night.mp4")) as file:
        assert float(file.streams.video[0].average_rate or 0) == pytest.approx(20.0)


def test_a_video_that_was_cut_short_is_readable_up_to_a_second(night: Path) -> None:
    data = (night / "night.mp4").read_bytes()
    for part in (0.5, 0.8):
        cut = night / f"cut-{part}.mp4"
        cut.write_bytes(data[: int(len(data) * part)])
        # bytes are not seconds: the dark beginning takes few of them
        assert len(list(pictures(cut))) >= part * 60 - 20


def test_the_statistics_say_what_happened(night: Path) -> None:
    found = read(night / "night.json")
    assert found["about"] == {"show": "luna-circle", "view": "master", "size": [96, 64],
                              "fps": 20.0, "speed": 1.0}  # fmt: skip
    summary, seconds = found["summary"], found["seconds"]
    assert summary["frames"] == 60
    assert len(summary["sha256"]) == 64
    assert [s["time"] for s in seconds] == [1.0, 2.0, 3.0]
    assert {"lowest_area", "frames_below_the_disc_bound", "clamps", "held", "frame_ms_median",
            "mean_luminance"} <= set(summary)  # fmt: skip
    last = seconds[-1]
    assert last["resonance"] == pytest.approx(0.5)
    assert last["dissolve"] == pytest.approx(0.5)
    assert last["coupling"] == pytest.approx(0.9)
    assert seconds[0]["dissolve"] == 0.0
    assert 0.0 <= last["corrected_order"] <= 1.0
    assert 0.0 <= last["held"] <= 1.0
    people = last["people"]
    assert set(people) >= {"sim-1", "sim-2", "sim-3", "ben"}
    for person in ("sim-1", "sim-2", "sim-3"):
        assert people[person]["area"] >= 0.9 * people[person]["bound"] > 0.0
        assert people[person]["deviation"] > 0.0, "a black territory is not seen"
    assert sum(p["area"] for p in people.values()) == pytest.approx(1.0, abs=0.1)


def test_the_statistics_say_how_it_looks_and_moves(night: Path) -> None:
    found = read(night / "night.json")
    summary, seconds = found["summary"], found["seconds"]
    for row in (*seconds, summary, *summary["presets"].values()):
        assert 0.0 < row["mean_luminance"] < 1.0
        assert 0.0 < row["mean_chroma"] < row["p95_chroma"] < 0.4
        assert 0.0 < row["light_motion"] < row["motion"] < 2.0
    assert set(summary["presets"]) == {"luna"}
    assert summary["presets"]["luna"]["seconds"] == pytest.approx(3.0)
    assert summary["convergences"] == []


def test_stills_come_at_their_seconds(night: Path) -> None:
    stills = sorted((night / "night").glob("*.png"))
    times = [float(s.stem.rstrip("s")) for s in stills]
    assert len(times) in (3, 4)
    assert all(abs(t - round(t)) < 0.06 for t in times)
    assert next(pictures(stills[-1])).shape == (64, 96, 3)


def test_the_command_twice_says_the_same_hash(tmp_path: Path) -> None:
    said = {command(*SHORT, "--seconds", 0.5).stdout for _ in range(2)}
    assert len(said) == 1
    assert said.pop().startswith("10 frames, sha256 ")
    assert not list(tmp_path.iterdir())


def test_the_whole_show_is_as_long_as_it_says(tmp_path: Path) -> None:
    show = tmp_path / "short.toml"
    phase = '[[phase]]\nname = "p{0}"\nseconds = {1}\npreset = "luna"\nfade = 0\n'
    show.write_text('title = "Short"\n' + phase.format(1, 40) + phase.format(2, 20))
    stats, out = tmp_path / "s.json", tmp_path / "s.mp4"
    command(show, *SHORT, "--whole", "--speed", 60, "--stats", stats, "--out", out)
    found = read(stats)
    assert found["about"]["speed"] == 60.0
    assert found["summary"]["frames"] == 20
    assert found["summary"]["presets"]["luna"]["seconds"] == pytest.approx(60.0)
    assert [s["phase"] for s in found["seconds"]] == [1]
    with av.open(str(out)) as file:
        times = [frame.time for frame in file.decode(video=0)]
    assert times == pytest.approx([k / 20 for k in range(20)], abs=1e-4), "the eye's seconds"


def test_views_show_what_they_say(tmp_path: Path) -> None:
    digests: set[str] = set()
    for view in ("master", "mask", "solo:sim-2"):
        stats = tmp_path / "s.json"
        command(*SHORT, "--seconds", 1.5, "--view", view, "--stats", stats)
        found = read(stats)
        assert found["about"]["view"] == view
        assert found["seconds"][0]["mean_luminance"] > 0.005
        digests.add(found["summary"]["sha256"])
    assert len(digests) == 3


@pytest.mark.parametrize(
    ("args", "said", "code"),
    [
        (("--view", "solo"), "--view must be", 2),
        (("--size", "10x10"), "each side must be", 2),
        (("--size", "99999x99999"), "each side must be", 2),
        (("--fps", "nan"), "--fps must be", 2),
        (("--speed", "0.5"), "--speed", 2),
        (("--speed", "121"), "--speed", 2),
        (("--speed", "nan"), "--speed", 2),
        (("--whole",), "leave --seconds out", 2),
        (("--set", "/nothing=1"), "/nothing", 1),
        (("--set", "/resonance=nan"), "finite", 1),
        (("--set", "/resonance=7"), "0..1", 1),
        (("--at", "soon", "/resonance", "1"), "SECONDS ADDRESS VALUE", 1),
        (("--play", "nowhere.jsonl"), "nowhere.jsonl", 1),
        (("no-such-show",), "no-such-show", 1),
    ],
)
def test_what_cannot_be_is_one_clear_message(
    args: tuple[str, ...], said: str, code: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("COLUMNS", "400")
    monkeypatch.setenv("TERM", "dumb")
    given = with_at_glued(["rehearse", *args, "--seconds", "0.1"])
    done = CliRunner().invoke(app, given)  # in this process: most of one is to begin
    assert isinstance(done.exception, SystemExit), done.exception
    assert done.exit_code == code, done.output
    assert said in done.stderr
    assert "Traceback" not in done.stderr


def test_a_process_ends_with_the_same_code_and_message() -> None:
    assert "--view must be" in command("--view", "solo", "--seconds", 0.1, code=2).stderr
    assert "/nothing" in command("--set", "/nothing=1", "--seconds", 0.1, code=1).stderr


def test_a_phase_that_is_not_there_is_refused_and_the_rehearsal_goes_on() -> None:
    done = command(*SHORT, "--seconds", 0.5, "--at", 0.2, "/phase/go", 99)
    assert "10 frames" in done.stdout
    assert "has 5 phases" in done.stderr


@pytest.mark.parametrize("option", ["--out", "--stats"])
def test_a_place_that_cannot_be_written_is_one_message(tmp_path: Path, option: str) -> None:
    (tmp_path / "file").write_text("here before")
    wrong = tmp_path / "file" / "night.mp4"
    done = command(*SHORT, "--seconds", 0.2, option, wrong, code=1)
    assert str(wrong) in done.stderr
    assert len([line for line in done.stderr.splitlines() if "cannot write" in line]) == 1
    assert (tmp_path / "file").read_text() == "here before"


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="no /dev/full on this system")
@pytest.mark.parametrize("option", ["--out", "--stats"])
def test_a_full_disk_is_one_message(tmp_path: Path, option: str) -> None:
    full = tmp_path / "night.mp4"
    full.symlink_to("/dev/full")
    done = command(*SHORT, "--seconds", 0.5, option, full, code=1)
    assert len([line for line in done.stderr.splitlines() if str(full) in line]) == 1


def test_a_record_with_wrong_lines_names_them(tmp_path: Path) -> None:
    path = tmp_path / "hands.jsonl"
    path.write_text('{"t": 0, "address": "/tap", "args": []}\nnonsense\n{"t": 1}\n')
    done = command("--play", path, "--seconds", 0.1, code=1)
    assert f"{path}:2" in done.stderr
    assert f"{path}:3" in done.stderr
