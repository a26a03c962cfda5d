"""The night's figures: latency, flood, start and kills, with the real processes on loopback.

Each scenario is a process of its own (`ear.py`), with its own places for state and driver cache.
"""

import json
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from performer.benchmark.jack import Server
from performer.benchmark.plan import Figures, Plan, middle
from performer.benchmark.surface import controller_file
from performer.errors import DeviceError

PATIENCE = 90.0  # s that a scenario may take beside what it was told to wait
Section = tuple[str, Callable[[], object]]


class NightBench:
    """What is measured on a show that really runs."""

    def __init__(self, show: str, plan: Plan) -> None:
        self.show, self.plan = show, plan

    def sections(self) -> list[Section]:
        """What can be measured, by name; `start` first."""
        return [("start", self.start), ("latency", self.latency), ("midi", self.midi),
                ("flood", self.flood), ("kill", self.kill)]  # fmt: skip

    def start(self) -> Figures:
        """Seconds to the first frame and to light, driver cache empty and filled, in turns."""
        found: dict[str, list[dict[str, float]]] = {"empty": [], "filled": []}
        for _ in range(self.plan.starts):
            with tempfile.TemporaryDirectory(prefix="performer-bench-") as cache:
                for kind in found:
                    found[kind].append(self.scenario("start", self.plan.size, cache=cache))
        return {
            kind: {key: middle([run[key] for run in runs]) for key in ("first_s", "lit_s")}
            for kind, runs in found.items()
        }

    def latency(self) -> Figures:
        """Milliseconds from a datagram to the Frame with its value."""
        return self.scenario("latency", self.plan.night, count=self.plan.controls)

    def midi(self) -> Figures:
        """Milliseconds from a MIDI control change, through JACK, to the Frame with its value."""
        with tempfile.TemporaryDirectory(prefix="performer-bench-") as name:
            folder = Path(name)
            with Server(folder) as server:
                return self.scenario(
                    "midi", self.plan.night, count=self.plan.controls,
                    controller=str(controller_file(folder)),
                    more={**server.environment, "MIDO_BACKEND": "mido.backends.rtmidi/UNIX_JACK"},
                )  # fmt: skip

    def flood(self) -> Figures:
        """Frame time under 10 000 messages a second against quiet."""
        return self.scenario("flood", self.plan.night, quiet=self.plan.quiet,
                              flood=self.plan.flood)  # fmt: skip

    def kill(self) -> Figures:
        """Seconds from kill -9 of the stage to its successor's first Frame."""
        return self.scenario("kill", self.plan.night, count=self.plan.kills)

    def scenario(
        self, name: str, size: tuple[int, int], cache: str = "",
        more: dict[str, str] | None = None, **job: Any,
    ) -> Figures:  # fmt: skip
        """What one scenario finds; `more` is added to its environment. DeviceError without one."""
        limit = PATIENCE + 2 * float(job.get("quiet", 0)) + float(job.get("flood", 0))
        count = float(job.get("count", 0))
        limit += 5.0 * min(count, 60.0) + 0.5 * count + float(job.get("seconds", 0))
        job = {"scenario": name, "show": self.show, "size": size, "calm": self.plan.calm,
               "began": time.time(), **job}  # fmt: skip
        with tempfile.TemporaryDirectory(prefix="performer-bench-") as folder:
            told = Path(folder) / "stderr"
            with told.open("wb") as errors:
                done = subprocess.run(
                    [sys.executable, "-m", "performer.benchmark.ear", json.dumps(job)],
                    env={**_environment(folder, cache), **(more or {})}, stdout=subprocess.PIPE,
                    stderr=errors, timeout=limit, check=False,
                )  # fmt: skip
            lines = done.stdout.decode().splitlines()
            if not lines or not lines[-1].startswith("{"):
                words = told.read_text(encoding="utf-8", errors="replace").split()
                raise DeviceError(f"the night did not play: {' '.join(words)[-300:]}")
        return json.loads(lines[-1])


def _environment(folder: str, cache: str) -> dict[str, str]:
    env = {**os.environ, "XDG_STATE_HOME": folder}
    if cache:
        env["MESA_SHADER_CACHE_DIR"] = cache
    return env
