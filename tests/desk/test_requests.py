"""State dumps and patterns of a full house: what one sender may take of the desk's time."""

import pytest

from performer.controllers.access import AT_ONE_COST, RATES
from performer.desk.feedback import Values
from performer.desk.requests import AT_ONCE, MOST_DUMPS, Dumps, Read
from performer.errors import ControlError
from performer.frame import PURPOSES
from performer.parameters import Role
from tests.controllers.players import Told
from tests.desk.test_desk import Scene, phone, scene

__all__ = ["scene"]  # the fixture


class Walk:
    """Addresses that are counted as they are read; every tenth has a value."""

    def __init__(self, many: int) -> None:
        self.many, self.read = many, 0

    def values(self) -> Read:
        for k in range(self.many):
            self.read += 1
            yield f"/a{k}", None if k % 10 else (k,)


def test_a_look_reads_so_many_addresses_whether_or_not_they_have_a_value() -> None:
    dumps, told, walk = Dumps(), list[tuple[str, Values]](), Walk(250)
    dumps.add("udp a", walk.values(), lambda address, values: told.append((address, values)))
    for most in (AT_ONCE, 2 * AT_ONCE, 250, 250):
        dumps.go_on()
        assert walk.read == most
    assert told == [(f"/a{k}", (k,)) for k in range(0, 250, 10)]


def test_dumps_take_turns_and_each_sender_has_one() -> None:
    dumps, long, short = Dumps(), Walk(10_000), Walk(50)
    dumps.add("udp long", long.values())
    with pytest.raises(ControlError, match="still under way"):
        dumps.add("udp long", long.values())
    dumps.add("udp short", short.values())
    dumps.go_on()
    assert (long.read, short.read) == (AT_ONCE, 0)
    dumps.go_on()
    assert (long.read, short.read) == (AT_ONCE, 50)
    dumps.add("udp short", Walk(1).values())  # it has ended
    for k in range(MOST_DUMPS - 2):
        dumps.add(f"udp {k}", Walk(1).values())
    with pytest.raises(ControlError, match=f"{MOST_DUMPS} state dumps"):
        dumps.add("udp one more", Walk(1).values())


def counted(scene: Scene, monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The addresses that are read from now on."""
    read, there = list[str](), scene.desk.present.read

    def reading(address: str) -> Values | None:
        read.append(address)
        return there(address)

    monkeypatch.setattr(scene.desk.present, "read", reading)
    return read


def test_a_participants_dump_reads_no_other_person(
    scene: Scene, monkeypatch: pytest.MonkeyPatch
) -> None:
    own = phone()
    scene.desk.play(own, "/auth", ["the first one's own words"])
    read = counted(scene, monkeypatch)
    scene.desk.play(own, "/sync", [])
    scene.desk.play(own, "/sync", [])
    assert "still under way" in str(own.told[-1])
    for _ in range(20):
        scene.desk.look()
    assert "/participant/sim-1/cap" in read
    assert "/resonance" in read
    assert not [a for a in read if a.startswith("/participant/sim-2/")]
    assert len(set(read)) == len(read)


def test_a_pattern_counts_for_the_addresses_it_means(
    scene: Scene, monkeypatch: pytest.MonkeyPatch
) -> None:
    own = phone()
    scene.desk.play(own, "/auth", ["the first one's own words"])
    burst = round(RATES[Role.PARTICIPANT][1])
    meant = [f"/participant/p{k}/cap" for k in range(10 * AT_ONE_COST)]

    def everybody(address: str) -> list[str]:
        return meant

    monkeypatch.setattr(scene.desk.present, "meant", everybody)
    for _ in range(burst // 10):
        scene.desk.play(own, "/participant/*/cap", [])
    assert not [a for a, _ in own.told if a == "/refused"]
    scene.desk.play(own, "/participant/*/cap", [])
    assert "too many patterns" in str(own.told[-1])


def test_a_pattern_of_consents_counts_for_each_of_their_purposes(
    scene: Scene, monkeypatch: pytest.MonkeyPatch
) -> None:
    costs = list[float]()

    def costly(sender: Told, now: float, address: str = "", cost: float = 1.0) -> None:
        costs.append(cost)

    def everybody(address: str) -> list[str]:
        return [f"/participant/p{k}/consent" for k in range(AT_ONE_COST)]

    monkeypatch.setattr(scene.desk.access, "costly", costly)
    monkeypatch.setattr(scene.desk.present, "meant", everybody)
    scene.desk.play(Told("udp hand"), "/participant/*/consent", [])
    assert costs == [1.0, len(PURPOSES) - 1.0]


def test_who_is_known_has_a_role(scene: Scene) -> None:
    own = phone()
    assert not scene.desk.known(own)
    scene.desk.play(own, "/auth", ["the first one's own words"])
    assert scene.desk.known(own)
    assert scene.desk.known(Told("udp hand"))
