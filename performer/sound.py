"""The sound process: Frames from the stage in, blocks to a device out, what is heard to the stage.

One loop and no callback: PortAudio's own ring is kept full from here. What sounds is made by
`audio.engine.Engine`; here is only what a live night adds to it. Started ahead of need, it waits
for a line on its standard input, so that the place of one that died is taken at once. So a lost
device needs no cure here (closing its streams can hang for good): the process gives its place up.
"""

import gc
import logging
import os
import signal
import sys
import time
from pathlib import Path
from types import FrameType

from performer import bus as buses
from performer.audio import QUANTUM, RATE, calibration
from performer.audio.chain import Meters
from performer.audio.devices import Search, choose, devices, end, look_again
from performer.audio.dose import Dose
from performer.audio.engine import Engine
from performer.audio.files import AudioFile, Prefetched
from performer.audio.listening import Listener
from performer.audio.loudness import SILENCE
from performer.audio.streams import Microphone, Nowhere, Output, Speakers
from performer.bus import Bus, Heartbeat, Loudness, Played, packed
from performer.errors import DeviceError, PerformerError
from performer.frame import Frame, decode, encode_heard
from performer.parameters import TREE
from performer.priority import REAL_TIME, come_first
from performer.run import AFRESH, Run, logging_to, parent_gone, state_folder
from performer.show.rooms import STEREO, Room, load_room
from performer.show.shows import Library, load_show

log = logging.getLogger("performer.sound")

BEAT = 0.4  # s between two heartbeats
LOOK = 0.002  # s of sleep while the device's ring is full
TELL = 1.0 / 60.0  # s between two reports of what is heard
RETRY = 1.0  # s between two tries to open a device
TIDY = 2.0  # s between two looks for garbage, only while the ring is full
JOINED = 5.0  # s; a night older than that is joined in its middle
FADED = 0.5  # s that a fade-out may take at the end


class Afresh(Exception):  # noqa: N818 # no error: the next process begins with all its devices
    """A device has gone, or come, that only a new process can do without, or open."""


class Sound:
    """The loop's state: engine, devices, what is on the bus."""

    def __init__(self, run: Run, library: Library, room: Room) -> None:
        """Prepares everything that needs no device and no bus."""
        self.run, self.library, self.room = run, library, room
        self.engine = self._engine(RATE)
        self.output: Output = Nowhere(RATE)
        self.microphone: Microphone | None = None
        self.ending = False
        self._unheard = ""  # why there is no output, or no input, as it was last told
        self._unlistened = ""
        self._dose: Dose | None = None
        self._search = Search()
        self._underruns = self._warned = 0
        self._tried = self._beat = self._told = self._tidied = 0.0
        self._joined = False
        self._seq = 0  # of the last message of the desk that was looked at

    def _engine(self, rate: int) -> Engine:
        engine = Engine(self.library, self.room, rate)
        if self.run.audio:
            engine.player = Prefetched(AudioFile(Path(self.run.audio), rate, loop=True))
        if self.run.audio or self.run.listen is not None:
            engine.listener = Listener(rate)
        return engine

    # ---- the loop -------------------------------------------------------------------------

    def play(self, bus: Bus) -> None:
        """Plays until the supervisor ends it, and fades out."""
        self.bus = bus
        self._frames, self._desk = bus.mailbox(buses.FRAME), bus.mailbox(buses.DESK, 8)
        self._connect()
        while not self.ending and not parent_gone():
            self._turn()
        self._fade_out()

    def close(self) -> None:
        """Gives the devices back, so that a sound server need not find out that nobody is there."""
        self.output.close()
        if self.microphone is not None:
            self.microphone.close()
        end()

    def _turn(self) -> None:
        """One round: hear, fill the ring, and with what time is left everything else."""
        self._look()
        self._listen()
        if self._fill():
            return
        now = time.monotonic()
        self._report(now)
        if now - self._tidied > TIDY:
            self._tidied = now
            gc.collect(1)
            if self._dose is not None:
                self._dose.keep()
        if self._lacks_a_device and now - self._tried > RETRY:
            self._tried = now
            self._connect()
        time.sleep(LOOK)

    def _fill(self) -> bool:
        """Renders one block if there is room for it; False if there is none."""
        try:
            if self.output.room() < QUANTUM:
                return False
            begins = self.engine.time
            block = self.engine.block() if self._wanted else self.engine.nothing
            self.output.write(block)
        except DeviceError as error:
            log.error("%s; the show goes on silent, looking again every second", error)
            raise Afresh from None
        if self.run.record:
            played = Played(begins, self.engine.rate, block.shape[1], block.tobytes())
            self.bus.put(buses.PLAYED, packed(played))
        return True

    @property
    def _playing(self) -> bool:
        return not isinstance(self.output, Nowhere)

    @property
    def _wanted(self) -> bool:
        """Whether anybody or anything would miss the sound."""
        return bool(self.run.record or self.run.audio) or self._playing

    def _fade_out(self) -> None:
        self.engine.chain.stop()
        end = time.monotonic() + FADED
        while not self.engine.chain.silent and time.monotonic() < end:
            if not self._fill():
                time.sleep(LOOK)

    # ---- the bus --------------------------------------------------------------------------

    def _look(self) -> None:
        data = self._frames.take()
        if data is not None:
            frame = decode(data)
            self._join(frame)
            self.engine.hear(frame)
        while (data := self._desk.take()) is not None:
            self._hasten(data)

    def _join(self, frame: Frame) -> None:
        """The music goes on where the night is, should an earlier process have begun it."""
        player = self.engine.player
        if not self._joined and isinstance(player, Prefetched) and frame.time > JOINED:
            player.seek(frame.time % player.seconds if player.seconds else frame.time)
        self._joined = True

    def _hasten(self, data: bytes) -> None:
        """Panic and volume act at once, even while there is no stage to make Frames of them."""
        for entry in buses.entries(data):
            if entry.seq <= self._seq:
                continue
            self._seq = entry.seq
            if entry.address == "/panic" and (not entry.args or float(entry.args[0]) > 0.0):
                self.engine.panic()
            elif entry.address == "/volume":
                control = TREE.accept(entry.address, entry.args)
                self.engine.turn(float(control.args[0]), entry.seq)

    def _report(self, now: float) -> None:
        listener = self.engine.listener
        if listener is not None and now - self._told > TELL:
            self._told = now
            self.bus.put(buses.HEARD, encode_heard(listener.heard()))
        if now - self._beat > BEAT:
            self._beat = now
            meters = self.engine.chain.meters
            note = meters.line if self._playing else "silent"
            self.bus.put(buses.LOUDNESS, packed(_loudness(meters, self._playing)))
            self._count_underruns()
            self._tell_of_the_music()
            # progress is the loop itself: a stalled device is no reason to be killed
            at = int(now * 1000.0)
            self.bus.put(buses.HEARTBEAT, packed(Heartbeat("sound", at, note=note)))

    def _count_underruns(self) -> None:
        """Says it when the machine was too slow for the sound; often would be noise itself."""
        if isinstance(self.output, Speakers) and self.output.underruns > self._underruns:
            self._underruns = self.output.underruns
            log.warning("%d gaps in the sound so far: the machine is too busy", self._underruns)

    def _tell_of_the_music(self) -> None:
        """Says what is wrong with the file, as it comes to light."""
        player = self.engine.player
        if isinstance(player, Prefetched):
            for warning in player.warnings[self._warned :]:
                self._warned += 1
                log.warning("%s", warning)

    # ---- listening ------------------------------------------------------------------------

    def _listen(self) -> None:
        if self.microphone is None or self.engine.listener is None:
            return
        try:
            samples = self.microphone.read()
        except DeviceError as error:
            log.error("%s; listening again as soon as it is back", error)
            self.microphone = None
            return
        if len(samples):
            self.engine.listener.feed(samples)

    # ---- devices --------------------------------------------------------------------------

    @property
    def _lacks_a_device(self) -> bool:
        if self.run.silent:
            return False
        wants_input = self.run.listen is not None and self.microphone is None
        return not self._playing or wants_input

    def _connect(self) -> None:
        """Opens what is missing. While a stream is open PortAudio sees no new device: then another
        process looks, and this one gives its place up once there is something."""
        if self.run.silent:
            return
        if self._playing or self.microphone is not None:
            missing = "input" if self._playing else "output"
            wanted = (self.run.listen or "") if self._playing else self.run.sound_out
            if self._search.came(missing, wanted):
                self._fade_out()
                raise Afresh
            return
        look_again()
        self._open_output()
        if self.run.listen is not None:
            self._open_input()

    def _open_output(self) -> None:
        try:
            device = choose(self.run.sound_out, "output", devices())
            speakers = Speakers(device, self.room.channels, RATE, foldable=self.room is STEREO)
        except DeviceError as error:
            if str(error) != self._unheard:
                log.warning("%s: the show runs silent, looking again every second", error)
            self._unheard = str(error)
            return
        self._unheard = ""
        log.info("sound on %s at %d Hz", device, speakers.rate)
        if speakers.folded:
            log.warning("%s has one channel: the sound is folded down to mono", device)
        if speakers.rate != RATE:
            log.warning("%s does not play %d Hz: the sound is made at %d Hz", device, RATE,
                        speakers.rate)  # fmt: skip
        if speakers.rate != self.engine.rate:
            self.engine = self._engine(speakers.rate)
        known = calibration.calibration_of(device.name, state_folder() / calibration.FILE)
        self.engine.calibrate(None if known is None else known.offset)
        self._dose = Dose(state_folder(), self.engine.chain)
        self.output = speakers

    def _open_input(self) -> None:
        try:
            device = choose(self.run.listen or "", "input", devices())
            self.microphone = Microphone(device, self.engine.rate)
            if self.microphone.rate != self.engine.rate:
                self.engine.listener = Listener(self.microphone.rate)
            log.info("listening to %s", device)
            self._unlistened = ""
        except DeviceError as error:
            if str(error) != self._unlistened:
                log.warning("%s: nothing is listened to, looking again every second", error)
            self._unlistened = str(error)


def _loudness(meters: Meters, playing: bool) -> Loudness:
    """What controllers are told: where nothing is played it is silent now, whatever was."""
    momentary, short_term = meters.momentary, meters.short_term
    if not playing:
        momentary = short_term = SILENCE
    return Loudness(momentary, short_term, meters.integrated, meters.laeq)


def _room(run: Run) -> Room:
    return load_room(Path(run.room)) if run.room else STEREO


def _come_first() -> None:
    if not come_first():
        log.warning("the sound may not be given priority: on a busy machine it may stutter (on "
                    "Linux, allow rtprio %d in limits.conf)", REAL_TIME)  # fmt: skip


def main() -> None:
    """The sound's process; its parent is the supervisor."""
    run = Run.inherited()
    logging_to(run.log, "sound")
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    try:
        sound = Sound(run, load_show(run.show), _room(run))
    except PerformerError as error:
        log.error("%s", error)
        sys.exit(1)
    end()  # importing sounddevice has entered a sound server; who waits is no guest there
    if not sys.stdin.readline():  # never needed: the night is over
        return

    def asked(_number: int, _frame: FrameType | None) -> None:
        sound.ending = True

    signal.signal(signal.SIGTERM, asked)
    gc.collect()
    gc.freeze()
    gc.disable()  # garbage is looked for while the ring is full
    bus = Bus(run.show_name, run.hub)
    _come_first()  # after the bus: its threads need not, PortAudio's shall
    code = 0
    try:
        sound.play(bus)
        sound.close()
        bus.close()
    except Afresh:
        code = AFRESH
    except Exception:
        log.exception("the sound cannot go on")
        code = 1
    os._exit(code)  # where a device has gone, PortAudio's own end can hang


if __name__ == "__main__":
    main()
