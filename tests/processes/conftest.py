"""Nights for the tests: however a test ends, nothing that it started lives on."""

import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from performer.show.files import data_folder

from .nights import Night

Start = Callable[..., Night]


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder of this file's own, with its state in it."""
    return tmp_path_factory.mktemp("night")


@pytest.fixture(scope="module")
def start(folder: Path) -> Iterator[Start]:
    """Starts nights, and ends them after the file's last test."""
    nights: list[Night] = []

    def begin(*options: str, where: Path = folder, **more: Any) -> Night:
        nights.append(Night(where, *options, **more))
        return nights[-1]

    yield begin
    for night in nights:
        night.close()


@pytest.fixture(scope="module")
def show(folder: Path) -> str:
    """The bundled show, copied: a look that a test saves must not land in the repository."""
    shutil.copytree(data_folder() / "presets", folder / "presets")
    return str(folder / "presets" / "shows" / "luna-circle.toml")
