"""How much is measured, and small helpers for times. What is measured is not known here."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from statistics import median
from time import perf_counter
from typing import Any

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
    controls: int = 60
    quiet: float = 5.0
    """Seconds before and after the flood."""
    flood: float = 10.0
    kills: int = 20
    calm: float = 2.0
    """Seconds of light before anything is measured in a night."""
    night: tuple[int, int] = (160, 90)
    """Size of the live processes' picture: what is measured there is the way, not the pixels."""


FULL = Plan()
QUICK = Plan(rounds=8, changes=6, starts=1, controls=20, quiet=1.0, flood=2.0, kills=2)


def timed(work: Callable[[], object]) -> float:
    """How long something takes, ms."""
    began = perf_counter()
    work()
    return 1000.0 * (perf_counter() - began)


def middle(times: Sequence[float]) -> float:
    """The median, rounded to what a noisy machine can mean; 0 of nothing."""
    return rounded(median(times)) if times else 0.0


def rounded(value: float) -> float:
    """Four digits."""
    return float(f"{value:.4g}")
