"""Coming and going of simulated people: a timetable, and the circle that keeps to it."""

import dataclasses
from functools import cache

import numpy as np
import pytest

from performer.circle import presence
from performer.circle.circle import Circle
from performer.circle.consent import State
from performer.circle.presence import Deed, timetable
from performer.circle.simulated import sim_id
from performer.errors import PerformerError
from performer.frame import Frame, decode, encode
from performer.show.shows import Library, Phase

from .circles import after, luna, send
from .test_circle import identical

NIGHT = presence.NIGHT


def counts(
    size: int, seconds: float = NIGHT, arrivals: float = 1.0, seeds: int = 20
) -> list[list[int]]:
    """How many come late, leave later, pause and object, in several nights."""
    found: list[list[int]] = []
    for seed in range(seeds):
        table = timetable(seed, size, seconds, arrivals)
        deeds = table.deeds.tolist()
        found.append(
            [len(table.late), *(deeds.count(d) for d in (Deed.LEAVE, Deed.PAUSE, Deed.OBJECT))]
        )
    return found


# ---- the timetable --------------------------------------------------------------------------


@pytest.mark.parametrize("seconds", [300.0, NIGHT, 7200.0])
def test_a_night_of_twelve_has_some_life_and_not_too_much(seconds: float) -> None:
    for late, leave, pause, object_ in counts(12, seconds):
        assert late in (1, 2)
        assert leave in (1, 2)
        assert pause in (3, 4)
        assert object_ == 1


def test_half_as_much_is_half_and_nothing_is_nothing() -> None:
    assert not np.any(counts(12, arrivals=0.0))
    assert not np.any(counts(3))
    whole, half = (np.mean(counts(64, arrivals=a), axis=0) for a in (1.0, 0.5))
    np.testing.assert_allclose(half, whole / 2, atol=0.6)


@pytest.mark.parametrize("size", [4, 12, 64, 256])
def test_most_are_always_there(size: int) -> None:
    for seed in range(8):
        table = timetable(seed, size, NIGHT, 1.0)
        for time in [0.0, *table.times.tolist()]:
            away = np.count_nonzero(presence.presence(table, size, time) != Deed.COME)
            assert away <= size // 4
        assert (presence.presence(table, size, NIGHT) == Deed.COME).all(), "all are there at last"


def test_every_absence_has_its_length_and_its_end() -> None:
    table = timetable(3, 64, NIGHT, 1.0)
    ends = {Deed.LEAVE: (Deed.COME, 150, 420), Deed.PAUSE: (Deed.RESUME, 40, 120),
            Deed.OBJECT: (Deed.RELENT, 30, 90)}  # fmt: skip
    for person in range(64):
        mine = [(t, Deed(d)) for t, d, w in zip(table.times, table.deeds, table.people, strict=True)
                if w == person]  # fmt: skip
        if person in table.late:
            first, deed = mine.pop(0)
            assert deed is Deed.COME
            assert 25 <= first <= 360
        for (begin, deed), (end, other) in zip(mine[::2], mine[1::2], strict=True):
            assert ends[deed][0] is other
            assert ends[deed][1] <= end - begin <= ends[deed][2]


def test_the_same_seed_keeps_the_same_timetable_and_another_does_not() -> None:
    one, other = timetable(1, 12, NIGHT, 1.0), timetable(2, 12, NIGHT, 1.0)
    timetable.cache_clear()
    again = timetable(1, 12, NIGHT, 1.0)
    assert np.array_equal(one.times, again.times)
    assert not np.array_equal(one.times, other.times)


# ---- the circle -----------------------------------------------------------------------------


SHORT = 300.0  # s; a night of as many deeds as a long one


@cache
def short() -> Library:
    """A lively night of one phase."""
    phase = Phase.model_validate({"name": "a", "seconds": SHORT, "preset": "luna"})
    show = luna(1.0).show.model_copy(update={"phase": (phase,)})
    return dataclasses.replace(luna(1.0), show=show)


def begun(seed: int = 1, people: int = 12) -> Circle:
    return Circle(short(), people, seed)


def until(circle: Circle, time: float, dt: float = 0.4) -> Frame:
    """The Frame at a show time, in large steps: nothing here is about smoothness."""
    while circle.time < time - dt:
        circle.step(dt)
    return circle.step(time - circle.time)


def when(circle: Circle, deed: Deed) -> tuple[float, str]:
    """The first time of a deed, and who does it."""
    table = circle.timetable
    k = int(np.flatnonzero(table.deeds == deed)[0])
    return float(table.times[k]), sim_id(int(table.people[k]) + 1)


def end_of(circle: Circle, person: str, deed: Deed) -> float:
    table = circle.timetable
    mine = (table.people == int(person[4:]) - 1) & (table.deeds == deed)
    return float(table.times[np.flatnonzero(mine)[-1]])


def test_without_arrivals_nobody_ever_moves() -> None:
    circle = Circle(luna(), 12, 1)
    assert len(circle.timetable.times) == 0
    assert circle.step(0.1).people.here.sum() == 12
    assert not circle.remembered


def test_a_night_goes_as_its_timetable_says() -> None:
    circle = begun()
    table, alive = circle.timetable, set[int]()
    for time in np.arange(1.0, SHORT, 2.0):
        p = until(circle, float(time)).people
        for number, deed in enumerate(presence.presence(table, 12, circle.time).tolist()):
            row = p.row(sim_id(number + 1))
            alive.add(deed)
            if deed == Deed.LEAVE:
                assert row is None or p.leaving[row]
                continue
            assert row is not None
            assert (p.state[row] == State.PAUSED) == (deed == Deed.PAUSE)
            assert bool(p.objects[row]) == (deed == Deed.OBJECT)
    assert alive == {Deed.COME, Deed.PAUSE, Deed.OBJECT, Deed.LEAVE}


def test_who_comes_back_is_the_same_in_the_same_place() -> None:
    circle = begun()
    leaves, person = when(circle, Deed.LEAVE)
    before = until(circle, leaves - 1.0, 0.2).people  # seats glide in the other steps
    row = before.row(person)
    assert row is not None
    gone = until(circle, leaves + 0.5, 0.2).people
    assert gone.leaving[row]
    assert 0.0 < gone.present[row] < 1.0, "a leave fades"
    assert not gone.valence[row]
    after_ = until(circle, end_of(circle, person, Deed.COME) + 0.1, 0.2).people
    again = after_.row(person)
    assert again is not None
    assert 0.0 < after_.present[again] < 0.2, "and a return grows"
    assert np.hypot(*(after_.seat[again] - before.seat[row])) < 0.1
    for column in ("place", "seed", "omega", "p", "q", "number", "simulated"):
        assert getattr(after_, column)[again] == getattr(before, column)[row], column


def test_late_ones_are_not_there_and_then_they_are() -> None:
    circle = begun()
    late = [sim_id(int(k) + 1) for k in circle.timetable.late]
    first = circle.step(0.1).people
    assert late
    assert not set(late) & set(first.ids)
    assert first.here.sum() == 12 - len(late)
    assert first.target.sum() == pytest.approx(1.0)
    assert set(late) < set(until(circle, 45.0).people.ids)


# ---- hands and real people win --------------------------------------------------------------


def test_who_was_sent_away_by_hand_stays_away() -> None:
    circle = begun()
    leaves, person = when(circle, Deed.LEAVE)
    until(circle, leaves - 3.0)
    send(circle, f"/participant/{person}/leave")
    assert person not in until(circle, end_of(circle, person, Deed.COME) + 2.0).people.ids


def test_a_hands_pause_is_not_undone_and_a_hands_resume_stands() -> None:
    circle, other = begun(), begun()
    begins, person = when(circle, Deed.PAUSE)
    end = end_of(circle, person, Deed.RESUME)
    until(circle, begins - 1.0)
    send(circle, f"/participant/{person}/pause", 1)
    p = until(circle, end + 1.0).people
    assert p.state[p.ids.index(person)] == State.PAUSED
    until(other, begins + 1.0)
    send(other, f"/participant/{person}/pause", 0)
    p = other.step(0.1).people
    assert p.state[p.ids.index(person)] == State.GIVEN
    send(other, f"/participant/{person}/pause", 1)
    p = until(other, end + 1.0).people
    assert p.state[p.ids.index(person)] == State.PAUSED


def test_a_hands_objection_is_not_taken_back() -> None:
    circle = begun()
    begins, person = when(circle, Deed.OBJECT)
    until(circle, begins - 1.0)
    send(circle, f"/participant/{person}/object", 1)
    p = until(circle, end_of(circle, person, Deed.RELENT) + 1.0).people
    assert p.objects[p.ids.index(person)]


def test_real_people_are_never_touched_and_whom_they_replace_does_not_come_back() -> None:
    circle = begun()
    leaves, person = when(circle, Deed.LEAVE)
    for k in range(12):
        send(circle, f"/participant/p{k}/join")
    there = until(circle, 45.0).people
    assert sum(i.startswith("p") for i in there.ids) == 12
    late = {sim_id(int(k) + 1) for k in circle.timetable.late}
    assert {i for i in there.ids if i.startswith("sim")} <= late
    for time in np.linspace(46.0, SHORT, 30):
        p = until(circle, float(time)).people
        real = np.array([i.startswith("p") for i in p.ids])
        assert real.sum() == 12
        assert (p.state[real] == State.GIVEN).all()
        assert not p.objects[real].any()
    assert leaves < circle.time
    assert person in late or person not in circle.people.ids


def test_a_real_person_who_took_the_name_of_one_who_is_away_is_real() -> None:
    circle = begun()
    leaves, person = when(circle, Deed.LEAVE)
    until(circle, leaves + 5.0)
    with pytest.raises(PerformerError, match="nobody of that id"):
        send(circle, f"/participant/{person}/pause", 1)
    send(circle, f"/participant/{person}/join")
    p = until(circle, end_of(circle, person, Deed.COME) + 2.0).people
    assert p.ids.count(person) == 1
    assert not p.simulated[p.ids.index(person)]


def test_a_lively_night_goes_on_from_a_frame_to_the_last_bit() -> None:
    circle = begun()
    leaves, person = when(circle, Deed.LEAVE)
    frame = until(circle, leaves + 1.0)
    resumed = Circle.going_on(short(), decode(encode(frame)))
    assert resumed.size == 12
    back = end_of(circle, person, Deed.COME)
    one, other = (until(c, back + 5.0) for c in (circle, resumed))
    assert identical(one, other) == []
    assert person in one.people.ids


def test_a_lively_circle_is_sound_at_a_usual_frame_rate() -> None:
    circle = begun(7)
    frame = after(circle, 30.0)
    present = frame.people.present[frame.people.here]
    assert present.max() == 1.0
    assert frame.people.area[frame.people.here].sum() == pytest.approx(1.0, abs=0.05)
