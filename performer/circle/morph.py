"""Playing between the look that is on and a preset, by hand: /morph/to and /morph.

Faders go with the arc. Here are the names: which preset is on, for its generators and its sound,
and how much of each one's modulation there is.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from performer.circle import arc as arcs
from performer.circle import members

if TYPE_CHECKING:
    from performer.circle.circle import Circle

NOTHING: tuple[str, str] = ("", "")
SPREAD = 4.0  # s; generators change one after another


def begin(circle: Circle, preset: str) -> None:
    """From now on /morph, which goes to 0, plays from what is in force to `preset`."""
    circle.turn(circle.shown, 0.0)  # a preset asked for in this very instant was never seen
    circle.residue = circle.away
    circle.before, circle.morph = preset, (circle.shown, preset)
    goals = circle.library.presets[preset].values
    circle.arc = arcs.morph(circle.arc, circle.base, goals, circle.time)
    circle.base[arcs.MORPH] = 0.0  # a cue of this very instant may lead it from here


def end(circle: Circle) -> None:
    """/morph plays nothing any more; what it moved rests where it is."""
    circle.arc = arcs.settled(circle.arc, circle.base, circle.time)
    circle.morph = NOTHING


def follow(circle: Circle) -> None:
    """The preset that is nearer is on: its generators are dealt, in the dark of their veils."""
    if circle.morph == NOTHING:
        return
    here, there = circle.morph
    near, far = (there, here) if circle.base[arcs.MORPH] >= 0.5 else (here, there)
    if near == circle.preset:
        return
    circle.preset, circle.before, circle.preset_at = near, far, circle.time
    generators = circle.library.presets[near].generators
    members.change_generators(circle.people, generators, circle.time, SPREAD)


def weights(circle: Circle) -> tuple[float, float]:
    """How much of the modulation is the present preset's, and how much residue is left; 0..1."""
    if circle.morph != NOTHING:
        position = float(circle.base[arcs.MORPH])
        there = circle.preset == circle.morph[1]
        return (position if there else 1.0 - position), 1.0 - position
    if circle.preset_fade <= 0.0:
        return 1.0, 0.0
    part = min(1.0, (circle.time - circle.preset_at) / circle.preset_fade)
    return part, 1.0 - part
