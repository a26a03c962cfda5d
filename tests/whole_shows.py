"""What every whole show must keep, looked up in its statistics."""

from typing import Any

from performer.journal.stats import Stats
from performer.rehearsal import OnStats, rehearse
from performer.render.scene import View
from performer.show.shows import load_show


def played(show: str, size: tuple[int, int], fps: float, speed: float) -> Stats:
    """A whole show that nobody touches, `speed` times faster."""
    library, stats = load_show(show), Stats()
    rehearse(library, View("master", size), library.show.seconds, fps, [], [OnStats(stats)],
             speed=speed)  # fmt: skip
    return stats


def check(show: str, stats: Stats) -> dict[str, Any]:
    """The summary, after all that holds for any bundled show."""
    night, found = load_show(show).show, stats.summary()
    assert [s["phase"] for s in stats.seconds] == sorted(s["phase"] for s in stats.seconds)
    assert {s["phase"] for s in stats.seconds} == set(range(len(night.phase)))
    assert set(found["presets"]) == {phase.preset for phase in night.phase}
    assert abs(sum(p["seconds"] for p in found["presets"].values()) - night.seconds) < 1.0
    # Everybody kept what the policy promises, and nothing was for the guard to do.
    assert found["frames_below_the_disc_bound"] == 0
    assert set(found["clamps"]) <= {"/individuality", "/resonance"}
    assert found["held"] <= 0.05
    assert 0.05 <= found["mean_luminance"] <= 0.20
    assert found["p95_chroma"] <= 0.13
    # A circle with life: people came and went, and most were always there.
    here = [len(s["people"]) for s in stats.seconds]
    assert min(here) >= 0.6 * night.people
    assert max(here) == night.people
    return found
