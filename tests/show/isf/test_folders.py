"""Where shaders are found, what they are called, and who comes first."""

from pathlib import Path

import pytest

from performer.show.files import data_folder
from performer.show.isf.folders import called, find_shaders, user_folder

GENERATOR = '/*{"ISFVSN": "2"}*/\nvoid main() {}\n'
FILTER = '/*{"INPUTS": [{"NAME": "inputImage", "TYPE": "image"}]}*/\nvoid main() {}\n'
TRANSITION = """/*{"INPUTS": [{"NAME": "startImage", "TYPE": "image"},
{"NAME": "endImage", "TYPE": "image"}, {"NAME": "progress", "TYPE": "float"}]}*/
void main() {}
"""


@pytest.fixture
def own(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("PERFORMER_SHADERS", str(tmp_path))
    return tmp_path


@pytest.mark.parametrize(
    ("file", "name"),
    [
        ("moon.fs", "moon"),
        ("Color Bars.fs", "color-bars"),
        ("RGB (v2).isf", "rgb-v2"),
        ("Über.fs", "ber"),
        ("---.fs", "shader"),
    ],
)
def test_a_shader_is_called_by_its_file(file: str, name: str) -> None:
    assert called(Path(file)) == name


def test_shaders_are_sorted_by_what_they_are_good_for(own: Path) -> None:
    (own / "deep" / "er").mkdir(parents=True)
    (own / "My Lamp.fs").write_text(GENERATOR)
    (own / "deep" / "Sepia.fs").write_text(FILTER)
    (own / "deep" / "er" / "Wipe.isf").write_text(TRANSITION)
    (own / "bad.fs").write_text("no header")
    found = find_shaders()
    assert found.generators["my-lamp"].path == own / "My Lamp.fs"
    assert found.filters["sepia"].kind == "filter"
    assert found.transitions["wipe"].kind == "transition"
    assert [e.file for e in found.broken] == [own / "bad.fs"]
    assert "moon" in found.generators


def test_of_two_with_one_name_the_bundled_one_is_meant(own: Path) -> None:
    (own / "Moon.fs").write_text(GENERATOR)
    assert find_shaders().generators["moon"].path.parent == data_folder() / "shaders" / "layers"


def test_the_bundled_library_is_whole() -> None:
    found = find_shaders(others=False)
    assert found.broken == []
    assert len(found.generators) >= 16
    assert set(found.filters) == {
        "feedback", "flow", "bloom", "grain", "drift", "lens", "blur", "echo",
    }  # fmt: skip
    assert set(found.transitions) == {"dissolve", "breath", "tide", "ink", "fold"}


def test_the_users_folder_is_the_platforms() -> None:
    assert user_folder({"PERFORMER_SHADERS": "/my/own"}) == Path("/my/own")
    assert user_folder({"XDG_CONFIG_HOME": "/config"}).parts[-2:] == ("performer", "shaders")
    assert user_folder({}).parts[-2:] == ("performer", "shaders")
