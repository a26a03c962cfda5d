"""How a preset sounds, written down: the chord, the colour of its voices, the room they are in.

Levels and amounts are faders and stand under `[values]`. Making sound is not known here.
"""

from collections.abc import Iterable
from typing import Annotated, Literal

from pydantic import AfterValidator

from performer.frame import FEATURES
from performer.show.problems import Target, Unit, Written, one_of, within
from performer.show.tuning import SCALES, TIMBRES

SPACES = ("near", "hall", "deep")
"""The rooms whose reverberation there is, from small to vast."""


def _named(what: str, names: Iterable[str]) -> AfterValidator:
    there = tuple(names)

    def check(found: str) -> str:
        if found not in there:
            raise ValueError(one_of(found, what, there))
        return found

    return AfterValidator(check)


class Sound(Written):
    """The chord that a preset's people sing, and how."""

    root: Annotated[float, within(27.5, 220, "Hz")] = 55.0
    """What all ratios are ratios to."""
    scale: Annotated[str, _named("scale", SCALES)] = "otonal"
    timbre: Annotated[str, _named("timbre", TIMBRES)] = "glass"
    height: Unit = 0.4
    """How high the chord sits."""
    space: Annotated[str, _named("space", SPACES)] = "hall"


Feature = Annotated[str, _named("feature", FEATURES)]


class Listening(Written):
    """One fader that follows one feature of what is listened to."""

    source: Feature
    target: Target
    amount: Annotated[float, within(-1, 1)]
    """Fraction of the target's range that a feature of 1 adds."""
    curve: Literal["root", "linear", "square", "cube"] = "linear"
    """What is done to the feature first."""
    attack: Annotated[float, within(0.05, 30, "s")] = 0.3
    """Time constant of rising."""
    release: Annotated[float, within(0.05, 60, "s")] = 2.0
    """Time constant of falling."""
