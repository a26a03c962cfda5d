"""Packets played in time: at once, or when their bundle is due."""

import asyncio
import time

from performer.controllers.osc.packets import Message, messages_of
from performer.controllers.senders import Player, Sender
from performer.parameters import shown

AHEAD = 5.0  # s; a bundle stamped further into the future is refused
MOST_AHEAD = 1024  # messages that may wait for their time
NOW = 0.001  # s; a timer is no better than this


class Timed:
    """Plays packets' messages when they are due, for as long as it is open."""

    def __init__(self, player: Player) -> None:
        self.received = 0
        self._player = player
        self._loop = asyncio.get_running_loop()
        self._timers: set[asyncio.TimerHandle] = set()

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
        elif len(self._timers) >= MOST_AHEAD:
            self._player.refuse(sender, address, f"{MOST_AHEAD} messages wait for their time")
        else:
            self._wait(ahead, sender, address, args)

    def _wait(self, ahead: float, sender: Sender, address: str, args: list[object]) -> None:
        def play() -> None:
            self._timers.discard(timer)
            self._player.play(sender, address, args)

        timer = self._loop.call_later(ahead, play)
        self._timers.add(timer)

    def close(self) -> None:
        """What still waits is never played."""
        for timer in self._timers:
            timer.cancel()
        self._timers.clear()
