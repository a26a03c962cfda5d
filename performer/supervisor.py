"""The supervisor: starts desk, stage and sound, watches them, starts them again, ends them all.

It keeps the newest Frame in memory and, once a second, on disk: a stage that died, or a machine
that lost its power, goes on from there. A second sound process stands by loaded, so that a gap
in the sound is short. The supervisor itself draws, plays and receives nothing.
"""

import asyncio
import contextlib
import logging
import os
import signal
import sys
import time
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from types import FrameType

import msgspec

from performer import bus as buses
from performer.bus import Bus
from performer.errors import DeviceError
from performer.frame import Frame, decode
from performer.journal.last import keep
from performer.run import AFRESH, HANDED, Run

log = logging.getLogger("performer.supervisor")

HANGS, HANGS_LOADING = 3.0, 30.0  # s without progress before a process is killed
OFTEN, WINDOW = 3, 60.0  # deaths in s before the stage is started plain
DARK = 5.0  # s that the sound waits for the first picture at most
SETTLED = 3.0  # s that a sound process has played before the next one is loaded
LOOK = 0.1  # s between two looks at the bus
END = 1.2  # s a process has to end by itself
NO_DEVICE = 2  # exit code of a stage that has no display or OpenGL: trying again is no use

Status = Callable[["Supervisor"], None]


@dataclass
class Child:
    """One process, and what is known of its life."""

    name: str
    module: str
    process: asyncio.subprocess.Process | None = None
    spare: asyncio.subprocess.Process | None = None
    """Loaded, and waiting for a line on its standard input."""
    progress: int = -1
    moved: float = 0.0  # when its progress last changed
    loading: bool = True
    began: float = 0.0
    note: str = ""
    deaths: deque[float] = field(default_factory=lambda: deque[float](maxlen=OFTEN))

    def heard(self, at: int, loading: bool, note: str = "") -> None:
        """A sign of life: how far it is."""
        if at != self.progress or loading:
            self.progress, self.moved = at, time.monotonic()
        self.loading, self.note = loading, note or self.note

    def hangs(self, now: float) -> bool:
        """Whether it has made no progress for too long."""
        return now - self.moved > (HANGS_LOADING if self.loading else HANGS)


class Supervisor:
    """The night's processes."""

    def __init__(self, run: Run, state: Path, status: Status | None = None) -> None:
        self.run_, self.state, self.status = run, state, status
        self.children = {
            "desk": Child("desk", "performer.desk"),
            "stage": Child("stage", "performer.night"),
            "sound": Child("sound", "performer.sound"),
        }
        self.frame: Frame | None = None
        self.ending = False
        self.code = 0
        self._data: bytes | None = None
        self._frames: buses.Mailbox | None = None
        self._unkept = ""
        self._tasks: list[asyncio.Task[None]] = []

    async def main(self) -> int:
        """Runs the night; returns the exit code."""
        hub = f"tcp/127.0.0.1:{buses.free_port()}"
        self.run_ = msgspec.structs.replace(self.run_, hub=hub)
        bus = Bus(self.run_.show_name, hub, listening=True)
        self._frames, beats = bus.mailbox(buses.FRAME), bus.mailbox(buses.HEARTBEAT, 16)
        self._end_on_signals()
        ended = False
        try:
            self._tasks = [asyncio.create_task(self._keep(c)) for c in self.children.values()]
            await self._watch(beats)
            ended = self.code == 0
        finally:
            await self._end_all()
            bus.close()
            if ended:  # a night that ended well is over: only a crash leaves a Frame to go on from
                with contextlib.suppress(OSError):
                    self.state.unlink(missing_ok=True)
        return self.code

    def _end_on_signals(self) -> None:
        loop = asyncio.get_running_loop()
        for number in (signal.SIGINT, signal.SIGTERM):
            try:
                loop.add_signal_handler(number, self.end)
            except NotImplementedError:  # Windows
                signal.signal(number, self._ended_by)

    def _ended_by(self, _number: int, _frame: FrameType | None) -> None:
        self.end()

    def end(self) -> None:
        """Asks for the end of the night."""
        self.ending = True

    # ---- one child ------------------------------------------------------------------------

    async def _keep(self, child: Child) -> None:
        """Starts a child, and again whenever it dies, until the night ends."""
        if child.name == "sound":
            await self._first_light()
        while not self.ending:
            child.loading, child.moved, child.progress = True, time.monotonic(), -1
            child.began = child.moved
            child.process = await self._start(child)
            code = await child.process.wait()
            if self.ending:
                return
            if child.name == "stage" and code in (0, NO_DEVICE):
                self.code = code
                self.end()
                return
            if code != AFRESH:
                await self._died(child, code)

    async def _first_light(self) -> None:
        """Until there is a picture: loaded beside the stage, the sound would make it wait."""
        begun = time.monotonic()
        while self.frame is None and not self.ending and time.monotonic() - begun < DARK:
            await asyncio.sleep(LOOK)

    async def _start(self, child: Child) -> asyncio.subprocess.Process:
        if child.name == "sound":
            return await self._take_spare(child)
        if child.name == "desk":
            return await self._spawn(child, b"")
        self._hear_frame()  # the desk may have seen, and forgotten for, a newer one than we
        if self._data is not None:
            self.run_ = msgspec.structs.replace(self.run_, resume=HANDED)
        # by a pipe: a whole Frame holds what people may not have agreed to keep on a disk
        return await self._spawn(child, self._data or b"")

    async def _take_spare(self, child: Child) -> asyncio.subprocess.Process:
        """The one that stands by begins, and the next one is loaded behind it."""
        process, child.spare = child.spare, None
        if process is None or process.returncode is not None:
            process = await self._spawn(child, None)
        assert process.stdin is not None
        with contextlib.suppress(ConnectionError):
            process.stdin.write(b"play\n")
            process.stdin.close()
        return process

    async def _spawn(self, child: Child, told: bytes | None) -> asyncio.subprocess.Process:
        """A process of a child's; `told` is its standard input, None keeps that open."""
        process = await asyncio.create_subprocess_exec(
            sys.executable, "-m", child.module, env=self.run_.environment(),
            stdin=asyncio.subprocess.DEVNULL if told == b"" else asyncio.subprocess.PIPE,
            # a terminal's Ctrl-C is for the supervisor alone; it ends the others in order
            start_new_session=os.name == "posix",
        )  # fmt: skip
        if told and process.stdin is not None:
            process.stdin.write(told)
            process.stdin.close()
        return process

    async def _died(self, child: Child, code: int) -> None:
        now = time.monotonic()
        child.deaths.append(now)
        often = len(child.deaths) == OFTEN and now - child.deaths[0] < WINDOW
        log.error("the %s ended (%s); it is started again%s", child.name, code,
                  ", plain" if often and child.name == "stage" else "")  # fmt: skip
        if not often:
            return
        if child.name == "stage" and self.frame is None:
            log.error("the stage cannot begin; the night is not played")
            self.code = 1
            self.end()
            return
        if child.name == "stage":
            self.run_ = msgspec.structs.replace(self.run_, plain=True)
        await asyncio.sleep(1.0)  # something is wrong for good: do not spin

    # ---- watching -------------------------------------------------------------------------

    async def _watch(self, beats: buses.Mailbox) -> None:
        kept, kept_index = 0.0, -1
        while not self.ending:
            await asyncio.sleep(LOOK)
            self._hear(beats)
            now = time.monotonic()
            for child in self.children.values():
                self._judge(child, now)
            await self._stand_by(now)
            if self.frame is not None and now - kept >= 1.0 and self.frame.index != kept_index:
                kept, kept_index = now, self.frame.index
                self._keep_on_disk()
            if self.status is not None:
                self.status(self)

    async def _stand_by(self, now: float) -> None:
        """Loads a spare sound process once the one that plays has begun, if there is none."""
        child = self.children["sound"]
        none = child.spare is None or child.spare.returncode is not None
        plays = not child.loading and child.note != "silent"
        if none and plays and now - child.began > SETTLED:
            child.began = now
            child.spare = await self._spawn(child, None)

    def _hear(self, beats: buses.Mailbox) -> None:
        while (beat := beats.take()) is not None:
            said = buses.heartbeat(beat)
            self.children[said.process].heard(said.at, said.loading, said.note)
        self._hear_frame()

    def _hear_frame(self) -> None:
        data = self._frames.take() if self._frames is not None else None
        if data is not None:
            self._data, self.frame = data, decode(data)
            stage = self.children["stage"]
            if not stage.loading or self.frame.index > stage.progress:
                stage.heard(self.frame.index, loading=False)

    def _judge(self, child: Child, now: float) -> None:
        process = child.process
        if process is None or process.returncode is not None or not child.hangs(now):
            return
        log.error("the %s makes no progress; it is killed", child.name)
        child.moved = now
        with contextlib.suppress(ProcessLookupError):
            process.kill()

    def _keep_on_disk(self) -> None:
        assert self.frame is not None
        try:
            keep(self.state, self.frame)
        except DeviceError as error:
            if str(error) != self._unkept:
                log.warning("%s; the show goes on", error)
            self._unkept = str(error)

    # ---- the end --------------------------------------------------------------------------

    async def _end_all(self) -> None:
        """Ends every child: asked first, killed after 1.2 s. Nothing is left behind."""
        self.ending = True
        all_ = [p for c in self.children.values() for p in (c.process, c.spare)]
        living = [p for p in all_ if p is not None and p.returncode is None]
        for process in living:
            with contextlib.suppress(ProcessLookupError):
                process.terminate()
        with contextlib.suppress(TimeoutError):
            await asyncio.wait_for(asyncio.gather(*(p.wait() for p in living)), END)
        for process in living:
            if process.returncode is None:
                log.error("a process did not end and is killed")
                with contextlib.suppress(ProcessLookupError):
                    process.kill()
                await process.wait()
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
