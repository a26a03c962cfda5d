"""Audio devices: which there are, choosing one, and seeing one come.

What goes through them is streams.py's matter.
"""

import subprocess
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import sounddevice

from performer.errors import DeviceError


@dataclass(frozen=True)
class Device:
    """One entry of PortAudio's list."""

    number: int
    name: str
    api: str
    inputs: int
    outputs: int
    rate: int

    def __str__(self) -> str:
        return f"{self.name}, {self.api} ({self.inputs} in, {self.outputs} out, {self.rate} Hz)"


def devices() -> list[Device]:
    """All audio devices that PortAudio knows of; it looks only when it is initialised."""
    apis: Any = sounddevice.query_hostapis()
    there: Any = sounddevice.query_devices()
    return [
        Device(i, str(d["name"]), str(apis[d["hostapi"]]["name"]), int(d["max_input_channels"]),
               int(d["max_output_channels"]), round(d["default_samplerate"]))
        for i, d in enumerate(there)
    ]  # fmt: skip


def look_again() -> None:
    """Makes PortAudio look for devices anew. All its streams must be closed."""
    end()
    sounddevice._initialize()  # pyright: ignore[reportPrivateUsage] # the documented way


def end() -> None:
    """Leaves every sound server. All streams must be closed; it hangs where a device has gone."""
    if sounddevice._initialized:  # pyright: ignore[reportPrivateUsage]
        sounddevice._terminate()  # pyright: ignore[reportPrivateUsage]


def choose(wanted: str, way: str, there: Sequence[Device]) -> Device:
    """The device of that name, or the only one with it in its name; "" is the system's default.

    `way` is "input" or "output". A name may be followed by its API, as `USB, ALSA`. DeviceError
    says what there is.
    """
    able = [d for d in there if (d.inputs if way == "input" else d.outputs)]
    if not able:
        raise DeviceError(f"no audio {way} device is there")
    if not wanted:
        return _default(way, able)
    asked = wanted.casefold()
    for test in (_is_called, _is_in):
        found = [d for d in able if test(asked, d)]
        if found:
            return _default(way, found)
    names = "; ".join(str(d) for d in able)
    raise DeviceError(f"no audio {way} device is called {wanted!r}. There are: {names}")


def _is_called(asked: str, device: Device) -> bool:
    return asked in (device.name.casefold(), f"{device.name}, {device.api}".casefold())


def _is_in(asked: str, device: Device) -> bool:
    return asked in f"{device.name}, {device.api}".casefold()


def _default(way: str, able: Sequence[Device]) -> Device:
    """The system's default if it is among them, JACK's if a server runs, else the first."""
    jack = next((d for d in able if "JACK" in d.api), None)
    number = sounddevice.default.device[0 if way == "input" else 1]
    return jack or next((d for d in able if d.number == number), able[0])


class Search:
    """Looks in a process of its own whether a device is there: PortAudio's list is frozen while a
    stream is open."""

    def __init__(self) -> None:
        self._looking: subprocess.Popen[bytes] | None = None
        self._gone = False

    def came(self, way: str, wanted: str) -> bool:
        """Whether it is there now and was not before; never waits. Ask again and again.

        One that was there all along, but gave nothing, would give nothing again.
        """
        if self._looking is None:
            self._looking = subprocess.Popen(
                [sys.executable, "-m", __name__, way, wanted], stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
            )  # fmt: skip
            return False
        code = self._looking.poll()
        if code is None:
            return False
        self._looking, was_gone = None, self._gone
        self._gone = code != 0
        return was_gone and not self._gone


if __name__ == "__main__":  # for Search
    try:
        choose(sys.argv[2], sys.argv[1], devices())
    except DeviceError:
        sys.exit(1)
