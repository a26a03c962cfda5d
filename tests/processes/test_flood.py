"""10 000 OSC messages a second: the last one wins, none is lost uncounted, nothing grows."""

from .conftest import Start
from .nights import Flood, dropped, memory, value, wait

SECONDS, RATE = 3.0, 10_000.0


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

    def all_counted() -> bool:
        return night.counts()[0] - before + dropped(night.port) >= sent

    wait("every datagram is received or counted as dropped", all_counted, 10)
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
