"""What every address stands at now, as far as the desk knows: the newest Frame, and what it has
sent since."""

from collections.abc import Callable

from performer.circle import reading
from performer.controllers.osc import Branches, is_pattern
from performer.desk.pending import Pending
from performer.errors import ControlError
from performer.frame import Frame
from performer.parameters import TREE, Values
from performer.show.shows import Library

_NTH = "/participant/#"


class Present:
    """Reads addresses, and finds those that a pattern means."""

    def __init__(
        self, library: Library, pending: Pending, told: Callable[[str], Values | None]
    ) -> None:
        """`told` reads what the desk itself tells."""
        self.library, self.pending, self.told = library, pending, told
        self.frame: Frame | None = None
        self.addresses: tuple[str, ...] = tuple(
            p.address for p in TREE.parameters if "{" not in p.address
        )
        self._who: tuple[object, ...] = ()
        self._branches = Branches(self.addresses)

    def see(self, frame: Frame) -> tuple[set[str], set[str]]:
        """A newer Frame; returns the addresses that came with it, and those that went."""
        self.frame = frame
        p = frame.people
        who = (tuple(p.ids), tuple(p.wanted), p.leaving.tobytes())
        if who == self._who:
            return set(), set()
        before, self._who = set(self.addresses), who
        self.addresses = tuple(reading.addresses(frame, self.library))
        self._branches = Branches(self.addresses)
        now = set(self.addresses)
        return now - before, before - now

    def forget(self) -> None:
        """Looks for all addresses anew at the next Frame: what there is to play may be other."""
        self._who = ()

    def read(self, address: str) -> Values | None:
        """The value of a concrete address; None where there is none."""
        sent = self.pending.values.get(address)
        if sent is not None:
            return tuple(sent.args)
        told = self.told(address)
        if told is not None or self.frame is None:
            return told
        try:
            return reading.read(self.frame, self.library, address)
        except ControlError:
            return None

    def meant(self, address: str) -> list[str]:
        """The concrete addresses of a pattern, or of `/participant/#3/…`, the third person here.

        ControlError where it means nothing.
        """
        if address.startswith(_NTH):
            address = self._of_nth(address)
        if not is_pattern(address):
            return [address]
        found = self._branches.matching(address)
        if not found:
            raise ControlError(address, "no address is like that")
        return found

    def _of_nth(self, address: str) -> str:
        number, _, tail = address.removeprefix(_NTH).partition("/")
        if not (number.isdecimal() and len(number) <= 3 and tail):
            raise ControlError(address, "must be as /participant/#3/solo: the third person here")
        person = reading.nth_person(self.frame, int(number)) if self.frame else None
        if person is None:
            raise ControlError(address, f"there are fewer than {int(number)} people here")
        return f"/participant/{person}/{tail}"
