"""Who is told what, how often, and who is not."""

import itertools

import numpy as np
import pytest

from performer.circle.circle import Circle
from performer.controllers.senders import Sender
from performer.desk.feedback import (
    ECHO,
    LEASE,
    MOST_SUBSCRIBERS,
    OFTEN,
    RESTS,
    Changes,
    Echoes,
    Resting,
    Subscriber,
    Subscribers,
    Values,
)
from performer.errors import ControlError
from performer.parameters import TREE
from tests.circle.circles import luna, send
from tests.controllers.players import Told


class Counted:
    """A way to tell somebody, that can be closed."""

    def __init__(self) -> None:
        self.told: list[tuple[str, Values]] = []
        self.closed = 0

    def tell(self, address: str, values: Values) -> None:
        self.told.append((address, values))

    def close(self) -> None:
        self.closed += 1


def anybody(_sender: Sender, _address: str) -> bool:
    return True


def subscriber(
    key: str, way: Counted, lasting: bool = False, port: int = 0, host: str = "127.0.0.1"
) -> Subscriber:
    return Subscriber(Told(key, host), way.tell, way.close, 0.0, lasting, port)


def test_everybody_is_told_but_who_changed_it() -> None:
    everybody, anna, ben = Subscribers(), Counted(), Counted()
    everybody.add(subscriber("anna", anna))
    everybody.add(subscriber("ben", ben))
    everybody.tell("/resonance", (0.5,), anybody, but="anna")
    assert (anna.told, ben.told) == ([], [("/resonance", (0.5,))])


def test_who_is_silent_for_a_minute_is_forgotten_and_a_connection_is_not() -> None:
    everybody, silent, speaks, lasts = Subscribers(), Counted(), Counted(), Counted()
    everybody.add(subscriber("silent", silent))
    everybody.add(subscriber("speaks", speaks))
    everybody.add(subscriber("lasts", lasts, lasting=True))
    everybody.heard(Told("speaks"), LEASE)
    everybody.expire(LEASE + 1.0)
    everybody.tell("/resonance", (0.5,), anybody)
    assert [len(c.told) for c in (silent, speaks, lasts)] == [0, 1, 1]
    assert [c.closed for c in (silent, speaks, lasts)] == [1, 0, 0]


def test_subscribing_twice_is_once_and_too_many_are_refused() -> None:
    everybody, ways = Subscribers(), [Counted() for _ in range(MOST_SUBSCRIBERS + 1)]
    for n, way in enumerate(ways[:-1]):
        everybody.add(subscriber(str(n), way))
    again = Counted()
    everybody.add(subscriber("0", again))
    assert len(everybody) == MOST_SUBSCRIBERS
    assert ways[0].closed == 1
    with pytest.raises(ControlError, match="no more may"):
        everybody.add(subscriber("new", ways[-1]))
    assert ways[-1].closed == 1, "a refused subscription leaves no socket behind"
    everybody.remove("0")
    assert (again.closed, len(everybody)) == (1, MOST_SUBSCRIBERS - 1)


def test_a_port_is_one_subscription_whoever_asks_for_it() -> None:
    everybody, ways = Subscribers(), [Counted() for _ in range(3)]
    for n, way in enumerate(ways):
        everybody.add(subscriber(f"udp 127.0.0.1:{n}", way, port=9001))
    everybody.tell("/resonance", (0.5,), anybody)
    assert [len(w.told) for w in ways] == [0, 0, 1]
    everybody.heard(Told("udp 127.0.0.1:77"), LEASE)
    everybody.expire(LEASE + 1.0)
    assert len(everybody) == 1, "any word of its host keeps it"
    everybody.remove("port 127.0.0.1:9001")
    assert [w.closed for w in ways] == [1, 1, 1]


def test_a_connection_that_ends_takes_its_port_along() -> None:
    everybody, here, there = Subscribers(), Counted(), Counted()
    everybody.add(subscriber("tcp 1", here, lasting=True))
    everybody.add(subscriber("tcp 1", there, lasting=True, port=9001))
    everybody.gone(Told("tcp 1"))
    assert (len(everybody), here.closed, there.closed) == (0, 1, 1)


def test_one_host_cannot_take_all_places() -> None:
    everybody = Subscribers()
    for n in range(8):
        everybody.add(subscriber(f"udp {n}", Counted(), host="10.0.0.7"), of_host=8)
    with pytest.raises(ControlError, match="8 of one host"):
        everybody.add(subscriber("udp 9", Counted(), host="10.0.0.7"), of_host=8)
    everybody.add(subscriber("udp 9", Counted(), host="10.0.0.8"), of_host=8)


def test_what_somebody_was_told_a_moment_ago_is_no_news_from_them() -> None:
    echoes, patch, midi = Echoes(), Told("udp patch"), Told("midi knobs", "")
    heard = float(np.float32(0.3))
    echoes.heard(patch, 9.0)
    echoes.told("/resonance", (0.3,), "udp hand", 10.0)
    echoes.told("/resonance", (0.4,), "udp hand", 10.1)
    assert echoes.are("/resonance", (heard,), patch, 10.2)
    assert not echoes.are("/resonance", (heard,), patch, 10.1 + ECHO), "later, it is meant"
    assert not echoes.are("/resonance", (0.35,), patch, 10.2)
    assert not echoes.are("/coupling", (heard,), patch, 10.2)
    assert not echoes.are("/resonance", (heard,), Told("udp hand"), 10.2), "it is the hand's own"
    assert not echoes.are("/resonance", (heard,), midi, 10.2)
    script = Told("udp a port of this one message")
    echoes.heard(script, 10.2)
    assert not echoes.are("/resonance", (heard,), script, 10.2), "it was never told anything"
    echoes.forget(10.1 + ECHO)
    assert not echoes._told  # pyright: ignore[reportPrivateUsage]


def test_an_address_is_told_60_times_a_second_at_most_and_its_last_value_always() -> None:
    told: list[tuple[float, str, float]] = []
    now = 0.0
    changes = Changes(lambda a, v, by: told.append((now, a, float(v[0]))))
    for step in range(1000):  # a thousand values within a second
        now = step / 1000
        changes.changed("/resonance", (step / 1000,), "hand", now)
        changes.late(now)
    now = 1.1
    changes.late(now)
    times = [t for t, _, _ in told]
    assert len(told) <= 61
    assert min(b - a for a, b in itertools.pairwise(times)) >= OFTEN - 1e-9
    assert told[-1][2] == 0.999


def test_addresses_that_nobody_moves_any_more_are_forgotten() -> None:
    changes = Changes(lambda a, v, by: None)
    for n in range(1000):
        changes.changed(f"/participant/p{n}/solo", (1,), "hand", 0.0)
    changes.late(60.0)
    assert not changes._fed  # pyright: ignore[reportPrivateUsage]


def watched(circle: Circle, resting: Resting, seconds: float, start: float) -> dict[str, Values]:
    found: dict[str, Values] = {}
    for step in range(round(seconds * 30)):
        found.update(resting.look(circle.step(1 / 30), start + step / 30))
    return found


def test_what_a_preset_moves_is_told_once_where_it_comes_to_rest() -> None:
    circle, resting = Circle(luna(), 3, 1), Resting()
    watched(circle, resting, 1.0, 0.0)
    send(circle, "/preset", "frost", 2.0)
    on_the_way = watched(circle, resting, 1.9, 10.0)
    moved = {a for a, v in luna().presets["frost"].values.items()
             if abs(v - luna().presets["luna"].values.get(a, np.nan)) > 0.01}  # fmt: skip
    assert not moved & on_the_way.keys(), "told before it stood still"
    arrived = watched(circle, resting, 0.2 + 2 * RESTS, 20.0)
    assert "/look/glow" in arrived or "/palette/hue" in arrived
    for address, values in arrived.items():
        assert values[0] == pytest.approx(circle.base[TREE.index[address]], abs=1e-3), address
    assert watched(circle, resting, 1.0, 30.0) == {}, "and once is enough"


def test_what_a_hand_has_told_already_is_not_told_again() -> None:
    circle, resting = Circle(luna(), 3, 1), Resting()
    watched(circle, resting, 1.0, 0.0)
    send(circle, "/volume", 0.25)
    resting.known("/volume", 0.25, 10.0)
    assert "/volume" not in watched(circle, resting, 1.0, 10.0)
    send(circle, "/volume", 0.5)
    assert watched(circle, resting, 1.0, 20.0)["/volume"] == (0.5,)


def test_what_a_stage_has_not_applied_yet_is_not_contradicted() -> None:
    circle, resting = Circle(luna(), 3, 1), Resting()
    watched(circle, resting, 1.0, 0.0)
    resting.known("/volume", 0.25, 10.0)  # told, and on its way to a stage that hangs
    frame = circle.step(1 / 30)
    assert dict(resting.look(frame, 20.0, waiting={"/volume"})) == {}
    assert dict(resting.look(frame, 20.1)) == {"/volume": (0.8,)}, "lost after all: told as it is"


def test_a_switch_is_told_as_0_or_1() -> None:
    circle, resting = Circle(luna(), 3, 1), Resting()
    watched(circle, resting, 1.0, 0.0)
    send(circle, "/freeze", 1)
    assert watched(circle, resting, 1.0, 10.0)["/freeze"] == (1,)
