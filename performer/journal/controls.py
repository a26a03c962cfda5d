"""Recorded controls: one JSON object per line, `{"t": seconds, "address": …, "args": […]}`.

Replaying the file in a rehearsal gives the same night again.
"""

import json
import logging
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any, TextIO, cast

from performer.errors import ControlError, DeviceError, FileError, Problem
from performer.parameters import TREE, Control

log = logging.getLogger("performer.journal")

OWN_DATA = frozenset({"feeling", "rhythm", "breath", "heart", "picture", "words"})
"""Messages that carry somebody's own data: recorded only with consent to `record_local`."""


class ControlRecorder:
    """Appends every applied message to a file, as it happens."""

    def __init__(self, path: Path) -> None:
        """Opens the file for appending; DeviceError if it cannot be written."""
        self.path = path
        self.failed = ""
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            self._file: TextIO = path.open("a", encoding="utf-8")
        except OSError as error:
            raise DeviceError(f"cannot record controls to {path}: {error.strerror}") from None

    def write(self, time: float, control: Control) -> None:
        """One message at its show time in s. A full disk ends the file, never the show."""
        if self.failed:
            return
        line = json.dumps({"t": time, "address": control.address, "args": list(control.args)})
        try:
            self._file.write(line + "\n")
            self._file.flush()
        except OSError as error:
            self._fail(error)

    def close(self) -> None:
        """Closes the file; what a full disk did not take is given up."""
        try:
            self._file.close()
        except OSError as error:
            self._fail(error)

    def _fail(self, error: OSError) -> None:
        if not self.failed:
            self.failed = f"the record of controls {self.path} ends here: {error.strerror}"
            log.error("%s; the show goes on", self.failed)


def read_controls(path: Path) -> list[tuple[float, Control]]:
    """Recorded messages with their times; FileError names every line that is wrong."""
    try:
        lines = path.read_text(encoding="utf-8").splitlines()
    except (OSError, UnicodeDecodeError) as error:
        raise FileError(path, [Problem(f"cannot be read: {error}")]) from None
    found: list[tuple[float, Control]] = []
    problems: list[Problem] = []
    for number, line in enumerate(lines, 1):
        try:
            if line.strip():
                found.append(_parsed(json.loads(line)))
        except (ValueError, ControlError) as error:
            problems.append(Problem(str(error), line=number))
    if problems:
        raise FileError(path, problems)
    return sorted(found, key=lambda pair: pair[0])


def _parsed(found: Any) -> tuple[float, Control]:
    row = cast("dict[str, Any]", found) if isinstance(found, dict) else {}
    time, address, args = row.get("t"), row.get("address"), row.get("args")
    if not isinstance(time, int | float) or not isinstance(address, str):
        raise ValueError('must be {"t": seconds, "address": "/…", "args": […]}')
    if not isinstance(args, list) or not 0.0 <= time < 1e9:
        raise ValueError("args must be a list, and t seconds from the show's start")
    return float(time), TREE.accept(address, cast("list[object]", args))


def due(waiting: list[tuple[float, Control]], time: float) -> Iterator[Control]:
    """Takes from `waiting` (sorted by time) what is due by `time` s."""
    while waiting and waiting[0][0] <= time + 1e-9:
        yield waiting.pop(0)[1]


def merged(*lists: Iterable[tuple[float, Control]]) -> list[tuple[float, Control]]:
    """Several scripts as one, sorted by time; of one time, the earlier list's come first."""
    return sorted((pair for one in lists for pair in one), key=lambda pair: pair[0])
