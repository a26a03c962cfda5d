"""A sequencer: plays a Standard MIDI File in real time, and its clock, from a JACK port of its own.

`python -m tests.processes.midi_player FILE CLIENT` opens the port, says `ready`, begins at a line
on its input, says `done`, and lives until its input ends.
"""

import sys
import time

import mido
from mido.backends.backend import Backend

from tests.midi_show import performed

BACKEND = "mido.backends.rtmidi/UNIX_JACK"


def main(path: str, client: str) -> None:
    """Plays one file. Messages are due by the time since the beginning: none delays the others."""
    due = performed(mido.MidiFile(path))
    port = Backend(BACKEND).open_output("out", client_name=client, virtual=True)
    print("ready", flush=True)
    sys.stdin.readline()
    began, latest = time.monotonic(), 0.0
    for second, message in due:
        early = began + second - time.monotonic()
        if early > 0.0:
            time.sleep(early)
        latest = max(latest, -early)
        port.send(mido.Message.from_bytes(message))
    print(f"done: {len(due)} messages, at most {latest:.3f} s late", flush=True)
    sys.stdin.read()
    port.close()


if __name__ == "__main__":
    main(*sys.argv[1:])
