"""The whole show luna-circle, played from a MIDI file through JACK alone, in phases of seconds."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.midi_show import condensed, written

from .conftest import Start
from .jack import Jack
from .midi_nights import BACKEND, Player, check, played, twice


@pytest.fixture(scope="module")
def jack(folder: Path) -> Iterator[Jack]:
    made = Jack(folder, patient=True)  # a server that hurries loses messages of late clients
    yield made
    made.stop()


def test_a_midi_file_plays_the_whole_show(folder: Path, jack: Jack, start: Start) -> None:
    wanted = condensed()
    file = folder / "luna-circle.mid"
    written(wanted).save(file)
    record = folder / "hands.jsonl"
    night = start(
        "--silent",
        "--record-control",
        str(record),
        midi=True,
        environment={**jack.environment, **BACKEND},
    ).ready()
    player = Player(jack, file)
    try:
        watched = played(night, player, wanted)
    finally:
        player.close()
    check(watched)
    assert "refused" not in night.log
    assert night.feedback.of("/refused") == []
    assert night.interrupt()[0] == 0
    twice(folder, record, wanted.seconds, fps=5)
