"""Rows as they are written: every mistake has its place and its message, cycles their names."""

import math
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from performer.circle.circle import Circle
from performer.errors import FileError
from performer.frame import FEATURES, Floats, Frame
from performer.modulation import CURVES, WAVES, compile
from performer.parameters import PARAMETERS, TREE
from performer.show.files import FilesError, data_folder, read_model
from performer.show.modulating import Modulation
from performer.show.presets import Preset, load_preset, save_preset
from performer.show.problems import FADERS
from performer.show.routes import EVENTS, GROUP, MOVED, REFUSED, SENSES, Kind
from performer.show.shows import Library, load_show
from tests.modulation.rows import after, at, bundled, send

HERE = Path("x.toml")
LFO = {"target": "/look/glow", "rate": 0.1, "amount": 0.2}


def preset(*rows: dict[str, Any]) -> Preset:
    return read_model(Preset, HERE, {"title": "t", "generators": ["moon"], "modulation": [*rows]})


def problems(*rows: dict[str, Any]) -> dict[str, str]:
    """Key paths and messages of what is wrong with rows."""
    with pytest.raises(FileError) as caught:
        preset(*rows)
    return {str(p.key): p.message for p in caught.value.problems}


def by(source: str, target: str = "/look/glow", name: str | None = None) -> dict[str, Any]:
    found: dict[str, Any] = {"source": source, "target": target, "amount": 0.2}
    return found | ({"name": name} if name else {})


MISTAKES: list[tuple[dict[str, Any], str, str]] = [
        (by("bas"), ".source", "did you mean bass?"),
        (by("circle/ordre"), ".source", "did you mean circle/order?"),
        (by("/look/glo"), ".source", "did you mean /look/glow?"),
        (by("/freeze"), ".source", "no source '/freeze'"),
        (by("participant/ann"), ".source", "no sense of a participant"),
        (by("participant/ann/hart"), ".source", "did you mean heart?"),
        (by("participant/Ann!/heart"), ".source", "1 to 32 of a-z 0-9 _ -"),
        (by("tide"), ".source", "no source 'tide'"),
        (by("bass", "tide.amount"), ".target", "no row of modulation called 'tide'"),
        (by("bass", "/volume"), ".target", "the event's or the room's, not part of a look; move "
         "/sound/air"),
        (by("bass", "/dissolve"), ".target", "move /brightness instead"),
        (by("bass", "/input/trim"), ".target", "the row's own amount and curve"),
        (LFO | {"rate": None, "beats": 0.2}, ".beats", "must be 0.25..256 beats, found 0.2"),
        *((LFO | {"rate": None, "beats": 0.99, "wave": wave}, ".beats",
           f"must be 1..256 beats for a {wave}, which jumps, found 0.99; a sine")
          for wave in ("saw", "square", "hold")),
        (by("bass", "/macro/3"), ".target", "belongs to hands and cues"),
        (by("bass", "/morph"), ".target", "belongs to hands and cues"),
        (by("bass", "/blackout"), ".target", "must be the address of a fader"),
        (by("bass", "/participant/ann/floor"), ".target", "floor is a person's own word"),
        (by("bass", "/participant/*/cap"), ".target", "cap is a person's own word"),
        (by("bass", "/participant/*/feeling"), ".target", "nobody tells them what they feel"),
        (by("bass", "/participant/*/heart"), ".target", "heart is a person's own"),
        (by("bass", "/participant/*/generator"), ".target", "only input/<name> and palette"),
        (by("bass", "/participant/*/inputs/x"), ".target", "did you mean input?"),
        (by("bass", "/participant/A B/palette"), ".target", "* for everybody"),
        (by("bass") | {"rate": 0.1}, "", "rate is a wave's; this row moves by a source"),
        (by("bass") | {"wave": "sine"}, "", "wave is a wave's"),
        (by("bass") | {"envelope": {"trigger": "beat"}}, "", "found two of them"),
        (LFO | {"rate": None}, "", "found neither"),
        (LFO | {"name": "Tide"}, ".name", "a letter first, and no source's name"),
        (LFO | {"name": "bass"}, ".name", "no source's name"),
        (LFO | {"curve": "steep"}, ".curve", "must be 'root'"),
        (LFO | {"attack": 0.01}, ".attack", "must be 0.05..30 s"),
        (LFO | {"offset": 2}, ".offset", "must be -1..1"),
        (LFO | {"rate": None, "envelope": {}}, ".envelope.trigger", "is missing"),
        (LFO | {"rate": None, "envelope": {"trigger": "bet"}}, ".envelope.trigger",
         "did you mean beat?"),
        (LFO | {"rate": None, "envelope": {"trigger": "beat", "attack": 0.01}},
         ".envelope.attack", "must be 0.05..60 s"),
]  # fmt: skip


@pytest.mark.parametrize(("row", "tail", "says"), MISTAKES)
def test_a_mistake_is_told(row: dict[str, Any], tail: str, says: str) -> None:
    """The second row is wrong, so the path counts to 1."""
    found = problems(LFO, {k: v for k, v in row.items() if v is not None})
    assert list(found) == [f"modulation[1]{tail}"]
    assert says in found[f"modulation[1]{tail}"]


def test_a_wave_that_jumps_has_a_beat_at_least_and_a_smooth_one_a_quarter() -> None:
    for wave in WAVES:
        beats = 1.0 if wave in ("saw", "square", "hold") else 0.25
        assert preset({"target": "/look/glow", "amount": 1, "beats": beats, "wave": wave})


def test_every_own_word_and_everything_of_the_rooms_is_refused() -> None:
    """Of all addresses only looks, inputs and palettes can be moved."""
    for parameter in PARAMETERS:
        address = parameter.address.replace("{id}", "*").replace("{name}", "tide")
        may = address in MOVED or address.endswith(("/input/tide", "*/palette"))
        if may:
            assert preset(by("bass", address)).modulation[0].target == address
        else:
            assert list(problems(by("bass", address))) == ["modulation[0].target"]
    assert set(REFUSED) <= set(FADERS)


@pytest.mark.parametrize(
    ("rows", "way"),
    [
        ([by("tide", name="tide")], "tide -> tide"),
        ([by("bass", "tide.amount", "tide")], "tide -> tide"),
        ([by("swell", name="tide"), by("tide", name="swell")], "tide -> swell -> tide"),
        ([by("b", name="a"), by("c", name="b"), by("a", name="c")], " -> "),
        ([{"target": "a.amount", "amount": 1, "name": "b", "envelope": {"trigger": "a"}},
          by("bass", name="a") | {"source": "b"}], " -> "),
    ],
)  # fmt: skip
def test_a_cycle_is_refused_by_name(rows: list[dict[str, Any]], way: str) -> None:
    (key, said), *others = problems(*rows).items()
    assert not others
    assert way in said
    assert said.endswith("is a cycle; no row can move itself")
    names = said.split(" is a cycle")[0].split(" -> ")
    assert names[0] == names[-1]
    assert rows[int(key[len("modulation[") : -1])].get("name") == names[0]


def test_a_detour_by_an_amount_is_a_cycle_and_two_ways_in_one_direction_are_none() -> None:
    swell = LFO | {"name": "swell"}
    rows = [by("swell", name="tide"), swell, by("tide", "swell.amount", "back")]
    (said,) = problems(*rows).values()
    assert set(said.split(" is a cycle")[0].split(" -> ")) == {"tide", "back", "swell"}
    both = preset(by("swell", name="tide"), swell | {"target": "tide.amount"})
    assert len(both.modulation) == 2


def test_two_of_one_name_and_all_other_mistakes_are_told_at_once() -> None:
    found = problems(LFO | {"name": "tide"}, by("tides", name="tide"), by("bass", "swell.amount"))
    assert list(found) == ["modulation[1].name", "modulation[1].source", "modulation[2].target"]
    assert "two rows are called tide" in found["modulation[1].name"]
    assert "did you mean tide?" in found["modulation[1].source"]


@pytest.mark.parametrize(
    "rows",
    [
        [by("participant/self/breath")],
        [by("participant/self/breath", "/participant/*/palette", "own"), by("own")],
        [by("participant/self/breath", "tide.amount"), LFO | {"name": "tide"}],
    ],
)
def test_what_is_each_persons_own_moves_nothing_of_everybodys(rows: list[dict[str, Any]]) -> None:
    (said,) = problems(*rows).values()
    assert "each person's own too, /participant/*/…, found /look/glow" in said


def test_an_input_that_no_generator_has_is_told(tmp_path: Path) -> None:
    text = (data_folder() / "presets" / "luna.toml").read_text("utf-8")
    (tmp_path / "x.toml").write_text(text.replace("input/tide", "input/tides"), "utf-8")
    with pytest.raises(FilesError, match=r"modulation\[4\]\.target: no generator's input 'tides', "
                       "did you mean tide"):  # fmt: skip
        load_show(tmp_path / "x.toml")


def test_saving_keeps_rows_and_comments(tmp_path: Path) -> None:
    """Every bundled preset, and every key a row can have."""
    for path in (data_folder() / "presets").glob("*.toml"):
        copy = tmp_path / path.name
        copy.write_bytes(path.read_bytes())
        old = load_preset(copy)
        save_preset(copy, old.values, modulation=old.modulation, listening=old.listening)
        assert copy.read_bytes() == path.read_bytes()
    rows = [
        Modulation.model_validate(r)
        for r in (
            LFO | {"name": "tide", "curve": "ease", "offset": 0.5, "attack": 1.0, "release": 2.0},
            by("tide", "tide.amount") | {"source": "participant/ann/heart"},
            {"target": "/participant/*/palette", "amount": 0.1,
             "envelope": {"trigger": "phase", "decay": 1.0, "sustain": 0.5}},
        )
    ]  # fmt: skip
    path = tmp_path / "new.toml"
    save_preset(path, {}, generators=["moon"], modulation=rows)
    assert load_preset(path).modulation == tuple(rows)


@pytest.mark.parametrize("name", sorted(bundled().presets))
def test_every_bundled_preset_answers_to_four_knobs_and_to_none_at_rest(name: str) -> None:
    """At 0 nothing changes, to the last bit; each knob turned up moves something."""

    mine = bundled().presets[name]
    rows = tuple(r for r in mine.modulation if not (r.source or "").startswith("/macro/"))
    bare = mine.model_copy(update={"modulation": rows})
    plain = replace(bundled(), presets=bundled().presets | {name: bare})

    def played(library: Library, *knobs: int) -> Frame:
        circle = Circle(library, people=6, seed=3)
        send(circle, "/preset", name, 0.0)
        for k in knobs:
            send(circle, f"/macro/{k}", 1.0)
        return after(circle, 2.0, 0.1)  # generators change in the dark, after 1.5 s

    still, without = played(bundled()), played(plain)
    assert np.array_equal(still.values, without.values)
    assert not still.people.swing.any()
    for k in (1, 2, 3, 4):
        turned = played(bundled(), k)
        others = [i for i, p in enumerate(TREE.continuous) if not p.address.startswith("/macro")]
        moved = (turned.values - still.values)[others].any()
        assert moved or turned.people.swing.any(), k


# ---- whatever the rows say, they load or are refused, and what loads runs ------------------------

NAMES = ("a", "b", "c", "d")
PEOPLE = [f"participant/{i}/{s}" for i in ("sim-1", "nobody", "self") for s in SENSES]
SOURCES = [*FEATURES, "beat", *(f"circle/{g}" for g in GROUP), *FADERS, *PEOPLE, *NAMES]
TARGETS = [
    *MOVED, *(f"{n}.amount" for n in NAMES), "/participant/*/palette",
    *(f"/participant/{i}/input/{n}" for i in ("*", "sim-2", "nobody") for n in ("tide", "x")),
    "/volume", "/participant/*/floor", "e.amount",
]  # fmt: skip
TIMES = st.floats(0.05, 30)
ENVELOPES = st.fixed_dictionaries(
    {"trigger": st.sampled_from([*SOURCES, *EVENTS])},
    optional={"attack": TIMES, "decay": TIMES, "sustain": st.floats(0, 1), "release": TIMES},
)
MOVERS = st.one_of(
    st.fixed_dictionaries({"rate": st.floats(0, 0.5)}),
    st.fixed_dictionaries({"source": st.sampled_from(SOURCES)}),
    st.fixed_dictionaries({"source": st.sampled_from(NAMES)}),
    st.fixed_dictionaries({"envelope": ENVELOPES}),
)
SHAPES = st.fixed_dictionaries(
    {"target": st.sampled_from(TARGETS), "amount": st.floats(-1, 1)},
    optional={"name": st.sampled_from(NAMES), "curve": st.sampled_from(["root", "cube", "ease"]),
              "offset": st.floats(-1, 1), "attack": TIMES, "release": TIMES},
)  # fmt: skip
ROWS = st.lists(st.tuples(SHAPES, MOVERS), max_size=6)


class Most:
    """How far rows can move faders: what is read is at most 1, unless it is another row."""

    def __init__(self, rows: tuple[Modulation, ...]) -> None:
        self.rows, self.named = rows, {r.name: r for r in rows if r.name}

    @property
    def moved(self) -> Floats:
        """The most that each fader is moved by, shape (V,)."""
        found = np.zeros(len(TREE.continuous))
        for row in self.rows:
            if row.target in MOVED:
                found[TREE.place(row.target)] += self.said(row) * self.strength(row)
        return found * (TREE.high - TREE.low)

    def said(self, row: Modulation) -> float:
        """What a row reads, bent, and its offset; envelopes end at 1, and so does `ease`."""
        reads, size = row.reads, 1.0
        if row.envelope is None and reads is not None and reads.kind is Kind.ROW:
            size = self.said(self.named[reads.name])
        bent = 1.0 if row.curve == "ease" else size ** CURVES[row.curve]
        return bent + abs(row.offset)

    def strength(self, row: Modulation) -> float:
        """Its amount, with what others add to it: at most 1."""
        raised = [r for r in self.rows if row.name and r.target == f"{row.name}.amount"]
        return min(1.0, abs(row.amount) + sum(self.said(r) * self.strength(r) for r in raised))


def test_the_most_that_rows_can_move_is_reached() -> None:
    """Two rows deep, a raised amount, a curve and an offset: there is no room to spare."""
    whole = {"target": "swell.amount", "rate": 0, "wave": "square", "amount": 0.25}
    rows = preset(
        whole | {"name": "tide", "offset": 1.0},
        by("tide", "/look/glow", "swell") | {"curve": "square", "offset": 0.5, "amount": 0.25},
    ).modulation
    moves = compile(rows).step(None, at())
    glow = TREE.place("/look/glow")
    assert moves.values[glow] == Most(rows).moved[glow] == 4.5 * 0.75


@settings(max_examples=250, deadline=None)
@given(rows=ROWS, loud=st.floats(0, 1))
def test_any_rows_load_or_are_refused_and_what_loads_stays_in_its_bounds(
    rows: list[tuple[dict[str, Any], dict[str, Any]]], loud: float
) -> None:
    try:
        found = preset(*(shape | mover for shape, mover in rows)).modulation
    except FileError:
        return
    patch, memory = compile(found, (), bundled().generators), None
    for k in range(3):
        sources = at(k * 0.1, features=dict.fromkeys(FEATURES, loud), begun=(k == 0, False))
        moves = patch.step(memory, sources)
        memory = moves.memory
        assert np.all(np.abs(moves.values) <= Most(found).moved + 1e-9)
        assert np.isfinite(memory).all()
        assert moves.swing is None or np.isfinite(moves.swing).all()
        again = patch.step(memory, sources), patch.step(memory, sources)
        assert np.array_equal(again[0].values, again[1].values)
    assert all(math.isfinite(r.amount) for r in found)
