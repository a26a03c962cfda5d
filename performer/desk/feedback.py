"""Feedback: everybody who listens is told what people changed, and where that came to rest.

Modulation is never told. A fader that an arc, a cue or a release moves is told once it stands
still again, so that a controller's own fader is right without being flooded on the way.
"""

from collections.abc import Callable, Container, Iterator
from dataclasses import dataclass

import numpy as np

from performer.controllers.senders import Sender
from performer.errors import ControlError
from performer.frame import Frame
from performer.parameters import TREE, Nature, Value

Values = tuple[Value, ...]
Tell = Callable[[str, Values], None]

OFTEN = 1.0 / 60.0  # s between two feedbacks of one address
FORGET = 10.0  # s after which an address that nobody moves is no longer watched
LEASE = 60.0  # s that a subscription by UDP lasts after its subscriber's last message
MOST_SUBSCRIBERS = 64
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
    lasting: bool
    """A connection: it ends by itself."""


class Subscribers:
    """Everybody who asked to be told, by their key."""

    def __init__(self) -> None:
        self._all: dict[str, Subscriber] = {}

    def __len__(self) -> int:
        return len(self._all)

    def add(self, one: Subscriber) -> None:
        """Subscribes, or renews; ControlError where too many are subscribed."""
        if one.sender.key not in self._all and len(self._all) >= MOST_SUBSCRIBERS:
            one.close()
            raise ControlError("/subscribe", f"{MOST_SUBSCRIBERS} are subscribed, and no more may")
        self.remove(one.sender.key)
        self._all[one.sender.key] = one

    def remove(self, key: str) -> None:
        """Ends a subscription, if there is one."""
        one = self._all.pop(key, None)
        if one is not None:
            one.close()

    def heard(self, sender: Sender, now: float) -> None:
        """A message came: its sender is still there."""
        one = self._all.get(sender.key)
        if one is not None:
            one.heard = now

    def way_to(self, sender: Sender) -> Tell:
        """How to answer somebody: where they subscribed, or else back where they sent from."""
        one = self._all.get(sender.key)
        return sender.reply if one is None else one.tell

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
