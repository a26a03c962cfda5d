"""A MIDI control surface with one knob, for the benchmark: a real port in a real JACK server."""

import importlib
from pathlib import Path
from typing import Any

NAME = "performer-bench-surface"
CONTROL = 20  # undefined in MIDI, so nobody else's
TOP = 127

MAP = f"""title = "The benchmark's knob"
device = ["{NAME}"]

[[map]]
control = "cc {CONTROL}"
address = "/individuality"
takeover = "jump"
feedback = "none"
"""


def controller_file(folder: Path) -> Path:
    """Writes what the knob plays."""
    path = folder / "bench-surface.toml"
    path.write_text(MAP, encoding="utf-8")
    return path


class Surface:
    """One knob."""

    def __init__(self) -> None:
        rtmidi: Any = importlib.import_module("rtmidi")  # compiled, and without types
        self._port = rtmidi.MidiOut(rtmidi.API_UNIX_JACK, name=NAME)
        self._port.open_virtual_port("knobs")

    @staticmethod
    def near(value: float) -> float:
        """The nearest of the 128 values that a knob can stand at."""
        return round(value * TOP) / TOP

    def turn(self, value: float) -> None:
        """Stands at a value of 0..1 from now on."""
        self._port.send_message([0xB0, CONTROL, round(value * TOP)])

    def __enter__(self) -> "Surface":
        return self

    def __exit__(self, *_: object) -> None:
        self._port.close_port()
        self._port.delete()
