"""Seats and territories: a soft power diagram whose areas follow their targets in a closed loop.

Aurenhammer, "Power diagrams: properties, algorithms and applications" (1987), for the diagram;
What is computed
here on a coarse grid is drawn per pixel by shaders/pipeline/territory.glsl: the two must agree, and
a test holds them together. Never here: OpenGL, time, people's names.
"""

from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from performer.frame import Flags, Floats, Ints

Points = NDArray[np.float64]
Singles = NDArray[np.float32]
KEPT = 5  # owners looked at per pixel; the fifth fades out, so at most four are seen
COLUMNS, ROWS = 32, 18
HARDEST, SOFTEST = 0.012, 1.6  # τ at individuality 1 and 0, in mean cell areas
GAIN = 0.3  # of the area loop; above 0.5 borders swing, at 3 by a third of a territory
FASTEST = 0.2  # most ln of target to area by which somebody grows: a greedy one runs nobody over
TINY = 1e-30
FAR = 1e6  # a squared distance no seat on the plane reaches

# The border's wandering: (frequency x, frequency y, amplitude, rate), rad per plane unit, rad/s.
# Each wave moves points along its own crest, so that it bends borders without moving areas.
WAVES = np.array(
    [
        [2.9, 1.3, 0.34, 0.050],
        [-1.7, 4.1, 0.30, -0.063],
        [8.3, -5.9, 0.17, 0.081],
        [6.1, 10.7, 0.15, -0.097],
        [-23.0, 17.0, 0.100, 0.120],
        [15.0, 29.0, 0.090, -0.110],
    ]
)

# Where each wave moves points: along its crest, by its amplitude.
_CRESTS = np.stack([-WAVES[:, 1], WAVES[:, 0]], axis=1) * (
    WAVES[:, 2] / np.hypot(WAVES[:, 0], WAVES[:, 1])
)[:, None]  # fmt: skip


def softness(individuality: float, cell: float) -> float:
    """τ of the soft maximum in plane²: wide at 0, the edge of wet paper at 1; `cell` in plane²."""
    return float(cell * SOFTEST * (HARDEST / SOFTEST) ** (individuality * individuality))


def edge_width(m: Floats) -> Floats:
    """The part of a disc's radius over which it fades, shape of `m`: 1 at 0, 0.15 at 1."""
    return 1.0 - 0.85 * np.clip(m, 0.0, 1.0)


def disc_factor(edge: Floats) -> Floats:
    """∫φ over a disc with a smoothstep edge, as a part of πr²: 0.857 for edge 0.15, 0.30 for 1."""
    return (1.0 - edge) ** 2 + edge * (1.0 - edge) + 0.3 * edge**2


def radii(seats: Points, grown: Floats, m: Floats, eta: float, aspect: float) -> Floats:
    """Sanctuary radii r_i, shape (C,), plane: disjoint and inside the plane for any seats.

    η × half the distance to the nearest seat at individuality 1, growing to all of it at 0; a part
    `grown` (0..1) of that for who comes or goes, and what they do not hold is the others'.
    """
    away = np.sqrt(_squared(seats, seats))
    away *= 1.0 - 0.5 * grown  # g·d(1 - h/2) + h·d(1 - g/2) <= d: two discs never meet
    np.fill_diagonal(away, FAR)
    to_edge = np.minimum(0.5 * aspect - np.abs(seats[:, 0]), 0.5 - np.abs(seats[:, 1]))
    room = np.minimum(away.min(axis=1), np.maximum(to_edge, 0.0))
    return grown * room * (1.0 - (1.0 - eta) * np.clip(m, 0.0, 1.0))


def wander(points: Points, amount: float, time: float) -> Points:
    """Points moved by the borders' wandering, shape (P, 2); `amount` plane, `time` flow seconds."""
    phase = points @ WAVES[:, :2].T
    phase += WAVES[:, 3] * time
    return points + np.sin(phase, out=phase) @ (amount * _CRESTS)


def softened(points: Points, tau: float, time: float) -> Floats:
    """τ at each point, shape (P,), plane²: edges are lost and found. `time` in flow seconds.

    τ·2^±1.2 along slow waves, in the 255 steps that the shader keeps it in.
    """
    x, y = points.T
    first, second = WAVES[:2, 3] * time
    waves = np.sin(7.3 * x + 2.1 * np.sin(5.9 * y) + first)
    waves += np.sin(8.9 * y - 1.7 * np.sin(6.7 * x) + second)
    return tau * np.exp2(2.4 / 255.0 * np.floor(127.5 + 63.75 * waves + 0.5) - 1.2)


@lru_cache(maxsize=8)
def _grid(aspect: float) -> Points:
    x = ((np.arange(COLUMNS) + 0.5) / COLUMNS - 0.5) * aspect
    y = (np.arange(ROWS) + 0.5) / ROWS - 0.5
    return np.stack(np.meshgrid(x, y), axis=-1).reshape(-1, 2)


@lru_cache(maxsize=3)
def _diagonals(part: int) -> Ints:
    """Which of `part` alternating sets each point of the grid belongs to, shape (576,)."""
    row, column = np.divmod(np.arange(ROWS * COLUMNS), COLUMNS)
    return (row + column) % part


def sample_points(aspect: float, index: int, people: int) -> Points:
    """This frame's points of the estimate, shape (P, 2), plane.

    The grid is shifted a little each frame (R2 sequence, Roberts 2018), and with more than 64
    people a part of it is looked at per frame, as on a chessboard: the smoothing over frames sees
    them all. Up to 64 the smoothed areas are within 2 % of a share; half the points gave 8 %.
    """
    shift = np.array([(index * 0.7548776662466927) % 1.0, (index * 0.5698402909980532) % 1.0])
    cell = np.array([aspect / COLUMNS, 1.0 / ROWS])
    part = 1 + (people > 64) + (people > 128)
    return _grid(aspect)[_diagonals(part) == index % part] + (shift - 0.5) * cell


@dataclass(frozen=True)
class Territories:
    """What the estimate found, each of shape (N,): shares of the plane, and plane distances."""

    area: Floats
    reach: Floats


def mask(distances: Floats, tau: Floats | float) -> Floats:
    """φ of DESIGN's formula without discs: shape of `distances` (P, C), rows sum to 1.

    u = exp(−(d−d_min)/τ) − exp(−(d_max−d_min)/τ), d_max the fifth smallest: an owner has faded to
    nothing exactly where another takes its place among the five.
    """
    people, d = _nearest_five(distances.copy())
    parts = _parts(d, distances.shape[1], tau)
    phi = np.zeros_like(distances)
    phi[np.arange(len(distances)), people] = parts
    return phi


def _nearest_five(distances: Floats | Singles) -> tuple[Ints, Floats]:
    """Who is nearest to each point and how far, shape (≤ 5, P) each; `distances` (P, N) is spent.

    Five times the smallest is faster than any sorting, and the same for every arrangement.
    """
    count, n = len(distances), distances.shape[1]
    people = np.empty((min(n, KEPT), count), np.int64)
    d = np.empty(people.shape)
    flat, first = distances.reshape(-1), n * np.arange(count)
    for k, row in enumerate(people):
        np.argmin(distances, axis=1, out=row)
        place = first + row
        d[k] = flat[place]
        flat[place] = FAR
    return people, d


def _parts(d: Floats, n: int, tau: Floats | float) -> Floats:
    """φ of the nearest of n people by their distances (≤ 5, P), the smallest first."""
    high = d[-1] if n >= KEPT else np.float64(FAR)
    u = np.exp((d[0] - d) / tau)
    u -= np.exp((d[0] - high) / tau)
    u += TINY  # five people in one seat share it
    return u / u.sum(axis=0)


def shares(points: Points, moved: Points, seats: Points, weight: Floats, disc: Floats,
           edge: Floats, tau: Floats | float) -> Floats:  # fmt: skip
    """φ with discs, shape (P, N), rows sum to 1, of the people given (all rows here, N ≥ 1).

    `tau` is one number or, as `softened`, one for each point.

    `points` (P, 2) and the same `moved` by the wandering; `seats` (N, 2), the rest (N,), plane.
    """
    bare = _squared(points, seats)
    phi = mask(_power(moved, seats, weight), tau)
    owner, inside = _sanctuaries(bare, points, seats, disc, edge)
    phi *= (1.0 - inside)[:, None]
    phi[np.arange(len(bare)), owner] += inside
    return phi


def _sanctuaries(bare: Floats | Singles, points: Points, seats: Points, disc: Floats,
                 edge: Floats) -> tuple[Ints, Floats]:  # fmt: skip
    """Whose disc may hold each point, and how much of it does, shape (P,) each.

    Discs are disjoint, so only the one with the least power |x - s|² - r² can hold a point; the
    nearest seat could be that of somebody who is just leaving, without a disc.
    """
    owner: Ints = np.argmin(bare - (disc * disc).astype(bare.dtype), axis=1)
    apart = points - seats.take(owner, axis=0)
    away = np.sqrt(np.einsum("pi,pi->p", apart, apart))
    return owner, 1.0 - _smoothstep((disc * (1.0 - edge))[owner], disc[owner], away)


def estimate(points: Points, moved: Points, seats: Points, weight: Floats, disc: Floats,
             edge: Floats, tau: Floats | float) -> Territories:  # fmt: skip
    """Areas and reaches; arguments as in `shares`, of which it is the mean over the points.

    Reach is the distance to the farthest point where somebody is seen clearly, at least the disc's
    radius: so what a disc adds to φ inside itself cannot matter to it.
    """
    bare, power = _room(len(points), len(seats))
    _fill(bare, points, seats, np.float64(0.0))
    _fill(power, moved, seats, weight)
    people, _ = _nearest_five(power)
    # Single precision finds who is near; for how much of each, it is too coarse where τ is small.
    away = moved - seats.take(people, axis=0)
    phi = _parts(np.einsum("kpi,kpi->kp", away, away) - weight[people], len(seats), tau)
    np.maximum(bare, 0.0, out=bare)
    owner, inside = _sanctuaries(bare, points, seats, disc, edge)
    phi *= 1.0 - inside
    area = np.bincount(people.ravel(), phi.ravel(), len(seats))
    area += np.bincount(owner, inside, len(seats))
    clear = np.flatnonzero(phi > 0.35)
    seen = people.take(clear)
    away = bare.take(clear % len(bare) * len(seats) + seen)
    farthest = disc * disc
    np.maximum.at(farthest, seen, away.astype(np.float64))  # seven times slower with a cast in it
    return Territories(area / len(points), np.sqrt(farthest))


@lru_cache(maxsize=8)
def _room(points: int, people: int) -> tuple[Singles, Singles]:
    """Room for two tables of everybody's distance to every point, shape (P, N) each.

    Kept, because the system takes 0.2 ms a frame to clear memory that was given back to it; in
    single precision, because then both stay in the processor's cache beside the drawing.
    """
    shape = (points, people)
    return np.empty(shape, np.float32), np.empty(shape, np.float32)


def _fill(table: Singles, points: Points, seats: Points, weight: Floats | np.float64) -> None:
    """Writes power distances |x - s|² - w into a table, shape (P, N), to about 1e-7 plane²."""
    lifted, lowered = _lifted(points), _lowered(seats, weight)
    np.matmul(lifted.astype(np.float32), lowered.astype(np.float32), out=table)


def _squared(points: Points, seats: Points) -> Floats:
    squared = _lifted(points) @ _lowered(seats, np.float64(0.0))
    return np.maximum(squared, 0.0, out=squared)


def _power(points: Points, seats: Points, weight: Floats) -> Floats:
    """Power distances |x - s|² - w, shape (P, N)."""
    return _lifted(points) @ _lowered(seats, weight)


def _lifted(points: Points) -> NDArray[np.float64]:
    """Points (P, 2) as (P, 4): the product with `_lowered` is |x - s|² - w, one pass for five."""
    lifted = np.empty((len(points), 4))
    lifted[:, :2] = points
    lifted[:, 2] = np.einsum("ij,ij->i", points, points)
    lifted[:, 3] = 1.0
    return lifted


def _lowered(seats: Points, weight: Floats | np.float64) -> NDArray[np.float64]:
    """Seats (N, 2) with power weights as (4, N); see `_lifted`."""
    lowered = np.empty((4, len(seats)))
    lowered[:2] = -2.0 * seats.T
    lowered[2] = 1.0
    lowered[3] = np.einsum("ij,ij->i", seats, seats) - weight
    return lowered


def _smoothstep(low: Floats, high: Floats, x: Floats) -> Floats:
    t = np.clip((x - low) / np.maximum(high - low, 1e-9), 0.0, 1.0)
    return t * t * (3.0 - 2.0 * t)


def targets(present: Floats, share: Floats, fair: float) -> Floats:
    """Wanted areas α, shape (C,), sum 1: a part `fair` equal for all, the rest by share."""
    n = max(float(present.sum()), 1e-9)
    wanted = present * (fair / n + (1.0 - fair) * share)
    return wanted / max(float(wanted.sum()), 1e-9)


def pulled(pull: Floats, target: Floats, area: Floats, cell: float, dt: float, lag: float,
           here: Flags) -> Floats:  # fmt: skip
    """The power weights after one step of the area loop, shape (C,), plane², mean 0 over `here`.

    `lag` is the time constant of the smoothing behind `area`, s. The loop is as fast as it can be
    without swinging: ln V moves by about 2w/cell, so its quality is sqrt(2·GAIN).
    """
    ratio = np.log(np.maximum(target, 1e-6) / np.maximum(area, 1e-6))
    moved = pull + GAIN * cell * np.clip(ratio, -1.0, FASTEST) * min(dt / lag, 0.2)
    moved -= moved[here].mean() if here.any() else 0.0
    return np.where(here, np.clip(moved, -4.0 * cell, 4.0 * cell), pull)


def free_place(seats: Points, here: Flags, aspect: float) -> Points:
    """Where somebody new sits: the grid point farthest from everybody and from the edge."""
    grid = _grid(aspect)
    edge = np.minimum(0.5 * aspect - np.abs(grid[:, 0]), 0.5 - np.abs(grid[:, 1])) * 1.6
    if not here.any():
        return np.zeros(2)
    away = np.sqrt(_squared(grid, seats[here])).min(axis=1)
    return grid[int(np.argmax(np.minimum(away, edge)))].copy()


def relaxed(seats: Points, present: Floats, aspect: float, dt: float) -> Points:
    """Seats (N, 2) pushed apart for `dt` s, towards the even spread of a packing of discs.

    Seats closer than `wide` repel each other linearly, walls act like a mirrored seat; so the
    discs, which are what a policy promises, stay as large as the number of people allows.
    """
    cell = aspect / max(float(present.sum()), 1.0)
    wide = 1.15 * np.sqrt(cell * 2.0 / np.sqrt(3.0))
    away = _squared(seats, seats)
    np.sqrt(away, out=away)
    push = np.maximum(1.0 - away / wide, 0.0)
    push /= np.maximum(away, 1e-3, out=away)
    push *= present
    np.fill_diagonal(push, 0.0)
    force = seats * push.sum(axis=1)[:, None] - push @ seats
    half = np.array([0.5 * aspect, 0.5])
    for side in (-1.0, 1.0):
        room = 2.0 * (half + side * seats)
        force += side * np.maximum(0.0, 1.0 - room / wide)
    moved = seats + force * wide * min(1.0, 1.2 * dt)
    return np.clip(moved, -0.98 * half, 0.98 * half)
