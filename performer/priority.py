"""Who comes first on the processor: sound before sockets, sockets before pictures.

Niceness alone does nothing between processes of different sessions where Linux groups each session
(sched_autogroup, the default of desktops): with 11 others runnable, a block of sound that took 3 ms
of processor time took up to 130 ms at nice -11; in real-time scheduling no gap was left.
"""

import contextlib
import os
from pathlib import Path

REAL_TIME = 10  # of 1..99: before everything ordinary, behind a sound server's own threads
FIRST, LAST = -11, 5  # niceness, where there is no real-time scheduling

_GROUP = Path("/proc/self/autogroup")


def come_first() -> str:
    """Asks for processor time before everything that draws; returns what it was given, or ""."""
    with contextlib.suppress(AttributeError, OSError):
        os.sched_setscheduler(0, os.SCHED_RR, os.sched_param(REAL_TIME))
        return "real-time"
    with contextlib.suppress(AttributeError, OSError):
        os.setpriority(os.PRIO_PROCESS, 0, FIRST)
        _group(FIRST)
        return f"nice {FIRST}"
    return ""


def give_way() -> None:
    """Lets everything else come first: a picture may be late."""
    if hasattr(os, "nice"):
        os.nice(LAST)
        _group(LAST)


def _group(niceness: int) -> None:
    """The same for the whole session, where sessions are grouped."""
    with contextlib.suppress(OSError):
        _GROUP.write_text(str(niceness))
