"""The guard against 200 hostile clips, whole size of judges and all of them asked. Minutes.

Run it with `pytest tests/bench/test_guard_bench.py`; `make test` plays the first forty.
"""

from collections.abc import Iterator

import moderngl
import pytest

from performer.render import context
from tests.flash.clips import hostile
from tests.render.hostile import played

PROMISED = 3


@pytest.fixture(scope="module")
def gl() -> Iterator[moderngl.Context]:
    made = context.headless()
    yield made
    made.release()


@pytest.mark.parametrize("seed", range(200))
def test_every_hostile_clip_is_tamed(gl: moderngl.Context, seed: int) -> None:
    seen = played(gl, hostile(seed), 0.6 * (seed % 2), thorough=True)
    assert seen.out.passes
    assert seen.out.general <= PROMISED
    assert seen.out.red == 0
    assert seen.second is not None
    assert seen.second.passes
    assert seen.apart <= 2
