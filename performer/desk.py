"""The desk: one asyncio loop for everything that plays the instrument from outside.

It checks every message against the tree, keeps what the stage has not yet acknowledged, and tells
controllers what people changed. It holds no picture and no Frame of its own making.
"""

import asyncio
import logging
import os
import signal
import sys
import time
from collections import deque
from dataclasses import dataclass, field
from types import FrameType

import msgspec

from performer import bus as buses
from performer.bus import Bus, Entry, Heartbeat, packed
from performer.circle.commands import refuse_early
from performer.controllers.osc import Intake, Outlet, opened
from performer.errors import ControlError, DeviceError, PerformerError
from performer.frame import MOST_PEOPLE, Frame, decode
from performer.parameters import TREE, Control, Nature
from performer.run import Run, logging_to, parent_gone
from performer.show.shows import Library, load_show

log = logging.getLogger("performer.desk")

QUIET = 0.005  # s; a burst is flushed after this much quiet, and this often in a flood
LOOK = 0.008  # s between two looks at the bus
FEEDBACK = 1.0 / 60.0  # s between two feedbacks of one address
MOST_EVENTS = 4096  # waiting for a stage that does not answer
SAY_AGAIN = 1.0  # s between two log lines of one kind of refusal
MOST_SAID = 20  # lines about refusals in one second, of all kinds together
LONGEST_SAID = 80  # characters of an address in a log line
RETRY = 2.0  # s between two tries to get the OSC port


@dataclass
class Pending:
    """What the stage has not acknowledged: the newest of every value, and all events, in order.

    Numbers begin at the clock's microseconds, so that a desk started again counts on.
    """

    values: dict[str, Entry] = field(default_factory=dict[str, Entry])
    events: deque[Entry] = field(default_factory=lambda: deque[Entry]())
    seq: int = field(default_factory=lambda: time.time_ns() // 1000)

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

    def acknowledge(self, ack: int) -> None:
        """Forgets what the stage has applied."""
        while self.events and self.events[0].seq <= ack:
            self.events.popleft()
        self.values = {a: e for a, e in self.values.items() if e.seq > ack}

    def entries(self) -> list[Entry]:
        """Everything that waits, in order."""
        return sorted([*self.values.values(), *self.events], key=lambda e: e.seq)


class Refusals:
    """Counts refusals by reason and logs each kind at most once a second."""

    def __init__(self, outlet: Outlet) -> None:
        self.counts: dict[str, int] = {}
        self.total = 0
        self._outlet = outlet
        self._said: dict[str, float] = {}
        self._lately: deque[float] = deque(maxlen=MOST_SAID)

    def __call__(self, address: str, reason: str) -> None:
        """One message was refused."""
        self.total += 1
        address = "".join(c if c.isprintable() else "?" for c in address[:LONGEST_SAID])
        kind = f"{address.split('/')[1] if address.count('/') else ''} {reason[:24]}"
        if len(self.counts) > 256:  # a fuzzer's zoo of addresses must not grow the desk
            self.counts.clear()
            self._said.clear()
        self.counts[kind] = self.counts.get(kind, 0) + 1
        now = time.monotonic()
        if now - self._said.get(kind, -SAY_AGAIN) < SAY_AGAIN:
            return
        if len(self._lately) == MOST_SAID and now - self._lately[0] < SAY_AGAIN:
            return  # a fuzzer finds more kinds than anybody can read
        self._lately.append(now)
        self._said[kind] = now
        if reason == "no such address":
            reason += TREE.nearest(address)
        times = f" ({self.counts[kind]} times)" if self.counts[kind] > 1 else ""
        log.warning("refused %s: %s%s", address or "a packet", reason, times)
        self._outlet.send("/refused", [address, reason])


class Desk:
    """The loop's state: what waits, who is here, what has been fed back."""

    def __init__(self, run: Run, library: Library, bus: Bus) -> None:
        self.run_, self.library, self.bus = run, library, bus
        self.pending = Pending()
        self.outlet = Outlet(run.osc_out_host, run.osc_out_port)
        self.refusals = Refusals(self.outlet)
        self.ids: set[str] = set()
        self.joined: dict[str, int] = {}  # ids whose join is on its way, with its number
        self.clamps: tuple[str, ...] = ()
        self.waiting: set[str] = set()
        self.looks = 0
        self._flushed = 0.0
        self._flush_due = False
        self._fed: dict[str, tuple[float, Control | None]] = {}
        self._frames = bus.mailbox(buses.FRAME)
        self._keys = bus.mailbox(buses.KEYS, 256)

    # ---- in -------------------------------------------------------------------------------

    def accept(self, control: Control) -> None:
        """A message that the tree accepted: kept for the stage, fed back to controllers."""
        try:
            refuse_early(control, self.library, self.ids | self.joined.keys())
            self.pending.add(control)
        except PerformerError as error:
            reason = error.reason if isinstance(error, ControlError) else str(error)
            self.refusals(control.address, reason)
            return
        if control.tail == "join":
            self.joined[control.person] = self.pending.seq
        self.feed_back(control)
        self._soon()

    def _soon(self) -> None:
        if self._flush_due:
            return
        self._flush_due = True
        loop = asyncio.get_running_loop()
        wait = max(0.0, self._flushed + QUIET - time.monotonic())
        if wait == 0.0:
            loop.call_soon(self.flush)
        else:
            loop.call_later(wait, self.flush)

    def flush(self) -> None:
        """Sends everything that waits; nothing is lost if this message is."""
        self._flush_due = False
        self._flushed = time.monotonic()
        waiting = self.pending.entries()
        if waiting:
            self.bus.put(buses.DESK, packed(waiting))

    # ---- out ------------------------------------------------------------------------------

    def feed_back(self, control: Control) -> None:
        """Tells controllers what somebody changed, at most 60 times a second per address."""
        if control.parameter.nature is Nature.EVENT:
            return
        now = time.monotonic()
        last, _ = self._fed.get(control.address, (0.0, None))
        if now - last >= FEEDBACK:
            self._fed[control.address] = (now, None)
            self.outlet.send(control.address, control.args)
        else:
            self._fed[control.address] = (last, control)

    def _late_feedback(self, now: float) -> None:
        for address, (last, control) in list(self._fed.items()):
            if control is not None and now - last >= FEEDBACK:
                self._fed[address] = (now, None)
                self.outlet.send(address, control.args)
            elif control is None and now - last > 10.0:
                del self._fed[address]

    # ---- the stage's side -----------------------------------------------------------------

    def look(self) -> None:
        """Reads what came over the bus."""
        self.looks += 1
        data = self._frames.take()
        if data is not None:
            self.seen(decode(data))
        while (keys := self._keys.take()) is not None:
            for entry in buses.entries(keys):
                self.feed_back(TREE.accept(entry.address, entry.args))
        self._late_feedback(time.monotonic())
        if self.pending.values or self.pending.events:
            self._again()

    def _again(self) -> None:
        """Sends once more what the stage has not acknowledged in a while (it may be new)."""
        if not self._flush_due and time.monotonic() - self._flushed > 0.1:
            self.flush()

    def seen(self, frame: Frame) -> None:
        """A Frame from the stage."""
        self.pending.acknowledge(frame.ack)
        p = frame.people
        self.ids = {i for i, gone in zip(p.ids, p.leaving, strict=True) if i and not gone}
        self.ids |= frame.waiting.keys()
        for person in frame.waiting.keys() - self.waiting:
            log.warning("%s waits: %d people are here", person, MOST_PEOPLE)
            self.outlet.send(f"/participant/{person}/waiting", [1])
        self.waiting = set(frame.waiting)
        self.joined = {i: s for i, s in self.joined.items() if s > frame.ack}
        for clamp in set(frame.clamps) - set(self.clamps):
            value = float(frame.values[TREE.index[clamp]])
            self.outlet.send("/clamped", [clamp, value])
        self.clamps = frame.clamps

    async def main(self) -> None:
        """Runs until the supervisor ends it or is gone."""
        intake: Intake | None = None
        tried = -RETRY
        beat = 0.0
        while not parent_gone():
            now = time.monotonic()
            if intake is None and now - tried >= RETRY:
                intake = self._listen(first=tried < 0)
                tried = now
            if now - beat > 0.4:
                beat = now
                note = f"osc={intake.received if intake else -1} refused={self.refusals.total}"
                self.bus.put(buses.HEARTBEAT, packed(Heartbeat("desk", self.looks, note=note)))
            self.look()
            await asyncio.sleep(LOOK)

    def _listen(self, first: bool) -> Intake | None:
        run = self.run_
        try:
            listening = opened(run.osc_host, run.osc_port)
        except DeviceError as error:
            if first:
                log.error("%s. The show goes on; trying again every %g s", error, RETRY)
            return None
        log.info("OSC in on %s UDP %d", run.osc_host, run.osc_port)
        return Intake(listening, run.allow, self.accept, self.refusals)


def _end(_number: int, _frame: FrameType | None) -> None:
    os._exit(0)  # it holds nothing that another process does not hold too


def main() -> None:
    """The desk's process; its parent is the supervisor."""
    run = Run.inherited()
    logging_to(run.log, "desk")
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    signal.signal(signal.SIGTERM, _end)
    bus = Bus(run.show_name, run.hub)
    library = load_show(run.show)
    try:
        # sockets are read by add_reader, which Windows' default loop does not have
        loops = asyncio.SelectorEventLoop if sys.platform == "win32" else None
        with asyncio.Runner(loop_factory=loops) as runner:
            runner.run(Desk(run, library, bus).main())
    except msgspec.MsgspecError:
        log.exception("a message on the bus that is none")
        raise
    finally:
        bus.close()


if __name__ == "__main__":
    main()
