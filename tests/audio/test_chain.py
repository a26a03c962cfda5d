"""The whole chain: whatever goes in, nothing that hurts comes out, and nothing clicks."""

from collections.abc import Iterator
from typing import cast

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as st_np
from numpy.typing import NDArray
from scipy import signal

from performer.audio import QUANTUM
from performer.audio.calibration import pink_noise
from performer.audio.chain import Chain, fader
from performer.audio.exposure import UNMEASURED
from performer.audio.loudness import SILENCE
from performer.audio.sections import Sections
from performer.audio.weighting import a_weighting
from tests.audio.signals import RATE, Block, amplitude, decibel, nasty, oversampled_peak, tone

NASTY = nasty()
PINK = pink_noise(RATE)


def stereo(x: NDArray[np.floating]) -> Block:
    return np.tile(x.astype(np.float32)[:, np.newaxis], (1, 2))


def played(chain: Chain, block: Block, volume: float = 1.0, panic: bool = False) -> Block:
    """The output of a long block, QUANTUM after QUANTUM."""
    return np.concatenate([chain.process(piece, volume, panic) for piece in pieces(block)])


def pieces(block: Block) -> Iterator[Block]:
    return (block[i : i + QUANTUM] for i in range(0, len(block), QUANTUM))


def opened(channels: int = 2, offset: float | None = None, limit: float = 85.0) -> Chain:
    """A chain whose first fade is over."""
    chain = Chain(channels, RATE, limit, offset)
    chain.process(np.zeros((RATE // 10, channels), np.float32))
    return chain


def harmless(y: Block) -> None:
    assert y.dtype == np.float32
    assert np.isfinite(y).all()
    assert float(np.abs(y).max(initial=0)) <= amplitude(-1)
    assert oversampled_peak(y) <= amplitude(-0.5)
    assert float(np.abs(signal.resample_poly(y.astype(float), 4, 1)).max(initial=0)) <= (
        amplitude(-0.5)
    )


@pytest.mark.parametrize("offset", [None, 100.0])
@pytest.mark.parametrize("name", NASTY)
def test_whatever_goes_in_nothing_that_hurts_comes_out(name: str, offset: float | None) -> None:
    chain = opened(offset=offset)
    y = played(chain, NASTY[name])
    assert y.shape == NASTY[name].shape
    harmless(np.concatenate((y, played(chain, np.zeros((3000, 2), np.float32)))))
    assert chain.limiter.clamped == 0


ANY = st.floats(width=32) | st.sampled_from([np.nan, np.inf, -np.inf, 3.4e38, 1e-45, 1.0, -100.0])


@settings(max_examples=30)
@given(st_np.arrays(np.float32, st.tuples(st.integers(0, 300), st.integers(1, 3)), elements=ANY),
       st.integers(1, 40), st.lists(st.integers(1, 700), min_size=1, max_size=5),
       st.floats(allow_nan=True))  # fmt: skip
def test_any_samples_in_any_blocks_at_any_volume(
    pattern: Block, times: int, sizes: list[int], volume: float
) -> None:
    chain = opened(pattern.shape[1])
    block = np.tile(pattern, (min(times, 1 + 700 // max(1, len(pattern))), 1))
    out, at, k = [np.zeros((0, pattern.shape[1]), np.float32)], 0, 0
    while at < len(block):
        out.append(chain.process(block[at : at + sizes[k % len(sizes)]], volume))
        at, k = at + sizes[k % len(sizes)], k + 1
    chain.stop()  # an end that is cut off would ring in the measurement
    out.append(played(chain, np.zeros((RATE // 10, pattern.shape[1]), np.float32), volume))
    harmless(np.concatenate(out))
    assert chain.limiter.clamped == 0


def test_what_is_no_sound_is_counted_and_silent() -> None:
    chain = opened()
    block = np.zeros((QUANTUM, 2), np.float32)
    block[3] = np.nan, np.inf
    block[9, 1] = -np.inf
    assert np.abs(played(chain, np.tile(block, (4, 1)))).max() == 0
    assert chain.meters.scrubbed == 12
    block[:] = 3e38
    chain.process(block)
    assert chain.meters.scrubbed == 12 + 2 * QUANTUM


@pytest.mark.parametrize("name", ["holes", "noise 40 dB over"])
@pytest.mark.parametrize("size", [100, 511, 9000])
def test_blocks_may_be_of_any_length(name: str, size: int) -> None:
    block = NASTY[name]
    one, other = Chain(2, RATE, 100.0, 60.0), Chain(2, RATE, 100.0, 60.0)
    want = played(one, block)
    got = np.concatenate([other.process(block[i : i + size]) for i in range(0, len(block), size)])
    assert np.abs(got - want).max() <= 1e-7


@pytest.mark.parametrize("channels", [1, 2, 6, 64])
def test_any_number_of_channels(channels: int) -> None:
    chain = opened(channels)
    block = np.zeros((4096, channels), np.float32)
    block[:, -1] = tone(440, -26, 4096 / RATE)
    y = played(chain, block)
    assert y.shape == block.shape
    assert decibel(np.abs(y[2000:, -1]).max()) == pytest.approx(-26, abs=0.1)
    assert not y[:, :-1].any()


def test_other_channels_than_agreed_are_refused() -> None:
    with pytest.raises(ValueError, match=r"must be \(frames, 2\)"):
        Chain(2, RATE).process(np.zeros((QUANTUM, 3), np.float32))


def test_the_block_that_came_in_is_left_alone() -> None:
    block = NASTY["holes"][:QUANTUM].copy()
    opened().process(block)
    assert np.array_equal(block, NASTY["holes"][:QUANTUM], equal_nan=True)


def test_direct_current_goes_and_bass_stays() -> None:
    chain = opened()
    y = played(chain, stereo(np.full(RATE, 0.4)))
    assert np.abs(y[RATE // 2 :]).max() < 1e-4
    y = played(chain, stereo(tone(30, -26, 1.0)))
    assert decibel(np.abs(y[RATE // 2 :]).max()) == pytest.approx(-26, abs=0.4)


def test_the_delay_is_the_one_it_states() -> None:
    chain = opened()
    x = np.zeros(4 * QUANTUM)
    x[100:1124] = tone(1000, -20, 1024 / RATE) * np.hanning(1024)
    y = played(chain, stereo(x))[:, 0]
    late = int(np.argmax(np.correlate(y, x, "full"))) - (len(x) - 1)
    assert abs(late - chain.latency) <= 8


# Volume -----------------------------------------------------------------------------------------


def test_the_fader_is_silent_at_0_whole_at_1_and_even_between() -> None:
    assert (fader(0.0), fader(1.0)) == (0.0, 1.0)
    assert decibel(fader(0.5)) == pytest.approx(-18, abs=0.1)
    assert decibel(fader(0.1)) == pytest.approx(-60, abs=0.1)
    assert (fader(-3.0), fader(7.0), fader(float("nan"))) == (0.0, 1.0, 0.0)
    ways = [fader(v / 100) for v in range(101)]
    assert ways == sorted(ways)


def test_volume_is_applied_and_zero_is_silence() -> None:
    chain = opened()
    x = stereo(tone(440, -20, 0.3))
    y = played(chain, x, 0.5)
    assert decibel(np.abs(y[RATE // 10 :]).max()) == pytest.approx(-38.06, abs=0.1)
    assert not played(chain, x, 0.0)[RATE // 10 :].any()


def test_a_jump_of_the_volume_is_no_click() -> None:
    chain = opened()
    x = stereo(tone(200, -26, 0.5))
    y = np.concatenate([played(chain, x, v) for v in (1.0, 0.05, 1.0, 0.0, 0.7)])[:, 0]
    assert clicks(y) < -75


def clicks(y: NDArray[np.floating]) -> float:
    """The largest sample above 6 kHz, dBFS, after 50 ms: a step of s is there at about s."""
    high = cast("NDArray[np.float64]", signal.butter(6, 6000, "high", fs=RATE, output="sos"))
    return decibel(float(np.abs(signal.sosfilt(high, y.astype(float)))[2400:].max()))


def test_the_measure_of_clicks_finds_one() -> None:
    y = tone(200, -26, 0.5)
    assert clicks(y) < -90
    y[5060:] *= 0.9
    assert clicks(y) > -60


# Fades ------------------------------------------------------------------------------------------


def envelope(y: Block) -> NDArray[np.float32]:
    """The peak of each ms."""
    return np.abs(y[: len(y) // 48 * 48, 0]).reshape(-1, 48).max(axis=1)


def test_a_new_chain_is_silent_and_fades_in_over_more_than_50_ms() -> None:
    chain = Chain(2, RATE)
    assert chain.silent
    chain.stop()
    assert not played(chain, stereo(tone(1000, -26, 0.1))).any()
    assert chain.silent
    chain.start()
    y = played(chain, stereo(tone(1000, -26, 0.2)))
    assert not chain.silent
    rise = envelope(y) / amplitude(-26)
    assert rise[:10].max() < 0.1
    assert np.argmax(rise > 0.98) >= 50
    assert rise[70:].min() > 0.99
    assert clicks(y[:, 0]) < -75


def test_stop_fades_out_over_at_least_50_ms_and_start_comes_back() -> None:
    chain = opened()
    x = stereo(tone(1000, -26, 0.2))
    before = played(chain, x)
    chain.stop()
    y = played(chain, x)
    fall = envelope(y) / amplitude(-26)
    assert fall[:8].min() > 0.9
    assert 50 <= np.argmax(fall == 0) <= 70
    assert not y[70 * 48 :].any()
    assert chain.silent
    chain.start()
    again = played(chain, x)
    assert envelope(again)[-50:].min() / amplitude(-26) > 0.99
    assert not chain.silent
    assert clicks(np.concatenate((before, y, again))[:, 0]) < -75


def test_turning_round_in_the_middle_of_a_fade_is_no_click() -> None:
    chain = opened()
    x = stereo(tone(200, -26, 0.03))
    out = [played(chain, stereo(tone(200, -26, 0.5)))]
    for k in range(12):
        (chain.stop if k % 2 == 0 else chain.start)()
        out.append(played(chain, x))
    assert clicks(np.concatenate(out)[:, 0]) < -75


def test_panic_is_silent_in_time_and_comes_back_slowly() -> None:
    chain = opened()
    x = stereo(tone(1000, -26, 2.0))
    before = played(chain, x)
    y = played(chain, x, panic=True)
    assert not y[round(0.15 * RATE) :].any()
    assert envelope(y)[:20].min() > 0.8 * amplitude(-26)  # no cut
    assert chain.silent
    after = played(chain, x)
    rise = envelope(after) / amplitude(-26)
    assert rise[500] < 0.5
    assert np.argmax(rise > 0.99) >= 1000
    assert rise[-100:].min() > 0.99
    assert clicks(np.concatenate((before, y, after))[:, 0]) < -75


def test_a_panic_while_stopped_and_a_start_while_panicking_stay_silent() -> None:
    chain = opened()
    x = stereo(tone(1000, -26, 0.2))
    chain.stop()
    played(chain, x, panic=True)
    chain.start()
    assert not played(chain, x, panic=True).any()
    assert chain.silent


# Meters and exposure ----------------------------------------------------------------------------


def test_the_meters_of_silence() -> None:
    meters = opened().meters
    assert meters.peak == meters.momentary == meters.short_term == meters.integrated == SILENCE
    assert (meters.duck, meters.reduction, meters.scrubbed, meters.laeq) == (0, 0, 0, None)


def test_the_meters_show_what_comes_out() -> None:
    chain = opened(offset=60.0)
    played(chain, stereo(tone(1000, -23, 4.0)))
    meters = chain.meters
    assert meters.peak == pytest.approx(-23, abs=0.1)
    assert (meters.momentary, meters.short_term) == pytest.approx((-23, -23), abs=0.1)
    assert meters.integrated == pytest.approx(-23, abs=0.2)
    assert meters.reduction == 0
    played(chain, stereo(tone(1000, 11, 0.5)))
    assert chain.meters.reduction == pytest.approx(-12, abs=0.2)
    assert chain.meters.peak == pytest.approx(-1, abs=0.05)
    played(chain, np.zeros((RATE, 2), np.float32))
    assert chain.meters.peak == pytest.approx(-12.5, abs=1)


def noise(seconds: float, db: float) -> Block:
    """Pink noise whose loudest channel is the second, (frames, 2)."""
    long = np.tile(PINK, round(seconds / 2) + 1)[: round(seconds * RATE)] * amplitude(db)
    return np.stack((0.5 * long, long), axis=1).astype(np.float32)


def heard(y: Block, offset: float) -> NDArray[np.float64]:
    """dB(A) of each second in the louder channel, measured anew."""
    weighted = Sections(a_weighting(RATE), 2).process(y.T.astype(float))
    seconds = np.square(weighted[:, : len(y) // RATE * RATE]).reshape(2, -1, RATE).mean(axis=2)
    return 10 * np.log10(np.maximum(seconds.max(axis=0), 1e-20)) + offset


def test_the_budget_is_kept_by_what_really_comes_out() -> None:
    offset, limit = 112.0, 72.0  # pink noise at full is 40 dB over: the budget lasts no second
    chain = opened(offset=offset, limit=limit)
    y = played(chain, noise(12, 20))
    energy = (10 ** (heard(y, offset) / 10)).sum()
    assert 0.3 * 900 * 10 ** (limit / 10) < energy <= 900 * 10 ** (limit / 10)
    assert chain.meters.laeq == pytest.approx(10 * np.log10(energy / 900), abs=0.3)
    assert chain.meters.duck < -20
    assert clicks(y[RATE:, 1]) > -60  # it is noise, and still there


def test_the_volume_cannot_reach_past_the_budget() -> None:
    offset, limit = 112.0, 72.0
    chain = opened(offset=offset, limit=limit)
    out = [played(chain, noise(1, 40), volume) for volume in (0.0, 1.0) * 5]
    energy = (10 ** (heard(np.concatenate(out), offset) / 10)).sum()
    assert energy <= 900 * 10 ** (limit / 10)


def test_an_input_far_over_the_ceiling_does_not_hide_the_duck() -> None:
    chain = opened(offset=112.0, limit=72.0)
    y = played(chain, noise(6, 60))
    levels = heard(y, 112.0)
    assert levels[-1] < levels[0] - 10


def test_a_channel_alone_is_not_averaged_away() -> None:
    one, many = opened(1, offset=112.0, limit=72.0), opened(16, offset=112.0, limit=72.0)
    x = noise(1, 20)[:, 1:]
    wide = np.zeros((len(x), 16), np.float32)
    wide[:, 5] = x[:, 0]
    assert played(many, wide)[:, 5] == pytest.approx(played(one, x)[:, 0], abs=1e-6)
    assert many.meters.laeq == pytest.approx(one.meters.laeq)


def test_even_a_sudden_duck_is_no_click() -> None:
    chain = opened(offset=105.0, limit=70.0)
    y = played(chain, stereo(tone(1000, -3, 1.0)))
    assert chain.meters.duck < -10
    assert clicks(y[:, 0]) < -75


def test_a_restarted_process_goes_on_with_the_nights_budget() -> None:
    one, other = opened(offset=112.0, limit=72.0), opened(offset=112.0, limit=72.0)
    first = played(one, noise(6, 20))
    assert other.restore(one.state())
    assert other.meters.duck == one.meters.duck
    second = played(other, noise(6, 20))
    energy = (10 ** (heard(np.concatenate((first, second)), 112.0) / 10)).sum()
    assert energy <= 900 * 10**7.2
    assert not other.restore(b"nothing")


def test_without_calibration_it_is_held_at_minus_23() -> None:
    chain = opened()
    played(chain, noise(10, 15))
    assert chain.meters.short_term == pytest.approx(UNMEASURED - 0.5, abs=0.7)
    assert chain.meters.laeq is None
    quiet = opened()
    played(quiet, noise(4, -10))
    assert quiet.meters.duck == 0


def test_a_limit_above_the_whos_is_refused() -> None:
    with pytest.raises(ValueError, match="at most 100 dB"):
        Chain(2, RATE, 101.0)
