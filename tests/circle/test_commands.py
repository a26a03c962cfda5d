"""Every address of the tree does what it says, refuses what it cannot, and none is forgotten."""

import numpy as np
import pytest

from performer.circle.circle import Circle
from performer.circle.commands import COMMANDS, refuse_early
from performer.errors import ControlError, PerformerError
from performer.parameters import TREE, Nature

from .circles import after, luna, send, value

DT = 1 / 30


def test_every_address_has_its_command_and_no_command_is_left_over() -> None:
    wanted = {p.address for p in TREE.parameters if p.nature in (Nature.EVENT, Nature.STATE)}
    assert set(COMMANDS) == wanted


def circle_with(person: str = "ana") -> tuple[Circle, int]:
    circle = Circle(luna(), 3, 1)
    send(circle, f"/participant/{person}/join")
    row = circle.people.row(person)
    assert row is not None
    return circle, row


def test_panic_counts_from_the_press_and_not_from_the_letting_go() -> None:
    circle = Circle(luna(), 1, 1)
    assert circle.step(DT).panic_age >= 1e9
    send(circle, "/panic", 1.0)
    assert circle.step(DT).panic_age == DT
    send(circle, "/panic", 0.0)
    assert circle.step(DT).panic_age == 2 * DT
    send(circle, "/panic")
    assert circle.step(DT).panic_age == DT


def test_taps_set_the_tempo() -> None:
    circle = Circle(luna(), 1, 1)
    for _ in range(5):
        send(circle, "/tap")
        after(circle, 0.5, 0.05)
    frame = circle.step(DT)
    assert value(frame, "/tempo", base=True) == pytest.approx(120.0)
    after(circle, 10.0, 0.1)
    send(circle, "/tap", 0.0)
    send(circle, "/tap", 1.0)
    assert value(circle.step(DT), "/tempo", base=True) == pytest.approx(120.0), "one tap is none"


def test_frantic_taps_stay_in_range() -> None:
    circle = Circle(luna(), 1, 1)
    for _ in range(6):
        send(circle, "/tap")
        circle.step(1 / 240)
    assert value(circle.step(DT), "/tempo") <= 240.0


def test_phases_by_number_and_by_next() -> None:
    circle = Circle(luna(), 1, 1)
    send(circle, "/phase/go", 3)
    assert circle.step(DT).phase == 2
    send(circle, "/phase/next")
    send(circle, "/phase/next", 0.0)
    frame = circle.step(DT)
    assert frame.phase == 3
    assert frame.preset == luna().show.phase[3].preset
    for _ in range(4):
        send(circle, "/phase/next")
    assert circle.step(DT).phase == 4
    with pytest.raises(ControlError, match="has 5 phases, found 9"):
        send(circle, "/phase/go", 9)
    assert circle.step(DT).phase == 4


def test_presets_by_name_and_number() -> None:
    circle = Circle(luna(), 1, 1)
    keys = luna().show.presets
    send(circle, "/preset", 2, 0.0)
    assert circle.step(DT).preset == keys[1]
    send(circle, "/preset", "luna")
    assert circle.step(DT).preset == "luna"
    for wrong in (len(keys) + 1, "nothing"):
        with pytest.raises(ControlError):
            send(circle, "/preset", wrong)


def test_saving_is_asked_for_with_the_values_as_hands_set_them() -> None:
    circle = Circle(luna(), 1, 1)
    send(circle, "/resonance", 0.77)
    circle.step(DT)
    send(circle, "/preset/save", "mine")
    (saving,) = circle.saving
    assert (saving.name, saving.preset) == ("mine", "luna")
    assert saving.values[TREE.index["/resonance"]] == 0.77
    for path in ("../mine", "/etc/mine", "a/b", ".hidden"):
        with pytest.raises(ControlError):
            send(circle, "/preset/save", path)


def test_release_of_what_is_no_fader_is_refused() -> None:
    circle = Circle(luna(), 1, 1)
    for wrong in ("/panic", "/nothing", "resonance"):
        with pytest.raises(ControlError):
            send(circle, "/release", wrong)
    send(circle, "/resonance", 0.9)
    send(circle, "/release/all", 0.0)
    assert circle.step(DT).arc.hands.any()
    send(circle, "/release/all")
    assert not circle.step(DT).arc.hands.any()


def test_what_people_send_arrives_in_their_own_row_and_in_no_other() -> None:
    circle, row = circle_with()
    others = np.arange(circle.people.capacity) != row
    before = circle.step(DT).people
    for tail, args, column, wanted in (
        ("rhythm", (2.0,), "omega", 4 * np.pi), ("breath", (0.7,), "breath_heard", 0.7),
        ("palette", (0.4,), "place", 0.4), ("floor", (0.3,), "floor", 0.3),
        ("cap", (0.2,), "cap", 0.2), ("solo", (1,), "solo", 1), ("mute", (1,), "mute", 1),
        ("object", (), "objects", 1), ("feeling", (0.5, -0.5), "told_arousal", -0.5),
    ):  # fmt: skip
        send(circle, f"/participant/ana/{tail}", *args)
        assert getattr(circle.people, column)[row] == pytest.approx(wanted), tail
        same = getattr(circle.people, column)[others] == getattr(before, column)[others]
        assert same.all(), tail
    send(circle, "/participant/ana/ratio", 3, 4)
    assert (circle.people.p[row], circle.people.q[row]) == (3.0, 4.0)


def test_own_floor_and_cap_hold() -> None:
    circle, row = circle_with()
    send(circle, "/participant/ana/floor", 0.7)
    send(circle, "/participant/ana/cap", 0.1)
    send(circle, "/individuality", 0.2)
    send(circle, "/resonance", 0.9)
    p = after(circle, 2.0).people
    assert p.m[row] == 0.7
    assert np.delete(p.m, row)[:2] == pytest.approx(0.2, abs=0.05)
    assert p.resonance[row] == pytest.approx(0.1)
    assert np.delete(p.resonance, row)[:2].min() > 0.3


def test_softer_goes_down_once_in_thirty_seconds_and_comes_back_slowly() -> None:
    circle, _ = circle_with()
    send(circle, "/participant/ana/softer")
    send(circle, "/participant/ana/softer")
    send(circle, "/participant/sim-1/softer")
    assert circle.step(DT).group.softer == pytest.approx(0.9)
    assert after(circle, 29.0, 0.1).group.softer == pytest.approx(0.9)
    after(circle, 2.0, 0.1)
    send(circle, "/participant/ana/softer")
    assert circle.step(DT).group.softer == pytest.approx(0.81, abs=0.01)
    assert 0.9 < after(circle, 200.0, 0.5).group.softer < 1.0


def test_inputs_of_the_generator_are_checked_against_its_own_ranges() -> None:
    circle, row = circle_with()
    send(circle, "/participant/ana/generator", "moon")
    after(circle, 6.0)
    send(circle, "/participant/ana/input/swell", 0.8)
    slot = luna().generators["moon"].slots["swell"].start
    assert circle.step(DT).people.inputs[row, slot] == 0.8
    with pytest.raises(ControlError, match=r"0\.\.1"):
        send(circle, "/participant/ana/input/swell", 1.5)
    with pytest.raises(ControlError, match="there are"):
        send(circle, "/participant/ana/input/silk", 0.5)
    with pytest.raises(ControlError, match="there are"):
        send(circle, "/participant/ana/generator", "none")


REFUSED = (
    ("/participant/zoe/feeling", (0.1, 0.1)),
    ("/preset", ("none",)),
    ("/preset", (10,)),
    ("/preset/save", ("../x",)),
    ("/phase/go", (9,)),
    ("/release", ("/panic",)),
    ("/participant/ana/generator", ("none",)),
    ("/participant/ana/consent", ("everything", 1)),
    ("/participant/ana/input/nothing", (0.5,)),
)


@pytest.mark.parametrize(("address", "args"), REFUSED)
def test_what_the_desk_refuses_early_the_circle_refuses_too(
    address: str, args: tuple[object, ...]
) -> None:
    """And changes nothing by it."""
    circle, _ = circle_with()
    other, _ = circle_with()
    control = TREE.accept(address, args)
    with pytest.raises(PerformerError):
        refuse_early(control, luna(), {"ana"})
    with pytest.raises(PerformerError):
        circle.take(control)
    one, same = circle.step(DT), other.step(DT)
    assert (one.phase, one.preset) == (same.phase, same.preset)
    assert np.array_equal(one.values, same.values)


def test_a_refusal_names_what_there_is() -> None:
    circle = Circle(luna(), 1, 1)
    with pytest.raises(ControlError, match=", ".join(sorted(luna().presets))):
        send(circle, "/preset", "nothing")
    with pytest.raises(PerformerError, match="visual_layer"):
        send(circle, "/participant/sim-1/consent", "everything", 1)
