"""Feelings that infect and dreams that answer: from person to person, never from oneself."""

import numpy as np
import pytest

from performer.circle import sympathy
from performer.circle.circle import Circle
from performer.circle.simulated import uniform
from performer.frame import Floats

from .circles import after, luna, send

CELL = 0.15  # plane²; that of a circle of 12


def people(*rows: tuple[float, float, float]) -> tuple[Floats, Floats, Floats]:
    """Valence, arousal and confidence."""
    columns = np.array(rows).T
    return columns[0], columns[1], columns[2]


def random_people(n: int) -> tuple[Floats, Floats, Floats, Floats]:
    """Valence, arousal, confidence and seats of n people."""
    u = uniform(1, np.arange(n)[:, None], np.arange(5)).T
    seat = np.stack([1.78 * (u[3] - 0.5), u[4] - 0.5], axis=1)
    return 2 * u[0] - 1, 2 * u[1] - 1, u[2], seat


# ---- answers --------------------------------------------------------------------------------


def answer_to(
    feeling: tuple[float, float, float], seat: tuple[float, float], others: int = 2
) -> float:
    """How somebody answers a crest at a happy person in the left of the plane."""
    row = [(0.8, 0.2, 1.0), feeling, *[(0.0, -0.6, 1.0)] * others]
    seats = np.array([(-0.8, 0.0), seat, *[(0.0, 0.4 - 0.8 * k) for k in range(others)]])
    height = np.array([1.0, 0.0, *[0.0] * others])
    return float(sympathy.answers(*people(*row), seats, height)[1])


def test_the_far_and_alike_answer_more_than_the_far_and_unlike_and_the_near() -> None:
    far, near = (0.8, 0.0), (-0.6, 0.1)
    alike, unlike = (0.8, 0.2, 1.0), (-0.8, -0.2, 1.0)
    loud = answer_to(alike, far)
    assert loud > 0.3
    assert loud > 3 * answer_to(unlike, far)
    assert loud > 3 * answer_to(alike, near)
    assert answer_to((0.8, 0.2, 0.5), far) == pytest.approx(0.5 * loud)
    assert answer_to((0.8, 0.2, 0.0), far) == 0.0, "the silent do not answer"


def test_nobody_answers_themselves() -> None:
    one = np.ones(1)
    assert sympathy.answers(one, one, one, np.zeros((1, 2)), one)[0] == 0.0
    none = np.zeros(0)
    assert sympathy.answers(none, none, none, np.zeros((0, 2)), none).shape == (0,)
    circle = Circle(luna(), 1, 1)
    p = after(circle, 6.0).people
    assert not p.answer.any()
    assert not p.alike.any()


def test_an_answer_is_its_formula_also_where_blocks_meet() -> None:
    valence, arousal, confidence, seat = random_people(256)
    height = sympathy.crest(seat, 3.0)
    apart = np.hypot(*(seat[:, None] - seat).transpose(2, 0, 1))
    far = apart**2 / (apart**2 + sympathy.FAR**2) * confidence
    feels = np.hypot(valence[:, None] - valence, arousal[:, None] - arousal)
    wanted = confidence * ((far / (1 + (feels / 0.5) ** 2)) @ height) / far.sum(axis=1)
    found = sympathy.answers(valence, arousal, confidence, seat, height)
    np.testing.assert_allclose(found, wanted, rtol=1e-4)


def test_answers_are_seen_in_the_wave_without_steps_and_keep_to_every_cap() -> None:
    circle = Circle(luna(), 12, 1)
    send(circle, "/resonance", 0.8)
    send(circle, "/sympathy/wave", 1.0)
    send(circle, "/participant/sim-2/cap", 0.1)
    frames = [circle.step(1 / 30) for _ in range(300)]
    answers = np.array([f.people.answer for f in frames])
    assert answers[-1][:12].min() > 0.0
    assert np.abs(np.diff(answers, axis=0)).max() < 0.01
    p, flow = frames[-1].people, frames[-1].flow
    height = sympathy.crest(p.seat, flow)[:12]
    assert (p.wave[:12] > (p.resonance[:12] * height - 0.02)).all()
    assert (p.wave <= p.resonance + 1e-12).all()
    assert p.wave[1] <= 0.1


def test_a_silent_circle_is_not_alike_and_answers_nothing() -> None:
    circle = Circle(luna(), 0, 1)
    for k in range(6):
        send(circle, f"/participant/p{k}/join")
        send(circle, f"/participant/p{k}/feeling", 0.5, 0.5)
    told = after(circle, 10.0).people
    assert told.alike[:6].min() > 0.3
    assert told.answer[:6].max() > 0.0
    send(circle, "/participant/p0/pause", 1)
    assert circle.step(1 / 30).people.alike[0] == 0.0, "of a pause nothing is used"
    silent = after(circle, 60.0, 0.1).people
    assert silent.alike.max() < 1e-3
    assert silent.answer.max() < 1e-3


# ---- infection ------------------------------------------------------------------------------


def test_a_feeling_comes_from_those_who_sit_and_feel_near() -> None:
    seat = np.array([(0.0, 0.0), (0.2, 0.0), (0.8, 0.0)])
    around = sympathy.infected(*people((0.0, 0, 1), (0.5, 0, 1), (-0.5, 0, 1)), seat, CELL)
    assert 0.2 < around[0][0] < 0.5, "the neighbour's, not the one's at the other end"
    near = sympathy.infected(*people((0.0, 0, 1), (0.3, 0, 1), (-0.9, 0, 1)),
                             np.array([(0, 0), (0.2, 0), (-0.2, 0)]), CELL)  # fmt: skip
    assert near[0][0] > 0.0, "of two neighbours the one who feels more alike"


def test_the_silent_and_oneself_infect_nobody() -> None:
    seat = np.array([(0.0, 0.0), (0.2, 0.0)])
    alone = sympathy.infected(*people((0.4, -0.2, 1), (0.9, 0.9, 0)), seat, CELL)
    assert (alone[0][0], alone[1][0]) == pytest.approx((0.4, -0.2), abs=1e-6)
    none = np.zeros(0)
    assert sympathy.infected(none, none, none, np.zeros((0, 2)), CELL)[0].shape == (0,)


def test_infection_is_a_mean_of_feelings_for_any_circle() -> None:
    valence, arousal, confidence, seat = random_people(256)
    found = sympathy.infected(valence, arousal, confidence, seat, 1.78 / 256)
    for axis, told in zip(found, (valence, arousal), strict=True):
        assert axis.min() >= told.min() - 1e-5
        assert axis.max() <= told.max() + 1e-5
    order = np.argsort(valence)
    moved = sympathy.infected(valence[order], arousal[order], confidence[order], seat[order],
                              1.78 / 256)  # fmt: skip
    np.testing.assert_allclose(moved[0], found[0][order], atol=1e-5)


def test_one_very_happy_person_warms_the_neighbours_more_than_those_far_away() -> None:
    def feelings(told: float) -> tuple[Floats, Floats]:
        circle = Circle(luna(), 24, 4)
        send(circle, "/participant/ana/join")
        for _ in range(60):
            send(circle, "/participant/ana/feeling", told, 0.0)
            after(circle, 1.0, 0.1)
        p = circle.step(0.1).people
        row = p.row("ana")
        assert row is not None
        near = np.hypot(*(p.seat - p.seat[row]).T)
        simulated = p.simulated & p.here
        return p.valence[simulated], near[simulated]

    warm, apart = feelings(0.9)
    cold, _ = feelings(-0.9)
    lifted = warm - cold
    order = np.argsort(apart)
    assert lifted[order[:6]].mean() > 0.02
    assert lifted[order[:6]].mean() > 2 * lifted[order[-12:]].mean()
