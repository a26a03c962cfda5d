"""The arc: where every value is on its way to, and which values a hand holds away from it.

One vector operation per frame for all faders at once; a fade can be interrupted or turned round
at any instant without a jump, because it always starts from the value that is in force.
"""

from collections.abc import Mapping

import numpy as np

from performer.frame import Arc, Floats
from performer.parameters import TREE

RELEASE = 3.0  # s; a released value glides back to the arc


def still(values: Floats) -> Arc:
    """An arc that rests at `values` (V,), with no hand on anything."""
    zeros = np.zeros_like(values)
    none = np.zeros(len(values), np.bool_)
    return Arc(values.copy(), values.copy(), zeros, zeros, zeros, zeros, none)


def value(arc: Arc, time: float) -> Floats:
    """The arc's values at a stage time in s, shape (V,)."""
    moved = _led(arc, time) + arc.offset * (1.0 - _eased((time - arc.freed) / RELEASE))
    return np.where(TREE.circular, moved % 360.0, moved)


def _led(arc: Arc, time: float) -> Floats:
    """Where the arc leads, without what was let go of."""
    part = _eased((time - arc.begun) / np.maximum(arc.length, 1e-6))
    part[arc.length <= 0.0] = 1.0  # a cut is there at once
    return arc.start + (arc.goal - arc.start) * part


def _eased(part: Floats) -> Floats:
    part = np.clip(part, 0.0, 1.0)
    return part * part * (3.0 - 2.0 * part)


def aim(
    arc: Arc, base: Floats, goals: Mapping[str, float], time: float, length: float,
    keep_hands: bool = False,
) -> Arc:  # fmt: skip
    """A new way for the named addresses, from `base` (V,) to `goals` over `length` s.

    Hands on them let go, unless `keep_hands`: then the arc moves on beneath the hand.
    """
    now = value(arc, time)
    start, goal = arc.start.copy(), arc.goal.copy()
    begun, lengths = arc.begun.copy(), arc.length.copy()
    offset, hands = arc.offset.copy(), arc.hands.copy()
    for address, wanted in goals.items():
        i = TREE.place(address)
        hands[i] = hands[i] and keep_hands
        start[i] = now[i] if hands[i] else base[i]
        goal[i] = _short_way(i, float(start[i]), wanted)
        begun[i], lengths[i], offset[i] = time, length, 0.0
    return Arc(start, goal, begun, lengths, offset, arc.freed, hands)


def _short_way(i: int, start: float, goal: float) -> float:
    if not TREE.circular[i]:
        return goal
    return start + (goal - start + 180.0) % 360.0 - 180.0


def take(arc: Arc, i: int) -> Arc:
    """The same arc with a hand on value `i`."""
    hands = arc.hands.copy()
    hands[i] = True
    return Arc(arc.start, arc.goal, arc.begun, arc.length, arc.offset, arc.freed, hands)


def release(arc: Arc, base: Floats, time: float, which: slice | int = slice(None)) -> Arc:
    """Lets hands go: what they held glides from `base` back to wherever the arc leads, in 3 s."""
    chosen = np.zeros(len(base), np.bool_)
    chosen[which] = True
    chosen &= arc.hands
    away = base - _led(arc, time)
    away = np.where(TREE.circular, (away + 180.0) % 360.0 - 180.0, away)
    offset = np.where(chosen, away, arc.offset)
    freed = np.where(chosen, time, arc.freed)
    return Arc(arc.start, arc.goal, arc.begun, arc.length, offset, freed, arc.hands & ~chosen)
