"""One reference host for all tests of this folder, and none beside the tests that follow."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from .host import ReferenceHost, installed


@pytest.fixture(scope="package")
def package(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of the installed npm package."""
    return installed(tmp_path_factory.mktemp("npm"))


@pytest.fixture(scope="package")
def reference(package: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[ReferenceHost]:
    """A reference host that runs."""
    with ReferenceHost(package, tmp_path_factory.mktemp("chromium")) as host:
        yield host
