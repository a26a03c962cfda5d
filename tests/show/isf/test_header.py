"""ISF headers: what is read, what is refused and where, and that line numbers are the author's.

What has one clear meaning is read as that; what has none is refused with its line or its key.
"""

import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from performer.errors import FileError, Problem
from performer.frame import INPUTS
from performer.show.files import data_folder
from performer.show.isf import Input, Shader, load_shader, load_shaders, parse_header
from performer.show.isf.inputs import COLOURS, FEELING, LARGEST, MOST_INPUTS
from performer.show.isf.passes import MOST_PASSES
from performer.show.isf.reading import MOST_TEXT

HERE = Path("layers/mist.fs")
NOTHING: dict[str, Any] = {}
FLOAT: dict[str, Any] = {"NAME": "a", "TYPE": "float"}


def parsed(*inputs: object, **header: object) -> Shader:
    """A shader with these inputs and other keys in its header."""
    return parse_header("/*" + json.dumps({"INPUTS": inputs} | header) + "*/\n", HERE)


def one(**entry: object) -> Input:
    """The input that such an entry becomes, a float called `a` if it does not say otherwise."""
    (found,) = parsed({"NAME": "a", "TYPE": "float"} | entry).inputs
    return found


def refused(*inputs: object, **header: object) -> Problem:
    """The one problem of such a shader."""
    with pytest.raises(FileError) as caught:
        parsed(*inputs, **header)
    (problem,) = caught.value.problems
    return problem


def floats(count: int) -> list[dict[str, object]]:
    """So many float inputs."""
    return [{"NAME": f"n{i}", "TYPE": "float"} for i in range(count)]


def test_bundled_generators_load() -> None:
    """Each is filled from the person, fits, and its body is where it says in the file."""
    good, bad = load_shaders(data_folder() / "shaders" / "layers")
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
        ("/* hello */\n/*{}*/", 2, ""),
        ("/* a licence\n{ in braces } */\n// who\n/* and */ /*{}*/\nvoid", 5, "void"),
        ("/*{}*/\n/*{}*/\nvoid", 2, "/*{}*/\nvoid"),
        ("\ufeff/*{}*/\nvoid", 2, "void"),
        ("/*{}*/\rvoid\rmain", 2, "void\nmain"),
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
        ("/* hello */\n", 1, "must begin with an ISF header"),
        ("/* hello */ void\n/*{}*/", 1, "must begin with an ISF header"),
        ("/* hello", 1, "must begin with an ISF header"),
        ("\n\n/*{\n", 3, "never closed"),
        ("/*{\n  'A': 1\n}*/", 2, "not valid JSON: Expecting property name"),
        ('//\n/*\n{\n"A": 1\n"B": 2}*/', 5, "not valid JSON: Expecting ',' delimiter"),
        ('/*{\n"A": [1,\n,],\n}*/', 3, "not valid JSON"),
        ('/*{\n"A": [,]}*/', 2, "not valid JSON"),
        ('/*{\n"A":\nNaN}*/', 3, "not valid JSON: found 'NaN'; words are true, false and null"),
        ('/*{\n"A": 1e999}*/', 2, "found '1e999', which is too large a number"),
        ('/*{"A": 1} {}*/', 1, "not valid JSON: Extra data"),
        ('/*{"A": ' + "9" * 5000 + "}*/", 1, "which is too large a number"),
        ('/*{"A": ' + "[" * 100000, 1, "never closed"),
        ('/*{"A": ' + "[" * 100000 + "*/", 1, "is nested too deeply; the most is 100 levels"),
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


@pytest.mark.parametrize(
    "text",
    [
        '{"CREDIT": "d", "INPUTS": [{"NAME": "a", "TYPE": "float", "MAX": 4, "DEFAULT": 2},],}',
        '{"CREDIT": "d", // who\n'
        '"INPUTS": [{"NAME": "a", "TYPE": "float", "MAX": 4., "DEFAULT": +2}]}',
        '{\r\n"CREDIT": "b",\r\n"CREDIT": "d", "MADE_BY": {"more": [1]}, '
        '"INPUTS": [{"NAME": "a", "TYPE": "Float", "MAX": "4", "DEFAULT": 3, "DEFAULT": 2}]}',
    ],
)
def test_json_is_read_as_authors_write_it(text: str) -> None:
    """Trailing commas, comments, bare points, quoted numbers; the last of two equal keys counts."""
    shader = parse_header(f"/*{text}*/\nvoid", HERE)
    (found,) = shader.inputs
    assert (shader.credit, found.name, found.kind) == ("d", "a", "float")
    assert (found.default, found.low, found.high) == ((2,), (0,), (4,))
    assert shader.body == "void"


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
    assert (generator.name, generator.path, len(generator.passes)) == ("mist", HERE, 1)
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
    assert generator.version == 1, "a file without ISFVSN"
    assert (generator.kind, generator.remembers, generator.targets) == ("generator", False, ())


@pytest.mark.parametrize(
    ("entry", "default", "low", "high"),
    [
        ({"MIN": 2, "MAX": 1}, 1, 1, 2),  # swapped
        ({"MIN": 2, "MAX": 1, "DEFAULT": 1.5}, 1.5, 1, 2),
        ({"DEFAULT": 2, "MAX": 1}, 2, 0, 2),  # the range gives way to what the author shows
        ({"DEFAULT": -1, "MIN": 0}, -1, -1, 1),
        ({"DEFAULT": "3", "MAX": " 4.5 "}, 3, 0, 4.5),
        ({"DEFAULT": True}, 1, 0, 1),
        ({"DEFAULT": [1]}, 1, 0, 1),
        ({"DEFAULT": None, "MIN": [], "MAX": None}, 0, 0, 1),
        ({"MAX": -5}, -5, -5, -5),
        ({"MIN": -9e99, "MAX": 9e99}, 0, -LARGEST, LARGEST),
        ({"TYPE": "bool", "DEFAULT": 2}, 1, 0, 1),
        ({"TYPE": "boolean", "DEFAULT": "1"}, 1, 0, 1),
        ({"TYPE": "BOOL", "DEFAULT": 0.0, "MAX": 7}, 0, 0, 1),
        ({"TYPE": "event", "DEFAULT": "now"}, 0, 0, 1),
        ({"TYPE": "int", "DEFAULT": 2.6, "MAX": 9}, 3, 0, 9),
        ({"TYPE": "long", "VALUES": [1, 2], "DEFAULT": 3}, 3, 1, 3),
        ({"TYPE": "long", "VALUES": [4, 2.0], "MIN": 0, "MAX": 90}, 4, 2, 4),
        ({"TYPE": "long", "VALUES": [-3, 3]}, -3, -3, 3),
        ({"TYPE": "long", "VALUES": [], "MAX": 5}, 0, 0, 5),
        ({"TYPE": "long", "VALUES": None, "LABELS": ["a", "b", "c"]}, 0, 0, 2),
    ],
)
def test_a_number_is_read_by_its_clear_meaning(
    entry: dict[str, Any], default: float, low: float, high: float
) -> None:
    found = one(**entry)
    assert (found.default, found.low, found.high) == ((default,), (low,), (high,))


@pytest.mark.parametrize(
    ("entry", "default", "low", "high"),
    [
        ({"TYPE": "color"}, (0, 0, 0, 0), (0,) * 4, (1,) * 4),
        ({"TYPE": "Color", "DEFAULT": [1, 1, 2, 1]}, (1, 1, 2, 1), (0,) * 4, (1, 1, 2, 1)),
        ({"TYPE": "color", "DEFAULT": 0.5}, (0.5,) * 4, (0,) * 4, (1,) * 4),
        ({"TYPE": "point2D", "MIN": 0, "MAX": [640, 360]}, (0, 0), (0, 0), (640, 360)),
        ({"TYPE": "POINT2D", "DEFAULT": [2, -3]}, (2, -3), (0, -3), (2, 1)),
        ({"TYPE": "point2D", "MIN": [1, 0], "MAX": [0, 1]}, (0, 0), (0, 0), (1, 1)),
    ],
)
def test_points_and_colours_are_read_part_by_part(
    entry: dict[str, Any], default: tuple[float], low: tuple[float], high: tuple[float]
) -> None:
    found = one(**entry)
    assert (found.default, found.low, found.high) == (default, low, high)


def test_what_filters_choices_and_sounds_say_is_kept() -> None:
    assert one(IDENTITY=0.5).identity == (0.5,)
    assert one(TYPE="color", IDENTITY=[1, 0, 0]).identity == (1, 0, 0, 1)
    assert one().identity == ()
    choice = one(TYPE="long", VALUES=[0, 3], LABELS=["none", 3], DEFAULT=3)
    assert (choice.values, choice.labels, choice.default) == ((0, 3), ("none", "3"), (3,))
    assert one(TYPE="long", LABELS=["x", "y"]).values == (0, 1)
    sound = one(TYPE="AudioFFT", MAX=64)
    assert (sound.kind, sound.most, sound.floats) == ("audioFFT", 64, 0)
    assert [one(TYPE="audio", MAX=m).most for m in (None, -3, 1e9, "8")] == [0, 0, 16384, 8]
    assert (one(LABEL=None).label, one(LABEL=3).label) == ("a", "3")


def test_words_for_people_may_be_anything() -> None:
    shader = parsed(DESCRIPTION=3, CREDIT=["a", "b"], CATEGORIES="x", ISFVSN=2.0, MORE={"x": 1})
    assert (shader.description, shader.credit, shader.categories) == ("3", "a b", ("x",))
    assert shader.version == 2
    shader = parsed(DESCRIPTION=None, CATEGORIES=None, INPUTS=None, PASSES=None, IMPORTED=None)
    assert (shader.description, shader.categories, shader.inputs) == ("", (), ())


def test_a_kind_is_told_by_its_images() -> None:
    images = [{"NAME": n, "TYPE": "image"} for n in ("inputImage", "startImage", "endImage")]
    progress = {"NAME": "progress", "TYPE": "float"}
    assert parsed(images[0], progress).kind == "filter"
    assert parsed(images[1], images[2], progress).kind == "transition"
    assert parsed(images[1], images[2]).kind == "generator"
    sound, mine = {"NAME": "s", "TYPE": "audio"}, {"NAME": "mine", "TYPE": "image"}
    shader = parsed(sound, mine, progress)
    assert shader.kind == "generator"
    assert [t.name for t in shader.textures] == ["s", "mine"]
    assert [i.name for i in shader.own] == ["progress"]


# ---- passes and pictures --------------------------------------------------------------------


def test_passes_are_read() -> None:
    shader = parsed(
        FLOAT,
        ISFVSN="2",
        PASSES=[
            {"TARGET": "far", "PERSISTENT": True, "FLOAT": 1, "WIDTH": "$WIDTH / 4 + $a"},
            {"TARGET": "near", "PERSISTENT": "no", "HEIGHT": 16, "WIDTH": ""},
            {"TARGET": "far", "persistent": "x"},
            NOTHING,
        ],
    )
    far, near, again, last = shader.passes
    assert (far.target, far.persistent, far.floating, far.height) == ("far", True, True, None)
    assert far.width is not None
    assert far.width.value({"WIDTH": 100, "a": 3}) == 28
    assert (near.persistent, near.floating, near.width) == (False, False, None)
    assert near.height is not None
    assert near.height.value({}) == 16
    assert (again.target, last.target, last.persistent) == ("far", "", False)
    assert (shader.targets, shader.remembers) == (("far", "near"), True)
    assert len(parsed(PASSES=[]).passes) == 1


@pytest.mark.parametrize("kept", [["old"], {"old": {"WIDTH": "64", "FLOAT": True}}])
def test_version_1_is_read_as_version_2(kept: object) -> None:
    shader = parsed(PERSISTENT_BUFFERS=kept, PASSES=[{"TARGET": "old"}, {"TARGET": "new"}], VSN="")
    old, new = shader.passes
    assert (shader.version, shader.remembers) == (1, True)
    assert (old.persistent, new.persistent) == (True, False)
    assert old.floating == isinstance(kept, dict)
    assert (old.width is None) == isinstance(kept, list)
    versions = [parsed(ISFVSN=v).version for v in ("2", "2.0", 2, "1", 1.0, "")]
    assert versions == [2, 2, 2, 1, 1, 1]
    names = ("isf_FragNormCoord", "vv_FragNormCoord", "gl_FragCoord")
    texts = [f"/*{{}}*/ void main() {{ gl_FragColor = {n}.xyxy; }}" for n in names]
    assert [parse_header(text, HERE).version for text in texts] == [2, 1, 1]


def test_pictures_lie_beside_the_shader() -> None:
    table = {"a": {"PATH": "a.png", "TYPE": "image"}, "b": {"PATH": "more/b.jpg"}}
    found = parsed(IMPORTED=table).imported
    assert [(o.name, o.path) for o in found] == [
        ("a", HERE.parent / "a.png"), ("b", HERE.parent / "more" / "b.jpg"),
    ]  # fmt: skip
    assert parsed(IMPORTED=[{"NAME": n} | t for n, t in table.items()]).imported == found


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


def test_what_has_no_place_keeps_its_default() -> None:
    """There are 48; what is too large for what is left is left out, what is smaller fits."""
    colour = {"NAME": "c", "TYPE": "color"}
    shader = parsed(*floats(46), colour, {"NAME": "x", "TYPE": "float"}, *floats(0), FLOAT)
    assert len(shader.own) == 49
    assert "c" not in shader.slots
    assert shader.slots["x"] == slice(46, 47)
    assert shader.slots["a"] == slice(47, 48)
    assert len(parsed(*floats(MOST_INPUTS)).slots) == INPUTS == 48


@pytest.mark.parametrize(
    ("entry", "personal"),
    [
        ({"NAME": "energy"}, True),
        ({"NAME": "energy", "MAX": 0.5}, True),
        ({"NAME": "energy", "MAX": 2}, False),
        ({"NAME": "energy", "MIN": -1}, False),
        ({"NAME": "energy", "TYPE": "color"}, False),
        ({"NAME": "seed", "TYPE": "long", "MAX": 1}, False),
        ({"NAME": "valence", "MIN": -1}, True),
        ({"NAME": "valence", "MIN": -1.5}, False),
        ({"NAME": "ground", "TYPE": "color"}, True),
        ({"NAME": "ground"}, False),
        ({"NAME": "tone", "TYPE": "image"}, False),
        ({"NAME": "other"}, False),
    ],
)
def test_the_person_fills_what_is_of_their_kind_and_range(
    entry: dict[str, Any], personal: bool
) -> None:
    """Another author's `energy` of 0..100 is an input like others."""
    assert one(**entry).personal is personal


# ---- what is refused ------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("change", "tail", "says"),
    [
        ({"NAME": None}, ".NAME", "is missing"),
        ({"NAME": "2d"}, ".NAME", "must be letters, digits and _"),
        ({"NAME": "a b"}, ".NAME", "found 'a b'"),
        ({"NAME": "ü"}, ".NAME", "found 'ü'"),
        ({"NAME": 3}, ".NAME", "found 3"),
        ({"NAME": "x" * 64}, ".NAME", "must be letters"),
        ({"NAME": "first"}, ".NAME", "first is declared twice"),
        ({"NAME": "TIME"}, ".NAME", "TIME is a name of GLSL's or ISF's own"),
        ({"NAME": "gl_x"}, ".NAME", "GLSL's"),
        ({"TYPE": None}, ".TYPE", "is missing"),
        ({"TYPE": "flaot"}, ".TYPE", "audioFFT, found 'flaot', did you mean float?"),
        ({"TYPE": ["float"]}, ".TYPE", "must be one of event, bool, long, float, point2D, color, "),
        ({"TYPE": "image2D"}, ".TYPE", "found 'image2D', did you mean image?"),
        ({"DEFAULT": "x"}, ".DEFAULT", "must be a number, found 'x'"),
        ({"DEFAULT": "nan"}, ".DEFAULT", "must be a number, found 'nan'"),
        ({"DEFAULT": [1, 2]}, ".DEFAULT", "must be a number, found [1, 2]"),
        ({"MIN": {"a": 1}}, ".MIN", "must be a number, found {'a': 1}"),
        ({"IDENTITY": "x"}, ".IDENTITY", "must be a number, found 'x'"),
        ({"TYPE": "color", "DEFAULT": [1, 1]}, ".DEFAULT", "must be a list of 4 numbers"),
        ({"TYPE": "point2D", "MAX": [1, "x"]}, ".MAX", "must be a list of 2 numbers"),
        ({"TYPE": "point2D", "MAX": [1] * 3}, ".MAX", "found [1, 1, 1]"),
        ({"TYPE": "long", "VALUES": ["a"]}, ".VALUES", "must be a list of whole numbers"),
        ({"TYPE": "long", "VALUES": 3}, ".VALUES", "must be a list of whole numbers, found 3"),
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
        ({"PASSES": [NOTHING] * (MOST_PASSES + 1)}, "PASSES", "has 33 passes; the most is 32"),
        ({"PASSES": 2}, "PASSES", "must be a list, found 2"),
        ({"PASSES": [3]}, "PASSES[0]", "must be an object, found 3"),
        ({"PASSES": [NOTHING, {"TARGET": "a b"}]}, "PASSES[1].TARGET", "found 'a b'"),
        ({"PASSES": [{"TARGET": 3}]}, "PASSES[0].TARGET", "must be letters, digits and _, found 3"),
        ({"PASSES": [{"WIDTH": "$WIDTH /"}]}, "PASSES[0].WIDTH", "found the end at character 9"),
        ({"PASSES": [{"HEIGHT": [1]}]}, "PASSES[0].HEIGHT", "must be a number or an expression"),
        ({"PASSES": [{"HEIGHT": True}]}, "PASSES[0].HEIGHT", "found true"),
        ({"IMPORTED": 3}, "IMPORTED", "must be an object, found 3"),
        ({"IMPORTED": {"a": 3}}, "IMPORTED.a.PATH", "must be the picture's file, found None"),
        ({"IMPORTED": {"a b": {"PATH": "x.png"}}}, "IMPORTED.a b", "found 'a b'"),
        ({"IMPORTED": {"a": {"PATH": "../x.png"}}}, "IMPORTED.a.PATH", "in the shader's folder or"),
        ({"IMPORTED": {"a": {"PATH": "/etc/x.png"}}}, "IMPORTED.a.PATH", "found '/etc/x.png'"),
        ({"PERSISTENT_BUFFERS": 3}, "PERSISTENT_BUFFERS", "a list of names or an object, found 3"),
        ({"INPUTS": {"a": 1}}, "INPUTS", "must be a list, found {'a': 1}"),
        ({"INPUTS": [3]}, "INPUTS[0]", "must be an object, found 3"),
        ({"INPUTS": floats(201)}, "INPUTS", "has 201 inputs; the most is 200"),
        ({"INPUTS": floats(1), "PASSES": [{"TARGET": "n0"}]}, "PASSES[0].TARGET", "n0 is an input"),
        ({"INPUTS": floats(1), "IMPORTED": {"n0": {"PATH": "x"}}}, "IMPORTED.n0", "is an input"),
    ],
)
def test_what_has_no_meaning_is_told(header: dict[str, Any], key: str, says: str) -> None:
    """In clear words, at its key."""
    problem = refused(**header)
    assert problem.key == key
    assert says in problem.message


def test_all_problems_of_a_header_are_told_at_once() -> None:
    """Inputs, passes and words together."""
    with pytest.raises(FileError) as caught:
        parsed({"NAME": "1"}, FLOAT | {"MIN": "x", "MAX": "y"}, PASSES=[3], CREDIT=1, IMPORTED=2)
    keys = [p.key for p in caught.value.problems]
    assert keys == [
        "INPUTS[0].NAME", "INPUTS[0].TYPE", "INPUTS[1].MIN", "INPUTS[1].MAX", "PASSES[0]",
        "IMPORTED",
    ]  # fmt: skip


def test_a_folder_gives_the_good_and_tells_the_bad(tmp_path: Path) -> None:
    """One broken file takes nothing from the others."""
    (tmp_path / "good.fs").write_text("/*{}*/\nvoid")
    (tmp_path / "bad.fs").write_text("void")
    (tmp_path / "binary.fs").write_bytes(b"/*{}*/\n\0")
    (tmp_path / "own.fs").write_text("/*{}*/\n")
    (tmp_path / "own.vs").write_text("void")
    (tmp_path / "notes.txt").write_text("")
    good, bad = load_shaders(tmp_path)
    assert {name: shader.vertex for name, shader in good.items()} == {"good": "", "own": "void"}
    assert [(e.file.name, e.problems[0].line) for e in bad] == [
        ("bad.fs", 1), ("binary.fs", 2),
    ]  # fmt: skip
    assert load_shaders(tmp_path / "none") == ({}, [])


@pytest.mark.parametrize(
    "data",
    [
        b"\xef\xbb\xbf/*{}*/\nvoid // \xc3\xbc",
        "\ufeff/*{}*/\r\nvoid // ü".encode("utf-16-le"),
        "\ufeff/*{}*/\nvoid // ü".encode("utf-16-be"),
        b"/*{}*/\rvoid // \xfc",
    ],
    ids=["UTF-8 with its mark", "UTF-16 LE", "UTF-16 BE", "Latin-1"],
)
def test_text_is_read_as_it_was_saved(data: bytes, tmp_path: Path) -> None:
    path = tmp_path / "own.fs"
    path.write_bytes(data)
    (tmp_path / "own.vs").write_bytes(b"\xef\xbb\xbfa\r\nb")
    shader = load_shader(path)
    assert (shader.body, shader.body_line) == ("void // ü", 2)
    assert (shader.vertex, shader.vertex_path) == ("a\nb", tmp_path / "own.vs")


def test_a_file_that_is_no_text_is_told(tmp_path: Path) -> None:
    path = tmp_path / "own.fs"
    with pytest.raises(FileError, match=r"own\.fs: No such file"):
        load_shader(path)
    path.write_bytes(b"/*{}*/\n\n\0")
    with pytest.raises(FileError, match=r"own\.fs:3: is no text: it holds a zero byte"):
        load_shader(path)
    path.write_bytes(b"/*{}*/" + b" " * MOST_TEXT)
    with pytest.raises(FileError, match="has 4000006 bytes; the most is 4000000"):
        load_shader(path)
    path.write_bytes(b"/*{}*/")
    (tmp_path / "own.vs").write_bytes(b"void\n\0")
    with pytest.raises(FileError, match=r"own\.vs:2: is no text"):
        load_shader(path)


WORDS = st.sampled_from(
    ["NAME", "TYPE", "DEFAULT", "MIN", "MAX", "VALUES", "LABEL", "INPUTS", "PASSES", "IMPORTED",
     "PATH", "TARGET", "WIDTH", "PERSISTENT_BUFFERS", "LABELS", "IDENTITY", "ISFVSN"]
)  # fmt: skip
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


@settings(max_examples=150, deadline=None)
@given(header=st.dictionaries(WORDS, JSON) | st.fixed_dictionaries({"INPUTS": st.lists(INPUT)}))
def test_any_json_is_read_or_refused(header: dict[str, Any]) -> None:
    """Only FileError comes out; what is read keeps its promises."""
    text = "/*" + json.dumps(header).replace("*/", "") + "*/"
    try:
        generator = parse_header(text, HERE)
    except FileError:
        return
    for found in generator.inputs:
        for low, start, high in zip(found.low, found.default, found.high, strict=True):
            assert low <= start <= high
        assert len(found.default) == found.floats
    assert max((s.stop for s in generator.slots.values()), default=0) <= INPUTS


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
