"""The tree: what is accepted, what is refused, and with which words."""

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from performer.errors import ControlError
from performer.parameters import PARAMETERS, TREE, Arg, Nature

FADERS = [p for p in PARAMETERS if p.nature is Nature.FADER]
SET = [p for p in PARAMETERS if p.nature is not Nature.TOLD]


def example(arg: Arg) -> object:
    if arg.kind is str:
        return "luna"
    return arg.low if arg.kind is int else (arg.low + arg.high) / 2


@pytest.mark.parametrize("parameter", SET, ids=lambda p: p.address)
def test_every_address_accepts_its_own_arguments(parameter: object) -> None:
    from performer.parameters import Parameter

    assert isinstance(parameter, Parameter)
    address = parameter.address.replace("{id}", "ada").replace("{name}", "bloom")
    control = TREE.accept(address, [example(a) for a in parameter.args])
    assert control.parameter is parameter
    assert len(control.args) == len(parameter.args)


def test_addresses_are_declared_once() -> None:
    assert len({p.address for p in PARAMETERS}) == len(PARAMETERS)


@pytest.mark.parametrize(
    ("address", "args", "words"),
    [
        ("/resonanc", [0.5], "no such address"),
        ("/resonance", [], "takes 1"),
        ("/resonance", [0.1, 0.2], "takes 1"),
        ("/resonance", ["loud"], "must be a number, found 'loud'"),
        ("/resonance", [1.01], "must be 0..1, found 1.01"),
        ("/resonance", [math.nan], "finite"),
        ("/resonance", [-math.inf], "finite"),
        ("/resonance", [None], "must be a number"),
        ("/resonance", [10**400], "must be finite"),
        ("/freeze", [0.5], "whole number"),
        ("/preset", [""], "printable"),
        ("/preset", ["x" * 65], "1 to 64"),
        ("/preset", ["a\nb"], "printable"),
        ("/preset", [0], "must be 1..999"),
        ("/participant/Ada/join", [], "a-z 0-9"),
        ("/participant/ada/dance", [], "no such address of a participant"),
        ("/participant/ada/feeling", [0.1], "takes 2"),
        ("/participant/ada/input/1x", [0.1], "no such address"),
        ("", [], "no such address"),
    ],
)
def test_refusals_say_what_was_found_and_what_is_allowed(
    address: str, args: list[object], words: str
) -> None:
    with pytest.raises(ControlError, match=r".") as refused:
        TREE.accept(address, args)
    assert words in str(refused.value)


@given(st.floats(allow_nan=True, allow_infinity=True), st.sampled_from(FADERS))
def test_a_fader_takes_exactly_its_range(value: float, parameter: object) -> None:
    from performer.parameters import Parameter

    assert isinstance(parameter, Parameter)
    arg = parameter.args[0]
    if arg.low <= value <= arg.high:
        assert TREE.accept(parameter.address, [value]).args == (value,)
    else:
        with pytest.raises(ControlError):
            TREE.accept(parameter.address, [value])


def test_controllers_send_numbers_in_their_own_way() -> None:
    assert TREE.accept("/resonance", [1]).args == (1.0,)
    assert TREE.accept("/freeze", [1.0]).args == (1,)
    assert TREE.accept("/freeze", [True]).args == (1,)
    assert TREE.accept("/resonance", ["0.25"]).args == (0.25,)
    assert TREE.accept("/freeze", ["1"]).args == (1,)
    assert TREE.accept("/preset", [2]).args == (2, 4.0)
    assert TREE.accept("/preset", [2.0]).args == (2, 4.0)
    assert TREE.accept("/participant/ada/join", [7.0]).args == ("7",)
    assert TREE.accept("/panic", []).args == (1.0,)
    assert TREE.accept("/panic", [0.0]).args == (0.0,)


@pytest.mark.parametrize(
    ("address", "args", "asks"),
    [
        ("/resonance", [], True),
        ("/resonance", ["?"], True),
        ("/resonance", [0.5], False),
        ("/preset", [], True),
        ("/go", [], False),
        ("/go", ["?"], True),
        ("/participant/{id}/join", [], False),
        ("/participant/{id}/feeling", [], True),
        ("/tempo/source", [], True),
    ],
)
def test_what_asks_and_what_acts(address: str, args: list[object], asks: bool) -> None:
    assert TREE.literal[address].asks(args) is asks


def test_what_the_instrument_tells_is_set_by_nobody() -> None:
    with pytest.raises(ControlError, match="nobody sets it"):
        TREE.accept("/tempo/source", ["tap"])


def test_the_vector_of_values_has_a_place_for_every_fader_and_switch() -> None:
    assert len(TREE.defaults) == len(TREE.continuous) == len(TREE.index)
    assert ((TREE.low <= TREE.defaults) & (TREE.defaults <= TREE.high)).all()
    assert TREE.continuous[TREE.place("/individuality")].address == "/individuality"
    with pytest.raises(ControlError, match="not a fader"):
        TREE.place("/panic")


def test_a_near_miss_is_named_in_the_log() -> None:
    assert TREE.nearest("/resonanc") == ", did you mean /resonance?"
    assert TREE.nearest("/zzzzzzzz") == ""


def test_a_whole_number_too_large_for_any_float_is_refused() -> None:
    for address in ("/resonance", "/preset", "/freeze"):
        with pytest.raises(ControlError, match="must be finite"):
            TREE.accept(address, [10**400])
