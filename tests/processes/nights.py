"""Whole nights as processes: started with ports and folders of their own, watched, always ended.

A night is watched from outside only: its log, its OSC feedback, its Frames on the bus, /proc.
"""

import contextlib
import json
import os
import re
import shutil
import signal
import socket
import subprocess
import sys
import time
import uuid
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any, TypeVar

from pythonosc.osc_message_builder import OscMessageBuilder
from pythonosc.osc_packet import OscPacket

from performer import bus as buses
from performer.bus import Bus
from performer.frame import Frame, decode
from performer.parameters import TREE, Value
from performer.show.files import data_folder

POLL = 0.02  # s between two looks
LONG = 30.0  # s after which a test gives up; nothing healthy takes as long
TOKEN = "PERFORMER_TEST"  # environment variable by which a night's processes are found again

T = TypeVar("T")


def wait(what: str, found: Callable[[], T | None], most: float = LONG) -> T:
    """The first thing that `found` finds (nothing empty, no 0); AssertionError after `most` s."""
    end = time.monotonic() + most
    while time.monotonic() < end:
        got = found()
        if got:
            return got
        time.sleep(POLL)
    raise AssertionError(f"{what}: not within {most:g} s")


def udp_port() -> int:
    """A UDP port of loopback that nobody uses now."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as one:
        one.bind(("127.0.0.1", 0))
        return int(one.getsockname()[1])


def packet(address: str, *args: Value) -> bytes:
    """An OSC message as a datagram."""
    builder = OscMessageBuilder(address)
    for value in args:
        builder.add_arg(value, {float: "f", int: "i", str: "s"}[type(value)])
    return builder.build().dgram


def steady(folder: Path) -> str:
    """The bundled show, in which everybody simulated is there from first to last."""
    shutil.copytree(data_folder() / "presets", folder / "presets", dirs_exist_ok=True)
    path = folder / "presets" / "shows" / "luna-circle.toml"
    text, many = re.subn(r"(?m)^arrivals = [0-9.]+", "arrivals = 0.0", path.read_text())
    assert many == 1
    path.write_text(text)
    return str(path)


class Feedback:
    """Everything the desk says to its controllers, in order."""

    def __init__(self) -> None:
        self._socket = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self._socket.bind(("127.0.0.1", 0))
        self._socket.setblocking(False)
        self.port = int(self._socket.getsockname()[1])
        self._said: list[tuple[str, list[object]]] = []

    def said(self) -> list[tuple[str, list[object]]]:
        """All messages so far: address and arguments."""
        with contextlib.suppress(BlockingIOError):
            while True:
                for one in OscPacket(self._socket.recv(65536)).messages:
                    self._said.append((one.message.address, list(one.message)))
        return self._said

    def of(self, address: str) -> list[list[object]]:
        """The arguments of all messages to an address."""
        return [args for found, args in self.said() if found == address]

    def close(self) -> None:
        self._socket.close()


class Night:
    """`performer perform` and everything it started."""

    def __init__(
        self, folder: Path, *options: str, show: str = "luna-circle", fps: int = 20,
        headless: bool = True, port: int | None = None, out_port: int | None = None,
        environment: dict[str, str] | None = None, size: str | None = "160x90",
        query_port: int = 0, midi: bool = False,
    ) -> None:  # fmt: skip
        """Without OSCQuery and MIDI, unless a test asks for them."""
        self.folder = folder
        self.show = Path(show).stem
        self.feedback = Feedback()
        self.port = port or udp_port()
        self.out_port = out_port or self.feedback.port
        self.query_port = query_port
        self.token = uuid.uuid4().hex
        self.output = folder / f"output-{self.token[:6]}.txt"
        self.started = time.monotonic()
        self._bus: Bus | None = None
        self._frame: Frame | None = None
        self._socket = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        fixed = ["--headless"] if headless else []
        fixed += ["--size", size] if size else []
        fixed += ["--fps", str(fps), "--osc-port", str(self.port)]
        fixed += ["--osc-out-port", str(self.out_port), "--oscquery-port", str(query_port)]
        fixed += [] if midi else ["--no-midi"]
        # the output goes to a file: a pipe that nobody reads would stop the night
        with self.output.open("wb") as output:
            self.process = subprocess.Popen(
                [sys.executable, "-m", "performer", "perform", show, *fixed, *options],
                env=surroundings(folder, **{TOKEN: self.token, **(environment or {})}),
                stdin=subprocess.DEVNULL, stdout=output, stderr=subprocess.STDOUT,
                cwd=folder, start_new_session=True,
            )  # fmt: skip

    # ---- looking --------------------------------------------------------------------------

    @property
    def told(self) -> str:
        """What it printed."""
        return self.output.read_text(errors="replace")

    @property
    def log(self) -> str:
        """What it logged."""
        logs = sorted((self.folder / "state" / "performer" / "logs").glob("*.log"))
        return "".join(p.read_text(errors="replace") for p in logs)

    @property
    def state(self) -> Path:
        """Where the last Frame is kept."""
        return self.folder / "state" / "performer" / f"{self.show}.frame"

    def processes(self) -> dict[int, str]:
        """Every living process of this night, with its command line."""
        return processes_with(f"{TOKEN}={self.token}")

    def child(self, module: str) -> int | None:
        """The process id of `performer.desk` or `performer.night`, if it lives."""
        for pid, command in self.processes().items():
            if module in command:
                return pid
        return None

    def frame(self) -> Frame | None:
        """The newest Frame, or None before the first."""
        if self._bus is None:
            pid = self.child("performer.night")
            run = environment_of(pid).get("PERFORMER_RUN") if pid else None
            if run is None:
                return None
            self._bus = Bus(self.show, json.loads(run)["hub"])
            self._frames = self._bus.mailbox(buses.FRAME)
        data = self._frames.take()
        if data is not None:
            self._frame = decode(data)
        return self._frame

    def when(self, what: str, true: Callable[[Frame], bool], most: float = LONG) -> Frame:
        """The first Frame for which something is true."""

        def found() -> Frame | None:
            frame = self.frame()
            assert self.process.poll() is None, f"the night has ended: {self.told}"
            return frame if frame is not None and true(frame) else None

        return wait(what, found, most)

    def counts(self) -> tuple[int, int]:
        """Datagrams that the desk has received and messages that it has refused so far."""
        assert self._bus is not None, "look at a Frame first"
        beats = self._bus.mailbox(buses.HEARTBEAT, 8)

        def told() -> tuple[int, int] | None:
            while (data := beats.take()) is not None:
                beat = buses.heartbeat(data)
                found = re.fullmatch(r"osc=(\d+) refused=(\d+)", beat.note)
                if beat.process == "desk" and found:
                    return int(found[1]), int(found[2])
            return None

        return wait("the desk's counts", told)

    def lives(self) -> Frame:
        """A Frame younger than this call: the show goes on."""
        now = self.when("a Frame", lambda f: True)
        return self.when("the show goes on", lambda f: f.index > now.index + 1)

    def ready(self) -> "Night":
        """Waits until it plays, and hears OSC."""
        self.when("the first Frames", lambda f: f.index >= 3)
        wait("OSC is open", lambda: "OSC in on" in self.log)
        return self

    # ---- playing --------------------------------------------------------------------------

    def send(self, address: str, *args: Value) -> None:
        """One message to the desk."""
        self.raw(packet(address, *args))

    def raw(self, data: bytes) -> None:
        """One datagram to the desk."""
        self._socket.sendto(data, ("127.0.0.1", self.port))

    def oscsend(self, address: str, types: str = "", *values: object) -> None:
        """One message by liblo's own program."""
        command = ["oscsend", "127.0.0.1", str(self.port), address, types, *map(str, values)]
        subprocess.run([c for c in command if c], check=True, timeout=10)

    # ---- ending ---------------------------------------------------------------------------

    def interrupt(self, most: float = LONG) -> tuple[int, float]:
        """Ctrl-C: the exit code, and the seconds it took."""
        began = time.monotonic()
        self.process.send_signal(signal.SIGINT)
        code = self.process.wait(most)
        return code, time.monotonic() - began

    def close(self) -> None:
        """Ends whatever of this night still lives."""
        if self._bus is not None:
            self._bus.close()
            self._bus = None
        self.feedback.close()
        self._socket.close()
        if self.process.poll() is None:
            self.process.send_signal(signal.SIGINT)
            with contextlib.suppress(subprocess.TimeoutExpired):
                self.process.wait(5)
        for pid in self.processes():
            with contextlib.suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)
        self.process.wait(5)


RAMPS = [packet(a, i / 500) for i in range(500) for a in ("/resonance", "/coupling")]


class Flood:
    """Messages at a rate, from this process: the packets of `ring`, over and over."""

    AT_ONCE = 20  # messages between two looks at the clock

    def __init__(self, night: Night, rate: float, ring: Sequence[bytes] = RAMPS) -> None:
        self.night, self.rate, self.sent = night, rate, 0
        self.ring = ring

    def last(self, seconds: float, meanwhile: Callable[[], None] = lambda: None) -> float:
        """Sends for some seconds; returns the rate that was reached, per second."""
        first, began = self.sent, time.perf_counter()
        look = began
        while (now := time.perf_counter()) - began < seconds:
            if self.sent - first <= (now - began) * self.rate:
                for _ in range(self.AT_ONCE):
                    self.night.raw(self.ring[self.sent % len(self.ring)])
                    self.sent += 1
            else:
                time.sleep(0.0005)
            if now - look > 0.1:
                look = now
                meanwhile()
        return (self.sent - first) / (time.perf_counter() - began)


def dropped(port: int) -> int:
    """Datagrams that the kernel dropped because a port's socket was full."""
    for line in Path("/proc/net/udp").read_text().splitlines()[1:]:
        columns = line.split()
        if int(columns[1].rpartition(":")[2], 16) == port:
            return int(columns[-1])
    return 0


def surroundings(folder: Path, **more: str) -> dict[str, str]:
    """An environment with state in `folder` and no display."""
    kept = {k: v for k, v in os.environ.items() if k not in ("DISPLAY", "WAYLAND_DISPLAY")}
    return {**kept, "XDG_STATE_HOME": str(folder / "state"), **more}


def environment_of(pid: int) -> dict[str, str]:
    """The environment a process was started with; empty if it is gone."""
    try:
        rows = Path(f"/proc/{pid}/environ").read_bytes().split(b"\0")
    except OSError:
        return {}
    pairs = (row.decode(errors="replace").partition("=") for row in rows if row)
    return {name: value for name, _, value in pairs}


def processes_with(setting: str) -> dict[int, str]:
    """Living processes whose environment has `NAME=value`, with their command lines."""
    found: dict[int, str] = {}
    for folder in Path("/proc").glob("[0-9]*"):
        try:
            if setting.encode() not in (folder / "environ").read_bytes().split(b"\0"):
                continue
            alive = (folder / "stat").read_text().rpartition(")")[2].split()[0] not in "ZX"
            command = (folder / "cmdline").read_bytes().replace(b"\0", b" ").decode().strip()
        except OSError:
            continue
        if alive:
            found[int(folder.name)] = command
    return found


def memory(pid: int) -> int:
    """Resident memory of a process, bytes."""
    return int(Path(f"/proc/{pid}/statm").read_text().split()[1]) * os.sysconf("SC_PAGE_SIZE")


def value(frame: Frame, address: str) -> float:
    """A fader's or switch's value as hands and arc set it."""
    return float(frame.base[TREE.index[address]])


def row(frame: Frame, person: str) -> int:
    """The row of somebody who is here."""
    found = frame.people.row(person)
    assert found is not None, f"{person} is not here"
    return found


def has(frame: Frame, person: str) -> bool:
    """Whether somebody is here and not leaving."""
    found = frame.people.row(person)
    return found is not None and not frame.people.leaving[found]


def recorded(path: Path) -> list[tuple[str, list[object]]]:
    """Address and arguments of every recorded message."""
    if not path.exists():
        return []
    rows = [json.loads(line) for line in path.read_text().splitlines()]
    return [(r["address"], r["args"]) for r in rows]


def addresses(path: Path) -> Sequence[str]:
    """The addresses of all recorded messages."""
    return [address for address, _ in recorded(path)]


def rehearsed(folder: Path, name: str, *options: str) -> dict[str, Any]:
    """The statistics of a rehearsal."""
    stats = folder / f"{name}.json"
    done = subprocess.run(
        [sys.executable, "-m", "performer", "rehearse", "--size", "160x90", "--fps", "20",
         "--stats", str(stats), *options],
        cwd=folder, env=surroundings(folder), capture_output=True, text=True, timeout=900,
        check=True,
    )  # fmt: skip
    assert "refused" not in done.stderr, done.stderr
    told = json.loads(stats.read_text())
    found = re.search(r"sha256 ([0-9a-f]{64})", done.stdout)
    assert found, done.stdout
    assert found[1] == told["summary"]["sha256"]
    return told
