"""The one table that says what may be done with a person's data. Everybody asks here.

Consent is per purpose, off until given, and used only while its person is in the state GIVEN.
Here live states, purposes and the questions about them; never a message, a picture or a clock.
Saying no always works, in any state and twice; only saying yes can be refused.
"""

from enum import IntEnum

from performer.errors import PerformerError
from performer.frame import PURPOSES, Flags, People

JOIN = ("visual_layer", "sound_layer", "couple_rhythm")
"""What an operator's join states, and nothing else."""


class State(IntEnum):
    """Where a person stands; kept in `People.state`."""

    NOBODY = 0
    INVITED = 1
    GIVEN = 2
    PAUSED = 3
    WITHDRAWN = 4
    EXPIRED = 5
    REFUSED = 6


class ConsentError(PerformerError):
    """A step or purpose that consent does not allow; the message names what is allowed."""


MOVES: dict[State, tuple[State, ...]] = {
    State.NOBODY: (State.INVITED,),
    State.INVITED: (State.GIVEN, State.REFUSED, State.EXPIRED),
    State.GIVEN: (State.PAUSED, State.WITHDRAWN, State.EXPIRED),
    State.PAUSED: (State.GIVEN, State.WITHDRAWN, State.EXPIRED),
    # An end is an end: only a new invitation, which a join implies, leads out of it.
    State.WITHDRAWN: (State.INVITED,),
    State.EXPIRED: (State.INVITED,),
    State.REFUSED: (State.INVITED,),
}


def move(state: int, to: State) -> State:
    """`to`, if it may follow `state`; else ConsentError with what may."""
    allowed = MOVES[State(state)]
    if to not in allowed:
        may = ", ".join(s.name.lower() for s in allowed)
        raise ConsentError(
            f"consent cannot go from {State(state).name.lower()} to {to.name.lower()}; "
            f"from there it can go to {may}"
        )
    return to


def join(people: People, row: int) -> None:
    """An operator says that this person agreed to be seen, heard and coupled.

    For somebody already in (GIVEN, PAUSED) it changes nothing: a repeated message takes no own
    choice back. For somebody who had left it starts from exactly JOIN again.
    """
    if people.state[row] in (State.GIVEN, State.PAUSED):
        return
    if people.state[row] != State.INVITED:
        people.state[row] = move(int(people.state[row]), State.INVITED)
    people.state[row] = move(int(people.state[row]), State.GIVEN)
    people.consent[row] = [purpose in JOIN for purpose in PURPOSES]


def pause(people: People, row: int) -> None:
    """Nothing of this person is used until `resume`; purposes are kept. No step if paused.

    Raises ConsentError for somebody who is not in.
    """
    if people.state[row] != State.PAUSED:
        people.state[row] = move(int(people.state[row]), State.PAUSED)


def resume(people: People, row: int) -> None:
    """Back from a pause, with the same purposes; no step for somebody who is in.

    Raises ConsentError for anybody else: an invitation is answered by `join` or `set_purpose`.
    """
    if people.state[row] == State.GIVEN:
        return
    if people.state[row] != State.PAUSED:
        raise ConsentError(
            f"cannot come back from {State(people.state[row]).name.lower()}, only from paused; "
            "a new join is needed"
        )
    people.state[row] = move(State.PAUSED, State.GIVEN)


def withdraw(people: People, row: int) -> None:
    """Takes every purpose back at once. Never fails; an invitation becomes REFUSED."""
    people.consent[row] = False
    if people.state[row] in (State.GIVEN, State.PAUSED):
        people.state[row] = move(int(people.state[row]), State.WITHDRAWN)
    elif people.state[row] == State.INVITED:
        people.state[row] = move(State.INVITED, State.REFUSED)


def expire(people: People, row: int) -> None:
    """The time a consent was given for is over: every purpose ends, as if taken back."""
    people.consent[row] = False
    if State.EXPIRED in MOVES[State(people.state[row])]:
        people.state[row] = State.EXPIRED


def set_purpose(people: People, row: int, purpose: str, given: bool) -> None:
    """Gives or takes back one purpose. Giving one is also a yes to an invitation.

    Raises ConsentError for an unknown purpose, and for giving one where there is no consent to
    add to (nobody, withdrawn, expired, refused).
    """
    column = _column(purpose)
    if given and people.state[row] not in (State.GIVEN, State.PAUSED):
        people.state[row] = move(int(people.state[row]), State.GIVEN)
    people.consent[row, column] = given


def _column(purpose: str) -> int:
    try:
        return PURPOSES.index(purpose)
    except ValueError:
        allowed = ", ".join(PURPOSES)
        raise ConsentError(f"no purpose {purpose!r:.40}; one of {allowed}") from None


def allowed(people: People, purpose: str) -> Flags:
    """Whose data may be used for a purpose now, shape (C,): given, and not paused or ended.

    Raises ConsentError for an unknown purpose.
    """
    return (people.state == State.GIVEN) & people.consent[:, _column(purpose)]


def seen(people: People) -> Flags:
    """Who may be drawn now, shape (C,)."""
    return allowed(people, "visual_layer")


def seen_or_paused(people: People) -> Flags:
    """Who may be drawn now or, paused, leave an ember where they were, shape (C,)."""
    agreed = people.consent[:, _column("visual_layer")]
    return agreed & ((people.state == State.GIVEN) | (people.state == State.PAUSED))


def who_may_not_be_recorded(people: People) -> list[str]:
    """Ids of people with something of them in the picture who do not agree to a recording.

    Somebody paused or withdrawn is still in it while `present` > 0. Simulated people never mind.
    """
    minds = (people.present > 0) & ~people.simulated & ~allowed(people, "record_local")
    return [person for person, mind in zip(people.ids, minds, strict=True) if person and mind]


def may_record(people: People) -> bool:
    """Whether the picture may be recorded now: nobody in it minds."""
    return not who_may_not_be_recorded(people)
