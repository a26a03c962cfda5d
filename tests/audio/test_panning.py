"""Panning: the same power everywhere, places where people sit, and no clicks."""

from collections.abc import Sequence

import msgspec
import numpy as np
import pytest
from numpy.typing import NDArray

from performer.audio import QUANTUM
from performer.audio.panning import GLIDE, Mixer, Panning, linkwitz_riley
from performer.circle.circle import Circle
from performer.frame import Frame, People, empty_people
from performer.show.rooms import STEREO, Room
from tests.circle.circles import luna

RATE = 48000
ASPECT = 16 / 9
PAIRS = [(-0.8, 0.0), (0.8, 0.0), (0.0, 0.9)]
Samples = NDArray[np.float32]


def room(at: Sequence[tuple[float, float]] = PAIRS, focus: float = 1.0, **more: object) -> Room:
    """A pair at each place; `more` is the first platform's."""
    platforms: list[dict[str, object]] = [
        {"name": "p", "at": list(place), "left": 2 * i + 1, "right": 2 * i + 2}
        for i, place in enumerate(at)
    ]
    platforms[0] |= more
    return Room.model_validate({"title": "R", "focus": focus, "platform": platforms})


def seated(at: Sequence[tuple[float, float]], m: float = 1.0, capacity: int = 8) -> People:
    """People at places -1..1 of the plane."""
    people = empty_people(capacity)
    for row, place in enumerate(at):
        people.ids[row] = f"who-{row}"
        people.seat[row] = np.array(place) * (ASPECT / 2, 0.5)
        people.m[row] = m
    return people


def everywhere(m: float, count: int = 64) -> People:
    places = np.random.default_rng(5).uniform(-1, 1, (count, 2))
    return seated([(x, y) for x, y in places.tolist()], m, capacity=count)


def powers(gains: Samples) -> NDArray[np.float64]:
    """Of every voice at every platform of pairs, shape (C, P)."""
    return np.square(gains.astype(np.float64)).reshape(len(gains), -1, 2).sum(axis=2)


def frame_of(people: People) -> Frame:
    frame = Circle(luna(), people=2, aspect=ASPECT).step(1 / 30)
    return msgspec.structs.replace(frame, people=people)


NO_DRONE: Samples = np.zeros(QUANTUM, np.float32)
FOUR = np.random.default_rng(6).standard_normal((4, QUANTUM)).astype(np.float32)


@pytest.mark.parametrize("focus", [0.0, 0.5, 1.0])
@pytest.mark.parametrize("m", [0.0, 0.4, 1.0])
def test_a_voice_has_the_same_power_in_any_room(focus: float, m: float) -> None:
    one = {"name": "single", "at": [0.2, -0.9], "left": 9, "right": 9, "low": 8}
    with_single = room(focus=focus).model_dump()
    with_single["platform"] = [*with_single["platform"], one]
    for where in (STEREO, room(focus=focus), Room.model_validate(with_single)):
        gains = Panning(where).gains(everywhere(m), ASPECT)
        assert gains.shape == (64, where.channels)
        assert gains.dtype == np.float32
        assert np.square(gains).sum(axis=1) == pytest.approx(1.0, abs=1e-5)


def test_at_individuality_0_all_are_one_body_in_the_middle_of_every_platform() -> None:
    gains = Panning(room()).gains(everywhere(0.0), ASPECT)
    assert gains == pytest.approx(np.full((64, 6), 6**-0.5), abs=1e-6)


def test_at_individuality_1_voices_stand_where_people_sit() -> None:
    gains = Panning(STEREO).gains(seated([(-1, 0), (-0.5, 0), (0, 0.7), (0.5, 0), (1, 0)]), ASPECT)
    left, right = gains[:5].T
    assert (left[0], right[4]) == pytest.approx((1, 1))
    assert (right[0], left[4]) == pytest.approx((0, 0), abs=1e-6)
    assert left[2] == pytest.approx(right[2])
    assert np.all(np.diff(right) > 0.07)
    assert np.all(np.diff(left) < -0.07)


def test_a_platform_hears_the_near_more_and_everybody_a_little() -> None:
    heard = powers(Panning(room(focus=1.0)).gains(seated([(-0.8, 0), (0.8, 0), (0, 0.9)]), ASPECT))
    assert np.argmax(heard[:3], axis=1).tolist() == [0, 1, 2]
    assert np.all(np.diag(heard[:3]) > 0.8)
    assert heard[:3].min() > 1e-4
    alike = powers(Panning(room(focus=0.0)).gains(seated([(-0.8, 0), (0.8, 0)]), ASPECT))
    assert alike[:2] == pytest.approx(np.full((2, 3), 1 / 3), abs=1e-6)


def test_within_a_platform_a_voice_comes_from_its_side() -> None:
    gains = Panning(room()).gains(seated([(-1, 0), (-0.6, 0)]), ASPECT)
    assert gains[0, 0] > gains[0, 1]  # to the left of the platform at -0.8
    assert gains[1, 0] < gains[1, 1]  # to the right of it


def test_ones_own_voice_is_nearest_on_ones_own_platform() -> None:
    far = seated([(0.9, 0.0)])
    there = powers(Panning(room()).gains(far, ASPECT))[0]
    own = powers(Panning(room(person="who-0")).gains(far, ASPECT))[0]
    assert np.argmax(there) == 1
    assert own[0] > there[0] * 20
    assert own[0] >= own.max()
    elsewhere = Panning(room(person="who-1")).gains(far, ASPECT)
    assert np.array_equal(powers(elsewhere)[0], there)


def test_a_stereo_sound_is_on_all_pairs_with_its_own_power() -> None:
    where = Room.model_validate({"title": "R", "platform": [
        {"name": "a", "left": 1, "right": 2, "low": 4}, {"name": "b", "left": 3, "right": 3},
    ]})  # fmt: skip
    spread = Panning(where).spread()
    assert spread == pytest.approx(np.sqrt([[0.5, 0, 0.25, 0], [0, 0.5, 0.25, 0]]))
    assert Panning(STEREO).spread() == pytest.approx(np.eye(2))


def test_a_mix_of_still_people_is_their_gains() -> None:
    people = seated([(-0.9, 0.3), (0.1, 0.2), (0.7, -0.8)], capacity=4)
    mixer, frame = Mixer(room(), RATE), frame_of(people)
    mixed, send = mixer.mix(FOUR, NO_DRONE, frame)
    assert mixed == pytest.approx(FOUR.T @ Panning(room()).gains(people, ASPECT), abs=1e-5)
    assert send == pytest.approx(FOUR.T @ Panning(STEREO).gains(people, ASPECT), abs=1e-5)


def test_a_jump_of_seats_glides_without_a_step_and_arrives() -> None:
    """A constant voice makes the gains audible: nothing moves by more than a glide's fastest."""
    mixer, ones = Mixer(STEREO, RATE), np.ones((4, QUANTUM), np.float32)
    left, right = frame_of(seated([(-1, 0)], capacity=4)), frame_of(seated([(1, 0)], capacity=4))
    ones[1:] = 0
    blocks = [mixer.mix(ones, NO_DRONE, left)[0] for _ in range(3)]
    blocks += [mixer.mix(ones, NO_DRONE, right)[0] for _ in range(40)]
    sound = np.concatenate(blocks)
    assert np.abs(np.diff(sound, axis=0)).max() < 1.01 / (GLIDE * RATE)
    assert sound[0] == pytest.approx((1, 0), abs=1e-6)
    assert sound[-1] == pytest.approx((0, 1), abs=1e-3)


def test_capacity_may_change_and_nobody_jumps() -> None:
    mixer = Mixer(STEREO, RATE)
    for capacity in (4, 8, 4):
        people = seated([(-1, 0), (1, 0)], capacity=capacity)
        voices = np.ones((capacity, QUANTUM), np.float32)
        voices[2:] = 0
        assert mixer.mix(voices, NO_DRONE, frame_of(people))[0] == pytest.approx(1.0, abs=1e-6)


def test_the_drone_is_in_the_middle_of_everywhere() -> None:
    silent = np.zeros((4, QUANTUM), np.float32)
    drone = FOUR[0]
    mixed, send = Mixer(room(), RATE).mix(silent, drone, frame_of(seated([], capacity=4)))
    assert mixed == pytest.approx(np.outer(drone, np.full(6, 6**-0.5)), abs=1e-6)
    assert send == pytest.approx(np.outer(drone, np.full(2, 2**-0.5)), abs=1e-6)


def test_wet_sound_is_added_to_all_platforms() -> None:
    mixed = np.ones((QUANTUM, 6), np.float32)
    Mixer(room(), RATE).add(mixed, FOUR[:2].T)
    assert mixed[:, 2:4] == pytest.approx(1 + FOUR[:2].T / np.sqrt(3), abs=1e-6)


def finished(mixer: Mixer, sound: Samples) -> Samples:
    """A whole signal (frames, channels) through `finish`, block by block."""
    return np.concatenate([mixer.finish(b.copy()) for b in np.split(sound, len(sound) // QUANTUM)])


def test_low_channels_carry_the_low_part_of_their_platform_only() -> None:
    mixer = Mixer(room(low=7, low_hz=90), RATE)
    time = np.arange(64 * QUANTUM) / RATE
    deep, clear = (bins / (48 * QUANTUM) * RATE for bins in (15, 370))  # 29.3, 723 Hz
    sound = np.zeros((len(time), 7), np.float32)
    sound[:, :2] = np.sin(2 * np.pi * deep * time)[:, None] * 0.5
    sound[:, 0] += 0.5 * np.sin(2 * np.pi * clear * time)
    sound[:, 2:4] = 1.0  # another platform's is not in it
    out = finished(mixer, sound)[16 * QUANTUM :]
    assert np.array_equal(out[:, :6], sound[16 * QUANTUM :, :6])
    bins = np.abs(np.fft.rfft(out[:, 6] * np.hanning(len(out)))) / len(out) * 4
    hertz = np.fft.rfftfreq(len(out), 1 / RATE)
    assert bins[15] == pytest.approx(0.5 * 2**0.5 / (1 + (deep / 90) ** 4), rel=0.01)
    assert bins[hertz > 400].max() < 0.5 * 2**0.5 * 10 ** (-60 / 20)


def test_the_crossover_is_linkwitz_and_rileys() -> None:
    sections = linkwitz_riley(90, RATE)
    z = np.exp(2j * np.pi * np.array([10.0, 90.0, 360.0, 720.0]) / RATE)
    terms = z[:, None] ** -np.arange(3)
    gain = np.prod([(terms @ s[:3]) / (terms @ s[3:]) for s in sections], axis=0)
    db = 20 * np.log10(np.abs(gain))
    assert db[:2] == pytest.approx((0, -6.02), abs=0.02)
    assert db[3] - db[2] == pytest.approx(-24, abs=0.5)


@pytest.mark.parametrize("ms", [3.0, 10.6667, 200.0])
def test_a_far_platform_is_later_and_softer(ms: float) -> None:
    mixer = Mixer(room(delay=ms, gain=-6.0206), RATE)
    sound = np.random.default_rng(8).standard_normal((40 * QUANTUM, 6)).astype(np.float32)
    out, late = finished(mixer, sound), round(ms * 48)
    assert np.array_equal(out[:, 2:], sound[:, 2:])
    assert not out[:late, :2].any()
    assert np.abs(out[late:, :2] - sound[:-late, :2] * 0.5).max() < 1e-5
