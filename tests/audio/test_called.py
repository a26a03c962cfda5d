"""The ring between a callback and the loop. Real devices: tests/processes/test_odd_devices.py."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from performer.audio.called import Ring, needed
from performer.audio.devices import Device
from performer.audio.streams import Speakers, folded
from performer.errors import DeviceError

CHANNELS = 3


def frames(start: int, many: int) -> np.ndarray[tuple[int, int], np.dtype[np.float32]]:
    """Frames that can be told apart."""
    return (np.arange(start, start + many)[:, None] + np.arange(CHANNELS) / 4).astype(np.float32)


@given(st.lists(st.tuples(st.integers(0, 20), st.integers(0, 20)), max_size=30))
def test_what_is_put_is_taken_in_order_and_silence_where_there_is_nothing(
    steps: list[tuple[int, int]],
) -> None:
    ring, put, taken = Ring(16, CHANNELS), 1, 1
    for more, wanted in steps:
        fits = min(more, ring.free)
        ring.put(frames(put, more))
        put += fits
        there = min(wanted, ring.filled)
        assert ring.filled == put - taken
        out = np.full((wanted, CHANNELS), np.nan, np.float32)
        ring.take(out)
        assert np.array_equal(out[:there], frames(taken, there))
        assert not out[there:].any()
        taken += there
        assert ring.free == 16 - (put - taken)


def test_only_jack_needs_it_and_not_for_pairs() -> None:
    assert [needed("JACK Audio Connection Kit", n) for n in (1, 2, 4, 18)] == [1, 0, 1, 1]
    assert not needed("ALSA", 4)


def test_folded_down_nothing_is_louder_than_the_loudest_channel() -> None:
    block = np.random.default_rng(1).uniform(-1, 1, (512, 2)).astype(np.float32)
    mono = folded(block)
    assert mono.shape == (512, 1)
    assert mono.flags.c_contiguous
    assert mono[:, 0] == pytest.approx(0.5 * (block[:, 0] + block[:, 1]), abs=1e-6)
    assert (np.abs(mono[:, 0]) <= np.abs(block).max(axis=1) + 1e-6).all()


def test_a_device_with_too_few_channels_for_a_room_is_told_before_it_is_opened() -> None:
    device = Device(0, "Headset", "ALSA", 1, 1, 48000)
    with pytest.raises(DeviceError, match=r"Headset.*too few channels: the room needs 2"):
        Speakers(device, 2, 48000)
    with pytest.raises(DeviceError, match="the room needs 4"):
        Speakers(Device(0, "USB", "ALSA", 0, 2, 48000), 4, 48000, foldable=True)
