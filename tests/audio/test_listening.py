"""Listening: known signals give known features, whatever the blocks, the level or the rate."""

import itertools
from collections.abc import Sequence

import numpy as np
import pytest
from numpy.typing import NDArray

from performer.audio.listening import Listener
from performer.audio.listening.levels import Levels
from performer.frame import FEATURES, Floats, decode_heard, encode_heard

RATE = 48000
BANDS = ("bass", "mid", "mid_high", "high")
Samples = NDArray[np.float32]


def seconds(length: float, rate: int = RATE) -> Floats:
    return np.arange(round(length * rate)) / rate


def sine(hz: float, length: float, level: float = 0.3, rate: int = RATE) -> Samples:
    return (level * np.sin(2 * np.pi * hz * seconds(length, rate))).astype(np.float32)


def noise(length: float, level: float, seed: int = 1) -> Samples:
    rng = np.random.default_rng(seed)
    return (rng.standard_normal(round(length * RATE)) * level).astype(np.float32)


def struck(times: Sequence[float], length: float, seed: int = 1) -> Samples:
    """Strikes of noise that fade in 20 ms, at those seconds."""
    rng = np.random.default_rng(seed)
    sound = np.zeros(round(length * RATE))
    strike = rng.standard_normal(4800) * np.exp(-np.arange(4800) / (0.02 * RATE))
    for time in times:
        begin = round(time * RATE)
        sound[begin : begin + 4800] += strike[: sound.size - begin]
    return (0.3 * sound).astype(np.float32)


def band(length: float, level: float, rate: int = RATE, seed: int = 3) -> Samples:
    """A small band at 100 beats a minute: drum, three voices, rattle; about -18 dBFS at level 1."""
    t = seconds(length, rate)
    beat = np.mod(t, 0.6)
    drum = 0.5 * np.sin(2 * np.pi * 70 * t) * np.exp(-beat / 0.1)
    voices = sum(0.05 * np.sin(2 * np.pi * hz * t) for hz in (220.0, 330.0, 551.0))
    rattle = 0.05 * np.sin(2 * np.pi * 6000 * t) * np.exp(-np.mod(t, 0.3) / 0.03)
    bright = 0.03 * np.sin(2 * np.pi * 2000 * t) * (1 + np.sin(2 * np.pi * 0.7 * t))
    return (level * (drum + voices + rattle + bright)).astype(np.float32)


def curves(sound: Samples, rate: int = RATE, trim: float = 0.0) -> Floats:
    """Features hop by hop, shape (hops, len(FEATURES))."""
    listener = Listener(rate)
    listener.trim = trim
    rows: list[Floats] = []
    many = 128 * listener.hop  # `at` knows these
    for begin in range(0, len(sound), many):
        first = listener.hops + 1
        listener.feed(sound[begin : begin + many])
        rows.extend(listener.at(hop * listener.hop) for hop in range(first, listener.hops + 1))
    return np.array(rows)


def of(rows: Floats, name: str) -> Floats:
    return rows[..., FEATURES.index(name)]


@pytest.mark.parametrize(
    ("hz", "lit"),
    [
        (50, "bass"), (100, "bass"), (200, "mid"), (900, "mid"),
        (1100, "mid_high"), (3900, "mid_high"), (4100, "high"), (15000, "high"),
    ],
)  # fmt: skip
def test_a_sine_lights_its_own_band_only(hz: float, lit: str) -> None:
    last = curves(sine(hz, 2.5))[-1]
    for name in BANDS:
        assert (of(last, name) > 0.4) == (name == lit)
        assert (of(last, f"{name}_presence") > 0.4) == (name == lit)
        if name != lit:
            assert of(last, name) < 0.05
            assert of(last, f"{name}_presence") < 0.05
        assert of(last, f"{name}_hit") < 0.05
    assert of(last, "rms") == pytest.approx(0.5, abs=0.1)


def test_silence_is_zero_everywhere() -> None:
    listener = Listener(RATE)
    listener.feed(np.zeros((RATE, 2), np.float32))
    heard = listener.heard()
    assert not heard.values.any()
    assert not heard.spectrum.any()
    assert not heard.waveform.any()
    assert heard.tempo == 0
    assert listener.onsets == 0


def test_the_hiss_of_a_microphone_is_silence() -> None:
    listener = Listener(RATE)
    listener.feed(noise(4.0, 0.001))  # -60 dBFS
    assert listener.heard().values.max() < 0.06
    assert float(listener.heard().spectrum.max()) < 0.06
    assert listener.onsets == 0


def test_nothing_is_amplified_while_it_is_silent_after_music() -> None:
    rows = curves(np.concatenate([band(3.0, 1.0), noise(8.0, 0.001)]))
    assert rows[-4 * 94 :, : FEATURES.index("confidence")].max() < 0.06


@pytest.mark.parametrize("sizes", [(256,), (1024,), (7,), (733, 5, 2048, 64)])
def test_features_do_not_depend_on_the_blocks(sizes: tuple[int, ...]) -> None:
    sound = np.stack([band(1.3, 1.0), band(1.3, 0.5, seed=4)], axis=1)[:61440]
    whole, parts = Listener(RATE), Listener(RATE)
    whole.feed(sound)
    for size in itertools.cycle(sizes):
        if parts.position == len(sound):
            break
        parts.feed(sound[parts.position : parts.position + size])
    assert whole.hops == parts.hops == len(sound) // 512
    for position in range(0, len(sound) + 1, 512):
        np.testing.assert_array_equal(whole.at(position), parts.at(position))
    assert whole.at(len(sound)).any()
    np.testing.assert_array_equal(whole.heard().spectrum, parts.heard().spectrum)
    np.testing.assert_array_equal(whole.heard().waveform, parts.heard().waveform)


@pytest.mark.parametrize("size", [256, 512, 1024])
def test_what_is_heard_after_a_block_is_what_was_known_then(size: int) -> None:
    sound = band(0.8, 1.0)[:36864]
    known = curves(sound)
    listener = Listener(RATE)
    for begin in range(0, len(sound), size):
        listener.feed(sound[begin : begin + size])
        whole_hops = (begin + size) // 512
        if whole_hops:
            np.testing.assert_array_equal(listener.heard().values, known[whole_hops - 1])


def test_features_of_a_sample_are_those_of_the_last_hop_before_it() -> None:
    listener, known = Listener(RATE), curves(band(1.0, 1.0))
    listener.feed(band(1.0, 1.0))
    assert not listener.at(511).any()
    np.testing.assert_array_equal(listener.at(512), known[0])
    np.testing.assert_array_equal(listener.at(30 * 512 - 1), known[28])
    np.testing.assert_array_equal(listener.at(30 * 512), known[29])
    np.testing.assert_array_equal(listener.at(10 * RATE), listener.heard().values)


def test_every_strike_is_one_onset() -> None:
    times = 0.5 + np.cumsum(np.random.default_rng(2).uniform(0.12, 0.6, 24))
    listener = Listener(RATE)
    listener.feed(struck(list(times), float(times[-1]) + 0.5))
    assert listener.onsets == 24


def test_an_onset_comes_within_30_ms() -> None:
    times = 1.0 + 0.5 * np.arange(8)
    onset = of(curves(struck(list(times), 5.5)), "onset")
    begins = (np.flatnonzero(np.diff(onset) > 0.1) + 2) * 512 / RATE
    first = [begins[begins > time][0] - time for time in times]
    assert max(first) < 0.03


def test_a_hit_stands_at_once_and_fades_smoothly() -> None:
    rows = curves(struck([1.0], 2.5))
    for name in (*(f"{name}_hit" for name in BANDS), "onset"):
        hit = of(rows, name)
        top = int(np.flatnonzero(hit == hit.max())[-1])
        assert hit[top] > 0.8
        assert top * 512 / RATE == pytest.approx(1.03, abs=0.02)
        assert (np.diff(hit[top:]) < 0).all()
        assert hit[top + 17] / hit[top] == pytest.approx(np.exp(-17 * 512 / RATE / 0.18), rel=0.01)


def test_a_drum_hits_the_bass_and_not_the_rest() -> None:
    t = seconds(8.0)
    drum = (0.5 * np.sin(2 * np.pi * 70 * t) * np.exp(-np.mod(t, 0.5) / 0.1)).astype(np.float32)
    rows = curves(np.convolve(drum, np.hanning(480) / 240, "same").astype(np.float32))[94 * 2 :]
    assert of(rows, "bass_hit").max() > 0.8
    assert of(rows, "high_hit").max() < 0.2
    assert of(rows, "mid_high_hit").max() < 0.2


def test_a_steady_drone_hits_nothing() -> None:
    chord = sum(sine(hz, 6.0, 0.06) for hz in (110.0, 165.0, 220.0, 275.0, 440.0))
    rows = curves(np.asarray(chord, np.float32))[94:]
    for name in (*(f"{name}_hit" for name in BANDS), "onset"):
        assert of(rows, name).max() < 0.1


def test_noise_has_few_and_weak_onsets() -> None:
    rows = curves(noise(8.0, 0.1))[94:]
    assert of(rows, "onset").mean() < 0.15
    assert of(rows, "high_hit").max() < 0.2
    assert of(rows, "mid_high_hit").max() < 0.3


def test_soft_and_loud_rooms_give_the_same_features() -> None:
    soft, loud = (curves(band(8.0, 10 ** (level / 20)))[-94 * 3 :] for level in (-22, 8))
    assert np.abs(soft - loud).max() < 0.03  # about -40 and -10 dBFS
    assert of(loud, "rms").max() > 0.6


def test_it_adapts_to_a_louder_room_within_seconds_and_to_a_softer_one_within_a_minute() -> None:
    per = 100
    levels = Levels(1 / per)
    share = np.array([0.3, 0.5, 0.1, 0.02, 1.0])
    swing = 1 + 0.8 * np.sin(2 * np.pi * np.arange(85 * per) / 60)
    power = np.repeat([1e-4, 1e-1, 1e-4], [10 * per, 15 * per, 60 * per]) * swing  # by 30 dB
    rows: list[Floats] = []
    for now in power:
        levels.step(now * share)
        rows.append(levels.level.copy())
    level = np.array(rows)
    usual = level[6 * per : 10 * per].mean(axis=0)
    assert level[10 * per :].max() < 0.97  # nothing sticks at the top, not even at the jump
    assert np.abs(level[20 * per : 25 * per].mean(axis=0) - usual).max() < 0.12
    assert level[26 * per : 29 * per].max() < 0.15  # softer is seen as softer
    assert np.abs(level[80 * per :].mean(axis=0) - usual).max() < 0.12


def test_presence_follows_slowly_what_level_follows_at_once() -> None:
    rows = curves(np.concatenate([sine(400, 5.0) + sine(6000, 5.0, 0.05), sine(400, 5.0)]))
    left = round(5.5 * RATE / 512)
    assert of(rows, "high")[left] < 0.1
    assert of(rows, "high_presence")[left] > 0.5
    assert of(rows, "high_presence")[-1] < 0.3


def test_levels_are_lively_and_never_stick() -> None:
    rows = curves(band(6.0, 1.0))[94 * 3 :]
    assert of(rows, "bass").max() - of(rows, "bass").min() > 0.5
    for name in ("rms", *BANDS):
        assert of(rows, name).max() < 0.97
    assert np.abs(np.diff(of(rows, "mid"))).max() < 0.15  # a voice does not tremble


def test_trim_is_a_gain_before_everything() -> None:
    raised = curves(band(3.0, 0.01), trim=20.0)
    np.testing.assert_allclose(raised, curves(band(3.0, 0.1)), atol=1e-4)


def test_the_centroid_is_the_height_of_the_sound() -> None:
    heights = [float(of(curves(sine(hz, 1.0)), "centroid")[-1]) for hz in (60, 850, 12000)]
    assert heights == pytest.approx([0.0, 0.5, 1.0], abs=0.05)


@pytest.mark.parametrize("rate", [44100, 48000, 96000])
def test_a_shown_column_is_a_frequency_at_any_rate(rate: int) -> None:
    listener = Listener(rate)
    listener.feed(sine(6000, 1.0, rate=rate))
    spectrum = listener.heard().spectrum.astype(np.float64)
    assert abs(int(spectrum.argmax()) - 128) <= 1  # 6 of 24 kHz
    assert 0.8 < spectrum.max() <= 1
    assert spectrum[:110].max() < 0.2
    assert spectrum[150:].max() < 0.2


def test_the_waveform_is_the_newest_samples() -> None:
    listener = Listener(RATE)
    sound = sine(440, 1.0, 0.1)
    listener.feed(sound)
    last = sound[: listener.hops * 512][-512:]
    wave = listener.heard().waveform.astype(np.float64)
    assert 0.2 < np.abs(wave).max() < 0.6
    assert np.corrcoef(wave, last)[0, 1] > 0.999


@pytest.mark.parametrize("rate", [44100, 96000])
def test_levels_do_not_depend_on_the_rate(rate: int) -> None:
    one, other = curves(band(4.0, 1.0)), curves(band(4.0, 1.0, rate), rate)
    for name in ("rms", *BANDS, "centroid"):
        a, b = of(one, name)[188:], of(other, name)[188:]
        assert a.mean() == pytest.approx(b.mean(), abs=0.02)
        assert a.max() == pytest.approx(b.max(), abs=0.04)


def test_faulty_samples_are_heard_as_nothing() -> None:
    clean = band(2.0, 1.0)
    clean[20000:20100] = 0
    faulty = clean.copy()
    faulty[20000:20100:3] = np.nan
    faulty[20001:20100:3] = np.inf
    faulty[20002:20100:3] = -np.inf
    np.testing.assert_array_equal(curves(faulty), curves(clean))


def test_samples_beyond_reason_harm_nothing() -> None:
    rows = curves(np.concatenate([np.full(4800, 3e38, np.float32), band(6.0, 1.0)]))
    assert np.isfinite(rows).all()
    assert rows.min() >= 0
    assert rows.max() <= 1


def test_a_constant_offset_is_not_sound() -> None:
    assert curves(np.full(2 * RATE, 0.5, np.float32))[94:].max() < 0.05  # its start is a click


def test_channels_add_up_and_do_not_cancel() -> None:
    mono = band(2.0, 1.0)
    alone = curves(mono)[-1]
    np.testing.assert_allclose(curves(mono[:, np.newaxis])[-1], alone)
    np.testing.assert_allclose(curves(np.stack([mono, -mono], axis=1))[-1], alone, atol=1e-5)
    eight = np.zeros((len(mono), 8), np.float32)
    eight[:, 5] = mono
    np.testing.assert_allclose(curves(eight)[-1], alone, atol=0.05)  # 3 dB less


def test_features_stay_within_0_and_1_whatever_is_played() -> None:
    rng = np.random.default_rng(5)
    levels = np.concatenate([10 ** rng.uniform(-4, 1, 30), np.zeros(10)])
    sound = np.concatenate([noise(0.2, level) for level in rng.permutation(levels)])
    rows = curves(sound)
    assert rows.min() >= 0
    assert rows.max() <= 1


def test_what_was_heard_travels() -> None:
    listener = Listener(RATE)
    assert not listener.heard().listening
    listener.feed(band(1.0, 1.0))
    heard = decode_heard(encode_heard(listener.heard()))
    assert heard.listening
    np.testing.assert_array_equal(heard.values, listener.heard().values)
    np.testing.assert_array_equal(heard.spectrum, listener.heard().spectrum)


def test_nothing_fed_is_nothing_heard() -> None:
    listener = Listener(RATE)
    listener.feed(np.zeros(0, np.float32))
    listener.feed(np.zeros((0, 2), np.float32))
    assert listener.position == listener.hops == 0
    assert not listener.heard().values.any()
