"""Consent: off until given, taken back at once, and asked in one place."""

from collections.abc import Callable
from contextlib import suppress
from functools import partial
from itertools import product

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from performer.circle import consent
from performer.circle.consent import ConsentError, State
from performer.errors import PerformerError
from performer.frame import PURPOSES, People, clear_row, empty_people

Step = Callable[[People, int], None]

ALLOWED = {
    (State.NOBODY, State.INVITED),
    (State.INVITED, State.GIVEN), (State.INVITED, State.REFUSED), (State.INVITED, State.EXPIRED),
    (State.GIVEN, State.PAUSED), (State.GIVEN, State.WITHDRAWN), (State.GIVEN, State.EXPIRED),
    (State.PAUSED, State.GIVEN), (State.PAUSED, State.WITHDRAWN), (State.PAUSED, State.EXPIRED),
    (State.WITHDRAWN, State.INVITED), (State.EXPIRED, State.INVITED),
    (State.REFUSED, State.INVITED),
}  # fmt: skip


def circle(state: State = State.NOBODY) -> People:
    """Four rows; ana in row 1 in `state`, seen."""
    people = empty_people(4)
    people.ids[1] = "ana"
    people.state[1] = state
    people.present[1] = 1.0
    return people


def used(people: People, row: int = 1) -> set[str]:
    """What a row's data may be used for now."""
    return {purpose for purpose in PURPOSES if consent.allowed(people, purpose)[row]}


@pytest.mark.parametrize(("start", "to"), list(product(State, State)))
def test_every_step_is_in_the_table_or_refused(start: State, to: State) -> None:
    if (start, to) in ALLOWED:
        assert consent.move(start, to) is to
        return
    with pytest.raises(ConsentError) as refused:
        consent.move(start, to)
    message = str(refused.value)
    assert f"from {start.name.lower()} to {to.name.lower()}" in message
    for state in State:
        assert ((start, state) not in ALLOWED) or state.name.lower() in message


def test_the_error_is_one_for_people() -> None:
    assert issubclass(ConsentError, PerformerError)


def test_nothing_is_given_at_first() -> None:
    assert not any(used(circle(), row) for row in range(4))


def test_a_join_states_three_purposes_and_nothing_else() -> None:
    people = circle()
    consent.join(people, 1)
    assert people.state[1] == State.GIVEN
    assert used(people) == {"visual_layer", "sound_layer", "couple_rhythm"}
    assert not any(used(people, row) for row in (0, 2, 3))


@pytest.mark.parametrize("state", [State.GIVEN, State.PAUSED])
def test_a_repeated_join_takes_no_choice_back(state: State) -> None:
    people = circle()
    consent.join(people, 1)
    consent.set_purpose(people, 1, "couple_rhythm", False)
    people.state[1] = state
    before = people.consent[1].copy()
    consent.join(people, 1)
    assert people.state[1] == state
    assert (people.consent[1] == before).all()


@pytest.mark.parametrize("end", [consent.withdraw, consent.expire])
def test_a_new_join_begins_anew(end: Step) -> None:
    people = circle()
    consent.join(people, 1)
    consent.set_purpose(people, 1, "record_local", True)
    end(people, 1)
    consent.join(people, 1)
    assert used(people) == set(consent.JOIN)


def test_a_pause_uses_nothing_and_keeps_the_choices() -> None:
    people = circle()
    consent.join(people, 1)
    consent.set_purpose(people, 1, "use_heart", True)
    consent.pause(people, 1)
    consent.pause(people, 1)
    assert people.state[1] == State.PAUSED
    assert used(people) == set()
    consent.set_purpose(people, 1, "archive", True)
    assert used(people) == set()
    consent.resume(people, 1)
    consent.resume(people, 1)
    assert people.state[1] == State.GIVEN
    assert used(people) == {*consent.JOIN, "use_heart", "archive"}


@pytest.mark.parametrize("state", [s for s in State if s not in (State.GIVEN, State.PAUSED)])
def test_only_those_who_are_in_pause_and_come_back(state: State) -> None:
    people = circle(state)
    for step in (consent.pause, consent.resume):
        with pytest.raises(ConsentError, match=state.name.lower()):
            step(people, 1)
    assert people.state[1] == state


@pytest.mark.parametrize(
    ("start", "end"),
    [
        (State.NOBODY, State.NOBODY), (State.INVITED, State.REFUSED),
        (State.GIVEN, State.WITHDRAWN), (State.PAUSED, State.WITHDRAWN),
        (State.WITHDRAWN, State.WITHDRAWN), (State.EXPIRED, State.EXPIRED),
        (State.REFUSED, State.REFUSED),
    ],
)  # fmt: skip
def test_withdrawal_always_works_and_clears_everything_at_once(start: State, end: State) -> None:
    people = circle(start)
    people.consent[:] = True
    consent.withdraw(people, 1)
    assert people.state[1] == end
    assert not people.consent[1].any()
    assert people.consent[0].all()


@pytest.mark.parametrize("start", list(State))
def test_expiry_clears_everything(start: State) -> None:
    people = circle(start)
    people.consent[1] = True
    consent.expire(people, 1)
    ends = start in (State.INVITED, State.GIVEN, State.PAUSED)
    assert people.state[1] == (State.EXPIRED if ends else start)
    assert not people.consent[1].any()


def test_purposes_are_independent() -> None:
    for purpose in PURPOSES:
        people = circle(State.GIVEN)
        consent.set_purpose(people, 1, purpose, True)
        assert used(people) == {purpose}
        consent.set_purpose(people, 1, purpose, False)
        assert used(people) == set()


def test_an_unknown_purpose_names_the_known_ones() -> None:
    people = circle(State.GIVEN)
    with pytest.raises(ConsentError) as refused:
        consent.set_purpose(people, 1, "use_dreams", True)
    assert "use_dreams" in str(refused.value)
    assert all(purpose in str(refused.value) for purpose in PURPOSES)
    with pytest.raises(ConsentError, match="visual_layer"):
        consent.allowed(people, "everything")


def test_one_yes_answers_an_invitation() -> None:
    people = circle(State.INVITED)
    consent.set_purpose(people, 1, "visual_layer", True)
    assert people.state[1] == State.GIVEN
    assert used(people) == {"visual_layer"}


@pytest.mark.parametrize("state", [State.NOBODY, State.WITHDRAWN, State.EXPIRED, State.REFUSED])
def test_after_an_end_no_can_be_said_but_not_yes(state: State) -> None:
    people = circle(state)
    consent.set_purpose(people, 1, "archive", False)
    with pytest.raises(ConsentError, match=state.name.lower()):
        consent.set_purpose(people, 1, "archive", True)
    assert not people.consent.any()
    assert people.state[1] == state


def test_seen_is_the_visual_layer() -> None:
    people = circle()
    consent.join(people, 1)
    assert consent.seen(people).tolist() == [False, True, False, False]
    consent.set_purpose(people, 1, "visual_layer", False)
    assert not consent.seen(people).any()


def test_a_recording_needs_everybody_in_the_picture() -> None:
    people = circle()
    assert consent.may_record(empty_people(4))
    consent.join(people, 1)
    assert consent.who_may_not_be_recorded(people) == ["ana"]
    assert not consent.may_record(people)
    consent.set_purpose(people, 1, "record_local", True)
    assert consent.may_record(people)


@pytest.mark.parametrize("end", [State.PAUSED, State.WITHDRAWN])
def test_whoever_pauses_or_leaves_is_not_recorded_while_fading(end: State) -> None:
    people = circle(State.GIVEN)
    consent.set_purpose(people, 1, "record_local", True)
    people.state[1] = end
    people.present[1] = 0.01
    assert not consent.may_record(people)
    people.present[1] = 0.0
    assert consent.may_record(people)
    people.present[1] = 1.0
    clear_row(people, 1)
    assert consent.may_record(people)


def test_simulated_people_never_mind() -> None:
    people = circle(State.GIVEN)
    people.simulated[1] = True
    assert consent.may_record(people)


STEPS: list[Step] = [
    consent.join, consent.pause, consent.resume, consent.withdraw, consent.expire,
    *(
        partial(consent.set_purpose, purpose=purpose, given=given)
        for purpose, given in product(PURPOSES, (True, False))
    ),
]  # fmt: skip


@given(st.lists(st.sampled_from(STEPS), max_size=30))
def test_after_any_history_a_withdrawal_ends_everything(history: list[Step]) -> None:
    people = circle()
    for step in history:
        with suppress(ConsentError):
            step(people, 1)
        assert people.state[1] == State.GIVEN or used(people) == set()
    consent.withdraw(people, 1)
    assert used(people) == set()
    assert not np.delete(people.consent, 1, axis=0).any()
