"""What the ears of a night may take: a rolling 15-minute LAeq that cannot exceed its limit.

Here live the budget of 900 one-second bins, and the cap for rooms nobody has measured. Both only
say how far the output is ducked; that nothing comes after the duck is chain.py's promise, what
0 dBFS means in dB SPL is calibration.py's.

    LAeq = 10 log10((1/900) Σ 10^(LA/10))        WHO (2022), safe listening at venues: ≤ 100 dB

The law of the duck: of everything that is left of the window, now and at each second until it has
passed, half the limit is put aside so that the night can always go on at limit - 3 dB. What is
left beside that is slack. The power may at any time be at most

    limit/2 + slack / 4.5 s

A loud passage that goes on uses up its slack by this rule like exp(-t/4.5 s): a fall of 1 dB per
second, begun in time. Since it spends a share of the slack, never all of it, the limit cannot be
exceeded whatever comes next.
"""

import math

import numpy as np
from numpy.typing import NDArray

from performer.audio.loudness import lufs

LIMIT = 85.0
"""dB LAeq over 15 minutes where a show's policy says nothing: people lie here, and sleep."""

HIGHEST = 100.0
"""The highest limit a policy may set, dB (WHO)."""

UNMEASURED = -23.0
"""LUFS, short-term, that an output without calibration does not exceed for long."""

WINDOW = 900
"""Bins of one second in the rolling window."""

_ONCE = 0.05  # part of the budget that a single moment may take
_KEEP = 0.5  # part of the limit's power that is kept back so that the sound can go on
_FALLING = 4.5  # s; 10/ln 10 and a little for steps of up to a second
_AT_ONCE = 0.3  # s; no single step takes more than its part of the slack by this time
_SMOOTH = 0.4  # s, time constant of the level that the duck follows
_FALL, _RISE = 1.0, 0.2  # dB/s
_FAST = 0.2  # s, time constant of the way down where 1 dB/s would come too late
_SLOWER = 0.5  # s, the same where loudness is measured over 3 s
_ROOM = 1.0  # dB below what is allowed to which the duck rises: no hunting
_DEEPEST = -80.0  # dB


class _Duck:
    """How far the output is turned down, in dB, and how fast that may change."""

    def __init__(self, top: float = 0.0) -> None:
        self.db = self._top = top

    def set(self, db: float) -> None:
        self.db = min(self._top, max(_DEEPEST, db))

    def follow(self, allowed: float, seconds: float, fast: float = _FAST) -> float:
        """Moves towards `allowed` dB (above 0: all is allowed) for `seconds`; the gain then.

        Down by 1 dB/s, faster only over the part beyond the next dB; up by 0.2 dB/s.
        """
        short = self.db - allowed
        if short > 0:
            beyond = (short - 1) * -math.expm1(-seconds / fast)
            self.set(self.db - min(short, max(_FALL * seconds, beyond)))
        elif short < -_ROOM:
            self.set(self.db + min(-_ROOM - short, _RISE * seconds))
        return 10 ** (self.db / 20)


class Budget:
    """The rolling 15 minutes: says how loud the next moment may be, and is told what it was.

    Powers are 10^(LA/10), LA in dB(A) SPL; energies are powers times seconds.
    """

    def __init__(self, limit: float = LIMIT, once: float = 0.0) -> None:
        """`limit`: dB LAeq, at most `HIGHEST`; ValueError above it or for no number.

        `once`: the most energy that can get through before a new gain is reached. It is put
        aside; where it would be more than a 20th of the budget, the duck starts so low and never
        rises so far that it is.
        """
        if not limit <= HIGHEST:
            raise ValueError(f"the limit must be at most {HIGHEST:g} dB LAeq, found {limit:g}")
        self.limit = limit
        self._power = 10 ** (limit / 10)
        self._reserve = min(once, _ONCE * WINDOW * self._power)
        self._bins = np.zeros(WINDOW)  # energies of full seconds, the newest first
        self._energy = 0.0  # of the present second
        self._elapsed = 0.0  # s of it
        self._level = 0.0
        self._duck = _Duck(10 * math.log10(self._reserve / once) if once else 0.0)
        self._ahead = 0.0
        self._look_ahead()

    @property
    def duck(self) -> float:
        """How far the output is turned down, dB, 0 or less."""
        return self._duck.db

    @property
    def laeq(self) -> float:
        """LAeq of the last 900 full seconds, dB(A); at least 0."""
        return 10 * math.log10(max(1.0, float(self._bins.sum()) / WINDOW))

    @property
    def slack(self) -> float:
        """Energy that may be spent above half the limit's power; below 0 after a lowered limit."""
        spent = self._energy - _KEEP * self._power * self._elapsed
        return self._ahead - spent

    def allow(self, power: float, seconds: float) -> float:
        """The gain (0..1) for the next `seconds`, whose power without a duck is `power`."""
        self._level += (power - self._level) * -math.expm1(-seconds / _SMOOTH)
        keep, slack = _KEEP * self._power, self.slack
        may = max(keep + slack / _FALLING, 1e-9)
        gain = self._duck.follow(10 * math.log10(may / max(self._level, 1e-9)), seconds)
        at_once = keep * seconds + slack * -math.expm1(-seconds / _AT_ONCE)
        if gain**2 * power * seconds > at_once:
            gain = math.sqrt(max(at_once, 0.0) / (power * seconds))
        return gain

    def spend(self, energy: float, seconds: float) -> None:
        """Books what the last `seconds` really gave to the ear."""
        self._energy += energy
        self._elapsed += seconds
        while self._elapsed >= 1.0:
            self._elapsed -= 1.0
            self._next(self._energy)
            self._energy = 0.0

    def _next(self, energy: float) -> None:
        self._bins[1:] = self._bins[:-1].copy()
        self._bins[0] = energy
        self._look_ahead()

    def _look_ahead(self) -> None:
        """The slack at this second's start: the least of all seconds until the window has passed.

        One bin more than the window counts, so that windows between full seconds hold as well.
        """
        left = np.cumsum(self._bins)[::-1]  # of the newest 900, 899, … 1 bins
        kept = _KEEP * self._power * np.arange(1, WINDOW + 1)
        self._ahead = WINDOW * self._power - self._reserve - float((left + kept).max())

    def state(self) -> bytes:
        """Everything a restarted process needs to go on, about 7 kB."""
        head = (self._duck.db, self._elapsed, self._energy)
        return np.concatenate((head, self._bins)).astype("<f8").tobytes()

    def restore(self, state: bytes, away: float = 0.0) -> bool:
        """Goes on from a `state`, after `away` seconds of silence; False if it is not one."""
        if len(state) != 8 * (WINDOW + 3):
            return False
        values = np.frombuffer(state, "<f8")
        if not np.isfinite(values).all() or (values[1:] < 0).any() or values[1] >= 1:
            return False
        self._duck.set(float(values[0]))
        self._elapsed, self._energy = float(values[1]), float(values[2])
        self._bins = values[3:].copy()
        self.spend(0.0, min(max(away, 0.0), WINDOW + 1.0))
        self._look_ahead()
        return True


class Cap:
    """Where nobody has measured: not above -23 LUFS short-term for longer than it takes to duck."""

    def __init__(self) -> None:
        self._bins = np.zeros(300)  # 3 s of what the loudness would be without the duck
        self._duck = _Duck()

    @property
    def duck(self) -> float:
        """How far the output is turned down, dB, 0 or less."""
        return self._duck.db

    def hear(self, powers: NDArray[np.float64]) -> None:
        """K-weighted mean squares of the output's last 10 ms bins, as `Loudness.process` gives."""
        if len(powers):
            fresh = powers[-len(self._bins) :] / 10 ** (self._duck.db / 10)
            self._bins = np.concatenate((self._bins[len(fresh) :], fresh))

    def allow(self, seconds: float) -> float:
        """The gain (0..1) for the next `seconds`."""
        return self._duck.follow(UNMEASURED - lufs(float(self._bins.mean())), seconds, _SLOWER)
