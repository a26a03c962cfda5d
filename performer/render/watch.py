"""How long each shader takes: one of them is timed now and then, without holding up the others.

A GPU is asked by a timer query whose answer is fetched some frames later. Software OpenGL answers
such queries with nonsense (0.8 ms for 36, measured on llvmpipe), so there the draw is waited for:
all its work is the processor's anyway.
"""

from collections.abc import Callable, Generator
from contextlib import contextmanager
from statistics import median
from time import perf_counter

import moderngl

LATER = 4  # frames until a query is asked for its answer
EVERY = 6  # frames between two measurements
NONSENSE = 4.0  # s: more than that is no answer
SHARE = 0.5  # of a frame's time, that one shader may take
OTHERS = 6.0  # times what the others take for as many tiles
TIMES = 4  # measurements in a row, until it is taken out


class Watch:
    """Times shaders by name."""

    def __init__(self, gl: moderngl.Context) -> None:
        self.gl = gl
        self.software = "llvmpipe" in gl.info["GL_RENDERER"]
        self.costs: dict[str, float] = {}
        """s per tile, the last measurement."""
        self.totals: dict[str, float] = {}
        self._strikes: dict[str, int] = {}
        self._asked: tuple[moderngl.Query, str, int, int] | None = None
        self._frame = 0
        self._turn: list[str] = []
        self._now, self._many = "", 0

    def begin(self, names: list[str]) -> None:
        """Another frame, in which these are drawn; the one whose turn it is will be timed."""
        self._frame += 1
        if self._asked is not None and self._frame - self._asked[3] >= LATER:
            query, name, tiles, _ = self._asked
            self._asked = None
            self._note(name, tiles, query.elapsed * 1e-9)
        self._now, self._many = "", len(names)
        if self._frame % EVERY or not names:
            return
        suspects = [n for n in names if self._strikes.get(n, 0) > 0]
        self._turn = [n for n in self._turn if n in names] or sorted(names)
        self._now = suspects[0] if suspects else self._turn.pop(0)

    @contextmanager
    def timing(self, name: str, tiles: int) -> Generator[None]:
        """Around the draw of a shader."""
        if self._now != name:
            yield
            return
        if self.software:
            self.gl.finish()
            began = perf_counter()
            yield
            self.gl.finish()
            self._note(name, tiles, perf_counter() - began)
        elif self._asked is None:
            query = self.gl.query(time=True)
            with query:
                yield
            self._asked = (query, name, tiles, self._frame)
        else:
            yield

    def _note(self, name: str, tiles: int, spent: float) -> None:
        if 0.0 <= spent < NONSENSE or self.software:
            self.totals[name], self.costs[name] = spent, spent / max(1, tiles)

    def tired(self, interval: float, keep: Callable[[str], bool]) -> list[str]:
        """Shaders that have taken more than their share, again and again; `keep` spares some.

        `interval`: s that a frame has.
        """
        found: list[str] = []
        for name, total in list(self.totals.items()):
            del self.totals[name]  # each measurement counts once
            others = [c for n, c in self.costs.items() if n != name]
            if not others and self._many > 1:
                continue  # there is nothing yet to compare it with
            usual = median(others) if others else SHARE * interval
            over = total > SHARE * interval and self.costs[name] > OTHERS * usual
            self._strikes[name] = self._strikes.get(name, 0) + 1 if over else 0
            if self._strikes[name] >= TIMES and not keep(name):
                found.append(name)
        return found
