"""Tempo: within 2 BPM, or its octave, after 15 s; and no confidence where there is no beat."""

import numpy as np
import pytest
from numpy.typing import NDArray

from performer.audio.listening import Listener
from performer.audio.listening.tempo import Tempo
from performer.frame import FEATURES, Floats

RATE = 48000
DT = 512 / RATE
Samples = NDArray[np.float32]


def right(found: float, bpm: float) -> bool:
    """Within 2 BPM of the tempo, when taken at its octave."""
    return any(abs(found * octave - bpm) <= 2 for octave in (0.5, 1, 2))


def put(sound: Floats, piece: Floats, seconds: float) -> None:
    begin = round(seconds * RATE)
    sound[begin : begin + piece.size] += piece[: max(0, sound.size - begin)]


def kick() -> Floats:
    t = np.arange(12000) / RATE
    return 0.5 * np.sin(2 * np.pi * (50 * t + 1.5 * (1 - np.exp(-t / 0.03)))) * np.exp(-t / 0.08)


def hat(rng: np.random.Generator) -> Floats:
    t = np.arange(4800) / RATE
    return 0.1 * np.diff(rng.standard_normal(4800), prepend=0) * np.exp(-t / 0.03)


def swell(hz: float, length: float) -> Floats:
    t = np.arange(round(length * RATE)) / RATE
    tone = sum(np.sin(2 * np.pi * hz * k * t) / k for k in (1, 2, 3, 4))
    return 0.1 * tone * np.minimum(1, t / 0.08) * np.minimum(1, (length - t) / (0.4 * length))


def played(kind: str, bpm: float, length: float) -> Samples:
    """Drums in straight eighths, swung drums, chords without drums, or broken drums, by a hand."""
    rng = np.random.default_rng(7)
    sound, beat = np.zeros(round(length * RATE)), 60 / bpm
    for k, time in enumerate(np.arange(0.2, length, beat)):
        if kind == "chords":
            for hz in (220.0, 277.2, 329.6):
                put(sound, swell(hz * 2 ** ([0, 5, 7, 0][k // 4 % 4] / 12), 0.95 * beat), time)
            continue
        late = rng.normal(0, 0.01, 2) if kind == "hand" else np.zeros(2)
        put(sound, hat(rng), time + late[0])
        put(sound, hat(rng), time + beat * (2 / 3 if kind == "swung" else 1 / 2) + late[1])
        if kind != "broken" or k % 4 in (0, 3):
            put(sound, kick(), time)
        if kind == "broken" and k % 4 == 2:
            put(sound, kick(), time + beat / 2)
    return sound.astype(np.float32)


def confidence(listener: Listener) -> float:
    return float(listener.heard().values[FEATURES.index("confidence")])


@pytest.mark.parametrize(
    ("kind", "bpm"),
    [
        ("straight", 60), ("straight", 160), ("swung", 133), ("chords", 65), ("chords", 144),
        ("broken", 97), ("hand", 118),
    ],
)  # fmt: skip
def test_the_tempo_of_steady_music_is_known_after_15_seconds(kind: str, bpm: float) -> None:
    listener = Listener(RATE)
    listener.feed(played(kind, bpm, 15.0))
    assert right(listener.tempo, bpm), listener.tempo
    assert confidence(listener) > 0.6
    assert listener.heard().tempo == listener.tempo


def pulses(bpm: float, length: float, accents: tuple[float, ...] = (1.0,)) -> Floats:
    """A flux curve with a pulse of three hops at each beat."""
    at = np.arange(round(length / DT)) * DT * bpm / 60
    strength = np.take(accents, np.floor(at).astype(int) % len(accents))
    return 0.3 * strength * np.exp(-np.mod(at, 1) * 60 / bpm / 0.02)


@pytest.mark.parametrize("bpm", np.arange(60.0, 161.0, 7.3))
def test_every_tempo_from_60_to_160_is_found(bpm: float) -> None:
    tempo = Tempo(DT)
    for flux in pulses(bpm, 15.0, (1.0, 0.6, 0.8, 0.6)):
        tempo.step(float(flux))
    assert right(tempo.bpm, bpm), tempo.bpm
    assert tempo.confidence > 0.9


def noise(kind: str, length: float) -> Samples:
    rng, n = np.random.default_rng(11), round(length * RATE)
    white = rng.standard_normal(n)
    if kind == "white":
        return (0.1 * white).astype(np.float32)
    if kind == "pink":
        lines = np.fft.rfft(white) / np.sqrt(np.maximum(np.arange(n // 2 + 1), 1))
        pink = np.fft.irfft(lines, n)
        return (0.1 * pink / pink.std()).astype(np.float32)
    tones = {"sine": (220.0,), "chord": (55.0, 82.5, 110.0, 165.0, 220.0)}[kind]
    t = np.arange(n) / RATE
    return np.asarray(sum(0.08 * np.sin(2 * np.pi * hz * t) for hz in tones), np.float32)


@pytest.mark.parametrize("kind", ["white", "pink", "sine", "chord"])
def test_noise_and_drones_have_no_sure_tempo(kind: str) -> None:
    listener = Listener(RATE)
    sound = noise(kind, 9.0)
    worst = 0.0
    for begin in range(0, sound.size, RATE // 2):
        listener.feed(sound[begin : begin + RATE // 2])
        worst = max(worst, confidence(listener))
    assert worst < 0.05


def test_chance_events_have_no_sure_tempo() -> None:
    sure: list[float] = []
    for seed in range(12):
        rng = np.random.default_rng(seed)
        flux = 0.02 * rng.random(round(20 / DT))
        flux[rng.integers(0, flux.size, 40)] = rng.uniform(0.2, 0.5, 40)
        tempo = Tempo(DT)
        for value in flux:
            tempo.step(float(value))
        sure.append(tempo.confidence)
    assert np.mean(sure) < 0.1


def test_partials_that_beat_fast_are_no_tempo() -> None:
    tempo = Tempo(DT)
    for k in range(round(15 / DT)):  # 9 Hz, as of 55 and 64 Hz
        tempo.step(0.2 * max(0.0, np.sin(2 * np.pi * 9 * k * DT)))
    assert tempo.confidence < 0.05


def test_another_tempo_is_followed_within_ten_seconds() -> None:
    tempo = Tempo(DT)
    for flux in np.concatenate([pulses(90, 15.0), pulses(125, 10.0)]):
        tempo.step(float(flux))
    assert right(tempo.bpm, 125)
    assert tempo.confidence > 0.5


def test_a_break_keeps_the_tempo_and_one_odd_look_does_not_change_it() -> None:
    tempo = Tempo(DT)
    found: list[float] = []
    for flux in np.concatenate([pulses(110, 15.0), np.zeros(round(2 / DT)), pulses(110, 8.0)]):
        tempo.step(float(flux))
        found.append(tempo.bpm)
    assert all(abs(bpm - 110) < 2 for bpm in found[round(10 / DT) :])


def test_after_the_music_the_tempo_is_forgotten() -> None:
    tempo = Tempo(DT)
    for flux in np.concatenate([pulses(110, 12.0), np.zeros(round(6 / DT))]):
        tempo.step(float(flux))
    assert tempo.confidence < 0.2
    for _ in range(round(10 / DT)):
        tempo.step(0.0)
    assert tempo.bpm == 0
    assert tempo.confidence < 0.01


def test_one_bang_does_not_hide_the_beat() -> None:
    tempo = Tempo(DT)
    flux = pulses(100, 15.0)
    flux[round(8 / DT)] = 20.0
    for value in flux:
        tempo.step(float(value))
    assert right(tempo.bpm, 100)
    assert tempo.confidence > 0.9
