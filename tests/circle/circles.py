"""What the tests of the circle share: a show, a circle, messages to it."""

import dataclasses
from functools import cache

from performer.circle.circle import Circle
from performer.frame import Frame
from performer.parameters import TREE
from performer.show.shows import Library, load_show


@cache
def luna(arrivals: float = 0.0) -> Library:
    """The bundled show, in which everybody simulated is there from the start unless it says so."""
    library = load_show("luna-circle")
    show = library.show.model_copy(update={"arrivals": arrivals})
    return dataclasses.replace(library, show=show)


def send(circle: Circle, address: str, *args: object) -> None:
    """One message, checked as the desk does."""
    circle.take(TREE.accept(address, args))


def after(circle: Circle, seconds: float, dt: float = 1 / 30) -> Frame:
    """The Frame so many seconds later, at least one."""
    for _ in range(max(0, round(seconds / dt) - 1)):
        circle.step(dt)
    return circle.step(dt)


def value(frame: Frame, address: str, base: bool = False) -> float:
    """One value of a Frame, as the hands and the arc set it (`base`) or after everything."""
    return float((frame.base if base else frame.values)[TREE.index[address]])
