"""Modulation: what is added to faders and to people's own inputs, by waves and by what happens.

A preset's rows become one Patch. Waves are a function of show time, beats and a seed; what follows
something has its memory in the Frame. So a rehearsal and a replay move exactly as the night did.

    waves ────────────┐
    features, circle, ┤
    people, faders ───┼─► Bank: level by level of who names whom ─► faders, people's inputs
    envelopes ────────┘         curve → smoothing → offset → amount
"""

from performer.modulation.bank import CURVES, GONE
from performer.modulation.compiling import compile
from performer.modulation.patch import Moves, Patch
from performer.modulation.persons import PALETTE
from performer.modulation.sources import Sensed, Sources
from performer.modulation.waves import WAVES

__all__ = [
    "CURVES", "GONE", "PALETTE", "WAVES", "Moves", "Patch", "Sensed", "Sources", "compile",
]  # fmt: skip
