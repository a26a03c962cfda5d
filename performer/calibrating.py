"""`performer calibrate`: pink noise on every loudspeaker, and what a level meter says to it."""

import threading
import time
from datetime import date
from pathlib import Path

import numpy as np
import typer

from performer.audio import QUANTUM, RATE
from performer.audio.calibration import FILE, Calibration, keep, measured, pink_noise
from performer.audio.devices import choose, devices
from performer.audio.streams import Output, Speakers
from performer.errors import DeviceError, PerformerError
from performer.run import state_folder
from performer.show.rooms import STEREO, load_room

FADE = 1.0  # s in which the noise comes and goes
LEAST = 2.0  # s of noise even if the level is known already: it must be heard


def calibrate_device(wanted: str, room: Path | None, shown: str | None) -> str:
    """Plays noise until somebody types a level, and keeps it; returns what to say about it.

    DeviceError without a device, PerformerError for a level that cannot be.
    """
    level = None if shown is None else measured(shown)
    channels = (load_room(room) if room else STEREO).channels
    device = choose(wanted, "output", devices())
    noise = _Noise(Speakers(device, channels, RATE, foldable=room is None), channels)
    noise.start()
    try:
        if level is not None:
            time.sleep(LEAST)
        while level is None:
            level = _typed()
    finally:
        noise.end()
    path = state_folder() / FILE
    keep(Calibration(device=device.name, db_spl_at_minus_20=level, taken=date.today()), path)
    return f"{device.name}: {level:g} dB(A) at -20 dBFS, kept in {path}"


def _typed() -> float | None:
    """The level that somebody types; None, and what is allowed, if it cannot be."""
    try:
        return measured(str(typer.prompt("The level meter shows (dB A, slow)")))
    except PerformerError as error:
        typer.echo(str(error), err=True)
        return None


class _Noise(threading.Thread):
    """Keeps the device's ring full of pink noise, the same on every channel."""

    def __init__(self, output: Output, channels: int) -> None:
        super().__init__(name="noise", daemon=True)
        self.output = output
        one = pink_noise(output.rate)
        self._noise = np.repeat(one[:, None], channels, axis=1)
        self._ending = False

    def run(self) -> None:
        """Until it is ended; a device that goes ends it too."""
        at, gain = 0, 0.0
        step = QUANTUM / self.output.rate / FADE
        while not self._ending or gain > 0.0:
            try:
                if self.output.room() < QUANTUM:
                    time.sleep(0.002)
                    continue
                wanted = max(0.0, gain - step) if self._ending else min(1.0, gain + step)
                ramp = np.linspace(gain, wanted, QUANTUM, dtype=np.float32)[:, None]
                rows = np.arange(at, at + QUANTUM) % len(self._noise)
                self.output.write(self._noise[rows] * ramp)
            except DeviceError as error:
                self.failed = str(error)
                return
            at, gain = at + QUANTUM, wanted

    failed = ""
    """Why there is no noise any more."""

    def end(self) -> None:
        """Fades out and gives the device back; DeviceError if it has gone meanwhile."""
        self._ending = True
        self.join(FADE + 1.0)
        self.output.close()
        if self.failed:
            raise DeviceError(self.failed)
