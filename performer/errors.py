"""The errors a person can meet, in one short tree. Each says what to do about it.

PerformerError
|- ControlError   address, found, allowed       a message that is refused
|- FileError      file, problems                a preset, show or shader that cannot be used
`- DeviceError    kind, what to try next        no display, no OpenGL, a port in use, a full disk
"""

from dataclasses import dataclass
from pathlib import Path


class PerformerError(Exception):
    """Everything Performer refuses on purpose. `str(error)` is fit to show to a person."""


class ControlError(PerformerError):
    """A control message that is refused; the show goes on."""

    def __init__(self, address: str, reason: str) -> None:
        super().__init__(f"{address}: {reason}")
        self.address = address
        self.reason = reason


@dataclass(frozen=True)
class Problem:
    """One thing wrong in one file: at a `line` (1-based) or a `key` path, or in the whole file."""

    message: str
    line: int | None = None
    key: str | None = None

    def where(self, file: Path) -> str:
        """`file`, `file:12` or `file: key.path`, as editors and people read it."""
        if self.line is not None:
            return f"{file}:{self.line}"
        return f"{file}: {self.key}" if self.key else str(file)


class FileError(PerformerError):
    """A file that cannot be used, with every problem found in it."""

    def __init__(self, file: Path, problems: list[Problem]) -> None:
        super().__init__("\n".join(f"{p.where(file)}: {p.message}" for p in problems))
        self.file = file
        self.problems = problems


class DeviceError(PerformerError):
    """Something of the machine that is missing or busy; the message says what to try."""
