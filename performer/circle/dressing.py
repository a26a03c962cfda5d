"""What the scene wears: the effects of the preset that is on, of the one that is going, and how
far a transition between them has come. How it looks is the renderer's.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from performer.circle.morph import NOTHING
from performer.frame import NO_CROSSING, Crossing, Floats, Worn
from performer.parameters import TREE
from performer.show.shows import EFFECTS, TRANSITIONS

if TYPE_CHECKING:
    from performer.circle.circle import Circle
    from performer.show.effects import Effect


def worn(circle: Circle, values: Floats) -> tuple[Worn, ...]:
    """Effects in the order in which they are drawn; what two presets share stays on."""
    old, new, part = _way(circle, values)
    presets = circle.library.presets
    olds, news = presets[old].effect, presets[new].effect
    found: list[Worn] = []
    for i in range(max(len(olds), len(news))):
        before, after = _at(olds, i), _at(news, i)
        mix = float(values[TREE.index[f"/effect/{i + 1}/mix"]])
        same = before and after and (before.shader, before.on) == (after.shader, after.on)
        if same or part >= 1.0:
            found += _one(after, i, mix)
        else:  # one goes before the other comes: a slot's knobs are on their way meanwhile
            found += _one(before, i, mix * _eased(1.0 - 2.0 * part))
            found += _one(after, i, mix * _eased(2.0 * part - 1.0))
    return tuple(found)


def crossing(circle: Circle) -> Crossing:
    """The transition that carries one preset into the next, if the new one names one."""
    name = circle.library.presets[circle.preset].transition
    since = circle.time - circle.preset_at
    moved = circle.before != circle.preset and circle.morph == NOTHING
    if not name or not moved or circle.preset_at <= 0.0 or since >= circle.preset_fade:
        return NO_CROSSING
    return Crossing(TRANSITIONS + name, _eased(since / circle.preset_fade))


def _way(circle: Circle, values: Floats) -> tuple[str, str, float]:
    """From which preset to which, and how much of the way is done, 0..1."""
    if circle.morph != NOTHING:
        return *circle.morph, float(values[TREE.index["/morph"]])
    if circle.before == circle.preset or circle.preset_fade <= 0.0:
        return circle.preset, circle.preset, 1.0
    part = (circle.time - circle.preset_at) / circle.preset_fade
    return circle.before, circle.preset, min(1.0, part)


def _at(effects: tuple[Effect, ...], i: int) -> Effect | None:
    return effects[i] if i < len(effects) else None


def _one(effect: Effect | None, slot: int, part: float) -> list[Worn]:
    if effect is None or part <= 0.0:
        return []
    return [Worn(EFFECTS + effect.shader, slot, effect.on, part)]


def _eased(part: float) -> float:
    part = float(np.clip(part, 0.0, 1.0))
    return part * part * (3.0 - 2.0 * part)
