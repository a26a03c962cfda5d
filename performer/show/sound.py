"""How a preset sounds, written down: the chord, the colour of its voices, the room they are in.

Levels and amounts are faders and stand under `[values]`. Making sound is not known here.
"""

from collections.abc import Iterable
from typing import Annotated

from pydantic import AfterValidator

from performer.show.problems import Unit, Written, one_of, within
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
