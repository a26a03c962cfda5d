"""The sound process of a measured night: the real one, which also notes how long its fills take.

Run as `python -m performer.benchmark.loop` by the supervisor, in place of `performer.sound`.
"""

import json
import os
import time
from array import array
from pathlib import Path

from performer import sound
from performer.audio import QUANTUM
from performer.audio.streams import Speakers
from performer.benchmark.plan import Figures, shares
from performer.bus import Bus
from performer.run import Run
from performer.show.rooms import Room
from performer.show.shows import Library

TOLD = "PERFORMER_BENCH_TOLD"
"""Environment variable: the file to which each such process adds a line of figures at its end."""

STALL = "PERFORMER_BENCH_STALL"
"""Environment variable: s for which the loop stands still now and then, to see that it shows."""

NOW_AND_THEN = 200  # blocks
COLD = 100  # blocks at the beginning whose times are not counted; their gaps are


class Measured(sound.Sound):
    """The loop, and a clock beside it."""

    def __init__(self, run: Run, library: Library, room: Room) -> None:
        super().__init__(run, library, room)
        self._took = array("d")
        self._stall = float(os.environ.get(STALL, "0"))

    def play(self, bus: Bus) -> None:
        """As ever; then tells."""
        try:
            super().play(bus)
        finally:
            with Path(os.environ[TOLD]).open("a", encoding="utf-8") as file:
                file.write(json.dumps(self._figures()) + "\n")

    def _fill(self) -> bool:
        began = time.perf_counter()
        filled = super()._fill()
        if filled and self._playing:
            self._took.append(1000.0 * (time.perf_counter() - began))
            if self._stall and len(self._took) % NOW_AND_THEN == 0:
                time.sleep(self._stall)
        return filled

    def _figures(self) -> Figures:
        if not isinstance(self.output, Speakers):
            return {"failed": "the night found no sound server"}
        block = 1000.0 * QUANTUM / self.engine.rate
        return {"underruns": self.output.underruns, "fill": shares(self._took[COLD:], block),
                "blocks": len(self._took)}  # fmt: skip


def main() -> None:
    """The measured process."""
    sound.Sound = Measured  # type: ignore[misc]
    sound.main()


if __name__ == "__main__":
    main()
