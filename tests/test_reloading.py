"""Shaders and presets that are saved while the night goes on, however an editor saves."""

import os
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import moderngl
import numpy as np
import pytest

from performer.circle.circle import Circle
from performer.frame import Frame
from performer.parameters import TREE
from performer.reloading import Reloader
from performer.render import context
from performer.render.renderer import Renderer
from performer.render.scene import View
from performer.show.files import data_folder
from performer.show.isf import load_shader
from performer.show.saved import LOOK
from performer.show.shows import load_show

VIEW = View("master", (64, 36))
GOOD = '/*{"ISFVSN": "2"}*/\nvoid main() {\n    gl_FragColor = vec4(vec3(%s), 1.0);\n}\n'

Save = Callable[[Path, str], None]


def written(path: Path, text: str) -> None:
    path.write_text(text)


def renamed(path: Path, text: str) -> None:
    other = path.with_suffix(".tmp")
    other.write_text(text)
    os.replace(other, path)


def truncated_first(path: Path, text: str) -> None:
    with path.open("r+") as file:
        file.truncate(0)
        file.flush()
        file.write(text)


class Evening:
    """A small night with one dream of its own, in a folder of its own."""

    def __init__(self, folder: Path) -> None:
        presets = folder / "presets"
        (presets / "shows").mkdir(parents=True)
        shutil.copy(data_folder() / "presets" / "luna.toml", presets / "mine.toml")
        (presets / "shows" / "night.toml").write_text(
            'title = "Night"\n[[phase]]\nname = "one"\nseconds = 600.0\npreset = "mine"\n'
        )
        self.preset, self.shader = presets / "mine.toml", folder / "lamp.fs"
        self.shader.write_text(GOOD % "0.2")
        self.library = load_show(presets / "shows" / "night.toml")
        self.library.generators["lamp"] = load_shader(self.shader)
        self.gl: moderngl.Context = context.headless()
        self.renderer = Renderer(self.gl, self.library.shaders, data_folder() / "shaders/pipeline")
        self.circle = Circle(self.library, 2, 1)
        people = self.circle.people
        people.generators[:] = people.wanted[:] = ["lamp"] * people.capacity
        self.reloader = Reloader(self.circle, self.renderer)
        self.now = 0.0

    def look(self, times: int = 2) -> None:
        """So many looks at the files, in their usual time."""
        for _ in range(times):
            self.now += LOOK
            self.reloader.look(self.now)

    def light(self) -> float:
        """Mean lightness of the first person's tile."""
        frame: Frame = self.circle.step(1 / 30)
        self.renderer.draw(frame, [VIEW])
        self.renderer.draw(frame, [VIEW])
        layers = self.renderer.layers
        w, h = layers.tile
        data = layers.atlas.texture.read()

        tiles = np.frombuffer(data, np.float16).reshape(-1, layers.grid[0] * w, 4)
        return float(tiles[:h, :w, 0].astype(np.float32).mean())


@pytest.fixture
def evening(tmp_path: Path) -> Iterator[Evening]:
    one = Evening(tmp_path)
    yield one
    one.renderer.release()
    one.gl.release()


@pytest.mark.parametrize("save", [written, renamed, truncated_first])
def test_a_saved_shader_is_drawn_as_it_is_now(evening: Evening, save: Save) -> None:
    dark = evening.light()
    save(evening.shader, GOOD % "0.8")
    evening.look()
    assert evening.light() > dark + 0.3


def test_a_file_that_is_still_being_written_is_waited_for(evening: Evening) -> None:
    dark = evening.light()
    evening.shader.write_text((GOOD % "0.8")[:40])
    evening.look(times=1)
    evening.shader.write_text(GOOD % "0.8")
    evening.look(times=1)
    assert evening.light() == pytest.approx(dark, abs=0.01)
    evening.look(times=1)
    assert evening.light() > dark + 0.3


def test_a_bad_shader_is_told_with_its_line_and_the_last_good_one_goes_on(
    evening: Evening, caplog: pytest.LogCaptureFixture
) -> None:
    dark = evening.light()
    written(evening.shader, GOOD % "0.8 + nothing")
    evening.look()
    assert evening.light() == pytest.approx(dark, abs=0.01)
    assert "lamp.fs:3: " in caplog.text
    assert "nothing" in caplog.text
    assert "the last good version of lamp goes on" in caplog.text
    written(evening.shader, "no header at all")
    evening.look()
    assert evening.light() == pytest.approx(dark, abs=0.01)
    written(evening.shader, GOOD % "0.7")
    evening.look()
    assert evening.light() > dark + 0.2


def test_a_shader_that_is_deleted_and_comes_back_goes_on_meanwhile(evening: Evening) -> None:
    dark = evening.light()
    evening.shader.unlink()
    evening.look(times=3)
    assert evening.light() == pytest.approx(dark, abs=0.01)
    written(evening.shader, GOOD % "0.8")
    evening.look()
    assert evening.light() > dark + 0.3


def test_a_saved_preset_is_faded_to_if_it_is_on(evening: Evening) -> None:
    i = TREE.index["/individuality"]
    text = evening.preset.read_text()
    assert '"/individuality" = 0.7' in text
    evening.preset.write_text(text.replace('"/individuality" = 0.7', '"/individuality" = 0.33'))
    evening.look()
    first = evening.circle.step(1 / 30).base[i]
    later = [evening.circle.step(1 / 30).base[i] for _ in range(45)]
    assert first > 0.6
    assert later[-1] == pytest.approx(0.33)


@pytest.mark.parametrize(
    ("bad", "says"),
    [
        ("generators = []", "generators"),
        ('generators = ["moo"]', "did you mean moon"),
        ('transition = "wipee"\ngenerators = ["moon"]', "transition"),
        ('generators = ["moon"]\n[[effect]]\nshader = "glitter"', "effect[0].shader"),
        ("[", "line"),
    ],
)
def test_a_bad_preset_is_told_and_the_last_good_one_stays(
    evening: Evening, caplog: pytest.LogCaptureFixture, bad: str, says: str
) -> None:
    before = evening.library.presets["mine"]
    evening.preset.write_text(f'title = "Mine"\n{bad}\n')
    evening.look()
    assert evening.library.presets["mine"] is before
    assert "mine.toml" in caplog.text
    assert says in caplog.text or says == "line"


def test_what_has_to_rest_is_tried_again_when_it_is_saved(evening: Evening) -> None:
    evening.circle.resting = ("lamp",)
    plain = evening.light()
    written(evening.shader, GOOD % "0.9")
    evening.look()
    assert evening.circle.resting == ()
    assert evening.light() > plain + 0.3


def test_a_new_input_has_its_default_at_once(evening: Evening) -> None:
    text = (GOOD % "level").replace(
        '"ISFVSN": "2"', '"INPUTS": [{"NAME": "level", "TYPE": "float", "DEFAULT": 0.9}]'
    )
    written(evening.shader, text)
    evening.look()
    assert evening.light() > 0.8
