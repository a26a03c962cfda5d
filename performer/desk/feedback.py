"""Feedback: everybody who listens is told what people changed, and where that came to rest.

Modulation is never told. A fader that an arc, a cue or a release moves is told once it stands
still again, so that a controller's own fader is right without being flooded on the way.
"""

from collections import deque
from collections.abc import Callable, Container, Iterator
from dataclasses import dataclass

import numpy as np

from performer.controllers.senders import Sender
from performer.errors import ControlError
from performer.frame import Frame
from performer.parameters import TREE, Nature, Values

Tell = Callable[[str, Values], None]

OFTEN = 1.0 / 60.0  # s between two feedbacks of one address
FORGET = 10.0  # s after which an address that nobody moves is no longer watched
LEASE = 60.0  # s that a subscription by UDP lasts after its subscriber's last message
MOST_SUBSCRIBERS = 64
ECHO = 0.3  # s in which a controller's own echo of what it was told has come back
MOST_KNOWN = 1024  # senders
MOST_ECHOES = 32  # of one address: more than 60 a second for 0.3 s
RESTS = 0.25  # s a fader stands still before it is told
MOVED = 1e-6  # of a fader's range: less is no movement; the slowest arc moves more in 0.25 s


@dataclass
class Subscriber:
    """Somebody who asked to be told."""

    sender: Sender
    tell: Tell
    close: Callable[[], None]
    heard: float
    """When they last said anything, s."""
    lasting: bool = False
    """A connection: it ends by itself."""
    port: int = 0
    """A port of their host that they want to be told at; 0: where they send from."""

    @property
    def key(self) -> str:
        """Tells it from all others: one port is one subscription, whoever asked for it."""
        return port_key(self.sender.host, self.port) if self.port else self.sender.key


def port_key(host: str, port: int) -> str:
    """The key of a subscription at a port of a host."""
    return f"port {host}:{port}"


class Subscribers:
    """Everybody who asked to be told, by their key."""

    def __init__(self) -> None:
        self._all: dict[str, Subscriber] = {}

    def __len__(self) -> int:
        return len(self._all)

    def add(self, one: Subscriber, of_host: int = MOST_SUBSCRIBERS) -> None:
        """Subscribes, or renews; ControlError where too many are, `of_host` or in all."""
        near = sum(s.sender.host == one.sender.host for s in self._all.values())
        full = len(self._all) >= MOST_SUBSCRIBERS or near >= of_host
        if one.key not in self._all and full:
            one.close()
            raise ControlError("/subscribe", f"{len(self._all)} are subscribed, and no more may, "
                               f"nor more than {of_host} of one host")  # fmt: skip
        self.remove(one.key)
        self._all[one.key] = one

    def remove(self, key: str) -> None:
        """Ends a subscription, if there is one."""
        one = self._all.pop(key, None)
        if one is not None:
            one.close()

    def gone(self, sender: Sender) -> None:
        """A connection ended, and all that was asked for by it."""
        for key in [k for k, s in self._all.items() if s.sender.key == sender.key]:
            self.remove(key)

    def heard(self, sender: Sender, now: float) -> None:
        """A message came: its sender is still there."""
        for one in self._all.values():
            if one.sender.key == sender.key or (one.port and one.sender.host == sender.host):
                one.heard = now

    def way_to(self, sender: Sender) -> Tell:
        """How to answer somebody: where they subscribed, or else back where they sent from."""
        ways = (s.tell for s in self._all.values() if s.sender.key == sender.key)
        return next(ways, sender.reply)

    def expire(self, now: float) -> None:
        """Forgets who has said nothing for a minute."""
        gone = [k for k, s in self._all.items() if not s.lasting and now - s.heard > LEASE]
        for key in gone:
            self.remove(key)

    def tell(
        self, address: str, values: Values, sees: Callable[[Sender, str], bool], but: str = ""
    ) -> None:
        """Tells everybody who may see it, but not the one with a key."""
        for key, one in self._all.items():
            if key != but and sees(one.sender, address):
                one.tell(address, values)


class Echoes:
    """Knows the desk's own words when a controller sends them back.

    A patch that returns whatever it hears would otherwise move a fader to and fro for ever. Only
    who was there already when a value was told can echo it: a script that sends every message from
    a port of its own means each of them. What comes from this machine's own plugs has its own way
    of knowing (controllers.mapping.echo).
    """

    def __init__(self) -> None:
        self._told: dict[str, deque[tuple[float, Values, str]]] = {}
        self._known: dict[str, float] = {}  # when senders were first heard, s

    def heard(self, sender: Sender, now: float) -> None:
        """A message came from somebody, whatever it says."""
        if sender.key not in self._known:
            if len(self._known) >= MOST_KNOWN:
                self._known.clear()
            self._known[sender.key] = now

    def told(self, address: str, values: Values, by: str, now: float) -> None:
        """Everybody but who it came from was told a value."""
        self._told.setdefault(address, deque(maxlen=MOST_ECHOES)).append((now, values, by))

    def are(self, address: str, values: Values, sender: Sender, now: float) -> bool:
        """Whether somebody says what they were told a moment ago."""
        if not sender.host or address not in self._told:
            return False
        known = self._known.get(sender.key, now)
        return any(
            now - then < ECHO and known < then and by != sender.key and _same(values, said)
            for then, said, by in self._told[address]
        )

    def forget(self, now: float) -> None:
        """Lets go of what was told long ago."""
        self._told = {a: d for a, d in self._told.items() if now - d[-1][0] < ECHO}


def _same(one: Values, other: Values) -> bool:
    """Whether values are the same after their way as float32."""
    return len(one) == len(other) and all(
        a == b or (isinstance(a, float) and isinstance(b, float) and abs(a - b) <= 1e-6 * abs(b))
        for a, b in zip(one, other, strict=True)
    )


class Changes:
    """Holds back what changes more than 60 times a second; the newest value is never lost."""

    def __init__(self, tell: Callable[[str, Values, str], None]) -> None:
        self._tell = tell
        self._fed: dict[str, tuple[float, Values | None, str]] = {}

    def changed(self, address: str, values: Values, by: str, now: float) -> None:
        """Somebody (by their key) changed an address."""
        last = self._fed.get(address, (-OFTEN, None, ""))[0]
        if now - last >= OFTEN:
            self._fed[address] = (now, None, by)
            self._tell(address, values, by)
        else:
            self._fed[address] = (last, values, by)

    def late(self, now: float) -> None:
        """Tells what was held back and is due."""
        for address, (last, values, by) in list(self._fed.items()):
            if values is not None and now - last >= OFTEN:
                self._fed[address] = (now, None, by)
                self._tell(address, values, by)
            elif values is None and now - last > FORGET:
                del self._fed[address]


class Resting:
    """Watches faders and switches, and finds those that have moved and now stand still."""

    def __init__(self) -> None:
        many = len(TREE.continuous)
        self._last = np.full(many, np.nan)
        self._told = np.full(many, np.nan)
        self._since = np.zeros(many)

    def known(self, address: str, value: float, now: float) -> None:
        """A hand's own value has been told already; a Frame has it in a moment."""
        i = TREE.index[address]
        self._told[i], self._since[i] = value, now

    def look(
        self, frame: Frame, now: float, waiting: Container[str] = ()
    ) -> Iterator[tuple[str, Values]]:
        """What came to rest elsewhere than where it was last told.

        Of what is still `waiting` to be applied a Frame knows nothing yet.
        """
        least = MOVED * (TREE.high - TREE.low)
        if np.isnan(self._told[0]):  # the first Frame is where everything began
            self._told = frame.base.copy()
        # NaN differs from everything
        moved = ~(np.abs(frame.base - self._last) <= least)
        self._since[moved] = now
        self._last = np.where(moved, frame.base, self._last)
        still = (np.abs(frame.base - self._told) > least) & (now - self._since > RESTS)
        for i in np.flatnonzero(still):
            if TREE.continuous[i].address in waiting:
                continue
            self._told[i] = frame.base[i]
            parameter, value = TREE.continuous[i], float(frame.base[i])
            switch = parameter.nature is Nature.SWITCH
            yield parameter.address, (int(value > 0.5) if switch else value,)
