"""What an ISF header says of its passes and of the pictures that it imports. Pure data.

How a buffer is kept and drawn is not known here, nor what a size's expression comes to.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, cast

from performer.errors import Problem
from performer.show.isf.expressions import Expression
from performer.show.problems import shown

IDENTIFIER = re.compile(r"[A-Za-z_][A-Za-z0-9_]{0,62}")
MOST_PASSES = 32
_SIZES = ("WIDTH", "HEIGHT")


@dataclass(frozen=True)
class Pass:
    """One draw. Without a target it goes to the shader's own output."""

    target: str = ""
    persistent: bool = False
    """The target is kept from one frame to the next."""
    floating: bool = False
    """The target holds floats; else 8 bits of 0..1."""
    width: Expression | None = None
    """None: as wide as the output."""
    height: Expression | None = None


@dataclass(frozen=True)
class Imported:
    """A picture that lies beside the shader."""

    name: str
    path: Path


def read_passes(header: Mapping[str, Any], problems: list[Problem]) -> tuple[Pass, ...]:
    """The passes of a header, at least one, version 1's persistent buffers among them."""
    kept = _kept(header, problems)
    found = header.get("PASSES")
    if found is None:
        return (Pass(),)
    if not isinstance(found, list):
        problems.append(Problem(f"must be a list, found {shown(found)}", key="PASSES"))
        return (Pass(),)
    several = cast("list[object]", found)
    if len(several) > MOST_PASSES:
        told = f"has {len(several)} passes; the most is {MOST_PASSES}"
        problems.append(Problem(told, key="PASSES"))
        return (Pass(),)
    return tuple(_pass(f"PASSES[{i}]", one, kept, problems) for i, one in enumerate(several)) or (
        Pass(),
    )


def _kept(header: Mapping[str, Any], problems: list[Problem]) -> dict[str, Mapping[str, Any]]:
    """Version 1's PERSISTENT_BUFFERS: names, or names with a size and a depth."""
    found: object = header.get("PERSISTENT_BUFFERS") or {}
    if isinstance(found, list):
        return {str(n): {} for n in cast("list[object]", found)}
    if isinstance(found, dict):
        tables = cast("dict[str, object]", found)
        return {
            n: cast("dict[str, Any]", t) if isinstance(t, dict) else {} for n, t in tables.items()
        }
    told = f"must be a list of names or an object, found {shown(found)}"
    problems.append(Problem(told, key="PERSISTENT_BUFFERS"))
    return {}


def _pass(
    key: str, found: object, kept: Mapping[str, Mapping[str, Any]], problems: list[Problem]
) -> Pass:
    if not isinstance(found, dict):
        problems.append(Problem(f"must be an object, found {shown(found)}", key=key))
        return Pass()
    table = cast("dict[str, Any]", found)
    target: object = table.get("TARGET") or ""
    if not isinstance(target, str) or (target and not IDENTIFIER.fullmatch(target)):
        told = f"must be letters, digits and _, found {shown(target)}"
        problems.append(Problem(told, key=f"{key}.TARGET"))
        target = ""
    table = {**kept.get(target, {}), **table}
    sizes = [_size(f"{key}.{k}", table.get(k), problems) for k in _SIZES]
    persistent = target in kept or _true(table.get("PERSISTENT"))
    return Pass(target, persistent, _true(table.get("FLOAT")), sizes[0], sizes[1])


def _true(found: object) -> bool:
    """true, 1 and what people write instead."""
    return found in (True, 1) or (isinstance(found, str) and found.lower() in ("true", "1", "yes"))


def _size(key: str, found: object, problems: list[Problem]) -> Expression | None:
    """A size that is not always the output's."""
    if found is None or found == "":
        return None
    try:
        if isinstance(found, bool) or not isinstance(found, int | float | str):
            raise ValueError(f"must be a number or an expression, found {shown(found)}")
        return Expression.parse(found)
    except ValueError as error:
        problems.append(Problem(str(error), key=key))
        return None


def read_imported(
    header: Mapping[str, Any], file: Path, problems: list[Problem]
) -> tuple[Imported, ...]:
    """The pictures of a header. Each lies in the shader's folder, or in one below it."""
    found: object = header.get("IMPORTED") or {}
    tables: dict[str, object] = {}
    if isinstance(found, dict):
        tables = cast("dict[str, object]", found)
    elif isinstance(found, list):  # version 1 as some wrote it: a list of objects with a NAME
        for one in cast("list[object]", found):
            table = cast("dict[str, object]", one) if isinstance(one, dict) else {}
            tables[str(table.get("NAME", ""))] = table
    else:
        problems.append(Problem(f"must be an object, found {shown(found)}", key="IMPORTED"))
    read = [_imported(name, table, file, problems) for name, table in tables.items()]
    return tuple(one for one in read if one is not None)


def _imported(name: str, found: object, file: Path, problems: list[Problem]) -> Imported | None:
    key = f"IMPORTED.{name}"
    table = cast("dict[str, object]", found) if isinstance(found, dict) else {}
    path = table.get("PATH")
    if not IDENTIFIER.fullmatch(name):
        problems.append(Problem(f"must be letters, digits and _, found {shown(name)}", key=key))
    elif not isinstance(path, str) or not path:
        told = f"must be the picture's file, found {shown(path)}"
        problems.append(Problem(told, key=f"{key}.PATH"))
    elif not _below(file.parent / path, file.parent):
        told = f"must lie in the shader's folder or below it, found {shown(path)}"
        problems.append(Problem(told, key=f"{key}.PATH"))
    else:
        return Imported(name, file.parent / path)
    return None


def _below(path: Path, folder: Path) -> bool:
    return path.resolve().is_relative_to(folder.resolve())
