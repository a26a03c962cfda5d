"""The Circle: phases, hands, joining and leaving, consent, and going on from a Frame."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from performer.circle import members
from performer.circle.circle import Circle
from performer.circle.commands import COMMANDS
from performer.errors import PerformerError
from performer.frame import COLUMNS, MOST_PEOPLE, TEXTS, Frame, decode, encode
from performer.parameters import PARAMETERS, TREE, Nature
from performer.show.shows import load_show

LIBRARY = load_show("luna-circle")
DT = 1 / 30


def circle(people: int = 12) -> Circle:
    return Circle(LIBRARY, people=people)


def tell(target: Circle, address: str, *args: object) -> None:
    target.take(TREE.accept(address, list(args)))


def run(target: Circle, seconds: float, dt: float = DT) -> Frame:
    frame = target.step(dt)
    for _ in range(round(seconds / dt) - 1):
        frame = target.step(dt)
    return frame


def value(frame: Frame, address: str) -> float:
    return float(frame.values[TREE.place(address)])


def row(frame: Frame, person: str) -> int:
    found = frame.people.row(person)
    assert found is not None
    return found


# ---- the night's order -----------------------------------------------------------------------


def test_every_message_that_is_no_value_has_a_command() -> None:
    wanted = {p.address for p in PARAMETERS if p.nature in (Nature.STATE, Nature.EVENT)}
    assert set(COMMANDS) == wanted


def test_phases_follow_each_other_on_their_own() -> None:
    night = circle(4)
    for number, phase in enumerate(LIBRARY.show.phase):
        assert night.phase == number
        run(night, phase.seconds + 0.5, dt=0.25)
    assert night.phase == len(LIBRARY.show.phase) - 1


def test_a_held_phase_stays_until_it_is_let_go() -> None:
    night = circle(4)
    tell(night, "/phase/hold", 1)
    run(night, LIBRARY.show.phase[0].seconds + 30, dt=0.25)
    assert night.phase == 0
    tell(night, "/phase/hold", 0)
    run(night, 1.0)
    assert night.phase == 1


def test_a_phase_reaches_its_end_values() -> None:
    night = circle(4)
    phase = LIBRARY.show.phase[0]
    frame = run(night, phase.seconds - 1.0, dt=0.25)
    for address, wanted in phase.to.items():
        assert frame.base[TREE.place(address)] == pytest.approx(wanted, abs=0.01)


def test_a_hand_holds_until_release_and_then_glides() -> None:
    night = circle(4)
    tell(night, "/resonance", 0.9)
    assert value(run(night, 20.0), "/resonance") == pytest.approx(LIBRARY.show.policy.resonance_cap)
    tell(night, "/release", "/resonance")
    first = value(night.step(DT), "/resonance")
    assert first > 0.85
    assert value(run(night, 5.0), "/resonance") < 0.3


def test_the_next_phase_takes_what_it_names_out_of_the_hand() -> None:
    night = circle(4)
    tell(night, "/individuality", 0.0)
    tell(night, "/look/rim", 1.0)
    tell(night, "/phase/next")
    frame = run(night, LIBRARY.show.phase[1].fade + 1.0)
    assert value(frame, "/individuality") > 0.5
    assert not frame.arc.hands[TREE.place("/individuality")]


def test_a_preset_changes_generators_one_after_another_in_the_dark() -> None:
    night = circle(12)
    before = list(night.people.generators)
    tell(night, "/preset", "ember", 6.0)
    dark = np.zeros(12, dtype=bool)
    changed: list[float] = []
    for _ in range(round(14 / DT)):
        old = list(night.people.generators)
        frame = night.step(DT)
        for r in range(12):
            if frame.people.generators[r] != old[r]:
                changed.append(frame.time)
                dark[r] = frame.people.veil[r] > 0.9
    wanted = [members.dealt(LIBRARY.presets["ember"].generators, r) for r in range(12)]
    assert night.people.generators[:12] == wanted
    assert len(changed) == sum(a != b for a, b in zip(before, wanted, strict=False) if b)
    assert len(set(changed)) > 3
    assert dark[[a != b for a, b in zip(before[:12], wanted, strict=True)]].all()
    assert (night.people.veil[:12] == 0.0).all()


def test_tapping_sets_the_tempo() -> None:
    night = circle(4)
    for _ in range(4):
        tell(night, "/tap")
        run(night, 0.5, dt=0.05)
    assert night.base[TREE.place("/tempo")] == pytest.approx(120.0, rel=0.01)


def test_policy_has_the_last_word_and_says_so() -> None:
    night = circle(4)
    tell(night, "/resonance", 1.0)
    frame = night.step(DT)
    assert value(frame, "/resonance") == LIBRARY.show.policy.resonance_cap
    assert frame.base[TREE.place("/resonance")] == 1.0
    assert frame.clamps == ("/resonance",)


def test_freeze_stops_layers_and_not_the_masters() -> None:
    night = circle(4)
    tell(night, "/freeze", 1)
    before = night.people.time.copy()
    tell(night, "/individuality", 0.123)
    frame = run(night, 1.0)
    assert np.array_equal(frame.people.time, before)
    assert value(frame, "/individuality") == pytest.approx(0.123)


# ---- people ----------------------------------------------------------------------------------


def test_a_join_takes_the_place_of_the_youngest_simulated_one() -> None:
    night = circle(12)
    tell(night, "/participant/ada/join", "Ada")
    frame = run(night, 6.0)
    assert "sim-12" not in frame.people.ids
    assert sum(map(bool, frame.people.ids)) == 12
    r = row(frame, "ada")
    assert frame.people.present[r] == 1.0
    assert frame.people.names[r] == "Ada"
    assert frame.people.area[r] > 0.5 / 12


def test_the_257th_waits_and_gets_in_when_somebody_leaves() -> None:
    night = circle(0)
    for k in range(MOST_PEOPLE + 1):
        tell(night, f"/participant/p{k}/join")
    frame = night.step(DT)
    assert frame.waiting == {"p256": ""}
    assert frame.people.row("p256") is None
    tell(night, "/participant/p7/leave")
    frame = run(night, members.FADE + 0.2, dt=0.1)
    assert frame.people.row("p256") is not None
    assert not frame.waiting


def test_who_comes_back_gets_seat_and_palette_back() -> None:
    night = circle(6)
    tell(night, "/participant/ada/join")
    tell(night, "/participant/ada/palette", 0.31)
    frame = run(night, 6.0)
    seat = frame.people.seat[row(frame, "ada")].copy()
    tell(night, "/participant/ada/leave")
    run(night, 8.0)
    assert night.people.row("ada") is None
    tell(night, "/participant/ada/join")
    frame = night.step(DT)
    r = row(frame, "ada")
    assert frame.people.place[r] == pytest.approx(0.31)
    assert np.linalg.norm(frame.people.seat[r] - seat) < 0.05


def test_withdrawal_leaves_nothing_of_a_person_in_the_next_frame() -> None:
    night = circle(6)
    for tail, args in (("join", ["Ada"]), ("feeling", [0.9, 0.9]), ("breath", [1.0])):
        tell(night, f"/participant/ada/{tail}", *args)
    run(night, 5.0)
    tell(night, "/participant/ada/leave")
    frame = night.step(DT)
    p, r = frame.people, row(frame, "ada")
    assert p.leaving[r]
    assert not p.consent[r].any()
    for column in ("valence", "arousal", "confidence", "told_valence", "told_arousal", "heart",
                   "breath_heard", "resonance"):
        assert getattr(p, column)[r] == 0.0, column
    assert p.names[r] == ""
    frame = run(night, members.FADE + 0.2)
    assert frame.people.row("ada") is None


def test_nobody_is_played_who_is_not_here() -> None:
    night = circle(2)
    with pytest.raises(PerformerError, match="nobody of that id"):
        tell(night, "/participant/bob/feeling", 0.1, 0.1)


# ---- consent ---------------------------------------------------------------------------------


def test_without_consent_to_couple_a_rhythm_is_ones_own() -> None:
    night = circle(12)
    tell(night, "/individuality", 0.0)
    tell(night, "/coupling", 1.0)
    tell(night, "/participant/sim-3/consent", "couple_rhythm", 0)
    run(night, 3.0)
    before, rate = night.people.theta[2], night.people.omega[2]
    frame = night.step(DT)
    assert (frame.people.theta[2] - before) % (2 * np.pi) == pytest.approx(rate * DT)


def test_a_heart_is_refused_without_consent() -> None:
    night = circle(2)
    tell(night, "/participant/ada/join")
    with pytest.raises(PerformerError, match="use_heart"):
        tell(night, "/participant/ada/heart", 70)
    tell(night, "/participant/ada/consent", "use_heart", 1)
    tell(night, "/participant/ada/heart", 120)
    frame = night.step(DT)
    assert frame.people.confidence[row(frame, "ada")] > 0.0


def test_who_does_not_want_to_be_seen_fades_and_stays_in_the_circle() -> None:
    night = circle(6)
    tell(night, "/participant/sim-2/consent", "visual_layer", 0)
    frame = run(night, 5.0)
    r = row(frame, "sim-2")
    assert frame.people.present[r] == 0.0
    tell(night, "/participant/sim-2/consent", "visual_layer", 1)
    assert run(night, 5.0).people.present[r] == 1.0


def test_a_pause_uses_nothing_and_dims_to_embers() -> None:
    night = circle(6)
    tell(night, "/participant/ada/join")
    tell(night, "/participant/ada/feeling", 0.9, 0.9)
    run(night, 5.0)
    tell(night, "/participant/ada/pause", 1)
    time = night.people.time[night.row(TREE.accept("/participant/ada/pause", [1]))]
    frame = run(night, 4.0)
    r = row(frame, "ada")
    assert frame.people.confidence[r] == 0.0
    assert frame.people.time[r] == time
    assert 0.5 < frame.people.veil[r] < 1.0
    tell(night, "/participant/ada/pause", 0)
    assert run(night, 4.0).people.veil[r] == 0.0


def test_softer_goes_down_by_a_tenth_and_not_again_for_a_while() -> None:
    night = circle(6)
    for _ in range(3):
        tell(night, "/participant/sim-1/softer")
    assert night.step(DT).group.softer == pytest.approx(0.9)
    run(night, 31.0, dt=0.1)
    tell(night, "/participant/sim-1/softer")
    assert night.step(DT).group.softer < 0.85


def test_a_floor_raises_ones_own_individuality_only() -> None:
    night = circle(6)
    tell(night, "/individuality", 0.1)
    tell(night, "/participant/sim-1/floor", 0.8)
    frame = night.step(DT)
    assert frame.people.m[0] == pytest.approx(0.8)
    assert frame.people.m[1:6] == pytest.approx(0.1)


def test_a_cap_limits_ones_own_resonance() -> None:
    night = circle(6)
    tell(night, "/resonance", 0.9)
    tell(night, "/participant/sim-1/cap", 0.2)
    frame = run(night, 2.0)
    assert frame.people.resonance[0] <= 0.2
    assert frame.people.resonance[1:6].min() > 0.3


# ---- Frames ----------------------------------------------------------------------------------


def assert_same(one: Frame, two: Frame) -> None:
    for name in (*TEXTS, *COLUMNS):
        a, b = getattr(one.people, name), getattr(two.people, name)
        assert np.array_equal(np.asarray(a), np.asarray(b), equal_nan=name == "inputs"), name
    for name in one.__struct_fields__:
        if name not in ("people", "arc"):
            a, b = getattr(one, name), getattr(two, name)
            assert np.array_equal(a, b) if isinstance(a, np.ndarray) else a == b, name


def test_going_on_from_a_frame_is_going_on() -> None:
    night = circle(9)
    tell(night, "/resonance", 0.7)
    tell(night, "/participant/ada/join", "Ada")
    tell(night, "/participant/ada/feeling", 0.4, 0.2)
    run(night, 3.0)
    tell(night, "/preset", "ember", 5.0)
    tell(night, "/participant/sim-2/leave")
    frame = run(night, 1.0)
    again = Circle.going_on(LIBRARY, decode(encode(frame)))
    for _ in range(90):
        assert_same(night.step(DT), again.step(DT))


MESSAGES = [
    ("/resonance", [0.0]), ("/resonance", [1.0]), ("/individuality", [0.0]),
    ("/individuality", [1.0]), ("/coupling", [1.0]), ("/dissolve", [1.0]), ("/panic", []),
    ("/preset", [1]), ("/preset", ["ember", 0.0]), ("/phase/next", []), ("/phase/go", [1]),
    ("/release/all", []), ("/freeze", [1]), ("/freeze", [0]), ("/tap", []), ("/tempo", [240.0]),
    ("/participant/a/join", ["A"]), ("/participant/a/leave", []), ("/participant/b/join", []),
    ("/participant/b/leave", []), ("/participant/a/feeling", [1.0, -1.0]),
    ("/participant/a/rhythm", [4.0]), ("/participant/a/ratio", [9, 1]),
    ("/participant/a/pause", [1]), ("/participant/a/pause", [0]),
    ("/participant/a/consent", ["visual_layer", 0]), ("/participant/sim-1/leave", []),
    ("/participant/sim-2/leave", []), ("/participant/sim-1/join", []),
    ("/participant/sim-2/solo", [1]), ("/participant/sim-2/mute", [1]),
    ("/participant/a/generator", ["ink"]), ("/participant/a/palette", [1.0]),
    ("/participant/sim-1/object", []), ("/participant/sim-1/softer", []),
]  # fmt: skip


@settings(max_examples=60, deadline=None)
@given(st.lists(st.tuples(st.sampled_from(MESSAGES), st.sampled_from([1 / 60, 0.1, 1.0])),
                max_size=25), st.integers(0, 3))  # fmt: skip
def test_whatever_is_played_frames_stay_whole(
    played: list[tuple[tuple[str, list[object]], float]], people: int
) -> None:
    night = circle(people)
    for (address, args), dt in played:
        try:
            tell(night, address, *args)
        except PerformerError:
            continue
        finally:
            frame = night.step(dt)
            check_whole(frame)
    frame = night.step(DT)
    check_whole(frame)


def check_whole(frame: Frame) -> None:
    p = frame.people
    assert np.isfinite(frame.values).all()
    assert ((frame.values >= TREE.low) & (frame.values <= TREE.high)).all()
    for name in COLUMNS:
        if name != "inputs":
            assert np.isfinite(getattr(p, name)).all(), name
    for name in ("present", "veil", "energy", "breath", "resonance", "wave", "m"):
        column = getattr(p, name)
        assert ((column >= 0.0) & (column <= 1.0)).all(), name
    visible = p.present > 0.0
    if visible.any():
        assert p.area[visible].sum() == pytest.approx(1.0, abs=0.35)
    assert (np.abs(p.seat[visible]) <= [frame.aspect / 2, 0.5]).all()
