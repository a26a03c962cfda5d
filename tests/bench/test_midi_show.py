"""The whole of luna-circle played from a MIDI file through JACK alone, in its own 45 minutes; and
ten minutes of it, with OSC beside, recorded and dreamt again, twice.

pytest -o addopts=--import-mode=importlib tests/bench/test_midi_show.py -s
"""

from pathlib import Path

from tests import midi_show
from tests.midi_show import condensed, whole, written
from tests.processes.jack import Jack
from tests.processes.midi_nights import BACKEND, Fingers, Player, Watched, check, played, twice
from tests.processes.nights import Night

PHASE = 120.0  # s of each phase of the ten minutes


def performed(folder: Path, wanted: midi_show.Night, size: str, beside: bool) -> Watched:
    """Plays a file to a night that records its controls in `hands.jsonl`, with OSC `beside`?"""
    file = folder / "luna-circle.mid"
    written(wanted).save(file)
    jack = Jack(folder, patient=True)  # a server that hurries loses messages of late clients
    night = Night(folder, "--silent", "--record-control", str(folder / "hands.jsonl"), fps=30,
                  size=size, midi=True, environment={**jack.environment, **BACKEND})  # fmt: skip
    player = None
    try:
        night.ready()
        player = Player(jack, file)
        watched = played(night, player, wanted, Fingers(night) if beside else None)
        assert beside or night.counts() == (0, 0), "not one datagram came"
    finally:
        if player is not None:
            player.close()
        night.close()
        jack.stop()
    assert "refused" not in night.log
    return watched


def test_a_midi_file_plays_the_whole_show_in_its_own_time(tmp_path: Path) -> None:
    wanted = whole()
    watched = performed(tmp_path, wanted, "640x360", beside=False)
    check(watched)
    print(f"{len(watched.looks)} Frames in {wanted.seconds / 60.0:.1f} min, nothing refused")


def test_ten_minutes_of_osc_and_midi_are_dreamt_again_twice(tmp_path: Path) -> None:
    wanted = condensed(PHASE)
    check(performed(tmp_path, wanted, "160x90", beside=True))
    digest = twice(tmp_path, tmp_path / "hands.jsonl", wanted.seconds, fps=20)
    print(f"{wanted.seconds / 60.0:.1f} min, twice: sha256 {digest}")
