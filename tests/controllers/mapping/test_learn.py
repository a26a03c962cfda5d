"""Learning: the control that really moves, mapped as it moves, kept in a file of one's own."""

import os
import threading
from pathlib import Path

import pytest

from performer.controllers.mapping import keeping
from performer.controllers.mapping.learn import Found, Learner
from performer.errors import ControlError, FileError
from performer.show.controllers import load_controllers
from tests.controllers.mapping.hands import DEVICE, Rig, gesture
from tests.controllers.players import Told

FADER = 'control = "cc 0"\naddress = "/brightness"\ntakeover = "jump"'
FILE = "learnt-desk.toml"


def found(*moves: tuple[str, int]) -> Found | None:
    """What is found after all of the moves, and not before."""
    learner, last = Learner("/resonance", 0.0), None
    for i, (control, value) in enumerate(moves):
        last = learner.heard(gesture(control, value))
        assert last is None or i == len(moves) - 1, f"found too early, at {control} {value}"
    return last


@pytest.mark.parametrize(
    ("moves", "manner"),
    [
        ([("cc 3", 40), ("cc 3", 41), ("cc 3", 42)], "fader"),
        ([("cc 3", 40), ("cc 3", 45)], "fader"),
        ([("pitch", 8192), ("pitch", 9000)], "fader"),
        ([("cc 3", 127), ("cc 3", 0)], "button"),
        ([("note 3", 1)], "key"),
        ([("program", 4)], "program"),
        ([("cc 3", 1), ("cc 3", 1), ("cc 3", 2)], "encoder"),
        ([("cc 3", 65), ("cc 3", 65), ("cc 3", 65)], "encoder"),
    ],
)
def test_a_control_that_moves_is_found(moves: list[tuple[str, int]], manner: str) -> None:
    """As soon as it is clear, and as what it is."""
    seen = found(*moves)
    assert seen is not None
    assert seen.manner == manner
    assert str(seen.knob) == f"{moves[0][0]} ch 1"


@pytest.mark.parametrize(
    "moves",
    [
        [("cc 3", 40)] * 1,
        [("cc 3", 40), ("cc 3", 41), ("cc 3", 40), ("cc 3", 41), ("cc 3", 40)],
        [("note 3", 0)],
        [("cc 3", 127)],
        [("cc 1", 40), ("cc 2", 90), ("cc 3", 10), ("cc 4", 11)],
    ],
)
def test_what_trembles_or_says_one_thing_is_not_found(moves: list[tuple[str, int]]) -> None:
    """A worn fader, a key that is let go, many controls that speak once."""
    assert found(*moves) is None


def test_a_trembling_control_does_not_take_the_place_of_one_that_moves() -> None:
    """Both speak at once."""
    seen = found(("cc 9", 40), ("cc 3", 40), ("cc 9", 41), ("cc 3", 50))
    assert seen is not None
    assert str(seen.knob) == "cc 3 ch 1"


@pytest.mark.parametrize(("value", "encoding"), [(1, "twos"), (65, "offset"), (63, "offset")])
def test_an_encoders_way_of_writing(value: int, encoding: str) -> None:
    """As far as one direction tells it."""
    seen = found(*[("cc 3", value)] * 3)
    assert seen is not None
    assert seen.encoding == encoding


def test_a_fader_is_learnt_kept_and_plays(tmp_path: Path) -> None:
    """From the next move on, and in another night too."""
    rig = Rig.of(FADER, tmp_path, resonance=0.0, brightness=0.8)
    rig.mapper.learn("/resonance")
    assert rig.mapper.waiting == "/resonance"
    rig.move("cc 0", 10, 11, 12)
    assert rig.mapper.waiting == ""
    assert rig.desk.heard == [], "nothing plays while it is learnt"
    assert rig.said == [
        ("/learning", ("/resonance",)),
        ("/learnt", ("/resonance", DEVICE, "cc 0 ch 1", "/brightness")),
    ]
    rig.move("cc 0", 12, 0, 30)
    assert rig.desk.heard == [("/resonance", (30 / 127,))]
    again = load_controllers(folder=tmp_path, data=tmp_path)
    assert [(m.address, m.fitted.mode) for m in again.of(DEVICE).maps] == [
        ("/resonance", "absolute")
    ]
    assert [p.name for p in tmp_path.iterdir()] == [FILE]


@pytest.mark.parametrize(
    ("address", "moves", "mode"),
    [
        ("/resonance", [("note 5", 90)], "toggle"),
        ("/freeze", [("note 5", 90)], "toggle"),
        ("/go", [("note 5", 90)], "trigger"),
        ("/go", [("cc 5", 127), ("cc 5", 0)], "trigger"),
        ("/resonance", [("cc 5", 127), ("cc 5", 0)], "toggle"),
        ("/resonance", [("cc 5", 1)] * 3, "relative"),
        ("/go", [("cc 5", 1)] * 3, "trigger"),
        ("/preset", [("program", 7)], "trigger"),
        ("/panic", [("program", 7)], "trigger"),
        ("/participant/#2/solo", [("note 5", 90)], "toggle"),
        ("/participant/*/mute", [("cc 5", 10), ("cc 5", 90)], "toggle"),
    ],
)
def test_the_mode_is_the_sensible_one(
    tmp_path: Path, address: str, moves: list[tuple[str, int]], mode: str
) -> None:
    """By the parameter's nature and by how the control moved."""
    rig = Rig.of(FADER, tmp_path)
    rig.mapper.learn(address)
    for control, value in moves:
        rig.move(control, value)
    assert rig.said[-1][0] == "/learnt"
    maps = {m.address: m for m in rig.mapper.controllers.of(DEVICE).maps}
    assert maps[address].fitted.mode == mode
    assert maps[address].channel == 1


def test_learning_anew_replaces_and_people_comments_stay(tmp_path: Path) -> None:
    """One control, one address; the others of the file are left alone."""
    rig = Rig.of(FADER, tmp_path)
    for address, control in (("/resonance", "note 1"), ("/coupling", "note 2")):
        rig.mapper.learn(address)
        rig.move(control, 9)
    path = tmp_path / FILE
    path.write_text(path.read_text() + "# mine\n")
    rig.mapper.learn("/volume")
    rig.move("note 1", 9)
    assert rig.said[-1][1][-1] == "/resonance"
    assert {m.address for m in rig.mapper.controllers.of(DEVICE).maps} == {
        "/coupling", "/volume", "/brightness",
    }  # fmt: skip
    assert "# mine" in path.read_text()


def test_learning_one_control_leaves_the_others_their_hold(tmp_path: Path) -> None:
    """A fader in the middle of a fade goes on."""
    rig = Rig.of('control = "cc 0"\naddress = "/brightness"', tmp_path, brightness=0.0)
    rig.move("cc 0", 0, 20)
    rig.mapper.learn("/resonance")
    rig.move("note 1", 9)
    rig.desk.clear()
    rig.move("cc 0", 50)
    assert rig.desk.heard == [("/brightness", (50 / 127,))]


def test_forgetting_gives_the_control_back_to_the_devices_file(tmp_path: Path) -> None:
    """What was shadowed plays again."""
    rig = Rig.of(FADER, tmp_path, brightness=0.8)
    rig.mapper.learn("/resonance")
    rig.move("cc 0", 1, 100)
    version = rig.mapper.version
    assert rig.mapper.forget("/resonance") == 1
    assert rig.mapper.version > version
    assert rig.said[-1] == ("/forgotten", ("/resonance", 1))
    rig.move("cc 0", 50)
    assert rig.desk.heard == [("/brightness", (50 / 127,))]
    assert rig.mapper.forget("/resonance") == 0
    rig.mapper.learn("/coupling")
    rig.move("note 1", 9)
    assert rig.said[-1][0] == "/learnt", "an empty file can be learnt into again"


def test_a_file_written_in_one_line_per_control_is_kept_so(tmp_path: Path) -> None:
    """As the shipped ones are."""
    (tmp_path / FILE).write_text(
        'title = "Mine"\ndevice = ["Desk"]\nmap = [\n'
        '  { control = "note 1", address = "/go" }, # first\n]\n'
    )
    rig = Rig.of(FADER, tmp_path)
    rig.mapper.controllers = load_controllers(folder=tmp_path, data=tmp_path)
    rig.mapper.learn("/back")
    rig.move("note 2", 9)
    assert rig.said[-1][0] == "/learnt"
    assert "# first" in (tmp_path / FILE).read_text()
    assert len(rig.mapper.controllers.of(DEVICE).maps) == 2


@pytest.mark.parametrize("address", ["/nowhere", "/alive", "/participant/x/feeling", "/go/there"])
def test_what_no_control_can_play_is_refused(tmp_path: Path, address: str) -> None:
    """At once, not when the control moves."""
    rig = Rig.of(FADER, tmp_path)
    with pytest.raises(ControlError, match="cannot be learnt"):
        rig.mapper.learn(address)
    assert rig.mapper.waiting == ""


def test_a_control_that_cannot_play_it_is_told(tmp_path: Path) -> None:
    """Presets by number need a program change."""
    rig = Rig.of(FADER, tmp_path)
    rig.mapper.learn("/preset")
    rig.move("note 1", 9)
    assert rig.said[-1][0] == "/learn/over"
    assert list(tmp_path.iterdir()) == []


def test_learning_ends_by_itself_and_by_hand(tmp_path: Path) -> None:
    """After half a minute without a control."""
    rig = Rig.of(FADER, tmp_path)
    rig.mapper.learn("/resonance")
    rig.feedback(29.0)
    assert rig.mapper.waiting
    rig.feedback(2.0)
    assert rig.said[-1] == ("/learn/over", ("/resonance", "nothing moved"))
    rig.mapper.learn("/resonance")
    rig.mapper.learn_stop()
    assert rig.said[-1] == ("/learn/over", ("/resonance", "stopped"))
    count = len(rig.said)
    rig.mapper.learn_stop()
    assert len(rig.said) == count


def test_panic_plays_while_something_waits(tmp_path: Path) -> None:
    """And is not learnt by mistake."""
    rig = Rig.of('control = "note 1"\naddress = "/panic"', tmp_path)
    rig.mapper.learn("/resonance")
    rig.move("note 1", 9)
    assert rig.desk.heard == [("/panic", ())]
    assert rig.mapper.waiting == "/resonance"


def test_a_file_that_cannot_be_written_or_read_loses_nothing(tmp_path: Path) -> None:
    """The old file is untouched, what cannot be kept is told and plays, the show goes on."""
    broken = "title = 'x'\ndevice = ['Desk']\nmap = 3\n"
    (tmp_path / FILE).write_text(broken)
    rig = Rig.of(FADER, tmp_path, brightness=0.8)
    rig.mapper.learn("/resonance")
    rig.move("note 1", 9)
    assert rig.said[-1][0] == "/learn/over"
    assert (tmp_path / FILE).read_text() == broken
    (tmp_path / FILE).unlink()
    file = tmp_path / "file"
    file.write_text("")
    rig = Rig.of(FADER, file / "folder", brightness=0.8)
    for address, control in (("/go", "note 1"), ("/back", "note 2")):
        rig.mapper.learn(address)
        rig.move(control, 9)
        assert rig.said[-1][0] == "/learnt"
        rig.feedback()
        assert (*rig.said[-1][1], "")[0] == address
        assert "not kept" in str(rig.said[-1])
        rig.feedback()
    assert len([s for s, _ in rig.said if s == "/learn/over"]) == 2, "each once"
    rig.move("cc 0", 50)
    rig.move("note 1", 0, 9)
    rig.move("note 2", 0, 9)
    assert rig.desk.heard == [("/brightness", (50 / 127,)), ("/go", ()), ("/back", ())]


def test_a_slow_disk_holds_nothing_up(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The map plays while its file is written; the next one is not written over by it."""
    free, real = threading.Event(), keeping.write_atomic

    def slow(path: Path, data: bytes | str) -> None:
        assert free.wait(10.0)
        real(path, data)

    monkeypatch.setattr(keeping, "write_atomic", slow)
    rig = Rig.of(FADER, tmp_path)
    for address, control in (("/go", "note 1"), ("/back", "note 2")):
        rig.mapper.learn(address)
        rig.mapper.moved(DEVICE, gesture(control, 9), rig.now)
        rig.mapper.moved(DEVICE, gesture(control, 0), rig.now)
        rig.mapper.moved(DEVICE, gesture(control, 9), rig.now)
    assert rig.desk.heard == [("/go", ()), ("/back", ())]
    assert list(tmp_path.iterdir()) == []
    free.set()
    rig.mapper.settle()
    again = load_controllers(folder=tmp_path, data=tmp_path)
    assert [m.address for m in again.of(DEVICE).maps] == ["/go", "/back"]


def test_forgetting_in_a_file_that_was_broken_meanwhile_is_told(tmp_path: Path) -> None:
    """Nothing of it is changed."""
    rig = Rig.of(FADER, tmp_path)
    rig.mapper.learn("/resonance")
    rig.move("note 1", 9)
    (tmp_path / FILE).write_text("= broken")
    with pytest.raises(FileError):
        rig.mapper.forget("/resonance")
    assert (tmp_path / FILE).read_text() == "= broken"


@pytest.mark.parametrize("device", ["", "128:0", "Ünïcode \u266b", "x" * 200, "../../etc/passwd"])
def test_a_device_without_a_file_gets_a_safe_name(tmp_path: Path, device: str) -> None:
    """Whatever a port is called, the file lies in the folder and knows the device again."""
    rig = Rig.of(FADER, tmp_path)
    rig.mapper.connected(device, Told(), rig.now)
    rig.mapper.learn("/resonance")
    rig.mapper.moved(device, gesture("note 1", 9), rig.now)
    rig.mapper.settle()
    assert rig.said[-1][0] == "/learnt"
    assert [p.parent for p in tmp_path.rglob("*.toml")] == [tmp_path]
    if device:
        again = load_controllers(folder=tmp_path, data=tmp_path).of(device)
        assert [m.address for m in again.maps] == ["/resonance"]
    assert os.listdir(tmp_path)[0].startswith("learnt-")
