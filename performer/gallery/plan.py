"""What hangs in the gallery: which values are shown, and how large the stills are."""

from dataclasses import dataclass
from typing import Literal

Room = Literal["generators", "presets", "shows"]

ENERGIES = {"calm": 0.10, "usual": 0.35, "high": 0.75}
"""A person's energy, by the name it has in captions."""


@dataclass(frozen=True)
class Plan:
    """Sizes in pixels; the default show's stills are larger, since the README shows them."""

    still: tuple[int, int] = (480, 270)
    contact: tuple[int, int] = (640, 360)
    """Each of the six stills of the default show's first preset."""
    fine: tuple[int, int] = (1280, 720)
    """The one still of a show that stands for it."""
    energies: tuple[str, ...] = tuple(ENERGIES)
    most: int = 99
    """Palettes of a generator, presets, and shows that are drawn, at most."""
    individualities: tuple[float, ...] = (0.0, 0.5, 1.0)
    resonances: tuple[float, ...] = (0.0, 1.0)
    whole_phases: bool = True
    """Whether a phase is played to its middle; else only until the circle has settled."""


FULL = Plan()
QUICK = Plan(
    still=(160, 90), contact=(160, 90), fine=(320, 180), energies=("calm", "high"), most=1,
    individualities=(0.0, 1.0), resonances=(1.0,), whole_phases=False,
)  # fmt: skip
