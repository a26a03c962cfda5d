"""One device's controls: which map a gesture means, and where its light or motor is."""

from __future__ import annotations

from dataclasses import dataclass, field

from performer.controllers.mapping.feedback import Face
from performer.controllers.mapping.playing import Playing
from performer.controllers.senders import Sender
from performer.show.knobs import Kind, Knob
from performer.show.maps import Map

Key = tuple[Kind, int | None, int | None]
"""Kind, number (or which program), channel."""


@dataclass
class Control:
    """One mapped control: what it plays, and what it shows."""

    playing: Playing
    face: Face

    @staticmethod
    def of(written: Map) -> Control:
        """A control of which nothing is known yet."""
        how = written.fitted
        face = Face(written.kind, how.feedback == "value", how.mode == "absolute")
        return Control(Playing(written), face)

    @property
    def knob(self) -> Knob:
        """Where its light or motor is: its own channel, the last heard, or the light's."""
        written = self.playing.map
        own = written.channel or self.face.channel or 1
        light = self.playing.led.channel if written.fitted.feedback == "led" else None
        return Knob(written.kind, light or own, written.number)


@dataclass
class Device:
    """One port that is there."""

    sender: Sender
    controls: dict[Key, Control] = field(default_factory=dict[Key, Control])

    def of(self, knob: Knob, value: int) -> Control | None:
        """A control's map; one channel goes before any, one program before any."""
        numbers = (value, None) if knob.kind is Kind.PROGRAM else (knob.number,)
        keys = ((knob.kind, number, channel)
                for number in numbers for channel in (knob.channel, None))  # fmt: skip
        return next((self.controls[k] for k in keys if k in self.controls), None)

    def lay_out(self, maps: tuple[Map, ...]) -> list[Control]:
        """Takes its maps; a control that does what it did keeps its hold. Those that do not."""
        old, self.controls = self.controls, {}
        for written in maps:
            number = written.program if written.kind is Kind.PROGRAM else written.number
            key = (written.kind, number, written.channel)
            same = old.get(key)
            keeps = same is not None and same.playing.map == written
            self.controls[key] = same if same is not None and keeps else Control.of(written)
        kept = {id(control) for control in self.controls.values()}
        return [control for control in old.values() if id(control) not in kept]
