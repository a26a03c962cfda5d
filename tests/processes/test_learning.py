"""A control is learnt in a night: asked for by OSC, moved through JACK, played, kept, forgotten."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from mido import Message

from performer.show.controllers import load_controllers

from .conftest import Start
from .jack import Jack
from .midi_devices import Device
from .midi_nights import BACKEND, SLACK
from .nights import Night, value, wait

NAME, FADER = "Nameless Fader Box", 50  # which nothing plays by itself
ADDRESS = "/individuality"
SWEEP = [*range(0, 128, 3), 127, *range(125, 41, -3), 41, 40]
"""Past wherever the value is, and to rest, in two steps: a busy server may lose one."""


@pytest.fixture(scope="module")
def jack(folder: Path) -> Iterator[Jack]:
    # as in test_midi: JACK drops what a client without real-time priority reads a period too late
    made = Jack(folder, name="midi", period=1024)
    yield made
    made.stop()


@pytest.fixture(scope="module")
def own(folder: Path) -> Path:
    """Where a person's own controller files are in these nights."""
    return folder / "config" / "performer" / "controllers"


@pytest.fixture(scope="module")
def night(folder: Path, jack: Jack, start: Start) -> Night:
    own = {"XDG_CONFIG_HOME": str(folder / "config")}
    return start("--silent", midi=True, environment={**jack.environment, **BACKEND, **own}).ready()


@pytest.fixture(scope="module")
def device(jack: Jack, night: Night) -> Iterator[Device]:
    one = Device(jack, NAME)
    wait("the desk knows it", lambda: f"MIDI device {NAME}" in night.log)
    yield one
    one.unplug()


def swept(device: Device) -> None:
    """Moves the fader all the way up, and down to where it rests."""
    device.send([Message("control_change", control=FADER, value=v) for v in SWEEP], every=0.01)


def test_the_next_control_that_moves_is_learnt_and_plays(night: Night, device: Device) -> None:
    night.send(ADDRESS, 0.875)
    night.when("it is set", lambda f: value(f, ADDRESS) == 0.875)
    night.send("/learn", ADDRESS)
    wait("it waits", lambda: [ADDRESS] in night.feedback.of("/learning"))
    swept(device)
    wait("it is learnt", lambda: night.feedback.of("/learnt"), 10)
    assert night.feedback.of("/learnt") == [[ADDRESS, NAME, f"cc {FADER} ch 1", "nothing"]]
    night.when("it plays", lambda f: abs(value(f, ADDRESS) - SWEEP[-1] / 127) < SLACK, 10)


def test_what_was_learnt_is_kept_for_the_next_night(night: Night, own: Path) -> None:
    wait("it is written", lambda: list(own.glob("learnt-*.toml")), 10)
    layout = load_controllers(folder=own).of(NAME)
    assert layout.learnt is not None
    assert [m.address for m in layout.learnt.controller.map] == [ADDRESS]


def test_what_is_forgotten_plays_nothing_any_more(night: Night, device: Device, own: Path) -> None:
    night.send("/forget", ADDRESS)
    wait("it is forgotten", lambda: [ADDRESS, 1] in night.feedback.of("/forgotten"))
    night.send(ADDRESS, 0.625)
    night.when("a hand has it", lambda f: value(f, ADDRESS) == 0.625)
    swept(device)
    device.send([Message("control_change", control=1, value=v) for v in SWEEP], every=0.01)
    night.when("it was heard", lambda f: abs(value(f, "/resonance") - SWEEP[-1] / 127) < SLACK, 10)
    assert value(night.lives(), ADDRESS) == 0.625
    assert night.feedback.of("/refused") == []
    assert night.interrupt()[0] == 0
