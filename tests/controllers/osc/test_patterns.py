"""Address patterns against a slow matcher that is plainly right; none is slow or silent."""

import time

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from performer.controllers.osc import Branches, is_pattern, matching
from performer.errors import ControlError
from performer.parameters.patterns import LONGEST

HERE = [
    f"/participant/{person}/{tail}"
    for person in ("anna", "ben", "sim-1", "sim-2", "sim-12")
    for tail in ("solo", "mute", "input/depth", "input/hue")
] + ["/resonance", "/preset", "/preset/save", "/solo"]


@pytest.mark.parametrize(
    ("pattern", "found"),
    [
        ("/participant/*/solo", ["anna/solo", "ben/solo", "sim-1/solo", "sim-2/solo",
                                 "sim-12/solo"]),
        ("/participant/sim-?/solo", ["sim-1/solo", "sim-2/solo"]),
        ("/participant/sim-[2-9]/mute", ["sim-2/mute"]),
        ("/participant/sim-[!2]*/mute", ["sim-1/mute", "sim-12/mute"]),
        ("/participant/{anna,ben}/mute", ["anna/mute", "ben/mute"]),
        ("/participant/{sim,sim-1}{-2,2}/mute", ["sim-2/mute", "sim-12/mute"]),
        ("/participant/[a-cs]*n*/input/*", ["anna/input/depth", "anna/input/hue",
                                            "ben/input/depth", "ben/input/hue"]),
        ("/participant/anna/*", ["anna/solo", "anna/mute"]),
        ("/participant/anna//hue", ["anna/input/hue"]),
        ("/participant//mute", ["anna/mute", "ben/mute", "sim-1/mute", "sim-2/mute",
                                "sim-12/mute"]),
    ],
)  # fmt: skip
def test_a_pattern_means_what_people_mean(pattern: str, found: list[str]) -> None:
    assert is_pattern(pattern)
    assert matching(pattern, HERE) == ["/participant/" + f for f in found]


def test_a_star_ends_where_a_name_ends_and_two_strokes_do_not() -> None:
    assert matching("/*", HERE) == ["/resonance", "/preset", "/solo"]
    assert matching("/preset*", HERE) == ["/preset"]
    assert len(matching("//solo", HERE)) == 6
    assert matching("//*", HERE) == matching("///*", HERE)
    assert set(matching("//*", HERE)) == set(HERE)
    assert matching("/participant/{carl}/solo", HERE) == []


def test_an_address_is_no_pattern_and_finds_itself() -> None:
    for address in HERE:
        assert not is_pattern(address)
        assert matching(address, HERE) == [address]
    assert not is_pattern("/participant/#3/solo")


@pytest.mark.parametrize(
    ("pattern", "reason"),
    [
        ("/participant/[ab/solo", "[ without its other half"),
        ("/participant/{a,b/solo", "{ without its other half"),
        ("/participant/a]/solo", "] without its other half"),
        ("/participant/a}/solo", "} without its other half"),
        ("/participant/{a/b}/solo", "{ without its other half"),
        ("/participant/{a*,b}/solo", "only names stand in {}, found {a*,b}"),
        ("/participant/{a,{b}}/solo", "only names"),
        ("/participant/[]/solo", "no letter stands in []"),
        ("/participant/[!]/solo", "no letter stands in [!]"),
        ("/participant/[9-2]/solo", "[9-2] runs backwards, did you mean 2-9?"),
        ("/participant/*/", "ends with a name"),
        ("*", "begins with /"),
        ("/" + "*a" * 30, "at most 24 wildcards"),
        ("/*" + "a" * LONGEST, f"at most {LONGEST} characters"),
    ],
)
def test_a_badly_written_pattern_says_what_is_wrong(pattern: str, reason: str) -> None:
    assert is_pattern(pattern)
    branches = Branches(HERE)
    for _ in range(2):
        with pytest.raises(ControlError) as refused:
            branches.matching(pattern)
        assert reason in refused.value.reason
        assert len(refused.value.address) <= 64


# ---- the slow matcher ---------------------------------------------------------------------------

Piece = tuple[str, ...]
"""`*`, `?`, `text a`, `in abc`, `out abc`, `names a b`: a pattern that need not be read."""


def written(pieces: list[Piece]) -> str:
    forms = {"*": "*", "?": "?", "in": "[{}]", "out": "[!{}]", "text": "{}", "names": "{{{}}}"}
    return "".join(forms[kind].format(",".join(texts)) for kind, *texts in pieces)


def slowly(pieces: list[Piece], name: str) -> bool:
    """Whether the pieces take up the whole name: tries everything, one thing after another."""
    if not pieces:
        return not name
    (kind, *rest), further = pieces[0], pieces[1:]
    if kind == "*":
        return any(slowly(further, name[i:]) for i in range(len(name) + 1))
    if kind == "?":
        return name != "" and slowly(further, name[1:])
    if kind in ("in", "out"):
        inside = name[:1] in set(rest[0])
        return name != "" and inside is (kind == "in") and slowly(further, name[1:])
    return any(name.startswith(t) and slowly(further, name[len(t) :]) for t in rest)


def slowly_all(parts: list[list[Piece] | None], names: list[str]) -> bool:
    """The same for whole addresses; None is `//`: any parts, or none."""
    if not parts:
        return not names
    part, further = parts[0], parts[1:]
    if part is None:
        return any(slowly_all(further, names[i:]) for i in range(len(names) + 1))
    return names != [] and slowly(part, names[0]) and slowly_all(further, names[1:])


LETTERS = "ab-1"
NAMES = st.text(LETTERS, min_size=1, max_size=6)
SET = st.text("ab1", min_size=1, max_size=3)
PIECES = st.one_of(
    st.just(("*",)), st.just(("?",)), st.tuples(st.just("text"), NAMES),
    st.tuples(st.just("in"), SET), st.tuples(st.just("out"), SET),
    st.lists(st.text(LETTERS, max_size=3), min_size=1, max_size=4).map(lambda t: ("names", *t)),
)  # fmt: skip
PARTS = st.lists(PIECES, min_size=1, max_size=5)
ADDRESSES = st.lists(st.lists(NAMES, min_size=1, max_size=4), min_size=1, max_size=12)


@given(PARTS, st.lists(st.text(LETTERS, min_size=1, max_size=8), min_size=1, max_size=8))
@example([("names", "ab", "abb")], ["ab", "abb", "a"])
@example([("names", "", "a"), ("*",), ("names", "b", "")], ["a", "b", "ab", "aab1"])
def test_one_part_is_matched_as_by_the_slow_matcher(pieces: list[Piece], names: list[str]) -> None:
    pattern = "/" + written(pieces)
    right = {f"/{n}" for n in names if slowly(pieces, n)}
    found = matching(pattern, (f"/{n}" for n in names))
    assert set(found) == right
    assert len(found) == len(right)


@given(st.lists(st.one_of(st.none(), PARTS), min_size=1, max_size=4), PARTS, ADDRESSES)
@example([None, [("text", "a")], None], [("*",)], [["a", "a"], ["a"], ["b", "a", "1", "1"]])
def test_addresses_are_matched_as_by_the_slow_matcher(
    parts: list[list[Piece] | None], last: list[Piece], addresses: list[list[str]]
) -> None:
    parts = [*parts, last]
    pattern = "".join("/" if part is None else "/" + written(part) for part in parts)
    right = {"/" + "/".join(names) for names in addresses if slowly_all(parts, names)}
    found = matching(pattern, ["/" + "/".join(names) for names in addresses])
    assert set(found) == right
    assert len(found) == len(right)


@given(st.text("/*?[]{},!-ab1", max_size=24), st.text("/ab1", max_size=12))
def test_any_text_is_a_pattern_or_a_clear_refusal(pattern: str, address: str) -> None:
    try:
        assert set(matching("/" + pattern, ["/" + address])) <= {"/" + address}
    except ControlError as error:
        assert error.reason  # noqa: PT017 - it may be one or the other


@pytest.mark.clock
@pytest.mark.parametrize(
    "pattern",
    [
        "/participant/" + "*a" * 11 + "*b/*",
        "/participant/" + "{a,aa}" * 20 + "b/*",
        "/participant/" + "{,a,aa,aaa}*" * 11 + "b/*",
        "//*//*//*//*//*//*//*",
        "//" + "*a" * 11 + "*b//*",
        "/participant/" + "*[a-z]" * 11 + "?/*",
    ],
)
def test_no_pattern_is_slow(pattern: str) -> None:
    """A matcher that goes back would take years for some of these; the bound is a generous one."""
    people = [f"{'a' * 29}{chr(97 + i // 16)}{chr(97 + i % 16)}" for i in range(256)]
    branches = Branches(f"/participant/{p}/tail{i}" for p in people for i in range(25))
    began = time.perf_counter()
    branches.matching(pattern)
    assert time.perf_counter() - began < 2.0
