"""Finding, reading and writing the files of a show.

A file is used whole or not at all: what comes out of here is complete and checked, what goes in
replaces the old file in one step. What the files mean is not known here.
"""

import contextlib
import os
import re
import tempfile
import tomllib
from collections.abc import Sequence
from pathlib import Path
from typing import Any, Literal, TypeVar

from pydantic import BaseModel, ValidationError

from performer.errors import DeviceError, FileError, PerformerError, Problem
from performer.show.problems import one_of, problems_of

__all__ = [
    "FilesError", "data_folder", "find", "names", "problems_of", "read_model", "read_text",
    "read_toml", "write_atomic",
]  # fmt: skip

LARGEST = 1 << 20  # bytes of a written file; the bundled ones are a hundredth of it
NAME = re.compile(r"[A-Za-z0-9_][A-Za-z0-9_ .-]{0,63}")
_PLACE = re.compile(r" \(at (?:line (\d+), column \d+|end of document)\)$")

Kind = Literal["show", "preset", "generator"]
_WHERE: dict[Kind, tuple[str, str]] = {
    "show": ("presets/shows", ".toml"),
    "preset": ("presets", ".toml"),
    "generator": ("shaders/layers", ".fs"),
}
_Model = TypeVar("_Model", bound=BaseModel)


class FilesError(PerformerError):
    """Several files that cannot be used together: all problems of all of them at once."""

    def __init__(self, errors: Sequence[FileError]) -> None:
        """`errors`: at least one, in the order in which they are told."""
        super().__init__("\n".join(str(e) for e in errors))
        self.errors = tuple(errors)


def data_folder() -> Path:
    """The folder that holds shaders/, presets/ and assets/, in a wheel and in a checkout."""
    package = Path(__file__).resolve().parents[1]
    shipped = package / "_data"
    return shipped if shipped.is_dir() else package.parent


def names(kind: Kind, data: Path | None = None) -> list[str]:
    """Names of all files of a kind, sorted."""
    folder, ending = _WHERE[kind]
    return sorted(p.stem for p in ((data or data_folder()) / folder).glob(f"*{ending}"))


def find(kind: Kind, name: str, data: Path | None = None) -> Path:
    """The file of that name, or FileError naming those that exist. A name is never a path."""
    folder, ending = _WHERE[kind]
    base = (data or data_folder()) / folder
    if NAME.fullmatch(name) and (path := base / f"{name}{ending}").is_file():
        return path
    raise FileError(base, [Problem(one_of(name, kind, names(kind, data)))])


def read_text(path: Path) -> str:
    """A whole UTF-8 file of at most 1 MiB (a byte order mark is dropped), or FileError."""
    try:
        if not path.is_file():  # a pipe would be waited for
            raise FileError(path, [Problem("no such file")])
        with path.open("rb") as file:
            data = file.read(LARGEST + 1)
    except (OSError, ValueError) as error:
        reason = error.strerror if isinstance(error, OSError) else str(error)
        raise FileError(path, [Problem(f"cannot be read: {reason}")]) from error
    if len(data) > LARGEST:
        raise FileError(path, [Problem("is larger than 1 MiB, the most that is read")])
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        found = f"is not UTF-8 text: byte 0x{data[error.start]:02x}"
        raise FileError(path, [Problem(found, line=line)]) from error


def read_toml(path: Path) -> dict[str, Any]:
    """The tables of a TOML file, or FileError with the line at which it is not TOML."""
    return parse_toml(read_text(path), path)


def parse_toml(text: str, path: Path) -> dict[str, Any]:
    """The tables of a TOML text that is, or will be, the file `path`."""
    try:
        return tomllib.loads(text)
    except RecursionError as error:
        raise FileError(path, [Problem("is nested too deeply")]) from error
    except ValueError as error:  # TOMLDecodeError, and numbers of thousands of digits
        message = str(error)
        at = _PLACE.search(message)
        line = int(at[1] or text.count("\n") + 1) if at else None
        said = _PLACE.sub("", message)
        raise FileError(path, [Problem(f"is not valid TOML: {said}", line=line)]) from error


def read_model(model: type[_Model], path: Path, data: dict[str, Any] | None = None) -> _Model:
    """A checked `model` of a TOML file (or of its `data`), or FileError with every problem.

    The file's stem is the validation context's `name`.
    """
    tables = read_toml(path) if data is None else data
    try:
        return model.model_validate(tables, context={"name": path.stem})
    except ValidationError as error:
        raise FileError(path, problems_of(error, model)) from error


def write_atomic(path: Path, data: bytes | str) -> None:
    """Replaces a file in one step and keeps the old one as `name~`.

    DeviceError if that fails; the old file is then untouched.
    """
    content = data.encode() if isinstance(data, str) else data
    path = path.resolve()  # a link stays a link
    try:
        _replace(path, content)
    except OSError as error:
        tried = f"{path} could not be written ({error.strerror}), the old file is untouched"
        raise DeviceError(f"{tried}; free some space or choose another folder") from error


def _replace(path: Path, content: bytes) -> None:
    fresh = _beside(path, content)
    try:
        if path.exists():
            fresh.chmod(path.stat().st_mode & 0o777)
            os.replace(_beside(path, path.read_bytes()), path.with_name(path.name + "~"))
        os.replace(fresh, path)
    except OSError:
        fresh.unlink(missing_ok=True)
        raise
    _settle(path.parent)


def _beside(path: Path, content: bytes) -> Path:
    """A new file in the same folder whose bytes are on the disk."""
    handle, name = tempfile.mkstemp(prefix=f".{path.name}.", dir=path.parent)
    fresh = Path(name)
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(content)
            file.flush()
            os.fsync(handle)
        fresh.chmod(0o644)  # mkstemp's are private, these are to be shared
    except OSError:
        fresh.unlink(missing_ok=True)
        raise
    return fresh


def _settle(folder: Path) -> None:
    """Puts the folder's entry on the disk too, where the system lets a folder be opened."""
    with contextlib.suppress(OSError):
        handle = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)
