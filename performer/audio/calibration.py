"""What 0 dBFS means in a room, as somebody measured it; and the pink noise to measure with.

Here live the noise, the check of the number that is typed in, and the file that keeps it per
device. Playing, asking and printing are the command line's; what the number is for is
exposure.py's.
"""

import logging
import math
from datetime import date
from pathlib import Path
from typing import Annotated

import numpy as np
import tomlkit
from numpy.typing import NDArray

from performer.errors import DeviceError, FileError, PerformerError
from performer.show.files import read_model, write_atomic
from performer.show.problems import Listed, Title, Written, shown, within

log = logging.getLogger("performer.audio")

FILE = "calibration.toml"
"""The file's name in the folder of state."""

LEVEL = -20.0
"""dBFS RMS of the noise in every channel, 0 dBFS being an RMS of 1."""

PERIOD = 2.0
"""s after which the noise repeats, so that any 2 s of it have the same RMS."""

QUIETEST, LOUDEST = 40.0, 120.0
"""dB(A) that a measurement may have."""

PINK_UNDER_A = -2.86
"""dB by which A-weighting lowers the noise (tested against the filter)."""

_CREST = 3.5  # largest sample over RMS, 10.9 dB
_SEED = 1741


class Calibration(Written):
    """One measurement: what a device plays at how many dB."""

    device: Title
    """The device's name as `performer devices` lists it."""
    db_spl_at_minus_20: Annotated[float, within(QUIETEST, LOUDEST, "dB(A)")]
    """What a meter at a participant's head (A, slow) showed while all channels played the noise."""
    taken: date

    @property
    def offset(self) -> float:
        """dB(A) SPL of a signal whose A-weighted RMS is 1.0."""
        return self.db_spl_at_minus_20 - LEVEL - PINK_UNDER_A


class _Calibrations(Written):
    calibration: Listed[Calibration] = ()


def pink_noise(rate: int) -> NDArray[np.float32]:
    """One period (2 s) of pink noise to be repeated, (frames,), `LEVEL` dBFS RMS.

    Every half hertz from 20 Hz to 20 kHz (or 0.45 of the rate) a cosine of power 1/f. Phases are
    random at first, then bent until no sample exceeds 3.5 times the RMS. The same samples every
    time.
    """
    frames = round(PERIOD * rate)
    hertz = np.fft.rfftfreq(frames, 1 / rate)
    band = (hertz >= 20) & (hertz <= min(20000, 0.45 * rate))
    size = np.where(band, 1 / np.sqrt(np.maximum(hertz, 1)), 0)
    size *= frames * 10 ** (LEVEL / 20) / math.sqrt(2 * float((size**2).sum()))
    spectrum = size * np.exp(2j * np.pi * np.random.default_rng(_SEED).random(len(hertz)))
    most = _CREST * 10 ** (LEVEL / 20)
    for _ in range(40):
        clipped = np.clip(np.fft.irfft(spectrum, frames), -most, most)
        spectrum = size * np.exp(1j * np.angle(np.fft.rfft(clipped)))
    return np.fft.irfft(spectrum, frames).astype(np.float32)


def measured(typed: str) -> float:
    """The number somebody read off a meter, dB(A); PerformerError with what is allowed."""
    try:
        level = float(typed.strip().lower().removesuffix("(a)").removesuffix("a")
                      .removesuffix("db").strip().replace(",", "."))  # fmt: skip
    except ValueError:
        level = math.nan
    if QUIETEST <= level <= LOUDEST:
        return level
    raise PerformerError(
        f"the measured level must be a number from {QUIETEST:g} to {LOUDEST:g} dB(A), "
        f"found {shown(typed)}; set the meter to A and slow, and read it where a head lies"
    )


def read(path: Path) -> tuple[Calibration, ...]:
    """All measurements of a file, none if there is no file; FileError with what is wrong in it."""
    return read_model(_Calibrations, path).calibration if path.exists() else ()


def calibration_of(device: str, path: Path) -> Calibration | None:
    """The measurement of a device, or None; a damaged file is one warning and no measurement."""
    try:
        known = read(path)
    except FileError as error:
        log.warning("the output counts as not calibrated, this file is damaged:\n%s", error)
        return None
    return next((c for c in known if c.device == device), None)


def keep(calibration: Calibration, path: Path) -> None:
    """Writes a measurement beside those of other devices, in place of the same device's.

    A damaged file is replaced (write_atomic keeps it as `name~`). DeviceError if it cannot be
    written.
    """
    try:
        others = [c for c in read(path) if c.device != calibration.device]
    except FileError:
        others = []
    document = tomlkit.document()
    document.add(tomlkit.comment("What `performer calibrate` measured; one table per device."))
    tables = tomlkit.aot()
    for known in (*others, calibration):
        tables.append(tomlkit.item(known.model_dump()))
    document.add("calibration", tables)
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        found = f"cannot keep the calibration in {path.parent}: {error.strerror}"
        raise DeviceError(f"{found}; make that folder writable") from None
    write_atomic(path, tomlkit.dumps(document))
