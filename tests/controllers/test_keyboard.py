"""The keyboard: every key of the manual, the lock, and quitting twice."""

import pytest

from performer.controllers.keyboard import Key, Keyboard, Wish


class Hand:
    """A keyboard with a clock and values that a test moves."""

    def __init__(self) -> None:
        self.now = 100.0
        self.values = {"/resonance": 0.5, "/individuality": 0.98, "/freeze": 0.0,
                       "/blackout": 1.0, "/testcard": 0.0}  # fmt: skip
        self.keyboard = Keyboard(self.values.__getitem__, lambda: self.now, lambda: "saved-now")

    def press(self, name: str, ctrl: bool = False, shift: bool = False) -> list[tuple[object, ...]]:
        controls, self.wish = self.keyboard.press(Key(name, ctrl, shift))
        return [(c.address, *c.args) for c in controls]


@pytest.mark.parametrize(
    ("name", "message"),
    [
        ("space", ("/go", 1.0)),
        ("backspace", ("/back", 1.0)),
        ("up", ("/resonance", 0.55)),
        ("down", ("/resonance", 0.45)),
        ("right", ("/individuality", 1.0)),
        ("left", ("/individuality", 0.93)),
        ("p", ("/freeze", 1)),
        ("b", ("/blackout", 0)),
        ("t", ("/testcard", 1)),
        ("3", ("/preset", 3, 4.0)),
    ],
)
def test_keys_are_messages_of_the_tree(name: str, message: tuple[object, ...]) -> None:
    (found,) = Hand().press(name)
    assert found[0] == message[0]
    assert found[1:] == pytest.approx(message[1:])


def test_panic_needs_shift_and_works_even_when_locked() -> None:
    hand = Hand()
    assert hand.press("escape") == []
    hand.press("l")
    assert hand.press("escape", shift=True) == [("/panic", 1.0)]


def test_locked_keys_do_nothing_until_unlocked() -> None:
    hand = Hand()
    hand.press("l")
    assert hand.press("space") == []
    assert hand.press("q", ctrl=True) == []
    assert hand.press("q", ctrl=True) == []
    assert hand.wish == Wish()
    hand.press("l")
    assert hand.press("space") != []


def test_quitting_takes_ctrl_q_twice_within_two_seconds() -> None:
    hand = Hand()
    hand.press("q", ctrl=True)
    assert not hand.wish.quit
    hand.now += 2.5
    hand.press("q", ctrl=True)
    assert not hand.wish.quit
    hand.now += 1.5
    hand.press("q", ctrl=True)
    assert hand.wish.quit


def test_saving_names_the_look() -> None:
    assert Hand().press("s", ctrl=True) == [("/preset/save", "saved-now")]


def test_fullscreen_is_a_wish_and_other_keys_are_nothing() -> None:
    hand = Hand()
    assert hand.press("f") == []
    assert hand.wish.fullscreen
    for name in ("q", "s", "0", "10", "é", ""):
        assert hand.press(name) == []
        assert hand.wish == Wish()
