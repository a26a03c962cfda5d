"""Who comes first on the processor: real-time where it may be, one warning where it may not."""

import logging
import os
import subprocess
import sys
from pathlib import Path

import pytest

from performer import priority, sound
from performer.priority import FIRST, REAL_TIME, come_first

CODE = """
import os
from performer.priority import come_first
got = come_first()
print(got, os.sched_getscheduler(0), os.sched_getparam(0).sched_priority, os.nice(0), sep=",")
"""


def refused(*_args: object) -> None:
    raise PermissionError


def test_what_it_says_it_got_is_what_it_has() -> None:
    """In a process of its own, for it changes the one it is in."""
    done = subprocess.run([sys.executable, "-c", CODE], capture_output=True, text=True, check=True)
    got, policy, level, nice = done.stdout.strip().split(",")
    if got == "real-time":
        assert (int(policy), int(level)) == (os.SCHED_RR, REAL_TIME)
    elif got == f"nice {FIRST}":
        assert int(nice) == FIRST
    else:
        assert (got, int(policy), int(nice)) == ("", os.SCHED_OTHER, os.nice(0))


def test_niceness_is_asked_for_where_real_time_is_refused_and_of_the_whole_session(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    asked: list[tuple[int, int, int]] = []
    monkeypatch.setattr(os, "sched_setscheduler", refused)

    def heard(which: int, who: int, niceness: int) -> None:
        asked.append((which, who, niceness))

    monkeypatch.setattr(os, "setpriority", heard)
    monkeypatch.setattr(priority, "_GROUP", tmp_path / "autogroup")
    assert come_first() == f"nice {FIRST}"
    assert asked == [(os.PRIO_PROCESS, 0, FIRST)]
    assert (tmp_path / "autogroup").read_text() == str(FIRST)


def test_a_sound_that_may_not_come_first_says_so_once_and_what_to_do(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr(os, "sched_setscheduler", refused)
    monkeypatch.setattr(os, "setpriority", refused)
    with caplog.at_level(logging.WARNING):
        sound._come_first()  # pyright: ignore[reportPrivateUsage]
    assert len(caplog.records) == 1
    assert f"rtprio {REAL_TIME}" in caplog.text
