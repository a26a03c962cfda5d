"""The Circle over time: phases, presets, coming and leaving, consent, going on from a Frame."""

import dataclasses
from collections.abc import Sequence

import msgspec
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from performer.circle import members
from performer.circle.circle import Circle
from performer.circle.consent import State
from performer.errors import PerformerError
from performer.frame import (
    COLUMNS,
    HISTORY,
    INPUTS,
    MOST_PEOPLE,
    TEXTS,
    Frame,
    People,
    decode,
    encode,
)
from performer.parameters import TREE, Nature
from performer.show.shows import Library, Phase

from .circles import after, luna, send, value

DT = 1 / 30


def ana_in(people: int = 4) -> tuple[Circle, int]:
    """A circle with ana in it, and her row."""
    circle = Circle(luna(), people, 1)
    send(circle, "/participant/ana/join", "Ana")
    row = circle.people.row("ana")
    assert row is not None
    return circle, row


def row_of(circle: Circle, person: str) -> int:
    row = circle.people.row(person)
    assert row is not None
    return row


ARRAYS = ("people", "arc", "heard", "followed")
"""Fields with arrays in them, compared one by one."""
VECTORS = ("base", "values", "residue", "away")


def identical(a: Frame, b: Frame) -> list[str]:
    """The names of fields that differ, to the last bit."""
    found = [
        name
        for name in Frame.__struct_fields__
        if name not in (*ARRAYS, *VECTORS) and getattr(a, name) != getattr(b, name)
    ]
    found += [n for n in VECTORS if not np.array_equal(getattr(a, n), getattr(b, n))]
    for part, other in ((a.arc, b.arc), (a.heard, b.heard)):
        found += [
            f"{type(part).__name__}.{n}"
            for n in part.__struct_fields__
            if not np.array_equal(getattr(part, n), getattr(other, n))
        ]
    found += [f"followed {n}" for n in a.followed.keys() ^ b.followed.keys()]
    found += [
        f"followed {n}"
        for n in a.followed.keys() & b.followed.keys()
        if not np.array_equal(a.followed[n], b.followed[n])
    ]
    found += [f"people.{n}" for n in TEXTS if getattr(a.people, n) != getattr(b.people, n)]
    for column in COLUMNS:
        one, other = getattr(a.people, column), getattr(b.people, column)
        if one.dtype != other.dtype or not np.array_equal(
            one, other, equal_nan=one.dtype.kind == "f"
        ):
            found.append(f"people.{column}")
    return found


# ---- phases and presets ---------------------------------------------------------------------


def with_phases(*phases: Phase) -> Library:
    show = luna().show.model_copy(update={"phase": phases})
    return dataclasses.replace(luna(), show=show)


def phase(name: str, seconds: float, fade: float, start: float, end: float) -> Phase:
    table = {"name": name, "seconds": seconds, "preset": "luna", "fade": fade,
             "from": {"/resonance": start}, "to": {"/resonance": end}}  # fmt: skip
    return Phase.model_validate(table)


def resonances(library: Library, seconds: float, dt: float = DT) -> list[float]:
    circle = Circle(library, 0, 1)  # the arc needs nobody
    return [value(circle.step(dt), "/resonance", base=True) for _ in range(round(seconds / dt))]


@pytest.mark.parametrize("dt", [1 / 30, 1 / 60, 1 / 24, 0.1])
@pytest.mark.parametrize("fade", [0.0, 2.0, 8.0])
def test_a_phase_fades_in_and_then_moves_to_its_end(dt: float, fade: float) -> None:
    show = with_phases(phase("a", 10.0, fade, 0.2, 0.6), phase("b", 10.0, fade, 0.1, 0.9))
    way = resonances(show, 21.0, dt)
    second = round(1 / dt)
    assert way[10 * second - 2] == pytest.approx(0.6, abs=0.03)
    assert way[round((10 + fade) * second) + 2] == pytest.approx(0.1, abs=0.03)
    assert way[20 * second] == pytest.approx(0.9, abs=0.01)
    if fade:
        assert np.abs(np.diff(way)).max() < 1.6 * dt * 0.8 / min(fade, 2.0)


def test_the_way_to_the_end_is_taken_in_every_phase_whatever_the_rounding() -> None:
    """Sums of 1/30 miss round seconds by a bit, either way."""
    phases = 2
    show = with_phases(*(phase(f"p{k}", 7.0, 1.0 + k, 0.0, 1.0) for k in range(phases)))
    for dt in (1 / 24, 1 / 25, 1 / 30, 1 / 50, 1 / 60, 0.1):
        way = resonances(show, 7.0 * phases - 0.05, dt)
        for k in range(phases):
            assert max(way[int((7 * k + 5) / dt) : int((7 * k + 6.9) / dt)]) > 0.7


def test_phases_follow_each_other_hold_and_go_on() -> None:
    circle = Circle(with_phases(*(phase(n, 5.0, 1.0, 0.2, 0.5) for n in "abc")), 0, 1)
    assert after(circle, 4.9).phase == 0
    assert after(circle, 0.2).phase == 1
    send(circle, "/phase/hold", 1)
    assert after(circle, 20.0).phase == 1
    send(circle, "/phase/hold", 0)
    assert after(circle, 0.1).phase == 2
    assert after(circle, 20.0).phase == 2, "the last one stays"


def test_hands_hold_their_value_through_a_phase_and_come_back_by_release() -> None:
    circle = Circle(with_phases(phase("a", 60.0, 1.0, 0.2, 0.6)), 0, 1)
    after(circle, 3.0)
    send(circle, "/resonance", 0.9)
    assert value(after(circle, 10.0), "/resonance", base=True) == 0.9
    send(circle, "/release", "/resonance")
    soon, late = after(circle, 0.1), after(circle, 30.0)
    assert value(soon, "/resonance", base=True) == pytest.approx(0.9, abs=0.01)
    assert 0.2 < value(late, "/resonance", base=True) < 0.6


def test_the_next_phase_takes_what_it_names_out_of_the_hand() -> None:
    circle = Circle(with_phases(*(phase(n, 9.0, 2.0, 0.2, 0.4) for n in "ab")), 0, 1)
    send(circle, "/resonance", 0.9)
    send(circle, "/look/grain", 0.9)
    send(circle, "/coupling", 0.9)
    send(circle, "/dissolve", 0.3)
    after(circle, 1.0)
    send(circle, "/phase/next")
    soon, late = after(circle, 0.1), after(circle, 3.0)
    assert value(soon, "/resonance", base=True) == pytest.approx(0.9, abs=0.02)
    assert value(late, "/resonance", base=True) == pytest.approx(0.2, abs=0.05)
    assert value(late, "/dissolve", base=True) == 0.3, "no preset names it"
    assert late.arc.hands[TREE.index["/dissolve"]]


def test_a_preset_deals_its_generators_one_after_another_in_the_dark() -> None:
    circle = Circle(luna(), 12, 1)
    before = list(circle.step(DT).people.generators)
    send(circle, "/preset", "ember", 10.0)
    most_at_once, changed = 0, set[int]()
    for _ in range(round(18 / DT)):
        p = circle.step(DT).people
        new = {r for r in range(12) if p.generators[r] != before[r]} - changed
        most_at_once, changed = max(most_at_once, len(new)), changed | new
        assert all(p.veil[r] > 0.99 for r in new)
    dealt = luna().presets["ember"].generators
    p = circle.people
    assert [p.generators[r] for r in range(12)] == [dealt[r % len(dealt)] for r in range(12)]
    assert len(changed) >= 6
    assert most_at_once == 1
    assert not p.veil.any()


def test_freeze_stops_every_layer_and_not_the_masters() -> None:
    circle = Circle(luna(), 4, 1)
    send(circle, "/freeze", 1)
    first = circle.step(DT)
    send(circle, "/resonance", 0.9)
    frame = after(circle, 2.0)
    for column in ("time", "breath", "breath_phase"):
        assert np.array_equal(getattr(frame.people, column), getattr(first.people, column)), column
    assert (frame.flow, frame.time) == (first.flow, pytest.approx(first.time + 2.0))
    assert value(frame, "/resonance") == 0.9


def test_a_preset_crossfades_and_its_modulation_with_it() -> None:
    circle = Circle(luna(), 4, 1)
    after(circle, 1.0)
    luna_values, ember = luna().presets["luna"], luna().presets["ember"]
    send(circle, "/preset", "ember", 4.0)
    way = np.array([circle.step(DT).values for _ in range(150)])
    hue = TREE.index["/palette/hue"]
    others = ~TREE.circular
    jumps = np.abs(np.diff(way, axis=0))[:, others]
    assert jumps.max() < 0.05 * (TREE.high - TREE.low)[others].max()
    assert (jumps <= 0.03 * (TREE.high - TREE.low)[others] + 1e-9).all()
    frame = circle.step(DT)
    assert frame.preset == "ember"
    assert frame.before == "luna"
    for address, wanted in ember.values.items():
        assert value(frame, address, base=True) == pytest.approx(wanted, abs=1e-9)
    turned = np.abs((np.diff(way[:, hue]) + 180) % 360 - 180)
    assert turned.max() < 5.0
    assert luna_values.values["/palette/hue"] != ember.values["/palette/hue"]


def test_the_policy_has_the_last_word_and_says_so() -> None:
    circle = Circle(luna(), 4, 1)
    send(circle, "/resonance", 1.0)
    frame = after(circle, 0.1)
    assert value(frame, "/resonance") == luna().show.policy.resonance_cap
    assert value(frame, "/resonance", base=True) == 1.0
    assert frame.clamps == ("/resonance",)
    send(circle, "/resonance", 0.5)
    assert after(circle, 0.1).clamps == ()


def test_a_modulated_hue_goes_round_instead_of_stopping_at_red() -> None:
    circle = Circle(luna(), 0, 1)
    send(circle, "/preset", "ember", 0.0)
    send(circle, "/palette/hue", 1.0)
    hues = np.array([value(circle.step(0.1), "/palette/hue") for _ in range(2000)])
    assert ((hues >= 0) & (hues < 360)).all()
    assert (hues > 350).any()
    assert (hues != 0.0).all()


# ---- joining and leaving --------------------------------------------------------------------


def names(frame: Frame) -> set[str]:
    p = frame.people
    return {i for i, gone in zip(p.ids, p.leaving, strict=True) if i and not gone}


def test_a_join_takes_the_place_of_the_youngest_simulated_one() -> None:
    circle = Circle(luna(), 4, 1)
    send(circle, "/participant/ana/join", "Ana")
    frame = after(circle, 0.1)
    assert names(frame) == {"sim-1", "sim-2", "sim-3", "ana"}
    send(circle, "/participant/ben/join")
    assert names(after(circle, 5.0)) == {"sim-1", "sim-2", "ana", "ben"}
    assert "sim-4" not in after(circle, 0.1).people.ids


def test_a_name_is_kept_and_a_repeated_join_changes_nothing_else() -> None:
    circle, row = ana_in()
    send(circle, "/participant/ana/palette", 0.25)
    before = after(circle, 5.0)
    send(circle, "/participant/ana/join", "Ana B.")
    frame = after(circle, 0.1)
    assert frame.people.names[row] == "Ana B."
    assert frame.people.place[row] == 0.25
    assert frame.people.present[row] == before.people.present[row] == 1.0


def test_the_same_id_gets_seat_and_palette_back() -> None:
    circle, row = ana_in(1)
    send(circle, "/participant/ana/palette", 0.31)
    seat = after(circle, 6.0).people.seat[row].copy()
    send(circle, "/participant/ana/leave")
    assert "ana" not in after(circle, 8.0).people.ids
    send(circle, "/participant/ben/join")
    send(circle, "/participant/ana/join")
    frame = circle.step(DT)
    p, again = frame.people, row_of(circle, "ana")
    assert np.linalg.norm(p.seat[again] - seat) < 0.05
    assert p.place[again] == 0.31


def test_back_before_the_fade_out_is_over_keeps_the_row_and_glides() -> None:
    circle, row = ana_in()
    after(circle, 6.0)
    send(circle, "/participant/ana/rhythm", 2.0)
    send(circle, "/participant/ana/leave")
    faded = after(circle, 1.0)
    send(circle, "/participant/ana/join")
    frame = after(circle, DT)
    assert circle.people.row("ana") == row
    assert 0.0 < faded.people.present[row] < frame.people.present[row] < 1.0
    assert frame.people.omega[row] != pytest.approx(2 * np.pi * 2.0), "that rhythm was taken back"
    assert frame.people.omega[row] > 0.0
    assert after(circle, 4.0).people.present[row] == 1.0


def test_somebody_unknown_is_refused() -> None:
    circle = Circle(luna(), 4, 1)
    for tail, args in (("feeling", (0.1, 0.1)), ("leave", ()), ("solo", (1,))):
        with pytest.raises(PerformerError, match="nobody of that id"):
            send(circle, f"/participant/zoe/{tail}", *args)


def test_rows_grow_in_powers_of_two_and_keep_their_people() -> None:
    circle = Circle(luna(), 0, 1)
    capacities = {circle.people.capacity}
    for k in range(40):
        send(circle, f"/participant/p{k}/join")
        frame = circle.step(DT)
        capacities.add(frame.people.capacity)
        assert [frame.people.ids.index(f"p{j}") for j in range(k + 1)] == list(range(k + 1))
    assert capacities == {4, 8, 16, 32, 64}


def full(simulated: int = 0) -> Circle:
    circle = Circle(luna(), simulated, 1)
    for k in range(MOST_PEOPLE - simulated):
        circle.admit(f"p{k}", "") if not simulated else None
    return circle


def test_the_257th_waits_and_gets_in_when_somebody_leaves() -> None:
    circle = full()
    for person in ("late", "later"):
        send(circle, f"/participant/{person}/join", person.title())
    frame = circle.step(0.1)
    assert list(frame.waiting) == ["late", "later"]
    assert len(names(frame)) == MOST_PEOPLE
    send(circle, "/participant/p7/leave")
    frame = after(circle, 4.0, 0.1)
    assert list(frame.waiting) == ["later"]
    assert "late" in names(frame)
    assert frame.people.names[row_of(circle, "late")] == "Late"
    send(circle, "/participant/later/leave")
    assert not circle.step(0.1).waiting


def test_a_full_house_of_simulated_people_loses_one_for_each_who_waits() -> None:
    circle = Circle(luna(), MOST_PEOPLE, 1)
    for person in ("ana", "ben"):
        send(circle, f"/participant/{person}/join")
    send(circle, "/participant/ana/join")  # repeated: no third one has to go
    frame = circle.step(0.1)
    assert list(frame.waiting) == ["ana", "ben"]
    assert np.count_nonzero(frame.people.leaving) == 2
    frame = after(circle, 5.0, 0.1)
    assert not frame.waiting
    assert {"ana", "ben"} < names(frame)
    assert len(names(frame)) == MOST_PEOPLE


# ---- consent: withdrawal and every path that uses somebody's data ----------------------------

DERIVED = (
    "valence", "arousal", "confidence", "told_valence", "told_arousal", "heart", "breath",
    "breath_heard", "breath_phase", "breath_rate", "omega", "theta", "share", "resonance", "wave",
    "energy", "solo", "mute", "objects", "consent", "played", "alike", "called", "answer",
    "past_theta", "past_valence", "past_arousal", "past_beats", "past_moods",
)  # fmt: skip


def telling(circle: Circle, person: str) -> None:
    """Everything that somebody can send."""
    send(circle, f"/participant/{person}/consent", "use_heart", 1)
    for tail, args in (
        ("feeling", (0.8, 0.7)), ("rhythm", (1.5,)), ("ratio", (2, 3)), ("breath", (0.9,)),
        ("heart", (110.0,)), ("solo", (1,)), ("object", (1,)), ("floor", (0.4,)), ("cap", (0.5,)),
    ):  # fmt: skip
        send(circle, f"/participant/{person}/{tail}", *args)


def test_from_the_next_frame_on_nothing_of_somebody_who_left_is_used() -> None:
    circle, row = ana_in()
    telling(circle, "ana")
    before = after(circle, 5.0).people
    assert before.valence[row] > 0.3
    assert before.heart[row] == 110.0
    assert before.breath[row] > 0.5
    send(circle, "/participant/ana/leave")
    for seconds in (DT, 1.0):
        p = after(circle, seconds).people
        assert p.leaving[row]
        assert p.state[row] == State.WITHDRAWN
        assert p.names[row] == ""
        for column in DERIVED:
            assert not np.any(getattr(p, column)[row]), column
        assert (p.p[row], p.q[row], p.cap[row]) == (1.0, 1.0, 1.0)
        assert np.isnan(p.inputs[row]).all()
        assert p.feeling_age[row] >= 1e9
    assert "ana" not in after(circle, 4.0).people.ids


def test_what_somebody_leaves_behind_is_what_would_be_there_without_their_data() -> None:
    """Two circles that differ only in what ana sent are alike once she has left."""
    silent, row = ana_in()
    loud, _ = ana_in()
    telling(loud, "ana")
    for circle in (silent, loud):
        circle.step(DT)
        send(circle, "/participant/ana/leave")
    one, other = silent.step(DT).people, loud.step(DT).people
    for column in DERIVED:
        assert np.array_equal(getattr(one, column)[row], getattr(other, column)[row]), column


def test_a_forgotten_row_is_empty() -> None:
    circle, row = ana_in()
    telling(circle, "ana")
    after(circle, 2.0)
    send(circle, "/participant/ana/leave")
    p = after(circle, 5.0).people
    assert p.ids[row] == ""
    assert p.state[row] == State.NOBODY
    assert p.seed[row] == 0.0


def test_who_does_not_want_to_be_seen_fades_out_and_can_come_back() -> None:
    circle, row = ana_in()
    after(circle, 5.0)
    send(circle, "/participant/ana/consent", "visual_layer", 0)
    fading = np.array([circle.step(DT).people.present[row] for _ in range(120)])
    assert (np.diff(fading) <= 0).all()
    assert fading[0] < 1.0
    assert fading[-1] == 0.0
    p = after(circle, 1.0).people
    assert p.ids[row] == "ana"
    send(circle, "/participant/ana/consent", "visual_layer", 1)
    assert after(circle, 5.0).people.present[row] == 1.0


def test_a_pause_never_shows_somebody_who_is_not_to_be_seen() -> None:
    circle, row = ana_in()
    after(circle, 5.0)
    send(circle, "/participant/ana/consent", "visual_layer", 0)
    after(circle, 4.0)
    send(circle, "/participant/ana/pause", 1)
    assert after(circle, 5.0).people.present[row] == 0.0


def test_a_pause_uses_nothing_and_leaves_an_ember() -> None:
    circle, row = ana_in()
    send(circle, "/participant/ana/consent", "use_heart", 1)
    send(circle, "/participant/ana/feeling", 1.0, 1.0)
    after(circle, 5.0)
    send(circle, "/participant/ana/pause", 1)
    paused = circle.step(DT).people
    frozen = {c: getattr(paused, c)[row] for c in ("time", "energy", "breath")}
    send(circle, "/participant/ana/feeling", -1.0, -1.0)
    send(circle, "/participant/ana/breath", 1.0)
    with pytest.raises(PerformerError):
        send(circle, "/participant/ana/heart", 150.0)
    p = after(circle, 5.0).people
    assert (p.valence[row], p.arousal[row], p.confidence[row]) == (0.0, 0.0, 0.0)
    for column, was in frozen.items():
        assert getattr(p, column)[row] == was, column
    assert p.veil[row] == pytest.approx(0.8)
    assert p.present[row] == 1.0
    send(circle, "/participant/ana/pause", 0)
    p = after(circle, 5.0).people
    assert p.veil[row] == 0.0
    assert p.time[row] > frozen["time"]


def test_a_paused_rhythm_pulls_nobody() -> None:
    def rates(paused: bool) -> np.ndarray[tuple[int, ...], np.dtype[np.float64]]:
        circle, row = ana_in(3)
        send(circle, "/participant/ana/rhythm", 3.0)
        send(circle, "/coupling", 1.0)
        send(circle, "/individuality", 0.0)
        if paused:
            send(circle, "/participant/ana/pause", 1)
        else:
            send(circle, "/participant/ana/consent", "couple_rhythm", 0)
        p = after(circle, 10.0).people
        return np.delete(p.theta, row)

    assert np.array_equal(rates(paused=True), rates(paused=False))


def test_without_couple_rhythm_nobody_pulls_or_is_pulled() -> None:
    circle, row = ana_in(6)
    send(circle, "/individuality", 0.0)
    send(circle, "/coupling", 1.0)
    send(circle, "/participant/ana/rhythm", 0.25)
    send(circle, "/participant/ana/consent", "couple_rhythm", 0)
    before = circle.step(DT).people.theta[row]
    frame = after(circle, 8.0)
    turned = (frame.people.theta[row] - before) % (2 * np.pi)
    assert turned == pytest.approx(0.0, abs=1e-6), "two whole turns of her own"
    p = frame.people
    theta = p.theta[p.here & (p.p == p.q) & (np.arange(p.capacity) != row)]
    assert len(theta) > 2
    assert frame.group.order == pytest.approx(abs(np.exp(1j * theta).mean()), abs=0.02)


def test_the_heart_is_used_only_with_consent_and_forgotten_without() -> None:
    circle, row = ana_in()
    with pytest.raises(PerformerError, match="no consent"):
        send(circle, "/participant/ana/heart", 120.0)
    send(circle, "/participant/ana/consent", "use_heart", 1)
    send(circle, "/participant/ana/heart", 120.0)
    assert after(circle, 1.0).people.arousal[row] > 0.2
    send(circle, "/participant/ana/consent", "use_heart", 0)
    p = circle.step(DT).people
    assert p.arousal[row] == 0.0
    assert p.heart[row] == 0.0
    assert p.heart_age[row] >= 1e9


# ---- generators and veils -------------------------------------------------------------------


def test_a_generator_changes_in_the_dark() -> None:
    circle, row = ana_in()
    after(circle, 5.0)
    wanted = "aurora" if circle.people.generators[row] != "aurora" else "moon"
    send(circle, "/participant/ana/generator", wanted)
    before = circle.people.generators[row]
    veils: list[float] = []
    for _ in range(150):
        p = circle.step(DT).people
        if p.generators[row] != before:
            assert p.veil[row] > 0.99
            before = p.generators[row]
        veils.append(float(p.veil[row]))
    assert before == wanted
    assert veils[-1] == 0.0
    assert np.abs(np.diff(veils)).max() < 0.05


@pytest.mark.parametrize("dt", [1 / 60, 1 / 30, 0.1])
def test_generators_asked_for_at_5_hz_still_change_only_in_the_dark(dt: float) -> None:
    circle, row = ana_in()
    after(circle, 5.0)
    before, veil = circle.people.generators[row], 0.0
    dice, changes = np.random.default_rng(3), 0
    for k in range(round(20 / dt)):
        if k % max(1, round(0.2 / dt)) == 0:
            send(circle, "/participant/ana/generator", dice.choice(["moon", "ink", "aurora"]))
        p = circle.step(dt).people
        assert abs(p.veil[row] - veil) < 1.6 * dt / 1.5, "a veil never jumps"
        veil = float(p.veil[row])
        if p.generators[row] != before:
            assert veil > 0.9
            before, changes = p.generators[row], changes + 1
    assert changes >= 2


def test_a_layers_time_is_rebased_in_the_dark_and_keeps_its_inputs() -> None:
    circle, row = ana_in()
    send(circle, "/participant/ana/generator", "moon")
    after(circle, 6.0)
    send(circle, "/participant/ana/input/cloud", 0.9)
    circle.people.time[row] = members.LONGEST_TIME + 1.0
    darkest = 0.0
    for _ in range(150):
        p = circle.step(DT).people
        darkest = max(darkest, float(p.veil[row]))
    p = circle.people
    assert darkest > 0.99
    assert p.time[row] < 100.0
    assert 0.9 in p.inputs[row]


# ---- always finite --------------------------------------------------------------------------

PEOPLE = st.sampled_from(["ana", "ben", "sim-1", "sim-2", "zoe"])
UNIT = st.floats(0, 1)
PERSONAL = st.one_of(
    st.tuples(st.just("join")), st.tuples(st.just("leave")),
    st.tuples(st.just("pause"), st.integers(0, 1)),
    st.tuples(st.just("consent"), st.sampled_from(["visual_layer", "couple_rhythm", "use_heart"]),
              st.integers(0, 1)),
    st.tuples(st.just("feeling"), st.floats(-1, 1), st.floats(-1, 1)),
    st.tuples(st.just("rhythm"), st.floats(0.01, 4)),
    st.tuples(st.just("ratio"), st.integers(1, 9), st.integers(1, 9)),
    st.tuples(st.just("breath"), UNIT), st.tuples(st.just("heart"), st.floats(25, 240)),
    st.tuples(st.just("floor"), UNIT), st.tuples(st.just("cap"), UNIT),
    st.tuples(st.just("palette"), UNIT), st.tuples(st.just("object"), st.integers(0, 1)),
    st.tuples(st.just("solo"), st.integers(0, 1)), st.tuples(st.just("mute"), st.integers(0, 1)),
    st.tuples(st.just("softer")),
    st.tuples(st.just("generator"), st.sampled_from(["moon", "ink", "aurora", "none"])),
    st.tuples(st.just("input/cloud"), UNIT),
)  # fmt: skip
FADERS = st.sampled_from([p for p in TREE.continuous]).flatmap(
    lambda p: st.tuples(
        st.just(p.address),
        st.floats(p.args[0].low, p.args[0].high) if p.nature is Nature.FADER else st.integers(0, 1),
    )
)
EVENTS = st.one_of(
    st.tuples(st.just("/panic")), st.tuples(st.just("/tap")), st.tuples(st.just("/phase/next")),
    st.tuples(st.just("/phase/go"), st.integers(1, 9)),
    st.tuples(st.just("/preset"), st.sampled_from(["luna", "ember", "none", 1, 2, 3]),
              st.floats(0, 20)),
    st.tuples(st.just("/release"), st.sampled_from([*TREE.index, "/nothing"])),
    st.tuples(st.just("/release/all")),
)  # fmt: skip
MESSAGES = st.one_of(
    FADERS,
    EVENTS,
    st.tuples(PEOPLE, PERSONAL).map(lambda m: (f"/participant/{m[0]}/{m[1][0]}", *m[1][1:])),
)
STEPS = st.lists(
    st.tuples(st.lists(MESSAGES, max_size=5), st.sampled_from([1 / 240, 1 / 60, 1 / 30, 0.1])),
    min_size=1,
    max_size=25,
)
RANGES = {
    "present": (0, 1), "veil": (0, 1), "area": (0, 1), "m": (0, 1), "share": (0, 1),
    "resonance": (0, 1), "energy": (0, 1), "wave": (0, 1), "breath": (0, 1), "colours": (0, 1),
    "valence": (-1, 1), "arousal": (-1, 1), "confidence": (0, 1), "edge": (0.1499, 1),
    "disc": (0, 0.51), "bound": (0, 1), "theta": (0, 2 * np.pi + 1e-9), "breath_phase": (0, 1),
    "time": (0, 4000), "target": (0, 1), "alike": (0, 1), "called": (0, 1), "answer": (0, 1),
    "number": (0, MOST_PEOPLE), "past_beats": (0, HISTORY), "past_moods": (0, HISTORY),
}  # fmt: skip


def sound(frame: Frame) -> None:
    """Everything in a Frame is a number, and in its range."""
    p: People = frame.people
    for column in COLUMNS:
        if column != "inputs":
            assert np.isfinite(getattr(p, column)).all(), column
    assert p.inputs.shape[1] == INPUTS
    for name, (low, high) in RANGES.items():
        found = getattr(p, name)[p.here]
        assert found.min(initial=low) >= low - 1e-9, name
        assert found.max(initial=high) <= high + 1e-9, name
    assert (frame.values >= TREE.low).all()
    assert (frame.values <= TREE.high).all()
    assert np.isfinite(frame.base).all()
    half = np.array([0.5 * frame.aspect, 0.5])
    assert (np.abs(p.seat) <= half + 1e-9).all()
    seen = p.present > 0.0
    if seen.any():
        assert p.area[seen].sum() == pytest.approx(1.0, abs=0.02)
        assert p.target[seen].sum() == pytest.approx(1.0)
    listening = p.here & ~p.leaving
    if listening.any():
        assert p.share[listening].sum() == pytest.approx(1.0)
    group = msgspec.structs.asdict(frame.group)
    assert all(np.isfinite(v) for v in group.values())
    assert 0.3 <= frame.group.softer <= 1.0
    assert 1.0 <= frame.group.gain <= 1.5
    assert 0.0 <= frame.group.converged <= 1.0
    assert 0.0 <= frame.group.p_order <= 1.0
    assert 0.0 < frame.tau < 1e6
    assert len({i for i in p.ids if i}) == int(p.here.sum()), "no id twice"


def play(circle: Circle, steps: Sequence[tuple[Sequence[tuple[object, ...]], float]]) -> Frame:
    frame = circle.step(DT)
    for messages, dt in steps:
        for address, *args in messages:
            try:
                send(circle, str(address), *args)
            except PerformerError:
                continue
        frame = circle.step(dt)
        sound(frame)
    return frame


@settings(max_examples=40, deadline=None)
@given(st.integers(0, 3), STEPS)
def test_whatever_is_sent_a_frame_is_sound(
    people: int, steps: list[tuple[list[tuple[object, ...]], float]]
) -> None:
    circle = Circle(luna(), people, 3)
    play(circle, steps)
    for _ in range(40):  # and after, when everything fades
        sound(circle.step(0.1))


def test_nobody_at_all_is_sound_too() -> None:
    circle = Circle(luna(), 0, 1)
    sound(after(circle, 2.0))
    send(circle, "/participant/ana/join")
    sound(after(circle, 2.0))
    send(circle, "/participant/ana/leave")
    sound(after(circle, 6.0))


# ---- going on -------------------------------------------------------------------------------


@settings(max_examples=25, deadline=None)
@given(st.integers(0, 3), STEPS, STEPS)
def test_a_circle_goes_on_from_its_frame_to_the_last_bit(
    people: int,
    before: list[tuple[list[tuple[object, ...]], float]],
    then: list[tuple[list[tuple[object, ...]], float]],
) -> None:
    """After a crash the night goes on as if nothing had been: no state lives beside the Frame."""
    whole = Circle(luna(), people, 3)
    frame = play(whole, before)
    again = decode(encode(frame))
    assert identical(frame, again) == []
    resumed = Circle.going_on(luna(), again)
    for step in then:
        assert identical(play(whole, [step]), play(resumed, [step])) == []
    for _ in range(30):
        assert identical(whole.step(0.1), resumed.step(0.1)) == []


def test_going_on_in_the_middle_of_a_crossfade_and_a_queue() -> None:
    circle = full()
    for person in ("late", "later"):
        send(circle, f"/participant/{person}/join")
    send(circle, "/preset", "ember", 10.0)
    send(circle, "/tap")
    circle.step(0.5)
    send(circle, "/tap")
    send(circle, "/participant/p3/leave")
    frame = after(circle, 1.0, 0.1)
    resumed = Circle.going_on(luna(), decode(encode(frame)))
    for _ in range(60):
        assert identical(circle.step(0.1), resumed.step(0.1)) == []
    assert "late" in circle.people.ids


def test_a_frame_cannot_change_under_its_reader() -> None:
    circle = Circle(luna(), 3, 1)
    frame = circle.step(DT)
    kept = encode(frame)
    send(circle, "/resonance", 1.0)
    send(circle, "/participant/sim-1/palette", 0.9)
    after(circle, 1.0)
    assert encode(frame) == kept
    with pytest.raises(ValueError, match="read-only"):
        frame.people.seat[0] = 0.0


def test_a_frame_of_a_show_that_was_edited_falls_back() -> None:
    frame = msgspec.structs.replace(Circle(luna(), 3, 1).step(DT), preset="gone", before="gone",
                                    phase=99)  # fmt: skip
    circle = Circle.going_on(luna(), frame)
    assert circle.preset in luna().presets
    assert circle.phase < len(luna().show.phase)
    sound(circle.step(DT))


def test_the_same_seed_dreams_the_same_and_another_does_not() -> None:
    first, second = (after(Circle(luna(), 6, 5), 3.0) for _ in range(2))
    assert identical(first, second) == []
    other = after(Circle(luna(), 6, 6), 3.0)
    assert not np.array_equal(first.people.seed, other.people.seed)
