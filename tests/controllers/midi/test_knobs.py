"""How controls are written, and what movements their numbers are."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from performer.controllers.midi.gestures import Encoding, bend, steps
from performer.show.knobs import HIGHEST, Kind, Knob, parsed

KNOBS = st.sampled_from(Kind).flatmap(
    lambda kind: st.builds(
        Knob, st.just(kind), st.integers(1, 16), st.integers(0, HIGHEST.get(kind, 0))
    )
)


@given(KNOBS)
def test_a_knob_is_read_as_it_is_written(knob: Knob) -> None:
    assert parsed(str(knob)) == knob
    assert parsed(f"  {knob} ".upper()) == knob


def test_knobs_are_written_as_people_write_them() -> None:
    assert str(Knob(Kind.CC, 1, 16)) == "cc 16 ch 1"
    assert parsed("cc 16") == Knob(Kind.CC, 1, 16)
    assert parsed("pitch ch 3") == Knob(Kind.PITCH, 3)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("cc", "found 'cc'"), ("cc 128", "cc must be 0..127, found 128"), ("pitch 3", "'pitch 3'"),
        ("fader 3", "'fader 3'"), ("note 3 ch 17", "ch must be 1..16, found 17"),
        ("cc14 40", "cc14 must be 0..31"), ("nrpn 16384", "0..16383"), ("", "is written as"),
    ],
)  # fmt: skip
def test_what_is_no_knob_says_what_is_allowed(text: str, said: str) -> None:
    with pytest.raises(ValueError, match=said.replace(".", r"\.")):
        parsed(text)


@given(st.text(max_size=30))
def test_no_text_breaks_the_reader(text: str) -> None:
    try:
        knob = parsed(text)
    except ValueError:
        return
    assert parsed(str(knob)) == knob


@given(st.sampled_from(Encoding), st.integers(-63, 63))
def test_an_encoder_means_the_steps_that_were_written(encoding: Encoding, n: int) -> None:
    written = {
        Encoding.TWOS: n % 128, Encoding.OFFSET: n + 64,
        Encoding.SIGN: n if n >= 0 else 64 - n,
    }[encoding]  # fmt: skip
    assert steps(encoding, written) == n


def test_pitch_bend_has_its_middle_in_the_middle() -> None:
    assert [bend(v) for v in (0, 4096, 8192, 16383)] == [0.0, 0.25, 0.5, 1.0]
    assert all(bend(v) < bend(v + 1) for v in range(16383))
