"""Seats: discs that never meet, shares that add up, a loop that finds its areas and rests."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from performer.circle import seats
from performer.frame import Floats

ASPECT = 16 / 9
COORDINATE = st.floats(-0.5, 0.5)
PLACES = st.lists(st.tuples(COORDINATE, COORDINATE), min_size=1, max_size=20)


def plane(places: list[tuple[float, float]]) -> Floats:
    return np.array(places) * [ASPECT, 1.0]


def grid(columns: int = 320) -> Floats:
    rows = round(columns / ASPECT)
    x = ((np.arange(columns) + 0.5) / columns - 0.5) * ASPECT
    y = (np.arange(rows) + 0.5) / rows - 0.5
    return np.stack(np.meshgrid(x, y), axis=-1).reshape(-1, 2)


@given(PLACES, st.data(), st.floats(0.3, 1.0))
def test_discs_are_disjoint_and_inside_the_plane(
    places: list[tuple[float, float]], data: st.DataObject, eta: float
) -> None:
    seat, n = plane(places), len(places)
    many = st.lists(st.floats(0, 1), min_size=n, max_size=n)
    m, grown = (np.array(data.draw(many)) for _ in range(2))
    radius = seats.radii(seat, grown, m, eta, ASPECT)
    assert np.isfinite(radius).all()
    assert (radius >= 0.0).all()
    assert (np.abs(seat) + radius[:, None] <= np.array([0.5 * ASPECT, 0.5]) + 1e-9).all()
    away = np.linalg.norm(seat[:, None] - seat, axis=-1)
    sums = radius[:, None] + radius
    apart = away - sums
    assert apart[~np.eye(n, dtype=bool)].min(initial=0.0) >= -1e-6


def test_a_disc_is_eta_times_half_the_way_to_the_next_seat() -> None:
    seat, whole = np.array([[-0.1, 0.0], [0.1, 0.0]]), np.ones(2)
    assert np.allclose(seats.radii(seat, whole, np.ones(2), 0.742, ASPECT), 0.0742)
    assert np.allclose(seats.radii(seat, whole, np.zeros(2), 0.742, ASPECT), 0.1)


def test_discs_grow_and_shrink_smoothly_as_somebody_comes_or_goes() -> None:
    seat = np.array([[-0.2, 0.0], [0.0, 0.0], [0.3, 0.0]])
    way = np.array([seats.radii(seat, np.array([1.0, h, 1.0]), np.ones(3), 0.742, ASPECT)
                    for h in np.linspace(0, 1, 101)])  # fmt: skip
    assert np.abs(np.diff(way, axis=0)).max() < 0.01
    assert way[0, 1] == 0.0
    assert way[0, 0] > way[-1, 0]


@pytest.mark.parametrize("edge", [0.15, 0.4, 1.0])
def test_the_disc_factor_is_what_a_disc_alone_keeps(edge: float) -> None:
    away = np.linspace(0, 1, 20001)
    t = np.clip((away - (1 - edge)) / edge, 0, 1)
    inside = 1 - t * t * (3 - 2 * t)
    integral = float(np.mean(inside * away) * 2)  # of 2πr·φ dr, as a part of π
    assert float(seats.disc_factor(np.array(edge))) == pytest.approx(integral, abs=1e-4)


def test_the_edge_and_softness_run_between_their_ends() -> None:
    assert np.allclose(seats.edge_width(np.array([0.0, 1.0])), [1.0, 0.15])
    assert seats.softness(0.0, 0.1) == pytest.approx(0.1 * seats.SOFTEST)
    assert seats.softness(1.0, 0.1) == pytest.approx(0.1 * seats.HARDEST)


@settings(max_examples=40, deadline=None)
@given(PLACES, st.floats(0.001, 1.0), st.data())
def test_shares_add_up_everywhere(
    places: list[tuple[float, float]], tau: float, data: st.DataObject
) -> None:
    seat, n = plane(places), len(places)
    weight = np.array(data.draw(st.lists(st.floats(-0.2, 0.2), min_size=n, max_size=n)))
    radius = seats.radii(seat, np.ones(n), np.full(n, 0.5), 0.742, ASPECT)
    points = grid(48)
    edge = np.full(n, 0.5)
    phi = seats.shares(points, points, seat, weight, radius, edge, tau)
    assert np.isfinite(phi).all()
    assert phi.min() >= 0.0
    assert np.allclose(phi.sum(axis=1), 1.0)
    found = seats.estimate(points, points, seat, weight, radius, edge, tau)
    assert np.allclose(found.area, phi.mean(axis=0)), "the fast way and the plain one"
    assert (found.reach >= radius - 1e-12).all()


def test_at_most_four_owners_are_seen_and_the_fifth_has_faded_where_the_sixth_comes() -> None:
    """φ along a fine path: halving the step halves the largest change, so nothing jumps."""
    dice = np.random.default_rng(4)
    seat, weight = (dice.random((9, 2)) - 0.5) * [ASPECT, 1.0], dice.normal(0, 0.02, 9)

    def steepest(steps: int) -> float:
        points = np.linspace([-0.8, -0.4], [0.8, 0.4], steps)
        away = ((points[:, None] - seat) ** 2).sum(axis=-1) - weight
        phi = seats.mask(away, 0.3)
        assert (phi > 1e-12).sum(axis=1).max() <= 4
        return float(np.abs(np.diff(phi, axis=0)).max())

    assert steepest(8001) < 0.6 * steepest(4001)


def test_a_disc_holds_its_ground_against_any_weight() -> None:
    seat = np.array([[-0.3, 0.0], [0.3, 0.0], [0.0, 0.3]])
    weight = np.array([-5.0, 5.0, 0.0])
    radius = seats.radii(seat, np.ones(3), np.ones(3), 0.742, ASPECT)
    edge = seats.edge_width(np.ones(3))
    points = grid()
    area = seats.estimate(points, points, seat, weight, radius, edge, 0.01).area
    bound = seats.disc_factor(edge) * np.pi * radius**2 / ASPECT
    assert area[0] >= bound[0] * 0.98
    assert area[1] > 0.5


def test_a_disc_holds_its_ground_where_somebody_without_one_sits_nearer() -> None:
    """Somebody who has just left still sits, without a disc, inside another's."""
    seat, radius = np.array([[0.0, 0.0], [0.1, 0.0]]), np.array([0.3, 0.0])
    edge, points = np.full(2, 0.15), grid()
    phi = seats.shares(points, points, seat, np.array([0.0, 1.0]), radius, edge, 0.01)
    deep = np.linalg.norm(points, axis=1) < 0.3 * 0.85
    assert phi[deep, 0].min() == 1.0


@pytest.mark.parametrize("people", [0, 1, 2, 12, 64, 256])
def test_targets_add_up_and_share_the_fair_part(people: int) -> None:
    dice = np.random.default_rng(1)
    present = np.ones(people)
    share = dice.random(people) ** 4
    share /= max(share.sum(), 1e-9)
    wanted = seats.targets(present, share, 0.5)
    assert wanted.sum() == pytest.approx(1.0 if people else 0.0)
    assert (wanted >= 0.5 / max(people, 1) - 1e-12).all()


def swung(people: int, seconds: float, lag: float, fps: float = 60.0) -> Floats:
    """V/α (moments, N) as the loop moves areas to unequal targets, from a circle's own points."""
    dice = np.random.default_rng(people)
    seat = (dice.random((people, 2)) - 0.5) * [ASPECT, 1.0]
    for _ in range(100):
        seat = seats.relaxed(seat, np.ones(people), ASPECT, 0.1)
    share = dice.random(people)
    target = seats.targets(np.ones(people), share / share.sum(), 0.5)
    cell, here = ASPECT / people, np.ones(people, np.bool_)
    pull, area = np.zeros(people), np.full(people, 1 / people)
    tau = seats.softness(1.0, cell)
    radius = seats.radii(seat, np.ones(people), np.ones(people), 0.742, ASPECT)
    edge, way = np.full(people, 0.15), list[Floats]()

    def areas(points: Floats) -> Floats:
        return seats.estimate(points, points, seat, pull, radius, edge, tau).area

    for k in range(round(seconds * fps)):
        seen = areas(seats.sample_points(ASPECT, k, people))
        area += (seen - area) * (1 - np.exp(-1 / fps / lag))
        pull = seats.pulled(pull, target, area, cell, 1 / fps, lag, here)
        if k % 6 == 0:
            way.append(areas(grid(160)) / target)
    return np.array(way)


@pytest.mark.parametrize(("people", "lag"), [(12, 0.35), (64, 0.7)])
def test_borders_stand_still_although_areas_are_only_estimated(people: int, lag: float) -> None:
    """A gain ten times higher keeps them swinging by a tenth of a territory for ever."""
    settled = swung(people, 12.0, lag)[-40:]
    assert settled.std(axis=0).mean() < 0.02
    assert np.abs(np.diff(settled, axis=0)).max() < 0.08


def test_the_loop_finds_its_areas() -> None:
    found = swung(12, 12.0, 0.35)[-40:].mean(axis=0)
    assert np.abs(found - 1).max() < 0.05


def test_seats_push_each_other_apart_and_stay_inside() -> None:
    dice = np.random.default_rng(2)
    seat = dice.normal(0, 0.01, (16, 2))
    for _ in range(400):
        seat = seats.relaxed(seat, np.ones(16), ASPECT, 1 / 30)
    away = np.linalg.norm(seat[:, None] - seat, axis=-1)[~np.eye(16, dtype=bool)]
    even = np.sqrt(ASPECT / 16)
    assert away.min() > 0.6 * even
    assert (np.abs(seat) <= [0.5 * ASPECT, 0.5]).all()
    moved = seats.relaxed(seat, np.ones(16), ASPECT, 1 / 30) - seat
    assert np.abs(moved).max() < 0.003, "at rest"


def test_two_people_on_one_spot_do_not_break_anything() -> None:
    seat = np.zeros((3, 2))
    assert np.isfinite(seats.relaxed(seat, np.ones(3), ASPECT, 0.1)).all()
    assert np.array_equal(seats.radii(seat, np.ones(3), np.ones(3), 0.742, ASPECT), np.zeros(3))


def test_a_new_seat_is_far_from_all_others() -> None:
    seat = np.array([[-0.5, 0.2], [0.0, 0.0], [0.4, -0.3]])
    here = np.ones(3, np.bool_)
    place = seats.free_place(seat, here, ASPECT)
    assert np.linalg.norm(seat - place, axis=1).min() > 0.3
    assert np.array_equal(seats.free_place(seat, ~here, ASPECT), [0.0, 0.0])


def test_wandering_moves_borders_but_not_areas() -> None:
    points = grid()
    moved = seats.wander(points, 0.1, 30.0)
    assert 0.01 < np.abs(moved - points).max() < 0.15
    assert np.array_equal(seats.wander(points, 0.0, 30.0), points)
    assert np.abs((moved - points).mean(axis=0)).max() < 0.02


def test_the_points_of_many_frames_cover_the_plane_evenly() -> None:
    points = np.concatenate([seats.sample_points(ASPECT, k, 64) for k in range(200)])
    cells, _, _ = np.histogram2d(
        points[:, 0], points[:, 1], bins=(16, 9), range=[[-ASPECT / 2, ASPECT / 2], [-0.5, 0.5]]
    )
    assert cells.min() > 0.9 * cells.mean()
