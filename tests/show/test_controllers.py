"""Controller files: every mistake has its message, the nearest file wins, the shipped ones play."""

import contextlib
import re
import tomllib
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from performer.controllers.osc.patterns import Branches
from performer.errors import ControlError, FileError, Problem
from performer.parameters import TREE, Nature
from performer.show.controllers import (
    Controllers,
    Layout,
    Loaded,
    load_controller,
    load_controllers,
)
from performer.show.files import data_folder, names
from performer.show.knobs import Kind
from performer.show.maps import Map
from performer.show.meant import parameters_of

PIECES = [
    "/",
    "//",
    "look",
    "glow",
    "g*",
    "rim",
    "*",
    "?",
    "macro",
    "[1-8]",
    "[!1]",
    "[a-",
    "solo",
    "{glow,rim}",
    "{g*,rim}",
    "participant",
    "ada",
    "voice",
    "[r]im",
    "input",
    "bloom",
]
SHIPPED = sorted((data_folder() / "presets" / "controllers").glob("*.toml"))
HERE = Path("x.toml")


def loaded(text: str) -> tuple[Map, ...]:
    """The maps of a file's text."""
    return load_controller(HERE, tomllib.loads(f'title = "x"\n{text}')).map


def message(text: str, key: str) -> str:
    """What is said about `key`, and about nothing else."""
    with pytest.raises(FileError) as caught:
        loaded(text)
    assert [p.key for p in caught.value.problems] == [key]
    return caught.value.problems[0].message


@pytest.mark.parametrize(
    ("change", "key", "says"),
    [
        ('control = "cc 128"', "control", "must be as 'cc 16', 'cc14 7' (7 and 39)"),
        ('control = "fader 1"', "control", "found 'fader 1'"),
        ('control = "cc"', "control", "found 'cc'"),
        ('control = "cc14 40"', "control", "found 'cc14 40'"),
        ('control = "program 128"', "control", "program must be 0..127, found 128"),
        ('control = "cc 1 ch 2"', "control", "channel = 1 goes beside it"),
        ("control = 3", "control", "must be text in quotes, found 3"),
        ("channel = 0", "channel", "must be 1..16, found 0"),
        ("channel = 17", "channel", "must be 1..16, found 17"),
        ('address = "/resonanse"', "address", "no such address, did you mean /resonance?"),
        ('address = "/alive"', "address", "is told by the instrument, nobody sets it"),
        ('address = "/participant/Ada!/solo"', "address", "a participant's id is"),
        ('address = "/participant/#1/dance"', "address", "no such address"),
        ('address = "/participant/#0/solo"', "address", "a participant's id is"),
        ('address = "/look/[a"', "address", "without its other half"),
        ("args = [true]", "args[0]", "must be a number or text in quotes, found true"),
        ("args = [0.5, 0.5]", "args", "takes 1 arguments (resonance), found 2"),
        ('address = "/preset"', "args", "trigger needs args here: /preset takes preset fade"),
        ('address = "/preset"\nargs = ["luna", 900]', "args", "fade must be 0..600 s, found 900"),
        ('address = "/participant/x/feeling"', "args", "takes 2 arguments (valence arousal)"),
        (
            'address = "/participant/x/generator"\nmode = "absolute"',
            "mode",
            "absolute needs a number to set, and /participant/{id}/generator takes generator",
        ),
        ("range = [0, 2]", "range", "must be within 0..1, found 0..2"),
        ("range = [0.8, 0.2]", "range", "the lower first (invert = true turns it round)"),
        ("range = [0.5, 0.5]", "range", "the lower first"),
        ("range = [0.5]", "range", "must be a list of at least 2, found [0.5]"),
        ("range = [0, 1, 2]", "range", "must be a list of at most 2"),
        ("range = [0, inf]", "range[1]", "must be a finite number, found inf"),
        ('address = "/tempo"\nrange = [0, 100]', "range", "must be within 20..240 BPM"),
        (
            'address = "/participant/x/ratio"\nargs = [2]\nrange = [1.5, 4]\nmode = "absolute"',
            "range",
            "must be whole numbers, found 1.5..4",
        ),
        ('curve = "log"', "curve", "log needs a range above 0, found 0"),
        ('curve = "cubic"', "curve", "must be 'linear', 'log', 'square', 'root' or 'ease'"),
        ('mode = "trigger"', "mode", "trigger needs args here: /resonance takes resonance"),
        ('mode = "press"', "mode", "must be 'absolute', 'toggle', 'momentary', 'trigger'"),
        ('address = "/go"\nmode = "absolute"', "mode", "does not fit what happens once"),
        ('address = "/go"\nmode = "toggle"', "mode", "does not fit what happens once"),
        ('address = "/freeze"\nmode = "relative"', "mode", "more than on and off"),
        ('control = "pitch"\nmode = "relative"', "mode", "is for encoders (cc, nrpn)"),
        ('control = "program"\naddress = "/freeze"\nmode = "momentary"', "mode", "let go"),
        ("threshold = 0.5", "threshold", "is only for mode toggle or momentary or trigger"),
        ('mode = "toggle"\nthreshold = 2', "threshold", "must be 0..1, found 2"),
        ("step = 0.1", "step", "is only for mode relative, found mode absolute"),
        ('encoding = "twos"', "encoding", "is only for mode relative"),
        ('mode = "relative"\nencoding = "ones"', "encoding", "must be 'twos', 'offset' or 'sign'"),
        ('mode = "relative"\nstep = 0', "step", "must be above 0, at most 1 of the travel"),
        ('mode = "relative"\ntakeover = "jump"', "takeover", "is only for mode absolute"),
        ('mode = "toggle"\ncurve = "ease"', "curve", "is only for mode absolute or relative"),
        ('address = "/go"\nrange = [0, 1]', "range", "is only for mode absolute or toggle"),
        ('takeover = "soft"', "takeover", "must be 'cross', 'jump' or 'scale', found 'soft'"),
        ('feedback = "motor"', "feedback", "must be 'none', 'value' or 'led', found 'motor'"),
        ('address = "/go"\nfeedback = "value"', "feedback", "does not fit mode trigger"),
        ('control = "pressure"\nfeedback = "led"', "feedback", "nothing to light or move"),
        ('feedback = "none"\nled = { on = 1 }', "led", "is only for feedback led"),
        ("led = { on = 128 }", "led.on", "must be 0..127, found 128"),
        ("led = { red = 1 }", "led.red", "allowed: on, off, blink, absent, channel"),
        ('light = "green"', "light", "no light 'green'. There are: none"),
        ('light = "green"\nled = { on = 1 }', "led", "must be alone, found also light 'green'"),
        ("invert = 1", "invert", "found 1"),
        ("speed = 1", "speed", "is an unknown key; allowed: control, channel, address"),
    ],
)
def test_a_mistake_is_told(change: str, key: str, says: str) -> None:
    """The second map is wrong, so the path counts to 1."""
    lines = {"control": 'control = "cc 1"', "address": 'address = "/resonance"'}
    for line in change.split("\n"):
        lines[line.split(" =")[0]] = line
    text = '[[map]]\ncontrol = "cc 9"\naddress = "/volume"\n[[map]]\n' + "\n".join(lines.values())
    assert says in message(text, f"map[1].{key}")


def test_every_mistake_of_a_file_is_told_at_once() -> None:
    """Three maps, three mistakes."""
    with pytest.raises(FileError) as caught:
        loaded('[[map]]\ncontrol = "cc"\naddress = "/volume"\n[[map]]\ncontrol = "cc 1"\n'
               'address = "/nowhere"\n[[map]]\ncontrol = "cc 2"\naddress = "/volume"\n'
               "range = [0, 9]")  # fmt: skip
    assert [p.key for p in caught.value.problems] == [
        "map[0].control", "map[1].address", "map[2].range",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("first", "second"),
    [
        ('control = "cc 1"', 'control = "cc 1"'),
        ('control = "cc 1"', 'control = "CC  1"'),
        ('control = "cc 1"\nchannel = 3', 'control = "cc 1"\nchannel = 3'),
        ('control = "cc 39"', 'control = "cc14 7"'),
        ('control = "cc14 7"', 'control = "cc 7"'),
        ('control = "pitch"', 'control = "pitch"'),
    ],
)
def test_two_maps_of_one_control_are_an_error_that_names_both(first: str, second: str) -> None:
    """Whatever they play."""
    text = f'[[map]]\n{first}\naddress = "/volume"\n[[map]]\n{second}\naddress = "/resonance"'
    said = message(text, "map[1].control")
    assert "which plays /resonance, is already" in said
    assert "of map[0], which plays /volume" in said


@pytest.mark.parametrize(
    ("first", "second"),
    [
        ('control = "cc 1"', 'control = "note 1"'),
        ('control = "cc 1"', 'control = "cc 1"\nchannel = 3'),
        ('control = "cc 1"\nchannel = 2', 'control = "cc 1"\nchannel = 3'),
        ('control = "cc14 7"', 'control = "cc 8"'),
        ('control = "program 1"', 'control = "program 2"'),
        ('control = "program"', 'control = "program 2"'),
    ],
)
def test_two_controls_are_two(first: str, second: str) -> None:
    """One channel, or one program, goes before any."""
    text = f'[[map]]\n{first}\naddress = "/go"\n[[map]]\n{second}\naddress = "/back"'
    assert len(loaded(text)) == 2


def fitted(text: str) -> Any:
    """One map with its defaults."""
    return loaded(f"[[map]]\n{text}")[0].fitted


def test_defaults_follow_the_parameters_nature() -> None:
    """A fader fades, a switch flips, a press presses."""
    cc = 'control = "cc 1"\naddress = '
    note = 'control = "note 1"\naddress = '
    assert fitted(cc + '"/resonance"').mode == "absolute"
    assert fitted(cc + '"/resonance"').takeover == "cross"
    assert fitted(cc + '"/resonance"').feedback == "none"
    assert fitted(cc + '"/resonance"\nfeedback = "value"').takeover == "jump"
    assert fitted(cc + '"/freeze"').mode == "toggle"
    assert fitted(cc + '"/freeze"').feedback == "led"
    assert fitted(cc + '"/participant/#1/pause"').mode == "toggle"
    assert fitted(cc + '"/go"').mode == "trigger"
    assert fitted(cc + '"/tempo"').curve == "log"
    assert fitted(cc + '"/tempo"\nargs = [120]').mode == "trigger"
    assert fitted(cc + '"/participant/x/input/depth"').high == 1.0
    assert fitted(note + '"/resonance"').mode == "toggle"
    assert fitted(note + '"/resonance"\nmode = "absolute"').takeover == "jump"
    assert fitted(note + '"/preset"\nargs = [2]\nled = { on = 3 }').feedback == "led"
    assert fitted('control = "program"\naddress = "/preset"').mode == "trigger"
    assert fitted('control = "program"\naddress = "/preset"').counts
    assert not fitted('control = "program"\naddress = "/go"').counts, "any program is a press"
    assert fitted(cc + '"/look/*"').high == 1.0, "what all of them allow"


@pytest.mark.parametrize(
    ("pattern", "count"),
    [
        ("/resonance", 1),
        ("/macro/[1-3]", 3),
        ("/macro/{1,22}", 1),
        ("/macro/?", 8),
        ("/macro/[!1-3]", 5),
        ("/participant/#12/solo", 1),
        ("/participant/*/{solo,mute}", 2),
        ("/participant/sim-*/voice/*", 2),
        ("/participant/*/input/{depth,width}", 1),
        ("/participant/ada/input/depth", 1),
        ("/participant/ada/{solo,mute}", 2),
        ("//glow", 3),  # of a look, of sympathy, and an input of that name
        ("//look/glow", 1),
        ("//voice/{solo,mute}", 4),  # of somebody called voice
        ("/part*/*/solo", 1),
        ("/macro/[!1", 0),
        ("/look/{g*,rim}", 0),
        ("/participant/##/{solo,mute}", 0),
    ],
)
def test_what_a_pattern_means(pattern: str, count: int) -> None:
    """Patterns are read against the table, whoever is here."""
    if count == 0:
        with pytest.raises(ControlError):
            parameters_of(pattern)
    else:
        assert len(parameters_of(pattern)) == count


@given(st.lists(st.sampled_from(PIECES), min_size=1, max_size=8))
def test_files_and_messages_read_patterns_alike(pieces: list[str]) -> None:
    """What a file takes plays, and what plays can be written into a file."""
    pattern = "/" + "".join(pieces)
    there = [p.address for p in TREE.parameters if "{" not in p.address]
    people = [p.address for p in TREE.parameters if "{" in p.address]
    concrete = {a.format(id="ada", name="bloom"): a for a in people}
    try:
        plays = {concrete.get(a, a) for a in Branches([*there, *concrete]).matching(pattern)}
    except ControlError:
        plays = set[str]()
    try:
        found = {p.address for p in parameters_of(pattern)}
    except ControlError:
        found = set[str]()
    assert plays <= found
    assert {a for a in found if "{" not in a} <= plays, "but for names that others may have"


@given(st.text("/*?[]{}!-,#abs\\^(|.1", max_size=24))
def test_no_pattern_does_anything_but_mean_or_not(pattern: str) -> None:
    """Whatever is written."""
    with contextlib.suppress(ControlError):
        assert parameters_of("/" + pattern)


def write(folder: Path, name: str, device: str, address: str = "/go") -> Path:
    """A small controller file."""
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / f"{name}.toml"
    path.write_text(f'title = "{folder.name}"\ndevice = [{device}]\n'
                    f'[[map]]\ncontrol = "note 1"\naddress = "{address}"\n')  # fmt: skip
    return path


def of_two(tmp_path: Path, own: str, shipped: str) -> Controllers:
    """The user's file and a shipped one."""
    write(tmp_path / "own", "one", own)
    write(tmp_path / "presets" / "controllers", "two", shipped)
    return load_controllers(folder=tmp_path / "own", data=tmp_path)


def test_of_two_files_for_one_device_the_nearer_wins_and_it_is_said(tmp_path: Path) -> None:
    """And a given one goes before both."""
    found = of_two(tmp_path, '"nanoKONTROL2"', '"NanoKontrol2"')
    assert found.of("x nanoKONTROL2 y").title == "own"
    (said,) = found.said
    assert "two.toml is not used for nanoKONTROL2: " in said
    assert said.endswith("one.toml is nearer")
    given_file = write(tmp_path / "given", "three", '"kontrol2"')
    found = load_controllers([str(given_file)], tmp_path / "own", tmp_path)
    assert found.of("x nanoKONTROL2 y").title == "given"


def test_the_longest_name_wins_among_equals(tmp_path: Path) -> None:
    """`APC mini mk2` is no `APC mini`; and a device that nobody knows has the fallback."""
    write(tmp_path / "presets" / "controllers", "a", '"APC mini"', "/go")
    write(tmp_path / "presets" / "controllers", "b", '"APC mini mk2"', "/back")
    found = load_controllers(folder=tmp_path / "own", data=tmp_path)
    assert [m.address for m in found.of("APC mini mk2 Control").maps] == ["/back"]
    assert [m.address for m in found.of("APC MINI MIDI 1").maps] == ["/go"]
    assert found.said == ()
    assert found.of("other").maps == ()
    write(tmp_path / "own", "any", "", "/tap")
    found = load_controllers(folder=tmp_path / "own", data=tmp_path)
    assert [m.address for m in found.of("other").maps] == ["/tap"]


def test_a_bad_file_of_a_folder_is_told_and_a_bad_given_one_refused(tmp_path: Path) -> None:
    """A night must not fail for a file that it may not need."""
    own = write(tmp_path / "own", "bad", '"x"', "/nowhere")
    write(tmp_path / "presets" / "controllers", "good", '"x"')
    found = load_controllers(folder=tmp_path / "own", data=tmp_path)
    assert [e.file for e in found.unused] == [own]
    assert found.of("x").title == "controllers"
    with pytest.raises(FileError, match="no such address"):
        load_controllers([own], tmp_path / "own", tmp_path)


def test_what_was_learnt_goes_before_the_file(tmp_path: Path) -> None:
    """Control by control, on its channel or on any."""
    shipped = write(tmp_path / "presets" / "controllers", "x", '"x"')
    shipped.write_text(shipped.read_text() + '[[map]]\ncontrol = "cc 2"\naddress = "/volume"\n')
    learnt = write(tmp_path / "own", "learnt-x", '"x"', "/back")
    learnt.write_text(learnt.read_text() + "channel = 2\n")
    found = load_controllers(folder=tmp_path / "own", data=tmp_path)
    assert [m.address for m in found.of("x").maps] == ["/back", "/volume"]
    assert found.said == ()


def test_presets_do_not_take_controllers_for_presets() -> None:
    """They lie in a folder of their own."""
    assert not {p.stem for p in SHIPPED} & {*names("preset"), *names("show")}


@pytest.mark.parametrize("path", SHIPPED, ids=lambda p: p.stem)
def test_a_shipped_file_plays_the_whole_instrument(path: Path) -> None:
    """Masters, macros, looks, cues, safety, presets and people are all under the hands."""
    controller = load_controller(path)
    there = {m.address for m in controller.map}
    assert there >= {
        "/resonance", "/individuality", "/coupling", "/brightness", "/volume", "/go", "/back",
        "/panic", "/blackout", "/tap", "/preset", "/freeze", "/phase/next", "/phase/hold",
        *(f"/macro/{n}" for n in range(1, 9)),
        *(f"/participant/#{n}/{what}" for n in range(1, 9) for what in ("solo", "mute")),
    }  # fmt: skip
    assert sum(a.startswith("/look/") for a in there) >= 3
    presets = [m.args for m in controller.map if m.address == "/preset"]
    assert presets == [()] or presets == [(n,) for n in range(1, 9)]
    assert "After " in path.read_text(), "where the numbers are from"


def test_a_device_that_nobody_knows_takes_no_cue_by_its_drums_and_is_sent_nothing() -> None:
    """It may be a drum machine that is there for its clock, or a bus that returns everything."""
    maps = next(load_controller(p) for p in SHIPPED if p.stem == "generic").map
    for one in maps:
        assert one.kind is not Kind.NOTE or one.channel == 16, one.control
        assert one.fitted.feedback == "none", one.control


def controls(name: str, kind: Kind) -> set[int]:
    """The numbers that a shipped file uses."""
    path = next(p for p in SHIPPED if p.stem == name)
    return {m.number for m in load_controller(path).map if m.kind is kind}


def test_the_numbers_are_the_devices_own() -> None:
    """As the makers' documents give them."""
    assert controls("akai-apc-mini", Kind.CC) == {*range(48, 57)}
    assert controls("akai-apc-mini", Kind.NOTE) == {*range(72), *range(82, 90)}
    assert controls("akai-apc-mini-mk2", Kind.CC) == {*range(48, 57)}
    assert controls("akai-apc-mini-mk2", Kind.NOTE) == {*range(64), *range(100, 108),
                                                        *range(112, 120)}  # fmt: skip
    assert controls("korg-nanokontrol2", Kind.NOTE) == set()
    assert controls("korg-nanokontrol2", Kind.CC) == {
        *range(8), *range(16, 24), *range(32, 40), *range(41, 47), *range(48, 56),
        *range(58, 63), *range(64, 72),
    }  # fmt: skip
    assert controls("novation-launch-control-xl", Kind.CC) == {
        *range(13, 21), *range(29, 37), *range(49, 57), *range(77, 85), *range(104, 108),
    }  # fmt: skip
    assert controls("novation-launch-control-xl", Kind.NOTE) == {
        *range(41, 45), *range(57, 61), *range(73, 77), *range(89, 93), *range(105, 109),
    }  # fmt: skip


def test_every_fader_and_switch_can_be_mapped() -> None:
    """From the table alone."""
    for parameter in TREE.parameters:
        if parameter.nature in (Nature.FADER, Nature.SWITCH):
            for control in ("cc 1", "note 1", "pitch", "nrpn 300"):
                assert fitted(f'control = "{control}"\naddress = "{parameter.address}"')


TEXTS = [p.read_text("utf-8") for p in SHIPPED]
WORDS = ["cc 1", "cc14 1", "nan", "-inf", "1e400", "[]", "{}", '"', "true", "0x" + "f" * 400,
         "\x00", "/participant/*/input/{a,b}", "relative", "led", "mode = 'trigger'",
         "range = [1, 0]", "[[map]]", "args = [[1]]", "#3", "\u2028", "channel = 99"]  # fmt: skip


@st.composite
def mutated(draw: st.DrawFn) -> str:
    """A shipped file with some pieces cut, doubled or replaced."""
    pieces = re.split(r"([\s=\",\[\]{}]+)", draw(st.sampled_from(TEXTS)))
    for _ in range(draw(st.integers(1, 6))):
        i = draw(st.integers(0, len(pieces) - 1))
        pieces[i] = draw(st.one_of(st.sampled_from(WORDS), st.text(max_size=6),
                                   st.sampled_from(pieces), st.just("")))  # fmt: skip
    return "".join(pieces)


@settings(max_examples=120, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(text=mutated())
def test_a_mutated_file_loads_or_is_a_file_error(tmp_path: Path, text: str) -> None:
    """Never anything else."""
    path = tmp_path / "x.toml"
    path.write_bytes(text.encode("utf-8", "surrogatepass"))
    with contextlib.suppress(FileError):
        assert load_controller(path).title


VALUES = st.recursive(
    st.one_of(st.booleans(), st.integers(), st.floats(), st.text(max_size=8),
              st.sampled_from(["cc 1", "note 4", "/go", "/tempo", "/participant/#1/solo", "log",
                               "relative", "toggle", "led", "value"])),
    lambda inner: st.one_of(st.lists(inner, max_size=3),
                            st.dictionaries(st.text(max_size=6), inner, max_size=3)),
    max_leaves=6,
)  # fmt: skip
KEYS = sorted(Map.model_fields)


@settings(max_examples=200)
@given(st.dictionaries(st.sampled_from(KEYS), VALUES, max_size=8))
def test_no_row_does_anything_but_load_or_fail(row: dict[str, Any]) -> None:
    """Any value at any key."""
    good = {"control": "cc 1", "address": "/resonance"}
    problems: list[Problem] = []
    try:
        load_controller(HERE, {"title": "x", "map": [good | row]})
    except FileError as error:
        problems = error.problems
    assert all(p.message and (p.key or "").startswith("map[0]") for p in problems)


@pytest.mark.parametrize("path", [p for p in SHIPPED if p.stem != "generic"], ids=lambda p: p.stem)
def test_the_present_preset_is_seen_on_every_device(path: Path) -> None:
    """Its light is another one than that of the presets that are not."""
    rows = [m for m in Layout(Loaded(path, load_controller(path), "shipped"), None).maps
            if m.address == "/preset"]  # fmt: skip
    assert len(rows) == 8
    for one in rows:
        assert one.fitted.feedback == "led"
        assert one.led is not None
        assert one.led.on != one.led.off
