"""The low floors bring in no window, sound, bus or socket: seen in a fresh interpreter."""

import subprocess
import sys
from pathlib import Path

import pytest

import performer

FOREIGN = ("moderngl", "pygame", "sounddevice", "zenoh", "pythonosc", "av", "mido", "nicegui")
HIGHER = (
    "performer.bus", "performer.render", "performer.audio", "performer.controllers",
    "performer.output", "performer.journal", "performer.web", "performer.stage",
    "performer.night", "performer.desk", "performer.supervisor", "performer.cli",
    "performer.rehearsal",
)  # fmt: skip
PACKAGE = Path(performer.__file__).parent


def modules() -> list[str]:
    """Every module of the two lowest floors."""
    alone = ["errors", "frame", "clock", "parameters", "modulation"]
    inside = [
        f"{room}.{path.stem}"
        for room in ("show", "circle")
        for path in sorted((PACKAGE / room).glob("*.py"))
        if path.stem != "__init__"
    ]
    return [f"performer.{name}" for name in alone + inside]


def brought_in_by(module: str) -> set[str]:
    """All modules of a fresh interpreter that has imported this one."""
    code = f"import sys, {module}; print(*sys.modules)"
    done = subprocess.run(
        [sys.executable, "-W", "error", "-c", code], capture_output=True, text=True, check=True
    )
    return set(done.stdout.split())


def of(found: set[str], names: tuple[str, ...]) -> set[str]:
    return {m for m in found if any(m == n or m.startswith(n + ".") for n in names)}


def test_there_are_modules_to_look_at() -> None:
    assert len(modules()) >= 18
    assert "performer.circle.circle" in modules()


def test_all_of_them_together_bring_in_nothing_foreign() -> None:
    found = brought_in_by(", ".join(modules()))
    assert not of(found, FOREIGN)
    assert not of(found, HIGHER)


@pytest.mark.parametrize(
    "module", ["performer.frame", "performer.circle.circle", "performer.clock"]
)
def test_one_alone_brings_in_nothing_foreign(module: str) -> None:
    found = brought_in_by(module)
    assert not of(found, (*FOREIGN, *HIGHER, "asyncio"))


def test_the_test_would_see_them() -> None:
    found = brought_in_by("performer.render.guard")
    assert of(found, FOREIGN) >= {"moderngl"}
    assert of(found, HIGHER) >= {"performer.render"}
