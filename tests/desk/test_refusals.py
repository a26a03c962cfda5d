"""Refusals are counted, and told as far as anybody can read."""

import pytest

from performer.desk.refusals import MOST_SAID, Refusals
from performer.parameters import Value
from tests.controllers.players import Told


def test_refusals_are_all_counted_and_few_are_said(caplog: pytest.LogCaptureFixture) -> None:
    told: list[tuple[str, tuple[Value, ...]]] = []
    refusals = Refusals(lambda address, values: told.append((address, values)))
    for i in range(5000):
        refusals(f"/zoo{i}/\n{'x' * 1000}", "no such address")
    assert refusals.total == 5000
    assert len(told) <= 2 * MOST_SAID
    assert len(caplog.records) == len(told)
    assert all(len(r.getMessage()) < 200 for r in caplog.records)
    assert all("\n" not in r.getMessage() for r in caplog.records)
    assert len(refusals.counts) <= 257


def test_who_sent_it_is_told_why() -> None:
    sender = Told()
    refusals = Refusals(lambda address, values: None)
    refusals("/resonanc", "no such address", sender)
    assert sender.told == [("/refused", ("/resonanc", "no such address, did you mean /resonance?"))]


def test_everybody_is_told_why_and_nobody_is_flooded() -> None:
    refusals = Refusals(lambda address, values: None)
    senders = [Told(f"udp {n}") for n in range(30)]
    for sender in senders:
        for _ in range(100):
            refusals("/resonance", "must be 0..1, found 2", sender)
    assert {len(s.told) for s in senders} == {MOST_SAID}


def test_what_was_wrong_inside_a_message_is_named() -> None:
    sender = Told()
    refusals = Refusals(lambda address, values: None)
    refusals("/release", "no such address", sender, about="/resonanc")
    assert sender.told == [
        ("/refused", ("/release", "'/resonanc': no such address, did you mean /resonance?"))
    ]
