"""Frames: complete, immutable, and the same after a journey over the bus."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from performer.circle.circle import Circle
from performer.frame import (
    COLUMNS,
    FEATURES,
    SPECTRUM,
    TEXTS,
    Heard,
    clear_row,
    copied,
    decode,
    decode_heard,
    empty_people,
    encode,
    encode_heard,
    grown,
)
from performer.show.shows import load_show

LIBRARY = load_show("luna-circle")


def test_a_frame_survives_the_bus() -> None:
    frame = Circle(LIBRARY, people=12).step(1 / 60)
    again = decode(encode(frame))
    for name in frame.__struct_fields__:
        if name not in ("people", "arc", "heard", "followed"):
            assert np.array_equal(getattr(again, name), getattr(frame, name)) or getattr(
                again, name
            ) == getattr(frame, name), name
    assert again.followed.keys() == frame.followed.keys()
    for name, followed in frame.followed.items():
        assert np.array_equal(again.followed[name], followed)
    for name in (*TEXTS, *COLUMNS):
        assert np.array_equal(
            np.asarray(getattr(again.people, name)), np.asarray(getattr(frame.people, name)),
            equal_nan=name == "inputs",
        ), name  # fmt: skip


def test_what_was_heard_survives_the_bus_alone_and_in_a_frame() -> None:
    circle = Circle(LIBRARY, people=4)
    noise = np.random.default_rng(1)
    circle.heard = Heard(
        noise.random(len(FEATURES)), noise.random(SPECTRUM).astype(np.float16),
        noise.standard_normal(SPECTRUM).astype(np.float16), 92.5, True,
    )  # fmt: skip
    for again in (decode(encode(circle.step(1 / 60))).heard,
                  decode_heard(encode_heard(circle.heard))):  # fmt: skip
        for name in Heard.__struct_fields__:
            assert np.array_equal(getattr(again, name), getattr(circle.heard, name)), name
        assert again.spectrum.dtype == np.float16


def test_what_a_frame_holds_cannot_change_under_it() -> None:
    circle = Circle(LIBRARY, people=4)
    frame = circle.step(1 / 60)
    before = frame.people.theta.copy()
    circle.step(1.0)
    assert np.array_equal(frame.people.theta, before)
    with pytest.raises(ValueError, match="read-only"):
        frame.people.theta[0] = 1.0


def test_growing_keeps_rows_and_clearing_empties_one() -> None:
    people = Circle(LIBRARY, people=4).people
    bigger = grown(people, 8)
    assert bigger.capacity == 8
    assert bigger.ids[:4] == people.ids
    assert np.array_equal(bigger.seat[:4], people.seat)
    clear_row(bigger, 1)
    empty = empty_people(1)
    for name in COLUMNS:
        assert np.array_equal(getattr(bigger, name)[1], getattr(empty, name)[0], equal_nan=True)


def test_a_copy_shares_nothing() -> None:
    people = empty_people(4)
    copy = copied(people)
    people.ids[0] = "ada"
    people.floor[0] = 1.0
    assert copy.ids[0] == ""
    assert copy.floor[0] == 0.0


@settings(max_examples=50)
@given(st.binary(max_size=200))
def test_bytes_that_are_no_frame_are_a_value_error(data: bytes) -> None:
    with pytest.raises((ValueError, TypeError)):
        decode(data)
