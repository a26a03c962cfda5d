"""What modulation may know of the people and of the circle, now; and what it does to people.

Everybody's data goes through the consent table again, in every frame: who has paused, left or
taken a purpose back since the last one is not in this one, nor in what all are together.
"""

from __future__ import annotations

import math
from collections.abc import Collection
from typing import TYPE_CHECKING

import numpy as np

from performer.circle import feeling, rhythm
from performer.circle.consent import allowed
from performer.circle.morph import NOTHING
from performer.frame import Flags, Floats, Group, People, Spoken
from performer.modulation import GONE, Patch, Sensed, Sources

if TYPE_CHECKING:
    from performer.circle.circle import Circle

BEGUN = 0.25
"""How long a phase or preset counts as having just begun, s."""

SWING = 0.2
"""Time constant with which people's inputs follow what moves them, s."""

HUSH = 5.0 * GONE
"""How long what the circle said fades quickly after somebody took their part of it back, s."""

_CALMEST, _SPAN = 40.0, 100.0  # bpm: a heart of 40 is 0, of 140 is 1


def sources(circle: Circle, patches: Collection[Patch], last: float, dt: float) -> Sources:
    """Everything that patches read, at this instant; the last Frame was at `last`, s."""
    group, sensed_, hushed = None, None, False
    if any(patch.reads_people for patch in patches):
        sensed_ = sensed(circle.people)
    if any(patch.reads_group for patch in patches):
        group = together(circle.people, circle.life.group)
        hushed = _hushed(circle, dt)
    began = (circle.phase_at, circle.preset_at)
    begun = tuple(at >= last or circle.time - at < BEGUN for at in began)
    return Sources(circle.time, circle.beat, circle.seed, dt, circle.heard.values, circle.base,
                   circle.people, begun, group, sensed_, hushed)  # fmt: skip


def sensed(people: People) -> Sensed:
    """People's own data in the order of SENSES; 0 and not known where there is no consent.

    A feeling and a breath are used of who is seen, a heart with `use_heart`, a rhythm with
    `couple_rhythm`: it moves something beside itself.
    """
    seen, heart = allowed(people, "visual_layer"), allowed(people, "use_heart")
    valence, arousal, _ = _felt(people)
    fresh = np.clip((people.heart - _CALMEST) / _SPAN, 0.0, 1.0)
    beats = heart & (people.heart > 0.0) & (people.heart_age < feeling.HEARTBEAT)
    known = np.stack([seen, seen, seen, beats, allowed(people, "couple_rhythm")], axis=1)
    known &= ~people.leaving[:, None]
    sway = 0.5 + 0.5 * np.cos(people.theta)
    values = np.stack([valence, arousal, people.breath, fresh, sway], axis=1)
    return Sensed(np.where(known, values, 0.0), known)


def together(people: People, group: Group) -> Floats:
    """What the circle is together, in the order of GROUP, of those who are in it now."""
    here = people.here & ~people.leaving
    counts = allowed(people, "couple_rhythm") & here & (people.p == people.q)
    order = rhythm.corrected(rhythm.order(people.theta, counts)[0], int(np.count_nonzero(counts)))
    z = feeling.together(*_felt(people))
    return np.array([order, z.real, z.imag, min(abs(z), 1.0), group.converged])


def _hushed(circle: Circle, dt: float) -> bool:
    """Whether what the circle said may still hold what somebody has just taken back, or nobody
    says anything; and notes who is in it now."""
    now = _speaking(circle.people)
    before = np.frombuffer(circle.spoken.by, np.bool_).reshape(-1, now.shape[1])
    ended = (before & ~now[: len(before)]).any()
    since = 0.0 if ended else circle.spoken.ended + dt
    circle.spoken = Spoken((now & ~circle.people.simulated[:, None]).tobytes(), since)
    return since < HUSH or not now.any()


def _speaking(people: People) -> Flags:
    """Whose feeling, heart and rhythm may be in what all are together, shape (C, 3)."""
    purposes = ("visual_layer", "use_heart", "couple_rhythm")
    counts = people.here & ~people.leaving
    return np.stack([allowed(people, one) & counts for one in purposes], axis=1)


def _felt(people: People) -> tuple[Floats, Floats, Floats]:
    """Feelings by the consent of now: the last Frame's may hold a heart that is taken back."""
    felt = feeling.felt(people.told_valence, people.told_arousal, people.feeling_age, people.heart,
                        people.heart_age, allowed(people, "use_heart"))  # fmt: skip
    speaks = allowed(people, "visual_layer") & ~people.leaving
    valence, arousal, confidence = (np.where(speaks, one, 0.0) for one in felt)
    return valence, arousal, confidence


def following(circle: Circle) -> float:
    """Time constant with which people's inputs follow now, s.

    As long as GONE when a fade or morph begins, which may have interrupted another: what that one
    had moved goes as gently as its residue does. SWING again a few seconds later, and for a cut.
    """
    if circle.preset_fade <= 0.0 and circle.morph == NOTHING:
        return SWING
    return SWING + (GONE - SWING) * math.exp((circle.turned - circle.time) / GONE)


def swing(people: People, own: Floats | None, other: Floats | None, part: float,
          dt: float, seconds: float) -> None:  # fmt: skip
    """Moves people's inputs and palettes towards `part` of the one preset's, and else the other's,
    with a time constant of `seconds`.

    Shape (C, INPUTS + 1); None: a preset moves nobody's.
    """
    if own is None and other is None and not people.swing.any():
        return
    wanted = np.zeros_like(people.swing)
    for one, weight in ((own, part), (other, 1.0 - part)):
        if one is not None and weight > 0.0:
            wanted += one * weight
    people.swing += (wanted - people.swing) * -math.expm1(-dt / seconds)
    people.swing[people.leaving | (people.present == 0.0)] = 0.0
