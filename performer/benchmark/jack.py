"""JACK with its dummy driver: a sound server of the benchmark's own, and a recorder in it.

No loudspeaker is ever reached: what plays here plays into nothing, and is only written down.
"""

import contextlib
import os
import shutil
import signal
import subprocess
import time
import uuid
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from performer.errors import DeviceError

Samples = NDArray[np.float32]

NAME = "performer-bench"  # always the same: JACK keeps the place of one that was killed, of eight
RATE, PERIOD = 48000, 256
NEEDED = ("jackd", "jack_lsp", "jack_connect", "ffmpeg")
PATIENCE = 10.0  # s that a server or a client may take to come
END = 2.0  # s to end by itself; a server that waits for a client which was killed never does
ANSWER = 5.0  # s in which JACK's own programs answer
FIRST = ("chrt", "--rr", "20")  # in real time, as sound servers: a late one would lose samples
HOLE = 8  # frames of exact zeros in every channel: voices never are that
CLIENT = "PortAudio"


class Server:
    """One server under a name of its own; only this one is ever ended.

    It waits for clients that are late (`--sync`), as no hardware would: a hole in a recording was
    then played as one, and is no loss on the way.
    """

    def __init__(self, folder: Path) -> None:
        """Starts it; DeviceError says what is not installed, or that it did not come."""
        missing = [n for n in NEEDED if shutil.which(n) is None]
        if missing:
            raise DeviceError(f"not installed: {', '.join(missing)} (Debian: jackd2, ffmpeg)")
        self.environment = {
            "JACK_DEFAULT_SERVER": NAME, "JACK_NO_AUDIO_RESERVATION": "1",
            "JACK_NO_START_SERVER": "1",
        }  # fmt: skip
        command = ["jackd", "-n", NAME, "--no-realtime", "--sync", "-d", "dummy",
                   "-r", str(RATE), "-p", str(PERIOD)]  # fmt: skip
        told = folder / "jackd.txt"
        self._process = _started(command, told, self.environment)
        try:
            _wait("a JACK server", self._plays)
        except DeviceError as error:
            self.close()
            words = " ".join(told.read_text(encoding="utf-8", errors="replace").split())
            raise DeviceError(f"{error}: {words[:200]}") from None

    def _plays(self) -> bool:
        if self._process.poll() is not None:  # there may be another of its name
            raise DeviceError("JACK does not start")
        return "system:playback_1" in _ports(self.environment)

    def close(self) -> None:
        """Ends it."""
        _ended(self._process, signal.SIGTERM)

    def __enter__(self) -> "Server":
        return self

    def __exit__(self, *_: object) -> None:
        self.close()


class Recording:
    """What PortAudio's client plays into the server of this process's environment, from now on."""

    def __init__(self, folder: Path, channels: int = 2) -> None:
        """Begins when the client is there and connected; DeviceError if it does not come."""
        self._path, self._channels = folder / "recording.f32", channels
        name = f"rec{uuid.uuid4().hex[:6]}"
        command = ["ffmpeg", "-nostdin", "-hide_banner", "-loglevel", "warning", "-f", "jack",
                   "-channels", str(channels), "-i", name, "-f", "f32le", "-y",
                   str(self._path)]  # fmt: skip
        self._process = _started(command, folder / "recorder.txt", {})
        try:
            _wait("the recorder", lambda: f"{name}:input_1" in _ports())
            client = _wait("the night's sound", _client)
            for k in range(channels):
                source, sink = f"{client}:out_{k}", f"{name}:input_{k + 1}"
                _wait(source, lambda s=source, t=sink: _connected(s, t))
        except DeviceError:
            self.close()
            raise

    def samples(self) -> Samples:
        """Ends the recording: what was heard, shape (n, channels), from its first sound on."""
        self.close()
        size = self._path.stat().st_size // (4 * self._channels)
        if not size:
            raise DeviceError("nothing was recorded")
        took = np.memmap(self._path, np.float32, "r", shape=(size, self._channels))
        return took[int(np.argmax((took != 0.0).any(axis=1))) :]

    def close(self) -> None:
        """Ends it however it stands."""
        _ended(self._process, signal.SIGINT)


def holes(samples: Samples) -> NDArray[np.int64]:
    """How long each hole in samples (n, channels) is, frames: runs of nothing but zeros."""
    silent = (samples == 0.0).all(axis=1)
    edges = np.flatnonzero(np.diff(silent.astype(np.int8), prepend=0, append=0))
    lengths = edges[1::2] - edges[::2]
    return lengths[lengths >= HOLE]


def _started(command: list[str], told: Path, more: dict[str, str]) -> subprocess.Popen[bytes]:
    with told.open("wb") as log:
        return subprocess.Popen(
            [*_first(), *command], env={**os.environ, **more}, stdin=subprocess.DEVNULL,
            stdout=log, stderr=log,
        )  # fmt: skip


def _first() -> tuple[str, ...]:
    """What measures runs before what is measured, where that is allowed."""
    if shutil.which(FIRST[0]) is None:
        return ()
    done = subprocess.run([*FIRST, "true"], capture_output=True, check=False)
    return () if done.returncode else FIRST


def _ended(process: subprocess.Popen[bytes], by: signal.Signals) -> None:
    if process.poll() is None:
        process.send_signal(by)
        with contextlib.suppress(subprocess.TimeoutExpired):
            process.wait(END)
            return
        process.kill()
        process.wait()


def _wait(what: str, found: Callable[[], Any]) -> Any:
    """The first thing that is found; DeviceError if there is none in time."""
    end = time.monotonic() + PATIENCE
    while time.monotonic() < end:
        if got := found():
            return got
        time.sleep(0.05)
    raise DeviceError(f"{what} did not come within {PATIENCE:g} s")


def _ports(more: dict[str, str] | None = None) -> list[str]:
    return _asked(["jack_lsp"], more or {}).split()


def _client() -> str:
    """The client that plays, once there is one; else nothing."""
    playing = (p for p in _ports() if p.startswith(CLIENT) and p.endswith(":out_0"))
    return next(playing, "").partition(":")[0]


def _connected(source: str, sink: str) -> bool:
    _asked(["jack_connect", source, sink], {})
    return sink in _asked(["jack_lsp", "-c", source], {}).split()


def _asked(command: list[str], more: dict[str, str]) -> str:
    """What one of JACK's programs answers; nothing if it does not."""
    try:
        done = subprocess.run(
            command, env={**os.environ, **more}, capture_output=True, text=True, check=True,
            timeout=ANSWER,
        )  # fmt: skip
    except (subprocess.CalledProcessError, subprocess.TimeoutExpired):
        return ""
    return done.stdout
