"""What one night was started with, and what all its processes share: log, parent, places."""

import logging
import os
import sys
from pathlib import Path

import msgspec

HANDED_DOWN = "PERFORMER_RUN"
"""Environment variable in which the supervisor hands the Run to its children."""

HANDED = "-"
"""`Run.resume` of a stage that reads the last Frame from its standard input."""


AFRESH = 3
"""Exit code of a sound process that gives its place to the next: a device has gone or come."""


class Run(msgspec.Struct, frozen=True):
    """The options of `performer perform`, and where the supervisor listens."""

    show: str
    """Path of the show's file."""
    show_name: str = ""
    hub: str = ""
    log: str = ""
    size: tuple[int, int] | None = None
    fps: float = 60.0
    display: int = 0
    fullscreen: bool = False
    headless: bool = False
    participants: int | None = None
    seed: int | None = None
    osc_host: str = "127.0.0.1"
    osc_port: int = 7000
    osc_out_host: str = "127.0.0.1"
    osc_out_port: int = 7001
    allow: tuple[str, ...] = ()
    """Networks whose hosts are architects, as this machine is."""
    tokens: str = ""
    """Path of the file of tokens by which others come in; empty: they do not."""
    oscquery_port: int = 7080
    """TCP; 0: no OSCQuery."""
    midi: bool = True
    controllers: tuple[str, ...] = ()
    """Paths of controller files, before those of the user's folder and the shipped ones."""
    record: str = ""
    record_control: str = ""
    still: str = ""
    hud: bool = False
    """Meters and keys over the picture, for a single screen."""
    until: float = 1e12
    """Show time at which it is over, s."""
    silent: bool = False
    """No device is opened, nothing sounds."""
    sound_out: str = ""
    """Name of the output device, or a part of it; empty: the system's default."""
    room: str = ""
    """Path of the room file; empty: stereo."""
    listen: str | None = None
    """Name of the input device, or a part of it; empty: the system's default; None: no input."""
    audio: str = ""
    """Path of a music file that is played and listened to."""
    plain: bool = False
    """Plain generators and no effects, after three deaths in a minute."""
    resume: str = ""
    """Path of the Frame to go on from, or `HANDED`."""

    def environment(self) -> dict[str, str]:
        """The environment of a child."""
        return {
            **os.environ,
            HANDED_DOWN: msgspec.json.encode(self).decode(),
            # one thread of BLAS: the same sums in the same order, and no spinning beside GL
            "OPENBLAS_NUM_THREADS": "1",
            "OMP_NUM_THREADS": "1",
            "PYGAME_HIDE_SUPPORT_PROMPT": "1",
            "PERFORMER_PARENT": str(os.getpid()),
        }

    @staticmethod
    def inherited() -> "Run":
        """The Run that the supervisor handed down."""
        return msgspec.json.decode(os.environ[HANDED_DOWN], type=Run)


def state_folder() -> Path:
    """Where logs and last Frames are kept: the platform's place for state."""
    if sys.platform == "darwin":
        base = Path.home() / "Library" / "Application Support"
    elif sys.platform == "win32":
        base = Path(os.environ.get("LOCALAPPDATA", Path.home()))
    else:
        base = Path(os.environ.get("XDG_STATE_HOME", Path.home() / ".local" / "state"))
    return base / "performer"


def logging_to(path: str, process: str) -> None:
    """Logs everything to the night's file, and warnings to the terminal too."""
    line = logging.Formatter(f"%(asctime)s {process} %(levelname)s %(message)s")
    logging.raiseExceptions = False  # a full disk must not fill the terminal with tracebacks
    handlers: list[logging.Handler] = []
    terminal = logging.StreamHandler()
    terminal.setLevel(logging.WARNING)
    terminal.setFormatter(logging.Formatter(f"{process}: %(message)s"))
    handlers.append(terminal)
    if path:
        file = logging.FileHandler(path, encoding="utf-8")
        file.setFormatter(line)
        handlers.append(file)
    logging.basicConfig(level=logging.INFO, handlers=handlers, force=True)


def parent_gone() -> bool:
    """Whether the supervisor has died without ending its children."""
    parent = os.environ.get("PERFORMER_PARENT")
    return parent is not None and hasattr(os, "getppid") and os.getppid() != int(parent)
