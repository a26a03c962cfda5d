"""Frames of a real circle, and Scores of them, for what listens to Frames."""

from functools import lru_cache

from performer.audio.score import Score, score
from performer.circle.circle import Circle
from performer.frame import Frame
from performer.parameters import TREE
from performer.show.shows import Library, load_show
from performer.show.sound import Sound

SOUND = Sound()


@lru_cache(maxsize=1)
def library() -> Library:
    """A night in which everybody stays."""
    return load_show("luna-circle").steady()


def circle(people: int, **faders: float) -> Circle:
    """A circle at rest; faders by the last word of their address, as `individuality=1`."""
    made = Circle(library(), people=people)
    known = {address.rsplit("/", 1)[-1]: address for address in reversed(TREE.index)}
    for name, value in faders.items():
        tell(made, known[name], value)
    return made


def tell(told: Circle, address: str, *args: float | int | str) -> None:
    """Sends one message to a circle."""
    told.take(TREE.accept(address, list(args)))


def frame(people: int, **faders: float) -> Frame:
    """The first Frame of a circle."""
    return circle(people, **faders).step(1 / 60)


def scored(people: int, **faders: float) -> Score:
    """The Score of it."""
    return score(frame(people, **faders), SOUND)
