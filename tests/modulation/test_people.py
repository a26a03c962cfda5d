"""People as sources and as targets: each their own, by consent, and never past what a hand set."""

import numpy as np
import pytest

from performer.circle import sensing
from performer.circle.circle import Circle
from performer.frame import INPUTS, Frame, decode, encode
from performer.journal import last
from performer.modulation import GONE, PALETTE
from performer.parameters import TREE
from performer.show.modulating import Modulation
from performer.show.routes import GROUP, SENSES
from tests.modulation.rows import DRIFT, DT, GLOW, after, bundled, library, row, send

TIDE = bundled().generators["moon"].slots["tide"].start
SLOW = {"attack": 30.0, "release": 60.0}
QUICK = {"attack": 0.05, "release": 0.05}


def circle_of(*rows: Modulation, people: int = 6) -> Circle:
    """A steady circle whose luna is moved by these rows; all draw a moon."""
    circle = Circle(library(*rows), people=people, seed=2)
    for row_ in range(people):
        circle.people.generators[row_] = circle.people.wanted[row_] = "moon"
        circle.people.chosen[row_] = True
    return circle


def joined(circle: Circle, person: str = "ann") -> int:
    send(circle, f"/participant/{person}/join", "Ann")
    found = circle.people.row(person)
    assert found is not None
    return found


def tell(circle: Circle, sense: str, value: float = 1.0, person: str = "ann") -> None:
    """Somebody's own data; a heart asks for its consent first."""
    if sense in ("valence", "arousal"):
        feeling = (value, 0.0) if sense == "valence" else (0.0, value)
        send(circle, f"/participant/{person}/feeling", *feeling)
    elif sense == "heart":
        send(circle, f"/participant/{person}/consent", "use_heart", 1)
        send(circle, f"/participant/{person}/heart", 40.0 + 100.0 * value)
    elif sense == "breath":
        send(circle, f"/participant/{person}/breath", value)
    else:
        send(circle, f"/participant/{person}/rhythm", 0.05 + value)


# ---- one person's data moves a fader --------------------------------------------------------


@pytest.mark.parametrize("sense", SENSES)
def test_everything_known_of_a_person_moves_a_target(sense: str) -> None:
    still = circle_of(row(source=f"participant/ann/{sense}", **QUICK))
    assert after(still, 0.5).values[GLOW] == after(still, 0.1).base[GLOW], "nobody is called ann"
    joined(still)
    moved = 0.0
    for _ in range(45):
        tell(still, sense)
        frame = still.step(DT)
        moved = max(moved, abs(frame.values[GLOW] - frame.base[GLOW]))
    assert moved > 0.05


LOOKS = [TREE.place(f"/look/{n}") for n in ("glow", "rim", "grain", "warp", "trails")]
"""What each of SENSES moves in the next test."""


@pytest.mark.parametrize("way", ["leave", "pause", "consent"])
def test_from_the_next_frame_on_nothing_of_who_withdraws_is_read(way: str) -> None:
    """Two nights: in one their data go on standing there. What they moved fades alike in both."""
    rows = [row(source=f"participant/ann/{s}", target=TREE.continuous[look].address,
                attack=5.0, release=60.0)
            for s, look in zip(SENSES, LOOKS, strict=True)]  # fmt: skip
    together = row(source="circle/arousal", target="/look/drift", **QUICK)

    def night(late: bool) -> list[Frame]:
        circle = circle_of(*rows, together, people=3)
        ann = joined(circle)
        for _ in range(40):
            for sense in SENSES:
                tell(circle, sense)
            data(circle, ann)
            circle.step(DT)
        if way == "consent":
            for purpose in ("use_heart", "couple_rhythm", "visual_layer"):
                send(circle, "/participant/ann/consent", purpose, 0)
        else:
            send(circle, f"/participant/ann/{way}")
        found: list[Frame] = []
        for _ in range(150):
            if late:
                data(circle, ann)
            found.append(circle.step(DT))
        return found

    def data(circle: Circle, ann: int) -> None:
        p = circle.people
        p.told_valence[ann] = p.told_arousal[ann] = p.valence[ann] = p.arousal[ann] = 1.0
        p.heart[ann], p.breath[ann] = 140.0, 1.0
        p.feeling_age[ann] = p.heart_age[ann] = 0.0

    plain, late = night(False), night(True)
    moved = np.array([(f.values - f.base)[LOOKS] for f in plain])
    assert moved == pytest.approx(np.array([(f.values - f.base)[LOOKS] for f in late]), abs=1e-12)
    assert (moved[0] > 0.01).all()
    assert (np.diff(moved, axis=0) < 0).all()
    assert (moved[-1] < 0.1 * moved[0]).all(), "in 2.5 s, whatever the row's release"
    if way != "consent":  # who is in still feels with the others, and they may show it
        assert [f.values[DRIFT] for f in plain] == [f.values[DRIFT] for f in late]


def test_the_consent_table_decides_sense_by_sense() -> None:
    circle = circle_of()
    ann = joined(circle)
    for sense in SENSES:
        tell(circle, sense)
    circle.step(DT)
    known = sensing.sensed(circle.people).known[ann]
    assert known.all()
    for purpose, lost in (("use_heart", "heart"), ("couple_rhythm", "rhythm")):
        send(circle, "/participant/ann/consent", purpose, 0)
        circle.people.heart[ann], circle.people.heart_age[ann] = 100.0, 0.0
        found = sensing.sensed(circle.people)
        assert [s for s, k in zip(SENSES, found.known[ann], strict=True) if not k] == [lost]
        assert found.values[ann, SENSES.index(lost)] == 0.0
        send(circle, "/participant/ann/consent", purpose, 1)
        send(circle, "/participant/ann/heart", 100.0)
    send(circle, "/participant/ann/pause")
    assert not sensing.sensed(circle.people).known[ann].any()


def test_a_heart_taken_back_is_not_in_the_arousal_it_had_moved() -> None:
    """The last Frame's arousal still holds it."""
    circle = circle_of(row(source="participant/ann/arousal", **QUICK))
    ann = joined(circle)
    tell(circle, "heart")
    assert after(circle, 0.5).people.arousal[ann] > 0.5
    assert sensing.sensed(circle.people).values[ann, SENSES.index("arousal")] > 0.5
    send(circle, "/participant/ann/consent", "use_heart", 0)
    circle.people.heart[ann], circle.people.heart_age[ann] = 140.0, 0.0
    assert sensing.sensed(circle.people).values[ann, SENSES.index("arousal")] == 0.0


def test_what_the_circle_is_together_is_measured_as_the_frame_measures_it() -> None:
    circle = circle_of(people=12)
    frame = after(circle, 10.0)
    now = dict(zip(GROUP, sensing.together(circle.people, circle.life.group), strict=True))
    assert now["valence"] == pytest.approx(frame.group.valence, abs=1e-9)
    assert now["arousal"] == pytest.approx(frame.group.arousal, abs=1e-9)
    assert now["strength"] == pytest.approx(np.hypot(now["valence"], now["arousal"]))
    assert now["order"] == pytest.approx(circle.step(1e-9).group.corrected, abs=1e-6)


# ---- each person's own ----------------------------------------------------------------------


def test_each_ones_breath_moves_their_own_input_and_nobody_elses() -> None:
    circle = circle_of(row(source="participant/self/breath", amount=1.0, **QUICK,
                           target="/participant/*/input/tide"))  # fmt: skip
    frame = circle.step(DT)
    for _ in range(60):
        circle.people.breath[:6] = np.arange(6) / 10
        frame = circle.step(DT)
    swing = frame.people.swing
    assert swing[:6, TIDE] == pytest.approx(np.arange(6) / 10, abs=0.02)
    assert not np.delete(swing, TIDE, axis=1).any()
    assert not swing[6:].any()


def test_one_target_alone_and_a_generator_without_the_input() -> None:
    target = "/participant/sim-3/input/tide"
    circle = circle_of(row(source="/macro/1", target=target, amount=0.5),
                       row(source="/macro/2", target="/participant/*/input/bloom"))  # fmt: skip
    for knob in (1, 2):
        send(circle, f"/macro/{knob}", 1.0)
    swing = after(circle, 2.0).people.swing
    assert swing[2, TIDE] == pytest.approx(0.5, abs=0.01)
    assert np.count_nonzero(swing) == 1, "no moon has a bloom"


def test_a_fader_can_open_what_is_each_ones_own() -> None:
    rows = (row(wave="square", rate=0.01, target="/participant/*/input/tide", amount=0.0,
                name="ripple"),
            row(source="participant/self/breath", target="ripple.amount", amount=0.5, **QUICK),
            row(source="/macro/1", target="ripple.amount", amount=0.25))  # fmt: skip
    circle = circle_of(*rows)
    send(circle, "/macro/1", 1.0)
    frame = circle.step(DT)
    for _ in range(120):
        circle.people.breath[:6] = np.arange(6) / 5
        frame = circle.step(DT)
    assert frame.people.swing[:6, TIDE] == pytest.approx(0.25 + 0.1 * np.arange(6), abs=0.02)


def test_a_palette_moves_and_its_place_stays() -> None:
    circle = circle_of(row(source="/macro/1", target="/participant/*/palette", amount=0.3))
    before = after(circle, 0.2)
    send(circle, "/macro/1", 1.0)
    turned = after(circle, 2.0)
    assert np.array_equal(turned.people.place, before.people.place)
    assert turned.people.swing[:6, PALETTE] == pytest.approx(0.3, abs=0.01)
    assert np.abs(turned.people.colours[:6] - before.people.colours[:6]).max() > 0.02
    send(circle, "/macro/1", 0.0)
    assert after(circle, 3.0).people.colours == pytest.approx(before.people.colours, abs=1e-4)


def test_a_frame_that_is_gone_on_from_keeps_no_modulation_for_what_a_hand_set() -> None:
    rows = library(row(source="/macro/1", target="/participant/*/input/tide", amount=0.5))
    circle = Circle(rows, people=6, seed=2)
    moon = circle.people.generators.index("moon")
    send(circle, f"/participant/sim-{moon + 1}/input/tide", 0.2)
    send(circle, "/macro/1", 1.0)
    frame = after(circle, 2.0)
    again = Circle.going_on(rows, decode(encode(frame)))
    send(again, "/macro/1", 0.0)
    later = after(again, 3.0)
    assert later.people.inputs[moon, TIDE] == 0.2
    assert np.count_nonzero(~np.isnan(later.people.inputs)) == 1
    assert np.abs(later.people.swing).max() < 1e-4
    assert frame.people.swing[moon, TIDE] == pytest.approx(0.5, abs=0.01)


def test_a_fade_that_is_turned_round_leaves_no_jump_in_peoples_inputs() -> None:
    circle = circle_of(row(source="/macro/1", target="/participant/*/input/tide", amount=1.0))
    send(circle, "/macro/1", 1.0)
    way = [after(circle, 2.0).people.swing[0, TIDE]]
    for k in range(90):
        if k % 20 == 0:
            send(circle, "/preset", ("frost", "luna")[k // 20 % 2], 0.5 + 0.1 * k)
        way.append(circle.step(DT).people.swing[0, TIDE])
    assert np.abs(np.diff(way)).max() <= 1 - np.exp(-DT / sensing.SWING) + 1e-9
    assert min(way) < 0.8


@pytest.mark.parametrize("then", [("/morph/to", "ember"), ("/preset", "ember", 60.0)])
def test_a_long_fade_that_is_interrupted_lets_peoples_inputs_go_gently(
    then: tuple[object, ...],
) -> None:
    circle = circle_of(row(source="/macro/1", target="/participant/*/input/tide", amount=1.0))
    send(circle, "/macro/1", 1.0)
    after(circle, 3.0)
    send(circle, "/preset", "frost", 60.0)
    way = [float(after(circle, 30.0).people.swing[:, TIDE].max())]
    assert way[0] == pytest.approx(0.5, abs=0.05)
    send(circle, str(then[0]), *then[1:])
    for _ in range(90):
        way.append(float(circle.step(1 / 30).people.swing[:, TIDE].max()))
    assert np.abs(np.diff(way)).max() <= way[0] / (30 * GONE) + 1e-3
    assert way[-1] < 0.02


@pytest.mark.parametrize("then", [("/morph/to", "ember"), ("/preset", "ember", 600.0)])
@pytest.mark.parametrize("way", [("leave",), ("consent", "visual_layer", 0)])
def test_what_an_interrupted_fade_holds_of_somebody_is_gone_in_seconds_too(
    way: tuple[object, ...], then: tuple[object, ...]
) -> None:
    circle = circle_of(row(source="participant/ann/arousal", **QUICK),
                       row(source="participant/ann/arousal", target="/participant/*/input/tide",
                           **QUICK), people=3)  # fmt: skip
    joined(circle)
    send(circle, "/preset", "frost", 4.0)
    for _ in range(60):
        tell(circle, "arousal")
        circle.step(1 / 30)
    send(circle, str(then[0]), *then[1:])
    frame = circle.step(DT)
    assert frame.values[GLOW] - frame.base[GLOW] > 0.1
    assert frame.people.swing[:, TIDE].max() > 0.1
    send(circle, f"/participant/ann/{way[0]}", *way[1:])
    frame = after(circle, 5.0)
    assert frame.values[GLOW] - frame.base[GLOW] == pytest.approx(0.0, abs=0.002)
    assert frame.people.swing[:, TIDE].max() < 0.002


def test_what_a_morph_held_of_somebody_never_comes_back() -> None:
    """It is not seen at the morph's far end, and time goes by there too."""
    circle = circle_of(row(source="participant/ann/arousal", **QUICK), people=3)
    joined(circle)
    send(circle, "/preset", "frost", 4.0)
    for _ in range(60):
        tell(circle, "arousal")
        circle.step(1 / 30)
    send(circle, "/morph/to", "ember")
    send(circle, "/morph", 1.0)
    circle.step(DT)
    send(circle, "/participant/ann/leave")
    after(circle, 10.0)
    send(circle, "/morph", 0.0)
    frame = circle.step(DT)
    assert frame.values[GLOW] == frame.base[GLOW]


AROUSED = [
    row(source="circle/arousal", amount=1.0, attack=0.05, release=60.0),
    row(envelope={"trigger": "circle/arousal", "attack": 0.05, "sustain": 1.0, "release": 60.0},
        target="/look/drift", amount=1.0),
]  # fmt: skip


def feeling_together(circle: Circle, seconds: float, **arousals: float) -> Frame:
    frame = circle.step(DT)
    for _ in range(round(seconds * 20)):
        for person, arousal in arousals.items():
            tell(circle, "arousal", arousal, person)
        frame = circle.step(0.05)
    return frame


@pytest.mark.parametrize("way", [("leave",), ("pause",), ("consent", "visual_layer", 0)])
def test_what_the_circle_said_holds_nobodys_part_who_has_withdrawn(way: tuple[object, ...]) -> None:
    circle = circle_of(*AROUSED, people=0)
    for person in ("ann", "bob"):
        joined(circle, person)
    before = feeling_together(circle, 1.0, ann=1.0, bob=0.2)
    assert (before.values - before.base)[[GLOW, DRIFT]] == pytest.approx([0.6, 1.0], abs=0.1)
    send(circle, f"/participant/ann/{way[0]}", *way[1:])
    again = Circle.going_on(circle.library, decode(encode(circle.step(DT))))
    frame = feeling_together(circle, 6.0, bob=0.2)
    assert np.array_equal(frame.values, feeling_together(again, 6.0, bob=0.2).values)
    moved = frame.values - frame.base
    assert moved[[GLOW, DRIFT]] == pytest.approx([0.2, 0.0], abs=0.02), "what bob says is left"
    later = feeling_together(circle, 3.0, bob=-0.5)
    assert (later.values - later.base)[GLOW] > 0.8 * moved[GLOW], "in its own time again"


def test_an_envelope_of_the_circle_that_others_hold_goes_on() -> None:
    circle = circle_of(*AROUSED, people=0)
    for person in ("ann", "bob"):
        joined(circle, person)
    feeling_together(circle, 1.0, ann=0.9, bob=0.8)
    send(circle, "/participant/ann/leave")
    for _ in range(120):
        tell(circle, "arousal", 0.8, "bob")
        frame = circle.step(0.05)
        assert frame.values[DRIFT] - frame.base[DRIFT] > 0.7


def test_where_nobody_says_anything_what_the_circle_said_is_soon_gone() -> None:
    circle = circle_of(*AROUSED, people=0)
    joined(circle)
    feeling_together(circle, 1.0, ann=1.0)
    send(circle, "/participant/ann/leave")
    frame = after(circle, 12.0)
    assert (frame.values - frame.base)[[GLOW, DRIFT]] == pytest.approx(0.0, abs=1e-4)


def test_who_leaves_takes_everything_of_theirs_along() -> None:
    circle = circle_of(row(source="participant/self/breath", attack=30.0, release=60.0,
                           target="/participant/*/input/tide"))  # fmt: skip
    ann = joined(circle)
    circle.people.generators[ann] = circle.people.wanted[ann] = "moon"
    frame = circle.step(DT)
    for _ in range(300):
        circle.people.breath[ann] = 1.0
        frame = circle.step(DT)
    assert frame.people.swing[ann, TIDE] > 0.02
    send(circle, "/participant/ann/leave")
    gone = circle.step(DT)
    assert not gone.people.swing[ann].any()
    after(circle, 4.0)
    people = (joined(circle, f"new-{k}") for k in range(4))
    assert ann in people, "somebody else has the row now"
    circle.people.generators[ann] = circle.people.wanted[ann] = "moon"
    circle.people.breath[ann] = 0.0
    circle.people.breath_age[ann], circle.people.breath_heard[ann] = 0.0, 0.0
    assert after(circle, 0.5).people.swing[ann, TIDE] == pytest.approx(0.0, abs=1e-6)


def test_rows_grow_with_the_circle_and_everybody_keeps_their_memory() -> None:
    circle = circle_of(row(source="participant/self/breath", amount=1.0, **SLOW,
                           target="/participant/*/palette"), people=4)  # fmt: skip
    before = after(circle, 3.0).people
    for k in range(5):
        send(circle, f"/participant/p{k}/join")
    now = circle.step(DT).people
    assert now.capacity > before.capacity
    for k, person in enumerate(before.ids):
        if person in now.ids and not now.leaving[now.ids.index(person)]:
            assert now.swing[k, PALETTE] == pytest.approx(before.swing[k, PALETTE], abs=0.01)
    assert before.swing[:4, PALETTE].min() > 0.005


def test_what_is_kept_on_disk_holds_nothing_that_a_heart_has_moved() -> None:
    circle = circle_of(row(source="participant/ann/heart", **QUICK),
                       row(source="participant/self/heart", target="/participant/*/palette",
                           **QUICK))  # fmt: skip
    ann = joined(circle)
    frame = circle.step(DT)
    for _ in range(60):
        tell(circle, "heart")
        frame = circle.step(DT)
    assert frame.people.swing[ann].any()
    kept = last._without_unrecorded(frame)  # pyright: ignore[reportPrivateUsage]
    assert not kept.people.swing[ann].any()
    assert not kept.followed
    assert np.array_equal(kept.values, kept.base)
    assert kept.people.swing.shape == (frame.people.capacity, INPUTS + 1)
