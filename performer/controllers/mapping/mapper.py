"""All devices and what their controls do. A gesture goes in, a message comes out on the player.

One object for all ports. How MIDI is written, and when a port comes or goes, is not known here.
"""

import logging
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path

from performer.controllers.mapping import learnt
from performer.controllers.mapping.devices import Control, Device
from performer.controllers.mapping.feedback import Signal, light, raw
from performer.controllers.mapping.keeping import Keeper
from performer.controllers.mapping.learn import Found, Learner
from performer.controllers.midi.gestures import Gesture
from performer.controllers.senders import Player, Sender
from performer.errors import FileError, PerformerError, Problem
from performer.parameters import Value
from performer.show.controllers import Controllers
from performer.show.knobs import Knob
from performer.show.maps import Controller

PATIENCE = 30.0
"""s that an address waits for its control."""

ALWAYS = "/panic"
"""Plays while an address waits, and cannot be taken by mistake."""

_log = logging.getLogger(__name__)

Say = Callable[[str, tuple[Value, ...]], None]
"""Tells everybody something: a told address and its arguments."""


class Mapper:
    """Plays `player` as the `controllers` say.

    `presets`: the names of the show's presets, in the order in which they are numbered from 1.
    """

    def __init__(
        self, player: Player, controllers: Controllers, say: Say, presets: Sequence[str] = ()
    ) -> None:
        self._player, self._say, self._presets = player, say, presets
        self._keeper = Keeper()
        self.controllers = controllers
        self.version = 0
        """Counts up whenever what a device's controls do has changed."""
        self._devices: dict[str, Device] = {}
        self._learner: Learner | None = None
        self._now = 0.0

    @property
    def waiting(self) -> str:
        """The address that waits for a control; empty: none does."""
        return self._learner.address if self._learner else ""

    def connected(self, device: str, sender: Sender, now: float) -> str:
        """A port has come, or come again: nothing is known of its controls. Its file's title."""
        self.gone(device)
        self._now = now
        layout = self.controllers.of(device)
        self._devices[device] = Device(sender)
        self._devices[device].lay_out(layout.maps)
        return layout.title

    def gone(self, device: str) -> None:
        """A port has gone: what was held on it is let go."""
        there = self._devices.pop(device, None)
        if there is not None:
            self._let_go(there.sender, there.controls.values())

    def knobs(self, device: str) -> frozenset[Knob]:
        """All controls that a device's maps use, `any channel` as all sixteen."""
        return frozenset(k for m in self.controllers.of(device).maps for k in m.knobs())

    def moved(self, device: str, gesture: Gesture, now: float) -> None:
        """A control of a connected device moved."""
        self._now = now
        there = self._devices.get(device)
        if there is None:
            return
        control = there.of(gesture.knob, gesture.value)
        if self._learner and not (control and control.playing.map.address == ALWAYS):
            self._learn(device, self._learner.heard(gesture))
        elif control:
            self._play(there.sender, control, gesture, now)

    def feedback(self, now: float) -> list[Signal]:
        """What devices are to be sent now, so that lights and motors follow the values."""
        self._now = now
        for address, error in self._keeper.failures():
            _log.warning("what was learnt for %s is for this night only: %s", address, error)
            self._say("/learn/over", (address, f"not kept: {error}"[:64]))
        if self._learner and now - self._learner.since > PATIENCE:
            self._over("nothing moved")
        return [
            Signal(name, control.knob, wanted)
            for name, device in self._devices.items()
            for control in device.controls.values()
            if (wanted := self._wanted(control, now)) is not None and control.face.due(wanted, now)
        ]

    def learn(self, address: str) -> None:
        """The next control that really moves will play `address`; ControlError if none can."""
        learnt.learnable(address)
        self._learner = Learner(address, self._now)
        self._say("/learning", (address,))

    def learn_stop(self) -> None:
        """Learns nothing after all."""
        if self._learner:
            self._over("stopped")

    def forget(self, address: str) -> int:
        """Takes every learnt control from an address, and returns how many there were.

        FileError where a file could not be changed; it is then as it was.
        """
        count = 0
        for file in [f for f in self.controllers.files if f.learnt]:
            there = sum(m.address == address for m in file.controller.map)
            if there:
                text = self._keeper.text(file.path)
                if text is None:
                    raise FileError(file.path, [Problem("is not there any more")])
                self._use(file.path, learnt.remove(file.path, text, address), address)
                count += there
        self._say("/forgotten", (address, count))
        return count

    def settle(self) -> None:
        """Waits until what was learnt is kept, or could not be."""
        self._keeper.settle()

    def _play(self, sender: Sender, control: Control, gesture: Gesture, now: float) -> None:
        playing, face = control.playing, control.face
        face.channel = gesture.knob.channel
        if face.echoes(gesture.value, now):
            playing.told(gesture)
            return
        face.touched(gesture.value, now)
        address = playing.map.address
        args = playing.args(gesture, self._player.read(address), now)
        if args is not None:
            self._player.play(sender, address, args)

    def _wanted(self, control: Control, now: float) -> int | None:
        playing = control.playing
        how, address = playing.fitted.feedback, playing.map.address
        if how == "none":
            return None
        stands = playing.stands(self._player.read(address), now, self._presets)
        if how == "led":
            return light(playing.led, stands, address == self.waiting)
        return None if stands is None else raw(playing.kind, stands)

    def _learn(self, device: str, found: Found | None) -> None:
        if found is None:
            return
        address = self.waiting
        try:
            before = self._keep(device, found, address)
        except PerformerError as error:
            _log.warning("%s is not learnt: %s", address, error)
            self._over(str(error)[:64])
            return
        self._learner = None
        _log.info("learnt: %s of %s plays %s (before: %s)", found.knob, device, address, before)
        self._say("/learnt", (address, device, str(found.knob), before))

    def _keep(self, device: str, found: Found, address: str) -> str:
        """Uses it, and has it written; returns the address that the control played before."""
        row = learnt.map_of(found, address)
        path, names = learnt.learnt_file(self.controllers, device)
        before = self._devices[device].of(found.knob, found.value)
        text = self._keeper.text(path) or learnt.heading(names)
        self._use(path, learnt.add(path, text, row), address)
        return before.playing.map.address if before else "nothing"

    def _use(self, path: Path, changed: tuple[str, Controller], address: str) -> None:
        text, controller = changed
        self.controllers = self.controllers.with_file(path, controller)
        self.version += 1
        for name, device in self._devices.items():
            self._let_go(device.sender, device.lay_out(self.controllers.of(name).maps))
        self._keeper.write(path, text, address)

    def _let_go(self, sender: Sender, controls: Iterable[Control]) -> None:
        """Plays the release of what is held: nobody else will."""
        for control in controls:
            args = control.playing.release()
            if args is not None:
                self._player.play(sender, control.playing.map.address, args)

    def _over(self, why: str) -> None:
        address, self._learner = self.waiting, None
        self._say("/learn/over", (address, why))
