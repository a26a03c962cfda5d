"""What was set is what is read, for every address that has a value."""

import pytest

from performer.circle import reading
from performer.circle.circle import Circle
from performer.errors import ControlError
from performer.frame import Frame
from performer.parameters import TREE, Nature, Parameter, Value

from .circles import luna, send

SAID: dict[str, tuple[Value, ...]] = {
    "feeling": (0.25, -0.5),
    "rhythm": (0.5,),
    "ratio": (2, 3),
    "breath": (0.75,),
    "heart": (64.0,),
    "generator": ("moon",),
    "palette": (0.125,),
    "floor": (0.5,),
    "cap": (0.25,),
    "solo": (1,),
    "mute": (1,),
    "voice/solo": (1,),
    "voice/mute": (1,),
    "object": (1,),
    "pause": (1,),
}


def with_anna() -> Circle:
    circle = Circle(luna(), 3, 1)
    send(circle, "/participant/anna/join", "Anna")
    send(circle, "/participant/anna/consent", "use_heart", 1)
    return circle


def read(circle: Circle, address: str) -> tuple[Value, ...] | None:
    return reading.read(circle.step(1 / 30), luna(), address)


@pytest.mark.parametrize("tail", SAID)
def test_what_was_said_of_somebody_is_read_back(tail: str) -> None:
    circle = with_anna()
    send(circle, f"/participant/anna/{tail}", *SAID[tail])
    assert read(circle, f"/participant/anna/{tail}") == pytest.approx(SAID[tail])


def test_every_fader_and_switch_is_read_as_the_hand_left_it() -> None:
    circle = with_anna()
    wanted: dict[str, float] = {}
    for p in TREE.continuous:
        low, high = p.args[0].low, p.args[0].high
        wanted[p.address] = 1 if p.nature is Nature.SWITCH else low + 0.3 * (high - low)
        send(circle, p.address, wanted[p.address])
    frame = circle.step(1 / 30)
    found = {a: reading.read(frame, luna(), a) for a in wanted}
    assert found == {a: (v,) for a, v in wanted.items()}


def test_what_was_never_told_and_who_is_not_here_has_no_value() -> None:
    circle = with_anna()
    assert read(circle, "/participant/anna/heart") is None
    assert read(circle, "/participant/anna/feeling") is None
    assert read(circle, "/participant/nobody/solo") is None
    assert read(circle, "/panic") is None
    send(circle, "/participant/anna/leave")
    assert read(circle, "/participant/anna/solo") is None
    with pytest.raises(ControlError):
        read(circle, "/nonsense")


def test_an_input_is_read_with_its_default_until_a_hand_sets_it() -> None:
    circle = with_anna()
    row = circle.people.row("anna")
    assert row is not None
    for name, generator in luna().generators.items():
        one = next((i for i in generator.own if i.floats == 1), None)
        if one is None:
            continue
        send(circle, "/participant/anna/generator", name)
        address = f"/participant/anna/input/{one.name}"
        assert read(circle, address) == (one.default[0],)
        send(circle, address, one.high[0])
        assert read(circle, address) == pytest.approx((one.high[0],))
        return
    raise AssertionError("no generator has an input of its own")


def _reads(frame: Frame, parameter: Parameter) -> bool:
    address = parameter.address.replace("{id}", "anna").replace("{name}", "x")
    return reading.read(frame, luna(), address) is not None


def test_every_address_of_the_tree_can_be_asked_for_without_harm() -> None:
    circle = with_anna()
    for tail in SAID:
        if tail not in ("pause", "object"):
            send(circle, f"/participant/anna/{tail}", *SAID[tail])
    frame = circle.step(1 / 30)
    silent = {p.address for p in TREE.parameters
              if p.nature in (Nature.FADER, Nature.SWITCH, Nature.STATE)
              and not _reads(frame, p)}  # fmt: skip
    assert silent == {"/clock", "/participant/{id}/input/{name}"}


def test_the_addresses_there_are_follow_the_people() -> None:
    circle = with_anna()
    there = set(reading.addresses(circle.step(1 / 30), luna()))
    assert {"/resonance", "/participant/anna/solo", "/participant/sim-1/cap"} <= there
    assert not any("{" in a for a in there)
    send(circle, "/participant/anna/leave")
    now = set(reading.addresses(circle.step(1 / 30), luna()))
    assert {a.split("/")[2] for a in there - now} == {"anna"}


def test_the_nth_person_is_the_nth_taken_row() -> None:
    frame = Circle(luna(), 3, 1).step(1 / 30)
    assert [reading.nth_person(frame, n) for n in range(5)] == [
        None, "sim-1", "sim-2", "sim-3", None,
    ]  # fmt: skip
