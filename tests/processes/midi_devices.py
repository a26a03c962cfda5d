"""MIDI devices that are plugged into a JACK server: processes of their own, as clients of it."""

import contextlib
import json
import os
import subprocess
import sys
import threading
from collections.abc import Sequence

from mido import Message

from .jack import Jack, first
from .nights import wait

CODE = """
import json, sys, threading, time
import rtmidi
name = sys.argv[1]
out, into = rtmidi.MidiOut(rtmidi.API_UNIX_JACK, name), rtmidi.MidiIn(rtmidi.API_UNIX_JACK, name)
out.open_virtual_port("out")
into.set_callback(lambda event, _: print(json.dumps(event[0]), flush=True))
into.open_virtual_port("in")
for line in sys.stdin:
    every, messages = json.loads(line)
    due = time.monotonic()
    for message in messages:
        out.send_message(message)
        due += every
        time.sleep(max(0.0, due - time.monotonic()))
out.delete()
into.close_port()
into.delete()
"""


class Device:
    """One device: plugged in when it is made, until `unplug`."""

    def __init__(self, jack: Jack, name: str) -> None:
        self.name, self.got = name, list[list[int]]()
        self.process = subprocess.Popen(
            [*first(), sys.executable, "-c", CODE, name], env={**os.environ, **jack.environment},
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True,
        )  # fmt: skip
        threading.Thread(target=self._listen, daemon=True).start()
        wait(f"{name} is plugged in", lambda: f"{name}:out" in lines(jack), 10.0)

    def _listen(self) -> None:
        assert self.process.stdout is not None
        with self.process.stdout as told:
            for line in told:
                self.got.append(json.loads(line))

    def send(self, messages: Sequence[Message], every: float = 0.001) -> None:
        """Sends messages, one `every` so many s; returns at once."""
        assert self.process.stdin is not None
        self.process.stdin.write(json.dumps([every, [m.bytes() for m in messages]]) + "\n")
        self.process.stdin.flush()

    def unplug(self) -> None:
        """Pulls it out: its ports are closed in good order, as a bridge to hardware does it."""
        if self.process.stdin is not None:
            with contextlib.suppress(OSError):
                self.process.stdin.close()
        with contextlib.suppress(subprocess.TimeoutExpired):
            self.process.wait(2)
        self.process.kill()
        self.process.wait(5)


def lines(jack: Jack, *more: str) -> list[str]:
    """The server's ports, names with spaces whole; `-c` for who is connected to whom."""
    done = subprocess.run(
        ["jack_lsp", *more], env={**os.environ, **jack.environment},
        capture_output=True, text=True, timeout=5, check=False,
    )  # fmt: skip
    return done.stdout.splitlines() if done.returncode == 0 else []


def wired(jack: Jack, port: str) -> list[str]:
    """The ports that a port is connected to."""
    found: list[str] = []
    here = False
    for line in lines(jack, "-c"):
        if not line.startswith("   "):
            here = line == port
        elif here:
            found.append(line.strip())
    return found
