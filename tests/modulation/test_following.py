"""What is listened to moves the picture: how much, how fast, and never past hand or policy."""

from typing import Any

import numpy as np
import pytest

from performer.circle.circle import Circle
from performer.frame import SILENCE, Floats, Heard, decode, encode
from performer.modulation import CURVES, compile
from performer.parameters import TREE
from performer.show.modulating import Listening
from tests.modulation.rows import GLOW, at, hearing, library, run, send

RESONANCE = TREE.place("/resonance")
STEP = 1 / 30


def follow(**changes: Any) -> Listening:
    """The bass lifts the glow by a quarter of its range, unless changed."""
    base = {"source": "bass", "target": "/look/glow", "amount": 0.25, "attack": 0.5, "release": 2.0}
    return Listening.model_validate(base | changes)


def listens(*rows: Listening) -> Circle:
    return Circle(library(listening=rows), people=0)


def moved(circle: Circle, seconds: float, heard: Heard) -> Floats:
    """What a place of the values is above its base after hearing something so long."""
    circle.heard = heard
    frame = circle.step(STEP)
    for _ in range(round(seconds / STEP) - 1):
        frame = circle.step(STEP)
    return frame.values - frame.base


@pytest.mark.parametrize("curve", list(CURVES))
def test_a_steady_feature_ends_at_its_curve_times_the_amount(curve: str) -> None:
    rows = [follow(curve=curve), follow(target="/look/energy", source="high", amount=-0.5)]
    offsets = run(compile([], rows), at(dt=STEP, features={"bass": 0.36, "high": 1.0}), 1200).values
    height = 3 * 0.36**2 - 2 * 0.36**3 if curve == "ease" else 0.36 ** CURVES[curve]
    assert offsets[GLOW] == pytest.approx(0.25 * height, rel=1e-3)
    assert offsets[TREE.place("/look/energy")] == pytest.approx(-0.5, rel=1e-3)
    assert np.count_nonzero(offsets) == 2


@pytest.mark.parametrize("step", [1 / 24, 1 / 60, 1 / 240])
def test_attack_and_release_are_time_constants_at_any_frame_rate(step: float) -> None:
    one = compile([], [follow(amount=1.0)])
    up = run(one, at(dt=step, features={"bass": 1.0}), round(0.5 / step))
    top = up.values[GLOW]
    assert top == pytest.approx(1 - np.exp(-1), rel=0.02)
    down = run(one, at(dt=step), round(2.0 / step), up.memory)
    assert down.values[GLOW] == pytest.approx(top * np.exp(-1), rel=0.02)


def test_sound_moves_a_circle_and_silence_does_not() -> None:
    circle = listens(follow())
    assert not moved(circle, 1.0, SILENCE).any()
    up = moved(circle, 5.0, hearing(bass=1.0))
    assert up[GLOW] == pytest.approx(0.25, rel=0.01)
    assert np.count_nonzero(up) == 1
    assert moved(circle, 10.0, SILENCE)[GLOW] == pytest.approx(0.25 * np.exp(-5.0), abs=1e-4)


def test_a_hand_and_the_policy_have_the_last_word_over_what_is_heard() -> None:
    circle = listens(follow(target="/resonance", amount=1.0))
    moved(circle, 5.0, hearing(bass=1.0))
    frame = circle.step(STEP)
    assert frame.values[RESONANCE] == circle.policy.resonance_cap
    assert frame.clamps == ("/resonance",)
    send(circle, "/resonance", 0.25)
    assert circle.step(STEP).values[RESONANCE] == 0.25


def test_a_preset_that_fades_out_is_heard_less_and_less() -> None:
    circle = listens(follow())
    full = moved(circle, 5.0, hearing(bass=1.0))[GLOW]
    send(circle, "/preset", "frost", 10.0)
    half = moved(circle, 5.0, hearing(bass=1.0))[GLOW]
    assert half == pytest.approx(full / 2, rel=0.02)
    assert moved(circle, 5.1, hearing(bass=1.0))[GLOW] == 0.0


def test_a_restarted_stage_follows_on_from_its_frame() -> None:
    rows = library(listening=(follow(),))
    circle = Circle(rows, people=0)
    moved(circle, 0.4, hearing(bass=1.0))
    frame = circle.step(STEP)
    again = Circle.going_on(rows, decode(encode(frame)))
    one, other = circle.step(STEP), again.step(STEP)
    assert one.values[GLOW] == other.values[GLOW] > one.base[GLOW]
    assert other.heard.listening


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"source": "base"}, "bass"),
        ({"target": "/look/glowing"}, "/look/glow"),
        ({"target": "/participant/*/palette"}, "fader"),
        ({"amount": 2.0}, "-1..1"),
        ({"attack": 0.0}, "0.05..30"),
        ({"curve": "steep"}, "linear"),
    ],
)
def test_a_wrong_row_says_what_is_allowed(changes: dict[str, Any], said: str) -> None:
    with pytest.raises(ValueError, match=said.replace(".", r"\.")):
        follow(**changes)
