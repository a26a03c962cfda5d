"""Refusals: all are counted, and as many are told as anybody can read."""

import logging
import time
from collections import deque
from collections.abc import Callable

from performer.controllers.senders import Sender
from performer.parameters import TREE, Value

log = logging.getLogger("performer.desk")

SAY_AGAIN = 1.0  # s between two log lines of one kind of refusal
MOST_SAID = 20  # lines about refusals in one second, of all kinds together
MOST_KINDS = 256
MOST_SENDERS = 1024
LONGEST_SAID = 80  # characters of an address in a log line

Tell = Callable[[str, tuple[Value, ...]], None]


class Refusals:
    """Counts refusals by reason, and says each kind at most once a second."""

    def __init__(self, tell: Tell) -> None:
        """`tell` reaches every controller."""
        self.counts: dict[str, int] = {}
        self.total = 0
        self._tell = tell
        self._said: dict[str, float] = {}
        self._replies: dict[str, tuple[float, int]] = {}
        self._lately: deque[float] = deque(maxlen=MOST_SAID)

    def __call__(
        self, address: str, reason: str, sender: Sender | None = None, about: str = ""
    ) -> None:
        """One message was refused; `about` is what in it was wrong, if not its own address."""
        self.total += 1
        about = about or address
        replies = sender is not None and self._may_reply(sender)
        address = "".join(c if c.isprintable() else "?" for c in address[:LONGEST_SAID])
        kind = f"{address.split('/')[1] if address.count('/') else ''} {reason[:24]}"
        if len(self.counts) > MOST_KINDS:  # a fuzzer's zoo of addresses must not grow the desk
            self.counts.clear()
            self._said.clear()
        self.counts[kind] = self.counts.get(kind, 0) + 1
        said = self._worth_saying(kind)
        if not (said or replies):
            return
        if reason == "no such address":
            reason += TREE.nearest(about[:LONGEST_SAID])
        if about[:LONGEST_SAID] != address and TREE.literal.get(address) is not None:
            reason = f"{about[:LONGEST_SAID]!r}: {reason}"
        if said:
            times = f" ({self.counts[kind]} times)" if self.counts[kind] > 1 else ""
            log.warning("refused %s: %s%s", address or "a packet", reason, times)
            self._tell("/refused", (address, reason))
        if sender is not None and replies:
            sender.reply("/refused", (address, reason))

    def _may_reply(self, sender: Sender) -> bool:
        """Everybody is told why, as often as they could read it."""
        now = time.monotonic()
        since, count = self._replies.get(sender.key, (now, 0))
        if now - since >= SAY_AGAIN:
            since, count = now, 0
        if len(self._replies) > MOST_SENDERS:
            self._replies.clear()
        self._replies[sender.key] = since, count + 1
        return count < MOST_SAID

    def _worth_saying(self, kind: str) -> bool:
        now = time.monotonic()
        if now - self._said.get(kind, -SAY_AGAIN) < SAY_AGAIN:
            return False
        if len(self._lately) == MOST_SAID and now - self._lately[0] < SAY_AGAIN:
            return False  # a fuzzer finds more kinds than anybody can read
        self._lately.append(now)
        self._said[kind] = now
        return True
