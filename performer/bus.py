"""The bus between the processes: named keys over Zenoh. Nothing else knows Zenoh.

Peers on loopback: the supervisor listens, children connect to it, every child listens on a port of
its own, multicast off, gossip on. Each key keeps only its newest message or messages; no put waits.
"""

import json
import socket
from typing import Any, cast

import msgspec
import zenoh

from performer.parameters import Value

DESK, FRAME, KEYS, HEARTBEAT = "desk", "frame", "keys", "heartbeat"
"""desk → stage, sound; stage → desk, sound, supervisor; stage → desk; all → supervisor."""

HEARD, PLAYED = "heard", "played"
"""sound → stage: what was listened to; the blocks that were played, for a recording."""

LOUDNESS = "loudness"
"""sound → desk: how loud it is, a few times a second."""


class Entry(msgspec.Struct, array_like=True, frozen=True):
    """One accepted message with its sequence number."""

    seq: int
    address: str
    args: list[Value]


class Played(msgspec.Struct, array_like=True, frozen=True):
    """A block of sound with the show time of its first frame."""

    time: float
    rate: int
    channels: int
    samples: bytes
    """float32, interleaved."""


class Loudness(msgspec.Struct, array_like=True, frozen=True):
    """How loud the output is, LUFS, -120 for silence; and what ears have had."""

    momentary: float
    short_term: float
    integrated: float
    laeq: float | None
    """dB(A) LAeq of the last 15 minutes; None while nobody has calibrated."""


class Heartbeat(msgspec.Struct, frozen=True):
    """A child says that it lives; `at` is its progress (frame number or count of loops)."""

    process: str
    at: int
    loading: bool = False
    note: str = ""


_entries = msgspec.msgpack.Decoder(list[Entry])
_played = msgspec.msgpack.Decoder(Played)
_loudness = msgspec.msgpack.Decoder(Loudness)
_heartbeat = msgspec.msgpack.Decoder(Heartbeat)


def packed(message: Any) -> bytes:
    """A message as MessagePack."""
    return msgspec.msgpack.encode(message)


def entries(data: bytes) -> list[Entry]:
    """Messages out of their bytes; msgspec.DecodeError if they are not."""
    return _entries.decode(data)


def played(data: bytes) -> Played:
    """A block of sound out of its bytes; msgspec.DecodeError if it is none."""
    return _played.decode(data)


def loudness(data: bytes) -> Loudness:
    """How loud it is out of its bytes; msgspec.DecodeError if they do not say it."""
    return _loudness.decode(data)


def heartbeat(data: bytes) -> Heartbeat:
    """A heartbeat out of its bytes; msgspec.DecodeError if it is none."""
    return _heartbeat.decode(data)


def free_port() -> int:
    """A TCP port of loopback that nobody uses now."""
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        return int(one.getsockname()[1])


class Mailbox:
    """The newest messages of one key; older ones are dropped, never waited for."""

    def __init__(self, subscriber: Any) -> None:
        self._subscriber = subscriber

    def take(self) -> bytes | None:
        """The next message, or None."""
        sample = self._subscriber.try_recv()
        return None if sample is None else bytes(sample.payload)


class Bus:
    """One process's way to the others."""

    def __init__(self, show: str, hub: str, listening: bool = False) -> None:
        """`hub` is the supervisor's endpoint; only the supervisor is `listening` on it."""
        config = zenoh.Config()
        for key, value in {
            "mode": "peer",
            "listen/endpoints": [hub] if listening else ["tcp/127.0.0.1:0"],
            "connect/endpoints": [] if listening else [hub],
            "scouting/multicast/enabled": False,
            "scouting/gossip/enabled": True,
        }.items():
            config.insert_json5(key, json.dumps(value))
        self._session = zenoh.open(config)
        self._prefix = f"performer/{show}/"
        self._publishers: dict[str, Any] = {}

    def mailbox(self, key: str, depth: int = 1) -> Mailbox:
        """Listens to a key, keeping the newest `depth` messages."""
        ring = cast("Any", zenoh.handlers.RingChannel)(depth)
        return Mailbox(self._session.declare_subscriber(self._prefix + key, ring))

    def put(self, key: str, data: bytes) -> None:
        """Sends to everybody who listens to a key; drops rather than waits."""
        if key not in self._publishers:
            self._publishers[key] = self._session.declare_publisher(
                self._prefix + key, congestion_control=zenoh.CongestionControl.DROP, express=True
            )
        self._publishers[key].put(data)

    def close(self) -> None:
        """Leaves the bus."""
        self._session.close()
