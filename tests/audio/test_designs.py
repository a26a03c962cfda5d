"""What the presets and a show sound like: told apart, equally loud, and nothing that hurts.

Designs are judged by what comes out of the engine, not by what their files say.
"""

from dataclasses import dataclass
from functools import lru_cache
from itertools import combinations

import numpy as np
import pytest
from numpy.typing import NDArray

from performer.audio import QUANTUM
from performer.audio.chain import fader
from performer.audio.engine import Engine
from performer.audio.loudness import Loudness
from performer.circle.circle import Circle
from performer.frame import Floats
from performer.show.rooms import STEREO
from performer.show.shows import load_show
from tests.audio.circles import tell

PRESETS = ("luna", "undertow", "frost", "ember", "orchard", "lantern", "understory", "daybreak")
SHOWS = ("luna-circle", "dream-symphony", "dreamscapes-of-truth")
PHASES = ("ritual", "descent", "convergence", "dream", "waking")

RATE = 8000  # Hz: these sounds have next to nothing above 4 kHz
COMING = 3.5  # s until a circle is heard
LONG, SHORT = 12.5, 8.0  # s that a preset and a phase are listened to
QUARTERTONES = 24

APART = 1.25
"""Distance at least between two presets (measured: 2.0), or two phases (1.4)."""


@dataclass(frozen=True)
class Heard:
    """What an ear would tell of a sound."""

    loudness: float
    """LUFS."""
    peak: float
    """dBFS."""
    centre: float
    """Octaves above 1 Hz: where the middle of its A-weighted power is."""
    notes: Floats
    """Amplitude in quarter tones of any octave, shape (QUARTERTONES,), length 1."""
    wet: float
    """Part of the power that comes from the room, 0..1."""
    snap: float
    """Largest bend of the wave, of those that hardly any exceeds."""


def distance(one: Heard, other: Heard) -> float:
    """1 is half an octave of brightness, chords three tenths strange to each other, or a fifth of
    the power in the room instead of near; these add up."""
    strange = 1.0 - float(one.notes @ other.notes)
    return abs(one.centre - other.centre) / 0.5 + strange / 0.3 + abs(one.wet - other.wet) / 0.2


@lru_cache(maxsize=16)
def preset(name: str, seed: int = 1) -> Heard:
    """Twelve people in a preset."""
    made = load_show(name).steady()
    return listened(Circle(made, 12, seed), Engine(made, STEREO, RATE), LONG)


@lru_cache(maxsize=16)
def phase(name: str, show: str = "luna-circle") -> Heard:
    """Twelve people in the middle of a phase of a show."""
    made = load_show(show).steady()
    number, one = PHASES.index(name), Circle(made, 12, 1)
    tell(one, "/phase/go", number + 1)
    for _ in range(40):
        one.step(made.show.phase[number].seconds / 80)
    return listened(one, Engine(made, STEREO, RATE), SHORT)


def listened(one: Circle, engine: Engine, lasts: float) -> Heard:
    """What is heard of a circle, its coming left out."""
    room, wet, heard = engine.reverb.process, 0.0, list[NDArray[np.float32]]()

    def tapped(sound: NDArray[np.float32], name: str, amount: float) -> NDArray[np.float32]:
        nonlocal wet
        around = room(sound, name, amount)
        wet += float((around**2).sum()) * (len(heard) >= COMING * RATE / QUANTUM)
        return around

    engine.reverb.process = tapped
    for block in range(round((COMING + lasts) * RATE / QUANTUM)):
        if block % 2 == 0:
            engine.hear(one.step(2 * QUANTUM / RATE))
        heard.append(engine.block())
    x = np.concatenate(heard)[-round(lasts * RATE) :].astype(np.float64)
    return judged(x, wet * fader(0.8) ** 2)  # nobody touches /volume


def judged(x: Floats, wet: float) -> Heard:
    """Of a sound (frames, 2) and the energy in it that comes from the room."""
    meter = Loudness(2, RATE)
    meter.process(np.ascontiguousarray(x.T))
    hertz, power = spectrum(x)
    bend = np.abs(np.diff(x, 2, axis=0))
    return Heard(
        loudness=meter.integrated,
        peak=20 * float(np.log10(np.abs(x).max())),
        centre=float(np.average(np.log2(hertz), weights=power * weighting(hertz))),
        notes=quartertones(hertz, power),
        wet=wet / float((x**2).sum()),
        snap=float(bend.max() / np.quantile(bend, 0.99)),
    )


def spectrum(x: Floats) -> tuple[Floats, Floats]:
    """Frequencies from 35 Hz on, and the power there."""
    size = 2**14
    starts = range(0, len(x) - size + 1, size // 2)
    parts = np.array([x[i : i + size] * np.hanning(size)[:, None] for i in starts])
    power = (np.abs(np.fft.rfft(parts, axis=1)) ** 2).sum(axis=(0, 2))
    hertz = (np.arange(len(power)) * (RATE / size)).astype(np.float64)
    return hertz[hertz >= 35.0], power[hertz >= 35.0]


def weighting(hertz: Floats) -> Floats:
    """The A curve as a factor of power (IEC 61672-1), but for a constant."""
    f = np.square(hertz)
    low, high = f + 20.6**2, f + 12194.0**2
    return f**4 / (low**2 * (f + 107.7**2) * (f + 737.9**2) * high**2)


def quartertones(hertz: Floats, power: Floats) -> Floats:
    """Amplitudes between 100 and 900 Hz, where the notes are, wrapped round the octave."""
    sung = (hertz > 100.0) & (hertz < 900.0)
    place = np.rint(QUARTERTONES * np.log2(hertz[sung] / 55.0)).astype(np.int64) % QUARTERTONES
    found = np.sqrt(np.bincount(place, power[sung], QUARTERTONES))
    return found / np.sqrt((found**2).sum())


# ---- presets ------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", PRESETS)
def test_a_preset_says_how_it_sounds(name: str) -> None:
    made = load_show(name).presets[name]
    assert made.sound.model_fields_set >= {"root", "scale", "timbre", "height", "space"}
    assert {a for a in made.values if a.startswith("/sound/")} == {
        f"/sound/{n}"
        for n in ("brightness", "air", "breath", "detune", "drone", "reverb", "strings")
    }


def test_presets_are_told_apart_by_ear() -> None:
    between = {(a, b): distance(preset(a), preset(b)) for a, b in combinations(PRESETS, 2)}
    assert min(between.values()) > APART, min(between, key=lambda pair: between[pair])


def test_a_preset_is_itself_whoever_sings() -> None:
    """So two presets that sound the same would fail the test above; of all, frost varies most."""
    assert distance(preset("frost"), preset("frost", seed=2)) < APART


def test_presets_are_equally_loud() -> None:
    loudness = {name: preset(name).loudness for name in PRESETS}
    middle = float(np.median(list(loudness.values())))
    assert -30.0 < middle < -26.0
    assert {n: x for n, x in loudness.items() if abs(x - middle) > 2.0} == {}


@pytest.mark.parametrize("name", PRESETS)
def test_nothing_clicks_and_there_is_plenty_of_room(name: str) -> None:
    assert preset(name).snap < 4.0
    assert preset(name).peak < -12.0


# ---- listening ----------------------------------------------------------------------------------


@pytest.mark.parametrize("name", PRESETS)
def test_music_moves_the_picture_slowly(name: str) -> None:
    """No light rises faster than in a second, whatever is played."""
    rows = load_show(name).presets[name].listening
    assert 2 <= len(rows) <= 4
    for row in rows:
        assert row.attack >= 1.0
        assert row.release >= row.attack
        assert abs(row.amount) <= 0.3
        assert row.target.startswith(("/look/", "/palette/"))


# ---- phases -------------------------------------------------------------------------------------


@pytest.mark.parametrize("show", SHOWS)
def test_every_phase_of_a_night_is_heard(show: str) -> None:
    assert [p.name for p in load_show(show).show.phase] == list(PHASES)
    heard = {name: phase(name, show) for name in PHASES}
    between = {(a, b): distance(heard[a], heard[b]) for a, b in combinations(PHASES, 2)}
    assert min(between.values()) > APART, min(between, key=lambda pair: between[pair])


@pytest.mark.parametrize("show", SHOWS)
def test_every_night_goes_down_and_comes_back(show: str) -> None:
    ritual, descent, convergence, dream, waking = (phase(name, show) for name in PHASES)
    assert descent.centre < ritual.centre - 0.1
    assert descent.wet > ritual.wet + 0.1
    assert waking.centre > max(p.centre for p in (ritual, descent, convergence, dream)) + 0.1
    assert waking.wet < min(convergence.wet, dream.wet) - 0.1


def test_the_moon_goes_deepest_and_meets_in_the_light() -> None:
    ritual, descent, convergence, dream, waking = (phase(name) for name in PHASES)
    assert descent.centre < ritual.centre - 0.4
    assert descent.wet > ritual.wet + 0.2
    assert convergence.centre > descent.centre + 0.4
    assert dream.wet > convergence.wet
    assert waking.centre > max(ritual.centre, dream.centre) + 0.3
    assert waking.wet < min(convergence.wet, dream.wet) - 0.1
