"""Ports' names as four systems write them: which are one device."""

import pytest

from performer.controllers.midi.naming import device_of, devices, opened_at_all


@pytest.mark.parametrize(
    ("port", "device"),
    [
        ("nanoKONTROL2:nanoKONTROL2 MIDI 1 20:0", "nanoKONTROL2:nanoKONTROL2 MIDI 1"),
        ("a2j:nanoKONTROL2 [20] (capture): nanoKONTROL2 MIDI 1",
         "a2j:nanoKONTROL2: nanoKONTROL2 MIDI 1"),
        ("a2j:nanoKONTROL2 [24] (playback): nanoKONTROL2 MIDI 1",
         "a2j:nanoKONTROL2: nanoKONTROL2 MIDI 1"),
        ("system:midi_capture_1", "system:midi 1"),
        ("system:midi_playback_1", "system:midi 1"),
        ("Midi-Bridge:Launch Control XL 1:(capture_0) Launch Control XL",
         "Midi-Bridge:Launch Control XL 1: Launch Control XL"),
        ("Fader-01:in", "Fader"), ("Fader:out_2", "Fader 2"), ("Mini 2", "Mini 2"),
        ("LinnStrument MIDI", "LinnStrument MIDI"), ("in", "in"),
    ],
)  # fmt: skip
def test_a_device_keeps_its_name_from_plug_to_plug(port: str, device: str) -> None:
    assert device_of(port) == device


def test_systems_that_number_ports_lose_the_number() -> None:
    assert device_of("nanoKONTROL2 0", numbered=True) == "nanoKONTROL2"


def test_two_of_a_name_are_two_devices() -> None:
    assert devices(["A:out 20:0", "A:out 24:0"]) == {"A": "A:out 20:0", "A 2": "A:out 24:0"}


@pytest.mark.parametrize(
    "port", ["Performer:in", "Performer-03:out", "Performer:in 129:0",
             "Midi Through:Midi Through Port-0 14:0", "a2j:Performer [129]: in"]
)  # fmt: skip
def test_our_own_ports_and_echoes_are_not_opened(port: str) -> None:
    assert not opened_at_all(port)
    assert opened_at_all("nanoKONTROL2 0")
