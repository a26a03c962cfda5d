"""Checking shaders of strangers: each is compiled and drawn in a process of its own, for a time.

OpenGL cannot interrupt an endless loop, and a driver may fall over a shader; here only that file's
process ends. Run as a program, this is that process: it opens OpenGL, compiles and draws a file,
and says on its standard output, in lines of JSON, what it is about to do, and at last its report.
"""

import asyncio
import contextlib
import json
import os
import signal
import sys
from asyncio.subprocess import DEVNULL, PIPE, Process
from pathlib import Path
from typing import Any, cast

from performer.checking import Checker, report_of
from performer.errors import PerformerError
from performer.render.isf.sample import sample_pictures
from performer.render.isf.studio import Given
from performer.shelf import SUFFIXES
from performer.show.isf import PROGRESS, Shader

SIZE, FRAMES = (320, 180), 3
LIMIT = 10.0  # s that a shader may take, if nothing else is said
STARTING = 60.0  # s until a process has opened OpenGL; the limit counts from then
COMMAND = (sys.executable, "-P", "-m", "performer.sandbox")
"""`-P`: the folder we are in may hold anything, and is nowhere to import from."""
REPORT, DOING, READY = "report", "doing", "opening OpenGL"


def sandboxed(path: Path, checker: Checker, limit: float) -> dict[str, Any]:
    """Checks a shader in a process of its own, and other files as ever; a report like check's."""
    if path.suffix.lower() not in SUFFIXES:
        return checker.check(path)
    return asyncio.run(_watched(path, limit))


async def _watched(path: Path, limit: float) -> dict[str, Any]:
    process = await asyncio.create_subprocess_exec(
        *COMMAND, str(path), stdin=DEVNULL, stdout=PIPE, stderr=DEVNULL, limit=1 << 24
    )
    said: dict[str, Any] = {DOING: READY}
    patience = STARTING
    try:
        async with asyncio.timeout(patience):
            said = await _next(process) or said
        patience = limit
        async with asyncio.timeout(patience):
            while REPORT not in said and (more := await _next(process)):
                said = more
            if REPORT not in said:
                await process.wait()
    except TimeoutError:
        return _failed(path, f"took longer than {patience:g} s, {said[DOING]}")
    finally:
        if process.returncode is None:
            with contextlib.suppress(ProcessLookupError):
                process.kill()
            await process.wait()
    return said.get(REPORT) or _failed(path, f"{_end(process.returncode)}, {said[DOING]}")


async def _next(process: Process) -> dict[str, Any]:
    """The next line that a process says; empty once it has ended."""
    assert process.stdout is not None
    while line := await process.stdout.readline():
        with contextlib.suppress(ValueError):  # drivers talk, too
            if isinstance(found := json.loads(line), dict):
                return cast("dict[str, Any]", found)
    return {}


def _end(code: int | None) -> str:
    """How a process ended that said nothing more."""
    if code is not None and code < 0:
        with contextlib.suppress(ValueError):
            return f"crashed with {signal.Signals(-code).name}"
    return f"ended its process with code {code}"


def _failed(path: Path, message: str) -> dict[str, Any]:
    return report_of(path, [{"message": message}])


# ---- the process --------------------------------------------------------------------------------


class DrawingChecker(Checker):
    """Draws what it has compiled: with inputs as they are, at their lowest, at their highest."""

    def compile(self, shader: Shader) -> None:
        """FileError if it does not compile."""
        _say({DOING: "compiling"})
        super().compile(shader)
        studio = self.studio()
        sitting = studio.sitting(shader, SIZE)
        sitting.give({}, sample_pictures(shader, SIZE))
        for name, inputs in _ways(shader, set(sitting.slots)).items():
            _say({DOING: f"drawing with its inputs {name}"})
            sitting.give(inputs, {})
            for frame in range(FRAMES):
                sitting.draw(1.0 + frame / 30.0, 1.0 / 30.0)
            sitting.pixels()  # waits until it is drawn
        sitting.release()


def _ways(shader: Shader, there: set[str]) -> dict[str, dict[str, Given]]:
    inputs = [one for one in shader.inputs if one.name in there]
    ways: dict[str, dict[str, Given]] = {
        "as they are": {PROGRESS: 0.5} if shader.kind == "transition" else {},
    }
    if inputs:
        ways["at their lowest"] = {one.name: one.low for one in inputs}
        ways["at their highest"] = {one.name: one.high for one in inputs}
    return ways


def _say(line: dict[str, Any]) -> None:
    print(json.dumps(line), flush=True)


def main() -> None:
    """Checks the file that is named on the command line, and says what it finds."""
    checker, path = DrawingChecker(), Path(sys.argv[1])
    with contextlib.suppress(PerformerError):  # the report says it
        checker.studio()
    _say({DOING: "reading it"})
    _say({REPORT: checker.check(path)})
    os._exit(0)  # whatever the shader did to the driver, all is said


if __name__ == "__main__":
    main()
