"""Before and after a night: what the options mean, where things go, what the terminal shows."""

import logging
import os
import sys
import time
from dataclasses import dataclass
from pathlib import Path

from rich.console import Console
from rich.live import Live
from rich.text import Text

from performer.audio import RATE
from performer.audio.files import AudioFile
from performer.controllers.keyboard import HELP
from performer.controllers.osc import address_of
from performer.errors import DeviceError
from performer.frame import Frame
from performer.journal.last import found
from performer.meters import meters
from performer.output.video import unused
from performer.run import Run, logging_to, state_folder
from performer.show.rooms import load_room
from performer.show.shows import load_show
from performer.show.tokens import load_tokens, too_open
from performer.supervisor import Supervisor

DEMO_SECONDS = 20.0
FOREVER = 1e12
DEMO_FOLDER = Path("night")


@dataclass(frozen=True)
class Wishes:
    """The options of `performer perform`, checked one by one but not yet together."""

    show: str
    size: tuple[int, int] | None
    fps: float
    display: int
    fullscreen: bool
    headless: bool
    seconds: float | None
    participants: int | None
    seed: int | None
    osc_host: str
    osc_port: int
    osc_out_host: str
    osc_out_port: int
    allow: tuple[str, ...]
    oscquery_port: int
    midi: bool
    controllers: tuple[Path, ...]
    record: Path | None
    record_control: Path | None
    still: Path | None
    hud: bool
    fresh: bool
    silent: bool
    sound_out: str
    room: Path | None
    listen: str | None
    audio: Path | None
    tokens: Path | None = None


async def perform_night(wishes: Wishes, console: Console) -> int:
    """Plays one night; returns the exit code. PerformerError if it cannot begin."""
    library = load_show(wishes.show)
    for error in library.unused:
        console.print(f"left out: {error}", style="yellow")
    _check_network(wishes, console)
    _check_sound(wishes)
    headless, demo = _headless(wishes, console)
    state = state_folder() / f"{library.name}.frame"
    last = None if wishes.fresh else found(state, library.name)
    run = Run(
        show=str(library.path.resolve()), show_name=library.name, log=_log_file(library.name),
        size=wishes.size, fps=wishes.fps, display=wishes.display,
        fullscreen=wishes.fullscreen, headless=headless, participants=wishes.participants,
        seed=wishes.seed, osc_host=wishes.osc_host, osc_port=wishes.osc_port,
        osc_out_host=wishes.osc_out_host, osc_out_port=wishes.osc_out_port,
        allow=wishes.allow, tokens=_path(wishes.tokens),
        oscquery_port=wishes.oscquery_port, midi=wishes.midi,
        controllers=tuple(map(_path, wishes.controllers)), still=_path(wishes.still),
        record=_path(unused(wishes.record) if wishes.record else None),
        record_control=_own_file(wishes.record_control, last), hud=wishes.hud,
        silent=wishes.silent, sound_out=wishes.sound_out, room=_path(wishes.room),
        listen=wishes.listen, audio=_path(wishes.audio),
        resume=str(state) if last else "", until=_until(wishes, last),
    )  # fmt: skip
    if demo:
        run = _demo(run, console, last)
    for path in filter(None, (run.record, run.record_control, run.still)):
        _check_writable(Path(path))
    if last is not None:
        ago = time.time() - state.stat().st_mtime
        console.print(f"Going on from {ago:.0f} s ago, {last.time:.0f} s into the night "
                      "(--fresh starts anew).")  # fmt: skip
    console.print(f"{library.show.title}. Log: {run.log}", soft_wrap=True)
    if not headless:
        console.print(*HELP, sep="\n", style="dim")
    code = await _watched(run, state, console)
    if code == 0 and run.record and Path(run.record).is_file():
        console.print(f"Video: {run.record}" + (f"  Still: {run.still}" if run.still else ""))
    return code


async def _watched(run: Run, state: Path, console: Console) -> int:
    """The supervisor with its line of meters in the terminal, if there is one."""
    logging_to(run.log, "supervisor")
    if not console.is_terminal:
        return await Supervisor(run, state).main()
    with Live(Text(""), console=console, refresh_per_second=4, transient=True) as live:
        return await Supervisor(run, state, lambda s: live.update(status(s))).main()


def status(supervisor: Supervisor) -> Text:
    """One line: how much is left, the meters, the messages."""
    frame, until = supervisor.frame, supervisor.run_.until
    if frame is None:
        return Text(f"opening … {supervisor.children['stage'].note}")
    left = ""
    if until < FOREVER:
        done = min(1.0, frame.time / max(until, 1e-3))
        left = f"{'█' * int(done * 20):░<20} "
    notes = "  ".join(supervisor.children[c].note for c in ("desk", "sound"))
    line = f"{left}{meters(frame)}  {notes}"
    return Text(line, no_wrap=True, overflow="ellipsis")


def _path(path: Path | None) -> str:
    return str(path.resolve()) if path is not None else ""


def _own_file(path: Path | None, last: Frame | None) -> str:
    """Where controls are recorded: never after those of another night."""
    return _path(path) if path is None or last is not None else _path(unused(path))


def _until(wishes: Wishes, last: Frame | None) -> float:
    return FOREVER if wishes.seconds is None else (last.time if last else 0.0) + wishes.seconds


def _headless(wishes: Wishes, console: Console) -> tuple[bool, bool]:
    """Whether to play without a window, and whether that is news to whoever started it."""
    if wishes.headless:
        return True, False
    unix = sys.platform not in ("win32", "darwin")
    if unix and not (os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY")):
        if os.environ.get("SDL_VIDEODRIVER"):
            return False, False
        console.print("No display (DISPLAY and WAYLAND_DISPLAY are empty): playing without one.")
        return True, wishes.seconds is None and wishes.record is None
    return False, False


def _demo(run: Run, console: Console, last: Frame | None) -> Run:
    """Twenty seconds of the show, recorded, for somebody who has no display to look at."""
    import msgspec

    stamp = time.strftime("%Y%m%d-%H%M%S")
    video = DEMO_FOLDER / f"{run.show_name}-{stamp}.mp4"
    console.print(f"{DEMO_SECONDS:.0f} s of it are recorded to {video} (--seconds N for longer).")
    begun = last.time if last else 0.0
    return msgspec.structs.replace(
        run, until=begun + DEMO_SECONDS, record=str(video.resolve()), size=run.size or (640, 360),
        still=str(video.with_suffix(".png").resolve()), fps=min(run.fps, 30.0),
    )  # fmt: skip


def _log_file(show: str) -> str:
    folder = state_folder() / "logs"
    try:
        folder.mkdir(parents=True, exist_ok=True)
        path = folder / f"{show}-{time.strftime('%Y%m%d-%H%M%S')}-{os.getpid()}.log"
        path.touch()
        return str(path)
    except OSError as error:  # a read-only home: the show goes on, and says so
        logging.getLogger("performer").warning("no log file: %s", error)
        return ""


def _check_writable(path: Path) -> None:
    """Before the night begins, not in its middle: DeviceError if `path` cannot be written."""
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        there = path.exists()
        with path.open("ab"):
            pass
        if not there:
            path.unlink()
    except OSError as error:
        raise DeviceError(f"cannot write {path}: {error.strerror}; choose another folder") from None


def _check_sound(wishes: Wishes) -> None:
    """The room and the music are looked at before anybody waits in the dark for them."""
    if wishes.room is not None:
        load_room(wishes.room)
    if wishes.audio is not None:
        AudioFile(wishes.audio, RATE).close()


def _check_network(wishes: Wishes, console: Console) -> None:
    import ipaddress

    for cidr in wishes.allow:
        try:
            ipaddress.ip_network(cidr, strict=False)
        except ValueError:
            raise DeviceError(f"--allow must be a network as 192.168.1.0/24, found {cidr!r}"
                              ) from None  # fmt: skip
    out = address_of(wishes.osc_out_host)
    if wishes.osc_out_port == wishes.osc_port and out.is_loopback:
        raise DeviceError(
            f"--osc-out-port {wishes.osc_out_port} is where OSC comes in: the desk would hear "
            "itself; choose another"
        )
    if wishes.tokens is not None:
        load_tokens(wishes.tokens)
        if warning := too_open(wishes.tokens):
            console.print(warning, style="yellow", soft_wrap=True)
    here = address_of(wishes.osc_host).is_loopback
    if not here and not wishes.allow and wishes.tokens is None:
        raise DeviceError(
            f"listening on {wishes.osc_host} would let everybody on the network play; say who "
            "may with --allow, as --allow 192.168.1.0/24, or with --tokens FILE"
        )
