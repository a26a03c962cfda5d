"""Sympathetic strings: in tune, exact, bounded, and silent about their own changes."""

from collections.abc import Iterable
from typing import cast

import numpy as np
import pytest
from numpy.typing import NDArray

from performer.audio import QUANTUM
from performer.audio.resonators import HIGHEST, LOWEST, MOST, Bank, Resonators, tuned
from performer.show.tuning import OPEN, SCALES

RATE = 48000
ROOT = 55.0
Samples = NDArray[np.float32]


def noise(blocks: int, seed: int = 1) -> Samples:
    """Shape (frames, 2)."""
    random = np.random.default_rng(seed)
    return (random.standard_normal((blocks * QUANTUM, 2)) * 0.1).astype(np.float32)


def tone(hertz: float, blocks: int, begin: int = 0) -> Samples:
    """In the middle of both sides, with the amplitude 0.1 as one voice."""
    time = (np.arange(blocks * QUANTUM) + begin * QUANTUM) / RATE
    side = 0.1 * 0.5**0.5 * np.sin(2 * np.pi * hertz * time)
    return np.stack((side, side), axis=1).astype(np.float32)


def silence(blocks: int) -> Samples:
    return np.zeros((blocks * QUANTUM, 2), np.float32)


def through(strings: Resonators, sound: Samples, root: float = ROOT, scale: str = "otonal",
            amount: float = 1.0) -> Samples:  # fmt: skip
    blocks = np.split(sound, len(sound) // QUANTUM)
    return np.concatenate([strings.process(b, root, scale, amount) for b in blocks])


def level(sound: Samples) -> float:
    return float(np.sqrt(np.square(sound).mean()))


# ---- tuning ----------------------------------------------------------------------------------


@pytest.mark.parametrize("root", [27.5, 55.0, 73.3, 220.0])
@pytest.mark.parametrize("scale", SCALES)
def test_strings_are_the_scale_from_low_to_high(scale: str, root: float) -> None:
    strings = tuned(root, scale)
    assert 14 <= len(strings) <= MOST
    assert strings[0] < 2 * LOWEST
    assert strings[-1] > HIGHEST / 2
    assert np.all(np.diff(strings) > 0)
    within = 2.0 ** np.mod(np.log2(strings / root) + 1e-9, 1.0)
    ratios = np.array(SCALES[scale])
    assert np.abs(within[:, None] - ratios).min(axis=1).max() < 1e-6
    low = within[strings < OPEN]
    assert np.all(np.isclose(low, 1.0, atol=1e-6) | np.isclose(low, 1.5, atol=1e-6))


# ---- what they do ----------------------------------------------------------------------------


def played(bank: Bank, sound: Samples) -> NDArray[np.float64]:
    """A mono signal (frames,) through a bank, (2, frames)."""
    blocks = np.split(sound, len(sound) // QUANTUM)
    return np.concatenate([bank.process(b) for b in blocks], axis=1).astype(np.float64)


def click(blocks: int) -> Samples:
    sound = np.zeros(blocks * QUANTUM, np.float32)
    sound[0] = 1.0
    return sound


def test_blocks_are_exactly_one_long_convolution() -> None:
    """States carried from block to block are the whole past: nothing is lost at an edge."""
    sound = noise(4)[:, 0]
    response = played(Bank(ROOT, "otonal", RATE), click(4))
    size = 2 * len(sound)
    spectra = np.fft.rfft(response, size) * np.fft.rfft(sound.astype(np.float64), size)
    want = np.fft.irfft(spectra, size)[:, : len(sound)]
    got = played(Bank(ROOT, "otonal", RATE), sound)
    assert np.abs(got - want).max() < 1e-8
    assert np.abs(got).max() > 1e-4


def test_a_response_is_decaying_sines_and_nothing_else() -> None:
    """Fitted by the strings' own sines (two to a course), a response leaves no rest."""
    response = played(Bank(ROOT, "fathom", RATE), click(60))[0]
    time = np.arange(len(response)) / RATE
    notes = tuned(ROOT, "fathom")
    hertz = np.concatenate((notes * 2 ** (-0.65 / 1200), notes * 2 ** (0.65 / 1200)))
    steep = np.log(3) / np.log(HIGHEST / 55)
    decay = np.log(1000) / (6 * (hertz / 55) ** -steep)
    waves = np.exp((2j * np.pi * hertz - decay) * time[:, None])
    sines = np.concatenate((waves.real, waves.imag), axis=1)
    gains = cast("NDArray[np.float64]", np.linalg.lstsq(sines, response, rcond=None)[0])
    assert np.abs(sines @ gains - response).max() < np.abs(response).max() * 1e-5
    assert np.hypot(*gains.reshape(2, -1)).min() > 0.1 * np.abs(gains).max() / len(hertz)


def test_an_impulse_makes_every_string_ring_at_its_pitch_for_its_time() -> None:
    notes, rings = tuned(ROOT, "otonal"), played(Bank(ROOT, "otonal", RATE), click(720)).sum(axis=0)
    assert abs(rings[0]) < np.abs(rings).max() / 4  # not a click
    parts = rings.reshape(4, -1)[:3] * np.hanning(180 * QUANTUM)
    spectra = np.abs(np.fft.rfft(parts))
    hertz = np.fft.rfftfreq(parts.shape[1], 1 / RATE)
    for note in notes:
        near = np.abs(hertz - note) < note * 0.02
        peak = hertz[near][np.argmax(spectra[0, near])]
        assert abs(1200 * np.log2(peak / note)) < 12 + 1200 * np.log2(1 + 0.4 / note)
        fall = spectra[0, near].max() / spectra[2, near].max()
        assert 360 * QUANTUM / RATE / np.log10(fall) * 3 == pytest.approx(
            6.0 * (note / 55) ** -0.298, rel=0.35
        )


def test_a_voice_on_a_string_opens_it_and_one_between_does_not() -> None:
    notes = tuned(ROOT, "otonal")
    on = level(through(Resonators(RATE), tone(220.0, 400))[-50 * QUANTUM :])
    between = float(np.sqrt(notes[3] * notes[4]))
    off = level(through(Resonators(RATE), tone(between, 400))[-50 * QUANTUM :])
    assert 0.5 < on / (0.1 / 2) < 1.5
    assert off < on / 15


def test_strings_stand_across_the_field_and_the_bank_in_its_middle() -> None:
    power = np.square(through(Resonators(RATE), noise(500))).mean(axis=0)
    assert power[0] / power[1] == pytest.approx(1.0, abs=0.35)
    strings = tuned(ROOT, "otonal")[::3]
    sounds = [through(Resonators(RATE), tone(n, 120))[-50 * QUANTUM :] for n in strings]
    ratio = np.log10([s.std(axis=0)[0] / s.std(axis=0)[1] for s in sounds])
    assert abs(ratio[0]) < 0.1
    assert ratio.min() < -0.1 < 0.1 < ratio.max()
    alike = [float((s[:, 0] * s[:, 1]).mean() / (s.std(axis=0).prod())) for s in sounds]
    assert alike[0] > 0.9
    assert min(alike) < 0.6


def test_amount_is_what_goes_in_and_strings_ring_on() -> None:
    full = through(Resonators(RATE), noise(100))
    half = Resonators(RATE)
    assert np.abs(through(half, noise(100), amount=0.5) - full * 0.5).max() < 1e-6
    ramp = np.minimum(np.arange(1, 100 * QUANTUM + 1) / QUANTUM, 1.0) * 0.5**0.5
    mono = (noise(100).sum(axis=1) * ramp).astype(np.float32)
    assert np.abs(played(Bank(ROOT, "otonal", RATE), mono).T - full).max() < 1e-6
    after = through(half, noise(100), amount=0.0)
    assert level(after[: 20 * QUANTUM]) > level(full) / 4
    assert level(after[-20 * QUANTUM :]) < level(after[: 20 * QUANTUM])


# ---- a new tuning ----------------------------------------------------------------------------


def test_a_new_tuning_takes_over_while_the_old_rings_out_and_nothing_clicks() -> None:
    strings = Resonators(RATE)
    steady = through(strings, tone(220.0, 300))
    new = 46.0  # no string of it is near 220 Hz
    changed = through(strings, tone(220.0, 500, begin=300), root=new)
    sound = np.concatenate((steady, changed)).astype(np.float64)
    smooth = np.abs(np.diff(steady[200 * QUANTUM :], 2, axis=0)).max()
    assert np.abs(np.diff(sound, 2, axis=0)[290 * QUANTUM :]).max() < 1.2 * smooth
    early = level(changed[: 20 * QUANTUM])
    assert early == pytest.approx(level(steady[-20 * QUANTUM :]), rel=0.2)
    assert level(changed[-20 * QUANTUM :]) < early / 8
    there = through(strings, tone(4 * new, 300), root=new)
    assert level(there[-20 * QUANTUM :]) > early / 3


def tunings(roots: Iterable[float], blocks: int) -> Samples:
    strings = Resonators(RATE)
    tones = [(root, tone(220.0, blocks, begin=i * blocks)) for i, root in enumerate(roots)]
    return np.concatenate([through(strings, sound, root=root) for root, sound in tones])


def test_many_new_tunings_in_a_moment_do_not_click_either() -> None:
    """More banks than may ring: the oldest is faded, and one taken up again goes on."""
    sound = tunings([55, 55.3, 54.7, 55.5, 54.5, 55.8, 55, 54.2, 56], blocks=40).astype(np.float64)
    smooth = np.abs(np.diff(sound[20 * QUANTUM : 39 * QUANTUM], 2, axis=0)).max()
    assert np.abs(np.diff(sound, 2, axis=0)).max() < 6 * smooth


def test_between_two_tunings_as_often_as_one_likes() -> None:
    """Strings that still ring are taken up again, so there are never more than these two."""
    sound = tunings([55, *[46, 55] * 8], blocks=12).astype(np.float64)
    smooth = np.abs(np.diff(tone(220.0, 2), 2, axis=0)).max()
    late = np.abs(np.diff(sound[24 * QUANTUM :], 2, axis=0)).max()
    assert late < 1.6 * smooth
    ends = sound[:: 12 * QUANTUM], sound[12 * QUANTUM - 1 :: 12 * QUANTUM]
    assert np.abs(ends[0][1:] - ends[1][:-1]).max() < 0.004


def test_for_a_while_sound_goes_to_both_tunings() -> None:
    """A click half a second after the change moves old strings too; four seconds after, none."""

    def moved(blocks: int) -> float:
        strings = Resonators(RATE)
        through(strings, silence(10))
        through(strings, silence(blocks), root=46.0)
        sound = silence(94)
        sound[0] = 1.0
        spectrum = np.abs(np.fft.rfft(through(strings, sound, root=46.0)[:, 0]))
        return spectrum[220] / spectrum[4 * 46]  # a bin is 1 Hz

    assert moved(47) > 1.0
    assert moved(375) < 0.2


def test_the_same_again_is_the_same_bytes() -> None:
    assert np.array_equal(tunings([55, 60], 20), tunings([55, 60], 20))


# ---- what must never happen ------------------------------------------------------------------


@pytest.mark.parametrize("rate", [44100, 48000, 96000])
def test_a_bounded_sound_has_a_bounded_answer(rate: int) -> None:
    """The worst sound there is: the response's own signs, reversed, at full scale."""
    response = played(Bank(ROOT, "otonal", rate), click(800))
    worst = float(np.abs(response).sum(axis=1).max())
    assert 1.0 < worst < 20.0
    signs = np.sign(response[0, ::-1]).astype(np.float32)
    answer = played(Bank(ROOT, "otonal", rate), signs)
    assert np.abs(answer).max() == pytest.approx(worst, rel=0.3)
    assert np.abs(answer).max() <= worst * 1.001


@pytest.mark.parametrize("broken", [np.nan, np.inf, -3e38, 200.0])
def test_a_broken_sample_is_silence_and_the_strings_stay_well(broken: float) -> None:
    strings, sound = Resonators(RATE), noise(10)
    holed = sound.copy()
    sound[3000] = 0
    holed[3000] = broken
    rings = through(strings, holed)
    assert np.array_equal(rings, through(Resonators(RATE), sound))
    assert not through(strings, silence(2200))[-QUANTUM:].any()  # still, not merely faint
