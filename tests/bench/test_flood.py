"""The floods of DESIGN.md's "Numbers to hold", 10 s each, against a quiet stage: 10 000 messages/s
from one sender, and 60/s from each of 200."""

import statistics
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[2]))  # tests/ is no package

from tests.processes.nights import Flood, Night, dropped, memory, steady, value
from tests.processes.test_flood import SENDERS, all_counted, crowd

SECONDS, RATE = 10.0, 10_000.0
GROWTH = 8.0  # MiB


class Watch:
    """Looks at a night now and then: the lengths of its frames, and how large it becomes."""

    def __init__(self, night: Night) -> None:
        self.night, self.steps, self.largest = night, list[float](), (0, 0)
        found = [night.child(module) for module in ("performer.desk", "performer.night")]
        self.pids = [pid for pid in found if pid is not None]
        assert len(self.pids) == 2

    def __call__(self) -> None:
        """One look."""
        desk, stage = (memory(pid) for pid in self.pids)
        self.largest = max(self.largest[0], desk), max(self.largest[1], stage)
        frame = self.night.frame()
        if frame is not None:
            self.steps.append(frame.dt)

    def taken(self) -> tuple[float, tuple[int, int]]:
        """Median length of a frame, s, and the largest sizes of desk and stage; begins anew."""
        found = statistics.median(self.steps), self.largest
        self.steps, self.largest = [], (0, 0)
        return found


def test_ten_seconds_of_flood(tmp_path: Path) -> None:
    night = Night(tmp_path, fps=60)
    try:
        night.ready()
        watch, (before, _) = Watch(night), night.counts()
        quiet, flood = Flood(night, 1.0), Flood(night, RATE)
        flood.last(1.0)  # queues and caches have their size now
        quiet.last(SECONDS / 2, watch)
        calm, small = watch.taken()
        reached = flood.last(SECONDS, watch)
        busy, large = watch.taken()
        night.send("/resonance", 0.123)
        night.when("the last value wins", lambda f: abs(value(f, "/resonance") - 0.123) < 1e-6)
        sent = quiet.sent + flood.sent + 1
        all_counted(night, before, sent)
        received, lost = night.counts()[0] - before, dropped(night.port)
        grown = [(now - then) / 2**20 for now, then in zip(large, small, strict=True)]
        print(f"\n{reached:.0f}/s: {received} of {sent} received, {lost} dropped; "
              f"frame {1000 * calm:.1f} ms quiet, {1000 * busy:.1f} ms in the flood "
              f"({busy / calm:.2f}x), desk and stage grew by {grown} MiB")  # fmt: skip
        assert reached >= 0.9 * RATE, "this machine was too busy to flood it"
        assert received + lost == sent
        assert max(grown) < GROWTH
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
        assert grown < GROWTH
        assert night.counts()[1] == 0
    finally:
        night.close()
