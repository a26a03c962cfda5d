"""Sizes of ISF passes: what each operator and function comes to, and what is refused and where."""

import math
from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from performer.show.isf.expressions import DEEPEST, LONGEST, Expression

NAMES = {"WIDTH": 1280.0, "HEIGHT": 720.0, "scale": 0.25, "e": 9.0, "min": 3.0}
WORDS = [
    "$WIDTH", "HEIGHT", "1", ".5", "2.", "1e300", "0", "(", ")", ",", "?", ":", "min", "floor(",
    "pow(", "%", "^", "**", "*", "/", "-", "+", "!", "&&", "||", "<=", "==", "=", " ", "$",
]  # fmt: skip


def value(text: str | float) -> float:
    return Expression.parse(text).value(NAMES)


def refused(text: str | float) -> str:
    with pytest.raises(ValueError) as caught:  # noqa: PT011 # what it says is looked at
        value(text)
    return str(caught.value)


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("1", 1), ("1.0", 1), (".5", 0.5), ("1.", 1), ("1e3", 1000), ("2.5E-1", 0.25), (7, 7),
        (-0.5, -0.5), ("  3 ", 3),
        ("1 + 2 * 3", 7), ("(1 + 2) * 3", 9), ("10 - 3 - 2", 5), ("16 / 4 / 2", 2), ("7 % 4", 3),
        ("-7 % 4", -3), ("2 ^ 3", 8), ("2 ** 3 ^ 2", 512), ("-2 ^ 2", -4), ("2 ^ -1", 0.5),
        ("--3", 3), ("+-+3", -3), ("2*-3", -6),
        ("1 < 2", 1), ("2 <= 1", 0), ("2 > 1", 1), ("1 >= 2", 0), ("1 == 1.0", 1), ("1 != 1", 0),
        ("1 + 1 < 3 == 1", 1), ("!0 + 1", 2), ("!3", 0), ("0 || 2", 1), ("0 || 0", 0),
        ("3 && 2", 1), ("3 && 0", 0), ("1 || 0 && 0", 1), ("1 < 2 && 2 < 3", 1),
        ("1 ? 2 : 3", 2), ("0 ? 2 : 3", 3), ("0 ? 1 : 0 ? 2 : 3", 3), ("1 ? 0 ? 1 : 2 : 3", 2),
        ("pi", math.pi), ("PI", math.pi), ("e", math.e), ("$e", 9), ("min", 3),
    ],
)  # fmt: skip
def test_numbers_and_operators(text: str | float, wanted: float) -> None:
    """With the precedence of C, and a power above the sign before it."""
    assert value(text) == wanted


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("min(3, 2)", 2), ("max(1, 2, 5, 4)", 5), ("MAX($WIDTH, 1)", 1280), ("Floor(2.7)", 2),
        ("floor(-2.1)", -3), ("ceil(2.1)", 3), ("round(2.5)", 3), ("round(-2.5)", -3),
        ("round(0.49999999999999994)", 0), ("trunc(-2.7)", -2), ("int(2.7)", 2), ("float(2)", 2),
        ("fract(2.25)", 0.25), ("fract(-0.25)", 0.75), ("sqrt(9)", 3), ("abs(-3)", 3),
        ("sign(-4)", -1), ("sign(0)", 0), ("pow(2, 10)", 1024), ("exp(0)", 1), ("log(e)", 1),
        ("ln(e)", 1), ("log2(8)", 3), ("log10(1000)", 3), ("mod(7, 4)", 3), ("mod(-7, 4)", 1),
        ("clamp(5, 0, 1)", 1), ("clamp(-5, 0, 1)", 0), ("sin(0)", 0), ("cos(0)", 1), ("tan(0)", 0),
        ("asin(1) * 2", math.pi), ("acos(1)", 0), ("atan(0)", 0), ("atan2(0, -1)", math.pi),
    ],
)  # fmt: skip
def test_functions(text: str, wanted: float) -> None:
    assert value(text) == pytest.approx(wanted)


@pytest.mark.parametrize(
    ("text", "names", "wanted"),
    [
        ("$WIDTH/16.0", {"WIDTH"}, 80),
        ("floor(WIDTH * $scale)", {"WIDTH", "scale"}, 320),
        ("max($HEIGHT*0.25,1.0)", {"HEIGHT"}, 180),
        ("$scale > 0.5 ? $WIDTH : $HEIGHT", {"scale", "WIDTH", "HEIGHT"}, 720),
        ("512", set[str](), 512),
    ],
)
def test_names_are_known_before_their_values(text: str, names: set[str], wanted: float) -> None:
    """With `$` or without."""
    expression = Expression.parse(text)
    assert expression.names == names
    assert expression.value(NAMES) == wanted
    assert expression == Expression.parse(text)


@pytest.mark.parametrize("text", ["1 || 1/0", "!(0 && 1/0)", "0 ? 1/0 : 1", "1 ? 1 : $nobody"])
def test_only_the_side_that_counts_is_looked_at(text: str) -> None:
    assert value(text) == 1


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("", "found the end at character 1; allowed here: a number, $NAME"),
        ("2 3", "found '3' at character 3; allowed here: an operator or the end"),
        ("(1", "found the end at character 3; allowed here: an operator or )"),
        ("1)", "found ')' at character 2"),
        ("1 +", "found the end at character 4"),
        ("* 2", "found '*' at character 1"),
        ("a ? b", "an operator or :"),
        ("1 = 2", "found '=' at character 3, did you mean ==?"),
        ("$ WIDTH", "found '$' at character 1; numbers, $NAME"),
        ("3 & 4", "found '&' at character 3"),
        ("größe", "found 'ö' at character 3"),
        ("__import__('os')", 'found "\'" at character 12'),
        ("flor(1)", "at character 1: no function 'flor', did you mean floor?"),
        ("$floor(1)", "found '(' at character 7"),
        ("1 + floor()", "floor at character 5 must be given 1, found 0"),
        ("min(1)", "min at character 1 must be given at least 2, found 1"),
        ("clamp(1, 2)", "must be given 3, found 2"),
        ("floor(1, 2)", "must be given 1, found 2"),
        ("min(1,)", "found ')' at character 7"),
        ("2x", "found 'x' at character 2"),
        ("1.2.3", "found '.3' at character 4"),
        ("1e999", "'1e999' at character 1 is too large"),
        (math.nan, "must be a number or an expression, found nan"),
        (-math.inf, "must be a number or an expression, found -inf"),
        (True, "must be a number or an expression, found true"),
        (10**400, "is too large a number"),
        ("1" * (LONGEST + 1), "is 1001 characters long; the most is 1000"),
        ("(" * 60, "is nested too deeply at character 52; the most is 50 levels"),
        ("-" * 60 + "1", "nested too deeply"),
        ("2^" * 60 + "1", "nested too deeply"),
        ("1?" * 60, "nested too deeply"),
        ("1?1:" * 60 + "1", "nested too deeply"),
        ("abs(" * 60, "nested too deeply"),
    ],
)
def test_what_is_not_an_expression_is_refused(text: str | float, says: str) -> None:
    """With what was found, where, and what may stand there."""
    with pytest.raises(ValueError) as caught:  # noqa: PT011 # what it says is looked at
        Expression.parse(text)
    assert says in str(caught.value)


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("$WIDHT", "no name 'WIDHT', did you mean WIDTH?"),
        ("1/0", "in '1/0': / of 1 and 0 has no finite value"),
        ("$WIDTH % 0", "% of 1280 and 0"),
        ("mod(1, 0)", "mod of 1 and 0"),
        ("0 ^ -1", "^ of 0 and -1"),
        ("9 ** 9 ** 9 ** 9", "** of 9 and"),
        ("(-8) ^ 0.5", "^ of -8 and 0.5"),
        ("1e308 * 10", "* of 1e+308 and 10"),
        ("sqrt(-1)", "sqrt of -1"),
        ("log(0)", "log of 0"),
        ("exp(1000)", "exp of 1000"),
    ],
)
def test_what_has_no_finite_value_is_refused(text: str, says: str) -> None:
    assert says in refused(text)


@pytest.mark.parametrize("bad", [math.nan, math.inf, 10**400])
def test_values_of_names_are_finite(bad: float) -> None:
    with pytest.raises(ValueError, match=r"a is (nan|inf), which is no size"):
        Expression.parse("$a").value({"a": bad})


def test_the_deepest_and_longest_are_read() -> None:
    """Far from Python's own limit, with every kind of operator open on every level."""
    nested = "1||0&&1==1<1+1*(" * DEEPEST + "1" + ")" * DEEPEST
    assert len(nested) < LONGEST
    assert value(nested) == 1
    assert value("1+" * 499 + "1") == 500


@given(st.text() | st.lists(st.sampled_from(WORDS), max_size=40).map("".join))
def test_no_text_does_harm(text: str) -> None:
    """It has a finite value or is refused."""
    with suppress(ValueError):
        assert math.isfinite(value(text))


@given(st.floats(0.001, 1e6), st.floats(0.001, 1e6), st.floats(0.001, 1e6))
def test_arithmetic_is_that_of_floats(a: float, b: float, c: float) -> None:
    expression = Expression.parse("$a - $b * c / (a + b)")
    assert expression.value({"a": a, "b": b, "c": c}) == a - b * c / (a + b)
