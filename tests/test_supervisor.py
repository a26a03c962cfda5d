"""The supervisor's judgement, without processes; tests/processes plays it for real."""

import asyncio
import time
from pathlib import Path

import pytest

from performer.circle.circle import Circle
from performer.frame import encode
from performer.output.video import unused
from performer.run import Run
from performer.show.shows import load_show
from performer.supervisor import HANGS, HANGS_LOADING, Child, Supervisor

pytestmark = pytest.mark.clock


def child(loading: bool = False) -> Child:
    one = Child("stage", "performer.night", moved=time.monotonic())
    one.heard(1, loading)
    return one


def test_no_progress_is_a_hang_sooner_than_no_end_of_loading() -> None:
    now = time.monotonic()
    assert not child().hangs(now + 0.9 * HANGS)
    assert child().hangs(now + HANGS + 0.1)
    assert not child(loading=True).hangs(now + HANGS + 0.1)
    assert child(loading=True).hangs(now + HANGS_LOADING + 0.1)


def test_the_same_progress_again_is_no_sign_of_life() -> None:
    one = child()
    one.moved -= 100.0
    one.heard(1, loading=False)
    assert one.hangs(time.monotonic())
    one.heard(2, loading=False)
    assert not one.hangs(time.monotonic())


def test_a_folder_that_cannot_be_written_is_said_once(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    (tmp_path / "file").write_text("")
    supervisor = Supervisor(Run(show="x"), tmp_path / "file" / "x.frame")
    supervisor.frame = Circle(load_show("luna-circle"), people=2).step(0.1)
    for _ in range(3):
        supervisor._keep_on_disk()  # pyright: ignore[reportPrivateUsage]
    assert caplog.text.count("cannot be kept") == 1
    assert encode(supervisor.frame)


def test_a_deadly_death_is_followed_by_plain_pictures(tmp_path: Path) -> None:
    supervisor = Supervisor(Run(show="x"), tmp_path / "x.frame")
    stage = supervisor.children["stage"]

    async def die(times: int) -> None:
        for _ in range(times):
            await supervisor._died(stage, -9)  # pyright: ignore[reportPrivateUsage]

    supervisor.frame = Circle(load_show("luna-circle"), people=2).step(0.1)
    asyncio.run(die(2))
    assert not supervisor.run_.plain
    asyncio.run(die(1))
    assert supervisor.run_.plain
    assert not supervisor.ending


def test_a_stage_that_never_began_is_not_started_for_ever(tmp_path: Path) -> None:
    supervisor = Supervisor(Run(show="x"), tmp_path / "x.frame")

    async def die() -> None:
        for _ in range(3):
            assert not supervisor.ending
            await supervisor._died(supervisor.children["stage"], 1)  # pyright: ignore[reportPrivateUsage]

    asyncio.run(die())
    assert supervisor.ending
    assert supervisor.code == 1


def test_no_recording_replaces_another(tmp_path: Path) -> None:
    path = tmp_path / "night.mp4"
    assert unused(path) == path
    path.touch()
    assert unused(path) == path
    path.write_bytes(b"x")
    assert unused(path) == tmp_path / "night-2.mp4"
    (tmp_path / "night-2.mp4").write_bytes(b"x")
    assert unused(path) == tmp_path / "night-3.mp4"
