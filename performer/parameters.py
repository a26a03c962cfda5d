"""The one parameter tree: every address that can be played, declared once.

OSC, the keyboard, presets, the arc, modulation, the console and the reference read this table; a
new parameter is one line here. Nothing in this file knows where a message comes from.
"""

import math
import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from difflib import get_close_matches
from enum import Enum
from functools import cached_property, lru_cache

import numpy as np
from numpy.typing import NDArray

from performer.errors import ControlError

Value = float | int | str
"""What one OSC argument can be once it has been checked."""

ID = re.compile(r"[a-z0-9_-]{1,32}")
INPUT = re.compile(r"[A-Za-z_][A-Za-z0-9_]{0,47}")


class Nature(Enum):
    """How messages to an address add up."""

    FADER = "a float in the vector of values: the last one wins; arc and modulation may move it"
    SWITCH = "0 or 1 in the vector of values: the last one wins"
    STATE = "the last message for the address wins"
    EVENT = "every message counts, in order"


class Role(Enum):
    """Who may set an address."""

    ARCHITECT = "architect"
    PARTICIPANT = "participant"


@dataclass(frozen=True)
class Arg:
    """One argument: `low`..`high` bound numbers (inclusive); `optional` ones have a `default`."""

    name: str
    kind: type[float] | type[int] | type[str] = float
    low: float = 0.0
    high: float = 1.0
    default: Value | None = None
    unit: str = ""
    optional: bool = False

    def check(self, address: str, found: object) -> Value:
        """`found` as this argument's kind, or ControlError with what is allowed."""
        if self.kind is str:
            return self._text(address, found)
        if isinstance(found, bool):
            found = int(found)
        if not isinstance(found, int | float):
            raise ControlError(address, f"{self.name} must be a number, found {shown(found)}")
        if not math.isfinite(found := _number(found)):
            raise ControlError(address, f"{self.name} must be finite, found {found}")
        if not self.low <= found <= self.high:
            raise ControlError(address, f"{self.name} must be {self.range}, found {found:g}")
        if self.kind is float:
            return float(found)
        if found != int(found):
            raise ControlError(address, f"{self.name} must be a whole number, found {found:g}")
        return int(found)

    def _text(self, address: str, found: object) -> str:
        if not isinstance(found, str) or not 0 < len(found) <= 64 or not found.isprintable():
            allowed = f"{self.name} must be 1 to 64 printable characters"
            raise ControlError(address, f"{allowed}, found {shown(found)}")
        return found

    @property
    def range(self) -> str:
        """The allowed range as people write it."""
        return f"{self.low:g}..{self.high:g}{' ' + self.unit if self.unit else ''}"


@dataclass(frozen=True)
class Parameter:
    """One address. `{id}` stands for a participant, `{name}` for a generator's own input."""

    address: str
    help: str
    args: tuple[Arg, ...] = ()
    nature: Nature = Nature.STATE
    role: Role = Role.ARCHITECT
    also_index: bool = False
    """The first argument may be a number (counted from 1) instead of a name."""

    def check(self, address: str, found: Sequence[object]) -> tuple[Value, ...]:
        """The arguments in their declared kinds, defaults filled in, or ControlError."""
        needed = sum(not a.optional for a in self.args)
        if not needed <= len(found) <= len(self.args):
            many = f"{needed}" if needed == len(self.args) else f"{needed} to {len(self.args)}"
            names = " ".join(a.name for a in self.args) or "none"
            raise ControlError(address, f"takes {many} arguments ({names}), found {len(found)}")
        values = [self._one(i, address, f) for i, f in enumerate(found)]
        for arg in self.args[len(found) :]:
            if arg.default is not None:
                values.append(arg.default)
        return tuple(values)

    def _one(self, i: int, address: str, found: object) -> Value:
        if i == 0 and self.also_index and isinstance(found, int | float):
            return Arg("number", int, 1, 999).check(address, found)
        return self.args[i].check(address, found)


def _fader(address: str, default: float, help: str, low: float = 0.0, high: float = 1.0,
           unit: str = "") -> Parameter:  # fmt: skip
    name = address.rsplit("/", 1)[-1]
    return Parameter(address, help, (Arg(name, float, low, high, default, unit),), Nature.FADER)


def _switch(address: str, help: str) -> Parameter:
    return Parameter(address, help, (Arg("on", int, 0, 1, 0),), Nature.SWITCH)


PRESS = Arg("pressed", float, 0, 1, 1.0, optional=True)
"""Buttons of controllers send 1 when pressed and 0 when let go: 0 is accepted and does nothing."""


def _press(address: str, help: str) -> Parameter:
    return Parameter(address, help, (PRESS,), Nature.EVENT)


def _person(tail: str, help: str, *args: Arg, nature: Nature = Nature.STATE,
            role: Role = Role.PARTICIPANT) -> Parameter:  # fmt: skip
    return Parameter(f"/participant/{{id}}/{tail}", help, args, nature, role)


PARAMETERS: tuple[Parameter, ...] = (
    _fader("/resonance", 0.35, "How strongly shared feeling moves picture and sound."),
    _fader("/individuality", 0.6, "0: one merged dream. 1: a tapestry of personal ones."),
    _fader("/coupling", 0.3, "How strongly people's rhythms pull on each other."),
    _fader("/brightness", 0.8, "Light of the whole scene."),
    _fader("/dissolve", 0.0, "0 lit, 1 black, always through the guard."),
    _fader("/tempo", 60.0, "Tempo that synced modulation follows.", 20.0, 240.0, "BPM"),
    _fader("/look/energy", 0.35, "Energy of every layer before resonance."),
    _fader("/look/speed", 1.0, "Rate of every layer's own time.", 0.0, 2.0),
    _fader("/look/warp", 0.5, "How far territories' borders wander."),
    _fader("/look/rim", 0.35, "Faint light along the borders of territories."),
    _fader("/look/grain", 0.3, "Fine film grain over the whole scene."),
    _fader("/look/drift", 0.15, "A slow flow that carries the whole scene."),
    _fader("/look/trails", 0.15, "How long the scene's past stays visible."),
    _fader("/look/glow", 0.3, "How far light spreads in the air."),
    _fader("/sympathy/energy", 0.5, "What resonance adds to every layer's energy."),
    _fader("/sympathy/drift", 0.5, "What resonance adds to the drift."),
    _fader("/sympathy/trails", 0.5, "What resonance adds to the trails."),
    _fader("/sympathy/glow", 0.4, "What resonance adds to the glow."),
    _fader("/sympathy/chroma", 0.3, "What resonance adds to the colours' chroma."),
    _fader("/sympathy/wave", 0.6, "The slow wave that resonance sends through all dreams."),
    _fader("/sympathy/answer", 0.6, "How the scene answers when the circle truly converges."),
    _fader("/palette/hue", 250.0, "Hue of the family's grounds (OKLCH).", 0.0, 360.0, "degrees"),
    _fader("/palette/spread", 0.5, "How far people's own hues go from the family's."),
    _fader("/palette/light", 0.5, "Lightness of the family's tones."),
    _fader("/palette/chroma", 0.5, "Chroma of the family's tones."),
    _fader("/palette/accent", 150.0, "Accent's hue, from the ground's.", 0.0, 360.0, "degrees"),
    _fader("/volume", 0.8, "Level of all sound; never above what the show's policy allows."),
    _fader("/sound/brightness", 0.4, "How far the voices' partials reach."),
    _fader("/sound/air", 0.3, "Breath in the voices."),
    _fader("/sound/breath", 0.7, "How deeply voices breathe with people's rhythms."),
    _fader("/sound/detune", 0.4, "How far individuality detunes the voices."),
    _fader("/sound/drone", 0.3, "The root beneath everything, breathing with the circle."),
    _fader("/sound/reverb", 0.45, "How much of the sound comes from the room."),
    _fader("/sound/strings", 0.1, "Strings that resonate with the voices."),
    _fader("/sympathy/reverb", 0.3, "What resonance adds to the room."),
    _fader("/sympathy/strings", 0.6, "What resonance adds to the strings."),
    _fader("/sound/offset", 0.0, "How long the sound comes after its picture.", 0.0, 500.0, "ms"),
    _fader("/player/level", 0.8, "Level of the music file in the output."),
    _fader("/input/trim", 0.0, "Gain of what is listened to.", -24.0, 24.0, "dB"),
    _switch("/phase/hold", "Keeps the present phase until it is let go."),
    _switch("/freeze", "Stops every layer's time; the masters still play."),
    _switch("/blackout", "Takes the scene to black, through the guard."),
    _switch("/testcard", "Shows the test card instead of the scene, through the guard."),
    _press("/panic", "Black and silent within a quarter of a second, for at least 3 s."),
    _press("/tap", "Tap the tempo."),
    _press("/phase/next", "Goes to the show's next phase."),
    Parameter("/phase/go", "Goes to a phase, counted from 1.",
              (Arg("phase", int, 1, 99),), Nature.EVENT),
    Parameter("/preset", "Fades to a preset, by name or by its number in the show.",
              (Arg("preset", str), Arg("fade", float, 0, 600, 4.0, "s", optional=True)),
              Nature.EVENT, also_index=True),
    Parameter("/preset/save", "Saves the present look as a preset.",
              (Arg("name", str),), Nature.EVENT),
    Parameter("/release", "Gives one address back to the arc.",
              (Arg("address", str),), Nature.EVENT),
    _press("/release/all", "Gives every address back to the arc."),
    _person("join", "Somebody joins, and agrees to be seen, heard and coupled.",
            Arg("name", str, optional=True), nature=Nature.EVENT, role=Role.ARCHITECT),
    _person("leave", "Somebody leaves; nothing of them enters another Frame.",
            PRESS, nature=Nature.EVENT),
    _person("pause", "1 pauses, 0 comes back.",
            Arg("paused", int, 0, 1, 1, optional=True), nature=Nature.EVENT),
    _person("consent", "Gives (1) or takes back (0) consent to one purpose.",
            Arg("purpose", str), Arg("given", int, 0, 1), nature=Nature.EVENT),
    _person("softer", "Asks for a softer night: group intensity 10 % down.",
            PRESS, nature=Nature.EVENT),
    _person("object", "Shows (1) or ends (0) an objection, as a still ring.",
            Arg("objects", int, 0, 1, 1, optional=True)),
    _person("feeling", "How somebody feels.",
            Arg("valence", float, -1, 1), Arg("arousal", float, -1, 1)),
    _person("rhythm", "Somebody's own rhythm.", Arg("rate", float, 0.01, 4.0, unit="Hz")),
    _person("ratio", "Plays p against the circle's q.",
            Arg("p", int, 1, 9), Arg("q", int, 1, 9)),
    _person("breath", "How full somebody's lungs are.", Arg("fullness", float)),
    _person("heart", "Somebody's heart rate.", Arg("rate", float, 25, 240, unit="bpm")),
    _person("generator", "Which generator draws somebody's layer.", Arg("generator", str)),
    _person("palette", "Somebody's own place in the family of palettes.", Arg("place", float)),
    _person("floor", "Individuality that nothing takes from somebody.", Arg("floor", float)),
    _person("cap", "The most resonance somebody wants.", Arg("cap", float)),
    _person("solo", "Brings somebody forward.", Arg("on", int, 0, 1), role=Role.ARCHITECT),
    _person("mute", "Sets somebody back as far as the floors allow.",
            Arg("on", int, 0, 1), role=Role.ARCHITECT),
    _person("voice/solo", "Lets only such voices sound.",
            Arg("on", int, 0, 1), role=Role.ARCHITECT),
    _person("voice/mute", "Silences somebody's voice.",
            Arg("on", int, 0, 1), role=Role.ARCHITECT),
    _person("input/{name}", "An input of the generator's own.",
            Arg("value", float, -1e6, 1e6), role=Role.ARCHITECT),
)  # fmt: skip


@dataclass(frozen=True)
class Control:
    """One accepted message: the concrete `address`, its parameter, and the checked arguments."""

    address: str
    parameter: Parameter
    args: tuple[Value, ...]
    person: str = ""
    name: str = ""

    @property
    def tail(self) -> str:
        """`join`, `feeling`, `input` … of a participant's address, or the whole address."""
        return self.parameter.address.removeprefix("/participant/{id}/").removesuffix("/{name}")


@dataclass(frozen=True)
class Tree:
    """The declared parameters, and the vector of values that its faders and switches form."""

    parameters: tuple[Parameter, ...] = PARAMETERS
    literal: Mapping[str, Parameter] = field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "literal", {p.address: p for p in self.parameters})

    @cached_property
    def continuous(self) -> tuple[Parameter, ...]:
        """Faders and switches, in the order of the vector of values (length V)."""
        return tuple(p for p in self.parameters if p.nature in (Nature.FADER, Nature.SWITCH))

    @cached_property
    def index(self) -> dict[str, int]:
        """Address to place in the vector of values."""
        return {p.address: i for i, p in enumerate(self.continuous)}

    @cached_property
    def defaults(self) -> NDArray[np.float64]:
        """Default values, shape (V,)."""
        return self._vector(p.args[0].default for p in self.continuous)

    @cached_property
    def low(self) -> NDArray[np.float64]:
        """Lowest allowed values, shape (V,)."""
        return self._vector(p.args[0].low for p in self.continuous)

    @cached_property
    def high(self) -> NDArray[np.float64]:
        """Highest allowed values, shape (V,)."""
        return self._vector(p.args[0].high for p in self.continuous)

    @cached_property
    def circular(self) -> NDArray[np.bool_]:
        """Which values are angles that fade the short way round, shape (V,)."""
        return np.array([p.args[0].unit == "degrees" for p in self.continuous])

    @staticmethod
    def _vector(values: Iterable[Value | None]) -> NDArray[np.float64]:
        return np.array([float(v or 0.0) for v in values])

    def find(self, address: str) -> tuple[Parameter, str, str]:
        """The parameter of a concrete address with its participant and input names.

        Raises ControlError for an address that is not in the tree.
        """
        found = self.literal.get(address)
        if found is not None and "{" not in address:
            return found, "", ""
        parts = address.split("/")
        if len(parts) >= 4 and parts[:2] == ["", "participant"] and ID.fullmatch(parts[2]):
            return self._of_person(address, parts[2], parts[3:])
        if parts[:2] == ["", "participant"] and len(parts) >= 4:
            raise ControlError(address, "a participant's id is 1 to 32 of a-z 0-9 _ -")
        raise ControlError(address, "no such address")

    def _of_person(self, address: str, person: str, tail: list[str]) -> tuple[Parameter, str, str]:
        name = ""
        if len(tail) == 2 and tail[0] == "input" and INPUT.fullmatch(tail[1]):
            name, tail = tail[1], ["input", "{name}"]
        found = self.literal.get("/participant/{id}/" + "/".join(tail))
        if found is None:
            raise ControlError(address, "no such address of a participant")
        return found, person, name

    def nearest(self, address: str) -> str:
        """`, did you mean …?` for a log line; too slow to ask for every message of a flood."""
        near = get_close_matches(address, self.literal, 1)
        return f", did you mean {near[0]}?" if near else ""

    def accept(self, address: str, args: Sequence[object]) -> Control:
        """A checked Control, or ControlError saying what was found and what is allowed."""
        parameter, person, name = self._cached_find(address)
        return Control(address, parameter, parameter.check(address, args), person, name)

    @cached_property
    def _cached_find(self) -> Callable[[str], tuple[Parameter, str, str]]:
        return lru_cache(maxsize=4096)(self.find)

    def place(self, address: str) -> int:
        """Where an address stands in the vector of values; ControlError for others."""
        try:
            return self.index[address]
        except KeyError:
            self.find(address)
            raise ControlError(address, "is not a fader or switch") from None


def _number(found: float) -> float:
    """A number as it was found; infinity for a whole number too large for any float."""
    try:
        float(found)
    except OverflowError:
        return math.inf
    return found


def shown(found: object) -> str:
    """What was found, short enough for one line of a log."""
    text = repr(found)
    return text if len(text) <= 40 else text[:37] + "..."


TREE = Tree()
