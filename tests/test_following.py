"""What is listened to moves the picture: how much, how fast, and never past hand or policy."""

from dataclasses import replace
from typing import Any

import msgspec
import numpy as np
import pytest

from performer.circle.circle import Circle
from performer.frame import FEATURES, SILENCE, Floats, Heard, decode, encode
from performer.modulation import CURVES, following
from performer.parameters import TREE
from performer.show.shows import Library, load_show
from performer.show.sound import Listening

GLOW = TREE.place("/look/glow")
RESONANCE = TREE.place("/resonance")
STEP = 1 / 60


def row(**changes: Any) -> Listening:
    """The bass lifts the glow by a quarter of its range, unless changed."""
    base = {"source": "bass", "target": "/look/glow", "amount": 0.25, "attack": 0.5, "release": 2.0}
    return Listening.model_validate(base | changes)


def hearing(**features: float) -> Heard:
    """A Heard of these features, all others 0."""
    values = np.array([features.get(f, 0.0) for f in FEATURES])
    return msgspec.structs.replace(SILENCE, values=values, listening=True)


def library(*rows: Listening, preset: str = "luna") -> Library:
    """The bundled show with a preset that listens, and moves by nothing else."""
    one = load_show("luna-circle").steady()
    changes = {"listening": rows, "modulation": ()}
    presets = {
        n: p.model_copy(update=changes if n == preset else {"modulation": ()})
        for n, p in one.presets.items()
    }
    return replace(one, presets=presets)


def moved(circle: Circle, seconds: float, heard: Heard) -> Floats:
    """What a place of the values is above its base after hearing something so long."""
    circle.heard = heard
    frame = circle.step(STEP)
    for _ in range(round(seconds / STEP) - 1):
        frame = circle.step(STEP)
    return frame.values - frame.base


@pytest.mark.parametrize("curve", list(CURVES))
def test_a_steady_feature_ends_at_its_curve_times_the_amount(curve: str) -> None:
    one = following([row(curve=curve), row(target="/look/energy", source="high", amount=-0.5)])
    heard = hearing(bass=0.36, high=1.0).values
    at = None
    for _ in range(1200):
        at = one.follow(at, heard, STEP)
    assert at is not None
    offsets = one.offsets(at)
    assert offsets[GLOW] == pytest.approx(0.25 * 0.36 ** CURVES[curve], rel=1e-3)
    assert offsets[TREE.place("/look/energy")] == pytest.approx(-0.5, rel=1e-3)
    assert np.count_nonzero(offsets) == 2


@pytest.mark.parametrize("step", [1 / 24, 1 / 60, 1 / 240])
def test_attack_and_release_are_time_constants_at_any_frame_rate(step: float) -> None:
    one = following([row()])
    loud, silent = hearing(bass=1.0).values, hearing().values
    at = np.zeros(1)
    for _ in range(round(0.5 / step)):
        at = one.follow(at, loud, step)
    assert at[0] == pytest.approx(1 - np.exp(-1), rel=0.02)
    top = at[0]
    for _ in range(round(2.0 / step)):
        at = one.follow(at, silent, step)
    assert at[0] == pytest.approx(top * np.exp(-1), rel=0.02)


def test_sound_moves_a_circle_and_silence_does_not() -> None:
    circle = Circle(library(row()), people=4)
    assert not moved(circle, 1.0, SILENCE).any()
    up = moved(circle, 5.0, hearing(bass=1.0))
    assert up[GLOW] == pytest.approx(0.25, rel=0.01)
    assert np.count_nonzero(up) == 1
    assert moved(circle, 30.0, SILENCE)[GLOW] == pytest.approx(0.0, abs=1e-4)


def test_a_hand_and_the_policy_have_the_last_word_over_what_is_heard() -> None:
    circle = Circle(library(row(target="/resonance", amount=1.0)), people=4)
    moved(circle, 5.0, hearing(bass=1.0))
    frame = circle.step(STEP)
    assert frame.values[RESONANCE] == circle.policy.resonance_cap
    assert frame.clamps == ("/resonance",)
    circle.take(TREE.accept("/resonance", [0.25]))
    assert circle.step(STEP).values[RESONANCE] == 0.25


def test_a_preset_that_fades_out_is_heard_less_and_less() -> None:
    circle = Circle(library(row()), people=4)
    full = moved(circle, 5.0, hearing(bass=1.0))[GLOW]
    circle.take(TREE.accept("/preset", ["frost", 10.0]))
    half = moved(circle, 5.0, hearing(bass=1.0))[GLOW]
    assert half == pytest.approx(full / 2, rel=0.02)
    assert moved(circle, 5.1, hearing(bass=1.0))[GLOW] == 0.0


def test_a_restarted_stage_follows_on_from_its_frame() -> None:
    rows = library(row())
    circle = Circle(rows, people=4)
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
        ({"amount": 2.0}, "-1..1"),
        ({"attack": 0.0}, "0.05..30"),
        ({"curve": "steep"}, "linear"),
    ],
)
def test_a_wrong_row_says_what_is_allowed(changes: dict[str, Any], said: str) -> None:
    with pytest.raises(ValueError, match=said.replace(".", r"\.")):
        row(**changes)
