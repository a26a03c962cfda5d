"""The whole show luna-circle, played from a MIDI file through JACK, in phases of seconds."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.midi_show import condensed, written

from .conftest import Start
from .jack import Jack
from .midi_nights import BACKEND, Fingers, Player, check, played, twice
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


def test_a_midi_file_plays_the_show_alone_then_beside_osc_and_it_is_dreamt_again_twice(
    folder: Path, jack: Jack, start: Start
) -> None:
    """Not one datagram comes until the last phase; then a tablet plays beside."""
    record, wanted = folder / "hands.jsonl", condensed()
    file = folder / "luna-circle.mid"
    written(wanted).save(file)
    night = begun(start, jack, record)
    player, fingers = Player(jack, file), Fingers(night, wanted.starts[-1])
    try:
        watched = played(night, player, wanted, fingers)
    finally:
        player.close()
    check(watched)
    assert fingers.alone == (0, 0), "by MIDI alone"
    assert fingers.sent > 8
    assert "refused" not in night.log
    assert night.feedback.of("/refused") == []
    assert night.interrupt()[0] == 0
    assert {"/go", "/macro/1", "/clock", "/preset", "/panic"} <= set(addresses(record))
    twice(folder, record, watched.night.seconds, fps=5)
