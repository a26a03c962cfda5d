"""JSON as people write it: what is read, what is refused, and that lines are the author's."""

import json
from contextlib import suppress
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from performer.show.isf.relaxed import DEEPEST, JsonError, read_json

PIECES = [
    "{", "}", "[", "]", ",", ":", '"', '"a"', "\\", "//", "/*", "*/", "\n", "\t", " ", "1", ".",
    "+", "-", "e", "true", "NaN", "é", "\x00", "'",
]  # fmt: skip
VALUES = st.recursive(
    st.none() | st.booleans() | st.integers(-(10**9), 10**9) | st.text()
    | st.floats(allow_nan=False, allow_infinity=False),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(), inner, max_size=4),
    max_leaves=12,
)  # fmt: skip


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("{}", {}),
        (' {"a": [1, true, null, "x"]}\n', {"a": [1, True, None, "x"]}),
        ('{"a": 1, // one\n"b": 2 /* two\n, */ }', {"a": 1, "b": 2}),
        ('// first\n/**/{"a": 1}// last', {"a": 1}),
        ('{"a": [1, 2,], "b": {"c": 3,},}', {"a": [1, 2], "b": {"c": 3}}),
        ('{"a": [1, // one\n /* none */ ] , \n }', {"a": [1]}),
        ('{"a": "// no /* comment", "b": "x,]"}', {"a": "// no /* comment", "b": "x,]"}),
        ('{"a": "say \\"//\\" \\\\", "b": 1}', {"a": 'say "//" \\', "b": 1}),
        ('{"a": "one\ttwo\nthree\x01"}', {"a": "one\ttwo\nthree\x01"}),
        ('{"a": .5, "b": 1., "c": +1, "d": -.5}', {"a": 0.5, "b": 1.0, "c": 1, "d": -0.5}),
        ('{"a": [1.e2,+.5E-1,-2.,0,-0.25]}', {"a": [100.0, 0.05, -2.0, 0, -0.25]}),
        ('{"a": 1, "a": 2}', {"a": 2}),
        ('{"a": "1.", "+1": ".5"}', {"a": "1.", "+1": ".5"}),
        ('{\r\n"a": 1, // one\r\n}', {"a": 1}),
    ],
)
def test_what_people_write_is_read(text: str, wanted: dict[str, Any]) -> None:
    assert read_json(text) == wanted


def test_whole_numbers_stay_whole() -> None:
    """And those with a point do not."""
    found = read_json('{"a": +3, "b": 3.}')
    assert [type(n) for n in found.values()] == [int, float]


@pytest.mark.parametrize(
    ("text", "line", "says"),
    [
        ("", 1, "Expecting value"),
        ("\n// nothing", 2, "Expecting value"),
        ("\n\n[1]", 3, "must be an object, found [1]"),
        ("/* a\nb */ 7", 2, "must be an object, found 7"),
        ('{"a": 1\n"b": 2}', 2, "Expecting ',' delimiter"),
        ('{"a": [1 2]}', 1, "Expecting ',' delimiter"),
        ('{"a": 1 /* x */ 2}', 1, "Expecting ',' delimiter"),
        ('{"a"\n 1}', 2, "Expecting ':' delimiter"),
        ("{\n'a': 1}", 2, "Expecting property name enclosed in double quotes"),
        ("{'a': NaN}", 1, "found 'NaN'"),
        ("{\na: 1}", 2, "found 'a'; words are true, false and null, and text stands in double"),
        ('{"a": [,]}', 1, "Expecting value"),
        ('{"a": [1,,]}', 1, "Expecting value"),
        ("{,}", 1, "Expecting property name"),
        ('{"a":,}', 1, "Expecting value"),
        ('{"a": 1},', 1, "Extra data"),
        ('{} // one\n{}', 2, "Extra data"),
        ('{"a":\n\n"b', 3, "Unterminated string"),
        ('{"a": "\\x"}', 1, "Invalid \\escape"),
        ('{"a": "b\\', 1, "Unterminated string"),
        ('{"a": 1\n/* b }', 2, "a comment is never closed with */"),
        ('{"a":\nNaN}', 2, "found 'NaN'"),
        ('{"a": Infinity}', 1, "found 'Infinity'"),
        ('{"a": -Infinity}', 1, "found '-Infinity', which is not a number"),
        ('{"a": 1e999}', 1, "which is too large a number"),
        ('{"a":\n' + "9" * 5000 + "}", 2, "which is too large a number"),
        ('{"a": 1+1}', 1, "found '1+1', which is not a number"),
        ('{"a": 1.2.3}', 1, "found '1.2.3'"),
        ('{"a": 0x10}', 1, "found '0x10'"),
        ('{"a": --1}', 1, "found '--1'"),
        ('{"a": .}', 1, "found '.'"),
        ('{"a": 007}', 1, "Expecting ',' delimiter"),
        ('{"a": True}', 1, "found 'True'"),
        ('{"a":\n' + "[" * 100_000, 2, "nested too deeply; the most is 100 levels"),
        ('{"a": ' * 200, 1, "nested too deeply"),
    ],
)  # fmt: skip
def test_what_is_not_json_names_its_line(text: str, line: int, says: str) -> None:
    with pytest.raises(JsonError) as caught:
        read_json(text)
    assert says in caught.value.message
    assert caught.value.line == line
    assert str(caught.value) == f"line {line}: {caught.value.message}"


def test_as_deep_as_allowed_is_read() -> None:
    deep = '{"a": ' + "[" * (DEEPEST - 1) + "]" * (DEEPEST - 1) + "}"
    assert read_json(deep) == json.loads(deep)


@given(st.text() | st.lists(st.sampled_from(PIECES), max_size=30).map("".join))
def test_no_text_does_harm(text: str) -> None:
    """It is read or refused, with a line that it has."""
    for whole in (text, '{"a": ' + text + "}"):
        line = 1
        try:
            read_json(whole)
        except JsonError as error:
            line = error.line
        assert 1 <= line <= whole.count("\n") + 1


@given(st.dictionaries(st.text(), VALUES, max_size=5), st.booleans())
def test_strict_json_means_what_it_does(found: dict[str, Any], ascii_only: bool) -> None:
    text = json.dumps(found, indent=1, ensure_ascii=ascii_only)
    assert read_json(text) == found


@given(st.lists(st.sampled_from(PIECES), max_size=30).map("".join))
def test_what_strict_json_allows_is_never_refused(text: str) -> None:
    """Except numbers that are not finite."""
    whole = '{"a": [' + text + "]}"
    with suppress(ValueError):
        strict: dict[str, Any] = json.loads(whole)
        if "NaN" not in whole:
            assert read_json(whole) == strict
