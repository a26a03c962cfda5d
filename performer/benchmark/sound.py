"""The sound's figures: blocks, a night in JACK's dummy driver, and rehearsals with sound.

The night plays 64 voices while a stage of software OpenGL keeps every processor busy. Its gaps are
counted twice: by the sound process, and in a recording that another program made.
"""

import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path
from time import perf_counter, process_time
from typing import Any, NamedTuple

from performer.benchmark.jack import Server
from performer.benchmark.loop import STALL, TOLD
from performer.benchmark.night import NightBench
from performer.benchmark.plan import Figures, Plan, middle
from performer.errors import DeviceError
from performer.rehearsal import Takes, rehearse
from performer.render.scene import View
from performer.show.shows import load_show

Section = tuple[str, Callable[[], object]]

SOFTWARE = {"LIBGL_ALWAYS_SOFTWARE": "1"}  # so that a stage keeps processors busy anywhere
ONE_THREAD = {"OPENBLAS_NUM_THREADS": "1", "OMP_NUM_THREADS": "1"}  # as every night's processes
REHEARSED, FPS = 12, 30.0  # people and pictures a second of the rehearsal
PATIENCE = 300.0  # s for all blocks, on the slowest machine


class SoundBench:
    """What is measured on the sound, alone and with pictures beside it."""

    def __init__(self, show: str, plan: Plan) -> None:
        self.show, self.plan = show, plan

    def sections(self) -> list[Section]:
        """What can be measured, by name."""
        return [("sound", self.blocks), ("sound_live", self.live), ("rehearsal", self.rehearsal)]

    def blocks(self) -> Figures:
        """One block, median and 99th percentile in % of its length, and its parts."""
        job = {"show": self.show, "people": self.plan.sounding, "apart": self.plan.python,
               "count": self.plan.blocks}  # fmt: skip
        done = subprocess.run(
            [sys.executable, "-m", "performer.benchmark.blocks", json.dumps(job)],
            env={**os.environ, **ONE_THREAD}, capture_output=True, timeout=PATIENCE, check=False,
        )  # fmt: skip
        if done.returncode:
            raise DeviceError(done.stderr.decode(errors="replace").strip()[-300:])
        return json.loads(done.stdout)

    def live(self, stall: float = 0.0) -> Figures:
        """A night in JACK: gaps, holes, and the loop's fills in % of a block.

        With a `stall` the loop stands still so many s, again and again: both must show it.
        """
        with tempfile.TemporaryDirectory(prefix="performer-bench-") as name:
            folder = Path(name)
            told = folder / "told"
            with Server(folder) as server:
                found = NightBench(self.show, self.plan).scenario(
                    "sound", self.plan.stage, seconds=self.plan.sound, folder=name,
                    participants=self.plan.python, sounding=True,
                    more={**server.environment, **SOFTWARE, TOLD: str(told), STALL: str(stall)},
                )  # fmt: skip
            lines = told.read_text(encoding="utf-8").splitlines() if told.is_file() else []
        return together(found, [json.loads(line) for line in lines])

    def rehearsal(self) -> Figures:
        """Seconds of the show that are written to a video in one second, in turns.

        `cost` is the processor time with sound against without, whatever else the machine does.
        """
        found: dict[bool, list[_Pace]] = {False: [], True: []}
        with tempfile.TemporaryDirectory(prefix="performer-bench-") as folder:
            for k in range(self.plan.rehearsals):
                for sounding, paces in found.items():
                    path = Path(folder) / f"{k}-{sounding}.mp4"
                    paces.append(self._rehearsed(path, sounding))
        both = list(zip(found[True], found[False], strict=True))
        return {
            "with": middle([pace.speed for pace in found[True]]),
            "without": middle([pace.speed for pace in found[False]]),
            "ratio": middle([a.speed / b.speed for a, b in both]),
            "cost": middle([a.cpu / b.cpu for a, b in both]),
        }

    def _rehearsed(self, path: Path, sounding: bool) -> "_Pace":
        """From the first picture on; programs are ready by then."""
        library, size = load_show(self.show).steady(), self.plan.size
        sinks = Takes(library, size, FPS, 1.0, None, None).sinks(path, None, sounding)
        at: list[tuple[float, float]] = []

        def shown(_done: int, _of: int) -> None:
            at.append((perf_counter(), process_time()))

        rehearse(library, View("master", size), self.plan.rehearsed, FPS, [], sinks, 1, REHEARSED,
                 shown)  # fmt: skip
        wall, cpu = at[-1][0] - at[0][0], at[-1][1] - at[0][1]
        return _Pace((len(at) - 1) / FPS / wall, cpu)


class _Pace(NamedTuple):
    """Seconds of the show a second, and seconds of processor time, those of all threads."""

    speed: float
    cpu: float


def together(found: Figures, told: list[dict[str, Any]]) -> Figures:
    """What was seen from outside and what the sound process says: one that died says nothing."""
    if "failed" in found:
        return found
    if len(told) != 1:
        return {"failed": f"{len(told)} sound processes came to their end, instead of one"}
    return {**found, **told[0]}
