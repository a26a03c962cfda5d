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
    from performer.frame import Frame

NOTHING: tuple[str, str] = ("", "")
SPREAD = 4.0  # s; generators change one after another
MIDDLE = (0.47, 0.53)  # past the one going back, past the other going there, presets change


def begin(circle: Circle, preset: str) -> None:
    """From now on /morph, which goes to 0, plays from what is in force to `preset`."""
    if circle.preset != circle.shown:  # it was asked for in this very instant, and never seen
        circle.turn(circle.shown, 0.0)
    end(circle)
    circle.preset_fade, circle.residue, circle.turned = 0.0, circle.away, circle.time
    circle.before, circle.morph = preset, (circle.shown, preset)
    goals = circle.library.presets[preset].values
    circle.arc = arcs.morph(circle.arc, circle.base, goals, circle.time)
    circle.base[arcs.MORPH] = 0.0  # a cue of this very instant may lead it from here


def end(circle: Circle) -> None:
    """/morph plays nothing any more; what it moved rests where it is."""
    circle.arc = arcs.settled(circle.arc, circle.base, circle.time)
    circle.morph = NOTHING


def in_hand(now: Circle | Frame) -> bool:
    """Whether there is a morph for a hand to play: it is not at its end, and no fade leads it."""
    if now.morph == NOTHING or now.base[arcs.MORPH] >= 1.0:
        return False
    arc, i = now.arc, arcs.MORPH
    return bool(arc.length[i] <= 0.0 or arc.start[i] == arc.goal[i])


def leads_to(circle: Circle) -> str:
    """The preset that is on, or will be where /morph is led."""
    if circle.morph == NOTHING:
        return circle.preset
    return _nearer(circle, float(circle.arc.goal[arcs.MORPH]))


def _nearer(circle: Circle, position: float) -> str:
    """The nearer preset; around the middle, where a knob may tremble, the one that is on."""
    here, there = circle.morph
    back, on = MIDDLE
    return there if position > (back if circle.preset == there else on) else here


def follow(circle: Circle) -> None:
    """The preset that is nearer is on: its generators are dealt, in the dark of their veils."""
    if circle.morph == NOTHING:
        return
    here, there = circle.morph
    near = _nearer(circle, float(circle.base[arcs.MORPH]))
    far = here if near == there else there
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
