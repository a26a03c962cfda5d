"""What the stage has not acknowledged yet: nothing that somebody played is lost on the way."""

import time
from collections import deque
from dataclasses import dataclass, field

from performer.bus import Entry
from performer.errors import ControlError
from performer.parameters import TREE, Control, Nature

MOST_EVENTS = 4096  # waiting for a stage that does not answer


@dataclass
class Pending:
    """The newest of every value, and all events, in order.

    Numbers begin at the clock's microseconds, so that a desk started again counts on.
    """

    values: dict[str, Entry] = field(default_factory=dict[str, Entry])
    events: deque[Entry] = field(default_factory=lambda: deque[Entry]())
    seq: int = field(default_factory=lambda: time.time_ns() // 1000)
    begun: bool = False
    """A Frame has been seen, and so what the stage has of an earlier desk."""

    def add(self, control: Control) -> None:
        """Keeps one accepted message; ControlError if too many events wait."""
        self.seq += 1
        entry = Entry(self.seq, control.address, list(control.args))
        if control.parameter.nature is not Nature.EVENT:
            self.values[control.address] = entry
        elif len(self.events) >= MOST_EVENTS:
            raise ControlError(control.address, "too many events wait for the stage")
        else:
            self.events.append(entry)

    def begin(self, ack: int) -> None:
        """The first Frame: counts on behind what the stage has, wherever a clock was set back to.

        Nothing has been sent before this, so nothing can be numbered twice.
        """
        self.begun = True
        if ack < self.seq - len(self.values) - len(self.events):
            return
        waiting = self.entries()
        self.values, self.events, self.seq = {}, deque(), max(self.seq, ack)
        for entry in waiting:
            self.add(TREE.accept(entry.address, entry.args))

    def acknowledge(self, ack: int) -> None:
        """Forgets what the stage has applied."""
        while self.events and self.events[0].seq <= ack:
            self.events.popleft()
        if self.values:
            self.values = {a: e for a, e in self.values.items() if e.seq > ack}

    def entries(self) -> list[Entry]:
        """Everything that waits, in order."""
        return sorted([*self.values.values(), *self.events], key=lambda e: e.seq)
