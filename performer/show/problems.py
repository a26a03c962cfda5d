"""What is wrong with a written file, in plain words: key path, what was found, what is allowed.

The base class and the checked kinds that all files' models share live here. Reading and writing
files does not, nor does anything about one particular kind of file.
"""

import json
import re
from collections.abc import Iterable, Mapping, Sequence
from difflib import get_close_matches
from typing import Annotated, Any, TypeVar, cast, get_args, get_origin

from pydantic import (
    AfterValidator,
    BaseModel,
    ConfigDict,
    PlainValidator,
    Strict,
    StringConstraints,
    ValidationError,
)
from pydantic_core import ErrorDetails, InitErrorDetails, PydanticCustomError

from performer.errors import ControlError, Problem
from performer.parameters import TREE, Nature

MOST_PROBLEMS = 50  # of one file; the rest is counted, not listed

FADERS = tuple(p.address for p in TREE.continuous if p.nature is Nature.FADER)
"""Addresses a preset may set, in the tree's order; which ones modulation moves, routes.py says."""

_BARE_KEY = re.compile(r"[A-Za-z0-9_-]{1,60}")
_ALLOWED = {
    "string_type": "text in quotes",
    "float_type": "a number",
    "int_type": "a whole number",
    "finite_number": "a finite number",
    "tuple_type": "a list",
    "model_type": "a table",
}


class Written(BaseModel):
    """Base of everything read from TOML: strict, frozen, no unknown keys, no inf or nan."""

    model_config = ConfigDict(strict=True, frozen=True, extra="forbid", allow_inf_nan=False)


def within(low: float, high: float, unit: str = "", above: bool = False) -> AfterValidator:
    """A number in `low`..`high`, both inclusive unless it must be `above` low."""
    bounds = f"above {low:g}, at most {high:.15g}" if above else f"{low:g}..{high:.15g}"
    allowed = f"{bounds} {unit}".rstrip()

    def check(found: float) -> float:
        if found > high or found < low or (above and found == low):
            raise ValueError(f"must be {allowed}, found {shown(found)}")
        return found

    return AfterValidator(check)


_T = TypeVar("_T")
Unit = Annotated[float, within(0, 1)]
Text = Annotated[str, StringConstraints(max_length=4000)]
Title = Annotated[str, StringConstraints(min_length=1, max_length=120)]
Name = Annotated[str, StringConstraints(min_length=1, max_length=64)]
Listed = Annotated[tuple[_T, ...], Strict(False)]
"""A TOML list becomes a tuple; what is in it stays strict."""


def check_fader(address: str, found: object) -> float:
    """`found` as a value of a fader; ControlError with what is allowed for anything else."""
    parameter = TREE.literal.get(address)
    if parameter is None:
        raise ControlError(address, f"no such address{TREE.nearest(address)}")
    if parameter.nature is not Nature.FADER:
        raise ControlError(address, "is not a fader, only faders can be written down")
    arg = parameter.args[0]
    if isinstance(found, str):
        raise ControlError(address, f"must be a number, found {shown(found)}")
    if isinstance(found, bool) or (isinstance(found, int) and abs(found) > 1e9):
        raise ControlError(address, f"must be {arg.range}, found {shown(found)}")
    return float(arg.check(address, found))


def _check_faders(found: object) -> dict[str, float]:
    """A table of faders; every wrong entry is a problem of its own."""
    if not isinstance(found, Mapping):
        raise ValueError(f"must be a table of addresses and numbers, found {shown(found)}")
    good: dict[str, float] = {}
    bad: list[InitErrorDetails] = []
    for address, value in cast("Mapping[str, object]", found).items():
        try:
            good[address] = check_fader(address, value)
        except ControlError as error:
            kind = PydanticCustomError("fader", "{reason}", {"reason": error.reason})
            bad.append(InitErrorDetails(type=kind, loc=(address,), input=value))
    if bad:
        raise ValidationError.from_exception_data("faders", bad)
    return good


Faders = Annotated[dict[str, float], PlainValidator(_check_faders)]
"""Address to value: only faders of the tree, inside their ranges."""


def problems_of(error: ValidationError, model: type[BaseModel] | None = None) -> list[Problem]:
    """Every problem with its key path (lists count from 0), at most 50 and a count of the rest.

    With the `model` that refused, unknown keys are answered with the nearest and all allowed ones.
    """
    found = [e for e in error.errors(include_url=False) if not _echo(e)]
    problems = [Problem(_message(e, model), key=key_path(e["loc"])) for e in found[:MOST_PROBLEMS]]
    if len(found) > MOST_PROBLEMS:
        problems.append(Problem(f"and {len(found) - MOST_PROBLEMS} more problems"))
    return problems


def _echo(error: ErrorDetails) -> bool:
    """A list is only too short because what is in it was refused."""
    least = error.get("ctx", {}).get("min_length", 0)
    return error["type"] == "too_short" and len(error["input"]) >= least


def _message(error: ErrorDetails, model: type[BaseModel] | None) -> str:
    kind, ctx, found = error["type"], error.get("ctx", {}), error["input"]
    if kind == "missing":
        return "is missing and must be given"
    if kind == "extra_forbidden":
        return _unknown(str(error["loc"][-1]), _keys_at(model, error["loc"][:-1]))
    if kind in ("value_error", "fader"):
        return str(ctx.get("error", ctx.get("reason", "")))
    if kind == "literal_error":
        return f"must be {ctx['expected']}, found {shown(found)}"
    return f"must be {_allowed(kind, ctx, error['msg'])}, found {shown(found)}"


def _allowed(kind: str, ctx: Mapping[str, Any], otherwise: str) -> str:
    if kind in _ALLOWED:
        return _ALLOWED[kind]
    if kind == "too_short":
        return f"a list of at least {ctx['min_length']}"
    if kind == "too_long":
        return f"a list of at most {ctx['max_length']}"
    if kind == "string_too_short":
        return f"text of at least {ctx['min_length']} characters"
    if kind == "string_too_long":
        return f"text of at most {ctx['max_length']} characters"
    return f"otherwise ({otherwise})"


def _unknown(key: str, allowed: Sequence[str]) -> str:
    names = f"; allowed: {', '.join(allowed)}" if allowed else ""
    return f"is an unknown key{did_you_mean(key, allowed)}{names}"


def _keys_at(model: type[BaseModel] | None, loc: Sequence[str | int]) -> list[str]:
    """The keys allowed in the table at `loc`; empty when `model` does not say."""
    for part in loc:
        if isinstance(part, int) or model is None:
            continue
        model = next((_model_in(f.annotation) for n, f in model.model_fields.items()
                      if part == (f.alias or n)), None)  # fmt: skip
    return [f.alias or n for n, f in model.model_fields.items()] if model else []


def _model_in(annotation: Any) -> type[BaseModel] | None:
    """The model in `Model`, `tuple[Model, ...]` or `Annotated[...]` of one of these."""
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return annotation
    if get_origin(annotation) is None:
        return None
    return next((m for a in get_args(annotation) if (m := _model_in(a))), None)


def key_path(loc: Iterable[str | int]) -> str:
    """`("phase", 2, "preset")` as `phase[2].preset`; keys that need quotes get them."""
    path = ""
    for part in loc:
        if isinstance(part, int):
            path += f"[{part}]"
        else:
            key = part if _BARE_KEY.fullmatch(part) else json.dumps(part[:60], ensure_ascii=False)
            path += f".{key}" if path else key
    return path


def did_you_mean(found: str, allowed: Iterable[str]) -> str:
    """`, did you mean …?` or nothing."""
    near = get_close_matches(found[:100], list(allowed), 1)
    return f", did you mean {near[0]}?" if near else ""


def one_of(found: str, what: str, names: Iterable[str]) -> str:
    """The message for a name that does not exist: the nearest, and those that do."""
    names = sorted(names)
    there = ", ".join(names[:24]) + (" …" if len(names) > 24 else "")
    near = did_you_mean(found, names) or "."
    return f"no {what} {shown(found)}{near} There are: {there or 'none'}"


def shown(found: object) -> str:
    """What was found, short enough for one line, whatever it is."""
    if isinstance(found, bool):
        return str(found).lower()  # as TOML and JSON write it
    try:
        text = repr(found)
    except (ValueError, RecursionError):  # thousands of digits or brackets
        return f"a very large {type(found).__name__}"
    return text if len(text) <= 40 else text[:37] + "..."
