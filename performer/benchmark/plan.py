"""How much is measured, and small helpers for times. What is measured is not known here."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from statistics import median
from time import perf_counter
from typing import Any

import numpy as np

Told = Callable[[int, int], None]
"""Told how many of how many parts are done."""

Figures = dict[str, Any]
"""What was found, ready for JSON: numbers in ms, s or as ratios, as their names say."""


@dataclass(frozen=True)
class Plan:
    """Sizes and lengths of one benchmark."""

    size: tuple[int, int] = (640, 360)
    people: tuple[int, ...] = (4, 12, 64, 256)
    python: int = 64
    """Number of people for the time beside GL and for preset changes; one of `people`."""
    rounds: int = 40
    changes: int = 20
    starts: int = 3
    controls: int = 500
    """Values whose way to a Frame is timed, by OSC and by MIDI."""
    quiet: float = 5.0
    """Seconds before and after the flood."""
    flood: float = 10.0
    kills: int = 20
    calm: float = 2.0
    """Seconds of light before anything is measured in a night."""
    night: tuple[int, int] = (160, 90)
    """Size of the live processes' picture: what is measured there is the way, not the pixels."""
    sounding: tuple[int, ...] = (12, 64, 256)
    """Sizes of circle whose blocks of sound are measured; `python` is one of them."""
    blocks: int = 1000
    sound: float = 60.0
    """Seconds of sound that are recorded beside a busy stage."""
    stage: tuple[int, int] = (2560, 1440)
    """Size of the picture that keeps the processors busy meanwhile."""
    rehearsals: int = 3
    rehearsed: float = 4.0
    """Seconds of each rehearsal."""


FULL = Plan()
QUICK = Plan(rounds=8, changes=6, starts=1, controls=20, quiet=1.0, flood=2.0, kills=2,
             blocks=250, sound=10.0, rehearsals=1, rehearsed=2.0)  # fmt: skip


def timed(work: Callable[[], object]) -> float:
    """How long something takes, ms."""
    began = perf_counter()
    work()
    return 1000.0 * (perf_counter() - began)


def middle(times: Sequence[float]) -> float:
    """The median, rounded to what a noisy machine can mean; 0 of nothing."""
    return rounded(median(times)) if times else 0.0


def shares(times: Sequence[float], whole: float) -> dict[str, float]:
    """Median and 99th percentile of times in % of `whole`, in the same unit; 0 of nothing."""
    found = np.quantile(times, (0.5, 0.99)) if len(times) else np.zeros(2)
    return {"median": rounded(100.0 * found[0] / whole), "p99": rounded(100.0 * found[1] / whole)}


def rounded(value: float) -> float:
    """Four digits."""
    return float(f"{value:.4g}")
