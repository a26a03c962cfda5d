"""The arc: where every value is on its way to, and which values a hand holds away from it.

One vector operation per frame for all faders at once. Every value goes on the scale of its own
parameter (evenly, in equal ratios, or round the circle the short way) and in the shape that its
fade asked for. A fade can be interrupted or turned round at any instant without a jump, because it
always starts from the value that is in force. What morphs goes the same way, with the position of
/morph in the place of time.
"""

import math
from collections.abc import Mapping

import msgspec
import numpy as np

from performer.frame import Arc, Floats, Ints
from performer.parameters import TREE
from performer.show.cues import SHAPES

RELEASE = 3.0  # s; a released value glides back to the arc
MORPH = TREE.index["/morph"]
EASE = SHAPES.index("ease")

_NEVER = -1e9  # s; nothing was let go of yet
_RATIO = np.flatnonzero(TREE.logarithmic)


def still(values: Floats) -> Arc:
    """An arc that rests at `values` (V,), with no hand on anything."""
    zeros, none = np.zeros_like(values), np.zeros(len(values), np.bool_)
    never, eased = np.full_like(values, _NEVER), np.full(len(values), EASE)
    return Arc(values.copy(), values.copy(), zeros, zeros, zeros, never, none, eased, none)


def value(arc: Arc, time: float) -> Floats:
    """The arc's values at a stage time in s, shape (V,)."""
    led = _led(arc, time)
    away = arc.offset * (1.0 - _eased((time - arc.freed) / RELEASE))
    moved = led + away
    moved[_RATIO] = led[_RATIO] * np.exp(away[_RATIO])
    return np.where(TREE.circular, moved % 360.0, np.clip(moved, TREE.low, TREE.high))


def returned(arc: Arc, time: float) -> Floats:
    """0 under a hand, and up to 1 over the time in which a value comes back from one; (V,)."""
    return np.where(arc.hands, 0.0, _eased((time - arc.freed) / RELEASE))


def _led(arc: Arc, time: float) -> Floats:
    """Where the arc leads, without what was let go of."""
    part = _shaped((time - arc.begun) / np.maximum(arc.length, 1e-6), arc.shape)
    part[arc.length <= 0.0] = 1.0  # a cut is there at once
    way = arc.goal - arc.start
    if arc.morphs.any():
        part[arc.morphs] = arc.start[MORPH] + way[MORPH] * part[MORPH]
    led = arc.start + way * part
    ratio = arc.goal[_RATIO] / arc.start[_RATIO]
    led[_RATIO] = arc.start[_RATIO] * ratio ** part[_RATIO]
    return led


def _shaped(part: Floats, shape: Ints) -> Floats:
    """How far a fade has come when a part of its time is over, by its place in SHAPES.

    The steepest slopes are 1.5 (ease), 1 (linear) and 2 (in, out).
    """
    eased = _eased(part)
    if not shape.any():
        return eased
    part = np.clip(part, 0.0, 1.0)
    return np.choose(shape, (eased, part, part * part, part * (2.0 - part)))


def _eased(part: Floats) -> Floats:
    part = np.clip(part, 0.0, 1.0)
    return part * part * (3.0 - 2.0 * part)


def aim(
    arc: Arc, base: Floats, goals: Mapping[str, float], time: float, length: float,
    keep_hands: bool = False, shape: int = EASE,
) -> Arc:  # fmt: skip
    """A new way for the named addresses, from `base` (V,) to `goals` over `length` s.

    Hands on them let go and what morphs stops morphing, unless `keep_hands`: then the arc moves on
    beneath the hand, and what morphs is left alone. ControlError for no fader's address.
    """
    named = {TREE.place(address): wanted for address, wanted in goals.items()}
    if keep_hands:
        named = {i: wanted for i, wanted in named.items() if not arc.morphs[i]}
    return _aimed(arc, base, named, time, length, keep_hands, shape, False)


def morph(arc: Arc, base: Floats, goals: Mapping[str, float], time: float) -> Arc:
    """The named addresses go from `base` (V,) to `goals` with /morph, which begins at 0.

    At that moment nothing moves. Hands keep what they hold; beneath them it morphs too.
    """
    arc = _aimed(arc, base, {MORPH: 0.0}, time, 0.0, False, EASE, False)
    named = {TREE.place(address): wanted for address, wanted in goals.items()}
    named.pop(MORPH, None)
    return _aimed(arc, base, named, time, 0.0, True, EASE, True)


def _aimed(
    arc: Arc, base: Floats, goals: Mapping[int, float], time: float, length: float,
    keep_hands: bool, shape: int, morphs: bool,
) -> Arc:  # fmt: skip
    now = value(arc, time)
    new = Arc(*(getattr(arc, name).copy() for name in arc.__struct_fields__))
    for i, wanted in goals.items():
        held = bool(arc.hands[i])
        new.hands[i] = held and keep_hands
        new.start[i] = now[i] if new.hands[i] else base[i]
        new.goal[i] = _short_way(i, float(new.start[i]), wanted)
        new.begun[i], new.length[i], new.offset[i] = time, length, 0.0
        new.shape[i], new.morphs[i] = shape, morphs
        if held and not keep_hands:
            new.freed[i] = time
    return new


def _short_way(i: int, start: float, goal: float) -> float:
    if not TREE.circular[i]:
        return goal
    return start + (goal - start + 180.0) % 360.0 - 180.0


def settled(arc: Arc, base: Floats, time: float) -> Arc:
    """The same arc with nothing that morphs: it rests where /morph has brought it.

    Beneath a hand it is the arc that rests, not the hand.
    """
    if not arc.morphs.any():
        return arc
    here = np.where(arc.hands, value(arc, time), base)
    start, goal = np.where(arc.morphs, here, arc.start), np.where(arc.morphs, here, arc.goal)
    offset = np.where(arc.morphs, 0.0, arc.offset)
    none = np.zeros_like(arc.morphs)
    return msgspec.structs.replace(arc, start=start, goal=goal, offset=offset, morphs=none)


def aimed_at(arc: Arc, base: Floats) -> Floats:
    """Where every value stays, or would come to if nobody touched it any more; (V,)."""
    goal = _led(arc, math.inf)  # what morphs comes to where /morph is led
    return np.where(arc.hands, base, np.where(TREE.circular, goal % 360.0, goal))


def take(arc: Arc, i: int) -> Arc:
    """The same arc with a hand on value `i`."""
    hands = arc.hands.copy()
    hands[i] = True
    return msgspec.structs.replace(arc, hands=hands)


def placed(arc: Arc, i: int, wanted: float) -> Arc:
    """The same arc with value `i` resting at `wanted`: a hand moves the arc itself."""
    start, goal = arc.start.copy(), arc.goal.copy()
    start[i] = goal[i] = wanted
    return msgspec.structs.replace(arc, start=start, goal=goal)


def release(arc: Arc, base: Floats, time: float, which: slice | int = slice(None)) -> Arc:
    """Lets hands go: what they held glides from `base` back to wherever the arc leads, in 3 s."""
    chosen = np.zeros(len(base), np.bool_)
    chosen[which] = True
    chosen &= arc.hands
    led = _led(arc, time)
    away = base - led
    away = np.where(TREE.circular, (away + 180.0) % 360.0 - 180.0, away)
    away[_RATIO] = np.log(base[_RATIO] / led[_RATIO])
    offset = np.where(chosen, away, arc.offset)
    freed = np.where(chosen, time, arc.freed)
    return msgspec.structs.replace(arc, offset=offset, freed=freed, hands=arc.hands & ~chosen)
