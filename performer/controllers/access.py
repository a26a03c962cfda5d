"""Who may do what at the desk: architects everything, participants what is their own.

This machine, and hosts that `--allow` names, are architects. Everybody else is nobody until they
say a token (`/auth`). A token keeps out who does not know it; over UDP it does not keep out who can
forge a sender's address or read along: for that, the network must be one's own.
Times are given, in seconds of any steady clock. How a message travelled is not known here.
"""

import hmac
import ipaddress
import logging
import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from performer.controllers.senders import Sender
from performer.controllers.throttle import MOST_HOSTS, MOST_WRONG, Guesses, Rates, Senders
from performer.errors import ControlError, FileError
from performer.parameters import TREE, Control, Role
from performer.show.tokens import load_tokens

log = logging.getLogger("performer.desk")

SILENT = 600.0  # s without a message after which a UDP sender is nobody again
CONNECTIONLESS = "udp "  # how keys of senders begin that never say goodbye
RATES = {Role.ARCHITECT: (240.0, 480.0), Role.PARTICIPANT: (20.0, 40.0)}
"""Patterns and state dumps a second, and at once; a pattern counts once for each `AT_ONE_COST`
addresses that it means. A fader swept over 256 people sends 60 a second, and its last position
must not be lost."""
AT_ONE_COST = 64
PEOPLE = "/participant/"  # how the addresses begin that are somebody's
WHO = "say first who you are: /auth with a token"


@dataclass(frozen=True)
class Grant:
    """What somebody is, and whose addresses are theirs."""

    role: Role
    person: str = ""

    def __str__(self) -> str:
        return f"{self.role.value} {self.person}".rstrip()


ARCHITECT = Grant(Role.ARCHITECT)


@dataclass
class Known:
    """A sender who has said a token, and when it was last heard, s."""

    grant: Grant
    heard: float


class Access:
    """Who has which role now."""

    def __init__(self, allow: Sequence[str] = (), tokens: str = "") -> None:
        """`allow`: networks of architects; `tokens`: path of the file of tokens, empty: none.

        A file that has become unusable during a night lets nobody in by a token, and is logged.
        """
        self._networks = [ipaddress.ip_network(a, strict=False) for a in allow]
        self._by_token = bool(tokens)
        self._owners = _owners(tokens) if tokens else ()
        self._known: Senders[Known] = Senders()
        self._guesses, self._rates = Guesses(), Rates()
        self.trusts = lru_cache(maxsize=MOST_HOSTS)(self._trusts)
        """Whether a host is an architect without any token: what is plugged in, this machine, and
        the networks of `--allow`."""

    def may(self, host: str) -> bool:
        """Whether a host may talk to the desk at all, and be it to say a token."""
        return self._by_token or self.trusts(host)

    def _trusts(self, host: str) -> bool:
        if not host:
            return True
        try:
            address = ipaddress.ip_address(host.split("%")[0])
        except ValueError:
            return False
        if address.version == 6:
            address = address.ipv4_mapped or address
        return address.is_loopback or any(address in network for network in self._networks)

    # ---- who somebody is ------------------------------------------------------------------

    def auth(self, sender: Sender, token: str, now: float) -> str:
        """Takes a sender for whom the token says; returns `architect` or `participant ada`.

        ControlError for a wrong one, and after five of them in a minute for any. Who already is
        somebody stays that.
        """
        if self.trusts(sender.host):
            return str(ARCHITECT)
        wait = self._guesses.wait(sender.host, now)
        if wait > 0.0:
            reason = f"{MOST_WRONG} wrong tokens came from there; wait {math.ceil(wait)} s"
            raise ControlError("/auth", reason)
        grant = self._owner(token)
        if grant is None:
            self._guesses.wrong(sender.host, now)
            raise ControlError("/auth", "that is nobody's token")
        self._known.put(sender.key, sender.host, Known(grant, now))
        return str(grant)

    def _owner(self, token: str) -> Grant | None:
        """Whose a token is. Looks at all of them, so that no answer comes sooner than another."""
        said, found = token.encode("utf-8", "replace"), None
        for one, grant in self._owners:
            if hmac.compare_digest(said, one):
                found = grant
        return found

    def role(self, sender: Sender, now: float) -> Grant | None:
        """What a sender is now; None: nobody."""
        if self.trusts(sender.host):
            return ARCHITECT
        known = self._known.get(sender.key)
        if known is None:
            return None
        if sender.key.startswith(CONNECTIONLESS) and now - known.heard > SILENT:
            self._known.pop(sender.key)
            return None
        return known.grant

    def gone(self, sender: Sender) -> None:
        """A connection ended: who comes next from there is nobody."""
        self._known.pop(sender.key)

    def _here(self, sender: Sender, address: str, now: float) -> Grant:
        """What a sender is that has sent something just now; ControlError for nobody."""
        grant = self.role(sender, now)
        if grant is None:
            raise ControlError(address, WHO)
        known = self._known.use(sender.key)
        if known is not None:
            known.heard = now
        return grant

    # ---- what somebody may do -------------------------------------------------------------

    def check(self, sender: Sender, control: Control, now: float) -> None:
        """ControlError if this message is not for this sender to send."""
        if control.parameter.address == "/auth":
            return  # anybody may say who they are
        grant = self._here(sender, control.address, now)
        if grant.role is Role.PARTICIPANT:
            if control.parameter.role is not Role.PARTICIPANT:
                raise ControlError(control.address, "is for architects to play")
            _check_own(grant, control.address, control.person)
        if control.parameter.address == "/sync":
            self.costly(sender, now, control.address)

    def reads(self, sender: Sender, address: str, now: float) -> None:
        """ControlError if a sender may not know the value of a concrete address."""
        grant = self._here(sender, address, now)
        if grant.role is Role.PARTICIPANT:
            _check_own(grant, address, TREE.found(address)[1])

    def sees(self, sender: Sender, address: str, now: float) -> bool:
        """Whether a sender may be told the value of a concrete address. Never raises."""
        grant = self.role(sender, now)
        if grant is None or grant.role is Role.ARCHITECT:
            return grant is not None
        try:
            return TREE.found(address)[1] in ("", grant.person)
        except ControlError:
            return False

    def whose(self, sender: Sender, now: float) -> str | None:
        """Whose addresses alone a sender sees, of people's; empty: everybody's; None: nobody."""
        grant = self.role(sender, now)
        return None if grant is None else grant.person

    def seen(self, sender: Sender, addresses: Iterable[str], now: float) -> list[str]:
        """Of concrete addresses of the tree those that a sender `sees`, for many at once."""
        grant = self.role(sender, now)
        if grant is None:
            return []
        if grant.role is Role.ARCHITECT:
            return list(addresses)
        own = f"{PEOPLE}{grant.person}/"
        return [a for a in addresses if not a.startswith(PEOPLE) or a.startswith(own)]

    def costly(self, sender: Sender, now: float, address: str = "", cost: float = 1.0) -> None:
        """One more of what takes the desk's time, a pattern or a state dump.

        `cost`: for how many it counts; a pattern, read, for its addresses / `AT_ONE_COST`. What is
        more than there is room for is owed. ControlError if there were too many, and for nobody.
        What is plugged into this machine is as fast as a hand, and free.
        """
        if not sender.host:
            return
        grant = self._here(sender, address, now)
        rate, burst = RATES[grant.role]
        if not self._rates.take(sender.key, sender.host, now, rate, burst, cost):
            reason = f"too many patterns and state dumps; {rate:g} a second are answered"
            raise ControlError(address, reason)


def _check_own(grant: Grant, address: str, person: str) -> None:
    if person not in ("", grant.person):
        raise ControlError(address, f"is not {grant.person}'s, and that is all you may touch")


def _owners(path: str) -> tuple[tuple[bytes, Grant], ...]:
    """Every token with what it makes of somebody; none of a file that cannot be used."""
    try:
        owners = load_tokens(Path(path)).owners
    except FileError as error:
        log.error("nobody comes in by a token: %s", error)
        return ()
    return tuple(
        (token.encode(), Grant(Role.PARTICIPANT, person) if person else ARCHITECT)
        for token, person in owners
    )
