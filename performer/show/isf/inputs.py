"""The inputs that an ISF header declares: names, kinds and ranges.

Read as generously as its authors write: what has one clear meaning is given it. How an input
reaches a shader is not known here.
"""

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, cast

from performer.errors import Problem
from performer.show.isf.passes import IDENTIFIER
from performer.show.problems import did_you_mean, shown

FEELING = ("energy", "breath", "wave", "valence", "arousal", "seed")
COLOURS = ("ground", "tone", "kin", "accent")
PERSONAL = (*FEELING, *COLOURS)
"""Inputs filled from the person: floats, then colours."""

SIZES = {"event": 1, "bool": 1, "long": 1, "float": 1, "point2D": 2, "color": 4}
"""Floats of each kind of input."""
TEXTURES = ("image", "audio", "audioFFT")
KINDS = (*SIZES, *TEXTURES)

LARGEST = 1e6  # what `/participant/{id}/input/{name}` takes either way
MOST_INPUTS = 200
_CASELESS = {kind.lower(): kind for kind in KINDS} | {"boolean": "bool", "int": "long"}
_BUILT_IN = (
    "TIME", "TIMEDELTA", "RENDERSIZE", "PASSINDEX", "DATE", "FRAMEINDEX", "BEAT", "main",
    "isf_FragNormCoord", "isf_FragCoord", "isf_FragColor", "vv_FragNormCoord",
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
    identity: _Numbers = ()
    """Where a filter changes nothing; empty: not said."""
    values: tuple[int, ...] = ()
    """What a long can be; empty: anything between low and high."""
    labels: tuple[str, ...] = ()
    """What to call these."""
    most: int = 0
    """Sound only: samples or bins wanted at most; 0: not said."""

    @property
    def floats(self) -> int:
        """How many floats it takes; none if it is a texture."""
        return SIZES.get(self.kind, 0)

    @property
    def personal(self) -> bool:
        """Whether the person fills it: by its name, if its kind and range are a person's."""
        if self.name in COLOURS:
            return self.kind == "color"
        least = -1.0 if self.name in ("valence", "arousal") else 0.0
        return (
            self.name in FEELING and self.kind == "float"
            and least <= self.low[0] and self.high[0] <= 1.0
        )  # fmt: skip


def read_inputs(found: list[Any]) -> tuple[tuple[Input, ...], list[Problem]]:
    """The inputs of a header's INPUTS list, and every problem with its key path."""
    problems: list[Problem] = []
    inputs: dict[str, Input] = {}
    if len(found) > MOST_INPUTS:
        told = f"has {len(found)} inputs; the most is {MOST_INPUTS}"
        return (), [Problem(told, key="INPUTS")]
    for i, one in enumerate(found):
        reader = _Reader(f"INPUTS[{i}]", one, problems)
        if (read := reader.read(inputs)) is not None:
            inputs[read.name] = read
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
        kind = self.kind()
        if len(self.problems) > known:
            return None
        label = str(self.table.get("LABEL") or name)
        if kind in TEXTURES:
            return Input(name, kind, (), (), (), label, most=self.most())
        numbers = {k: self.numbers(k, kind) for k in ("MIN", "MAX", "DEFAULT", "IDENTITY")}
        values, labels = self.choices(kind)
        if len(self.problems) > known:
            return None
        low, high = numbers["MIN"], numbers["MAX"]
        if values:
            low, high = (float(min(values)),), (float(max(values)),)
            numbers["DEFAULT"] = numbers["DEFAULT"] or (float(values[0]),)
        start, least, most = _ranged(kind, numbers["DEFAULT"], low, high)
        identity = numbers["IDENTITY"] or ()
        return Input(name, kind, start, least, most, label, identity, values, labels)

    def name(self, before: Mapping[str, Input]) -> str:
        found = self.table.get("NAME")
        if found is None:
            self.wrong("NAME", "is missing and must be given")
        elif not isinstance(found, str) or not IDENTIFIER.fullmatch(found):
            allowed = "must be letters, digits and _ and not begin with a digit"
            self.wrong("NAME", f"{allowed}, found {shown(found)}")
        elif found in before:
            self.wrong("NAME", f"{found} is declared twice")
        elif found in _BUILT_IN or found.startswith("gl_"):
            self.wrong("NAME", f"{found} is a name of GLSL's or ISF's own")
        return str(found)

    def kind(self) -> str:
        found = self.table.get("TYPE")
        if found is None:
            self.wrong("TYPE", "is missing and must be given")
        elif not isinstance(found, str) or found.lower() not in _CASELESS:
            near = did_you_mean(str(found), KINDS)
            self.wrong("TYPE", f"must be one of {', '.join(KINDS)}, found {shown(found)}{near}")
        else:
            return _CASELESS[found.lower()]
        return str(found)

    def most(self) -> int:
        """How long a sound's texture may be."""
        found = _number(self.table.get("MAX"))
        return 0 if found is None else max(0, min(16384, int(found)))

    def numbers(self, key: str, kind: str) -> _Numbers | None:
        """The numbers at a key; None if there are none or if they are wrong."""
        found: object = self.table.get(key)
        if found is None or found == [] or (kind == "event" and key == "DEFAULT"):
            return None
        size = SIZES[kind]
        several = _entries(found) or [found] * size
        if kind == "color" and len(several) == 3:
            several.append(1.0)  # without alpha it is opaque
        good = [n for f in several if (n := _number(f)) is not None]
        if len(several) == size == len(good):
            whole = kind in ("long", "bool", "event")
            return tuple(float(round(n)) if whole else n for n in good)
        self.wrong(key, f"must be {_wanted(size)}, found {shown(found)}")
        return None

    def choices(self, kind: str) -> tuple[tuple[int, ...], tuple[str, ...]]:
        """A long's VALUES and their LABELS; labels alone count from 0."""
        if kind != "long":
            return (), ()
        labels = tuple(str(text) for text in _entries(self.table.get("LABELS")))
        found: object = self.table.get("VALUES")
        if found is None or found == []:
            return tuple(range(len(labels))), labels
        several = _entries(found)
        numbers = [n for v in several if (n := _number(v)) is not None]
        if not numbers or len(numbers) != len(several):
            self.wrong("VALUES", f"must be a list of whole numbers, found {shown(found)}")
        return tuple(int(n) for n in numbers), labels


def _ranged(
    kind: str, default: _Numbers | None, low: _Numbers | None, high: _Numbers | None
) -> tuple[_Numbers, _Numbers, _Numbers]:
    """Default, low and high, all given: what is not written is 0..1, widened by what is."""
    size = SIZES[kind]
    if kind in ("bool", "event"):
        on = float(bool(default and default[0]))
        return (on,), (0.0,), (1.0,)
    written = default or (0.0,) * size
    least = low or tuple(min(0.0, *pair) for pair in zip(written, high or written, strict=True))
    most = high or tuple(max(1.0, *pair) for pair in zip(written, least, strict=True))
    pairs = [sorted(pair) for pair in zip(least, most, strict=True)]
    start = default or tuple(max(a, min(b, 0.0)) for a, b in pairs)
    # a default outside the range is what the author wants to see: the range gives way
    least = tuple(min(a, s) for (a, _), s in zip(pairs, start, strict=True))
    most = tuple(max(b, s) for (_, b), s in zip(pairs, start, strict=True))
    return start, least, most


def _entries(found: object) -> list[object]:
    return [*cast("list[object]", found)] if isinstance(found, list) else []


def _number(found: object) -> float | None:
    """A finite number, at most a million either way; true is 1; numbers in quotes are numbers."""
    if isinstance(found, str):
        try:
            found = float(found)
        except ValueError:
            return None
    if not isinstance(found, int | float):
        return None
    if isinstance(found, float) and not math.isfinite(found):
        return None
    return float(max(-LARGEST, min(LARGEST, found)))


def _wanted(size: int) -> str:
    return "a number" if size == 1 else f"a list of {size} numbers"
