"""What the mapping's tests share: a desk that sets what it is sent, gestures, maps from text."""

import tomllib
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

from performer.controllers.mapping import Mapper, Signal
from performer.controllers.midi.gestures import FINEST, Gesture, bend, parsed
from performer.controllers.senders import Sender
from performer.parameters import TREE, Value
from performer.show.controllers import Controllers, Loaded, load_controller
from performer.show.knobs import Kind, Knob
from performer.show.maps import Map
from tests.controllers.players import Recorder, Told

DEVICE = "Desk Fader MIDI 1"


class Desk(Recorder):
    """A player that holds what it was sent, at once or `late` seconds after."""

    def __init__(self, **values: Value) -> None:
        super().__init__(values={f"/{k.replace('_', '/')}": (v,) for k, v in values.items()})
        self.reading = True

    def play(self, sender: Sender, address: str, args: Sequence[object]) -> None:
        """Sets it, as the tree reads it."""
        super().play(sender, address, args)
        concrete = address.replace("#", "p")
        accepted = TREE.accept(concrete, args) if "*" not in concrete else None
        if accepted is not None and self.reading:
            self.values[address] = accepted.args

    def value(self, address: str) -> Value:
        """What an address stands at."""
        return self.values[address][0]


def gesture(control: str, value: int) -> Gesture:
    """A movement of a control, as `controllers/midi` writes it."""
    knob = parsed(control)
    fine = knob.kind in (Kind.CC14, Kind.NRPN)
    position = bend(value) if knob.kind is Kind.PITCH else value / (FINEST if fine else 127)
    pressed = value > 0 if knob.kind is Kind.NOTE else None
    return Gesture(knob, position, value, pressed)


def maps(text: str) -> tuple[Map, ...]:
    """Checked maps: `text` is the inside of one `[[map]]`, or several of them."""
    body = text if "[[map]]" in text else f"[[map]]\n{text}"
    return load_controller(Path("x.toml"), tomllib.loads(f'title = "x"\n{body}')).map


def controllers(folder: Path, text: str, device: str = "Desk Fader") -> Controllers:
    """One shipped file for the device, and an empty folder of one's own."""
    body = text if "[[map]]" in text else f"[[map]]\n{text}"
    data = tomllib.loads(f'title = "Desk"\ndevice = ["{device}"]\n{body}')
    path = Path("/shipped/desk.toml")
    return Controllers((Loaded(path, load_controller(path, data), "shipped"),), folder)


@dataclass
class Rig:
    """A mapper with one device, a desk behind it, and a clock that tests move."""

    desk: Desk
    mapper: Mapper
    now: float = 100.0
    said: list[tuple[str, tuple[Value, ...]]] = field(
        default_factory=list[tuple[str, tuple[Value, ...]]]
    )

    @staticmethod
    def of(text: str, folder: Path = Path("/nowhere"), **values: Value) -> "Rig":
        """The device's maps as text, and where values stand."""
        said: list[tuple[str, tuple[Value, ...]]] = []
        desk = Desk(**values)
        mapper = Mapper(desk, controllers(folder, text), lambda a, v: said.append((a, v)))
        rig = Rig(desk, mapper, said=said)
        mapper.connected(DEVICE, Told(key="midi desk"), rig.now)
        return rig

    def move(self, control: str, *values: int, every: float = 0.01) -> None:
        """Movements of one control; what is learnt by them is on disk then."""
        for value in values:
            self.now += every
            self.mapper.moved(DEVICE, gesture(control, value), self.now)
        self.mapper.settle()

    def feedback(self, after: float = 0.05) -> list[tuple[str, int]]:
        """What the device is sent, `after` seconds later."""
        self.now += after
        return [(str(s.knob), s.value) for s in self.mapper.feedback(self.now)]

    def sent(self, after: float = 0.05) -> list[Signal]:
        """The same, whole."""
        self.now += after
        return self.mapper.feedback(self.now)

    def settle(self, seconds: float = 1.0) -> list[tuple[str, int]]:
        """All that is sent while nothing happens."""
        return [s for _ in range(round(seconds / 0.02)) for s in self.feedback(0.02)]


def knob(control: str) -> Knob:
    """A control by its name."""
    return parsed(control)
