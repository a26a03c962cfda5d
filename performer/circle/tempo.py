"""Who leads the tempo, and where in the beat the night is; in show time, so a replay is exact.

By priority: an outer clock, taps or a hand on `/tempo`, what is listened to, the preset. Here live
their choice, the glide from one to the next, and the lock to a leader's beat; never a message, or
what a beat moves.
"""

import math

from msgspec.structs import replace

from performer.frame import FEATURES, Heard, Leading
from performer.parameters import TREE

CLOCK, TAP, HAND, LISTENING, PRESET = "clock", "tap", "hand", "listening", "preset"
SOURCES = (CLOCK, TAP, HAND, LISTENING, PRESET)
"""What `/tempo/source` tells. A tap is a hand on `/tempo` that also says where the beat is."""

SILENT = 2.0  # s without a word after which an outer clock is gone
GLIDE = 1.0  # s from one leader's tempo to the next one's
BENT = 0.15  # part of its speed by which the beat hurries or waits for a leader's
EAGER = 1.0  # part of the lag that is made good within a beat

TAPS = 5
LONGEST_TAP = 3.0  # s; a longer pause begins a new tempo

SURE, UNSURE = 0.6, 0.3  # confidence from which listening leads, and under which it no longer does
CONVINCED, DOUBTED = 3.0, 4.0  # s for which it must be so
FOLLOWS = 1.0  # s in which a tempo that is heard to change is followed

_PLACE = TREE.index["/tempo"]
_CONFIDENCE = FEATURES.index("confidence")
_LOW, _HIGH = float(TREE.low[_PLACE]), float(TREE.high[_PLACE])


def told(leading: Leading, bpm: float, beats: float, time: float) -> Leading:
    """After an outer clock said its tempo, and its beats since its start, at `time` s."""
    return replace(leading, clock=bpm, clock_beats=beats, clock_at=time)


def stopped(leading: Leading) -> Leading:
    """After the outer clock stopped."""
    return replace(leading, clock=0.0)


def tap(leading: Leading, time: float) -> tuple[Leading, float | None]:
    """After a tap at `time` s, and the BPM of the last taps; None after a first one."""
    recent = leading.taps if leading.taps and time - leading.taps[-1] <= LONGEST_TAP else ()
    taps = (*recent[-TAPS + 1 :], time)
    if taps[-1] == taps[0]:
        return replace(leading, taps=taps), None
    bpm = 60.0 * (len(taps) - 1) / (taps[-1] - taps[0])
    bpm = _in_range(bpm)
    return replace(leading, taps=taps, tapped=bpm), bpm


def _in_range(bpm: float) -> float:
    """The same tempo, or the nearest that `/tempo` may have."""
    return min(max(bpm, _LOW), _HIGH)


def led(leading: Leading, value: float, hand: float | None, heard: Heard, time: float,
        dt: float) -> Leading:  # fmt: skip
    """Who leads `dt` s later, at `time` s, and the tempo in force then.

    `value`: `/tempo` after arc, hands and modulation, BPM. `hand`: where a hand holds it, if one
    does. `heard`: what is listened to, silence if it is not to lead. No leader, a clock of 400 BPM
    neither, takes what is in force out of `/tempo`'s range.
    """
    leading = _listened(leading, heard, dt)
    source, goal = _leader(leading, value, hand, time)
    goal = _in_range(goal)
    if source != leading.source:
        since = time - dt if leading.source else time - GLIDE  # the first one glides from nothing
        leading = replace(leading, source=source, before=leading.now or goal, since=since)
    part = _glided(leading, time)
    return replace(leading, now=_in_range(leading.before ** (1.0 - part) * goal**part))


def _leader(
    leading: Leading, value: float, hand: float | None, time: float
) -> tuple[str, float]:  # fmt: skip
    """The first source that has something to say, and its BPM."""
    if leading.clock > 0.0 and time - leading.clock_at <= SILENT:
        return CLOCK, leading.clock
    if hand is not None:
        return (TAP if hand == leading.tapped else HAND), value
    if leading.heard > 0.0:
        return LISTENING, leading.heard
    return PRESET, value


def _listened(leading: Leading, heard: Heard, dt: float) -> Leading:
    """What listening would lead with: only after it was sure, or unsure, for a while."""
    leads, confidence = leading.heard > 0.0, float(heard.values[_CONFIDENCE])
    known = heard.listening and heard.tempo > 0.0
    against = not (known and confidence >= UNSURE) if leads else known and confidence >= SURE
    contrary = leading.contrary + dt if against else 0.0
    if contrary >= (DOUBTED if leads else CONVINCED):
        return replace(leading, heard=0.0 if leads else heard.tempo, contrary=0.0)
    bpm = leading.heard
    if leads and known and not against:
        bpm += (heard.tempo - bpm) * -math.expm1(-dt / FOLLOWS)
    return replace(leading, heard=bpm, contrary=contrary)


def _glided(leading: Leading, time: float) -> float:
    """How far the present leader has taken over, 0..1."""
    part = min(max((time - leading.since) / GLIDE, 0.0), 1.0)
    return part * part * (3.0 - 2.0 * part)


def advanced(leading: Leading, beat: float, time: float, dt: float) -> float:
    """The beat at `time` s, `dt` s after it was `beat`: it never jumps, and never runs backwards.

    While a leader says where in the beat it is, the beat hurries or waits until it is there too: a
    phase-locked loop of first order, so the lag shrinks by a factor e every 1/EAGER beats.
    """
    rate = leading.now / 60.0
    phase = _phase(leading, time - dt)
    if phase is not None:
        lag = (phase - beat + 0.5) % 1.0 - 0.5
        rate *= 1.0 + _glided(leading, time) * min(max(EAGER * lag, -BENT), BENT)
    return beat + rate * dt


def _phase(leading: Leading, time: float) -> float | None:
    """The leader's own beats at `time` s, whole ones of no meaning; None if it has but a tempo.

    Nor has a clock beats to lock to that is faster or slower than what may be in force.
    """
    if leading.source == CLOCK and leading.clock != _in_range(leading.clock):
        return None
    if leading.source == CLOCK:
        return leading.clock_beats + (time - leading.clock_at) * leading.clock / 60.0
    if leading.source == TAP:
        return (time - leading.taps[-1]) * leading.tapped / 60.0
    return None
