"""The keyboard of the machine the show runs on: keys to messages of the tree. Knows no window."""

import time
from collections.abc import Callable
from dataclasses import dataclass

from performer.parameters import TREE, Control, Value

STEP = 0.05  # one press of an arrow
TWICE = 2.0  # s in which Ctrl+Q must come twice

HELP = (
    "Space go · Backspace back · 1-9 presets · left right individuality · up down resonance",
    "P freeze · B blackout · T test card · F fullscreen · L lock keys · Ctrl+S save look · "
    "Shift+Esc PANIC · Ctrl+Q twice quits",
)


@dataclass(frozen=True)
class Key:
    """A key that went down: its name in small letters (`space`, `up`, `escape`, `p`, `1` …)."""

    name: str
    ctrl: bool = False
    shift: bool = False


@dataclass(frozen=True)
class Wish:
    """What the keyboard asks of the program itself."""

    quit: bool = False
    fullscreen: bool = False
    say: str = ""


class Keyboard:
    """Turns keys into messages. `read` tells a value that is in force now."""

    def __init__(
        self, read: Callable[[str], float], clock: Callable[[], float] = time.monotonic,
        name: Callable[[], str] = lambda: time.strftime("saved-%Y%m%d-%H%M%S"),
    ) -> None:  # fmt: skip
        self._read, self._clock, self._name = read, clock, name
        self.locked = False
        self._quit_at = -TWICE

    def press(self, key: Key) -> tuple[list[Control], Wish]:
        """The messages and wishes of one key. Panic and the lock's own key work even locked."""
        if key.name == "escape" and key.shift:
            return [TREE.accept("/panic", [])], Wish(say="PANIC")
        if key.name == "l" and not key.ctrl:
            self.locked = not self.locked
            return [], Wish(say="keys locked" if self.locked else "keys unlocked")
        if self.locked:
            return [], Wish()
        if key.ctrl:
            return self._with_ctrl(key.name)
        return self._plain(key.name)

    def _with_ctrl(self, name: str) -> tuple[list[Control], Wish]:
        if name == "s":
            saved = self._name()
            return [TREE.accept("/preset/save", [saved])], Wish(say=f"saving the look as {saved}")
        if name == "q":
            now = self._clock()
            twice = now - self._quit_at <= TWICE
            self._quit_at = now
            return [], Wish(quit=twice, say="" if twice else "Ctrl+Q once more quits")
        return [], Wish()

    def _plain(self, name: str) -> tuple[list[Control], Wish]:
        if name == "f":
            return [], Wish(fullscreen=True)
        message = self._message(name)
        return ([TREE.accept(*message)] if message else []), Wish()

    def _message(self, name: str) -> tuple[str, list[Value]] | None:
        switches = {"p": "/freeze", "b": "/blackout", "t": "/testcard"}
        moves = {"up": ("/resonance", STEP), "down": ("/resonance", -STEP),
                 "right": ("/individuality", STEP), "left": ("/individuality", -STEP)}  # fmt: skip
        if name in ("space", "backspace"):
            return "/go" if name == "space" else "/back", []
        if name in switches:
            return switches[name], [0 if self._read(switches[name]) > 0.5 else 1]
        if name in moves:
            address, step = moves[name]
            return address, [min(1.0, max(0.0, self._read(address) + step))]
        if len(name) == 1 and name in "123456789":
            return "/preset", [int(name)]
        return None
