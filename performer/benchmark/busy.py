"""How busy the machine is, and one process on it, as the kernel tells (Linux; else nothing)."""

from dataclasses import dataclass
from pathlib import Path

from performer.benchmark.plan import Figures, rounded


@dataclass(frozen=True)
class Busy:
    """Ticks since the start: of all processors, those of them that were idle, of one process."""

    all: int = 0
    idle: int = 0
    one: int = 0
    pid: int | None = None

    @staticmethod
    def now(pid: int | None) -> "Busy":
        """As it stands; zeros where the kernel does not tell it."""
        try:
            ticks = [int(n) for n in Path("/proc/stat").read_text().splitlines()[0].split()[1:9]]
            rest = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
        except OSError:
            return Busy()
        return Busy(sum(ticks), ticks[3] + ticks[4], int(rest[11]) + int(rest[12]), pid)

    def since(self, before: "Busy") -> Figures:
        """In % of all processors: `busy` with anything, `stage` with the one process.

        `stage_died` is 1 if it is another process by now; its time is then not known.
        """
        passed = self.all - before.all
        if not before.all or passed <= 0:
            return {}
        found: Figures = {"busy": rounded(100.0 - 100.0 * (self.idle - before.idle) / passed)}
        if self.pid != before.pid:
            return {**found, "stage_died": 1}
        return {**found, "stage": rounded(100.0 * (self.one - before.one) / passed),
                "stage_died": 0}  # fmt: skip
