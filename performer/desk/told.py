"""What the instrument tells of itself: the cue and its time, the tempo, counts of the desk, how
loud it is."""

from collections.abc import Callable, Iterator, Mapping

from performer.bus import Loudness
from performer.circle import cues
from performer.frame import Frame
from performer.parameters import Values
from performer.show.shows import Library

DARK = 1.0  # s without a Frame after which none is on its way
LOOK = 0.1  # s between two looks at what may have changed
SLOWLY = 1.0  # s between two tellings of what runs down or jitters all the time
UNMEASURED = -1.0
"""What is told of the LAeq while nobody has calibrated."""
SILENT = Loudness(-120.0, -120.0, -120.0, None)
"""What is told before the sound has said anything."""
LOUD = tuple(f"/status/loudness/{n}" for n in ("momentary", "short_term", "integrated", "laeq"))
SLOW = ("/cue/remaining", "/status/received", "/status/refused", "/status/fps", "/tempo/now", *LOUD)


class Told:
    """The told addresses of the tree, kept fresh from Frames and from the desk's own counts."""

    def __init__(self, library: Library, counts: Callable[[], Mapping[str, int]]) -> None:
        """`counts`: the desk's `/status/…` by their last part."""
        self.library, self.counts = library, counts
        self.now: dict[str, Values] = {}
        self._told: dict[str, Values] = {}
        self._looked = self._slowly = 0.0
        self._rate = _Rate()
        self._loud: dict[str, Values] = {}
        self.hear(SILENT)

    def hear(self, loud: Loudness) -> None:
        """The sound says how loud it is."""
        laeq = UNMEASURED if loud.laeq is None else loud.laeq
        found = (loud.momentary, loud.short_term, loud.integrated, laeq)
        self._loud = {a: (round(n, 1),) for a, n in zip(LOUD, found, strict=True)}

    def read(self, address: str) -> Values | None:
        """What a told address says; None for others."""
        return self.now.get(address)

    def look(self, frame: Frame, now: float) -> Iterator[tuple[str, Values]]:
        """What has changed since it was last told."""
        fps = self._rate.see(frame.index, now)
        if now - self._looked < LOOK:
            return
        self._looked = now
        self.now = self._values(frame, fps)
        yield from self._changed(now)

    def dark(self, now: float) -> Iterator[tuple[str, Values]]:
        """No Frame has come for a while: what is told of the stage is that it stands still."""
        if now - self._looked > DARK and self.now:
            self._looked = now
            self.now |= {"/status/fps": (0.0,)} | self._own()
            yield from self._changed(now)

    def _changed(self, now: float) -> Iterator[tuple[str, Values]]:
        slowly = now - self._slowly >= SLOWLY
        self._slowly = now if slowly else self._slowly
        for address, values in self.now.items():
            if self._told.get(address) != values and (slowly or address not in SLOW):
                self._told[address] = values
                yield address, values

    def _values(self, frame: Frame, fps: float) -> dict[str, Values]:
        cue = cues.told(frame, self.library)
        found: dict[str, Values] = {
            "/phase": (self.library.show.phase[frame.phase].name,),
            "/cue/current": (cue.current,),
            "/cue/next": (cue.next,),
            "/cue/notes": (cue.notes,),
            "/cue/remaining": (round(cue.remaining, 1),),
            "/tempo/source": (frame.tempo_source,),
            "/tempo/now": (round(frame.tempo, 2),),
            "/status/fps": (round(fps, 1),),
            "/status/people": (sum(map(bool, frame.people.ids)),),
        }
        return found | self._own()

    def _own(self) -> dict[str, Values]:
        counts: dict[str, Values] = {f"/status/{n}": (c,) for n, c in self.counts().items()}
        return counts | self._loud


class _Rate:
    """Frames a second, over the last second or more."""

    def __init__(self) -> None:
        self._first, self._at, self._rate = 0, 0.0, 0.0

    def see(self, index: int, now: float) -> float:
        """The rate, told a newer Frame's number."""
        if index < self._first or now - self._at > 5.0:  # a stage that began anew
            self._first, self._at = index, now
        elif now - self._at >= 1.0:
            self._rate = (index - self._first) / (now - self._at)
            self._first, self._at = index, now
        return self._rate
