"""What was learnt, kept: one `learnt-….toml` for each device in the user's own folder.

The file is an ordinary controller file that goes before the device's own; people may edit it,
their comments stay. Pure: texts in, texts out. What a gesture means while learning is in `learn`,
how a text comes to the disk in `keeping`.
"""

import re
from collections.abc import Callable, MutableMapping
from pathlib import Path
from typing import Any, cast

import tomlkit
from tomlkit.exceptions import TOMLKitError
from tomlkit.items import Array

from performer.controllers.mapping.learn import Found
from performer.errors import ControlError, FileError, Problem
from performer.show.controllers import LEARNT, Controllers, load_controller
from performer.show.files import parse_toml
from performer.show.maps import Controller, Map

_NUMBERS = re.compile(r"\s+\d+:\d+$")  # ALSA's, new at every start
_NO_SLUG = re.compile(r"[^a-z0-9]+")
_Row = MutableMapping[str, Any]


def learnable(address: str) -> None:
    """ControlError for an address that no control could play without being told more."""
    reason = ""
    for control in ("cc 0", "program"):
        try:
            _checked({"control": control, "address": address})
        except FileError as error:
            reason = reason or error.problems[0].message
        else:
            return
    raise ControlError(address, f"cannot be learnt: {reason}")


def map_of(found: Found, address: str) -> dict[str, Any]:
    """The map, as written, that plays an address with a control as it was moved.

    ControlError if that kind of control cannot play it.
    """
    knob = found.knob
    wanted: dict[str, Any] = {"control": _control(found), "channel": knob.channel,
                              "address": address}  # fmt: skip
    tries = [wanted]
    if found.manner == "encoder":
        tries = [wanted | {"mode": "relative", "encoding": found.encoding}, wanted]
    elif found.manner == "program":
        tries = [wanted | {"control": f"program {found.value}"}, wanted]
    elif found.manner == "button":
        tries = [wanted | {"mode": mode} for mode in ("toggle", "trigger")]
    reason = ""
    for row in tries:
        try:
            mode = _checked(row)
        except FileError as error:
            reason = error.problems[0].message
        else:
            return row | {"mode": mode}
    raise ControlError(address, f"cannot be played by {knob}: {reason}")


def _control(found: Found) -> str:
    return str(found.knob).rsplit(" ch ", 1)[0]


def _checked(row: dict[str, Any]) -> str:
    """The mode that a map comes to; FileError where it cannot be."""
    return load_controller(Path("learnt"), {"title": "learnt", "map": [row]}).map[0].fitted.mode


def learnt_file(controllers: Controllers, device: str) -> tuple[Path, list[str]]:
    """Where a device's learnt controls are kept, and what the file calls it."""
    layout, folder = controllers.of(device), controllers.folder
    if layout.learnt:
        return layout.learnt.path, list(layout.learnt.controller.device)
    base = layout.base
    if base and base.controller.device:
        return folder / f"{LEARNT}{base.path.stem}.toml", list(base.controller.device)
    name = _NUMBERS.sub("", device).strip()[:64] or "device"
    slug = _NO_SLUG.sub("-", name.casefold()).strip("-")[:48] or "device"
    return folder / f"{LEARNT}{slug}.toml", [name]


def heading(devices: list[str]) -> str:
    """A file in which nothing is learnt yet."""
    document = tomlkit.document()
    document.add(tomlkit.comment("Written by /learn. Goes before the device's own file."))
    document["title"] = f"Learnt: {devices[0]}"[:120]
    document["device"] = devices
    return tomlkit.dumps(document)


def add(path: Path, text: str, row: dict[str, Any]) -> tuple[str, Controller]:
    """A file's text with one map more; what the control did in it before goes. FileError."""
    new = load_controller(path, {"title": "learnt", "map": [row]}).map[0]

    def change(rows: list[_Row], maps: tuple[Map, ...]) -> None:
        for i in reversed(range(len(maps))):
            if maps[i].clashes(new):
                del rows[i]
        rows.append(_table(rows, row))

    return _changed(path, text, change)


def _table(rows: list[_Row], row: dict[str, Any]) -> _Row:
    """A new row, written as the file writes its rows."""
    table = tomlkit.inline_table() if isinstance(rows, Array) else tomlkit.table()
    table.update(row)
    return table


def remove(path: Path, text: str, address: str) -> tuple[str, Controller]:
    """A file's text in which no control plays an address. FileError."""

    def change(rows: list[_Row], maps: tuple[Map, ...]) -> None:
        for i in reversed(range(len(maps))):
            if maps[i].address == address:
                del rows[i]

    return _changed(path, text, change)


def _changed(
    path: Path, text: str, change: Callable[[list[_Row], tuple[Map, ...]], None]
) -> tuple[str, Controller]:
    old = load_controller(path, parse_toml(text, path))
    try:
        document = tomlkit.parse(text)
    except TOMLKitError as error:  # stricter than tomllib in a few corners
        raise FileError(path, [Problem(f"cannot be edited: {error}")]) from error
    if "map" not in document:
        document.append("map", tomlkit.aot())
    change(cast("list[_Row]", document["map"]), old.map)
    text = tomlkit.dumps(document)
    return text, load_controller(path, parse_toml(text, path))
