"""What the desk keeps until the stage has it."""

import pytest

from performer.desk.pending import MOST_EVENTS, Pending
from performer.errors import ControlError
from performer.parameters import TREE


def test_values_are_kept_newest_and_events_all_until_they_are_acknowledged() -> None:
    pending = Pending(seq=10)
    for value in (0.1, 0.2, 0.3):
        pending.add(TREE.accept("/resonance", [value]))
        pending.add(TREE.accept("/tap", []))
    told = [(e.seq, e.address, e.args) for e in pending.entries()]
    assert told == [(12, "/tap", [1.0]), (14, "/tap", [1.0]), (15, "/resonance", [0.3]),
                    (16, "/tap", [1.0])]  # fmt: skip
    pending.acknowledge(14)
    assert [e.seq for e in pending.entries()] == [15, 16]
    pending.acknowledge(16)
    assert pending.entries() == []


def test_a_stage_that_does_not_answer_is_not_a_memory_that_grows() -> None:
    pending = Pending()
    for _ in range(MOST_EVENTS):
        pending.add(TREE.accept("/tap", []))
    with pytest.raises(ControlError, match="too many events"):
        pending.add(TREE.accept("/tap", []))


@pytest.mark.parametrize("behind", [-1_000_000, 0, 3, 10**12])
def test_a_desk_started_again_counts_on_even_if_the_clock_was_set_back(behind: int) -> None:
    pending = Pending(seq=1000)
    for _ in range(3):
        pending.add(TREE.accept("/go", []))
    pending.add(TREE.accept("/resonance", [0.5]))
    ack = 1000 + behind  # what the stage has of an earlier desk
    pending.begin(ack)
    pending.acknowledge(ack)
    told = pending.entries()
    assert [e.address for e in told] == ["/go", "/go", "/go", "/resonance"], "nothing is lost"
    assert min(e.seq for e in told) > ack, "and the stage will take it"
    pending.acknowledge(told[-1].seq)
    assert pending.entries() == []
