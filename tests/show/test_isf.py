"""ISF headers: what is read, what is refused and where, and that line numbers are the author's."""

import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from performer.errors import FileError, Problem
from performer.show.files import data_folder
from performer.show.inputs import COLOURS, FEELING
from performer.show.isf import Generator, load_generators, parse_header

HERE = Path("layers/mist.fs")
NOTHING: dict[str, Any] = {}


def parsed(*inputs: object, **header: object) -> Generator:
    """A generator with these inputs and other keys in its header."""
    return parse_header("/*" + json.dumps({"INPUTS": inputs} | header) + "*/\n", HERE)


def refused(*inputs: object, **header: object) -> Problem:
    """The one problem of such a generator."""
    with pytest.raises(FileError) as caught:
        parsed(*inputs, **header)
    (problem,) = caught.value.problems
    return problem


def floats(count: int) -> list[dict[str, object]]:
    """So many float inputs."""
    return [{"NAME": f"n{i}", "TYPE": "float"} for i in range(count)]


def test_bundled_generators_load() -> None:
    """Each is filled from the person, fits, and its body is where it says in the file."""
    good, bad = load_generators(data_folder() / "shaders" / "layers")
    assert bad == []
    assert {"moon", "ink", "aurora"} <= set(good)
    for name, generator in good.items():
        assert generator.name == name
        assert {"energy", "ground"} <= {i.name for i in generator.inputs}
        lines = generator.path.read_text("utf-8").splitlines()
        first, second, *_ = generator.body.splitlines()
        assert lines[generator.body_line - 1] == first
        assert lines[generator.body_line] == second
        assert "*/" in lines[generator.body_line - 2]


@pytest.mark.parametrize(
    ("text", "line", "body"),
    [
        ("/*{}*/\nvoid", 2, "void"),
        ("/*{}*/void", 1, "void"),
        ("/*{\n}\n*/ \t\n\nvoid", 4, "\nvoid"),
        ("\n// who\n\n/*\n{ }\n*/\nvoid\n", 7, "void\n"),
        ("/*{\r\n}*/\r\nvoid\r\nmain", 3, "void\nmain"),
        ("/*{}*/", 1, ""),
        ("/*{}*/ /* more */\nvoid", 1, "/* more */\nvoid"),
    ],
)
def test_the_body_begins_at_its_line(text: str, line: int, body: str) -> None:
    """Counted from 1 in the author's file, whatever comes before and however lines end."""
    generator = parse_header(text, HERE)
    assert (generator.body_line, generator.body) == (line, body)


@pytest.mark.parametrize(
    ("text", "line", "says"),
    [
        ("", 1, "must begin with an ISF header"),
        ("void main() {}", 1, "must begin with an ISF header"),
        ("void main() {}\n/*{}*/", 1, "must begin with an ISF header"),
        ("/* hello */\n/*{}*/", 1, "must begin with an ISF header"),
        ("\n\n/*{\n", 3, "never closed"),
        ("/*{\n  'A': 1\n}*/", 2, "not valid JSON: Expecting property name"),
        ('//\n/*\n{\n"A": 1\n"B": 2}*/', 5, "not valid JSON: Expecting ',' delimiter"),
        ('/*{\n"A": [1,\n],\n}*/', 3, "not valid JSON"),
        ('/*{"A": 1} {}*/', 1, "not valid JSON: Extra data"),
        ('/*{"A": ' + "9" * 5000 + "}*/", 1, "not valid JSON: Exceeds the limit"),
        ('/*{"A": ' + "[" * 100000, 1, "never closed"),
        ('/*{"A": ' + "[" * 100000 + "*/", 1, "not valid JSON"),
    ],
)
def test_a_header_that_is_none_names_its_line(text: str, line: int, says: str) -> None:
    """The line in the author's file, not in the JSON."""
    with pytest.raises(FileError) as caught:
        parse_header(text, HERE)
    (problem,) = caught.value.problems
    assert says in problem.message
    assert problem.line == line
    assert str(caught.value).startswith(f"layers/mist.fs:{line}: ")


def test_words_and_inputs_are_read() -> None:
    """Every kind, with what is not written filled in."""
    generator = parsed(
        {"NAME": "energy", "TYPE": "float", "DEFAULT": 0.4, "LABEL": "Energy"},
        {"NAME": "tone", "TYPE": "color", "DEFAULT": [0.1, 0.2, 0.3]},
        {"NAME": "far", "TYPE": "float", "MIN": -2, "MAX": 8, "DEFAULT": 3},
        {"NAME": "wide", "TYPE": "float", "DEFAULT": 5},
        {"NAME": "high", "TYPE": "float", "MIN": 2},
        {"NAME": "on", "TYPE": "bool", "DEFAULT": True},
        {"NAME": "hit", "TYPE": "event"},
        {"NAME": "kind", "TYPE": "long", "VALUES": [0, 3, 1], "DEFAULT": 1},
        {"NAME": "at", "TYPE": "point2D", "DEFAULT": [0.5, -1]},
        DESCRIPTION="d", CREDIT="c", CATEGORIES=["a", "b"], PASSES=[NOTHING], IMPORTED={}, VSN="7",
    )  # fmt: skip
    assert (generator.name, generator.path, generator.passes) == ("mist", HERE, 1)
    assert (generator.description, generator.credit) == ("d", "c")
    assert generator.categories == ("a", "b")
    ranges = {i.name: (i.default, i.low, i.high) for i in generator.inputs}
    assert ranges == {
        "energy": ((0.4,), (0,), (1,)),
        "tone": ((0.1, 0.2, 0.3, 1.0), (0,) * 4, (1,) * 4),
        "far": ((3,), (-2,), (8,)),
        "wide": ((5,), (0,), (5,)),
        "high": ((2,), (2,), (2,)),
        "on": ((1,), (0,), (1,)),
        "hit": ((0,), (0,), (1,)),
        "kind": ((1,), (0,), (3,)),
        "at": ((0.5, -1), (0, -1), (1, 1)),
    }
    assert generator.inputs[0].label == "Energy"
    assert generator.inputs[2].label == "far"


def test_own_inputs_have_places() -> None:
    """What is filled from the person takes none; the others stand side by side."""
    person = [{"NAME": n, "TYPE": "float"} for n in FEELING]
    person += [{"NAME": n, "TYPE": "color"} for n in COLOURS]
    generator = parsed(
        {"NAME": "a", "TYPE": "float"}, *person, {"NAME": "b", "TYPE": "color"},
        {"NAME": "c", "TYPE": "point2D"}, *floats(9),
    )  # fmt: skip
    assert [i.name for i in generator.own[:3]] == ["a", "b", "c"]
    assert generator.slots["a"] == slice(0, 1)
    assert generator.slots["b"] == slice(1, 5)
    assert generator.slots["c"] == slice(5, 7)
    assert generator.slots["n8"] == slice(15, 16)
    assert "energy" not in generator.slots


FLOAT: dict[str, Any] = {"NAME": "a", "TYPE": "float"}


@pytest.mark.parametrize(
    ("change", "tail", "says"),
    [
        ({"NAME": None}, ".NAME", "is missing"),
        ({"NAME": "2d"}, ".NAME", "must be letters, digits and _"),
        ({"NAME": "a b"}, ".NAME", "found 'a b'"),
        ({"NAME": "ü"}, ".NAME", "found 'ü'"),
        ({"NAME": 3}, ".NAME", "found 3"),
        ({"NAME": "x" * 60}, ".NAME", "must be letters"),
        ({"NAME": "first"}, ".NAME", "first is declared twice"),
        ({"NAME": "TIME"}, ".NAME", "TIME is a name of GLSL's or ISF's own"),
        ({"NAME": "gl_x"}, ".NAME", "GLSL's"),
        (
            {"NAME": "energy", "TYPE": "color"},
            ".TYPE",
            "filled from the person and must be a float",
        ),
        ({"NAME": "ground"}, ".TYPE", "filled from the person and must be a color, found 'float'"),
        ({"TYPE": None}, ".TYPE", "is missing"),
        ({"TYPE": "flaot"}, ".TYPE", "point2D, color, found 'flaot', did you mean float?"),
        ({"TYPE": ["float"]}, ".TYPE", "must be one of event, bool"),
        ({"TYPE": "image"}, ".TYPE", "image is a texture, which this host cannot give"),
        ({"TYPE": "audio"}, ".TYPE", "cannot give a generator yet"),
        ({"TYPE": "audioFFT"}, ".TYPE", "cannot give a generator yet"),
        ({"MIN": 2, "MAX": 1}, ".MIN", "must not be above MAX, found 2 above 1"),
        ({"DEFAULT": 2, "MAX": 1}, ".DEFAULT", "must be 0..1, found 2"),
        ({"DEFAULT": -1, "MIN": 0}, ".DEFAULT", "must be 0..1, found -1"),
        ({"DEFAULT": "x"}, ".DEFAULT", "must be a number, found 'x'"),
        ({"DEFAULT": [1]}, ".DEFAULT", "must be a number, found [1]"),
        ({"DEFAULT": float("nan")}, ".DEFAULT", "must be a number, found nan"),
        ({"DEFAULT": float("inf")}, ".DEFAULT", "must be a number, found inf"),
        ({"MAX": 10**400}, ".MAX", "must be a number, found 1000"),
        ({"TYPE": "color", "DEFAULT": [1, 1]}, ".DEFAULT", "must be a list of 4 numbers"),
        ({"TYPE": "color", "DEFAULT": [1, 1, 2, 1]}, ".DEFAULT", "must be [0, 0, 0, 0]..[1, 1, 1"),
        ({"TYPE": "point2D", "MIN": 0}, ".MIN", "must be a list of 2 numbers, found 0"),
        ({"TYPE": "bool", "DEFAULT": 2}, ".DEFAULT", "must be 0..1, found 2"),
        ({"TYPE": "long", "VALUES": []}, ".VALUES", "must be a list of whole numbers, found []"),
        ({"TYPE": "long", "VALUES": [0.5]}, ".VALUES", "must be a list of whole numbers"),
        ({"TYPE": "long", "VALUES": [1, 2], "DEFAULT": 3}, ".DEFAULT", "must be 1..2, found 3"),
    ],
)
def test_a_bad_input_is_told(change: dict[str, Any], tail: str, says: str) -> None:
    """With a key path that counts from 0, as JSON does."""
    bad = {k: v for k, v in (FLOAT | change).items() if v is not None}
    problem = refused({"NAME": "first", "TYPE": "float"}, bad)
    assert problem.key == f"INPUTS[1]{tail}"
    assert says in problem.message


@pytest.mark.parametrize(
    ("header", "key", "says"),
    [
        (
            {"PASSES": [NOTHING, NOTHING]},
            "PASSES",
            "has 2 passes; this host cannot run more than one yet",
        ),
        ({"PASSES": [{"TARGET": "b"}]}, "PASSES[0]", "asks for a buffer of its own"),
        ({"PASSES": 2}, "PASSES", "must be a list, found 2"),
        ({"IMPORTED": {"a": {"PATH": "a.png"}}}, "IMPORTED", "needs images of its own"),
        ({"PERSISTENT_BUFFERS": ["b"]}, "PERSISTENT_BUFFERS", "needs images of its own"),
        ({"INPUTS": {"a": 1}}, "INPUTS", "must be a list, found {'a': 1}"),
        ({"INPUTS": [3]}, "INPUTS[0]", "must be an object, found 3"),
        ({"INPUTS": floats(17)}, "INPUTS", "take 17 floats besides a person's; the most is 16"),
        ({"DESCRIPTION": 3}, "DESCRIPTION", "must be text, found 3"),
        ({"CATEGORIES": "x"}, "CATEGORIES", "must be a list, found 'x'"),
    ],
)
def test_what_this_host_cannot_run_is_told(header: dict[str, Any], key: str, says: str) -> None:
    """In clear words, at its key."""
    problem = refused(**header)
    assert problem.key == key
    assert says in problem.message


def test_all_problems_of_a_header_are_told_at_once() -> None:
    """Inputs, passes and words together."""
    with pytest.raises(FileError) as caught:
        parsed({"NAME": "1"}, FLOAT | {"MIN": "x", "MAX": "y"}, PASSES=[NOTHING] * 2, CREDIT=1)
    keys = [p.key for p in caught.value.problems]
    assert keys == [
        "CREDIT", "INPUTS[0].NAME", "INPUTS[0].TYPE", "INPUTS[1].MIN", "INPUTS[1].MAX", "PASSES",
    ]  # fmt: skip


def test_a_folder_gives_the_good_and_tells_the_bad(tmp_path: Path) -> None:
    """One broken file takes nothing from the others."""
    (tmp_path / "good.fs").write_text("/*{}*/\nvoid")
    (tmp_path / "bad.fs").write_text("void")
    (tmp_path / "binary.fs").write_bytes(b"/*{}*/\n\xff")
    (tmp_path / "own.fs").write_text("/*{}*/\n")
    (tmp_path / "own.vs").write_text("")
    (tmp_path / "notes.txt").write_text("")
    good, bad = load_generators(tmp_path)
    assert list(good) == ["good"]
    assert [(e.file.name, e.problems[0].line) for e in bad] == [
        ("bad.fs", 1), ("binary.fs", 2), ("own.fs", None),
    ]  # fmt: skip
    assert load_generators(tmp_path / "none") == ({}, [])


WORDS = st.sampled_from(
    ["NAME", "TYPE", "DEFAULT", "MIN", "MAX", "VALUES", "LABEL", "INPUTS", "PASSES", "IMPORTED"]
)
SMALL = st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=4) | (
    st.sampled_from(["energy", "float", "color", "point2D", "long", "bool", "event", "image"])
)  # fmt: skip
JSON = st.recursive(
    SMALL, lambda j: st.lists(j, max_size=5) | st.dictionaries(WORDS, j, max_size=6), max_leaves=25
)
INPUT = st.fixed_dictionaries(
    {"NAME": st.sampled_from(["a", "b", "tone"]), "TYPE": SMALL},
    optional={"DEFAULT": JSON, "MIN": JSON, "MAX": JSON, "VALUES": JSON, "LABEL": JSON},
)


@settings(max_examples=400, deadline=None)
@given(header=st.dictionaries(WORDS, JSON) | st.fixed_dictionaries({"INPUTS": st.lists(INPUT)}))
def test_any_json_is_read_or_refused(header: dict[str, Any]) -> None:
    """Only FileError comes out; what is read keeps its promises."""
    text = "/*" + json.dumps(header).replace("*/", "") + "*/"
    try:
        generator = parse_header(text, HERE)
    except FileError:
        return
    for one in generator.inputs:
        for low, start, high in zip(one.low, one.default, one.high, strict=True):
            assert low <= start <= high
        assert len(one.default) == one.floats


@settings(max_examples=300, deadline=None)
@given(text=st.text(max_size=60) | st.text("/*{}[]\":,1\n \\'", max_size=60))
def test_any_text_is_read_or_refused(text: str) -> None:
    """A body, if there is one, is the end of the text at its line."""
    try:
        generator = parse_header(text, HERE)
    except FileError:
        return
    plain = text.replace("\r\n", "\n").replace("\r", "\n")
    assert plain.endswith(generator.body)
    assert plain.count("\n") - generator.body.count("\n") + 1 == generator.body_line
