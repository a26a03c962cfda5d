"""The whole of luna-circle in its own 45 minutes, played from a MIDI file through JACK alone.

pytest -o addopts=--import-mode=importlib tests/bench/test_midi_show.py -s
"""

from pathlib import Path

from tests.midi_show import whole, written
from tests.processes.jack import Jack
from tests.processes.midi_nights import BACKEND, Player, check, played
from tests.processes.nights import Night


def test_a_midi_file_plays_the_whole_show_in_its_own_time(tmp_path: Path) -> None:
    wanted = whole()
    file = tmp_path / "luna-circle.mid"
    written(wanted).save(file)
    jack = Jack(tmp_path, patient=True)  # a server that hurries loses messages of late clients
    night = Night(tmp_path, "--silent", fps=30, size="640x360", midi=True,
                  environment={**jack.environment, **BACKEND})  # fmt: skip
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
    assert night.feedback.of("/refused") == []
    print(f"{len(watched.looks)} Frames in {wanted.seconds / 60.0:.1f} min, nothing refused")
