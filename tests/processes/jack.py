"""A real sound server for tests: JACK with its dummy driver, a recorder and a player beside it.

The recorder is ffmpeg's JACK client; the player is PortAudio in a process of its own.
"""

import contextlib
import os
import shutil
import signal
import subprocess
import sys
import time
import uuid
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from .nights import POLL, wait

Samples = NDArray[np.float32]

RATE, PERIOD = 48000, 256
NEEDED = ("jackd", "jack_lsp", "jack_connect", "ffmpeg")


def first() -> list[str]:
    """Lets what measures run before what is measured, as sound servers do, if it may."""
    command = ["chrt", "--rr", "20"]
    done = subprocess.run([*command, "true"], capture_output=True, check=False)
    return command if done.returncode == 0 else []


class Jack:
    """One server of its own name; nothing else on the machine is touched.

    A `patient` one waits for clients that come late, as no hardware would: what a recording lacks
    was then never played, and not lost by a server that may have no real-time priority here. But
    it breaks when a client is killed.
    """

    def __init__(
        self, folder: Path, patient: bool = False, name: str = "", period: int = PERIOD,
        playback: int = 2, capture: int = 2, rate: int = RATE,
    ) -> None:  # fmt: skip
        """So many channels are played, and can be listened to; `rate` in Hz."""
        missing = [n for n in NEEDED if shutil.which(n) is None]
        assert not missing, f"please install {', '.join(missing)} (Debian: jackd2, ffmpeg)"
        # the same name each time: JACK has eight places, and a killed server keeps its own
        self.folder = folder
        self.name = f"performer-{name or ('patient' if patient else 'test')}-{os.getuid()}"
        self.mode = ["--sync"] if patient else []
        self.driver = ["-r", str(rate), "-P", str(playback), "-C", str(capture),
                       "-p", str(period)]  # fmt: skip
        self.environment = {
            "JACK_DEFAULT_SERVER": self.name, "JACK_NO_AUDIO_RESERVATION": "1",
            "JACK_NO_START_SERVER": "1",
        }  # fmt: skip
        self.process: subprocess.Popen[bytes] | None = None
        self.start()

    def start(self) -> None:
        """Starts the server, and waits until it has ports."""
        log = (self.folder / "jackd.log").open("ab")
        self.process = subprocess.Popen(
            [*first(), "jackd", "-n", self.name, "--no-realtime", *self.mode, "-d", "dummy",
             *self.driver],
            env=self._env, stdout=log, stderr=log, stdin=subprocess.DEVNULL,
        )  # fmt: skip
        log.close()
        wait("JACK has ports", lambda: "system:playback_1" in self.ports(), 10.0)

    def stop(self, with_: signal.Signals = signal.SIGTERM) -> None:
        """Ends the server under its clients."""
        if self.process is not None:
            self.process.send_signal(with_)
            with contextlib.suppress(subprocess.TimeoutExpired):
                self.process.wait(5)
            self.process.kill()
            self.process.wait(5)
            self.process = None

    @property
    def _env(self) -> dict[str, str]:
        return {**os.environ, **self.environment}

    def ports(self) -> list[str]:
        """All ports there are."""
        done = subprocess.run(
            ["jack_lsp"], env=self._env, capture_output=True, text=True, timeout=5
        )
        return done.stdout.split() if done.returncode == 0 else []

    def outputs(self, ends: str = "out_0") -> list[str]:
        """The first output port of every PortAudio client."""
        return [p for p in self.ports() if p.startswith("PortAudio") and p.endswith(ends)]

    def connect(self, source: str, sink: str) -> bool:
        """Whether two ports are connected now."""
        done = subprocess.run(
            ["jack_connect", source, sink], env=self._env, capture_output=True, timeout=5
        )
        return done.returncode == 0


class Recorder:
    """Records two channels, what is connected to them, from the moment it is made.

    More are recorded pair by pair.
    """

    def __init__(self, jack: Jack, path: Path) -> None:
        self.jack, self.path = jack, path
        self.name = f"rec{uuid.uuid4().hex[:6]}"
        log = path.with_suffix(".txt").open("wb")
        self.process = subprocess.Popen(
            [*first(), "ffmpeg", "-nostdin", "-hide_banner", "-loglevel", "warning", "-f", "jack",
             "-channels", "2", "-i", self.name, "-c:a", "pcm_f32le", "-y", str(path)],
            env={**os.environ, **jack.environment}, stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL, stderr=log,
        )  # fmt: skip
        log.close()
        wait("the recorder has ports", lambda: f"{self.name}:input_1" in jack.ports(), 10.0)
        self.began = time.monotonic()
        """Not before the recording's first frame."""

    def follow(self, client: str, outputs: tuple[int, int] = (0, 1)) -> None:
        """Connects two of a client's outputs, or one twice; the client as `PortAudio`."""
        for i, output in enumerate(outputs, 1):
            source, sink = f"{client}:out_{output}", f"{self.name}:input_{i}"
            wait(f"{source} is recorded", lambda s=source, t=sink: self.jack.connect(s, t), 10.0)

    def done(self) -> Samples:
        """Ends the recording: its samples, shape (n, channels)."""
        self.process.send_signal(signal.SIGINT)
        self.process.wait(10)
        raw = subprocess.run(
            ["ffmpeg", "-v", "error", "-i", str(self.path), "-f", "f32le", "-"],
            capture_output=True, check=True, timeout=60,
        ).stdout  # fmt: skip
        return np.frombuffer(raw, np.float32).reshape(-1, 2)

    def close(self) -> None:
        """Ends it however it stands."""
        if self.process.poll() is None:
            self.process.kill()
            self.process.wait(5)


class Musician:
    """Plays a file of float32 samples, mono, in a loop, into another client's inputs.

    Through a pair: what PortAudio makes of one channel in JACK is noise.
    """

    CODE = """
import sys, time, numpy as np, sounddevice as sd
x = np.repeat(np.fromfile(sys.argv[1], np.float32)[:, None], 2, axis=1)
s = sd.OutputStream(channels=2, dtype="float32", samplerate=48000, latency=0.1)
s.start()
while True:
    s.write(x)
"""

    def __init__(self, jack: Jack, path: Path, samples: Samples) -> None:
        samples.astype(np.float32).tofile(path)
        before = set(jack.outputs())
        self.process = subprocess.Popen(
            [sys.executable, "-c", self.CODE, str(path)], env={**os.environ, **jack.environment},
            stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
        )  # fmt: skip
        new = wait("the musician has a port", lambda: set(jack.outputs()) - before, 10.0)
        self.port = next(iter(new))

    def close(self) -> None:
        """Stops playing."""
        self.process.kill()
        self.process.wait(5)


def decibels(level: float) -> float:
    """An amplitude as dB of full scale."""
    return float(20.0 * np.log10(max(level, 1e-12)))


def rms(samples: Samples) -> float:
    """Root mean square of samples, dBFS."""
    return decibels(float(np.sqrt(np.mean(np.square(samples, dtype=np.float64)))))


def longest_gap(samples: Samples) -> int:
    """The longest run of exact zeros on every channel, frames."""
    silent = np.concatenate([[0], (samples == 0.0).all(axis=1).astype(int), [0]])
    edges = np.flatnonzero(np.diff(silent))
    return int((edges[1::2] - edges[::2]).max(initial=0))


def settle(seconds: float) -> None:
    """Lets a recording go on for a while."""
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        time.sleep(POLL)
