"""`performer check`: every problem of presets, shows and shaders, before the night begins."""

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import moderngl

from performer.errors import FileError, PerformerError, Problem
from performer.render import context
from performer.render.isf.program import Program
from performer.render.isf.source import ALONE, FILTER, LAYER
from performer.render.isf.studio import Studio
from performer.shelf import SUFFIXES
from performer.show.controllers import load_controller
from performer.show.files import FilesError, data_folder, read_toml
from performer.show.isf import Shader, load_shader
from performer.show.isf.folders import KINDS
from performer.show.presets import load_preset
from performer.show.shows import load_show

WRAPPINGS = {"generator": LAYER, "filter": FILTER, "transition": ALONE}
"""How the night wraps a shader of each kind."""


def files_of(paths: Sequence[Path]) -> Iterator[Path]:
    """The files to check; folders are searched, and without any path the bundled ones are."""
    data = data_folder()
    for path in paths or [data / "presets", *(data / "shaders" / kind for kind in KINDS)]:
        if path.is_dir():
            endings = (".toml", *SUFFIXES)
            yield from sorted(p for p in path.rglob("*") if p.suffix.lower() in endings)
        else:
            yield path


class Checker:
    """Checks one file after another; opens OpenGL when the first shader comes."""

    def __init__(self) -> None:
        self._gl: moderngl.Context | None = None
        self._studio: Studio | None = None

    def check(self, path: Path) -> dict[str, Any]:
        """`file`, `ok` and `problems`, each with a `message` and a `line` or `key` if known."""
        try:
            self._read(path)
        except FilesError as errors:
            return report_of(path, [_told(p, e.file) for e in errors.errors for p in e.problems])
        except FileError as error:
            return report_of_error(error, path)
        except PerformerError as error:
            return report_of(path, [{"message": str(error)}])
        return report_of(path, [])

    def _read(self, path: Path) -> None:
        if path.suffix.lower() in SUFFIXES:
            self.compile(load_shader(path))
        elif path.suffix != ".toml":
            raise FileError(
                path, [Problem("must be a .toml preset, show or controller, or a .fs shader")]
            )
        elif "phase" in read_toml(path):
            load_show(path)
        elif {"map", "device"} & read_toml(path).keys():
            load_controller(path)
        else:
            load_preset(path)
            load_show(path)  # its generators exist too

    def compile(self, shader: Shader) -> None:
        """FileError if it does not compile as the night would use it."""
        studio = self.studio()
        Program(studio.gl, shader, studio.shared, WRAPPINGS[shader.kind]).release()

    def studio(self) -> Studio:
        """Where shaders are compiled and drawn; DeviceError without OpenGL."""
        if self._gl is None or self._studio is None:
            self._gl = context.headless()
            self._studio = Studio(self._gl, data_folder() / "shaders" / "pipeline")
        return self._studio

    def close(self) -> None:
        """Gives OpenGL back."""
        if self._gl is not None:
            self._gl.release()


def _told(problem: Problem, file: Path) -> dict[str, Any]:
    told: dict[str, Any] = {"message": problem.message, "in": str(file)}
    if problem.line is not None:
        told["line"] = problem.line
    if problem.key is not None:
        told["key"] = problem.key
    return told


def report_of_error(error: FileError, path: Path | None = None) -> dict[str, Any]:
    """A report on a file that cannot be used, or because of which `path` cannot be."""
    return report_of(path or error.file, [_told(p, error.file) for p in error.problems])


def report_of(path: Path, problems: list[dict[str, Any]]) -> dict[str, Any]:
    """A report on one file, each problem with what `Checker.check` says of it."""
    for problem in problems:
        if problem.get("in") == str(path):  # said already by `file`
            del problem["in"]
    return {"file": str(path), "ok": not problems, "problems": problems}


def lines_of(report: dict[str, Any]) -> Iterator[str]:
    """A report as people read it."""
    if report["ok"]:
        yield f"{report['file']}: ok"
    for problem in report["problems"]:
        where = problem.get("in", report["file"])
        if "line" in problem:
            where += f":{problem['line']}"
        elif "key" in problem:
            where += f": {problem['key']}"
        yield f"{where}: {problem['message']}"
