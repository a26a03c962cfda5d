"""The MIDI file of the whole show: it can be written, and holds all that a performer does."""

from collections import Counter
from pathlib import Path

import mido
import pytest

from performer.show.shows import load_show
from tests.midi_show import (
    BPM,
    NOTE_ON,
    PROGRAM,
    REAL_TIME,
    Moved,
    Night,
    Surface,
    condensed,
    performed,
    whole,
    written,
)

NIGHTS = {"condensed": condensed(), "whole": whole()}


@pytest.mark.parametrize("name", NIGHTS)
def test_a_file_says_the_same_after_it_was_saved(name: str, tmp_path: Path) -> None:
    path = tmp_path / "show.mid"
    file = written(NIGHTS[name])
    file.save(path)
    again = mido.MidiFile(path)
    assert performed(again) == performed(file)
    assert again.length == pytest.approx(NIGHTS[name].seconds, abs=0.01)


@pytest.mark.parametrize("name", NIGHTS)
def test_a_file_has_every_gesture_of_the_night(name: str) -> None:
    night, surface = NIGHTS[name], Surface.generic()
    sent = performed(written(night))
    assert [second for second, _ in sent] == sorted(second for second, _ in sent)
    kinds = Counter(message[0] & 0xF0 for _, message in sent)
    assert kinds[PROGRAM] == 1
    pad = surface.maps["/go"].number
    go = [t for t, message in sent if message[0] & 0xF0 == NOTE_ON and message[1] == pad]
    assert go == pytest.approx(night.starts[1:], abs=0.01)
    assert len(go) == len(load_show("luna-circle").show.phase) - 1


@pytest.mark.parametrize("name", NIGHTS)
def test_the_clock_has_24_pulses_a_beat_between_its_start_and_its_stop(name: str) -> None:
    sent = performed(written(NIGHTS[name]))
    (start,) = (second for second, message in sent if message == REAL_TIME["start"])
    (stop,) = (second for second, message in sent if message == REAL_TIME["stop"])
    pulses = [second for second, message in sent if message == REAL_TIME["clock"]]
    assert start <= pulses[0]
    assert pulses[-1] <= stop
    assert len(pulses) == pytest.approx((stop - start) * BPM / 60.0 * 24.0, abs=1.0)


@pytest.mark.parametrize("name", NIGHTS)
def test_no_gesture_runs_into_the_next_phase(name: str) -> None:
    """So what a hand has set is looked at before a GO may let go of it."""
    night: Night = NIGHTS[name]
    moved = [deed for deed in night.deeds if isinstance(deed, Moved)]
    assert len(moved) == 8
    for deed in moved:
        here = max(start for start in night.starts if start <= deed.at)
        later = [start for start in (*night.starts, night.seconds) if start > here]
        assert deed.at + deed.seconds < later[0]


def test_a_fader_passes_all_its_travel_and_stops_where_it_is_to_be() -> None:
    surface = Surface.generic()
    for goal in (95, 0, 127, 1):
        rows = list(surface.messages(Moved(3.0, "/volume", goal)))
        seen = [message.bin()[2] for _, message in rows]
        assert {min(seen), max(seen), seen[-1]} == {0, 127, goal}
        assert 3.0 == rows[0][0] <= rows[-1][0] <= 3.0 + Moved.seconds
