"""From a Frame to a picture: OpenGL and nothing else. No clock, randomness or socket."""

import os

os.environ.setdefault("PYGAME_HIDE_SUPPORT_PROMPT", "1")  # before any module here imports pygame
