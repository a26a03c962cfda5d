"""The last few centimetres before the loudspeakers: everything that sounds goes through here.

NaN/Inf scrub → DC block → master gain → look-ahead limiter → fade guard → exposure's duck → meter.
What a voice is, where samples come from and which device takes them are not known here. Nothing
comes after the chain, and no control reaches past it.

The duck stands after the limiter, not in the master gain: 1 dB less of an input that is 40 dB over
would be no less at the output.
"""

import math

import msgspec
import numpy as np
from numpy.typing import NDArray

from performer.audio import QUANTUM
from performer.audio.exposure import LIMIT, Budget, Cap
from performer.audio.fades import Fade, Ramp
from performer.audio.limiter import MOST, Limiter
from performer.audio.loudness import SILENCE, Loudness
from performer.audio.sections import Samples, Sections
from performer.audio.weighting import a_weighting

Block = NDArray[np.float32]
"""Shape (frames, channels)."""

_DC = 7.0  # Hz, corner of the DC block: below hearing, above a loudspeaker's drift
_BACK = 11.8  # dB/s at which peak meters fall (IEC 60268-10, type I: 20 dB in 1.7 s)
_LOUDEST = 0.3  # dB re an A-weighted RMS of 1: a square wave at -1 dBFS under A's highest 1.27 dB


def fader(volume: float) -> float:
    """The gain of a fader at 0..1: its cube, so that equal ways sound like equal steps.

    0 is silence, 0.1 is -60 dB, 0.5 -18, 0.8 -6, 1 is 0 dB. Outside, the nearest end.
    """
    return min(1.0, max(0.0, volume)) ** 3


class Meters(msgspec.Struct, frozen=True):
    """What the output is doing, for the terminal and OSC."""

    peak: float
    """dBFS, falling by 11.8 dB/s; -120 is silence."""
    momentary: float
    """LUFS of the last 400 ms; -120 is silence, here and below."""
    short_term: float
    """LUFS of the last 3 s."""
    integrated: float
    """LUFS since the start, gated."""
    laeq: float | None
    """dB(A) LAeq of the last 15 minutes; None while nobody has calibrated."""
    duck: float
    """dB by which exposure holds the output down, 0 or less."""
    reduction: float
    """dB by which the limiter does, 0 or less, returning by 11.8 dB/s."""
    scrubbed: int
    """Samples so far that were no sound: NaN, infinite or beyond +42 dBFS."""

    @property
    def line(self) -> str:
        """The meters as a few words for a terminal."""
        budget = "not calibrated" if self.laeq is None else f"{self.laeq:.0f} dB LAeq"
        held = f" held {self.duck:.0f} dB" if self.duck < -0.5 else ""
        return f"sound {self.short_term:.0f} LUFS {budget}{held}"


class Chain:
    """Everything between the mix and the device, for one output of 1..64 channels.

    A new chain is silent and fades in. No lock, no log, no clock: seconds are frames over rate.
    """

    def __init__(
        self, channels: int, rate: int, limit: float = LIMIT, offset: float | None = None
    ) -> None:
        """`rate` in Hz; `limit` in dB LAeq from the show's policy, ValueError above 100.

        `offset`: dB(A) SPL of an A-weighted RMS of 1 (`Calibration.offset`); without one the
        output is held at -23 LUFS instead.
        """
        self.channels, self.rate = channels, rate
        self.limiter = Limiter(channels, rate)
        self.scrubbed = 0
        self._dc = Sections(_dc_block(rate), channels)
        self._master = Ramp(rate)
        self._fade = Fade(rate)
        self._weighted = Sections(a_weighting(rate), channels)
        self._loudness = Loudness(channels, rate)
        self._ducked = 1.0
        self._peak, self._reduction = 0.0, 1.0
        self._pressure = 10 ** ((offset or 0.0) / 10)  # of a mean square of 1
        loudest = self._pressure * 10 ** (_LOUDEST / 10)
        self._budget = Budget(limit, loudest * QUANTUM / rate)
        self._cap = Cap() if offset is None else None

    @property
    def latency(self) -> int:
        """Frames by which the output is later than the input."""
        return self.limiter.latency

    @property
    def silent(self) -> bool:
        """Whether a fade to silence is complete: the last block ended with zeros."""
        return self._fade.silent

    def start(self) -> None:
        """Lets the sound come, over 60 ms."""
        self._fade.open = True

    def stop(self) -> None:
        """Lets the sound go, over 60 ms; process on until `silent`."""
        self._fade.open = False

    def process(self, block: Block, volume: float = 1.0, panic: bool = False) -> Block:
        """What may be heard of `block`, same shape, `latency` frames later.

        `volume` is a fader's 0..1 (NaN: silence). While `panic` is true the output is silent after
        0.1 s; afterwards it takes 1.5 s to come back. ValueError for another number of channels.
        """
        if block.ndim != 2 or block.shape[1] != self.channels:
            raise ValueError(f"must be (frames, {self.channels}), found {block.shape}")
        x = np.array(block.T, np.float64, order="C")
        pieces = range(0, x.shape[1], QUANTUM)
        y = [self._piece(x[:, i : i + QUANTUM], fader(volume), panic) for i in pieces]
        return np.concatenate(y, axis=1).T.astype(np.float32, order="C") if y else block.copy()

    def _piece(self, x: Samples, gain: float, panic: bool) -> Samples:
        n = x.shape[1]
        x = self._dc.process(self._scrub(x))
        x = self.limiter.process(x * self._master.towards(gain, n))
        y = self._duck(x * self._fade.next(n, panic))
        self._meter(y)
        return y

    def _scrub(self, x: Samples) -> Samples:
        """Silence where there was no number, and nothing beyond +42 dBFS."""
        good = np.abs(x) <= MOST
        if not good.all():
            self.scrubbed += int(np.count_nonzero(~good))
            x = np.clip(np.where(np.isfinite(x), x, 0.0), -MOST, MOST)
        return x

    def _duck(self, x: Samples) -> Samples:
        """The block as loud as exposure allows, and its share of the budget booked."""
        n = x.shape[1]
        if self._cap is not None:
            return x * self._gains(self._cap.allow(n / self.rate), n)
        squares = np.square(self._weighted.process(x))
        # The loudest channel stands for all: calibrated with all of them at once, no place can be
        # louder than that, and a sleeper beside one loudspeaker is not averaged away.
        power = self._pressure * float(squares.mean(axis=1).max())
        gains = self._gains(self._budget.allow(power, n / self.rate), n)
        energy = float((squares * np.square(gains)).mean(axis=1).max())
        self._budget.spend(self._pressure * energy * n / self.rate, n / self.rate)
        return x * gains

    def _gains(self, goal: float, n: int) -> NDArray[np.float64]:
        """A straight line from the last block's gain to this one's."""
        start, self._ducked = self._ducked, goal
        return np.linspace(start, goal, n + 1)[1:]

    def _meter(self, y: Samples) -> None:
        back = 10 ** (-_BACK / 20 * y.shape[1] / self.rate)
        self._peak = max(float(np.abs(y).max()), self._peak * back)
        self._reduction = min(self.limiter.lowest, self._reduction / back, 1.0)
        powers = self._loudness.process(y)
        if self._cap is not None:
            self._cap.hear(powers)

    @property
    def meters(self) -> Meters:
        """The meters after the last block."""
        duck = self._budget if self._cap is None else self._cap
        return Meters(
            peak=_decibel(self._peak),
            momentary=self._loudness.momentary,
            short_term=self._loudness.short_term,
            integrated=self._loudness.integrated,
            laeq=self._budget.laeq if self._cap is None else None,
            duck=duck.duck,
            reduction=_decibel(self._reduction),
            scrubbed=self.scrubbed,
        )

    def state(self) -> bytes:
        """What the ears have had so far: hand it to `restore` of the next process's chain."""
        return self._budget.state()

    def restore(self, state: bytes, away: float = 0.0) -> bool:
        """Goes on with a night's budget after `away` seconds without sound; False if unreadable."""
        restored = self._budget.restore(state, away)
        self._ducked = 10 ** (self._budget.duck / 20) if self._cap is None else 1.0
        return restored


def _dc_block(rate: int) -> NDArray[np.float64]:
    """(1+r)/2 · (1 - 1/z)/(1 - r/z): a one-pole high-pass, 0 dB at the top."""
    r = math.exp(-2 * math.pi * _DC / rate)
    gain = (1 + r) / 2
    return np.array([[gain, -gain, 0.0, 1.0, -r, 0.0]])


def _decibel(value: float) -> float:
    return max(SILENCE, 20 * math.log10(max(value, 1e-30)))
