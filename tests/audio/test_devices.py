"""Choosing a device from a list, and the device that is none. Real ones: tests/processes."""

import time
from types import SimpleNamespace

import numpy as np
import pytest
import sounddevice

from performer.audio.devices import Device, Search, choose
from performer.audio.streams import Nowhere
from performer.errors import DeviceError

MIC = Device(0, "Built-in Microphone", "ALSA", 2, 0, 44100)
INNER = Device(1, "Built-in Output", "ALSA", 0, 2, 48000)
USB = Device(2, "Scarlett 18i20 USB", "ALSA", 18, 20, 48000)
LONGER = Device(3, "Built-in Output (HDMI)", "ALSA", 0, 8, 48000)
TWIN = Device(4, "Scarlett 18i20 USB", "OSS", 2, 2, 44100)
JACK = Device(5, "system", "JACK Audio Connection Kit", 2, 2, 48000)
ALL = [MIC, INNER, USB, LONGER, TWIN]


@pytest.fixture(autouse=True)
def defaults(monkeypatch: pytest.MonkeyPatch) -> None:
    """The system's own choice, whatever machine this is: 0 in, 3 out."""
    monkeypatch.setattr(sounddevice, "default", SimpleNamespace(device=(0, 3)))


@pytest.mark.parametrize(
    ("wanted", "way", "found"),
    [
        ("Built-in Output", "output", INNER),  # its name, though it is a part of another's
        ("built-in OUTPUT", "output", INNER),
        ("hdmi", "output", LONGER),
        ("Scarlett 18i20 USB", "output", USB),  # the first of two
        ("scarlett", "input", USB),
        ("Scarlett 18i20 USB, OSS", "output", TWIN),
        ("usb, alsa", "output", USB),
        ("built-in", "output", LONGER),  # the system's own among those that are meant
        ("built-in", "input", MIC),  # outputs are no inputs
        ("", "input", MIC),
        ("", "output", LONGER),
    ],
)
def test_a_name_or_a_part_of_it_finds_the_device(wanted: str, way: str, found: Device) -> None:
    assert choose(wanted, way, ALL) == found


def test_replugged_it_is_found_by_its_name_under_another_number() -> None:
    moved = Device(9, USB.name, USB.api, USB.inputs, USB.outputs, USB.rate)
    assert choose("scarlett", "output", [INNER, moved]) == moved


def test_a_running_jack_server_is_the_default_and_a_name_is_stronger() -> None:
    assert choose("", "output", [*ALL, JACK]) == JACK
    assert choose("", "input", [*ALL, JACK]) == JACK
    assert choose("Built-in Output", "output", [*ALL, JACK]) == INNER


def test_without_a_default_the_first_is_taken(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sounddevice, "default", SimpleNamespace(device=(-1, -1)))
    assert choose("", "output", ALL) == INNER


def test_what_is_not_there_is_told_with_all_that_is() -> None:
    with pytest.raises(DeviceError) as told:
        choose("theatre", "output", ALL)
    said = str(told.value)
    assert "'theatre'" in said
    assert "output" in said
    assert "Scarlett 18i20 USB, ALSA (18 in, 20 out, 48000 Hz)" in said
    assert "Microphone" not in said, "it is no output"
    assert "\n" not in said


@pytest.mark.parametrize("wanted", ["", "usb"])
def test_no_device_at_all_is_said(wanted: str) -> None:
    with pytest.raises(DeviceError, match="no audio output device is there"):
        choose(wanted, "output", [MIC])
    with pytest.raises(DeviceError, match="no audio input device is there"):
        choose(wanted, "input", [])


def test_a_search_never_waits_and_says_no_for_what_is_not_there() -> None:
    """A real one, in its own process: no machine has a device of that name."""
    search, name = Search(), "no such device as this one"
    assert not search.came("output", name)
    looking = search._looking  # pyright: ignore[reportPrivateUsage]
    assert looking is not None
    assert looking.wait(60) == 1
    assert not search.came("output", name)
    assert search._looking is None, "and looks anew"  # pyright: ignore[reportPrivateUsage]


def test_nowhere_takes_sound_as_fast_as_it_would_be_played(monkeypatch: pytest.MonkeyPatch) -> None:
    now = 100.0
    monkeypatch.setattr(time, "monotonic", lambda: now)
    nowhere, block, taken = Nowhere(48000), np.zeros((512, 2), np.float32), 0
    assert nowhere.room() == 0
    for _ in range(1000):
        now += 0.003
        while nowhere.room() >= len(block):
            nowhere.write(block)
            taken += len(block)
    assert 3.0 * 48000 - 512 <= taken <= 3.0 * 48000
    now += 60.0  # a suspended laptop: what was not played then is not made up for
    assert nowhere.room() == 24000
    nowhere.close()
