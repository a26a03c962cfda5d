"""The whole show luna-circle, played from a MIDI file through JACK alone, in phases of seconds."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.midi_show import condensed, written

from .conftest import Start
from .jack import Jack
from .midi_nights import BACKEND, Fingers, Player, Watched, check, played, twice
from .nights import Night, addresses


@pytest.fixture(scope="module")
def jack(folder: Path) -> Iterator[Jack]:
    made = Jack(folder, patient=True)  # a server that hurries loses messages of late clients
    yield made
    made.stop()


def begun(start: Start, jack: Jack, record: Path) -> Night:
    """A night that plays by JACK's MIDI and records what plays it."""
    return start("--silent", "--fresh", "--record-control", str(record), midi=True,
                 environment={**jack.environment, **BACKEND}).ready()  # fmt: skip


def performed(night: Night, jack: Jack, file: Path, beside: bool) -> Watched:
    """Plays the condensed show to a night, with some OSC `beside` or by itself."""
    wanted = condensed()
    written(wanted).save(file)
    player = Player(jack, file)
    try:
        watched = played(night, player, wanted, Fingers(night) if beside else None)
    finally:
        player.close()
    check(watched)
    assert "refused" not in night.log
    assert night.feedback.of("/refused") == []
    return watched


def test_a_midi_file_plays_the_whole_show_through_jack_alone(
    folder: Path, jack: Jack, start: Start
) -> None:
    record = folder / "midi.jsonl"
    night = begun(start, jack, record)
    performed(night, jack, folder / "luna-circle.mid", beside=False)
    assert night.counts() == (0, 0), "not one datagram came"
    assert night.interrupt()[0] == 0
    assert {"/go", "/macro/1", "/clock", "/preset", "/panic"} <= set(addresses(record))


def test_a_show_played_by_midi_and_osc_is_dreamt_again_twice(
    folder: Path, jack: Jack, start: Start
) -> None:
    record = folder / "hands.jsonl"
    night = begun(start, jack, record)
    watched = performed(night, jack, folder / "luna-circle.mid", beside=True)
    assert night.interrupt()[0] == 0
    twice(folder, record, watched.night.seconds, fps=5)
