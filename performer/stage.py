"""The stage: one loop from controls to pictures, the same live and in a rehearsal.

    for tick in clock: inputs → Circle.step → Frame → Renderer.draw → sinks

What differs between a night and a rehearsal is the clock, the inputs and the sinks, nothing else.
"""

import dataclasses
import logging
import threading
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import Protocol

from performer.circle.circle import Circle
from performer.circle.commands import Saving
from performer.clock import Clock, Tick
from performer.errors import PerformerError
from performer.eye import Eye
from performer.frame import PURPOSES, Frame, Heard
from performer.journal.controls import OWN_DATA, ControlRecorder
from performer.parameters import TREE, Control, Nature
from performer.render.renderer import Picture, Renderer
from performer.render.scene import View
from performer.show.presets import save_preset
from performer.show.shows import dressed

log = logging.getLogger("performer.stage")

SAY_AGAIN = 5.0  # s between two log lines about the same fault
NOT_SAVED = (
    "/dissolve", "/tempo", "/volume", "/sound/offset", "/player/level", "/input/trim", "/morph",
    *(f"/macro/{n}" for n in range(1, 9)),
)  # fmt: skip
"""What is the event's, the room's or the player's, not part of a look."""


class Inputs(Protocol):
    """Where messages come from."""

    ack: int

    def drain(self, time: float) -> Iterable[Control]:
        """Messages that are due by `time` (s of show time), in order."""
        ...

    def heard(self, time: float) -> Heard:
        """What has been listened to by `time`."""
        ...


class Sink(Protocol):
    """Where pictures go."""

    def push(self, picture: Picture, frame: Frame) -> None:
        """Takes one picture with the Frame it was made from."""
        ...

    def close(self) -> None:
        """The show is over."""
        ...


class Stage:
    """A circle, and the renderer that draws it."""

    def __init__(
        self, circle: Circle, renderer: Renderer | None, view: View,
        recorder: ControlRecorder | None = None,
    ) -> None:  # fmt: skip
        self.circle, self.renderer, self.view = circle, renderer, view
        self.recorder = recorder
        self.quality = 1.0
        self.over = False
        self.frame: Frame | None = None
        self.warming: Iterator[str] = iter(())
        """Draws something for the first time at each step; until it ends, it stays dark."""
        self._faults: dict[str, float] = {}
        self._saves: list[threading.Thread] = []

    def apply(self, control: Control) -> bool:
        """Applies one message; False, and a line in the log, if it is refused."""
        try:
            self.circle.take(control)
        except PerformerError as error:
            log.warning("refused %s", error)
            return False
        self._record(control)
        return True

    def _record(self, control: Control) -> None:
        if self.recorder is None:
            return
        p = self.circle.people
        row = p.row(control.person)
        own = control.tail in OWN_DATA and row is not None and not p.simulated[row]
        if own and not p.consent[row, PURPOSES.index("record_local")]:
            return
        if control.tail == "join":  # nobody has agreed to more than to be here yet
            control = dataclasses.replace(control, args=())
        self.recorder.write(self.circle.time, control)

    def advance(self, controls: Iterable[Control], tick: Tick, ack: int = 0) -> Frame:
        """The next Frame. No picture, no waiting."""
        for control in controls:
            self.apply(control)
        self.frame = self.circle.step(tick.dt, ack, self.quality, tick.pace)
        for saving in self.circle.saving:
            self._save(saving)
        self.circle.saving.clear()
        return self.frame

    def draw(self, frame: Frame) -> Picture | None:
        """The picture of a Frame; None, and a line in the log, if drawing failed."""
        if self.renderer is None:
            return None
        try:
            if next(self.warming, None) is not None:
                return None
            return self.renderer.draw(frame, [self.view])[self.view]
        except Exception as error:
            self.fault("drawing", error)
            return None

    def fault(self, where: str, error: Exception) -> None:
        """Shows an error once with its traceback, later as one line now and then."""
        kind = f"{where}: {type(error).__name__}: {error}"
        now = time.monotonic()
        if kind not in self._faults:
            log.error("%s; the show goes on", kind, exc_info=error)
        elif now - self._faults[kind] > SAY_AGAIN:
            log.error("%s (again)", kind)
        else:
            return
        self._faults[kind] = now

    def play(self, clock: Clock, inputs: Inputs, sinks: Sequence[Sink],
             see: Callable[[Frame], None] = lambda _: None) -> None:  # fmt: skip
        """Plays until the clock ends or somebody says it is over.

        `see` is shown every Frame that a picture is made of.
        """
        eye = Eye()
        try:
            for tick in clock:
                self.circle.heard = inputs.heard(self.circle.time)
                frame = self.advance(inputs.drain(self.circle.time), tick, inputs.ack)
                if not tick.picture:
                    continue
                frame = eye.see(frame, tick)
                see(frame)
                picture = self.draw(frame)
                if picture is not None:
                    for sink in sinks:
                        sink.push(picture, frame)
                if self.over:
                    break
        finally:
            for sink in sinks:
                sink.close()
            for thread in self._saves:
                thread.join()

    # ---- saving looks ---------------------------------------------------------------------

    def _save(self, saving: Saving) -> None:
        """Writes a preset in a thread of its own: a slow disk must not hold a frame."""
        thread = threading.Thread(target=self._write, args=(saving,), name="save")
        thread.start()
        self._saves = [t for t in self._saves if t.is_alive()] + [thread]

    def _write(self, saving: Saving) -> None:
        library = self.circle.library
        old = library.presets[saving.preset]
        values = {
            p.address: float(v)
            for p, v in zip(TREE.continuous, saving.values, strict=True)
            if p.nature is Nature.FADER and p.address not in NOT_SAVED
        }
        try:
            path = library.folder / f"{saving.name}.toml"
            title = None if path.exists() else saving.name
            preset = save_preset(path, values, title=title, generators=old.generators,
                                 modulation=old.modulation, sound=old.sound,
                                 listening=old.listening, effect=old.effect,
                                 transition=old.transition)  # fmt: skip
            library.presets[saving.name] = dressed(preset, library.filters)
            log.warning("saved the look as %s", path)
        except PerformerError as error:
            log.error("the look was not saved: %s", error)


class Governor:
    """Lowers the picture's scale when frames come late, and tries higher ones again, in steps."""

    STEPS = (1.0, 0.84, 0.71, 0.59, 0.5)
    SETTLE = 1.0  # s; each step has time to show what it does
    MANY = 0.3  # part of frames that is late when a step is taken
    PATIENCE, MOST_PATIENCE = 10.0, 320.0  # s without late frames before the next try upwards

    def __init__(self) -> None:
        self._step = 0
        self._late = 0.0
        self._since = 0.0
        self._patience = self.PATIENCE

    def judge(self, late: bool, dt: float) -> float:
        """The scale for the next frame, after one that came `late` or not, `dt` s later."""
        self._since += dt
        self._late += (float(late) - self._late) * min(1.0, 2.0 * dt)
        if self._since < self.SETTLE:
            return self.STEPS[self._step]
        if self._late > self.MANY and self._step + 1 < len(self.STEPS):
            if self._since < self.PATIENCE:  # the last try upwards was too much
                self._patience = min(2.0 * self._patience, self.MOST_PATIENCE)
            self._go(self._step + 1)
        elif self._late < 0.02 and self._step > 0 and self._since > self._patience:
            self._go(self._step - 1)
        return self.STEPS[self._step]

    def _go(self, step: int) -> None:
        self._step, self._since, self._late = step, 0.0, 0.0
