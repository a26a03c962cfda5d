"""Presets: every mistake has its message, nothing else ever comes out, saving spoils nothing."""

import math
import string
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from performer.errors import FileError
from performer.parameters import TREE
from performer.show.files import data_folder, names, read_model
from performer.show.modulating import Modulation
from performer.show.presets import Preset, load_preset, save_preset
from performer.show.problems import FADERS

LUNA = (data_folder() / "presets" / "luna.toml").read_text("utf-8")
SMALL = 'title = "Small"\ngenerators = ["moon"]\n'
HERE = Path("x.toml")


def message(path: Path, text: str, key: str) -> str:
    """What is said about `key` when the preset `text` is loaded."""
    path.write_text(text)
    with pytest.raises(FileError) as caught:
        load_preset(path)
    said = {p.key: p.message for p in caught.value.problems}
    assert list(said) == [key]
    assert caught.value.file == path
    return said[key]


@pytest.mark.parametrize(
    ("lines", "key", "says"),
    [
        ("notes = 3", "notes", "must be text in quotes, found 3"),
        ("note = 'x'", "note", "is an unknown key, did you mean notes?; allowed: title, notes"),
        ("[values]\n'/look/drift' = 3", 'values."/look/drift"', "must be 0..1, found 3"),
        ("[values]\n'/look/drift' = nan", 'values."/look/drift"', "must be finite, found nan"),
        ("[values]\n'/look/drift' = -inf", 'values."/look/drift"', "must be finite, found -inf"),
        ("[values]\n'/tempo' = 1e400", 'values."/tempo"', "must be finite, found inf"),
        ("[values]\n'/tempo' = 10", 'values."/tempo"', "must be 20..240 BPM, found 10"),
        ("[values]\n'/look/rim' = true", 'values."/look/rim"', "must be 0..1, found true"),
        ("[values]\n'/look/rim' = '1'", 'values."/look/rim"', "must be a number, found '1'"),
        ("[values]\n'/look/rum' = 1", 'values."/look/rum"', "did you mean /look/rim?"),
        ("[values]\n'/freeze' = 1", 'values."/freeze"', "is not a fader"),
        ("[values]\nrim = 0x" + "f" * 9000, "values.rim", "no such address"),
        ("[values]\n'/tempo' = 0x" + "f" * 9000, 'values."/tempo"', "found a very large int"),
        ("values = 3", "values", "must be a table of addresses and numbers, found 3"),
        ("modulation = 3", "modulation", "must be a list, found 3"),
        ("modulation = [3]", "modulation[0]", "must be a table, found 3"),
        ("modulation = [{}]", "modulation[0].target", "is missing and must be given"),
    ],
)
def test_a_mistake_is_told(tmp_path: Path, lines: str, key: str, says: str) -> None:
    """Key path, what was found, what is allowed."""
    path = tmp_path / "x.toml"
    if lines == "modulation = [{}]":
        lines = "modulation = [{amount = 0, rate = 0}]"
    assert says in message(path, SMALL + lines, key)


@pytest.mark.parametrize(
    ("change", "tail", "says"),
    [
        ({"target": "/freeze"}, ".target", "must be the address of a fader, found '/freeze'"),
        ({"target": "/look/glo"}, ".target", "did you mean /look/glow?"),
        ({"wave": "sin"}, ".wave", "must be 'sine', 'triangle', 'saw', 'square', 'walk' or 'hold'"),
        ({"rate": 0.6}, ".rate", "must be 0..0.5 Hz, found 0.6"),
        ({"rate": None, "beats": 0}, ".beats", "must be 0.25..256 beats, found 0"),
        ({"beats": 4}, "", "must have exactly one of rate (Hz) and beats, found both"),
        ({"rate": None}, "", "must have exactly one of rate (Hz) and beats, found neither"),
        ({"amount": -1.5}, ".amount", "must be -1..1, found -1.5"),
        ({"phase": "half"}, ".phase", "must be a number, found 'half'"),
        ({"fase": 0.5}, ".fase", "did you mean phase?; allowed: target, wave, rate, beats"),
    ],
)
def test_a_mistake_in_modulation_is_told(change: dict[str, Any], tail: str, says: str) -> None:
    """The second LFO is wrong, so the path counts to 1."""
    good = {"target": "/look/glow", "rate": 0.1, "amount": 0.2}
    bad = {k: v for k, v in (good | change).items() if v is not None}
    data = {"title": "t", "generators": ["moon"], "modulation": [good, bad]}
    with pytest.raises(FileError) as caught:
        read_model(Preset, HERE, data)
    (problem,) = caught.value.problems
    assert problem.key == f"modulation[1]{tail}"
    assert says in problem.message


def test_all_mistakes_are_told_at_once() -> None:
    """Nobody has to start Performer five times to find five mistakes."""
    nothing: list[str] = []
    data = {"title": 1, "generators": nothing, "values": {"/a": 1, "/tempo": 0}, "colour": "blue"}
    with pytest.raises(FileError) as caught:
        read_model(Preset, HERE, data)
    keys = [p.key for p in caught.value.problems]
    assert keys == ["title", "generators", 'values."/a"', 'values."/tempo"', "colour"]


def test_a_flood_of_mistakes_is_cut() -> None:
    """50 are listed, the rest is counted."""
    values = {f"/nothing/{i}": i for i in range(200)}
    with pytest.raises(FileError) as caught:
        read_model(Preset, HERE, {"title": "t", "generators": ["moon"], "values": values})
    assert len(caught.value.problems) == 51
    assert caught.value.problems[-1].message == "and 150 more problems"


def test_the_limits_themselves_are_allowed() -> None:
    """Ranges include their ends."""
    lfo = {"target": "/tempo", "rate": 0.5, "amount": -1, "phase": 1}
    synced = {"target": "/tempo", "beats": 256, "amount": 1, "phase": 0, "wave": "hold"}
    data = {
        "title": "t",
        "generators": ["moon"] * 24,
        "values": {a: TREE.literal[a].args[0].high for a in FADERS},
        "modulation": [lfo, synced],
    }
    preset = read_model(Preset, HERE, data)
    assert preset.name == "x"
    assert preset.modulation[1].beats == 256
    with pytest.raises(FileError, match="must be a list of at most 24"):
        read_model(Preset, HERE, data | {"generators": ["moon"] * 25})


def test_bundled_presets_load() -> None:
    """Every preset we ship, with its name; every dream is in some of them."""
    dealt: set[str] = set()
    for path in (data_folder() / "presets").glob("*.toml"):
        preset = load_preset(path)
        assert preset.name == path.stem
        dealt |= set(preset.generators)
    assert dealt == set(names("generator"))


# ---- whatever the file holds, only FileError comes out ------------------------------------------


def loads_or_is_refused(path: Path, data: bytes) -> None:
    """A Preset or a FileError whose message can be printed."""
    path.write_bytes(data)
    told = ""
    try:
        load_preset(path)
    except FileError as error:
        told = str(error)
    assert told == "" or told.startswith(str(path))
    assert told.encode().count(b"\n") <= 50


fuzz = settings(
    max_examples=300, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)


@fuzz
@given(data=st.binary(max_size=400))
def test_arbitrary_bytes(tmp_path: Path, data: bytes) -> None:
    """Binary garbage of any kind."""
    loads_or_is_refused(tmp_path / "x.toml", data)


TOKENS = st.sampled_from(
    [
        "nan", "-inf", "1e999", "0x" + "f" * 5000, "9" * 5000, "[" * 200, "{}", "[]", '"', "'" * 3,
        "[values]", "[[values]]", "[[modulation]]", "title", "=", "1979-05-27", "true", "\\uD800",
        "a.b.c = 1\n", "# \x7f", "\x00", "\ufeff", "\r", "generators = 3\n", "'/tempo' = {}\n",
    ]
)  # fmt: skip


@fuzz
@given(
    cuts=st.lists(
        st.tuples(st.integers(0, len(LUNA)), st.integers(0, 12), TOKENS | st.text(max_size=5)),
        min_size=1,
        max_size=4,
    )
)
def test_mutated_valid_toml(tmp_path: Path, cuts: list[tuple[int, int, str]]) -> None:
    """A good preset with pieces cut out and others put in."""
    text = LUNA
    for start, length, piece in cuts:
        text = text[:start] + piece + text[start + length :]
    loads_or_is_refused(tmp_path / "x.toml", text.encode("utf-8", "surrogatepass"))


FIELDS = [*Preset.model_fields, *Modulation.model_fields]
KEYS = st.sampled_from([*FIELDS, *FADERS]) | st.text(max_size=8)
LEAVES = (
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8)
    | st.dates() | st.just(10**400)
)  # fmt: skip
TREES = st.recursive(
    LEAVES, lambda t: st.lists(t, max_size=4) | st.dictionaries(KEYS, t, max_size=6), max_leaves=20
)
ROOTS = st.dictionaries(KEYS, TREES) | st.fixed_dictionaries(
    {"title": st.just("t"), "generators": TREES, "values": TREES, "modulation": st.lists(TREES)}
)


@fuzz
@given(data=ROOTS)
def test_any_tables(data: dict[str, Any]) -> None:
    """Every kind of value at every key."""
    try:
        preset = read_model(Preset, HERE, data)
    except FileError:
        return
    assert set(preset.values) <= set(FADERS)
    assert all(math.isfinite(v) for v in preset.values.values())


# ---- saving -------------------------------------------------------------------------------------


def test_saving_nothing_new_changes_no_byte(tmp_path: Path) -> None:
    """Equal numbers are left as the author wrote them, `0.30` and all."""
    path = tmp_path / "luna.toml"
    path.write_text(LUNA, "utf-8")
    preset = load_preset(path)
    saved = save_preset(path, preset.values, modulation=preset.modulation, title=preset.title)
    assert path.read_text("utf-8") == LUNA
    assert saved == preset


def test_saving_touches_only_what_changed(tmp_path: Path) -> None:
    """One line changes and keeps its comment; a new address is one new line."""
    path = tmp_path / "luna.toml"
    path.write_text(LUNA, "utf-8")
    save_preset(path, {"/tempo": 61.00001, "/look/rim": 0.300000001, "/dissolve": 0.1})
    old, new = LUNA.splitlines(), path.read_text("utf-8").splitlines()
    assert [line for line in old if line not in new] == [
        '"/tempo" = 48.0            # BPM; only synced modulation follows it'
    ]
    assert [line for line in new if line not in old] == [
        '"/tempo" = 61.0            # BPM; only synced modulation follows it',
        '"/dissolve" = 0.1',
    ]
    assert (tmp_path / "luna.toml~").read_text("utf-8") == LUNA


def test_saving_a_heading_keeps_its_place(tmp_path: Path) -> None:
    """Title, notes and generators change where they stand."""
    path = tmp_path / "x.toml"
    path.write_text('# mine\ntitle = "A" # first\ngenerators = ["moon"]\n\n[values] # later\n')
    save_preset(path, {}, title="B", notes='"x"\ny', generators=["ink", "moon"])
    lines = path.read_text().splitlines()
    assert lines[:3] == ["# mine", 'title = "B" # first', 'generators = ["ink", "moon"]']
    assert lines[-1] == "[values] # later"
    assert load_preset(path).notes == '"x"\ny'


@pytest.mark.parametrize(
    "text",
    [
        None,
        SMALL,
        SMALL + 'values = {"/tempo" = 60} # short\n',
        SMALL + 'values."/tempo" = 60\nvalues."/look/rim" = 0.5\n',
        SMALL + "[[modulation]]\ntarget = '/tempo'\nbeats = 3\namount = 0\n",
        SMALL + "modulation = [{target = '/tempo', beats = 3, amount = 0}]\n",
        SMALL.replace("\n", "\r\n") + "[values]\r\n'/tempo' = 60\r\n",
    ],
)
def test_saving_into_every_way_to_write_it(tmp_path: Path, text: str | None) -> None:
    """Inline tables, dotted keys, Windows lines, no file at all: it loads as it was meant."""
    path = tmp_path / "x.toml"
    if text is not None:
        path.write_bytes(text.encode())
    rim = Modulation(target="/look/rim", rate=0.1, amount=0.2)
    lfos = (rim, Modulation(target="/tempo", beats=2, amount=0))
    values = {"/tempo": 99.5, "/look/warp": 0.25}
    save_preset(path, values, modulation=lfos, generators=["moon"])
    preset = load_preset(path)
    assert preset.values | values == preset.values
    assert preset.modulation == lfos
    assert preset.title == ("Small" if text else "x")


def test_modulation_can_be_taken_away(tmp_path: Path) -> None:
    """An empty list is not the same as None."""
    path = tmp_path / "luna.toml"
    path.write_text(LUNA, "utf-8")
    assert save_preset(path, {}).modulation
    assert save_preset(path, {}, modulation=[]).modulation == ()
    assert load_preset(path).modulation == ()


values_of_faders = st.fixed_dictionaries(
    {},
    optional={
        p.address: st.floats(p.args[0].low, p.args[0].high)
        for p in TREE.continuous
        if p.address in FADERS
    },
)


@fuzz
@given(values=values_of_faders, title=st.none() | st.text(string.printable, min_size=1))
def test_whatever_is_saved_loads(tmp_path: Path, values: dict[str, float], title: str) -> None:
    """To four decimals, over whatever was saved there before."""
    path = tmp_path / "x.toml"
    if not path.exists():
        path.write_text(LUNA, "utf-8")
    save_preset(path, values, title=title)
    preset = load_preset(path)
    assert {a: preset.values[a] for a in values} == pytest.approx(values, abs=1e-4)
    assert title is None or preset.title == title
    assert path.read_text("utf-8").startswith("# Luna: slow and nocturnal.")


@pytest.mark.parametrize(
    "values", [{"/freeze": 1}, {"/tempo": 3}, {"/nothing": 0}, {"/tempo": 1e400}]
)
def test_what_would_not_load_is_not_written(tmp_path: Path, values: dict[str, float]) -> None:
    """The old file stays, byte for byte."""
    path = tmp_path / "luna.toml"
    path.write_text(LUNA, "utf-8")
    with pytest.raises(FileError):
        save_preset(path, values)
    assert path.read_text("utf-8") == LUNA
    assert list(tmp_path.iterdir()) == [path]


def test_a_broken_file_is_not_saved_over(tmp_path: Path) -> None:
    """Somebody is in the middle of writing it."""
    path = tmp_path / "x.toml"
    path.write_text("title = \n")
    with pytest.raises(FileError, match=r"x\.toml:1: is not valid TOML"):
        save_preset(path, {"/tempo": 60})
    assert path.read_text() == "title = \n"
