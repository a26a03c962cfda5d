"""Tokens: by which an architect or a participant is known who plays from elsewhere.

A file of its own, apart from any show. Its values are secrets: no message, no error and no `repr`
shows one or a part of it. Who may do what with a token is not known here.
"""

import os
import stat
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Annotated, cast

from pydantic import Field, PlainValidator, ValidationError, model_validator
from pydantic_core import InitErrorDetails, PydanticCustomError

from performer.parameters import ID
from performer.show.files import read_model
from performer.show.problems import Written

SHORTEST, LONGEST = 16, 64  # characters; shorter ones can be guessed, longer ones cannot be sent
MOST = 1000
_ALLOWED = f"must be a token: {SHORTEST} to {LONGEST} printable ASCII characters in quotes"


def _check_token(found: object) -> str:
    if not isinstance(found, str):
        raise ValueError(_ALLOWED)
    if not SHORTEST <= len(found) <= LONGEST:
        raise ValueError(f"{_ALLOWED}, found {len(found)}")
    if not (found.isascii() and found.isprintable()):
        raise ValueError(f"{_ALLOWED}, found others in it")
    return found


def _check_architects(found: object) -> tuple[str, ...]:
    if not isinstance(found, list | tuple):
        raise ValueError('must be a list of tokens, as ["…", "…"]')
    good: list[str] = []
    bad: list[InitErrorDetails] = []
    for i, token in enumerate(cast("Sequence[object]", found)):
        try:
            good.append(_check_token(token))
        except ValueError as error:
            bad.append(InitErrorDetails(type=_problem(str(error)), loc=(i,), input=None))
    if bad:
        raise ValidationError.from_exception_data("architect", bad)
    return tuple(good)


def _check_participants(found: object) -> dict[str, str]:
    """A table of ids and tokens; who confused the two does not see the token in the message."""
    if not isinstance(found, Mapping):
        raise ValueError('must be a table of ids and tokens, as ada = "…"')
    good: dict[str, str] = {}
    bad: list[InitErrorDetails] = []
    for number, (person, token) in enumerate(cast("Mapping[str, object]", found).items(), 1):
        try:
            if not ID.fullmatch(person):
                raise ValueError(f"key {number} must be an id: 1 to 32 of a-z, 0-9, _ and -")
            good[person] = _check_token(token)
        except ValueError as error:
            loc = (person,) if ID.fullmatch(person) else ()
            bad.append(InitErrorDetails(type=_problem(str(error)), loc=loc, input=None))
    if bad:
        raise ValidationError.from_exception_data("participant", bad)
    return good


def _problem(reason: str) -> PydanticCustomError:
    return PydanticCustomError("value_error", "{reason}", {"reason": reason})


class Tokens(Written):
    """All tokens of an event."""

    architect: Annotated[tuple[str, ...], PlainValidator(_check_architects), Field(repr=False)] = ()
    participant: Annotated[
        dict[str, str], PlainValidator(_check_participants), Field(repr=False)
    ] = {}  # noqa: RUF012 - pydantic copies it
    """Id to token."""

    @model_validator(mode="after")
    def _check_apart(self) -> "Tokens":
        """At least one, and each of them somebody's alone."""
        owners: dict[str, str] = {}
        bad: list[InitErrorDetails] = []
        for loc, _, token in self._all():
            where = f"{loc[0]}[{loc[1]}]" if isinstance(loc[1], int) else f"{loc[0]}.{loc[1]}"
            if token in owners:
                reason = f"must be a token of its own, found that of {owners[token]}"
                bad.append(InitErrorDetails(type=_problem(reason), loc=loc, input=None))
            owners.setdefault(token, where)
        if not owners:
            reason = 'names nobody: write architect = ["…"], or a table [participant]'
            bad.append(InitErrorDetails(type=_problem(reason), loc=(), input=None))
        if len(owners) > MOST:
            reason = f"must have at most {MOST} tokens, found {len(owners)}"
            bad.append(InitErrorDetails(type=_problem(reason), loc=(), input=None))
        if bad:
            raise ValidationError.from_exception_data("tokens", bad)
        return self

    def _all(self) -> Iterator[tuple[tuple[str, int | str], str, str]]:
        """Place in the file, whose it is (empty: an architect's), and the token."""
        for i, token in enumerate(self.architect):
            yield ("architect", i), "", token
        for person, token in self.participant.items():
            yield ("participant", person), person, token

    @property
    def owners(self) -> tuple[tuple[str, str], ...]:
        """Every token, and the participant's id whose it is; empty for an architect's."""
        return tuple((token, person) for _, person, token in self._all())


def load_tokens(path: Path) -> Tokens:
    """The tokens of a TOML file, or FileError with every problem and its key path."""
    return read_model(Tokens, path)


def too_open(path: Path) -> str:
    """A warning if others than the file's owner may read it; else nothing."""
    try:
        mode = stat.S_IMODE(path.stat().st_mode)
    except OSError:
        return ""
    if os.name == "nt" or not mode & (stat.S_IRGRP | stat.S_IROTH):
        return ""
    return f"{path} can be read by others of this machine; chmod 600 keeps its tokens secret"
