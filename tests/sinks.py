"""A sink for tests of rehearsals."""

from performer.frame import Frame
from performer.render.renderer import Picture


class Kept:
    """A sink that keeps every Frame."""

    def __init__(self) -> None:
        self.frames: list[Frame] = []

    def push(self, picture: Picture, frame: Frame) -> None:
        self.frames.append(frame)

    def close(self) -> None:
        pass
