"""What is asked of the desk itself: state dumps, subscriptions, tokens, learning."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING

from performer.controllers.osc import Outlet
from performer.controllers.senders import Sender
from performer.desk.feedback import MOST_SUBSCRIBERS, Subscriber, Tell, port_key
from performer.errors import ControlError
from performer.parameters import Control, Values

if TYPE_CHECKING:
    from performer.desk.desk import Desk

Read = Iterator[tuple[str, Values | None]]
AT_ONCE = 100  # addresses of state dumps at each look: a burst would be lost on the way
MOST_DUMPS = 16
MOST_OF_A_HOST = 8  # subscriptions of a host that is not the architect's


class Dumps:
    """State dumps on their way, a little at each look."""

    def __init__(self) -> None:
        self._waiting: OrderedDict[str, tuple[Read, tuple[Tell, ...]]] = OrderedDict()

    def add(self, key: str, values: Read, *tells: Tell) -> None:
        """One more dump, for who has this key; ControlError if one or too many are under way.

        `values`: every address, with None where there is nothing to be told.
        """
        if key in self._waiting:
            raise ControlError("/sync", "your state dump is still under way; ask again")
        if len(self._waiting) >= MOST_DUMPS:
            raise ControlError("/sync", f"{MOST_DUMPS} state dumps are under way; ask again")
        self._waiting[key] = (values, tells)

    def go_on(self) -> None:
        """The next addresses, of one dump; then it is another's turn."""
        if not self._waiting:
            return
        key, (values, tells) = self._waiting.popitem(last=False)
        for _ in range(AT_ONCE):
            found = next(values, None)
            if found is None:
                return
            address, value = found
            if value is not None:
                for tell in tells:
                    tell(address, value)
        self._waiting[key] = (values, tells)


def pressed(control: Control) -> bool:
    """Whether a button was pressed, and not let go."""
    return not control.args or float(control.args[0]) > 0.0


def _sync(desk: Desk, sender: Sender, control: Control) -> None:
    if not pressed(control):
        return
    tells = [desk.subscribers.way_to(sender)]
    # the configured controller listens over there
    if sender.host == desk.run_.osc_out_host and desk.access.trusts(sender.host):
        tells.append(desk.outlet.send)
    desk.dumps.add(sender.key, desk.visible(sender), *tells)


def _status(desk: Desk, sender: Sender, control: Control) -> None:
    if not pressed(control):
        return
    tell = desk.subscribers.way_to(sender)
    for address, values in desk.told.now.items():
        if address.startswith("/status/"):
            tell(address, values)


def _subscribe(desk: Desk, sender: Sender, control: Control) -> None:
    lasting = not sender.key.startswith("udp ")
    if control.args:
        outlet = Outlet(sender.host or "127.0.0.1", int(control.args[0]))
        port = int(control.args[0])
        one = Subscriber(sender, outlet.send, outlet.close, desk.now(), lasting, port)
    else:
        one = Subscriber(sender, sender.reply, _nothing, desk.now(), lasting)
    trusted = desk.access.trusts(sender.host)
    desk.subscribers.add(one, MOST_SUBSCRIBERS if trusted else MOST_OF_A_HOST)


def _nothing() -> None:
    """Who is answered where they send from needs no socket of their own."""


def _unsubscribe(desk: Desk, sender: Sender, control: Control) -> None:
    port = int(control.args[0]) if control.args else 1
    if port > 1:  # 0 and 1 are a button
        desk.subscribers.remove(port_key(sender.host, port))
    elif port:
        desk.subscribers.remove(sender.key)


def _auth(desk: Desk, sender: Sender, control: Control) -> None:
    role = desk.access.auth(sender, str(control.args[0]), desk.now())
    sender.reply("/auth", (role,))


def _learn(desk: Desk, sender: Sender, control: Control) -> None:
    desk.mapper().learn(str(control.args[0]))


def _learn_stop(desk: Desk, sender: Sender, control: Control) -> None:
    if pressed(control):
        desk.mapper().learn_stop()


def _forget(desk: Desk, sender: Sender, control: Control) -> None:
    desk.mapper().forget(str(control.args[0]))


REQUESTS: dict[str, Callable[[Desk, Sender, Control], None]] = {
    "/sync": _sync,
    "/status": _status,
    "/subscribe": _subscribe,
    "/unsubscribe": _unsubscribe,
    "/auth": _auth,
    "/learn": _learn,
    "/learn/stop": _learn_stop,
    "/forget": _forget,
}
"""One small function per address of `Nature.REQUEST`; a test checks that none is missing."""
