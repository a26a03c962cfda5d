"""The kinds of hostile pictures. `clips` draws from them.

To add a kind, write a function that draws what it needs from the dice and returns a painter of
instants, and list it in KINDS. Frames are linear-light RGB, float32 (90, 160, 3), mostly 0..1, in
kinds named `hdr` beyond.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Frame = NDArray[np.float32]
Painter = Callable[[float], Frame]  # seconds -> frame (H, W, 3)
Weight = float | NDArray[np.bool_]

HEIGHT, WIDTH = 90, 160
Y, X = np.mgrid[0:HEIGHT, 0:WIDTH].astype(np.float32)
LUMA = np.array([0.2126, 0.7152, 0.0722], np.float32)
RED, GREEN, BLUE = np.eye(3, dtype=np.float32)
BLACK, WHITE = np.zeros(3, np.float32), np.ones(3, np.float32)


@dataclass(frozen=True)
class Dice:
    """The seeded choices that all kinds share."""

    rng: np.random.Generator
    fps: float

    def hz(self, low: float = 3.0, high: float = 30.0) -> float:
        """A flash rate that the frame rate can show."""
        return float(self.rng.uniform(low, min(high, self.fps / 2)))

    def dark(self) -> Frame:
        """A dim linear colour."""
        return self.rng.uniform(0, 0.15, 3).astype(np.float32)

    def bright(self) -> Frame:
        """A bright linear colour."""
        return self.rng.uniform(0.5, 1, 3).astype(np.float32)


def _on(hz: float, t: float) -> bool:
    """A square wave of hz."""
    return int(2 * hz * t + 1e-6) % 2 == 0


def painted(a: Frame, b: Frame, weight: Weight) -> Frame:
    """Colour a where the weight is 0 or false, colour b where it is 1 or true; (H, W, 3)."""
    if isinstance(weight, np.ndarray):
        return np.stack([a, b])[weight.astype(np.intp)]
    return np.full((HEIGHT, WIDTH, 3), a * np.float32(1 - weight) + b * np.float32(weight))


def _alternate(hz: float, a: Frame, b: Frame) -> Painter:
    return lambda t: painted(a, b, _on(hz, t))


def _antiphase(dice: Dice, where: NDArray[np.bool_]) -> Painter:
    """Two colours that swap places."""
    a, b, hz = dice.dark(), dice.bright(), dice.hz()
    return lambda t: painted(a, b, where ^ _on(hz, t))


def equal_luminance(a: Frame, b: Frame) -> tuple[Frame, Frame]:
    """Both linear colours, the brighter dimmed until their luminances agree."""
    ya, yb = float(a @ LUMA), float(b @ LUMA)
    return a * np.float32(min(1, yb / ya)), b * np.float32(min(1, ya / yb))


def strobe_square(dice: Dice) -> Painter:
    """The whole frame, hard on and off."""
    return _alternate(dice.hz(), dice.dark(), dice.bright())


def strobe_sine(dice: Dice) -> Painter:
    """The whole frame, in sines."""
    a, b, hz = dice.dark(), dice.bright(), dice.hz(3, 15)
    return lambda t: painted(a, b, 0.5 + 0.5 * np.sin(2 * np.pi * hz * t))


def strobe_random(dice: Dice) -> Painter:
    """The whole frame at random levels."""
    a, b, hz, levels = dice.dark(), dice.bright(), dice.hz(8), dice.rng.random(256)
    return lambda t: painted(a, b, float(levels[int(hz * t)]))


def strobe_hdr(dice: Dice) -> Painter:
    """Far beyond white, and back to a dark colour."""
    return _alternate(dice.hz(), dice.dark(), dice.bright() * np.float32(dice.rng.uniform(2, 20)))


def hdr_equal_luminance(dice: Dice) -> Painter:
    """An over-bright red, and the grey that equals it once the red is raised to a share of 0.79:
    one luminance for a guard that does not clip its input, two for the display that does.
    """
    level = np.float32(dice.rng.uniform(1.7, 2.3))
    return _alternate(dice.hz(4), RED * level, WHITE * level * np.float32(0.3173))


def red_black(dice: Dice) -> Painter:
    """Saturated red pulses."""
    return _alternate(dice.hz(), BLACK, RED * np.float32(dice.rng.uniform(0.4, 1)))


def red_blue(dice: Dice) -> Painter:
    """The alternation that sent hundreds of children to hospital in 1997."""
    return _alternate(dice.hz(8, 15), BLUE, RED)


def red_green(dice: Dice) -> Painter:
    """Pure red and pure green of equal luminance: nothing for a luminance rule to see."""
    return _alternate(dice.hz(), *equal_luminance(RED, GREEN))


def red_to_any(dice: Dice) -> Painter:
    """A saturated red of any brightness against any colour, some red dark enough to round."""
    red = (RED + dice.dark() / 2) * dice.rng.uniform(0.06, 1)
    return _alternate(dice.hz(), dice.rng.random(3, np.float32), red.astype(np.float32))


def halves_side_by_side(dice: Dice) -> Painter:
    """Left and right in anti-phase."""
    return _antiphase(dice, X < WIDTH / 2)


def halves_stacked(dice: Dice) -> Painter:
    """Top and bottom in anti-phase."""
    return _antiphase(dice, Y < HEIGHT / 2)


def quadrants(dice: Dice) -> Painter:
    """One lit quadrant that goes round."""
    a, b, hz = dice.dark(), dice.bright(), dice.hz(4)
    angle = np.arctan2(Y - HEIGHT / 2, X - WIDTH / 2) / (2 * np.pi)
    return lambda t: painted(a, b, (angle + int(4 * hz * t) / 4) % 1 < 0.25)


def checkerboard(dice: Dice) -> Painter:
    """Checks in anti-phase, of another size each second; the smallest hide from judges of means."""
    a, b, hz = dice.dark(), dice.bright(), dice.hz(4)
    sizes = dice.rng.permutation([2, 5, 10, 20, 40])
    checks = [(X // size + Y // size) % 2 == 0 for size in sizes]
    return lambda t: painted(a, b, checks[int(t)] ^ _on(hz, t))


def slow_square(dice: Dice) -> Painter:
    """Slow enough for a limiter to follow: what comes out swings by just about THETA."""
    return _alternate(float(dice.rng.uniform(1, 2)), dice.dark(), dice.bright())


def noise(dice: Dice) -> Painter:
    """Every pixel new in every frame, in grains of several sizes."""
    size = int(dice.rng.choice([1, 2, 5, 10, 30]))
    shape = (-(-HEIGHT // size), -(-WIDTH // size), 3)

    def paint(t: float) -> Frame:
        del t
        grains = dice.rng.random(shape, np.float32)
        return grains.repeat(size, axis=0).repeat(size, axis=1)[:HEIGHT, :WIDTH]

    return paint


def bars(dice: Dice) -> Painter:
    """Stripes that run across the picture."""
    a, b, hz, width = dice.dark(), dice.bright(), dice.hz(4, 12), dice.rng.uniform(8, 60)
    turn = dice.rng.uniform(0, np.pi)
    along = (X * np.cos(turn) + Y * np.sin(turn)) / (2 * width)
    return lambda t: painted(a, b, (along - hz * t) % 1 < 0.5)


def edge(dice: Dice) -> Painter:
    """One edge that sweeps to and fro."""
    a, b, hz = dice.dark(), dice.bright(), dice.hz(3, 8)
    return lambda t: painted(a, b, (0.5 + 0.5 * np.sin(2 * np.pi * hz * t)) * WIDTH > X)


def cuts(dice: Dice) -> Painter:
    """Hard cuts between pictures made of coloured rectangles."""
    hz, pictures = dice.hz(6), [_rectangles(dice.rng) for _ in range(8)]
    order: list[int] = dice.rng.integers(0, len(pictures), 256).tolist()
    return lambda t: pictures[order[int(hz * t)]]


def _rectangles(rng: np.random.Generator) -> Frame:
    out = np.broadcast_to(rng.random(3, np.float32), (HEIGHT, WIDTH, 3)).copy()
    for _ in range(6):
        y, x = rng.integers(0, HEIGHT - 10), rng.integers(0, WIDTH - 10)
        tall, wide = rng.integers(10, HEIGHT), rng.integers(10, WIDTH)
        out[y : y + tall, x : x + wide] = rng.random(3, np.float32)
    return out


def fades_and_bursts(dice: Dice) -> Painter:
    """A slow fade up that turns into a burst in every second second."""
    a, b, hz = dice.dark(), dice.bright(), dice.hz(5)
    return lambda t: painted(a, b, t / 5 if t % 2 < 0.8 else float(_on(hz, t)))


def ninth(dice: Dice) -> Painter:
    """A ninth of the picture flashes in a still one."""
    a, b, hz = dice.dark(), dice.bright(), dice.hz()
    x, y = dice.rng.integers(0, WIDTH * 2 // 3), dice.rng.integers(0, HEIGHT * 2 // 3)
    inside = (abs(X - x - WIDTH / 6) < WIDTH / 6) & (abs(Y - y - HEIGHT / 6) < HEIGHT / 6)
    return lambda t: painted(a, b, inside & _on(hz, t))


KINDS: tuple[Callable[[Dice], Painter], ...] = (
    strobe_square,
    strobe_sine,
    strobe_random,
    slow_square,
    strobe_hdr,
    hdr_equal_luminance,
    red_black,
    red_blue,
    red_green,
    red_to_any,
    halves_side_by_side,
    halves_stacked,
    quadrants,
    checkerboard,
    noise,
    bars,
    edge,
    cuts,
    fades_and_bursts,
    ninth,
)
