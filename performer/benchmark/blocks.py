"""Blocks of sound, rendered as fast as they come: how long one takes, and each part of it.

Run as `python -m performer.benchmark.blocks JOB`: a process of its own, for it needs Python's
garbage collector, its priority and one thread of BLAS as the sound process has them.
"""

import contextlib
import gc
import json
import sys
from collections.abc import Callable, Generator
from statistics import fmean
from time import perf_counter, thread_time
from typing import Any

from performer.audio import QUANTUM, RATE
from performer.audio.engine import Engine
from performer.benchmark.plan import Figures, rounded, shares
from performer.circle.circle import Circle
from performer.frame import decode, encode
from performer.priority import come_first
from performer.show.rooms import STEREO
from performer.show.shows import Library, load_show

STEP = 1.0 / 60.0
BLOCK = 1000.0 * QUANTUM / RATE  # ms
WARM = 300  # blocks before anything is measured: voices have come in, the room is full
TURN, COLD = 50, 5  # blocks until it is another circle's turn, and those that fill the caches
HEARD, REST = "Frame to score, in between", "the rest"
PARTS: tuple[str, ...] = (HEARD, "voices", "mix", "strings", "reverb", "chain", REST)


class Desk:
    """`people` in a circle, and the engine that plays them."""

    def __init__(self, library: Library, people: int) -> None:
        self.circle = Circle(library, people, seed=1)
        self.engine = Engine(library, STEREO, RATE)
        self._shown = self._played = 0.0
        self.spent = dict.fromkeys(PARTS, 0.0)
        """Processor time of the last block's parts, ms; of metered engines only."""
        for _ in range(WARM):
            self.block()

    def block(self) -> tuple[float, float]:
        """One block, and the Frames before it: ms by wall and processor of the block alone."""
        self._hear()
        wall, cpu = perf_counter(), thread_time()
        self.engine.block()
        took = 1000.0 * (perf_counter() - wall), 1000.0 * (thread_time() - cpu)
        self._played += QUANTUM / RATE
        return took

    def _hear(self) -> None:
        while self._shown <= self._played:
            data = encode(self.circle.step(STEP))
            began = thread_time()
            self.engine.hear(decode(data))
            self.spent[HEARD] += 1000.0 * (thread_time() - began)
            self._shown += STEP

    def metered(self) -> None:
        """From now on every part's time is added up."""
        e = self.engine
        for part, owner, name in (
            ("voices", e.voices, "block"), ("mix", e.mixer, "mix"), ("mix", e.mixer, "add"),
            ("mix", e.mixer, "finish"), ("mix", e.delay, "process"),
            ("strings", e.strings, "process"), ("reverb", e.reverb, "process"),
            ("chain", e.chain, "process"),
        ):  # fmt: skip
            setattr(owner, name, self._measured(part, getattr(owner, name)))

    def _measured(self, part: str, work: Callable[..., Any]) -> Callable[..., Any]:
        def measured(*args: Any, **more: Any) -> Any:
            began = thread_time()
            done = work(*args, **more)
            self.spent[part] += 1000.0 * (thread_time() - began)
            return done

        return measured

    def parts(self) -> dict[str, float]:
        """One block, part by part: ms of processor time."""
        self.spent = dict.fromkeys(PARTS, 0.0)
        _, whole = self.block()
        inside = sum(self.spent.values()) - self.spent[HEARD]
        return {**self.spent, REST: max(0.0, whole - inside)}


@contextlib.contextmanager
def as_in_the_process() -> Generator[None]:
    """Garbage is not looked for, and we come first where that is allowed."""
    come_first()
    gc.collect()
    gc.freeze()
    gc.disable()
    try:
        yield
    finally:
        gc.enable()
        gc.unfreeze()


def blocks(show: str, people: list[int], apart: int, count: int) -> Figures:
    """Blocks of circles of several sizes in turns, then the parts of one with `apart` people."""
    library = load_show(show).steady()
    desks = {n: Desk(library, n) for n in people}
    took: dict[int, list[tuple[float, float]]] = {n: [] for n in people}
    with as_in_the_process():
        for _ in range(max(1, count // (TURN - COLD))):
            for n, desk in desks.items():
                took[n] += [desk.block() for _ in range(TURN)][COLD:]
        desks[apart].metered()
        parts = [desks[apart].parts() for _ in range(max(TURN, count // 2))][COLD:]
    return {
        "block_ms": rounded(BLOCK),
        "wall": {str(n): shares([t[0] for t in times], BLOCK) for n, times in took.items()},
        "cpu": {str(n): shares([t[1] for t in times], BLOCK) for n, times in took.items()},
        "people": apart,
        "parts_ms": {name: rounded(fmean(p[name] for p in parts)) for name in PARTS},
    }


if __name__ == "__main__":
    print(json.dumps(blocks(**json.loads(sys.argv[1]))))
