"""The inputs that an ISF header declares: names, kinds and ranges, checked.

How an input reaches a shader is not known here.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, cast

from performer.errors import Problem
from performer.frame import INPUTS
from performer.parameters import INPUT
from performer.show.problems import did_you_mean, shown

FEELING = ("energy", "breath", "wave", "valence", "arousal", "seed")
COLOURS = ("ground", "tone", "kin", "accent")
PERSONAL = (*FEELING, *COLOURS)
"""Inputs filled from the person: floats, then colours."""

SIZES = {"event": 1, "bool": 1, "long": 1, "float": 1, "point2D": 2, "color": 4}
"""Floats of each kind of input."""

LARGEST = 1e6  # what `/participant/{id}/input/{name}` takes either way
_TEXTURES = ("image", "audio", "audioFFT")
_BUILT_IN = (
    "TIME", "TIMEDELTA", "RENDERSIZE", "PASSINDEX", "DATE", "FRAMEINDEX", "BEAT", "main",
    "isf_FragNormCoord", "isf_FragCoord", "isf_FragColor",
)  # fmt: skip
_Numbers = tuple[float, ...]


@dataclass(frozen=True)
class Input:
    """One input. `default`, `low` and `high` hold `floats` numbers each."""

    name: str
    kind: str
    default: _Numbers
    low: _Numbers
    high: _Numbers
    label: str

    @property
    def floats(self) -> int:
        """How many floats it takes."""
        return SIZES[self.kind]


def read_inputs(found: list[Any]) -> tuple[tuple[Input, ...], list[Problem]]:
    """The inputs of a header's INPUTS list, and every problem with its key path."""
    problems: list[Problem] = []
    inputs: dict[str, Input] = {}
    for i, one in enumerate(found):
        reader = _Reader(f"INPUTS[{i}]", one, problems)
        if (read := reader.read(inputs)) is not None:
            inputs[read.name] = read
    own = sum(i.floats for i in inputs.values() if i.name not in PERSONAL)
    if own > INPUTS:
        problems.append(Problem(f"take {own} floats besides a person's; the most is {INPUTS}",
                                key="INPUTS"))  # fmt: skip
    return tuple(inputs.values()), problems


class _Reader:
    """Reads one entry of INPUTS and notes what is wrong with it."""

    def __init__(self, key: str, found: object, problems: list[Problem]) -> None:
        self.key, self.found, self.problems = key, found, problems
        self.table = cast("dict[str, Any]", found) if isinstance(found, dict) else {}

    def wrong(self, tail: str, message: str) -> None:
        key = f"{self.key}.{tail}" if tail else self.key
        self.problems.append(Problem(message, key=key))

    def read(self, before: Mapping[str, Input]) -> Input | None:
        if not isinstance(self.found, dict):
            return self.wrong("", f"must be an object, found {shown(self.found)}")
        known = len(self.problems)
        name = self.name(before)
        kind = self.kind(name)
        if len(self.problems) > known:
            return None
        size = SIZES[kind]
        low, high = self.numbers("MIN", kind), self.numbers("MAX", kind)
        default = self.numbers("DEFAULT", kind)
        if kind == "long" and "VALUES" in self.table:
            low, high = self.values()
        if len(self.problems) == known:
            default, low, high = self.range(kind, size, default, low, high)
        if len(self.problems) > known:
            return None
        label = str(self.table.get("LABEL", name))
        return Input(name, kind, default or (), low or (), high or (), label)

    def name(self, before: Mapping[str, Input]) -> str:
        found = self.table.get("NAME")
        if found is None:
            self.wrong("NAME", "is missing and must be given")
        elif not isinstance(found, str) or not INPUT.fullmatch(found):
            allowed = "must be letters, digits and _ and not begin with a digit"
            self.wrong("NAME", f"{allowed}, found {shown(found)}")
        elif found in before:
            self.wrong("NAME", f"{found} is declared twice")
        elif found in _BUILT_IN or found.startswith("gl_") or "__" in found:
            self.wrong("NAME", f"{found} is a name of GLSL's or ISF's own")
        return str(found)

    def kind(self, name: str) -> str:
        found = self.table.get("TYPE")
        if found is None:
            self.wrong("TYPE", "is missing and must be given")
        elif found in _TEXTURES:
            self.wrong("TYPE", f"{found} is a texture, which this host cannot give a generator yet")
        elif not isinstance(found, str) or found not in SIZES:
            near = did_you_mean(str(found), SIZES)
            self.wrong("TYPE", f"must be one of {', '.join(SIZES)}, found {shown(found)}{near}")
        elif name in PERSONAL and found != (wanted := "float" if name in FEELING else "color"):
            filled = f"{name} is filled from the person and must be a {wanted}"
            self.wrong("TYPE", f"{filled}, found {shown(found)}")
        return str(found)

    def numbers(self, key: str, kind: str) -> _Numbers | None:
        """The numbers at a key; None if there are none or if they are wrong."""
        found: object = self.table.get(key)
        if found is None:
            return None
        size = SIZES[kind]
        several = [found] if size == 1 else _entries(found)
        if kind == "color" and len(several) == 3:
            several.append(1.0)  # without alpha it is opaque
        good = [n for f in several if (n := _number(f)) is not None]
        if len(several) == size == len(good):
            return tuple(good)
        self.wrong(key, f"must be {_wanted(size)}, found {shown(found)}")
        return None

    def values(self) -> tuple[_Numbers | None, _Numbers | None]:
        """Lowest and highest of a long's VALUES."""
        found: object = self.table["VALUES"]
        several = _entries(found)
        numbers = [n for v in several if (n := _number(v)) is not None and n == int(n)]
        if not numbers or len(numbers) != len(several):
            self.wrong("VALUES", f"must be a list of whole numbers, found {shown(found)}")
            return None, None
        return (min(numbers),), (max(numbers),)

    def range(
        self, kind: str, size: int, default: _Numbers | None, low: _Numbers | None,
        high: _Numbers | None,
    ) -> tuple[_Numbers, _Numbers, _Numbers]:  # fmt: skip
        """Default, low and high, all given: what is not written is 0..1, widened by what is."""
        fixed = kind in ("color", "bool", "event")
        written = default if default and not fixed else (0.0,) * size
        least = low or tuple(min(0.0, *pair) for pair in zip(written, high or written, strict=True))
        most = high or tuple(max(1.0, *pair) for pair in zip(written, least, strict=True))
        if any(a > b for a, b in zip(least, most, strict=True)):
            self.wrong("MIN", f"must not be above MAX, found {_text(least)} above {_text(most)}")
            return least, least, most
        start = default or tuple(max(a, min(b, 0.0)) for a, b in zip(least, most, strict=True))
        if any(not a <= d <= b for a, d, b in zip(least, start, most, strict=True)):
            allowed = f"must be {_text(least)}..{_text(most)}"
            self.wrong("DEFAULT", f"{allowed}, found {_text(start)}")
        return start, least, most


def _entries(found: object) -> list[object]:
    return [*cast("list[object]", found)] if isinstance(found, list) else []


def _number(found: object) -> float | None:
    """A finite number of at most a million either way; true and false are 1 and 0."""
    if not isinstance(found, int | float) or not -LARGEST <= found <= LARGEST:
        return None
    return float(found)


def _wanted(size: int) -> str:
    return "a number" if size == 1 else f"a list of {size} numbers"


def _text(numbers: _Numbers) -> str:
    shorts = [f"{n:g}" for n in numbers]
    return shorts[0] if len(shorts) == 1 else f"[{', '.join(shorts)}]"
