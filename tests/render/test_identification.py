"""Is everybody's dream still to be told from everybody else's in the scene they share?

Each territory of the master's picture is matched with what every person's own layer shows at the
same place (`View("solo")`: same mapping, φ = 1, no past, before the guard).

The measure is the correlation of the three OKLab channels, each with its mean over the territory
taken away, unscaled: OKLab's units are steps an eye sees, so a channel counts as much as it is
seen. Taking the means away makes the test harder: the average colour of a person, which survives
even a picture blurred to one tone per territory, does not help; only what is drawn there does.
"""

import dataclasses
from collections.abc import Callable

import msgspec
import numpy as np
import pytest
from numpy.typing import NDArray

from performer.circle.circle import Circle
from performer.frame import Frame, copied
from performer.render.renderer import Renderer
from performer.render.scene import View
from performer.show.files import names
from performer.show.shows import Library

from .masks import formula
from .scenes import held, settled

SIZE = (192, 108)
PEOPLE = 12
SEEDS = (11, 12, 13)
ENOUGH = 0.95

Picture = NDArray[np.float32]
Owners = NDArray[np.int64]


def dealt(library: Library, generators: tuple[str, ...]) -> Library:
    """The same show with other generators dealt round the circle."""
    presets = {
        name: preset.model_copy(update={"generators": generators})
        for name, preset in library.presets.items()
    }
    return dataclasses.replace(library, presets=presets)


def owners(frame: Frame) -> Owners:
    """Whose territory each pixel is, by the circle's own formula, shape (H, W), top row first."""
    return formula(frame, SIZE).argmax(axis=-1)


def correlation(a: Picture, b: Picture) -> float:
    """Of two lists of OKLab colours (n, 3); nothing but flat colour is like nothing."""
    a, b = a - a.mean(axis=0), b - b.mean(axis=0)
    size = float(np.linalg.norm(a) * np.linalg.norm(b))
    return float((a * b).sum()) / size if size > 1e-6 else 0.0


def wrong_seats(frame: Frame) -> Frame:
    """A mask as wrong as can be: seats, weights and discs belong to the next row's person."""
    people = copied(frame.people)
    for column in ("seat", "weight", "disc"):
        values = getattr(people, column).copy()
        values[:PEOPLE] = np.roll(values[:PEOPLE], 1, axis=0)
        setattr(people, column, values)
    return msgspec.structs.replace(frame, people=people)


def seen(
    renderer: Renderer, library: Library, seed: int, individuality: float, resonance: float,
    masked: Callable[[Frame], Frame] = lambda frame: frame,
) -> tuple[Picture, list[Picture], Owners]:  # fmt: skip
    """The master's blend, everybody's solo, and whose each pixel is, of one Frame.

    `masked` changes the Frame that the master alone is drawn from.
    """
    circle = Circle(library, PEOPLE, seed, SIZE[0] / SIZE[1])
    held(circle, {"/individuality": individuality, "/resonance": resonance})
    settled(circle, 67, 0.1)
    master = View("master", SIZE)
    for _ in range(8):  # so that the picture has a past
        renderer.draw(masked(circle.step(1 / 30)), [master])
    frame = circle.step(1 / 30)
    whole = renderer.draw(masked(frame), [master])[master].unguarded()
    solos = [View("solo", SIZE, person) for person in frame.people.ids if person]
    alone = renderer.draw(frame, solos)
    return whole, [alone[solo].unguarded() for solo in solos], owners(frame)


def matches(master: Picture, solos: list[Picture], whose: Owners) -> tuple[int, int]:
    """How many territories are likest to their owner's solo, and how many there are."""
    right = 0
    for row in range(len(solos)):
        here = whose == row
        likeness = [correlation(master[here], solo[here]) for solo in solos]
        right += int(np.argmax(likeness)) == row
    return right, len(solos)


GENERATORS = {
    "all twelve": tuple(names("generator")),
    "moons alone": ("moon",),
    "inks alone": ("ink",),
    "auroras alone": ("aurora",),
}


@pytest.mark.parametrize("which", GENERATORS)
@pytest.mark.parametrize(("individuality", "resonance"), [(0.8, 0.3), (1.0, 0.3), (0.8, 0.0)])
def test_everybody_is_told_by_their_own_dream(
    renderer: Renderer, library: Library, which: str, individuality: float, resonance: float
) -> None:
    right = of = 0
    for seed in SEEDS:
        picture = seen(renderer, dealt(library, GENERATORS[which]), seed, individuality, resonance)
        some, all_ = matches(*picture)
        right, of = right + some, of + all_
    assert right >= ENOUGH * of, f"{right} of {of}"


def test_a_wrong_mask_is_found_out(renderer: Renderer, library: Library) -> None:
    """Owners shifted by one round the circle, and territories mirrored: hardly anybody is told."""
    master, solos, whose = seen(renderer, dealt(library, ("ink",)), 11, 0.8, 0.3)
    assert matches(master, solos, whose)[0] == PEOPLE
    shifted = matches(master, solos, (whose + 1) % PEOPLE)[0]
    mirrored = matches(master, solos, whose[:, ::-1])[0]
    assert shifted <= 1
    assert mirrored <= PEOPLE // 2


def test_a_picture_drawn_with_a_wrong_mask_is_found_out(
    renderer: Renderer, library: Library
) -> None:
    """The same Frame, but the master is drawn as if everybody sat on the next one's seat.

    With all twelve dreams: inks alone are so alike that up to eight of twelve are told by chance.
    """
    for seed in SEEDS:
        twelve = dealt(library, GENERATORS["all twelve"])
        master, solos, whose = seen(renderer, twelve, seed, 0.8, 0.3, wrong_seats)
        assert matches(master, solos, whose)[0] <= PEOPLE // 3
