"""Reverberation: rooms that sound as they are written, and a convolution that is exact."""

import numpy as np
import pytest
from numpy.typing import NDArray

from performer.audio import QUANTUM
from performer.audio.impulse import CHARACTERS, HIGHEST, LOWEST, impulse_response
from performer.audio.reverb import CROSSING, MOST, Convolver, Reverb
from performer.show.sound import SPACES

RATE = 48000
Samples = NDArray[np.float32]


def noise(frames: int, seed: int = 1) -> Samples:
    return (np.random.default_rng(seed).standard_normal((2, frames)) * 0.1).astype(np.float32)


def convolved(sound: Samples, impulse: Samples) -> NDArray[np.float64]:
    """The whole convolution in one transform, double precision, cut to the sound's length."""
    size = sound.shape[1] + impulse.shape[1]
    spectra = [np.fft.rfft(x.astype(np.float64), size) for x in (sound, impulse)]
    return np.fft.irfft(spectra[0] * spectra[1], size)[:, : sound.shape[1]]


def in_blocks(room: Convolver, sound: Samples) -> Samples:
    blocks = np.split(sound, sound.shape[1] // QUANTUM, axis=1)
    return np.concatenate([room.process(b) for b in blocks], axis=1)


def through(reverb: Reverb, sound: Samples, name: str = "near", amount: float = 1.0) -> Samples:
    """A whole signal (2, frames) through one room."""
    blocks = np.split(sound.T, sound.shape[1] // QUANTUM)
    return np.concatenate([reverb.process(b, name, amount) for b in blocks]).T


def band(sound: Samples, hertz: float) -> NDArray[np.float64]:
    """The octave around a frequency."""
    frequency = np.fft.rfftfreq(sound.shape[1], 1 / RATE)
    near = np.exp(-np.square(np.log2(np.maximum(frequency, 1) / hertz) * 2))
    return np.fft.irfft(np.fft.rfft(sound.astype(np.float64)) * near, sound.shape[1])


def fall(sound: Samples, hertz: float) -> float:
    """Time in which an octave falls by 60 dB, from -5 to -30 dB of Schroeder's integral, s."""
    energy = np.square(band(sound, hertz)).sum(axis=0)[::-1].cumsum()[::-1]
    level = 10 * np.log10(energy / energy[0])
    begin, end = (int(np.argmax(level < db)) for db in (-5, -30))
    return 60 / 25 * (end - begin) / RATE


@pytest.fixture(scope="module")
def rooms() -> dict[str, Samples]:
    return {name: impulse_response(name, RATE) for name in CHARACTERS}


# ---- impulse responses -----------------------------------------------------------------------


def test_presets_know_the_rooms_there_are() -> None:
    assert set(CHARACTERS) == set(SPACES)


@pytest.mark.parametrize("name", CHARACTERS)
def test_a_room_falls_silent_as_it_is_written(rooms: dict[str, Samples], name: str) -> None:
    sound, character = rooms[name], CHARACTERS[name]
    assert sound.shape == (2, round(character.seconds * RATE))
    assert fall(sound, 125) == pytest.approx(character.lows, rel=0.12)
    assert fall(sound, 1000) == pytest.approx(character.middle, rel=0.12)
    assert fall(sound, 8000) == pytest.approx(character.highs, rel=0.25)


@pytest.mark.parametrize("name", CHARACTERS)
def test_a_room_swells_softly_and_ends_in_silence(rooms: dict[str, Samples], name: str) -> None:
    sound, character = rooms[name], CHARACTERS[name]
    before = round(character.before * RATE)
    steps = np.square(sound[:, : RATE // 4]).sum(axis=0).reshape(-1, RATE // 200).mean(axis=1)
    highest = (int(np.argmax(steps)) + 0.5) / 200  # s
    assert not sound[:, :before].any()
    assert 0.02 <= highest <= 0.16
    assert steps[: round(character.before * 200) + 1].max() < steps.max() / 10
    assert np.abs(sound[:, -64:]).max() < np.abs(sound).max() * 1e-5


@pytest.mark.parametrize("name", CHARACTERS)
def test_a_room_is_wide_above_and_one_below(rooms: dict[str, Samples], name: str) -> None:
    def alike(hertz: float) -> float:
        left, right = band(rooms[name], hertz)
        return float((left * right).sum() / np.sqrt(np.square(left).sum() * np.square(right).sum()))

    assert abs(alike(1000)) < 0.1
    assert abs(alike(4000)) < 0.1
    assert alike(63) > 0.7


@pytest.mark.parametrize("name", CHARACTERS)
def test_a_room_neither_rings_nor_flutters(rooms: dict[str, Samples], name: str) -> None:
    """No frequency stands out of its half octave, no echo repeats: it is noise, faded."""
    sound = rooms[name]
    power = np.square(np.abs(np.fft.rfft(sound.astype(np.float64))))
    frequency = np.fft.rfftfreq(sound.shape[1], 1 / RATE)
    for low in 100 * 2 ** np.arange(0, 6, 0.5):
        part = power[:, (frequency >= low) & (frequency < low * 2**0.5)]
        chance = (
            np.log(part.shape[1]) + 6
        )  # exponential: the largest of n exceeds ln n by 6 in 1/400
        assert part.max() < part.mean() * chance * 1.6
    middle = sound[:, RATE // 10 : RATE]
    white = np.fft.rfft(middle, 2 * middle.shape[1])
    echoes = np.fft.irfft(np.square(np.abs(white)))[:, RATE // 50 : RATE // 2]
    assert np.abs(echoes).max() < 0.12 * np.square(middle).sum(axis=1).min()


@pytest.mark.parametrize("name", CHARACTERS)
def test_a_room_gives_back_as_much_as_went_in(rooms: dict[str, Samples], name: str) -> None:
    """Pink noise from 60 Hz to 4 kHz, as a sum over frequencies; nothing beyond the range."""
    power = np.square(np.abs(np.fft.rfft(rooms[name]))).mean(axis=0)
    frequency = np.fft.rfftfreq(rooms[name].shape[1], 1 / RATE)
    loud = (frequency >= 60) & (frequency <= 4000)
    pink = 1 / frequency[loud]
    assert (power[loud] * pink).sum() / pink.sum() == pytest.approx(1.0, abs=0.01)
    assert power[frequency < LOWEST / 2].max() < 0.02
    assert power[frequency > HIGHEST * 1.5].max() < 1e-6


def test_the_same_seed_is_the_same_room_and_no_two_are_alike(rooms: dict[str, Samples]) -> None:
    once = rooms["near"]
    assert np.array_equal(once, impulse_response("near", RATE))
    deep = rooms["deep"][:, : once.shape[1]]
    for other in (impulse_response("near", RATE, seed=1), deep, once[::-1]):
        assert abs(np.corrcoef(band(once, 1000)[0], band(other, 1000)[0])[0, 1]) < 0.1


@pytest.mark.parametrize("rate", [44100, 96000])
def test_other_rates_have_the_same_room(rate: int) -> None:
    sound = impulse_response("near", rate)
    assert sound.shape == (2, round(2.4 * rate))
    assert np.square(sound[:, rate // 2 :]).sum() / np.square(sound).sum() < 0.1


# ---- convolution -----------------------------------------------------------------------------


@pytest.mark.parametrize("frames", [1, 700, 8192, 8193, 30000, 240000])
def test_blocks_are_exactly_the_whole(frames: int) -> None:
    """Short, one part, the seam between the parts of both sizes, five seconds. No latency."""
    impulse = noise(frames, seed=2) * np.exp(-np.arange(frames) / (0.3 * frames))
    impulse = (impulse / np.sqrt(np.square(impulse).sum())).astype(np.float32)
    blocks = 30 if frames < 100000 else 500
    sound = noise(blocks * QUANTUM)
    wet = in_blocks(Convolver(impulse), sound)
    assert wet.dtype == np.float32
    assert np.abs(wet - convolved(sound, impulse)).max() < 1e-6


def test_every_block_of_the_response_comes_back_in_its_place() -> None:
    """An impulse in any of the eight blocks of a large part gives the response itself."""
    impulse = noise(20480, seed=3)
    for block in range(8):
        sound = np.zeros((2, 60 * QUANTUM), np.float32)
        sound[:, block * QUANTUM + 5] = 1, -1
        want = np.zeros_like(sound)
        want[:, block * QUANTUM + 5 :][:, :20480] = impulse * np.array([[1], [-1]])
        assert np.abs(in_blocks(Convolver(impulse), sound) - want).max() < 1e-6


def test_a_room_rests_when_it_is_silent_and_wakes_in_time() -> None:
    impulse = noise(20000, seed=4)
    room, twice = Convolver(impulse), noise(3 * QUANTUM)
    in_blocks(room, twice)
    assert not room.rests
    tail = in_blocks(room, np.zeros((2, 90 * QUANTUM), np.float32))
    assert room.rests
    assert not tail[:, -QUANTUM:].any()
    assert in_blocks(room, twice) == pytest.approx(convolved(twice, impulse), abs=1e-6)


# ---- rooms -----------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def reverb() -> Reverb:
    """One for all tests: making it takes longest. Each begins by letting it ring out."""
    return Reverb(RATE)


def hushed(reverb: Reverb) -> Reverb:
    """The same, rung out."""
    silence = np.zeros((QUANTUM, 2), np.float32)
    while any(reverb.process(silence, "near", 0.0).any() for _ in range(8)):
        pass
    return reverb


def test_a_voice_on_one_side_is_answered_from_both(reverb: Reverb) -> None:
    sound = noise(150 * QUANTUM)
    sound[1] = 0
    power = np.square(through(hushed(reverb), sound)[:, 100 * QUANTUM :]).mean(axis=1)
    assert 0.1 < power[1] / power[0] < 0.5


def test_amount_is_what_goes_in_and_what_is_in_rings_out(reverb: Reverb) -> None:
    sound = noise(60 * QUANTUM)
    full = through(hushed(reverb), sound, amount=1.0)
    half = through(hushed(reverb), sound, amount=0.5)
    assert np.abs(half - full * 0.5)[:, QUANTUM:].max() < 1e-6
    after = through(reverb, sound, amount=0.0)
    assert np.square(after[:, : 8 * QUANTUM]).mean() > np.square(half).mean() / 10
    assert np.square(after[:, -QUANTUM:]).mean() < np.square(half).mean() / 10


def test_one_room_gives_way_to_another_without_a_gap_or_a_step(reverb: Reverb) -> None:
    """A steady tone through a change of room: level holds, nothing clicks, both rooms are in it."""
    time = np.arange(400 * QUANTUM) / RATE
    tone = (np.sin(2 * np.pi * 220 * time) * 0.1 * np.ones((2, 1))).astype(np.float32)
    steady = through(hushed(reverb), tone[:, : 250 * QUANTUM], "near")
    changed = through(reverb, tone[:, 250 * QUANTUM :], "deep")
    sound = np.concatenate((steady[:, 200 * QUANTUM :], changed), axis=1)
    smooth = np.abs(np.diff(steady[:, 200 * QUANTUM :], 2)).max()
    assert np.abs(np.diff(sound, 2)).max() < 4 * smooth
    level = np.square(sound).mean(axis=0).reshape(-1, 10 * QUANTUM).mean(axis=1)
    assert level.min() > level[0] / 16
    assert CROSSING * RATE < 150 * QUANTUM


def answer(reverb: Reverb, rooms: dict[str, Samples], changing: float) -> tuple[float, float]:
    """How alike to either room a click is answered, so long (s) after near gave way to deep."""
    sound = np.zeros((2, round(changing * RATE / QUANTUM) * QUANTUM), np.float32)
    through(hushed(reverb), np.zeros((2, 200 * QUANTUM), np.float32), "near")
    through(reverb, sound, "deep")
    click = np.zeros((2, 20 * QUANTUM), np.float32)
    click[0, 0] = 1
    left = through(reverb, click, "deep")[0]
    near, deep = (np.corrcoef(left, rooms[n][0, : len(left)])[0, 1] for n in ("near", "deep"))
    return float(near), float(deep)


def test_for_a_while_sound_goes_into_both_rooms(reverb: Reverb, rooms: dict[str, Samples]) -> None:
    near, deep = answer(reverb, rooms, CROSSING / 6)
    assert near > 0.8 > 0.2 > deep
    near, deep = answer(reverb, rooms, CROSSING * 1.2)
    assert deep > 0.95 > 0.1 > near


def test_a_jump_of_the_amount_is_a_ramp(reverb: Reverb) -> None:
    """What a step of a low tone has at 8 kHz and above, a ramp over a block has not."""
    time = np.arange(QUANTUM * 90) / RATE
    tone = np.cos(2 * np.pi * 220 * time) * np.ones((2, 1))
    hushed(reverb)
    wet = np.concatenate(
        [
            through(reverb, part.astype(np.float32), amount=amount)
            for part, amount in ((tone[:, : 40 * QUANTUM], 0.0), (tone[:, 40 * QUANTUM :], 1.0))
        ],
        axis=1,
    )
    start = wet[:, 40 * QUANTUM : 60 * QUANTUM] * np.hanning(20 * QUANTUM)
    spectrum = np.abs(np.fft.rfft(start))
    high = np.fft.rfftfreq(start.shape[1], 1 / RATE) > 8000
    assert spectrum[:, high].max() < 1e-5 * spectrum.max()


def test_a_broken_block_is_silence_and_the_room_stays_well(reverb: Reverb) -> None:
    hushed(reverb)
    for broken in (np.nan, np.inf, -np.inf, 3e38, MOST * 1.01):
        assert not reverb.process(np.full((QUANTUM, 2), broken, np.float32), "near", 1.0).any()
    assert not through(reverb, np.zeros((2, 50 * QUANTUM), np.float32)).any()
    sound = noise(20 * QUANTUM)
    holed = sound.copy()
    holed[0, 3000] = np.nan
    sound[0, 3000] = 0
    wet = through(hushed(reverb), holed) - through(hushed(reverb), sound)
    assert np.abs(wet).max() < 1e-6
