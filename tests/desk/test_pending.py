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
