"""The tree: finds a message's parameter, checks it, and lays faders out as a vector."""

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from difflib import get_close_matches
from functools import cached_property, lru_cache

import numpy as np
from numpy.typing import NDArray

from performer.errors import ControlError
from performer.parameters.arguments import Value
from performer.parameters.declared import Curve, Nature, Parameter
from performer.parameters.table import PARAMETERS

ID = re.compile(r"[a-z0-9_-]{1,32}")
INPUT = re.compile(r"[A-Za-z_][A-Za-z0-9_]{0,47}")


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
        return np.array([p.curve is Curve.ANGLE for p in self.continuous])

    @cached_property
    def logarithmic(self) -> NDArray[np.bool_]:
        """Which values fade in equal ratios, shape (V,)."""
        return np.array([p.curve is Curve.LOG for p in self.continuous])

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
        parameter, person, name = self.found(address)
        return Control(address, parameter, parameter.check(address, args), person, name)

    @cached_property
    def found(self) -> Callable[[str], tuple[Parameter, str, str]]:
        """`find`, remembering the last few thousand addresses."""
        return lru_cache(maxsize=4096)(self.find)

    def place(self, address: str) -> int:
        """Where an address stands in the vector of values; ControlError for others."""
        try:
            return self.index[address]
        except KeyError:
            self.find(address)
            raise ControlError(address, "is not a fader or switch") from None


TREE = Tree()
