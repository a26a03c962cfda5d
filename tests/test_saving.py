"""`/preset/save` on a stage: the look goes into the file, its comments stay, the player's knobs do
not get in."""

import dataclasses
import shutil
from collections.abc import Iterable
from pathlib import Path

from performer.circle.circle import Circle
from performer.clock import ExactClock
from performer.frame import SILENCE, Heard
from performer.parameters import TREE, Control
from performer.render.scene import View
from performer.show.files import data_folder
from performer.show.presets import load_preset
from performer.show.shows import load_show
from performer.stage import NOT_SAVED, Stage


class Said:
    """Messages, one for each Frame."""

    ack = 0

    def __init__(self, *messages: tuple[str, list[object]]) -> None:
        self.left = [TREE.accept(*m) for m in messages]

    def drain(self, time: float) -> Iterable[Control]:
        return [self.left.pop(0)] if self.left else []

    def heard(self, time: float) -> Heard:
        return SILENCE


def saved(folder: Path, *messages: tuple[str, list[object]]) -> Path:
    """Ember's file, after a night on it was played and saved as ember again."""
    (folder / "presets" / "shows").mkdir(parents=True)
    path = folder / "presets" / "ember.toml"
    shutil.copy(data_folder() / "presets" / "ember.toml", path)
    library = dataclasses.replace(load_show("ember"), path=folder / "presets/shows/night.toml")
    said = Said(*messages, ("/preset/save", ["ember"]))
    stage = Stage(Circle(library, 1, 1), None, View("master", (16, 9)))
    stage.play(ExactClock(30.0, len(said.left)), said, [])
    return path


def comments(path: Path) -> list[str]:
    return [line[line.index("#") :] for line in path.read_text("utf-8").splitlines() if "#" in line]


def test_a_saved_look_keeps_every_comment_of_its_file(tmp_path: Path) -> None:
    path = saved(tmp_path, ("/look/warp", [0.123]), ("/palette/hue", [7.0]))
    old = data_folder() / "presets" / "ember.toml"
    assert load_preset(path).values["/look/warp"] == 0.123
    assert len(comments(old)) > 5
    assert comments(path) == comments(old)


def test_what_is_the_players_is_in_no_look(tmp_path: Path) -> None:
    path = saved(tmp_path, ("/morph/to", ["luna"]), ("/morph", [0.4]), ("/macro/3", [0.9]),
                 ("/volume", [0.1]))  # fmt: skip
    old, new = (load_preset(p).values for p in (data_folder() / "presets" / "ember.toml", path))
    assert {a: v for a, v in new.items() if a in NOT_SAVED} == {
        a: v for a, v in old.items() if a in NOT_SAVED
    }
    assert "/morph" not in new
    assert "/macro/3" not in new
    luna = load_show("luna").presets["luna"].values
    glow = 0.6 * old["/look/glow"] + 0.4 * luna["/look/glow"]
    assert abs(new["/look/glow"] - glow) < 1e-3, "the look between the two is"
