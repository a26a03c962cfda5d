"""What the tests of modulation share: rows, instants of sources, and patches run through them."""

from dataclasses import replace
from functools import cache
from typing import Any

import msgspec
import numpy as np

from performer.circle.circle import Circle
from performer.frame import FEATURES, SILENCE, Floats, Frame, Heard, empty_people
from performer.modulation import Moves, Patch, Sources, compile
from performer.parameters import TREE
from performer.show.modulating import Listening, Modulation
from performer.show.routes import GROUP
from performer.show.shows import Library, load_show
from performer.show.wiring import check_rows

GLOW = TREE.place("/look/glow")
DRIFT = TREE.place("/look/drift")
DT = 1 / 60
STILL = Sources(0.0, 0.0, 0, 0.0, np.zeros(len(FEATURES)), TREE.defaults, empty_people(4))
"""Nothing is heard, nobody is here."""


def row(**changes: Any) -> Modulation:
    """A sine on the glow, 10 s a turn, unless changed; what has another mover has no rate."""
    base: dict[str, Any] = {"target": "/look/glow", "amount": 0.5}
    if not {"beats", "source", "envelope", "rate"} & changes.keys():
        base["rate"] = 0.1
    return Modulation.model_validate(base | changes)


def patch(*rows: Modulation) -> Patch:
    """Checked rows, compiled."""
    return compile(check_rows(rows))


def hearing(**features: float) -> Heard:
    """A Heard of these features, all others 0."""
    values = np.array([features.get(f, 0.0) for f in FEATURES])
    return msgspec.structs.replace(SILENCE, values=values, listening=True)


def at(time: float = 0.0, dt: float = DT, features: dict[str, float] | None = None,
       group: dict[str, float] | None = None, faders: dict[str, float] | None = None,
       **others: Any) -> Sources:  # fmt: skip
    """One instant: silence, everything at its default, nobody there, unless changed."""
    base = TREE.defaults.copy()
    for address, value in (faders or {}).items():
        base[TREE.place(address)] = value
    found = np.array([(group or {}).get(g, 0.0) for g in GROUP])
    heard = hearing(**(features or {})).values
    return replace(STILL, time=time, dt=dt, heard=heard, base=base, group=found, **others)


def run(one: Patch, sources: Sources, steps: int, memory: Floats | None = None) -> Moves:
    """What a patch comes to after some steps of the same instant."""
    moves = one.step(memory, sources)
    for _ in range(steps - 1):
        moves = one.step(moves.memory, sources)
    return moves


@cache
def bundled() -> Library:
    """The bundled show, in which everybody is there from first to last."""
    return load_show("luna-circle").steady()


def library(
    *rows: Modulation, listening: tuple[Listening, ...] = (), preset: str = "luna"
) -> Library:
    """The bundled show with one preset that these rows move; all others are still."""
    still: dict[str, Any] = {"modulation": (), "listening": ()}
    moved: dict[str, Any] = {"modulation": check_rows(rows), "listening": listening}
    presets = {
        n: p.model_copy(update=moved if n == preset else still)
        for n, p in bundled().presets.items()
    }
    return replace(bundled(), presets=presets)


def send(circle: Circle, address: str, *args: object) -> None:
    """One message, checked as the desk does."""
    circle.take(TREE.accept(address, args))


def after(circle: Circle, seconds: float, dt: float = 1 / 30) -> Frame:
    """The Frame so many seconds later, at least one."""
    for _ in range(max(0, round(seconds / dt) - 1)):
        circle.step(dt)
    return circle.step(dt)
