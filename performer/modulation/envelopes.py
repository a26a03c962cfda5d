"""Envelopes: a rise to 1 and a fall, begun when a gate opens; over any shape of rows at once.

The rise is even and always ends; falls are exponential. A gate that opens again while an envelope
falls lets it rise from where it is, so nothing ever jumps.
"""

from dataclasses import dataclass

import numpy as np

from performer.frame import Flags, Floats

REST, RISING, HELD = 0.0, 1.0, 2.0
"""Stages; at rest it falls to 0, held to its sustain."""

_NEAR = 1e-9  # a sum of parts of a second is not always a second


@dataclass(frozen=True)
class Envelopes:
    """E envelopes, shape (E,) each; times in s."""

    attack: Floats
    decay: Floats
    sustain: Floats
    release: Floats

    def step(
        self, level: Floats, stage: Floats, gate: Flags, known: Flags | None, quick: float,
        dt: float,
    ) -> tuple[Floats, Floats]:  # fmt: skip
        """Levels 0..1 and stages `dt` s later, shape (N, E).

        What is not `known` any more falls with a time constant of at most `quick`, at once, unless
        its gate is held open by something else.
        """
        rising = (stage == RISING) | (gate & (stage == REST))
        falling = np.where(gate, self.decay, self.release)
        if known is not None:
            rising = rising & (known | gate)
            falling = np.where(known, falling, np.minimum(falling, quick))
        risen = level + dt / self.attack
        up = risen < 1.0 - _NEAR
        end = np.where(gate, self.sustain, 0.0)
        fallen = end + (level - end) * np.exp(-dt / falling)
        now = np.where(rising, np.minimum(risen, 1.0), fallen)
        held = np.where(gate | rising, HELD, REST)
        return now, np.where(rising & up, RISING, held)
