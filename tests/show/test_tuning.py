"""Scales and who sings what in them: judged as intervals and with a model of roughness."""

from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from performer.frame import Floats
from performer.show.tuning import HIGHEST, LOWEST, OPEN, PARTIALS, SCALES, TIMBRES, voicing

ROOTS = st.floats(27.5, 220.0)
HEIGHTS = st.floats(0.0, 1.0)
CIRCLE = np.arange(256)


def notes(scale: str, people: int, height: float = 0.4, root: float = 55.0) -> Floats:
    return root * voicing(SCALES[scale], np.arange(people), height, root)


def rough(chord: Floats) -> float:
    """Sensory dissonance per pair of notes with six partials each; Sethares (1993), JASA 94."""
    numbers = np.arange(1, 7)
    tones = np.outer(numbers, chord).ravel()
    loud = np.repeat(0.88 ** (numbers - 1.0), len(chord))
    i, j = np.triu_indices(len(tones), 1)
    apart = np.abs(tones[i] - tones[j]) * 0.24 / (0.0207 * np.minimum(tones[i], tones[j]) + 18.96)
    pairs = np.minimum(loud[i], loud[j]) * (np.exp(-3.51 * apart) - np.exp(-5.75 * apart))
    return float(pairs.sum()) / len(chord) ** 2


@pytest.mark.parametrize("name", SCALES)
def test_a_scale_is_root_fifth_and_colours_within_an_octave(name: str) -> None:
    scale = SCALES[name]
    assert scale[:2] == (1, 3 / 2)
    assert len(set(scale)) == len(scale) >= 5
    assert all(1 <= ratio < 2 for ratio in scale)
    for ratio in scale:
        just = Fraction(ratio).limit_denominator(32)
        assert ratio == pytest.approx(just, rel=1e-12)
        assert 2**7 * 3**2 * 5 * 7 * 11 % (just.numerator * just.denominator) == 0
    assert {other for other, ratios in SCALES.items() if set(ratios) == set(scale)} == {name}


@pytest.mark.parametrize("name", SCALES)
def test_four_people_are_an_open_chord_of_root_fifth_octave_and_colour(name: str) -> None:
    chord = notes(name, 4) / 110.0
    assert chord[:3] == pytest.approx([1.0, 1.5, 2.0])
    assert chord[3] == pytest.approx(2 * SCALES[name][2])
    assert np.diff(np.sort(chord) / 2).min() * 220 > 30.0  # Hz: nothing that grumbles


@pytest.mark.parametrize("people", [4, 12, 64])
@pytest.mark.parametrize("name", SCALES)
def test_a_chord_is_smoother_than_its_mistunings(name: str, people: int) -> None:
    chord = np.unique(notes(name, people).round(6))
    away = np.random.default_rng(people).uniform(-40, 40, (24, len(chord)))  # cents
    assert rough(chord) < 0.95 * np.mean([rough(chord * 2 ** (cents / 1200)) for cents in away])


@pytest.mark.parametrize("name", SCALES)
def test_many_people_are_sparse_below_and_dense_above(name: str) -> None:
    for people in (64, 256):
        chord = notes(name, people)
        low, middle, high = ((chord < 109).mean(), (chord < 219).mean(), (chord > 219).mean())
        assert 0.0 < low < 0.1
        assert middle < 0.3
        assert high > 0.7
        assert len(np.unique(chord.round(3))) >= 12


@settings(max_examples=30)
@given(ROOTS, HEIGHTS, st.sampled_from(sorted(SCALES)))
def test_every_note_is_of_the_scale_and_in_range(root: float, height: float, name: str) -> None:
    chord = notes(name, 256, height, root)
    assert chord.min() >= LOWEST
    assert chord.max() <= HIGHEST
    folded = np.exp2(np.log2(chord / root) % 1.0)
    place = np.abs(folded[:, None] / (*SCALES[name], 2.0) - 1.0)
    assert place.min(axis=1).max() < 1e-9
    plain = np.minimum(place[:, :2].min(axis=1), place[:, -1]) < 1e-9
    assert plain[chord < OPEN * (1 - 1e-9)].all()


@settings(max_examples=30)
@given(ROOTS, HEIGHTS, st.sampled_from(sorted(SCALES)), st.integers(1, 255))
def test_a_row_keeps_its_note_when_others_come(
    root: float, height: float, name: str, people: int
) -> None:
    assert np.array_equal(
        notes(name, people, height, root), notes(name, 256, height, root)[:people]
    )


def test_height_lifts_the_chord() -> None:
    low, middle, high = (np.log2(notes("otonal", 64, at)).mean() for at in (0.0, 0.4, 1.0))
    assert low + 0.3 < middle < high - 0.3


@pytest.mark.parametrize("name", TIMBRES)
def test_a_recipe_has_all_partials_and_rests_on_the_first(name: str) -> None:
    timbre = TIMBRES[name]
    assert len(timbre.partials) == PARTIALS
    assert timbre.partials[0] == max(timbre.partials)
    assert min(timbre.partials) > 0.0
    assert 0.0 <= timbre.wander <= 1.0
    assert 0.0 < timbre.beat < 0.3  # Hz: beating is slow, in the twelfth partial too
