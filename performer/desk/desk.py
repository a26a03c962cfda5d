"""The desk itself: what a message from any controller does, and what controllers are told."""

import asyncio
import contextlib
import logging
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from pathlib import Path

from performer import bus as buses
from performer.bus import Bus, packed
from performer.circle.commands import refuse_early
from performer.controllers.access import AT_ONE_COST, Access
from performer.controllers.mapping.mapper import Mapper
from performer.controllers.midi.midi import Midi
from performer.controllers.osc import Outlet, is_pattern
from performer.controllers.oscquery import OscQuery
from performer.controllers.senders import Sender
from performer.desk.feedback import Changes, Echoes, Resting, Subscribers
from performer.desk.news import News
from performer.desk.pending import Pending
from performer.desk.present import Present
from performer.desk.refusals import Refusals
from performer.desk.requests import REQUESTS, Dumps
from performer.desk.told import Told
from performer.errors import ControlError, FileError, PerformerError
from performer.frame import Frame, People, decode
from performer.parameters import TREE, Control, Nature, Values
from performer.run import Run
from performer.show.isf import load_shader
from performer.show.saved import Saved
from performer.show.shows import Library

log = logging.getLogger("performer.desk")

QUIET = 0.005  # s; a burst is flushed after this much quiet, and this often in a flood
AGAIN = 0.1  # s after which what is not acknowledged is sent once more
ALIVE = 1.0  # s between two signs of life


class Desk:
    """What waits for the stage, who is here, who is told. The `Player` of all controllers."""

    def __init__(self, run: Run, library: Library, bus: Bus, access: Access) -> None:
        self.run_, self.library, self.bus, self.access = run, library, bus, access
        self.pending, self.resting = Pending(), Resting()
        self.outlet = Outlet(run.osc_out_host, run.osc_out_port)
        self.subscribers, self.dumps = Subscribers(), Dumps()
        self.changes, self.echoes = Changes(self.tell), Echoes()
        self.refusals = Refusals(self.outlet.send)
        self.told = Told(library, self._counts)
        self.present = Present(library, self.pending, self._told)
        self.news = News(self.present.read)
        self.saved = Saved(lambda: self.library.sources)
        self.query: OscQuery | None = None
        self.hands: Midi | None = None
        self.received = 0
        self.ids: set[str] = set()
        self.joined: dict[str, int] = {}  # ids whose join is on its way, with its number
        self.looks = 0
        self._flushed = self._lived = 0.0
        self._alive = 0
        self._flush_due = False
        self._frames = bus.mailbox(buses.FRAME)
        self._keys = bus.mailbox(buses.KEYS, 256)
        self._loudness = bus.mailbox(buses.LOUDNESS)

    # ---- what controllers play on: the Player ---------------------------------------------

    def play(self, sender: Sender, address: str, args: Sequence[object]) -> None:
        """One message: a set, a get, or a pattern of either. Never raises."""
        self.received += 1
        now = self.now()
        self.subscribers.heard(sender, now)
        self.echoes.heard(sender, now)
        try:
            meant = self._meant(sender, address, now)
        except PerformerError as error:
            self._refused(sender, address, error)
            return
        for one in meant:
            try:
                for part in TREE.found(one)[0].messages(args):
                    self._one(sender, one, part, now)
            except PerformerError as error:
                self._refused(sender, one, error)

    def refuse(self, sender: Sender, address: str, reason: str) -> None:
        """Counts and logs what was no message, or came from where nobody may play.

        It is not answered: two programs could go on answering each other for ever.
        """
        self.refusals(address, reason)

    def may(self, host: str) -> bool:
        """Whether a host may talk to the desk at all."""
        return self.access.may(host)

    def trusts(self, host: str) -> bool:
        """Whether a host is the architect's, without a token."""
        return self.access.trusts(host)

    def known(self, sender: Sender) -> bool:
        """Whether a sender has a role now."""
        return self.access.role(sender, self.now()) is not None

    def auth(self, sender: Sender, token: str) -> str:
        """Takes a sender for whom a token says; why not, counted, or nothing."""
        return self._reason("/auth", lambda: self.access.auth(sender, token, self.now()))

    def asks(self, sender: Sender) -> str:
        """One more question that takes time; why it is not answered, or nothing."""
        return self._reason("", lambda: self.access.costly(sender, self.now()))

    def _reason(self, address: str, what: Callable[[], object]) -> str:
        """Why something is refused, which is counted, or nothing."""
        try:
            what()
        except ControlError as error:
            self.refusals(address, error.reason)
            return error.reason
        return ""

    def whose(self, sender: Sender) -> str | None:
        """Whose addresses alone a sender may see, of people's; empty: all; None: it is nobody."""
        return self.access.whose(sender, self.now())

    def gone(self, sender: Sender) -> None:
        """A connection ended."""
        self.subscribers.gone(sender)
        self.access.gone(sender)

    def read(self, address: str) -> Values | None:
        """The present value of an address, of a pattern's first; None where there is none."""
        try:
            return self.present.read(self.present.meant(address)[0])
        except ControlError:
            return None

    def addresses(self) -> Iterable[str]:
        """Every concrete address there is now."""
        return self.present.addresses

    # ---- one message ----------------------------------------------------------------------

    def now(self) -> float:
        """The desk's clock, s."""
        return time.monotonic()

    def _refused(self, sender: Sender, address: str, error: PerformerError) -> None:
        reason, about = str(error), address
        if isinstance(error, ControlError):
            reason, about = error.reason, error.address
        told = TREE.literal.get(address)  # our own words come back: answering would be a loop
        mine = told is not None and told.nature is Nature.TOLD
        self.refusals(address, reason, None if mine else sender, about)

    def _meant(self, sender: Sender, address: str, now: float) -> list[str]:
        """The concrete addresses of a message: those of a pattern that the sender may see."""
        if not is_pattern(address):
            return self.present.meant(address)
        self.access.costly(sender, now, address)
        meant = self.present.meant(address)
        many = sum(TREE.found(one)[0].times for one in meant)
        if (rest := many / AT_ONE_COST - 1.0) > 0.0:
            self.access.costly(sender, now, address, rest)
        return self.access.seen(sender, meant, now)

    def _one(self, sender: Sender, address: str, args: Sequence[object], now: float) -> None:
        parameter, _, _ = TREE.found(address)
        if parameter.asks(args):
            self._answer(sender, address)
            return
        control = TREE.accept(address, args)
        self.access.check(sender, control, now)
        if parameter.nature is Nature.REQUEST:
            REQUESTS[parameter.address](self, sender, control)
        elif not self.echoes.are(address, control.args, sender, now):
            self.accept(control, sender.key)

    def _answer(self, sender: Sender, address: str) -> None:
        self.access.reads(sender, address, self.now())
        values = self.present.read(address)
        if values is None:
            raise ControlError(address, "has no value that could be asked for")
        way = self.subscribers.way_to(sender)
        for part in TREE.found(address)[0].messages(values):
            way(address, part)

    def accept(self, control: Control, by: str) -> None:
        """A message that the tree accepted: kept for the stage, fed back to all but its sender."""
        if control.parameter.address in ("/preset", "/morph/to"):
            self.library.look_again(str(control.args[0]))
        refuse_early(control, self.library, self.ids | self.joined.keys(), self._people(control))
        self.pending.add(control)
        if control.tail == "join":
            self.joined[control.person] = self.pending.seq
        self.feed_back(control, by)
        self._soon()

    def _people(self, control: Control) -> People | None:
        """Those of the newest Frame, unless something of this person is still on its way."""
        frame, own = self.present.frame, f"/participant/{control.person}/"
        if frame is None or control.tail not in ("heart", "input"):
            return None
        waits = (*self.pending.values, *(e.address for e in self.pending.events))
        return None if any(a.startswith(own) for a in waits) else frame.people

    def _soon(self) -> None:
        if self._flush_due:
            return
        self._flush_due = True
        loop = asyncio.get_running_loop()
        wait = max(0.0, self._flushed + QUIET - self.now())
        if wait == 0.0:
            loop.call_soon(self.flush)
        else:
            loop.call_later(wait, self.flush)

    def flush(self) -> None:
        """Sends everything that waits; nothing is lost if this message is."""
        self._flush_due = False
        self._flushed = self.now()
        waiting = self.pending.entries()
        if waiting and self.pending.begun:
            self.bus.put(buses.DESK, packed(waiting))

    # ---- out ------------------------------------------------------------------------------

    def feed_back(self, control: Control, by: str) -> None:
        """Tells controllers what somebody changed, at most 60 times a second per address."""
        if control.parameter.nature is Nature.EVENT or control.parameter.quiet:
            return
        if control.parameter.nature in (Nature.FADER, Nature.SWITCH):
            self.resting.known(control.address, float(control.args[0]), self.now())
        self.changes.changed(control.address, control.args, by, self.now())

    def tell(self, address: str, values: Values, by: str = "") -> None:
        """Tells everybody who listens, but not who (by their key) it comes from."""
        for part in TREE.found(address)[0].messages(values):
            self.echoes.told(address, part, by, self.now())
            self.outlet.send(address, part)
            self.subscribers.tell(address, part, self._sees, but=by)
        if self.query is not None:
            self.query.told(address, values)

    def visible(self, sender: Sender) -> Iterator[tuple[str, Values | None]]:
        """Every address that a sender may read, with its value, if it has one."""
        own = self.access.seen(sender, self.present.addresses, self.now())
        return (found for address in own for found in self._messages(address))

    def _messages(self, address: str) -> Iterator[tuple[str, Values | None]]:
        values = self.present.read(address)
        if values is None:
            yield address, None
            return
        for part in TREE.found(address)[0].messages(values):
            yield address, part

    def _sees(self, sender: Sender, address: str) -> bool:
        return self.access.sees(sender, address, self.now())

    def mapper(self) -> Mapper:
        """What MIDI controls play; ControlError where the night plays without them."""
        if self.hands is None:
            raise ControlError("/learn", "this night plays without MIDI (--no-midi)")
        return self.hands.mapper

    def _told(self, address: str) -> Values | None:
        """What a told address says, if it is one."""
        if address == "/alive":
            return (self._alive,)
        if address == "/learning":
            return (self.hands.mapper.waiting if self.hands else "",)
        return self.told.read(address)

    def _counts(self) -> dict[str, int]:
        return {
            "received": self.received,
            "refused": self.refusals.total,
            "subscribers": len(self.subscribers),
        }

    # ---- the stage's side -----------------------------------------------------------------

    def look(self) -> None:
        """Reads what came over the bus, and tells what is due."""
        self.looks += 1
        now = self.now()
        for path in self.saved.look(now):
            self._learn(path)
        if (loud := self._loudness.take()) is not None:
            self.told.hear(buses.loudness(loud))
        data = self._frames.take()
        if data is not None:
            self.seen(decode(data))
        for address, values in self.told.dark(now):
            self.tell(address, values)
        while (keys := self._keys.take()) is not None:
            for entry in buses.entries(keys):
                self.feed_back(TREE.accept(entry.address, entry.args), "keyboard")
        self.changes.late(now)
        self.dumps.go_on()
        if now - self._lived >= ALIVE:
            self._live(now)
        waits = self.pending.values or self.pending.events
        if waits and not self._flush_due and now - self._flushed > AGAIN:
            self.flush()

    def _learn(self, path: Path) -> None:
        """Knows the inputs of a shader that was saved; what is wrong with it, the stage says."""
        for name, old in self.library.made_of(path).items():
            with contextlib.suppress(FileError):
                self.library.renew(name, load_shader(old.path))
        self.present.forget()

    def _live(self, now: float) -> None:
        self._lived, self._alive = now, self._alive + 1
        self.tell("/alive", (self._alive,))
        self.subscribers.expire(now)
        self.echoes.forget(now)

    def seen(self, frame: Frame) -> None:
        """A Frame from the stage."""
        now = self.now()
        if not self.pending.begun:
            self.pending.begin(frame.ack)
            self.joined = dict.fromkeys(self.joined, self.pending.seq)
        self.pending.acknowledge(frame.ack)
        p = frame.people
        self.ids = {i for i, gone in zip(p.ids, p.leaving, strict=True) if i and not gone}
        self.ids |= frame.waiting.keys()
        self.joined = {i: s for i, s in self.joined.items() if s > frame.ack}
        came, went = self.present.see(frame)
        if self.query is not None and (came or went):
            self.query.paths_changed(came, went)
        rested = self.resting.look(frame, now, self.pending.values)
        news = self.news.look(frame, came, went, now)
        for address, values in (*news, *rested, *self.told.look(frame, now)):
            self.tell(address, values)
