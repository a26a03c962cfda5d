"""The floods of DESIGN.md's "Numbers to hold", 10 s each, against a quiet stage: 10 000 messages/s
from one sender, and 60/s from each of 200."""

import statistics
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[2]))  # tests/ is no package

from tests.processes.nights import Flood, Night, dropped, memory, steady, value, wait
from tests.processes.test_flood import SENDERS, crowd

SECONDS, RATE = 10.0, 10_000.0


def test_ten_seconds_of_flood(tmp_path: Path) -> None:
    night = Night(tmp_path, fps=60)
    try:
        night.ready()
        steps: list[float] = []

        def meanwhile() -> None:
            frame = night.frame()
            if frame is not None:
                steps.append(frame.dt)

        before, _ = night.counts()
        quiet = Flood(night, 1.0)
        quiet.last(SECONDS / 2, meanwhile)
        calm = statistics.median(steps)
        steps.clear()
        flood = Flood(night, RATE)
        reached = flood.last(SECONDS, meanwhile)
        night.send("/resonance", 0.123)
        night.when("the last value wins", lambda f: abs(value(f, "/resonance") - 0.123) < 1e-6)
        sent = quiet.sent + flood.sent + 1
        wait("all are counted", lambda: night.counts()[0] - before + dropped(night.port) >= sent)
        received = night.counts()[0] - before
        busy = statistics.median(steps)
        print(f"\n{reached:.0f}/s: {received} of {sent} received, {dropped(night.port)} dropped; "
              f"frame {1000 * calm:.1f} ms quiet, {1000 * busy:.1f} ms in the flood "
              f"({busy / calm:.2f}x)")  # fmt: skip
        assert received + dropped(night.port) == sent
        assert busy <= 1.2 * calm or busy < 1.2 / 60
    finally:
        night.close()


def test_ten_seconds_of_a_crowd(tmp_path: Path) -> None:
    night = Night(tmp_path, "--participants", str(SENDERS), show=steady(tmp_path), fps=60)
    try:
        night.ready()
        night.when("all are here", lambda f: sum(map(bool, f.people.ids)) == SENDERS)
        steps: list[float] = []

        def meanwhile() -> None:
            frame = night.frame()
            if frame is not None:
                steps.append(frame.dt)

        Flood(night, 1.0).last(SECONDS / 2, meanwhile)
        calm = statistics.median(steps)
        desk = night.child("performer.desk")
        assert desk is not None
        crowd(night, 1.0)
        small = memory(desk)
        steps.clear()
        last = crowd(night, SECONDS, meanwhile)
        busy = statistics.median(steps)
        grown = (memory(desk) - small) / 2**20
        print(f"\nframe {1000 * calm:.1f} ms quiet, {1000 * busy:.1f} ms in the crowd "
              f"({busy / calm:.2f}x), desk grew by {grown:.1f} MiB")  # fmt: skip
        night.when(
            "everybody's last value wins",
            lambda f: all(
                abs(f.people.cap[f.people.ids.index(p)] - cap) < 1e-6 for p, cap in last.items()
            ),
        )
        assert busy <= 1.2 * calm or busy < 1.2 / 60
        assert grown < 8.0
        assert night.counts()[1] == 0
    finally:
        night.close()
