"""Presets: one look and sound, written down. What a preset does to a scene is not known here."""

from collections.abc import Mapping, MutableMapping, Sequence
from pathlib import Path
from typing import Annotated, Any, cast

import tomlkit
from pydantic import Field, PrivateAttr
from tomlkit.exceptions import TOMLKitError

from performer.errors import FileError, Problem
from performer.parameters import SLOTS
from performer.show.effects import Effect
from performer.show.files import parse_toml, read_model, read_text, write_atomic
from performer.show.modulating import Listening, Modulation
from performer.show.problems import Faders, Listed, Name, Text, Title, Written
from performer.show.sound import Sound
from performer.show.wiring import CheckedRows

DIGITS = 4  # decimals of a saved value: finer than any hand or eye, and readable


class Preset(Written):
    """A look and a sound: the generators dealt round the circle, the chord, where the faders stand,
    what moves them."""

    _name: str = PrivateAttr("")

    title: Title
    notes: Text = ""
    generators: Annotated[Listed[Name], Field(min_length=1, max_length=24)]
    values: Faders = Field(default_factory=dict[str, float])
    sound: Sound = Sound()
    modulation: Annotated[Listed[Modulation], Field(max_length=64), CheckedRows] = ()
    listening: Annotated[Listed[Listening], Field(max_length=64)] = ()
    effect: Annotated[Listed[Effect], Field(max_length=SLOTS)] = ()
    transition: Name | None = None
    """What carries the preset before into this one, besides the crossfade."""

    def model_post_init(self, context: Any) -> None:
        """The name comes with the file."""
        self._name = str(context["name"]) if context else ""

    @property
    def name(self) -> str:
        """The file's stem: what `/preset` calls it."""
        return self._name


def load_preset(path: Path) -> Preset:
    """A checked preset, or FileError with every problem of the file."""
    return read_model(Preset, path)


def save_preset(
    path: Path,
    values: Mapping[str, float],
    *,
    title: str | None = None,
    notes: str | None = None,
    generators: Sequence[str] | None = None,
    modulation: Sequence[Modulation] | None = None,
    sound: Sound | None = None,
    listening: Sequence[Listening] | None = None,
    effect: Sequence[Effect] | None = None,
    transition: str | None = None,
) -> Preset:
    """Writes a preset and returns it as it now loads.

    In an existing file comments, order and everything that did not change stay as they are; what
    is not given (None, or an address that is not in `values`) is kept. A new file needs
    `generators`. FileError if the result, or the file that is there, would not load; DeviceError
    if it cannot be written; both leave the old file untouched.
    """
    text = read_text(path) if path.exists() else ""
    old = read_model(Preset, path, parse_toml(text, path)) if path.exists() else None
    document = _document(text, path)
    _put_heading(document, old, title or (None if old else path.stem), notes, generators)
    _put_values(document, old.values if old else {}, values)
    if sound is not None and sound != (old.sound if old else Sound()):
        document["sound"] = tomlkit.item(sound.model_dump(exclude_defaults=True))
    if transition is not None and transition != (old.transition if old else None):
        document["transition"] = transition
    for key, rows in (("modulation", modulation), ("listening", listening), ("effect", effect)):
        if rows is not None and tuple(rows) != (getattr(old, key) if old else ()):
            document[key] = tomlkit.item([r.model_dump(exclude_defaults=True) for r in rows])
    text = tomlkit.dumps(document)
    preset = read_model(Preset, path, parse_toml(text, path))
    write_atomic(path, text)
    return preset


def _document(text: str, path: Path) -> tomlkit.TOMLDocument:
    try:
        return tomlkit.parse(text)
    except TOMLKitError as error:  # stricter than tomllib in a few corners
        raise FileError(path, [Problem(f"cannot be edited: {error}")]) from error


def _put_heading(
    document: tomlkit.TOMLDocument,
    old: Preset | None,
    title: str | None,
    notes: str | None,
    generators: Sequence[str] | None,
) -> None:
    wanted = {"title": title, "notes": notes, "generators": generators and tuple(generators)}
    for key, value in wanted.items():
        if value is not None and (old is None or getattr(old, key) != value):
            document[key] = list(value) if isinstance(value, tuple) else value


def _put_values(
    document: tomlkit.TOMLDocument, old: Mapping[str, float], new: Mapping[str, float]
) -> None:
    if "values" not in document:
        document["values"] = tomlkit.table()
    table = cast("MutableMapping[str, float]", document["values"])
    for address, value in new.items():
        if address not in old or round(old[address], DIGITS) != round(value, DIGITS):
            table[address] = round(float(value), DIGITS)
