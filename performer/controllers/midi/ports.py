"""The desk's side of its MIDI process: starts it, watches it, and never waits for it.

Two threads of ours stand between the desk's loop and the pipes, so that nothing that happens to
the process can stop the loop; what waits is bounded in both directions.
"""

import asyncio
import contextlib
import logging
import os
import subprocess
import sys
import threading
import time
from collections import deque
from collections.abc import Callable, Hashable, Sequence

import msgspec

from performer.controllers.midi.wire import TOLD, Alive, Gone, Heard, Here, Lines, Send, line

log = logging.getLogger("performer.midi")

MOST = 8192  # messages of one device that wait for the loop; the oldest go first
AT_A_WAKE = 256  # messages handed on before others get their turn
HUNG = 10.0  # s without a sign of life after which the process is ended; a JACK server needs some
# of them for itself when it has lost a client
AGAIN = 1.0  # s before a process that ended is started again
PREFIX = "mido.backends.rtmidi/"

News = Here | Gone
Take = Callable[[list[News], list[Heard]], None]


def wanted_system(option: str = "") -> str:
    """The MIDI system that is asked for: by an option, or as mido's users do, by MIDO_BACKEND."""
    backend = os.environ.get("MIDO_BACKEND", "")
    return option or (backend.removeprefix(PREFIX) if backend.startswith(PREFIX) else "")


def command(system: str) -> list[str]:
    """How the MIDI process is started."""
    return [sys.executable, "-m", "performer.controllers.midi.process", system]


class Ports:
    """All MIDI devices: what they say comes to `take`, in the loop, in batches."""

    def __init__(self, take: Take, argv: Sequence[str]) -> None:
        self._take, self._argv = take, list(argv)
        self._loop = asyncio.get_running_loop()
        self._lock = threading.Lock()
        self._news: deque[News] = deque()
        self._heard: dict[str, deque[Heard]] = {}
        self._called = False
        self._sends: dict[Hashable, Send] = {}
        self._some = threading.Event()
        self._pipe = threading.Lock()
        """Held while writing: a pipe must not be closed, and its number used anew, meanwhile."""
        self._process: subprocess.Popen[bytes] | None = None
        self._seen = time.monotonic()
        self._closed = False
        self._said = ""
        self._devices: set[str] = set()

    def start(self) -> None:
        """Starts the process, and starts it again whenever it ends."""
        for run in (self._read, self._write):
            threading.Thread(target=run, name="midi", daemon=True).start()

    def close(self) -> None:
        """Ends the process: it closes its ports when its pipe ends, if it can."""
        self._closed = True
        self._some.set()
        process = self._process
        if process is None or process.stdin is None:
            return
        if self._pipe.acquire(timeout=0.1):
            with contextlib.suppress(OSError):
                process.stdin.close()
            self._pipe.release()
        else:  # it reads nothing
            process.kill()

    def send(self, device: str, key: Hashable, data: tuple[bytes, ...]) -> None:
        """Sends messages that belong together; what waits under the same key is superseded."""
        with self._lock:
            self._sends.pop((device, key), None)
            self._sends[device, key] = Send(device, data)
        self._some.set()

    def watch(self) -> None:
        """To be called now and then: ends a process that gives no sign of life."""
        process = self._process
        if process is not None and time.monotonic() - self._seen > HUNG:
            log.warning("the MIDI system hangs: its ports are opened anew")
            self._seen = time.monotonic()
            process.kill()

    # ---- in two threads -------------------------------------------------------------------

    def _read(self) -> None:
        while not self._closed:
            with contextlib.suppress(OSError):
                self._one_life()
            with self._lock:
                self._news.extend(Gone(d) for d in self._devices)
                self._devices.clear()
            self._call()
            time.sleep(AGAIN)

    def _one_life(self) -> None:
        """A process from its start to its end."""
        process = subprocess.Popen(
            self._argv, bufsize=0, stdin=subprocess.PIPE, stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,  # libjack writes several lines at each try to find a server
        )  # fmt: skip
        self._process, self._seen = process, time.monotonic()
        if self._closed:
            process.kill()
        lines = Lines()
        assert process.stdout is not None
        assert process.stdin is not None
        lived = False
        while chunk := os.read(process.stdout.fileno(), 1 << 16):
            lived, self._seen = True, time.monotonic()
            for one in lines.feed(chunk):
                with contextlib.suppress(msgspec.MsgspecError):  # a killed one's last words
                    self._told(TOLD.decode(one))
            self._call()
        self._process = None
        process.kill()
        code = process.wait()
        if not (lived or self._closed):
            self._say(f"no MIDI: its process ends at once (exit code {code})")
        process.stdout.close()
        with self._pipe, contextlib.suppress(OSError):
            process.stdin.close()

    def _told(self, message: Alive | Here | Gone | Heard) -> None:
        if isinstance(message, Alive):
            self._say(f"MIDI by {message.system}" if message.system else message.why)
            return
        with self._lock:
            if isinstance(message, Heard):
                self._heard.setdefault(message.device, deque(maxlen=MOST)).append(message)
                return
            self._news.append(message)
            (self._devices.add if isinstance(message, Here) else self._devices.discard)(
                message.device
            )

    def _say(self, said: str) -> None:
        """One line, and no second one of the same."""
        if said != self._said:
            self._said = said
            log.info("%s", said)

    def _call(self) -> None:
        """Sees to it that the loop takes what waits, once."""
        with self._lock:
            if self._called or not (self._news or self._heard):
                return
            self._called = True
        with contextlib.suppress(RuntimeError):  # the loop is closed
            self._loop.call_soon_threadsafe(self._hand_on)

    def _write(self) -> None:
        while self._some.wait() and not self._closed:
            self._some.clear()
            with self._lock:
                sends, self._sends = self._sends, {}
            with self._pipe, contextlib.suppress(OSError, ValueError):
                process = self._process
                if process is not None and process.stdin is not None:
                    process.stdin.write(b"".join(map(line, sends.values())))

    # ---- in the loop ----------------------------------------------------------------------

    def _hand_on(self) -> None:
        with self._lock:
            news = list(self._news)
            self._news.clear()
            heard = self._some_heard()
            self._called = bool(self._heard)
            again = self._called
        if again:  # before anything that might raise
            self._loop.call_soon(self._hand_on)
        if not self._closed:
            self._take(news, heard)

    def _some_heard(self) -> list[Heard]:
        """The oldest messages, every device's turn; what was all taken is forgotten."""
        share = AT_A_WAKE // max(1, len(self._heard))
        taken: list[Heard] = []
        for device, queue in list(self._heard.items()):
            taken.extend(queue.popleft() for _ in range(min(max(1, share), len(queue))))
            if not queue:
                del self._heard[device]
        return taken
