"""What a Frame asks of the voices."""

from collections.abc import Callable
from dataclasses import fields

import numpy as np
import pytest

from performer.audio.score import WIDEST, Score, score
from performer.circle.circle import Circle
from performer.frame import Floats
from performer.show.sound import Sound
from performer.show.tuning import SCALES, TIMBRES, voicing
from tests.audio.circles import SOUND, circle, frame, scored, tell

ROWS = [f.name for f in fields(Score) if f.type in ("Floats", Floats)]
UNIT = ("seed", "amplitude", "depth", "together", "crossing", "strength", "brightness", "air",
        "wander")  # fmt: skip


def felt(valence: float, arousal: float, **faders: float) -> Score:
    """A circle of four in which the first person alone says how they feel."""
    one = circle(4, individuality=1.0, **faders)
    tell(one, "/participant/sim-1/feeling", valence, arousal)
    return score(one.step(1 / 60), SOUND)


@pytest.mark.parametrize("people", [1, 12, 64])
def test_every_row_has_a_finite_target_in_its_range(people: int) -> None:
    made = frame(people)
    found = score(made, SOUND)
    for name in ROWS:
        rows = getattr(found, name)
        assert len(rows) == made.people.capacity == len(found.ids)
        assert np.isfinite(rows).all()
    for name in UNIT:
        assert getattr(found, name).min() >= 0.0
        assert getattr(found, name).max() <= 1.0
    here = made.people.here
    assert (found.amplitude[here] == made.people.present[here]).all()
    assert (found.theta[here] == made.people.theta[here]).all()
    assert 0.0 <= found.reverb <= 1.0
    assert 0.0 <= found.strings <= 1.0


def test_the_preset_gives_the_chord_and_the_recipe() -> None:
    made = frame(12, individuality=0.0)
    found = score(made, Sound(root=65.4, scale="ember", timbre="reed", height=0.7))
    chord = voicing(SCALES["ember"], np.arange(made.people.capacity), 0.7, 65.4)
    assert found.note == pytest.approx(65.4 * chord)
    odd = np.array(TIMBRES["reed"].partials)[[0, 2, 4]]
    assert found.timbre[0, [0, 2, 4]] == pytest.approx(odd)
    assert found.root == 65.4


def test_merged_people_are_one_voice_in_several_notes() -> None:
    found = scored(12, individuality=0.0, detune=1.0)
    sings = found.amplitude > 0.0
    assert (found.cents == 0.0).all()
    for name in ("depth", "strength", "brightness", "air", "wander", "beat", "timbre"):
        rows = getattr(found, name)[sings]
        assert rows == pytest.approx(np.broadcast_to(rows[0], rows.shape), abs=1e-12)
    assert set(found.together[sings]) == {0.5, 1.0}  # half for who plays p:q


def test_apart_everybody_is_a_colour_of_their_own() -> None:
    found = scored(12, individuality=1.0)
    sings = found.amplitude > 0.0
    for name in ("cents", "depth", "beat"):
        assert len(np.unique(getattr(found, name)[sings])) == 12
    assert np.linalg.matrix_rank(found.timbre[sings]) > 6
    assert (found.together == 0.0).all()
    assert 2.0 < np.abs(found.cents).max() <= 0.4 * WIDEST  # a few cents


def test_waves_cross_for_who_plays_another_ratio_and_for_nobody_else() -> None:
    one = circle(12)
    tell(one, "/participant/sim-1/ratio", 2, 3)
    tell(one, "/participant/sim-2/ratio", 2, 2)
    people = (made := one.step(1 / 60)).people
    found, other = score(made, SOUND), people.p != people.q
    assert found.crossing[other] == pytest.approx(0.5 * found.depth[other])
    assert not found.crossing[~other].any()
    assert found.crossing[0] > 0.2
    assert found.crossing[1] == 0.0
    assert (found.p[0], found.q[0]) == (2.0, 3.0)


def test_detune_grows_with_individuality() -> None:
    narrow, wide = (scored(12, individuality=m).cents for m in (0.5, 1.0))
    assert wide == pytest.approx(2.0 * narrow)


SILENCES: dict[str, Callable[[Circle], None]] = {
    "consent": lambda c: tell(c, "/participant/sim-2/consent", "sound_layer", 0),
    "pause": lambda c: tell(c, "/participant/sim-2/pause", 1),
    "leave": lambda c: tell(c, "/participant/sim-2/leave", 1),
    "mute": lambda c: tell(c, "/participant/sim-2/voice/mute", 1),
    "solo": lambda c: tell(c, "/participant/sim-1/voice/solo", 1),
}


@pytest.mark.parametrize("how", SILENCES)
def test_who_may_not_sound_leaves_nothing_in_the_score(how: str) -> None:
    one = circle(4, individuality=1.0)
    row = one.people.row("sim-2")
    assert row is not None
    assert score(one.step(1 / 60), SOUND).amplitude[row] > 0.0
    SILENCES[how](one)
    found = score(one.step(1 / 60), SOUND)
    for name in ROWS:
        if name != "note":  # the chord's, not theirs
            assert (getattr(found, name)[row] == 0.0).all(), name
    assert found.ids[row] == ""
    assert (found.amplitude > 0.0).sum() == (1 if how == "solo" else 3)


def test_another_purpose_changes_nothing() -> None:
    one, other = circle(4), circle(4)
    tell(one, "/participant/sim-2/consent", "archive", 0)
    first, second = (score(c.step(1 / 60), SOUND) for c in (one, other))
    assert all(np.array_equal(getattr(first, n), getattr(second, n)) for n in ROWS)


def test_a_solo_of_somebody_who_may_not_sound_silences_nobody() -> None:
    one = circle(4)
    tell(one, "/participant/sim-1/voice/solo", 1)
    tell(one, "/participant/sim-1/consent", "sound_layer", 0)
    assert (score(one.step(1 / 60), SOUND).amplitude > 0.0).sum() == 3


def test_arousal_brightens_and_valence_warms() -> None:
    calm, awake = felt(0.0, -1.0), felt(0.0, 1.0)
    assert awake.brightness[0] > calm.brightness[0] + 0.2
    assert awake.strength[0] > calm.strength[0]
    low, high = felt(-1.0, 0.0), felt(1.0, 0.0)
    even = [1, 3, 5]
    assert (high.timbre[0, even] > 2.0 * low.timbre[0, even]).all()
    rough = [6, 8, 10]
    assert (high.timbre[0, rough] < 0.5 * low.timbre[0, rough]).all()


def test_resonance_opens_room_strings_and_partials() -> None:
    closed, opened = (scored(12, resonance=a) for a in (0.0, 0.8))
    assert opened.reverb > closed.reverb
    assert opened.strings > closed.strings + 0.2
    sings = closed.amplitude > 0.0
    assert (opened.brightness[sings] > closed.brightness[sings]).all()


def test_a_score_is_a_function_of_its_frame_and_leaves_it_alone() -> None:
    made = frame(12)
    before = {name: getattr(made.people, name).copy() for name in ("theta", "seat", "m", "seed")}
    first, again = score(made, SOUND), score(made, SOUND)
    assert all(np.array_equal(getattr(first, n), getattr(again, n)) for n in ROWS)
    assert all(np.array_equal(getattr(made.people, n), v) for n, v in before.items())


def test_nobody_is_an_empty_score_with_a_drone() -> None:
    found = scored(0)
    assert (found.amplitude == 0.0).all()
    assert found.drone > 0.0
