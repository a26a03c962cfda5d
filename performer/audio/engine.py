"""The engine: Frames in, blocks of sound out, the same live and in a rehearsal.

    Frame → Score → voices ┬→ panning ───────────────┬→ offset → chain → loudspeakers
                           └→ send → strings, space ─┘
A function of the sequence of Frames and blocks: no clock, no device, no bus.
"""

import math
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from performer.audio import QUANTUM
from performer.audio.chain import Chain, fader
from performer.audio.delay import Delay
from performer.audio.fades import Ramp
from performer.audio.listening import Listener
from performer.audio.panning import Mixer
from performer.audio.resonators import Resonators
from performer.audio.reverb import Reverb
from performer.audio.score import Score, score
from performer.audio.voices import Voices
from performer.frame import Frame
from performer.parameters import TREE
from performer.show.rooms import Room
from performer.show.shows import Library
from performer.show.sound import Sound

Samples = NDArray[np.float32]

PANIC = 3.25  # s of silence, as long as the picture is black
ADRIFT = 0.25  # s between show time and sound time that is made up at once
DRIEST = 0.8  # part of a quarter turn from dry to wet at a reverb of 1: voices keep a place
FOLLOWS = 0.02  # part of a smaller difference that is made up with each Frame


class Player(Protocol):
    """Music that plays beside the voices."""

    def read(self, frames: int, /) -> Samples:
        """The next frames, shape (frames, 2)."""
        ...


class Engine:
    """Voices, the space they are in, and the output that cannot hurt."""

    def __init__(self, library: Library, room: Room, rate: int) -> None:
        """`rate` in Hz; not calibrated."""
        self.library, self.room, self.rate = library, room, rate
        self.player: Player | None = None
        self.listener: Listener | None = None
        self.time = 0.0
        """Show time of the next block's first frame, s."""
        self.voices, self.mixer = Voices(rate), Mixer(room, rate)
        self.strings, self.reverb = Resonators(rate), Reverb(rate)
        for sound in (preset.sound for preset in library.presets.values()):
            self.strings.prepare(sound.root, sound.scale)  # nobody waits for it later
        self._dry, self._level = Ramp(rate), Ramp(rate)
        self.delay = Delay(room.channels, rate)
        self.chain = Chain(room.channels, rate, library.show.policy.laeq)
        self.nothing: Samples = np.zeros((QUANTUM, room.channels), np.float32)
        self._frame: Frame | None = None
        self._score: Score | None = None
        self._sound = Sound()
        self._since_panic = PANIC  # s since a panic that came past the stage
        self._turned: tuple[float, int] | None = None  # a volume that came so, with its number

    @property
    def latency(self) -> int:
        """Frames by which the chain is late, the offset not counted."""
        return self.chain.latency

    def calibrate(self, offset: float | None) -> None:
        """A new chain, silent until it fades in; `offset` dB as `Calibration.offset`."""
        self.chain = Chain(self.room.channels, self.rate, self.library.show.policy.laeq, offset)

    # ---- what comes in --------------------------------------------------------------------

    def hear(self, frame: Frame) -> None:
        """The newest Frame: what it says holds until the next."""
        drift = frame.time - self.time
        self.time += drift if abs(drift) > ADRIFT else FOLLOWS * drift
        if self._turned is not None and frame.ack >= self._turned[1]:
            self._turned = None
        self._frame = frame
        preset = self.library.presets.get(frame.preset)
        if preset is not None:  # one that was saved tonight sounds as what it was saved from
            self._sound = preset.sound
        self._score = score(frame, self._sound)
        if self.listener is not None:
            self.listener.trim = self._value("/input/trim")

    def panic(self) -> None:
        """Silence now, whether or not there is a stage that makes Frames of it."""
        self._since_panic = 0.0

    def turn(self, volume: float, ack: int) -> None:
        """A volume 0..1 that holds until a Frame has acknowledged its message."""
        self._turned = (volume, ack)

    def _value(self, address: str) -> float:
        assert self._frame is not None
        return float(self._frame.values[TREE.index[address]])

    # ---- what goes out --------------------------------------------------------------------

    def block(self) -> Samples:
        """The next QUANTUM frames, shape (QUANTUM, channels), at most -1 dBFS."""
        seconds = QUANTUM / self.rate
        self.time += seconds
        self._since_panic = min(PANIC, self._since_panic + seconds)
        music = self._music()
        if self._frame is None or self._score is None:
            return self.chain.process(self.nothing, 0.0, panic=False)
        mixed = self._mixed(self._frame, self._score)
        if music is not None:
            level = self._level.towards(fader(self._value("/player/level")), QUANTUM)
            self.mixer.add(mixed, music * _column(level))
        mixed = self.delay.process(self.mixer.finish(mixed), self._value("/sound/offset"))
        volume = self._value("/volume") if self._turned is None else self._turned[0]
        panic = self._since_panic < PANIC or self._frame.panic_age < PANIC
        return self.chain.process(mixed, volume, panic)

    def _mixed(self, frame: Frame, now: Score) -> Samples:
        """Voices in their places, and the same with the strings in a room around them."""
        sound = self._sound
        voices = self.voices.block(now)
        mixed, send = self.mixer.mix(voices, self.voices.drone, frame)
        strings = self.strings.process(send, sound.root, sound.scale, now.strings)
        wet = 0.5 * math.pi * DRIEST * now.reverb
        around = self.reverb.process(send + strings, sound.space, math.sin(wet))
        mixed *= _column(self._dry.towards(math.cos(wet), QUANTUM))
        self.mixer.add(mixed, strings + around)
        return mixed

    def _music(self) -> Samples | None:
        """The file's next frames; it is listened to as it plays."""
        if self.player is None:
            return None
        music = self.player.read(QUANTUM)
        if self.listener is not None:
            self.listener.feed(music)
        return music


def _column(gains: NDArray[np.float64] | float) -> Samples:
    """Gains of a block's frames, or one for all, as a factor of (QUANTUM, channels)."""
    return np.reshape(np.asarray(gains, np.float32), (-1, 1))
