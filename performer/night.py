"""The live stage's process: the wall clock, the desk's messages, the window, the recordings.

What it plays is `stage.Stage`; here is only what a night adds to it.
"""

import contextlib
import gc
import logging
import signal
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from time import monotonic
from types import FrameType

from performer import bus as buses
from performer.bus import Bus, Entry, Heartbeat, packed
from performer.circle.circle import Circle
from performer.clock import WallClock
from performer.controllers.keyboard import HELP, Key, Keyboard
from performer.errors import DeviceError, PerformerError
from performer.frame import SILENCE, Frame, Heard, decode, decode_heard, encode
from performer.journal.controls import ControlRecorder
from performer.meters import meters
from performer.parameters import TREE, Control
from performer.priority import give_way
from performer.reloading import Reloader
from performer.render import context
from performer.render.caption import Caption
from performer.render.dressing import keys_of
from performer.render.isf.source import LAYER
from performer.render.media import picture_folders
from performer.render.renderer import Renderer
from performer.render.scene import View
from performer.render.window import Closed, Pressed, Window
from performer.run import HANDED, Run, logging_to, parent_gone
from performer.show.files import data_folder
from performer.show.shows import Library, load_show
from performer.sinks import LastStill, OnFile, OnWindow, Paced
from performer.stage import Governor, Sink, Stage

log = logging.getLogger("performer.stage")

HEADLESS_SIZE, WINDOW_SIZE = (640, 360), (1280, 720)
DEAF = 1.0  # s without a word from the sound after which nothing is heard any more
WAITING = 256  # blocks of sound that may wait for a slow frame, for a recording
METER = 0.5  # s between two readings of the meters
BEAT = 0.4  # s between two heartbeats
SETTLED = 0.25  # s a window keeps its size before the picture follows


class Night:
    """Inputs of a live stage: the desk over the bus, and the keys of the window."""

    def __init__(self, run: Run, bus: Bus, ack: int) -> None:
        self.run, self.bus, self.ack = run, bus, ack
        self.stage: Stage | None = None
        self.window: Window | None = None
        self.reloader: Reloader | None = None
        self.keyboard = Keyboard(self._value)
        self.clock, self.governor = WallClock(run.fps), Governor()
        self._desk, self._ears = bus.mailbox(buses.DESK), bus.mailbox(buses.HEARD)
        self._heard, self._heard_at = SILENCE, 0.0
        self._beat = self._metered = 0.0
        self._sized = ((0, 0), 0.0)

    def _value(self, address: str) -> float:
        assert self.stage is not None
        return float(self.stage.circle.base[TREE.index[address]])

    def drain(self, time: float) -> Iterator[Control]:
        """Everything people asked for since the last frame, in order."""
        data = self._desk.take()
        if data is not None:
            for entry in buses.entries(data):
                if entry.seq > self.ack:
                    self.ack = entry.seq
                    yield TREE.accept(entry.address, entry.args)
        yield from self._keys()

    def heard(self, time: float) -> Heard:
        """What the sound process listened to last; silence if it has said nothing for a while."""
        data, now = self._ears.take(), monotonic()
        if data is not None:
            self._heard, self._heard_at = decode_heard(data), now
        elif now - self._heard_at > DEAF:
            self._heard = SILENCE
        return self._heard

    def _keys(self) -> Iterator[Control]:
        if self.window is None or self.stage is None:
            return
        told: list[Entry] = []
        for event in self.window.events():
            if isinstance(event, Closed):
                self.stage.over = True
            else:
                controls = self._pressed(event)
                yield from controls
                told += [Entry(0, c.address, list(c.args)) for c in controls]
        if told:
            self.bus.put(buses.KEYS, packed(told))

    def _pressed(self, event: Pressed) -> list[Control]:
        assert self.stage is not None
        assert self.window is not None
        controls, wish = self.keyboard.press(Key(event.name, event.ctrl, event.shift))
        if wish.say:
            log.warning(wish.say)
        if wish.fullscreen:
            self.window.toggle_fullscreen()
        self.stage.over = self.stage.over or wish.quit
        return controls

    def see(self, frame: Frame) -> None:
        """Tells the others about a Frame, follows the window's size, and watches the parent."""
        self.bus.put(buses.FRAME, encode(frame))
        now = monotonic()
        if now - self._beat > BEAT:
            self._beat = now
            self.bus.put(buses.HEARTBEAT, packed(Heartbeat("stage", frame.index)))
        if self.stage is not None:
            late = self.clock.late > 0.3 * self.clock.interval
            self.stage.quality = self.governor.judge(late, frame.dt)
            self.stage.over = self.stage.over or parent_gone() or frame.time >= self.run.until
        self._meter(frame, now)
        self._mind_files_and_shaders(now)
        self._follow_window(now)

    def _mind_files_and_shaders(self, now: float) -> None:
        """Takes what was saved, and lets shaders rest that take more than their share."""
        stage = self.stage
        if stage is None or stage.renderer is None or self.reloader is None:
            return
        self.reloader.look(now)
        resting = stage.circle.resting
        tired = stage.renderer.layers.watch.tired(self.clock.interval, resting.__contains__)
        for name in tired:
            log.error("%s takes too long to draw: people have their plain light instead", name)
        stage.circle.resting = (*resting, *tired)

    def _meter(self, frame: Frame, now: float) -> None:
        """Keeps the lines of `--hud` fresh."""
        if not self.run.hud or self.stage is None or self.stage.renderer is None:
            return
        scene = self.stage.renderer.scene(self.stage.view)
        if scene.caption is None:
            scene.caption = Caption(self.stage.renderer.gl, self.stage.renderer.folder)
        if now - self._metered > METER:
            self._metered = now
            scene.caption.say(meters(frame), *HELP)

    def _follow_window(self, now: float) -> None:
        """The picture takes the window's size once it has settled, if none was asked for."""
        if self.window is None or self.stage is None or self.run.size is not None:
            return
        size, since = self._sized
        if self.window.size != size:
            self._sized = (self.window.size, now)
        elif size != self.stage.view.size and now - since > SETTLED and min(size) >= 64:
            assert self.stage.renderer is not None
            self.stage.view = self.stage.renderer.resize(self.stage.view, size)
            self.stage.circle.aspect = size[0] / size[1]

    def loading(self, note: str) -> None:
        """Says that it lives, while frames wait for a compiler."""
        self.bus.put(buses.HEARTBEAT, packed(Heartbeat("stage", 0, loading=True, note=note)))


def _circle(run: Run, library: Library, size: tuple[int, int]) -> tuple[Circle, int]:
    """The circle to play, new or going on, and the last message it knows of."""
    aspect = size[0] / size[1]
    if run.resume:
        try:
            frame = decode(_last_frame(run))
            circle = Circle.going_on(library, frame)
            circle.aspect = aspect
            return circle, frame.ack
        except (OSError, ValueError, KeyError, TypeError) as error:
            log.error("the last Frame cannot be gone on from (%s); starting anew", error)
    circle = Circle(library, run.participants, run.seed, aspect)
    circle.origin = time.time()
    return circle, 0


def _last_frame(run: Run) -> bytes:
    return sys.stdin.buffer.read() if run.resume == HANDED else Path(run.resume).read_bytes()


def _sinks(run: Run, bus: Bus, renderer: Renderer, window: Window | None) -> list[Sink]:
    sinks: list[Sink] = [OnWindow(window, renderer.folder)] if window else []
    if run.record:
        sinks.insert(0, OnFile(run, renderer, bus.mailbox(buses.PLAYED, WAITING)))
    if run.still:
        sinks.insert(0, LastStill(Path(run.still)))
    return sinks if window else [*sinks, Paced(renderer)]


def _warmed(renderer: Renderer, library: Library, night: Night) -> Iterator[str]:
    """One shader per frame, while it is still dark: what the show goes through by itself.

    What only a key or a message brings is warmed later, pass by pass.
    """
    soon = [library.presets[name] for name in library.played]
    used = dict.fromkeys(g for p in soon for g in p.generators)
    for name in renderer.warm(list(used), keys_of(soon, library.shaders)):
        night.loading(f"warming {name}")
        yield name
    for name, error in renderer.broken.items():
        log.error("%s is drawn plain: %s", name, error)
    everything = library.presets.values()
    rest = dict.fromkeys((g, LAYER) for p in everything for g in p.generators)
    renderer.layers.expected = [*rest, *keys_of(everything, library.shaders)]
    night.loading("the first picture")  # a cold driver compiles every pass in it
    yield "passes"


def play(run: Run, bus: Bus) -> None:
    """Plays one night, until it is over."""
    size = run.size or (HEADLESS_SIZE if run.headless else WINDOW_SIZE)
    window = None if run.headless else Window(size, run.display, run.fullscreen)
    size = run.size or (window.size if window else size)
    gl = window.gl if window else context.headless()
    if "llvmpipe" in context.describe(gl)["renderer"]:
        give_way()  # software OpenGL takes every core: let the desk's sockets come first
    library = load_show(run.show)
    circle, ack = _circle(run, library, size)
    night = Night(run, bus, ack)
    night.loading("compiling")
    renderer = Renderer(gl, {} if run.plain else library.shaders,
                        data_folder() / "shaders" / "pipeline",
                        picture_folders(library.folder, data_folder()))  # fmt: skip
    recorder = ControlRecorder(Path(run.record_control)) if run.record_control else None
    stage = Stage(circle, renderer, View("master", size), recorder)
    night.stage, night.window = stage, window
    # after too many deaths nothing but plain light is drawn, whatever is saved
    night.reloader = None if run.plain else Reloader(circle, renderer)
    renderer.expect(circle.people.capacity, size)
    stage.warming = _warmed(renderer, library, night)
    _end_on_signal(stage)
    gc.collect()
    gc.freeze()  # what start-up made lives to the end: looking through it all takes 17 ms
    stage.play(night.clock, night, _sinks(run, bus, renderer, window), night.see)
    if recorder is not None:
        recorder.close()


def _end_on_signal(stage: Stage) -> None:
    def end(number: int, frame: FrameType | None) -> None:
        stage.over = True

    signal.signal(signal.SIGTERM, end)


def main() -> None:
    """The stage's process; its parent is the supervisor."""
    run = Run.inherited()
    logging_to(run.log, "stage")
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    bus = Bus(run.show_name, run.hub)
    try:
        play(run, bus)
    except DeviceError as error:
        log.error("%s", error)
        sys.exit(2)
    except PerformerError as error:  # a file of the show that went bad
        log.error("%s", error)
        sys.exit(1)
    finally:
        with contextlib.suppress(Exception):
            bus.close()


if __name__ == "__main__":
    main()
