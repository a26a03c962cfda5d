"""Which parameters an address of a controller file means: patterns, and `/participant/#3/…`.

Who is here is not known while a file is read, so a pattern is matched against the table, and any
person stands for all of them. What is a pattern is what OSC takes for one: parameters/patterns.
"""

import re

from performer.errors import ControlError
from performer.parameters import ID, INPUT, TREE, Parameter
from performer.parameters.patterns import DEEP, Part, Parts, after, is_pattern, parts_of, reached

NTH = re.compile(r"#[1-9][0-9]{0,2}")
"""The n-th person who is present, counted from 1."""
_NTH_PERSON = re.compile(rf"^/participant/{NTH.pattern}/")

_NAMES = {"{id}": re.compile(f"{NTH.pattern}|{ID.pattern}"), "{name}": INPUT}
"""What may stand in the table's own places."""


def parameters_of(address: str) -> tuple[Parameter, ...]:
    """All parameters that an address or an OSC pattern can mean, at least one, or ControlError."""
    if not is_pattern(address):
        return (TREE.find(_NTH_PERSON.sub("/participant/x/", address))[0],)
    wanted = parts_of(address)
    found = tuple(p for p in TREE.parameters if _fits(wanted, p.address.split("/")[1:]))
    if not found:
        raise ControlError(address, "no such address")
    return found


def _fits(parts: Parts, declared: list[str]) -> bool:
    at = reached(parts, {0})
    for name in declared:
        further = {j for i in at if (j := _after(parts, i, name)) is not None}
        at = reached(parts, further)
    return len(parts) in at


def _after(parts: Parts, i: int, name: str) -> int | None:
    """As `after`, where one of the table's names stands for all that it may be."""
    place, part = _NAMES.get(name), parts[i] if i < len(parts) else None
    if place is None or part is None or part == DEEP:
        return after(parts, i, name)
    return i + 1 if isinstance(part, Part) or place.fullmatch(part) else None
