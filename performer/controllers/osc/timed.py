"""Packets played in time: at once, or when their bundle is due."""

import asyncio
import time
from collections import Counter

from performer.controllers.osc.packets import MOST_MESSAGES, Message, messages_of
from performer.controllers.senders import Player, Sender
from performer.controllers.throttle import household
from performer.parameters import shown

AHEAD = 5.0  # s; a bundle stamped further into the future is refused
MOST_AHEAD = 1024  # messages that may wait for their time
AHEAD_OF_OTHERS = 768  # of these, those of hosts that are not trusted, all together
AHEAD_OF_A_HOST = MOST_MESSAGES  # and those of one such host: a bundle always fits
NOW = 0.001  # s; a timer is no better than this


class Timed:
    """Plays packets' messages when they are due, for as long as it is open."""

    def __init__(self, player: Player) -> None:
        self.received = 0
        self._player = player
        self._loop = asyncio.get_running_loop()
        self._timers: dict[asyncio.TimerHandle, str] = {}  # and whose it is; "": a trusted host's
        self._of_host: Counter[str] = Counter()

    @property
    def waiting(self) -> int:
        """How many messages wait for their time."""
        return len(self._timers)

    def packet(self, sender: Sender, data: bytes) -> bool:
        """One packet: a message or a bundle. Never raises; says whether it was one at all."""
        self.received += 1
        try:
            messages = list(messages_of(data))
        except Exception as error:
            # python-osc lets ParseError, UnicodeDecodeError, struct.error and more through
            found = shown(bytes(data[:12]))
            reason = f"not an OSC packet ({error or type(error).__name__}), begins {found}"
            self._player.refuse(sender, "", reason)
            return False
        now = time.time()
        for message in messages:
            self._one(sender, message, now)
        return True

    def _one(self, sender: Sender, message: Message, now: float) -> None:
        due, address, args = message
        ahead = due - now
        if ahead <= NOW:
            self._player.play(sender, address, args)
        elif ahead > AHEAD:
            reason = f"its bundle is due in {ahead:.1f} s; at most {AHEAD:g} s waits"
            self._player.refuse(sender, address, reason)
        elif not self._player.known(sender):
            self._player.refuse(sender, address, "only who has a role may send ahead of time")
        else:
            self._wait(ahead, sender, address, args)

    def _wait(self, ahead: float, sender: Sender, address: str, args: list[object]) -> None:
        house = "" if self._player.trusts(sender.host) else household(sender.host)
        if full := self._full(house):
            self._player.refuse(sender, address, f"{full} messages wait for their time")
            return

        def play() -> None:
            self._of_host[self._timers.pop(timer)] -= 1
            self._player.play(sender, address, args)

        timer = self._loop.call_later(ahead, play)
        self._timers[timer] = house
        self._of_host[house] += 1

    def _full(self, house: str) -> int:
        """How many messages wait where not one more of this host may; 0: it may.

        What is not trusted cannot take the places of what is.
        """
        if len(self._timers) >= MOST_AHEAD:
            return MOST_AHEAD
        if not house:
            return 0
        if self._of_host[house] >= AHEAD_OF_A_HOST:
            return AHEAD_OF_A_HOST
        others = len(self._timers) - self._of_host[""]
        return AHEAD_OF_OTHERS if others >= AHEAD_OF_OTHERS else 0

    def close(self) -> None:
        """What still waits is never played."""
        for timer in self._timers:
            timer.cancel()
        self._timers.clear()
        self._of_host.clear()
