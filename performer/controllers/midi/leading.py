"""Which device's clock leads the tempo, and what the desk is told of it. Times are given, in s."""

from collections.abc import Callable

from performer.controllers.midi.clock import Clock

EVERY = 1.0 / 30.0  # s between two tellings
MOST = 16  # devices whose clocks are kept

Say = tuple[str, tuple[float, ...]]

MEANT: dict[str, Callable[[Clock], None]] = {
    "start": Clock.start, "continue": Clock.go_on, "stop": Clock.stop,
}  # fmt: skip


class Leading:
    """The clocks of all devices. The first that runs leads, until it stops, times out or goes."""

    def __init__(self) -> None:
        self._clocks: dict[str, Clock] = {}
        self.leader = ""
        """The device that leads; empty: none does."""
        self._said = 0.0

    def heard(self, device: str, kind: str, value: int, at: float) -> bool:
        """A message of this (mido) type came; False if it is none of the clock's."""
        if kind not in MEANT and kind not in ("clock", "songpos"):
            return False
        if device not in self._clocks and len(self._clocks) >= MOST:
            return True
        clock = self._clocks.setdefault(device, Clock())
        if kind == "clock":
            clock.tick(at)
        elif kind == "songpos":
            clock.song_position(value)
        else:
            MEANT[kind](clock)
        return True

    def gone(self, device: str) -> None:
        """A device was unplugged."""
        self._clocks.pop(device, None)

    def say(self, now: float) -> Say | None:
        """The message to play now, if any: `/clock` 30 times a second at most, `/clock/stop`."""
        leader = self._clocks.get(self.leader)
        if leader is not None and leader.running(now):
            return self._tell(leader, now)
        stopped, self.leader = self.leader, self._running(now)
        if self.leader:
            return self._tell(self._clocks[self.leader], now, first=True)
        return ("/clock/stop", ()) if stopped else None

    def _running(self, now: float) -> str:
        return next((d for d, c in self._clocks.items() if c.running(now)), "")

    def _tell(self, clock: Clock, now: float, first: bool = False) -> Say | None:
        # a third of a call early is in time: who calls 30 times a second is never quite exact
        if clock.tempo is None or (not first and now - self._said < EVERY * 0.67):
            return None
        self._said = now
        return "/clock", (clock.tempo, clock.beats(now))
