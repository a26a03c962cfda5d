"""The effects and the transition of a preset, written down: which ISF filter, on what, how strong.

A night has SLOTS places for effects. What a filter's inputs are set to is played by the knobs of
its place, `/effect/1/knob/1` …, so that hands, arc, cues and modulation move them like any fader.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Annotated

from pydantic import Field

from performer.errors import Problem
from performer.parameters import KNOBS
from performer.show.isf import SOURCE, Shader
from performer.show.isf.inputs import Input
from performer.show.problems import Listed, Name, Unit, Written, one_of

SCENE, LAYERS = "scene", "layers"
NUMBERS = Annotated[float, Field(allow_inf_nan=False)]


class Effect(Written):
    """One filter. Its place in the preset's list is its slot."""

    shader: Name
    on: Name = SCENE
    """`scene`, `layers` (everybody's), or the name of a generator: the layers that it draws."""
    mix: Unit = 1.0
    """How much of it is seen, besides its own inputs."""
    inputs: dict[str, float | bool | Listed[NUMBERS]] = Field(
        default_factory=dict[str, float | bool | Listed[NUMBERS]]
    )
    """Its inputs, in the author's own units; what is not named has the author's default."""


@dataclass(frozen=True)
class Knob:
    """What one knob turns: a number of an input."""

    input: Input
    part: int

    @property
    def label(self) -> str:
        """The author's word for it."""
        parts = {"point2D": "xy", "color": "rgba"}.get(self.input.kind, "")
        return f"{self.input.name}.{parts[self.part]}" if parts else self.input.name

    def natural(self, position: float) -> float:
        """What a knob at 0..1 sets."""
        if self.input.values:
            last = len(self.input.values) - 1
            return float(self.input.values[int(position * last + 0.5)])
        low, high = self.input.low[self.part], self.input.high[self.part]
        return low + (high - low) * position

    def position(self, natural: float) -> float:
        """Where a knob stands for a value, 0..1."""
        if self.input.values:
            distances = [abs(v - natural) for v in self.input.values]
            return distances.index(min(distances)) / max(1, len(distances) - 1)
        low, high = self.input.low[self.part], self.input.high[self.part]
        return min(1.0, max(0.0, (natural - low) / (high - low))) if high > low else 0.0


def knobs(shader: Shader) -> tuple[Knob, ...]:
    """The first KNOBS numbers of a filter's inputs, in the author's order."""
    found = [Knob(one, part) for one in shader.inputs for part in range(one.floats)]
    return tuple(found[:KNOBS])


def faders(slot: int, effect: Effect, shader: Shader) -> Iterator[tuple[str, float]]:
    """Addresses and values that a preset's effect stands for; `slot` counts from 1."""
    yield f"/effect/{slot}/mix", effect.mix
    for number, knob in enumerate(knobs(shader), 1):
        yield f"/effect/{slot}/knob/{number}", knob.position(_set(effect, knob))


def _set(effect: Effect, knob: Knob) -> float:
    given = effect.inputs.get(knob.input.name)
    if given is None:
        return knob.input.default[knob.part]
    return float(given[knob.part] if isinstance(given, tuple) else given)


def problems_of(
    effects: tuple[Effect, ...], filters: Mapping[str, Shader], generators: Mapping[str, Shader]
) -> list[Problem]:
    """What is wrong with a preset's effects, each with its key path."""
    found: list[Problem] = []
    for i, effect in enumerate(effects):
        shader = filters.get(effect.shader)
        if shader is None or shader.kind != "filter":
            told = one_of(effect.shader, f"effect (an ISF filter, with {SOURCE})", filters)
            found.append(Problem(told, key=f"effect[{i}].shader"))
        else:
            found += _inputs(f"effect[{i}].inputs", effect, shader)
        places = (SCENE, LAYERS, *generators)
        if effect.on not in places:
            found.append(Problem(one_of(effect.on, "place", places), key=f"effect[{i}].on"))
    return found


def _inputs(key: str, effect: Effect, shader: Shader) -> Iterator[Problem]:
    played = {knob.input.name: knob.input for knob in knobs(shader)}
    for name, given in effect.inputs.items():
        one = played.get(name)
        many = len(given) if isinstance(given, tuple) else 1
        if one is None:
            told = one_of(name, f"input of {shader.name} among its first {KNOBS} numbers", played)
            yield Problem(told, key=f"{key}.{name}")
        elif many != one.floats:
            yield Problem(f"takes {one.floats} numbers, found {many}", key=f"{key}.{name}")
