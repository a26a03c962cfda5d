"""What a Frame has that the one before had not: who came, left, rests or waits, which preset is
on, what the policy held back."""

import logging
from collections.abc import Callable, Iterator

import numpy as np

from performer.circle.consent import JOIN, State
from performer.frame import MOST_PEOPLE, PURPOSES, Flags, Frame
from performer.parameters import TREE, Values

log = logging.getLogger("performer.desk")

Told = Iterator[tuple[str, Values]]

JOINED = np.array([purpose in JOIN for purpose in PURPOSES])
SELDOM = 1.0  # s between two tellings of one thing that the policy holds back


class News:
    """Looks at Frames, one after another."""

    def __init__(self, read: Callable[[str], Values | None]) -> None:
        """`read` tells the present value of an address."""
        self._read = read
        self._waiting: set[str] = set()
        self._paused: set[str] = set()
        self._consents: dict[str, Flags] = {}
        self._agreed: tuple[object, ...] = ()
        self._preset = ""
        self._clamped: dict[str, float] = {}  # when it was told last, s

    def look(self, frame: Frame, came: set[str], went: set[str], now: float) -> Told:
        """What is new; `came` and `went` are addresses, as people come and go."""
        if self._preset:  # in the first Frame everybody would be new
            yield from self._people(came, went)
        yield from self._waits(frame)
        yield from self._pauses(frame)
        yield from self._agrees(frame)
        if frame.preset != self._preset:
            self._preset = frame.preset
            yield "/preset", (frame.preset, 0.0)
        for clamp in frame.clamps:
            if now - self._clamped.get(clamp, -SELDOM) >= SELDOM:
                self._clamped[clamp] = now
                yield "/clamped", (clamp, float(frame.values[TREE.index[clamp]]))

    def _people(self, came: set[str], went: set[str]) -> Told:
        for address in sorted(came):
            if address.endswith("/join"):
                yield address, self._read(address) or ()
        for address in sorted(went):
            if address.endswith("/join"):
                yield address.removesuffix("join") + "leave", (1.0,)

    def _waits(self, frame: Frame) -> Told:
        waiting = set(frame.waiting)
        for person in waiting - self._waiting:
            log.warning("%s waits: %d people are here", person, MOST_PEOPLE)
        for person in sorted(waiting ^ self._waiting):
            yield f"/participant/{person}/waiting", (int(person in waiting),)
        self._waiting = waiting

    def _pauses(self, frame: Frame) -> Told:
        p = frame.people
        paused = {p.ids[row] for row in np.flatnonzero(p.state == State.PAUSED)
                  if p.ids[row] and not p.leaving[row]}  # fmt: skip
        for person in sorted(paused ^ self._paused):
            if person in p.ids:
                yield f"/participant/{person}/pause", (int(person in paused),)
        self._paused = paused

    def _agrees(self, frame: Frame) -> Told:
        """Who gave or took back consent to something; that they joined is told already."""
        p = frame.people
        agreed = (tuple(p.ids), p.leaving.tobytes(), p.consent.tobytes())
        if agreed == self._agreed:
            return
        self._agreed, before = agreed, self._consents
        here = [row for row, person in enumerate(p.ids) if person and not p.leaving[row]]
        self._consents = {p.ids[row]: p.consent[row].copy() for row in here}
        for row in here:
            was = before.get(p.ids[row], p.consent[row] if p.simulated[row] else JOINED)
            if self._preset and (was != p.consent[row]).any():
                address = f"/participant/{p.ids[row]}/consent"
                yield address, self._read(address) or ()
