"""Recorded controls, and the last Frame on disk."""

import os
import time
from dataclasses import replace
from pathlib import Path

import msgspec
import numpy as np
import pytest

from performer.circle.circle import Circle
from performer.errors import DeviceError, FileError
from performer.frame import NOBODY_SPOKE, SILENCE, Frame, decode
from performer.journal import last, look
from performer.journal.controls import ControlRecorder, due, merged, read_controls
from performer.journal.stats import Stats
from performer.parameters import TREE
from performer.show.modulating import Modulation
from performer.show.shows import load_show

LIBRARY = load_show("luna-circle")


def test_what_was_recorded_is_read_again(tmp_path: Path) -> None:
    path = tmp_path / "deep" / "night.jsonl"
    recorder = ControlRecorder(path)
    told = [(0.5, TREE.accept("/resonance", [0.25])), (1.25, TREE.accept("/preset", ["luna", 2]))]
    for at, control in told:
        recorder.write(at, control)
    recorder.close()
    assert read_controls(path) == told


def test_every_bad_line_is_named(tmp_path: Path) -> None:
    path = tmp_path / "night.jsonl"
    path.write_text('{"t": 1, "address": "/resonance", "args": [0.5]}\nnonsense\n\n'
                    '{"t": 2, "address": "/resonance", "args": [7]}\n{"t": -1}\n[]\n')  # fmt: skip
    with pytest.raises(FileError) as found:
        read_controls(path)
    assert [p.line for p in found.value.problems] == [2, 4, 5, 6]
    assert "must be 0..1, found 7" in str(found.value)


def test_a_file_that_is_not_there_is_one_clear_message(tmp_path: Path) -> None:
    with pytest.raises(FileError, match="cannot be read"):
        read_controls(tmp_path / "nothing.jsonl")
    with pytest.raises(DeviceError, match="cannot record controls"):
        ControlRecorder(Path("/proc/none/night.jsonl"))


def test_the_disk_keeps_nothing_that_a_microphone_heard(tmp_path: Path) -> None:
    circle, path = Circle(load_show("luna-circle"), people=4), tmp_path / "night.frame"
    circle.heard = msgspec.structs.replace(
        SILENCE, values=SILENCE.values + 0.5, waveform=SILENCE.waveform + np.float16(0.25),
        spectrum=SILENCE.spectrum + np.float16(0.5), tempo=90.0, listening=True,
    )  # fmt: skip
    frame = circle.step(1 / 60)
    assert frame.heard.listening
    last.keep(path, frame)
    kept = last.found(path, frame.show)
    assert kept is not None
    assert not kept.heard.listening
    assert not kept.heard.waveform.any()
    assert not kept.heard.spectrum.any()
    assert not kept.heard.values.any()


def test_a_frame_of_another_version_is_not_gone_on_from(tmp_path: Path) -> None:
    path = tmp_path / "night.frame"
    frame = Circle(load_show("luna-circle"), people=4).step(1 / 60)
    last.keep(path, frame)
    assert last.found(path, frame.show) is not None
    last.keep(path, msgspec.structs.replace(frame, base=frame.base[:-3]))
    assert last.found(path, frame.show) is None


def test_the_disk_keeps_no_history_of_people_who_are_not_recorded(tmp_path: Path) -> None:
    path, circle = tmp_path / "luna-circle.frame", Circle(LIBRARY, people=4)
    circle.take(TREE.accept("/participant/ada/join", ["Ada"]))
    circle.take(TREE.accept("/participant/ada/feeling", [0.5, -0.5]))
    frame = [circle.step(0.1) for _ in range(40)][-1]
    last.keep(path, frame)
    kept = decode(path.read_bytes()).people
    row = kept.row("ada")
    assert row is not None
    for column in ("past_theta", "past_valence", "past_arousal", "past_beats", "past_moods",
                   "alike", "answer"):  # fmt: skip
        assert np.any(getattr(frame.people, column)[row]), column
        assert not np.any(getattr(kept, column)[row]), column
    assert kept.past_beats[kept.simulated].all()


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="only Linux has a full disk to hand")
def test_a_full_disk_ends_the_record_and_not_the_show() -> None:
    recorder = ControlRecorder(Path("/dev/full"))
    recorder.write(0.0, TREE.accept("/resonance", [0.5]))
    assert "ends here" in recorder.failed
    recorder.write(0.0, TREE.accept("/resonance", [0.5]))
    recorder.close()


def test_messages_come_when_they_are_due_and_in_order() -> None:
    one, two, three = (TREE.accept("/resonance", [v]) for v in (0.1, 0.2, 0.3))
    script = merged([(2.0, three), (1.0, one)], [(1.0, two)])
    assert list(due(script, 0.5)) == []
    assert list(due(script, 1.0)) == [one, two]
    assert list(due(script, 9.0)) == [three]


def frame_with(record: bool) -> Frame:
    circle = Circle(LIBRARY, people=4)
    for address, args in (("join", ["Ada"]), ("feeling", [0.5, -0.5]), ("breath", [0.7]),
                          ("rhythm", [0.25])):  # fmt: skip
        circle.take(TREE.accept(f"/participant/ada/{address}", args))
    circle.take(TREE.accept("/participant/ada/consent", ["record_local", int(record)]))
    return circle.step(1 / 60)


def moved_by_ada() -> Circle:
    """Her feeling moves the glow and everybody's moon; a fade away from that was interrupted."""
    rows = tuple(
        Modulation(source="participant/ada/arousal", target=target, amount=0.5, attack=0.1)
        for target in ("/look/glow", "/participant/*/input/tide")
    )
    rows += (Modulation(source="circle/arousal", target="/look/rim", amount=0.1),)
    luna = LIBRARY.presets["luna"].model_copy(update={"modulation": rows})
    circle = Circle(replace(LIBRARY, presets=LIBRARY.presets | {"luna": luna}), people=4)
    for address, *args in (("/participant/ada/join", "Ada"), ("/preset", "luna", 0.0),
                           ("/participant/ada/feeling", 0.0, 1.0), ("/preset", "frost", 4.0),
                           ("/preset", "ember", 600.0)):  # fmt: skip
        circle.take(TREE.accept(address, args))
        for _ in range(20):
            circle.step(0.05)
    return circle


@pytest.mark.parametrize("gone", [False, True])
def test_the_disk_keeps_nothing_that_anybody_has_moved(tmp_path: Path, gone: bool) -> None:
    """Neither in others' rows, nor of somebody who has left and has no row any more."""
    path, circle = tmp_path / "luna-circle.frame", moved_by_ada()
    if gone:
        circle.take(TREE.accept("/participant/ada/leave", []))
        while circle.people.row("ada") is not None:
            circle.step(0.05)
    frame = circle.step(0.05)
    others = [k for k, person in enumerate(frame.people.ids) if person != "ada"]
    assert frame.residue.any()
    assert frame.spoken.by
    assert frame.people.swing[others].any() or gone
    last.keep(path, frame)
    kept = decode(path.read_bytes())
    assert not kept.people.swing.any()
    assert not kept.residue.any()
    assert not kept.away.any()
    assert kept.spoken == NOBODY_SPOKE
    assert not kept.followed
    assert np.array_equal(kept.values, kept.base)
    assert np.array_equal(kept.base, frame.base)


@pytest.mark.parametrize("record", [False, True])
def test_the_frame_on_disk_holds_only_what_people_agreed_to(tmp_path: Path, record: bool) -> None:
    path = tmp_path / "luna-circle.frame"
    frame = frame_with(record)
    last.keep(path, frame)
    people = decode(path.read_bytes()).people
    row = people.row("ada")
    assert row is not None
    kept = people.told_valence[row], people.breath_heard[row], people.names[row]
    assert kept == ((0.5, 0.7, "Ada") if record else (0.0, 0.0, ""))
    assert frame.people.breath[row] > 0.0, "what is shown follows what was sent"
    assert people.breath[row] == (frame.people.breath[row] if record else 0.0)
    assert bool(people.omega[row] == frame.people.omega[row]) is record
    assert np.array_equal(people.seat[row], frame.people.seat[row])
    assert (b"Ada" in path.read_bytes()) is record


def test_only_a_fresh_frame_of_the_same_show_is_gone_on_from(tmp_path: Path) -> None:
    path = tmp_path / "luna-circle.frame"
    frame = frame_with(record=True)
    last.keep(path, frame)
    found = last.found(path, "luna-circle")
    assert found is not None
    assert found.time == frame.time
    assert last.found(path, "another") is None
    old = time.time() - last.FRESH - 60
    os.utime(path, (old, old))
    assert last.found(path, "luna-circle") is None
    path.write_bytes(b"torn")
    assert last.found(path, "luna-circle") is None
    assert last.found(tmp_path / "none", "luna-circle") is None


def test_a_folder_that_cannot_be_written_leaves_the_old_frame(tmp_path: Path) -> None:
    path = tmp_path / "luna-circle.frame"
    frame = frame_with(record=True)
    last.keep(path, frame)
    old = path.read_bytes()
    (tmp_path / "luna-circle.new").mkdir()  # in the way of the new file
    with pytest.raises(DeviceError, match="cannot be kept"):
        last.keep(path, msgspec.structs.replace(frame, index=99))
    assert path.read_bytes() == old


def test_the_disk_knows_no_names_of_people_who_wait_and_no_mean_that_is_one_persons(
    tmp_path: Path,
) -> None:
    path = tmp_path / "luna-circle.frame"
    frame = msgspec.structs.replace(frame_with(record=False), waiting={"eve": "Eve Secret"})
    assert (frame.group.valence, frame.group.arousal) != (0.0, 0.0)
    last.keep(path, frame)
    kept = decode(path.read_bytes())
    assert kept.waiting == {"eve": ""}
    assert (kept.group.valence, kept.group.arousal) == (0.0, 0.0)
    assert b"Secret" not in path.read_bytes()


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="only Linux has a full disk to hand")
def test_a_full_disk_found_at_the_end_is_a_message_too() -> None:
    recorder = ControlRecorder(Path("/dev/full"))
    recorder._file.write("held back")  # pyright: ignore[reportPrivateUsage]
    recorder.close()
    assert "ends here" in recorder.failed


# ---- looks -------------------------------------------------------------------------------------


def flat(grey: int, height: int = 90, width: int = 160) -> look.Pixels:
    return np.full((height, width, 4), grey, np.uint8)


def test_a_look_is_the_light_of_its_cells_bottom_row_first() -> None:
    pixels = flat(0)
    pixels[:10, :, :3] = 255  # the top four of 36 rows of cells
    seen = look.Look.of(pixels)
    assert seen.luminance.shape == (36, 64)
    assert seen.luminance[-4:] == pytest.approx(1.0)
    assert seen.luminance[:-4] == pytest.approx(0.0)
    assert seen.chroma == pytest.approx(0.0, abs=1e-3)
    assert look.Look.of(flat(128)).luminance == pytest.approx(0.2159, abs=1e-4)


def test_chroma_and_motion_are_those_of_the_colours() -> None:
    blue, dark = flat(0), look.Look.of(flat(0))
    blue[..., 2] = 255
    seen = look.Look.of(blue)
    assert seen.chroma == pytest.approx(0.3132, abs=1e-3)  # of sRGB blue, Ottosson
    first = look.measured(seen, None, 0.1, 0.5, 7.0)
    assert (first.motion, first.light_motion, first.held, first.frame_ms) == (0.0, 0.0, 0.5, 7.0)
    then = look.measured(seen, dark, 0.1, 0.0, 1.0)
    assert then.light_motion == pytest.approx(0.722, abs=1e-3)
    assert then.motion == pytest.approx(10.0 * np.hypot(0.3132, 0.4520), abs=0.02)
    assert look.means([first, then])["motion"] == pytest.approx(0.5 * then.motion)
    assert look.means([])["mean_chroma"] == 0.0


def test_fine_grain_is_little_motion() -> None:
    grain = np.random.default_rng(3)
    one, two = (look.Look.of(flat(100) + grain.integers(0, 6, (90, 160, 4), np.uint8))
                for _ in range(2))  # fmt: skip
    assert look.measured(two, one, 1.0, 0.0, 0.0).light_motion < 0.003


def test_statistics_note_every_convergence() -> None:
    stats, circle = Stats(), Circle(LIBRARY, people=4)
    for met in (0, 0, 1, 1, 2):
        frame = circle.step(0.5)
        group = msgspec.structs.replace(frame.group, convergences=met, corrected=0.4 + met / 10)
        stats.see(msgspec.structs.replace(frame, group=group), flat(50), 0.0, 1.0)
    found = stats.summary()["convergences"]
    assert [c["time"] for c in found] == [1.5, 2.5]
    assert [c["corrected_order"] for c in found] == pytest.approx([0.5, 0.6])
    assert all(c["phase"] == 0 and 0.0 <= c["together"] <= 1.0 for c in found)
