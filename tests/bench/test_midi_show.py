"""The whole of luna-circle in its own 45 minutes, played from a MIDI file through JACK alone.

pytest -o addopts=--import-mode=importlib tests/bench/test_midi_show.py -s
"""

from pathlib import Path

from tests.midi_show import whole, written
from tests.processes.jack import Jack
from tests.processes.midi_nights import BACKEND, Player, check, played, twice
from tests.processes.nights import Night

MINUTES = 10  # that are dreamt again


def test_a_midi_file_plays_the_whole_show_in_its_own_time(tmp_path: Path) -> None:
    wanted = whole()
    file = tmp_path / "luna-circle.mid"
    written(wanted).save(file)
    jack = Jack(tmp_path, patient=True)  # a server that hurries loses messages of late clients
    record = tmp_path / "hands.jsonl"
    night = Night(tmp_path, "--silent", "--record-control", str(record), fps=30, size="640x360",
                  midi=True, environment={**jack.environment, **BACKEND})  # fmt: skip
    player = None
    try:
        night.ready()
        player = Player(jack, file)
        watched = played(night, player, wanted)
    finally:
        if player is not None:
            player.close()
        night.close()
        jack.stop()
    check(watched)
    assert "refused" not in night.log
    print(f"{len(watched.looks)} Frames in {wanted.seconds / 60.0:.1f} min, nothing refused")
    digest = twice(tmp_path, record, MINUTES * 60.0, fps=20)
    print(f"its first {MINUTES} minutes, dreamt again, twice: sha256 {digest}")
