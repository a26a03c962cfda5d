"""Which parameters an address of a controller file means: patterns, and `/participant/#3/…`.

Who is here is not known while a file is read, so a pattern is matched against the table, and any
person stands for all of them.
"""

import re
from functools import lru_cache

from performer.errors import ControlError
from performer.parameters import TREE, Parameter

NTH = re.compile(r"#[1-9][0-9]{0,2}")
"""The n-th person who is present, counted from 1."""

_SPECIAL = re.compile(r"[*?\[\]{}]")
_PERSON = ("", "participant", "{id}")


def parameters_of(address: str) -> tuple[Parameter, ...]:
    """All parameters that an address or an OSC pattern can mean, at least one, or ControlError."""
    parts = address.split("/")
    if parts[:2] == ["", "participant"] and len(parts) > 3 and _anybody(parts[2]):
        parts[2] = "{id}"
    if parts[:3] != list(_PERSON) and not _SPECIAL.search(address):
        return (TREE.find(address)[0],)
    found = tuple(p for p in TREE.parameters if _fits(parts, p.address.split("/")))
    if not found:
        raise ControlError(address, "no such address")
    return found


def _anybody(part: str) -> bool:
    return NTH.fullmatch(part) is not None or _SPECIAL.search(part) is not None


def _fits(parts: list[str], declared: list[str]) -> bool:
    if len(parts) != len(declared):
        return False
    return all(
        want == "{name}" or got == want or (want != "{id}" and _matches(got, want))
        for got, want in zip(parts, declared, strict=True)
    )


def _matches(pattern: str, text: str) -> bool:
    matcher = _matcher(pattern)
    return matcher is not None and matcher.fullmatch(text) is not None


@lru_cache(maxsize=1024)
def _matcher(pattern: str) -> re.Pattern[str] | None:
    """One part of an OSC 1.0 pattern as a regular expression; None for one that is none."""
    if not _SPECIAL.search(pattern):
        return None
    tokens = re.findall(r"\[!?[^\[\]{}]+\]|\{[^\[\]{}]*\}|[^\[\]{}]|.", pattern, re.S)
    if any(t in "[]{}" for t in tokens):
        return None
    try:
        return re.compile("".join(map(_translated, tokens)))
    except re.error:  # a range that runs backwards
        return None


def _translated(token: str) -> str:
    if token.startswith("["):
        inside = token[1:-1]
        wrong = inside.startswith("!")
        letters = re.sub(r"([\\^\[\]&|~])", r"\\\1", inside.removeprefix("!"))
        return f"[{'^' if wrong else ''}{letters}]"
    if token.startswith("{"):
        return "(?:" + "|".join(map(re.escape, token[1:-1].split(","))) + ")"
    return {"*": ".*", "?": "."}.get(token, re.escape(token))
