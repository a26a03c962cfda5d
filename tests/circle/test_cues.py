"""The cue list: what GO takes, what comes of itself, what a cue leaves alone, and the way back."""

import dataclasses
from typing import Any

import msgspec
import numpy as np
import pytest

from performer.circle import cues
from performer.circle.circle import Circle
from performer.circle.commands import refuse_early
from performer.errors import ControlError
from performer.frame import Frame, decode, encode
from performer.parameters import TREE
from performer.show.files import data_folder
from performer.show.shows import Library, Show, load_show

from . import circles
from .circles import luna, send, value

DT = 1 / 30
PHASE = {"name": "one", "seconds": 600.0, "preset": "luna", "fade": 2.0}
TWO = {"name": "two", "seconds": 600.0, "preset": "undertow", "fade": 2.0}


def listed(*rows: dict[str, Any], phases: tuple[dict[str, Any], ...] = (PHASE, TWO)) -> Library:
    """Luna's presets with a cue list, over two phases."""
    table = {"title": "T", "presets": ["luna", "ember"], "phase": list(phases), "cue": list(rows)}
    return dataclasses.replace(luna(), show=Show.model_validate(table))


def playing(*rows: dict[str, Any]) -> Circle:
    circle = Circle(listed(*rows), 1, 1)
    circle.step(DT)
    return circle


def after(circle: Circle, seconds: float, dt: float = 0.05) -> Frame:
    return circles.after(circle, seconds, dt)


def told(circle: Circle) -> cues.Told:
    return cues.told(circle.step(1e-6), circle.library)


def meets(circle: Circle) -> None:
    """The circle comes in step."""
    group = circle.life.group
    circle.life.group = msgspec.structs.replace(
        group, meeting=True, contrary=0.0, convergences=group.convergences + 1
    )


def where(circle: Circle) -> tuple[int, int]:
    return circle.cue.current, circle.cue.standby


GLOW = {"name": "glow", "values": {"/look/glow": 0.9}, "fade": 1.0}
GRAIN = {"name": "grain", "values": {"/look/grain": 0.05}, "fade": 1.0, "notes": "Watch the door."}
EMBER = {"name": "warm", "preset": "ember", "fade": 2.0}


# ---- the operator ---------------------------------------------------------------------------


def test_go_takes_what_stands_by_and_the_next_one_stands_by() -> None:
    circle = playing(GLOW, GRAIN)
    assert where(circle) == (-1, 0)
    assert told(circle) == cues.Told("", "glow", "", -1.0)
    send(circle, "/go")
    assert told(circle) == cues.Told("glow", "grain", "Watch the door.", -1.0)
    assert value(after(circle, 1.1), "/look/glow", base=True) == pytest.approx(0.9)
    send(circle, "/go", 0.0)
    assert where(circle) == (0, 1), "a button that is let go is no GO"
    send(circle, "/go", 1.0)
    assert told(circle) == cues.Told("grain", "", "", -1.0)
    with pytest.raises(ControlError, match=r"/go.*no cue stands by"):
        send(circle, "/go")
    assert where(circle) == (1, -1)


def test_a_cue_can_stand_by_or_be_taken_out_of_turn() -> None:
    circle = playing(GLOW, GRAIN, EMBER)
    send(circle, "/cue/standby", 3)
    assert told(circle).next == "warm"
    assert circle.preset == "luna", "nothing is taken yet"
    send(circle, "/go")
    assert (where(circle), circle.preset) == ((2, -1), "ember")
    send(circle, "/cue/go", 1)
    assert where(circle) == (0, 1)
    for address in ("/cue/go", "/cue/standby"):
        with pytest.raises(ControlError, match="the show has 3 cues, found 4"):
            send(circle, address, 4)
        with pytest.raises(ControlError, match="has 3 cues"):
            refuse_early(TREE.accept(address, [4]), circle.library, set())
    assert where(circle) == (0, 1)


def test_a_cue_touches_only_what_it_names() -> None:
    circle = playing(GLOW)
    for address in ("/look/glow", "/look/rim"):
        send(circle, address, 0.11)
    before = after(circle, 1.0)
    send(circle, "/go")
    frame = after(circle, 2.0)
    i = TREE.index["/look/glow"]
    assert frame.base[i] == pytest.approx(0.9)
    assert not frame.arc.hands[i]
    others = np.arange(len(frame.base)) != i
    assert np.array_equal(frame.base[others], before.base[others])
    assert frame.arc.hands[TREE.index["/look/rim"]]
    assert (frame.preset, frame.phase) == ("luna", 0)


def test_a_cue_of_a_preset_moves_what_the_preset_names_and_its_own_values_go_before() -> None:
    circle = playing(EMBER | {"values": {"/look/glow": 0.77}})
    send(circle, "/go")
    frame = after(circle, 3.0)
    ember = luna().presets["ember"]
    for address, wanted in (ember.values | {"/look/glow": 0.77}).items():
        assert value(frame, address, base=True) == pytest.approx(wanted), address
    assert frame.preset == "ember"
    assert set(frame.people.wanted) <= {*ember.generators, ""}


@pytest.mark.parametrize(
    ("curve", "quarter"), [("ease", 0.15625), ("linear", 0.25), ("in", 0.0625), ("out", 0.4375)]
)
def test_a_fade_goes_in_the_shape_of_its_cue(curve: str, quarter: float) -> None:
    circle = playing(GLOW | {"fade": 4.0, "curve": curve})
    start = float(circle.base[TREE.index["/look/glow"]])
    send(circle, "/go")
    for wanted in (quarter, None, None, 1.0):
        frame = after(circle, 1.0)
        part = (value(frame, "/look/glow", base=True) - start) / (0.9 - start)
        assert wanted is None or part == pytest.approx(wanted, abs=1e-6)


def test_a_cue_of_a_phase_begins_it_in_the_cues_own_time() -> None:
    circle = playing({"name": "down", "phase": "two", "fade": 6.0})
    send(circle, "/go")
    frame = circle.step(DT)
    assert (frame.phase, frame.preset, frame.preset_fade) == (1, "undertow", 6.0)
    assert Circle(listed({"name": "x", "phase": "two"}), 1, 1).library.show.cue[0].fade is None
    own = playing({"name": "down", "phase": "two"})
    send(own, "/go")
    assert own.preset_fade == 2.0


def test_a_phase_goes_on_to_its_end_when_the_cues_longer_fade_is_over() -> None:
    two = TWO | {"from": {"/look/glow": 1.0}, "to": {"/look/glow": 0.0}}
    row = {"name": "down", "phase": "two", "fade": 60.0}
    library = listed(row, phases=(PHASE, two))
    circle = Circle(library, 0, 1)
    send(circle, "/go")
    circle = Circle.going_on(library, decode(encode(after(circle, 30.0, 0.1))))
    assert value(after(circle, 30.0, 0.1), "/look/glow", base=True) > 0.999
    assert value(after(circle, 270.0, 0.1), "/look/glow", base=True) == pytest.approx(0.5, abs=0.01)
    assert value(after(circle, 270.0, 0.1), "/look/glow", base=True) == pytest.approx(0.0, abs=1e-3)


# ---- what comes of itself -------------------------------------------------------------------


def test_a_cue_follows_after_its_time_and_tells_what_is_left() -> None:
    circle = playing(GLOW | {"follow": "auto", "after": 3.0}, GRAIN)
    after(circle, 60.0, 0.1)
    assert where(circle) == (-1, 0), "the first one waits for GO"
    send(circle, "/go")
    assert told(circle).remaining == pytest.approx(3.0, abs=0.01)
    after(circle, 2.9)
    assert where(circle) == (0, 1)
    assert told(circle).remaining == pytest.approx(0.1, abs=0.05)
    after(circle, 0.2)
    assert where(circle) == (1, -1)


def test_a_cue_follows_on_a_beat_after_its_fade() -> None:
    circle = playing(GLOW | {"fade": 3.0, "follow": "beat", "beats": 4}, GRAIN)
    send(circle, "/tempo", 120.0)
    after(circle, 3.0)
    while circle.beat % 4.0 < 3.0:  # so that the fade ends between two of them
        circle.step(DT)
    send(circle, "/go")
    taken, beat = circle.time, circle.beat
    left = told(circle).remaining
    while where(circle) == (0, 1) and circle.time < taken + 30.0:
        circle.step(DT)
    assert where(circle) == (1, -1)
    due = np.ceil((beat + 3.0 * 2.0) / 4.0) * 4.0
    assert circle.beat == pytest.approx(due, abs=2 * DT * 2.0 + 1e-6)
    assert circle.time - taken == pytest.approx(left, abs=3 * DT)


def test_a_beat_is_waited_for_no_longer_than_after() -> None:
    circle = playing(GLOW | {"fade": 60.0, "follow": "beat", "beats": 1, "after": 1.0}, GRAIN)
    send(circle, "/tempo", 120.0)
    after(circle, 3.0)
    send(circle, "/go")
    after(circle, 0.95)
    assert where(circle) == (0, 1)
    after(circle, 0.7)
    assert where(circle) == (1, -1)


def test_a_cue_follows_when_the_circle_has_converged_and_not_before_its_time() -> None:
    circle = playing(GLOW | {"follow": "event", "event": "convergence", "after": 5.0}, GRAIN)
    send(circle, "/go")
    meets(circle)
    after(circle, 1.0)
    circle.life.group = msgspec.structs.replace(circle.life.group, meeting=False)
    after(circle, 9.0)
    assert where(circle) == (0, 1)
    assert told(circle).remaining == -1.0
    meets(circle)
    circle.step(DT)
    assert where(circle) == (1, -1)


def test_a_circle_that_is_in_step_takes_one_cue_and_not_all_that_wait_for_that() -> None:
    rows = [GLOW | {"name": n, "follow": "event", "event": "convergence"} for n in "abc"]
    circle, library = playing(*rows), listed(*rows)
    send(circle, "/go")
    meets(circle)
    after(circle, 0.9)
    assert where(circle) == (0, 1), "not before its fade is over"
    after(circle, 0.2)
    assert where(circle) == (1, 2)
    circle = Circle.going_on(library, decode(encode(circle.step(DT))))
    after(circle, 3.0)
    assert circle.life.group.meeting
    assert where(circle) == (1, 2), "it is the same meeting"
    meets(circle)
    circle.step(DT)
    assert where(circle) == (2, -1)


def test_a_cue_follows_when_a_phase_begins() -> None:
    circle = playing({"name": "one", "phase": "one", "follow": "event", "event": "phase"}, GRAIN)
    send(circle, "/go")
    after(circle, 5.0)
    assert where(circle) == (0, 1), "the phase that it began itself is none"
    send(circle, "/phase/next")
    after(circle, 0.1)
    assert where(circle) == (1, -1)


def test_what_follows_is_what_stands_by() -> None:
    circle = playing(GLOW | {"follow": "auto", "after": 1.0}, GRAIN, EMBER)
    send(circle, "/go")
    send(circle, "/cue/standby", 3)
    after(circle, 1.2)
    assert where(circle) == (2, -1)


# ---- back -----------------------------------------------------------------------------------


def test_back_restores_what_the_undone_cue_had_touched_and_nothing_else() -> None:
    circle = playing(GLOW, EMBER)
    send(circle, "/look/rim", 0.01)
    before = after(circle, 1.0)
    send(circle, "/go")
    first = after(circle, 2.0)
    send(circle, "/go")
    send(circle, "/volume", 0.4)
    after(circle, 1.0)
    send(circle, "/back")
    assert where(circle) == (0, 1)
    frame = after(circle, 5.0)
    touched = [TREE.index[a] for a in luna().presets["ember"].values]
    assert frame.base[touched] == pytest.approx(first.base[touched])
    assert value(frame, "/look/glow", base=True) == pytest.approx(0.9)
    assert value(frame, "/volume", base=True) == 0.4, "ember does not name it"
    assert (frame.preset, frame.before) == ("luna", "ember")
    send(circle, "/back")
    assert where(circle) == (-1, 0)
    gone = after(circle, 5.0).base
    assert gone[TREE.index["/look/glow"]] == pytest.approx(value(before, "/look/glow", base=True))
    with pytest.raises(ControlError, match="no cue before"):
        send(circle, "/back")


def test_back_is_taken_from_wherever_everything_is_now() -> None:
    circle = playing(GLOW | {"fade": 10.0}, GLOW | {"values": {"/look/glow": 0.0}, "fade": 10.0})
    send(circle, "/go")
    after(circle, 12.0)
    send(circle, "/go")
    half = value(after(circle, 5.0), "/look/glow", base=True)
    assert half == pytest.approx(0.45, abs=0.02)
    send(circle, "/back")
    assert value(circle.step(DT), "/look/glow", base=True) == pytest.approx(half, abs=0.002)
    assert value(after(circle, 10.0), "/look/glow", base=True) == pytest.approx(0.9)


def test_after_going_back_nothing_comes_of_itself() -> None:
    circle = playing(GLOW | {"follow": "auto", "after": 1.0}, GRAIN)
    send(circle, "/go")
    after(circle, 1.5)
    assert where(circle) == (1, -1)
    send(circle, "/back")
    assert told(circle).remaining == -1.0
    after(circle, 5.0)
    assert where(circle) == (0, 1)
    send(circle, "/go")
    assert where(circle) == (1, -1)


def test_back_from_a_phase_returns_to_the_phase_before() -> None:
    circle = playing(GLOW, {"name": "down", "phase": "two"})
    send(circle, "/go")
    send(circle, "/go")
    assert after(circle, 3.0).preset == "undertow"
    send(circle, "/back")
    frame = after(circle, 3.0)
    assert (frame.phase, frame.preset) == (0, "luna")
    hue = luna().presets["luna"].values["/palette/hue"]
    assert value(frame, "/palette/hue", base=True) == pytest.approx(hue)


def test_back_from_a_cue_out_of_turn_goes_where_one_came_from() -> None:
    rows = (EMBER, *(GLOW | {"name": str(k)} for k in range(5)), {"name": "x", "preset": "frost"})
    circle = playing(*rows)
    send(circle, "/go")
    after(circle, 3.0)
    send(circle, "/cue/go", 7)
    after(circle, 1.0)
    send(circle, "/back")
    assert where(circle) == (0, 1)
    frame = after(circle, 5.0)
    assert frame.preset == "ember"
    assert value(frame, "/look/glow", base=True) != pytest.approx(0.9), "cue 6 was never played"
    circle.cue = msgspec.structs.replace(circle.cue, current=6, standby=-1, undo=())
    send(circle, "/back")
    assert where(circle) == (5, 6), "where nobody remembers it is the one written before"


# ---- morphs as cues -------------------------------------------------------------------------

INTO = {"name": "into", "morph": "ember", "fade": 2.0,
        "values": {"/morph": 1.0, "/look/rim": 0.3}}  # fmt: skip


def test_a_cue_plays_a_morph_over_its_fade() -> None:
    circle = playing(INTO | {"curve": "linear"})
    start = circle.base.copy()
    send(circle, "/go")
    frame = after(circle, 1.0)
    assert frame.morph == ("luna", "ember")
    assert value(frame, "/morph") == pytest.approx(0.5)
    ember = luna().presets["ember"].values
    energy = TREE.index["/look/energy"]
    assert frame.base[energy] == pytest.approx((start[energy] + ember["/look/energy"]) / 2)
    frame = after(circle, 1.1)
    for address, wanted in (ember | {"/look/rim": 0.3}).items():
        assert value(frame, address, base=True) == pytest.approx(wanted), address
    assert frame.preset == "ember"


def test_a_cue_of_a_morph_alone_leaves_it_to_a_hand() -> None:
    circle = playing({"name": "into", "morph": "ember"})
    before = circle.base.copy()
    send(circle, "/go")
    assert np.array_equal(after(circle, 5.0).base, before)
    send(circle, "/morph", 1.0)
    assert circle.step(DT).preset == "ember"


@pytest.mark.parametrize("played", [0.8, 5.0])
def test_back_from_a_morph_and_back_to_one(played: float) -> None:
    """The second from wherever it had been led, if it had not come there yet."""
    circle = playing(INTO, {"name": "cold", "preset": "frost", "fade": 1.0})
    before = circle.base.copy()
    send(circle, "/go")
    after(circle, played)
    send(circle, "/go")
    after(circle, 2.0)
    send(circle, "/back")
    frame, ember = after(circle, 5.0), luna().presets["ember"].values
    for address, wanted in (ember | {"/look/rim": 0.3}).items():
        assert value(frame, address, base=True) == pytest.approx(wanted), address
    assert (frame.preset, where(circle)) == ("ember", (0, 1))
    send(circle, "/back")
    frame = after(circle, 5.0)
    assert frame.preset == "luna"
    assert frame.base == pytest.approx(before)


def test_back_to_a_morph_that_a_hand_had_played_finds_the_look_again() -> None:
    circle = playing({"name": "into", "morph": "ember"}, {"name": "cold", "preset": "frost"})
    send(circle, "/go")
    send(circle, "/morph", 0.7)
    before = circle.step(DT)
    send(circle, "/go")
    after(circle, 5.0)
    send(circle, "/back")
    frame = after(circle, 5.0)
    assert frame.preset == before.preset == "ember"
    assert frame.base == pytest.approx(before.base)
    assert frame.morph == ("", "")


# ---- phases as cues -------------------------------------------------------------------------


def test_without_a_list_the_phases_are_the_cues() -> None:
    circle = Circle(luna(), 1, 1)
    first = told(circle)
    assert (first.current, first.next) == ("ritual", "descent")
    assert first.remaining == pytest.approx(480.0, abs=0.01)
    send(circle, "/go")
    frame = circle.step(DT)
    assert (frame.phase, frame.preset, where(circle)) == (1, "undertow", (1, 2))
    send(circle, "/phase/next")
    assert where(circle) == (2, 3)
    send(circle, "/cue/go", 5)
    assert (circle.phase, where(circle)) == (4, (4, -1))
    assert told(circle).remaining == -1.0
    with pytest.raises(ControlError, match="no cue stands by"):
        send(circle, "/go")
    send(circle, "/back")
    assert (circle.phase, where(circle)) == (2, (2, 3)), "where it came from"
    for _ in range(2):
        send(circle, "/back")
    with pytest.raises(ControlError, match="no cue before"):
        send(circle, "/back")
    assert where(circle) == (0, 1)


def test_back_from_a_phase_gives_up_what_only_that_phase_had_named() -> None:
    circle = Circle(luna(), 1, 1)
    send(circle, "/coupling", 0.77)
    send(circle, "/look/trails", 0.66)
    after(circle, 1.0)
    send(circle, "/go")
    send(circle, "/cue/go", 3)
    after(circle, 50.0, 0.1)
    send(circle, "/back")
    after(circle, 50.0, 0.1)
    descent = luna().show.phase[1]
    assert circle.preset == descent.preset
    named = luna().presets[descent.preset].values | descent.from_
    assert circle.base[TREE.index["/individuality"]] < named["/individuality"] + 0.01
    assert circle.base[TREE.index["/palette/light"]] == pytest.approx(named["/palette/light"])


def test_a_held_phase_waits_and_what_stands_by_comes_at_its_end() -> None:
    short = tuple(dict(PHASE, name=n, seconds=5.0, fade=1.0) for n in "abc")
    circle = Circle(listed(phases=short), 1, 1)
    send(circle, "/phase/hold", 1)
    after(circle, 6.0)
    assert told(circle).remaining == -1.0
    send(circle, "/cue/standby", 3)
    send(circle, "/phase/hold", 0)
    after(circle, 0.1)
    assert (circle.phase, where(circle)) == (2, (2, -1))


def test_after_going_back_no_phase_comes_of_itself() -> None:
    short = tuple(dict(PHASE, name=n, seconds=5.0, fade=1.0) for n in "abc")
    for address, *args in (["/go"], ["/phase/next"], ["/phase/go", "2"], ["/cue/go", "2"]):
        circle = Circle(listed(phases=short), 0, 1)
        after(circle, 6.0)
        assert circle.phase == 1
        send(circle, "/back")
        assert told(circle).remaining == -1.0
        assert after(circle, 12.0).phase == 0
        send(circle, address, *map(int, args))
        assert circle.phase == 1
        assert told(circle).remaining == pytest.approx(5.0, abs=0.01)
        assert after(circle, 5.1).phase == 2


def test_back_to_one_of_two_phases_of_a_name_goes_to_the_right_one() -> None:
    names = (("rest", "luna"), ("b", "ember"), ("rest", "frost"), ("end", "orchard"))
    phases = tuple(dict(PHASE, name=n, preset=p) for n, p in names)
    circle = Circle(listed(phases=phases), 1, 1)
    for _ in range(3):
        send(circle, "/go")
    send(circle, "/back")
    assert (circle.phase, circle.preset, where(circle)) == (2, "frost", (2, 3))


def test_a_phase_waits_for_a_morph_in_a_hand_and_not_for_a_cues() -> None:
    short = tuple(dict(PHASE, name=n, seconds=5.0, fade=1.0) for n in "abc")
    circle = Circle(listed(phases=short), 1, 1)
    send(circle, "/morph/to", "ember")
    assert told(circle).remaining == -1.0
    after(circle, 6.0)
    send(circle, "/morph", 0.6)
    frame = after(circle, 6.0)
    assert (frame.phase, frame.morph) == (0, ("luna", "ember"))
    send(circle, "/morph", 1.0)
    assert after(circle, 0.1).phase == 1, "it has come to its end"
    send(circle, "/morph/to", "ember")
    send(circle, "/phase/next")
    assert circle.phase == 2
    slow = INTO | {"fade": 60.0}
    circle = Circle(listed(slow, phases=short), 1, 1)
    send(circle, "/go")
    assert after(circle, 5.1).phase == 1


def test_a_phase_that_cuts_in_takes_nothing_from_a_hand() -> None:
    cut = dict(TWO, seconds=5.0, fade=0.0)
    circle = Circle(listed(phases=(PHASE, cut)), 1, 1)
    send(circle, "/volume", 0.31)
    send(circle, "/go")
    frame = after(circle, 0.2)
    assert value(frame, "/volume", base=True) == 0.31
    hue = luna().presets["undertow"].values["/palette/hue"]
    assert value(frame, "/palette/hue", base=True) == pytest.approx(hue)


def test_with_a_list_the_phases_go_on_underneath() -> None:
    short = tuple(dict(PHASE, name=n, seconds=5.0, fade=1.0) for n in "ab")
    circle = Circle(listed(GLOW, phases=short), 1, 1)
    assert after(circle, 5.2).phase == 1
    assert where(circle) == (-1, 0)


def test_the_example_plays_from_call_to_home() -> None:
    library = load_show(data_folder() / "presets" / "examples" / "call-and-answer.toml")
    circle, way = Circle(library, 0, 1), dict[str, float]()
    assert told(circle).notes.startswith("When the room is still")
    send(circle, "/go")
    for _ in range(190):
        way[told(circle).current] = after(circle, 1.0, 0.1).time
    assert [*way] == ["call", "answer", "call, softer", "lean in"]
    assert way["call, softer"] - way["answer"] == pytest.approx(30.0, abs=1.1)
    assert way["lean in"] - way["call, softer"] > 91.0, "it waits for the circle"
    meets(circle)
    circle.step(DT)
    assert told(circle) == cues.Told("together", "home", "GO when the first one stirs.", -1.0)
    send(circle, "/go")
    assert circle.preset == "daybreak"
    assert told(circle).next == ""


# ---- a stage that dies ----------------------------------------------------------------------


def test_a_killed_stage_goes_on_in_the_list_and_can_go_back() -> None:
    rows = (GLOW, EMBER | {"follow": "beat", "beats": 4}, GRAIN)
    circle = playing(*rows)
    send(circle, "/go")
    after(circle, 1.0)
    send(circle, "/go")
    frame = after(circle, 1.0)
    again = Circle.going_on(listed(*rows), decode(encode(frame)))
    for one in (circle, again):
        after(one, 9.0)
    assert again.cue == circle.cue
    assert where(again) == (2, -1)
    for one in (circle, again):
        send(one, "/back")
        send(one, "/back")
    assert same(after(circle, 3.0), after(again, 3.0))
    assert again.preset == "luna"


def same(a: Frame, b: Frame) -> bool:
    return np.array_equal(a.values, b.values) and a.cue == b.cue and a.preset == b.preset


def test_a_stage_that_comes_back_with_a_shorter_list_has_nothing_stand_by() -> None:
    circle = playing(GLOW, GRAIN)
    send(circle, "/cue/go", 2)
    again = Circle.going_on(listed(GLOW), circle.step(DT))
    assert where(again) == (-1, -1)
    assert told(again) == cues.Told("", "", "", -1.0)
    after(again, 1.0)
