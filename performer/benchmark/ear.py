"""One scenario of the night: `performer perform --headless` with an ear on its bus.

Run as `python -m performer.benchmark.ear JOB`; prints what it found as one line of JSON.
"""

import asyncio
import importlib
import json
import os
import signal
import socket
import sys
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from rich.console import Console

from performer import bus as buses
from performer import opening
from performer.benchmark.scenarios import SCENARIOS
from performer.bus import Bus, free_port
from performer.errors import DeviceError
from performer.frame import Frame, decode
from performer.supervisor import Supervisor

# What the real program imports too, so that its start is measured whole. By name: the command
# line stands above the benchmark, and nothing of it is used.
importlib.import_module("performer.cli")

LISTEN = 0.0003  # s between two looks at the bus
PATIENCE = 60.0  # s for a Frame that should come


class SilenceError(Exception):
    """A Frame that should have come did not."""


class Ear:
    """Frames as they come, with the moment (Unix time, s) at which each did."""

    def __init__(self, bus: Bus) -> None:
        self._frames = bus.mailbox(buses.FRAME, 32)
        self._beats = bus.mailbox(buses.HEARTBEAT, 64)
        self.loading = 0.0
        """When a stage last said that it is loading, s."""
        self.received = 0
        """How many datagrams the desk says that it received."""

    def frames(self, patience: float = PATIENCE) -> Iterator[tuple[float, Frame]]:
        """Every Frame from now on; SilenceError if none comes for `patience` s."""
        while self._frames.take() is not None:
            pass
        last = time.time()
        while time.time() - last < patience:
            self._heartbeats()
            data = self._frames.take()
            if data is None:
                time.sleep(LISTEN)
                continue
            last = time.time()
            yield last, decode(data)
        raise SilenceError(f"no Frame came for {patience:g} s")

    def _heartbeats(self) -> None:
        while (data := self._beats.take()) is not None:
            beat = buses.heartbeat(data)
            if beat.process == "stage" and beat.loading:
                self.loading = time.time()
            if beat.note.startswith("osc="):
                self.received = int(beat.note.split()[0].removeprefix("osc="))


class Night:
    """The night that is measured: its ear, its OSC port, its stage."""

    def __init__(self, job: dict[str, Any], supervisor: Supervisor, ear: Ear) -> None:
        self.job, self.ear, self._supervisor = job, ear, supervisor
        self._socket = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)

    def send(self, data: bytes) -> None:
        """One datagram to the desk."""
        self._socket.sendto(data, ("127.0.0.1", self._supervisor.run_.osc_port))

    @property
    def stage(self) -> int | None:
        """The stage's process id, if it lives."""
        process = self._supervisor.children["stage"].process
        return process.pid if process is not None else None

    def kill_stage(self) -> None:
        """kill -9; forgotten by the count of deaths, which would play plain after three."""
        stage = self._supervisor.children["stage"]
        stage.deaths.clear()
        if stage.process is not None:
            os.kill(stage.process.pid, signal.SIGKILL)


class Observed(Supervisor):
    """The supervisor, which also starts the scenario and ends the night after it."""

    job: dict[str, Any]
    found: dict[str, Any]

    async def main(self) -> int:
        """Runs the night; returns the exit code."""
        if Observed.job.get("sounding"):
            self.children["sound"].module = "performer.benchmark.loop"
        loop = asyncio.get_running_loop()
        call = loop.call_soon_threadsafe
        threading.Thread(target=self._listen, args=(call,), daemon=True).start()
        return await super().main()

    def _listen(self, call: Callable[..., object]) -> None:
        while not self.run_.hub:
            time.sleep(LISTEN)
        bus = Bus(self.run_.show_name, self.run_.hub)
        try:
            night = Night(Observed.job, self, Ear(bus))
            Observed.found = SCENARIOS[Observed.job["scenario"]](night)
        except (SilenceError, DeviceError) as error:
            Observed.found = {"failed": str(error)}
        finally:
            bus.close()
            call(self.end)


def free_udp_port() -> int:
    """A UDP port of loopback that nobody uses now."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as one:
        one.bind(("127.0.0.1", 0))
        return int(one.getsockname()[1])


def main() -> None:
    """Plays one scenario."""
    Observed.job, Observed.found = json.loads(sys.argv[1]), {"failed": "the night ended early"}
    sounding = bool(Observed.job.get("sounding"))
    opening.Supervisor = Observed  # type: ignore[misc]
    wishes = opening.Wishes(
        show=Observed.job["show"], size=tuple(Observed.job["size"]), fps=60.0, display=0,
        fullscreen=False, headless=True, seconds=3600.0,
        participants=Observed.job.get("participants"), seed=1,
        osc_host="127.0.0.1", osc_port=free_udp_port(), osc_out_host="127.0.0.1",
        osc_out_port=free_udp_port(), allow=(), oscquery_port=free_port(), midi=True,
        controllers=tuple(map(Path, filter(None, [Observed.job.get("controller")]))),
        record=None, record_control=None, still=None,
        hud=False, fresh=True, silent=not sounding, sound_out="JACK", room=None,
        listen=None, audio=None,
    )  # fmt: skip
    asyncio.run(opening.perform_night(wishes, Console(stderr=True)))
    print(json.dumps(Observed.found))


if __name__ == "__main__":
    main()
