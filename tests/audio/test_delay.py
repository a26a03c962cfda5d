"""The delay of sound after picture: the same samples, later, however they are portioned."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from performer.audio.delay import LONGEST, Delay

Samples = NDArray[np.float32]

RATE = 8000
SOUND = np.random.default_rng(2).standard_normal((12000, 2)).astype(np.float32)


def delayed(sound: Samples, offsets: list[float], lengths: list[int], rate: int = RATE) -> Samples:
    """`sound` in blocks of these lengths, over and over, each with the next offset in ms."""
    delay, out, at, k = Delay(sound.shape[1], rate), list[Samples](), 0, 0
    while at < len(sound):
        block = sound[at : at + lengths[k % len(lengths)]].copy()
        out.append(delay.process(block, offsets[min(k, len(offsets) - 1)]).copy())
        assert out[-1].shape == block.shape
        assert out[-1].dtype == np.float32
        at, k = at + len(block), k + 1
    return np.concatenate(out)


@settings(max_examples=30)
@given(st.floats(0, 500), st.lists(st.integers(1, 5000), min_size=1, max_size=5))
def test_every_sample_comes_out_unchanged_and_exactly_so_much_later(
    ms: float, lengths: list[int]
) -> None:
    late = round(ms * 1e-3 * RATE)
    out = delayed(SOUND, [ms], lengths)
    settled = RATE // 50 + late  # the way to the first offset, and what was before the beginning
    assert np.array_equal(out[settled:], SOUND[settled - late : len(SOUND) - late])


def test_no_offset_is_no_change_at_all() -> None:
    assert np.array_equal(delayed(SOUND, [0.0], [512]), SOUND)


def test_what_is_said_between_blocks_does_not_depend_on_how_long_they_are() -> None:
    assert np.array_equal(delayed(SOUND, [125.0], [12000]), delayed(SOUND, [125.0], [1, 7, 300]))


@pytest.mark.parametrize("ms", [-1.0, -1e9])
def test_sound_never_comes_before_its_time(ms: float) -> None:
    assert np.array_equal(delayed(SOUND, [ms], [100]), SOUND)


def test_longer_than_the_longest_is_the_longest() -> None:
    wanted = delayed(SOUND, [LONGEST * 1000], [100])
    assert np.array_equal(delayed(SOUND, [9999.0], [100]), wanted)


@pytest.mark.parametrize("length", [1, 64, 512, 4096])
@pytest.mark.parametrize("hertz", [50.0, 700.0])
def test_a_jump_is_no_click(length: int, hertz: float) -> None:
    """Also of a low tone in the midst of it, and if it is told anew with every block."""
    rate = 48000
    tone = np.sin(2 * np.pi * hertz * np.arange(rate // 2) / rate)[:, None].astype(np.float64)
    quiet = [0.0] * (4096 // length)
    jumps = [0.0, 90.0, 1.0, 333.0, 0.0, 47.0, 12.0, 0.5]
    told = [*quiet, *np.repeat(jumps, max(1, 2048 // length)).tolist()]
    out = delayed(tone.astype(np.float32), told, [length], rate).astype(np.float64)
    # A raised cosine over 20 ms between two tones: it bends by (π/960)²/2 of their difference, and
    # its slope adds to theirs.
    swing = 2 * np.pi * hertz / rate
    most = swing**2 * 1.0 + 2 * (np.pi / 960) ** 2 / 2 * 2 + 2 * (np.pi / 1920) * swing * 2
    bend = np.abs(np.diff(out[:, 0], 2))
    # what float32 itself bends: an ulp to either side
    assert bend.max() < most + 4 * np.finfo(np.float32).eps
    assert np.abs(out).max() <= 1.0 + 1e-6


def test_what_comes_out_is_the_callers_own() -> None:
    """Whatever is done to it, neither what went in nor what comes later is touched."""
    one, other, at = Delay(2, RATE), Delay(2, RATE), 0
    for ms in (0.0, 0.0, 40.0, 40.0, 40.0, 3.0, 0.0, 0.0):
        block = SOUND[at : at + 500].copy()
        found = one.process(block, ms)
        assert np.array_equal(found, other.process(block, ms))
        found[:] = np.nan
        assert np.array_equal(block, SOUND[at : at + 500])
        at += 500
