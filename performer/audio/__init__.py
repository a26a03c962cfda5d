"""The sound: voices, the space they live in, listening, and an output that cannot hurt.

Everything here but `devices` is a function of Frames and samples: no clock, no randomness without
a seed. Pictures and controllers are not known.
"""

QUANTUM = 512
"""Frames of one rendered block; what moves is interpolated inside it."""

RATE = 48000
"""Samples per second, unless a device wants another rate."""
