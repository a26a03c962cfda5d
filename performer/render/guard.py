"""The guard: the last pass of every view, and the only way to an eye or an encoder."""

from math import exp
from pathlib import Path

import moderngl

from performer.render.passes import Pass, Target

PANIC_SECONDS = 3.25  # a quarter second to fall, black for 3 s: panics cannot flash
PANIC_FALL = 0.06  # s, time constant of the fall
LONGEST_STEP = 1.0 / 30.0  # s; a late frame earns no larger jump
NO_PANIC = 1e9  # `age` of a panic that never was


class Guard:
    """One view's guard with its own memory of what was shown."""

    def __init__(self, gl: moderngl.Context, folder: Path, size: tuple[int, int]) -> None:
        self.gl = gl
        self._pass = Pass(gl, folder, "guard")
        self._copy = Pass(gl, folder, "copy")
        self._targets = [self._make(size) for _ in range(2)]

    def _make(self, size: tuple[int, int]) -> Target:
        return Target.make(self.gl, size, "rgba32f", "rgba8")

    @property
    def shown(self) -> Target:
        """State (linear light; alpha 1 where the scene was held back) and the 8-bit picture."""
        return self._targets[0]

    def draw(self, scene: moderngl.Texture, dt: float, sigma: float, panic_age: float) -> None:
        """Moves what is shown towards `scene` (linear light) by at most sigma·min(dt, 1/30)."""
        self._targets.reverse()
        now, before = self._targets
        panic = panic_age < PANIC_SECONDS
        self._pass.draw(
            now,
            {"scene": scene, "before": before.texture},
            {
                "step_limit": sigma * min(max(dt, 0.0), LONGEST_STEP),
                "panic_keep": exp(-dt / PANIC_FALL) if panic else 1.0,
                "size": (float(now.size[0]), float(now.size[1])),
            },
        )

    def resize(self, size: tuple[int, int]) -> None:
        """A new size; what was shown is resampled, never cleared, so a resize cannot flash."""
        if size == self.shown.size:
            return
        made = [self._make(size) for _ in range(2)]
        whole = {"part": (0.0, 0.0, 1.0, 1.0)}
        self.shown.texture.filter = (moderngl.LINEAR, moderngl.LINEAR)
        for target in made:
            self._copy.draw(target, {"source": self.shown.texture}, whole)
        for target in self._targets:
            target.release()
        self._targets = made

    def release(self) -> None:
        """Gives everything back."""
        for part in (self._pass, self._copy, *self._targets):
            part.release()
