"""What keeps one sender from using up what is everybody's: bounded tables, rates, and guesses.

Times are given, in seconds of any steady clock. Who a sender is and what it asks is not known here.
"""

import ipaddress
from collections import OrderedDict, deque
from dataclasses import dataclass
from functools import lru_cache
from typing import Generic, TypeVar

MOST_SENDERS = 1024
MOST_OF_A_HOST = 16  # whose requests are counted apart
MOST_HOSTS = 1024  # whose wrong tokens are remembered
MOST_WRONG = 5  # tokens of one host in `MINUTE`
MINUTE = 60.0  # s

_T = TypeVar("_T")


@lru_cache(maxsize=MOST_HOSTS)
def household(host: str) -> str:
    """What counts as one host: an IPv4 address, or the /64 in which IPv6 gives out addresses."""
    try:
        address = ipaddress.ip_address(host.split("%")[0])
    except ValueError:
        return host
    if address.version == 4:
        return str(address)
    mapped = address.ipv4_mapped
    return str(mapped or ipaddress.ip_network((address, 64), strict=False))


class Senders(Generic[_T]):
    """What is known of senders: of 1024 in all, and so many of a host, those that were used last.

    A host that brings ever new senders takes the places of its own, not of others.
    """

    def __init__(self, of_host: int = MOST_SENDERS) -> None:
        """`of_host`: how many of one host; by itself as many as there are places."""
        self._most_of_host = of_host
        self._known: OrderedDict[str, tuple[str, _T]] = OrderedDict()
        self._of_host: dict[str, OrderedDict[str, None]] = {}

    def __len__(self) -> int:
        return len(self._known)

    def get(self, key: str) -> _T | None:
        """What is known of a sender; it stays where it is in the order."""
        found = self._known.get(key)
        return found[1] if found is not None else None

    def use(self, key: str) -> _T | None:
        """What is known of a sender; now it is the one that was used last."""
        found = self._known.get(key)
        if found is None:
            return None
        self._known.move_to_end(key)
        self._of_host[found[0]].move_to_end(key)
        return found[1]

    def put(self, key: str, host: str, value: _T) -> None:
        """Keeps this of a sender; who was not used for longest makes room."""
        self.pop(key)
        self.make_room(host)
        while len(self._known) >= MOST_SENDERS:
            self.pop(self._in_excess())
        house = household(host)
        self._known[key] = (house, value)
        self._of_host.setdefault(house, OrderedDict())[key] = None

    def make_room(self, host: str) -> _T | None:
        """What was known of the sender that one more of its host displaces, if one must go."""
        of_host = self._of_host.get(household(host))
        if of_host is None or len(of_host) < self._most_of_host:
            return None
        return self.pop(next(iter(of_host)))

    def _in_excess(self) -> str:
        """Who makes room where all is full: one of the greatest crowd, if there is any crowd."""
        crowd = max(self._of_host.values(), key=len)
        return next(iter(crowd if len(crowd) > MOST_OF_A_HOST else self._known))

    def pop(self, key: str) -> _T | None:
        """Forgets a sender; what was known of it."""
        found = self._known.pop(key, None)
        if found is None:
            return None
        house, value = found
        del self._of_host[house][key]
        if not self._of_host[house]:
            del self._of_host[house]
        return value


@dataclass
class Bucket:
    """A token bucket: `level` requests may still come at once, as of the second `at`."""

    level: float
    at: float

    def take(self, now: float, rate: float, burst: float, cost: float = 1.0) -> bool:
        """Whether one more may come; `rate` a second in the long run, `burst` at once.

        One that counts for `cost` may come when there is room for one; the rest is owed.
        """
        self.level = min(burst, self.level + max(0.0, now - self.at) * rate)
        self.at = max(self.at, now)
        if self.level < 1.0:
            return False
        self.level -= cost
        return True


class Rates:
    """A bucket for every sender."""

    def __init__(self) -> None:
        self._buckets: Senders[Bucket] = Senders(MOST_OF_A_HOST)

    def take(
        self, key: str, host: str, now: float, rate: float, burst: float, cost: float = 1.0
    ) -> bool:
        """Whether one more request of a sender may come; see `Bucket.take`.

        A host's seventeenth sender takes over the bucket of its most silent one: whoever sends
        each message from another port has not more at once for that.
        """
        bucket = self._buckets.use(key)
        if bucket is None:
            bucket = self._buckets.make_room(host) or Bucket(burst, now)
            self._buckets.put(key, host, bucket)
        return bucket.take(now, rate, burst, cost)


class Guesses:
    """Wrong tokens of each host: five in a minute, and for the next minute none is looked at."""

    def __init__(self) -> None:
        self._wrong: OrderedDict[str, deque[float]] = OrderedDict()

    def __len__(self) -> int:
        return len(self._wrong)

    def wait(self, host: str, now: float) -> float:
        """Seconds until a token of this host is looked at; 0: at once."""
        times = self._wrong.get(household(host))
        if times is None or len(times) < MOST_WRONG or times[-1] - times[0] >= MINUTE:
            return 0.0
        return max(0.0, times[-1] + MINUTE - now)

    def wrong(self, host: str, now: float) -> None:
        """A token of this host was looked at, and is nobody's."""
        house = household(host)
        self._wrong.setdefault(house, deque(maxlen=MOST_WRONG)).append(now)
        self._wrong.move_to_end(house)
        while len(self._wrong) > MOST_HOSTS:
            self._wrong.popitem(last=False)
