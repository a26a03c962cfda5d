"""10 000 OSC messages a second: the last one wins, none is lost uncounted, nothing grows."""

import contextlib
import socket
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np
import pytest

from performer.desk.refusals import MOST_SAID

from .conftest import Start
from .nights import LONG, RAMPS, Flood, Night, dropped, memory, packet, steady, value, wait

SECONDS, RATE = 3.0, 10_000.0
ASKED = 20  # questions of another sender while a flood runs
REFUSED = (packet("/resonance", 1.5), packet("/no/such/address", 1.0))


def all_counted(night: Night, before: int, sent: int) -> None:
    """Waits until every datagram sent since `before` is received, or counted as dropped."""

    def counted() -> bool:
        return night.counts()[0] - before + dropped(night.port) >= sent

    wait("every datagram is received or counted as dropped", counted, 10)


def test_a_flood_is_taken_whole_and_the_show_goes_on(start: Start) -> None:
    night = start().ready()
    night.send("/participant/anna/join")
    before, _ = night.counts()
    desk = night.child("performer.desk")
    assert desk is not None
    flood = Flood(night, RATE)
    flood.last(0.5)  # queues and caches have their size now
    small, began = memory(desk), night.lives().index
    largest: list[int] = []
    seen: set[int] = set()

    def meanwhile() -> None:
        largest.append(memory(desk))
        frame = night.frame()
        if frame is not None:
            seen.add(frame.index)

    reached = flood.last(SECONDS, meanwhile)
    night.send("/resonance", 0.123)
    night.send("/individuality", 0.877)
    after = night.when("the last values win", lambda f: abs(value(f, "/resonance") - 0.123) < 1e-6
                       and abs(value(f, "/individuality") - 0.877) < 1e-6)  # fmt: skip
    sent = flood.sent + 2
    all_counted(night, before, sent)
    received, refused = night.counts()
    grown = (max(largest) - small) / 2**20
    print(f"\nflood: {reached:.0f}/s, {received - before} of {sent} received, "
          f"{dropped(night.port)} dropped, desk grew by {grown:.1f} MiB")  # fmt: skip
    assert reached > 0.5 * RATE, "this machine was too busy to flood it"
    assert received - before + dropped(night.port) == sent
    assert refused == 0
    assert grown < 8.0
    assert after.index - began >= 5 * SECONDS, "fewer than 5 frames a second"
    assert len(seen) >= 5 * SECONDS
    assert night.interrupt()[0] == 0


def answered(night: Night, asked: int, pause: float) -> list[float]:
    """Sets and asks by a socket of its own; how long each of the right answers took, s."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as other:
        other.settimeout(2.0)
        took: list[float] = []
        for n in range(asked):
            began, said = time.perf_counter(), packet("/volume", float(np.float32(n / asked)))
            for one in (said, packet("/volume")):
                other.sendto(one, ("127.0.0.1", night.port))
            assert other.recv(1024) == said, f"question {n}"
            took.append(time.perf_counter() - began)
            time.sleep(pause)
    return took


def test_another_sender_is_served_while_a_flood_runs(start: Start) -> None:
    night = start("--fresh").ready()
    flood = Flood(night, RATE)
    with ThreadPoolExecutor(1) as flooding:
        running = flooding.submit(flood.last, 3.0 * SECONDS)
        wait("it floods", lambda: flood.sent > 0.1 * RATE)
        took = answered(night, ASKED, 0.5 * SECONDS / ASKED)
        assert not running.done(), "the flood was over before the last answer"
        reached = running.result(LONG)
    print(f"\nflood: {reached:.0f}/s, {ASKED} answers in at most {1000 * max(took):.1f} ms")
    assert reached > 0.5 * RATE, "this machine was too busy to flood it"
    assert night.interrupt()[0] == 0


@pytest.mark.parametrize("every", [1, 10])
def test_every_refused_message_of_a_flood_is_counted(start: Start, every: int) -> None:
    """How many are said aloud is limited, the count is exact: of all that arrived."""
    night = start("--fresh").ready()
    ring = [REFUSED[n // every % 2] if n % every == 0 else RAMPS[n] for n in range(1000)]
    (before, _), flood = night.counts(), Flood(night, RATE, ring)
    flood.last(SECONDS / 2)
    all_counted(night, before, flood.sent)
    bad, lost, (_, refused) = -(-flood.sent // every), dropped(night.port), night.counts()
    print(f"\n{flood.sent} sent, {bad} of them bad, {refused} refused, {lost} dropped")
    assert bad - lost <= refused <= bad
    wait("it is told", lambda: [refused] in night.feedback.of("/status/refused"))
    assert len(night.feedback.of("/refused")) <= MOST_SAID * SECONDS, "more than anybody reads"
    assert night.interrupt()[0] == 0


SENDERS, EACH = 200, 60.0  # a room full of phones


def crowd(
    night: Night, seconds: float, meanwhile: Callable[[], None] = lambda: None
) -> dict[str, float]:
    """200 senders, each with a socket and a person of their own; their last values."""
    with contextlib.ExitStack() as stack:
        sockets = [stack.enter_context(socket.socket(socket.AF_INET, socket.SOCK_DGRAM))
                   for _ in range(SENDERS)]  # fmt: skip
        last: dict[str, float] = {}
        began, sent = time.perf_counter(), 0
        while (passed := time.perf_counter() - began) < seconds:
            while sent < passed * EACH * SENDERS:
                n = sent % SENDERS
                last[f"sim-{n + 1}"] = cap = float(np.float32((sent * 0.618) % 1.0))
                address = f"/participant/sim-{n + 1}/cap"
                sockets[n].sendto(packet(address, cap), ("127.0.0.1", night.port))
                sent += 1
            meanwhile()
            time.sleep(0.001)
        assert sent > 0.5 * seconds * EACH * SENDERS, "this machine was too busy to flood it"
    return last


def test_200_senders_are_all_served_and_so_is_one_more(start: Start, folder: Path) -> None:
    night = start("--participants", str(SENDERS), "--fresh", show=steady(folder)).ready()
    night.when("all are here", lambda f: sum(map(bool, f.people.ids)) == SENDERS)
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as one_more:
        one_more.settimeout(5.0)
        last = crowd(night, SECONDS / 2)
        one_more.sendto(packet("/volume", 0.25), ("127.0.0.1", night.port))
        one_more.sendto(packet("/volume"), ("127.0.0.1", night.port))
        assert one_more.recv(1024) == packet("/volume", 0.25), "asked in the flood, and answered"
        last |= crowd(night, SECONDS / 2)

    def won() -> bool:
        frame = night.frame()
        return frame is not None and all(
            abs(frame.people.cap[frame.people.ids.index(person)] - cap) < 1e-6
            for person, cap in last.items()
        )

    wait("everybody's last value wins", won, 10)
    assert night.counts()[1] == 0
    assert night.interrupt()[0] == 0
