"""Measuring Performer: the rows of DESIGN's "Numbers to hold", each a ratio within one run.

`measure` plays circles of several sizes, whole nights on loopback, and their sound; `table` tells
the result.
"""

import os
import platform
from collections.abc import Callable
from pathlib import Path
from typing import Any

from performer.benchmark.night import NightBench
from performer.benchmark.picture import PictureBench
from performer.benchmark.plan import FULL, QUICK, Figures, Plan, Told
from performer.benchmark.targets import table
from performer.render import context
from performer.show.shows import load_show

__all__ = ["FULL", "QUICK", "Figures", "Plan", "measure", "table"]

SHOW = "luna-circle"


def measure(told: Told, quick: bool, plan: Plan | None = None) -> Figures:
    """All figures as plain numbers, ready for JSON. Loopback only; ends by itself."""
    from performer.benchmark.sound import SoundBench  # scipy would count as every night's start

    plan = plan or (QUICK if quick else FULL)
    gl = context.headless()
    figures: Figures = {"machine": machine(context.describe(gl)["renderer"]), "quick": quick}
    figures["plan"] = {"size": list(plan.size), "people": list(plan.people)}
    try:
        picture = PictureBench(gl, load_show(SHOW).steady(), plan)
        night = NightBench(SHOW, plan)
        sound = SoundBench(SHOW, plan)
        sections = [*picture.sections(), *night.sections(), *sound.sections()]
        for done, (name, work) in enumerate(sections):
            told(done, len(sections))
            if name == "start":
                picture.release()
            figures[name] = _kept(work)
        told(len(sections), len(sections))
    finally:
        gl.release()
    return figures


def _kept(work: Callable[[], object]) -> Any:
    """A section's figures, or why there are none: one that fails must not take the others along."""
    try:
        return work()
    except Exception as error:
        return {"failed": f"{type(error).__name__}: {error}"}


def machine(renderer: str) -> dict[str, object]:
    """What the figures were measured on."""
    return {
        "cpu": _cpu(), "cores": os.cpu_count(), "renderer": renderer,
        "python": platform.python_version(), "system": f"{platform.system()} {platform.release()}",
        "load": round(os.getloadavg()[0], 2) if hasattr(os, "getloadavg") else None,
    }  # fmt: skip


def _cpu() -> str:
    info = Path("/proc/cpuinfo")
    if info.is_file():
        for line in info.read_text(encoding="utf-8", errors="replace").splitlines():
            if line.startswith("model name"):
                return line.partition(":")[2].strip()
    return platform.processor() or platform.machine()
