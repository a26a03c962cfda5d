"""Shows: everything a show names is read, and everything wrong with it is told at once."""

import subprocess
import sys
from pathlib import Path

import pytest

from performer.errors import FileError, Problem
from performer.show.files import FilesError, data_folder
from performer.show.shows import Phase, Policy, Show, load_show

PHASE = '[[phase]]\nname = "one"\nseconds = 60\npreset = "calm"\n'
SHOW = 'title = "T"\npresets = ["calm"]\n' + PHASE
CALM = 'title = "Calm"\ngenerators = ["mist"]\n'
MIST = '/*{"INPUTS": []}*/\nvoid main() {}\n'


def house(top: Path, files: dict[str, str]) -> Path:
    """A data folder with a good show, preset and shader, and what `files` puts over them."""
    good = {
        "presets/shows/night.toml": SHOW,
        "presets/calm.toml": CALM,
        "shaders/layers/mist.fs": MIST,
    }
    for name, text in (good | files).items():
        (top / name).parent.mkdir(parents=True, exist_ok=True)
        (top / name).write_text(text)
    return top


def refused(top: Path, show: str = "night") -> list[tuple[str, Problem]]:
    """File name and problem of everything that is told."""
    with pytest.raises(FilesError) as caught:
        load_show(show, top)
    return [(e.file.name, p) for e in caught.value.errors for p in e.problems]


def test_the_bundled_show_is_a_night_in_five_phases() -> None:
    """45 minutes; every file it names is there and right."""
    library = load_show("luna-circle")
    assert library.name == "luna-circle"
    names = [p.name for p in library.show.phase]
    assert names == ["ritual", "descent", "convergence", "dream", "waking"]
    assert library.show.seconds == 45 * 60
    assert library.show.presets[:2] == ("luna", "undertow")
    assert set(library.show.presets) == set(library.presets)
    assert {g for p in library.presets.values() for g in p.generators} <= set(library.generators)
    assert library.show.phase[-1].to["/individuality"] == 0.88


def test_a_show_by_name_and_by_path(tmp_path: Path) -> None:
    """Both ways find the same; values keep the author's order."""
    top = house(tmp_path, {})
    by_name = load_show("night", top)
    assert load_show(top / "presets/shows/night.toml", top) == by_name
    assert load_show(str(top / "presets/shows/night.toml"), top) == by_name
    assert by_name.presets["calm"].generators == ("mist",)
    assert by_name.generators["mist"].body == "void main() {}\n"
    assert by_name.unused == ()


def test_a_preset_alone_is_a_show_of_an_hour(tmp_path: Path) -> None:
    """By name and by path."""
    top = house(tmp_path, {})
    for library in (load_show("calm", top), load_show(top / "presets/calm.toml", top)):
        assert library.show.title == "Calm"
        (phase,) = library.show.phase
        assert (phase.seconds, phase.preset) == (3600, "calm")


def test_a_show_elsewhere_brings_its_own_presets(tmp_path: Path) -> None:
    """Presets beside the show go before bundled ones; what it does not name is not looked at."""
    top = house(tmp_path / "data", {})
    own = tmp_path / "mine"
    own.mkdir()
    (own / "night.toml").write_text(SHOW)
    (own / "calm.toml").write_text(CALM.replace("Calm", "My calm"))
    (own / "todo.toml").write_text("nothing = ")
    library = load_show(own / "night.toml", top)
    assert library.presets["calm"].title == "My calm"
    assert list(library.presets) == ["calm"]
    assert library.unused == ()


def test_what_the_show_does_not_name_is_no_reason_to_refuse(tmp_path: Path) -> None:
    """Other presets come along; broken ones are told in `unused`."""
    top = house(
        tmp_path,
        {
            "presets/spare.toml": CALM,
            "presets/broken.toml": "title = ",
            "shaders/layers/draft.fs": "void main() {}",
        },
    )
    library = load_show("night", top)
    assert set(library.presets) == {"calm", "spare"}
    assert set(library.generators) == {"mist"}
    assert [e.file.name for e in library.unused] == ["broken.toml", "draft.fs"]


@pytest.mark.parametrize(
    ("text", "key", "says"),
    [
        (SHOW.replace("60", "4"), "phase[0].seconds", "must be 5..7200 s, found 4"),
        (SHOW.replace("60", "nan"), "phase[0].seconds", "must be a finite number, found nan"),
        (SHOW.replace("60", "'60'"), "phase[0].seconds", "must be a number, found '60'"),
        (SHOW + "fade = 601\n", "phase[0].fade", "must be 0..600 s, found 601"),
        (SHOW + "fade = 61\n", "phase[0]", "fade must be at most the phase's 60 s, found 61"),
        (
            SHOW + "fade = 59.5\nto.'/tempo' = 30.0\n",
            "phase[0]",
            "fade must leave at least 1 s of 60 s for `to`, found 59.5",
        ),
        (SHOW + "form = {}\n", "phase[0].form", "did you mean from?; allowed: name, seconds"),
        (SHOW + "to.'/tempo' = 1\n", 'phase[0].to."/tempo"', "must be 20..240 BPM, found 1"),
        (SHOW + "from.'/blackout' = 1\n", 'phase[0].from."/blackout"', "is not a fader"),
        (SHOW + "[policy]\nflash = 0.5", "policy.flash", "at most 0.35 per second, found 0.5"),
        (SHOW + "[policy]\nflash = 0.05", "policy.flash", "must be above 0.05"),
        (SHOW + "[policy]\ndisc = 0.2", "policy.disc", "must be 0.3..1, found 0.2"),
        (SHOW + "[policy]\nflsh = 0.2", "policy.flsh", "did you mean flash?"),
        ("seed = -1\n" + SHOW, "seed", "must be 0..4294967295, found -1"),
        ("seed = 1.5\n" + SHOW, "seed", "must be a whole number, found 1.5"),
        ("people = 257\n" + SHOW, "people", "must be 1..256, found 257"),
        ("arrivals = 2\n" + SHOW, "arrivals", "must be 0..1, found 2"),
        ("people = true\n" + SHOW, "people", "must be a whole number, found true"),
        (SHOW.replace('"T"', "1979-05-27"), "title", "must be text in quotes, found datetime"),
        (SHOW.replace("title", "titel"), "titel", "did you mean title?"),
        ('title = "T"\n', "phase", "is missing and must be given"),
        ('title = "T"\nphase = []\n', "phase", "must be a list of at least 1, found []"),
        ('title = "T"\n' + PHASE * 33, "phase", "must be a list of at most 32"),
        (SHOW.replace('["calm"]', str(["calm"] * 10)), "presets", "must be a list of at most 9"),
        (
            SHOW.replace('["calm"]', '["clam"]'),
            "presets[0]",
            "no preset 'clam', did you mean calm?",
        ),
        (SHOW.replace('"calm"\n', '"x"\n'), "phase[0].preset", "no preset 'x'. There are: calm"),
    ],
)
def test_a_mistake_is_told(tmp_path: Path, text: str, key: str, says: str) -> None:
    """File, key path, what was found, what is allowed."""
    told = refused(house(tmp_path, {"presets/shows/night.toml": text}))
    assert says in {p.key: p.message for _, p in told}[key]
    assert {name for name, _ in told} == {"night.toml"}
    assert len(told) == (2 if key == "titel" else 1)  # a mistyped title is also a missing one


def test_a_missing_shader_is_told(tmp_path: Path) -> None:
    """In the preset that names it."""
    ((file, problem),) = refused(
        house(tmp_path, {"presets/calm.toml": CALM.replace("mist", "mits")})
    )
    assert (file, problem.key) == ("calm.toml", "generators[0]")
    assert problem.message == "no generator 'mits', did you mean mist? There are: mist"


def test_a_broken_shader_is_told_once(tmp_path: Path) -> None:
    """With its own file and line, not as a shader that is missing."""
    files = {"shaders/layers/mist.fs": '/*{\n"INPUTS": [}*/', "presets/b.toml": CALM}
    files["presets/shows/night.toml"] = SHOW.replace('["calm"]', '["calm", "b"]')
    ((file, problem),) = refused(house(tmp_path, files))
    assert (file, problem.line) == ("mist.fs", 2)


def test_everything_wrong_is_told_together(tmp_path: Path) -> None:
    """Show, presets and shaders, each with its own file."""
    files = {
        "presets/shows/night.toml": SHOW + "sedes = 1\n" + PHASE.replace("calm", "gone"),
        "presets/calm.toml": CALM.replace("]", ', "draft", "none"]') + "[values]\n'/tempo' = 0\n",
        "presets/wild.toml": CALM.replace("mist", "draft"),
        "shaders/layers/draft.fs": '/*{"INPUTS": 3}*/',
    }
    files["presets/shows/night.toml"] += PHASE.replace("calm", "wild")
    assert [(name, p.key) for name, p in refused(house(tmp_path, files))] == [
        ("night.toml", "phase[0].sedes"),
        ("night.toml", "phase[1].preset"),
        ("calm.toml", 'values."/tempo"'),
        ("draft.fs", "INPUTS"),
    ]


def test_a_broken_preset_alone_is_told_once(tmp_path: Path) -> None:
    """The show that is made of it adds no problems of its own."""
    text = "title = ''\ngenerators = ['mist']\n"
    ((file, problem),) = refused(house(tmp_path, {"presets/calm.toml": text}), "calm")
    assert (file, problem.key) == ("calm.toml", "title")


@pytest.mark.parametrize("name", ["nigt", "../night", "", "night.toml", "/dev/zero"])
def test_what_is_no_show_is_refused(tmp_path: Path, name: str) -> None:
    """With the names that exist, or the path that does not."""
    with pytest.raises(FileError, match=r"There are: calm, night|no such file"):
        load_show(name, house(tmp_path, {}))


def test_defaults_are_the_promised_ones() -> None:
    """The policy as performer/README.md argues for it, and a show of one line."""
    policy = Policy()
    assert (policy.look_floor, policy.share, policy.disc) == (0, 0.5, 0.742)
    assert (policy.flash, policy.resonance_cap) == (0.27, 1)
    phase = {"name": "a", "seconds": 5, "preset": "b", "from": {"/tempo": 60}}
    show = Show.model_validate({"title": "t", "phase": [phase]})
    assert (show.seed, show.people, show.policy) == (0, 12, policy)
    assert show.phase[0] == Phase.model_validate(phase)
    assert show.phase[0].from_ == {"/tempo": 60.0}
    assert show.phase[0].to == {}


def test_the_show_room_is_pure() -> None:
    """A fresh interpreter reads the bundled show without window, sound or bus.

    pydantic imports the module `socket` (through importlib.metadata and email), but none is made.
    """
    code = (
        "import sys; made = []\n"
        "sys.addaudithook(lambda event, _: event[:7] == 'socket.' and made.append(event))\n"
        "from performer.show.shows import load_show; import performer.modulation\n"
        "load_show('luna-circle')\n"
        "print({'moderngl', 'pygame', 'sounddevice', 'zenoh'} & {*sys.modules} | {*made})"
    )
    run = subprocess.run(
        [sys.executable, "-c", code], cwd=data_folder(), capture_output=True, text=True, check=True
    )
    assert run.stdout == "set()\n"
