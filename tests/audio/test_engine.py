"""The whole engine: Frames of a circle in, what the loudspeakers get out.

Here stands what no part can promise alone: no click, no gap, silence when it is asked for, and the
same bytes every time. What a voice or a room sounds like is their own tests' matter.
"""

import hashlib
import math
import os
import pickle
import subprocess
import sys
from collections.abc import Callable, Iterator
from dataclasses import fields
from functools import lru_cache
from pathlib import Path
from typing import Any

import av
import msgspec
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from performer.audio import QUANTUM, reverb
from performer.audio.engine import PANIC, Engine
from performer.audio.files import AudioFile
from performer.audio.impulse import impulse_response
from performer.audio.listening import Listener
from performer.circle.circle import Circle
from performer.frame import Frame, People
from performer.parameters import TREE
from performer.show.files import data_folder
from performer.show.rooms import STEREO, Room, load_room

from .circles import library, tell

Samples = NDArray[np.float32]
Event = tuple[str, *tuple[float | int | str, ...]]

RATE = 48000
FPS = 10  # Frames a second: so few that a voice must know by itself how to go on
CEILING = 10 ** (-1 / 20)
ROOMS = sorted((data_folder() / "assets" / "rooms").glob("*.toml"))
DRY: tuple[Event, ...] = (("/sound/reverb", 0.0), ("/sympathy/reverb", 0.0),
                          ("/sound/strings", 0.0), ("/sympathy/strings", 0.0))  # fmt: skip
"""Without a room that rings on: who falls silent is silent."""


@pytest.fixture(scope="module", autouse=True)
def rooms() -> Iterator[None]:
    """The same rooms for all engines here: to make them takes longer than to play in them."""
    with pytest.MonkeyPatch.context() as patched:
        known = lru_cache(maxsize=16)(impulse_response)
        patched.setattr(reverb, "impulse_response", known)
        yield


class Take:
    """An engine with the circle that it follows, and all that was played, from second 0 on."""

    def __init__(self, people: int, *asked: Event, room: Room = STEREO, rate: int = RATE,
                 seed: int = 1) -> None:  # fmt: skip
        self.circle = Circle(library(), people, seed)
        self.engine = Engine(library(), room, rate)
        self.rate, self.frame = rate, self.circle.step(0.0)
        self._heard, self._played = 0, 0
        self._blocks: list[Samples] = []
        self.watched: list[Samples] = []
        self.ask(*asked)

    def ask(self, *asked: Event) -> None:
        """Messages to the circle; the next Frame knows of them."""
        for address, *args in asked:
            tell(self.circle, address, *args)

    def play(self, until: float, frames: bool = True) -> None:
        """Plays to that second; without `frames` nothing of the circle gets through."""
        while self._played < until * self.rate:
            if frames and self._played >= self._heard * self.rate / FPS:
                self.frame = self.circle.step(1 / FPS)
                self.engine.hear(self.frame)
                self._heard += 1
            self.block()
        if not frames:  # the circle went on meanwhile
            while self._heard < until * FPS:
                self.circle.step(1 / FPS)
                self._heard += 1

    def block(self) -> Samples:
        """The next block."""
        block = self.engine.block()
        assert block.shape == (QUANTUM, self.engine.room.channels)
        self._blocks.append(block.copy())
        self._played += QUANTUM
        return block

    def watch(self) -> None:
        """From here on keeps every single voice before it is mixed, for `voice`."""
        sing: Callable[[Any], Samples] = self.engine.voices.block

        def sung(score: Any) -> Samples:
            voices = sing(score)
            self.watched.append(np.sqrt(np.square(voices).mean(axis=1)))
            return voices

        self.engine.voices.block = sung

    def voice(self, person: str) -> NDArray[np.float64]:
        """RMS of each block of somebody's voice since `watch`."""
        row = self.circle.people.row(person)
        assert row is not None
        return np.array([v[row] for v in self.watched])

    @property
    def sound(self) -> Samples:
        if len(self._blocks) > 1:
            self._blocks = [np.concatenate(self._blocks)]
        return self._blocks[0]

    def between(self, begin: float, end: float) -> Samples:
        return self.sound[round(begin * self.rate) : round(end * self.rate)]


def level(sound: NDArray[np.floating]) -> float:
    """RMS of the loudest channel in dBFS."""
    return 10 * math.log10(max(1e-24, float(np.square(sound, dtype=np.float64).mean(0).max())))


def envelope(sound: NDArray[np.floating], rate: int = RATE, window: float = 0.05) -> Any:
    """RMS of every `window` s."""
    n = round(window * rate)
    whole = np.asarray(sound, np.float64)[: len(sound) // n * n].reshape(-1, n, sound.shape[1])
    return np.sqrt(np.square(whole).mean(axis=(1, 2)))


def roughness(sound: Samples) -> float:
    """How far the sharpest corner stands out of all others: 1.3..1.9 for music, a click is 10."""
    bend = np.abs(np.diff(np.asarray(sound, np.float64), 2, axis=0))
    return float((bend.max(0) / np.maximum(np.quantile(bend, 0.99, axis=0), 1e-9)).max())


# ---- the same every time ----------------------------------------------------------------------

BUSY: tuple[Event, ...] = (("/preset", "ember", 0.5), ("/individuality", 0.9),
                           ("/participant/ana/join", "Ana"), ("/sound/offset", 30.0))  # fmt: skip


def bytes_of(seed: int) -> str:
    take = Take(6, seed=seed)
    take.play(0.5)
    take.ask(*BUSY)
    take.play(1.0)
    assert level(take.sound) > -60
    return hashlib.sha256(take.sound.tobytes()).hexdigest()


def test_the_same_frames_give_the_same_bytes_here_and_in_another_process() -> None:
    code = "from tests.audio.test_engine import bytes_of; print(bytes_of(3))"
    other = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True,
        cwd=Path(__file__).parents[2], env={**os.environ, "PYTHONHASHSEED": "7"},
    )  # fmt: skip
    digest = bytes_of(3)
    assert bytes_of(3) == digest == other.stdout.strip()
    assert bytes_of(4) != digest, "another seed is another sound"


# ---- no click -----------------------------------------------------------------------------------

JUMPS: dict[str, tuple[Event, ...]] = {
    "a preset fades in": (("/preset", "ember", 2.0),),
    "a cut": (("/preset", "frost", 0.0),),
    "everything resonates": (("/resonance", 1.0),),
    "nothing resonates": (("/resonance", 0.0),),
    "everybody apart": (("/individuality", 1.0),),
    "everybody one": (("/individuality", 0.0),),
    "volume down": (("/volume", 0.3),),
    "volume up": (("/volume", 0.9),),
    "bright": (("/sound/brightness", 1.0),),
    "dark": (("/sound/brightness", 0.0),),
    "airy": (("/sound/air", 1.0), ("/sound/detune", 1.0)),
    "airless": (("/sound/air", 0.0), ("/sound/detune", 0.0), ("/sound/breath", 0.0)),
    "breathing": (("/sound/breath", 1.0), ("/sound/drone", 1.0)),
    "no drone": (("/sound/drone", 0.0),),
    "wet": (("/sound/reverb", 1.0), ("/sound/strings", 1.0)),
    "dry": DRY,
    "latest": (("/sound/offset", 500.0),),
    "later": (("/sound/offset", 250.5),),
    "not late": (("/sound/offset", 0.0),),
    "joins": (("/participant/ana/join", "Ana"), ("/participant/ben/join", "Ben")),
    "a voice muted": (("/participant/sim-3/voice/mute", 1),),
    "a voice alone": (("/participant/sim-4/voice/solo", 1),),
    "nobody alone": (("/participant/sim-4/voice/solo", 0),),
    "consent taken back": (("/participant/ana/consent", "sound_layer", 0),),
    "a pause": (("/participant/ben/pause", 1),),
    "leaves": (("/participant/sim-1/leave",), ("/participant/sim-2/leave",)),
    "a larger circle": tuple((f"/participant/p{i}/join",) for i in range(8)),
}
BEGIN, APART = 2.4, 0.6  # s; of all jumps the first, and from one to the next


@lru_cache(maxsize=1)
def restless() -> Take:
    """A night on which everything jumps, one thing after the other."""
    take = Take(12, ("/volume", 0.9))
    capacity = take.frame.people.capacity
    for i, asked in enumerate(JUMPS.values()):
        take.play(BEGIN + i * APART)
        take.ask(*asked)
    take.play(BEGIN + len(JUMPS) * APART)
    assert take.frame.people.capacity > capacity, "there are more rows now"
    return take


@pytest.mark.parametrize("jump", JUMPS)
def test_nothing_that_jumps_clicks(jump: str) -> None:
    begin = BEGIN + list(JUMPS).index(jump) * APART
    sound = restless().between(begin - 0.1, begin + APART)
    assert level(sound) > -60
    assert roughness(sound) < 4


def test_a_click_would_be_seen() -> None:
    sound = restless().between(BEGIN + 1.0, BEGIN + 1.6).copy()
    assert roughness(sound) < 2.5
    sound[20000:] *= 0.9
    assert roughness(sound) > 4


# ---- without Frames, panic ----------------------------------------------------------------------


RHYTHMS = {"sim-1": 0.1, "sim-2": 0.2, "sim-3": 0.3, "sim-4": 0.4}  # Hz


@lru_cache(maxsize=1)
def forsaken() -> Take:
    """3 s of a stage, 30 s without one, and it is back."""
    told = tuple((f"/participant/{who}/rhythm", hz) for who, hz in RHYTHMS.items())
    take = Take(4, *DRY, *told, ("/individuality", 1.0), ("/sound/breath", 1.0))
    take.play(3)
    take.watch()
    take.play(33, frames=False)
    take.play(34)
    return take


def test_the_sound_goes_on_without_frames() -> None:
    before, after = forsaken().between(2, 3), forsaken().between(3, 33)
    seconds = [level(after[i * RATE : (i + 5) * RATE]) for i in range(0, 30, 5)]
    assert np.abs(np.subtract(seconds, level(before))).max() < 6
    loud = 20 * np.log10(envelope(after, window=0.25))
    assert loud.min() > level(before) - 15, "no gap"
    assert np.abs(np.diff(loud)).max() < 4, "and no more haste than a breath has"


@pytest.mark.parametrize("who", RHYTHMS)
def test_everybody_goes_on_breathing_at_their_own_rate_without_frames(who: str) -> None:
    blocks = 30 * RATE // QUANTUM
    breath = forsaken().voice(who)[:blocks]
    for part in np.array_split(breath, 3):
        assert part.max() > 1.3 * part.min() > 0.0, "to the end"
    waves = np.abs(np.fft.rfft((breath - breath.mean()) * np.hanning(blocks)))
    hz = np.fft.rfftfreq(blocks, QUANTUM / RATE)
    assert hz[waves.argmax()] == pytest.approx(RHYTHMS[who], abs=0.04)


def test_no_click_when_frames_stop_or_come_back() -> None:
    assert roughness(forsaken().between(2.5, 4)) < 4
    assert roughness(forsaken().between(32.5, 34)) < 4


def test_a_stage_that_starts_anew_is_no_click_and_no_bump() -> None:
    """Its show time is another, and so are all its phases and seats."""
    take = Take(4, *DRY, ("/individuality", 1.0), ("/sound/breath", 1.0))
    take.play(2.5)
    take.circle = Circle(library(), 4, 2)
    take.ask(("/individuality", 1.0), ("/sound/breath", 1.0), *DRY)
    take.play(3.5)
    assert roughness(take.between(2.2, 3.5)) < 4
    loud = 20 * np.log10(envelope(take.between(2.2, 3.5)))
    assert np.abs(np.diff(loud)).max() < 2


@pytest.mark.parametrize("way", ["by a Frame", "past the stage"])
def test_a_panic_is_silent_at_once_and_the_sound_comes_back_softly(way: str) -> None:
    take = Take(4, *DRY)
    take.play(1.2)
    if way == "by a Frame":
        take.ask(("/panic",))
    else:
        take.engine.panic()
    take.play(6.2)
    assert level(take.between(1.0, 1.2)) > -60
    assert np.abs(take.between(1.2 + 0.25, 1.2 + 3.0)).max() < 1e-4
    assert roughness(take.between(0.9, 1.5)) < 4
    back = take.between(1.2 + PANIC - 0.2, 6.2)
    rise = envelope(back)
    assert level(back[-RATE // 4 :]) > -60
    assert 0.8 < np.flatnonzero(rise > 0.5 * rise[-4:].mean())[0] * 0.05 < 1.6, "softly"
    assert roughness(back[RATE // 4 :]) < 4


def test_a_turn_of_the_volume_holds_until_a_frame_has_acknowledged_it() -> None:
    take = Take(0)
    take.engine.player = Tone(1000.0)
    old, new = take.frame, take.circle.step(0.05, ack=8)
    loud: list[float] = []
    for what in (lambda: take.engine.hear(old), lambda: take.engine.turn(0.0, 8),
                 lambda: take.engine.hear(old), lambda: take.engine.hear(new)):  # fmt: skip
        what()
        for _ in range(30):
            take.block()
        loud.append(level(take.sound[-10 * QUANTUM :]))
    assert loud[1] < -100
    assert loud[2] < -100, "this Frame does not know of it"
    assert loud[3] == pytest.approx(loud[0], abs=0.1)


# ---- whose voice may sound ----------------------------------------------------------------------

NO = {
    "ana": ("/participant/ana/consent", "sound_layer", 0), "ben": ("/participant/ben/pause", 1),
    "cleo": ("/participant/cleo/leave",), "dora": ("/participant/dora/voice/mute", 1),
}  # fmt: skip


@lru_cache(maxsize=1)
def parting() -> tuple[Take, int]:
    """Nobody but people, and the block at which they all said no."""
    take = Take(0, *DRY, ("/sound/drone", 0.0))
    take.watch()
    take.ask(*((f"/participant/{who}/join",) for who in NO))
    take.play(4.0)
    assert take.circle.people.ids[: len(NO)] == list(NO)
    said = len(take.watched)
    take.ask(*NO.values())
    take.play(7.2)
    return take, said


@pytest.mark.parametrize("who", NO)
def test_who_says_no_fades_in_two_seconds_or_more_and_is_gone(who: str) -> None:
    take, said = parting()
    voice = np.array([v[list(NO).index(who)] for v in take.watched])
    assert voice[said - 30 : said].min() > 1e-4
    after = voice[said:]
    assert after[round(1.0 * RATE / QUANTUM)] > 0, "nobody is cut off"
    last = (np.flatnonzero(after)[-1] + 1) * QUANTUM / RATE
    assert 2.0 < last < 2.6
    assert not after[round(2.6 * RATE / QUANTUM) :].any(), "exactly nothing"


def test_where_everybody_said_no_nothing_is_heard() -> None:
    take, said = parting()
    begin = said * QUANTUM / RATE
    assert level(take.between(begin - 0.5, begin)) > -60
    assert level(take.between(begin + 2.8, begin + 3.1)) < -100
    assert roughness(take.between(begin - 0.1, begin + 2.0)) < 4


def test_who_never_agreed_is_not_in_the_sound() -> None:
    """A circle of one with consent off is the drone, and without it nothing at all."""
    nothing = (*DRY, ("/participant/sim-1/consent", "sound_layer", 0), ("/sound/drone", 0.0))
    alone = Take(1, *nothing)
    alone.play(1.0)
    assert not alone.sound.any()
    alone.ask(("/sound/drone", 0.6))
    alone.watch()
    alone.play(2.2)
    assert level(alone.between(2.0, 2.2)) > -60
    assert not alone.voice("sim-1").any()


def test_who_took_consent_back_is_as_if_they_never_sang() -> None:
    """Nothing of them is left in how the others sound, to one part in ten thousand."""
    asked = (*DRY, ("/volume", 0.3))
    no: Event = ("/participant/sim-2/consent", "sound_layer", 0)
    was, never = Take(3, *asked), Take(3, *asked, no)
    was.play(1.5)
    was.ask(no)
    for take in (was, never):
        take.play(6.0)
    sang = was.between(1.0, 1.5) - never.between(1.0, 1.5)
    left = was.between(5.5, 6.0) - never.between(5.5, 6.0)
    assert level(sang) > level(never.between(1.0, 1.5)) - 20
    assert level(left) < level(never.between(5.5, 6.0)) - 80


def test_a_solo_lets_one_voice_sound_and_then_all_again() -> None:
    take = Take(3, *DRY)
    take.watch()
    take.play(1.2)
    assert min(take.voice(who)[-1] for who in ("sim-1", "sim-2", "sim-3")) > 1e-4
    take.ask(("/participant/sim-2/voice/solo", 1))
    take.play(3.9)
    last = {who: take.voice(who)[-10:] for who in ("sim-1", "sim-2", "sim-3")}
    assert last["sim-2"].min() > 1e-4
    assert not last["sim-1"].any()
    assert not last["sim-3"].any()
    take.ask(("/participant/sim-2/voice/solo", 0))
    take.play(5.0)
    assert min(take.voice(who)[-1] for who in last) > 1e-4


def seen(frame: Frame) -> dict[str, bytes]:
    """All that a picture can be made of: a Frame without whose voice is muted or alone."""
    parts = {name: getattr(frame, name) for name in Frame.__struct_fields__ if name != "people"}
    people = {f.name: getattr(frame.people, f.name) for f in fields(People)}
    hidden = ("voice_solo", "voice_mute")
    parts |= {name: value for name, value in people.items() if name not in hidden}
    return {name: pickle.dumps(value) for name, value in parts.items()}


def test_the_picture_knows_nothing_of_solo_and_mute_of_a_voice() -> None:
    plain, told = Circle(library(), 6, 1), Circle(library(), 6, 1)
    tell(told, "/participant/sim-2/voice/solo", 1)
    tell(told, "/participant/sim-3/voice/mute", 1)
    for _ in range(39):
        plain.step(0.05)
        told.step(0.05)
    one, other = seen(plain.step(0.05)), seen(told.step(0.05))
    assert told.people.voice_solo.any()
    assert told.people.voice_mute.any()
    assert {name for name, value in one.items() if value != other[name]} == set()
    tell(told, "/participant/sim-3/mute", 1)
    assert seen(plain.step(0.05)) != seen(told.step(0.05)), "another mute would be seen"


# ---- music, offset, trim ------------------------------------------------------------------------


class Tone:
    """A player of one sine."""

    def __init__(self, hz: float, amplitude: float = 0.5) -> None:
        self.hz, self.amplitude, self.at = hz, amplitude, 0

    def read(self, frames: int, /) -> Samples:
        turns = self.hz * np.arange(self.at, self.at + frames) / RATE
        self.at += frames
        sine = self.amplitude * np.sin(2 * np.pi * turns)
        return np.stack((sine, sine), axis=1).astype(np.float32)


class Tick:
    """A player of one single sample."""

    def __init__(self, at: int) -> None:
        self.left = at

    def read(self, frames: int, /) -> Samples:
        out = np.zeros((frames, 2), np.float32)
        if 0 <= self.left < frames:
            out[self.left] = 0.2
        self.left -= frames
        return out


@lru_cache(maxsize=8)
def ticked(ms: float) -> Samples:
    """Nothing but one sample of music, so much later than its picture."""
    take = Take(0, ("/sound/drone", 0.0), ("/player/level", 1.0), ("/sound/offset", ms))
    take.engine.player = Tick(10000)
    take.play(0.8)
    late = int(np.abs(take.sound[:, 0]).argmax()) - 10000 - take.engine.latency
    assert abs(late - round(ms * 48)) <= 2, "the chain's latency is what it says"
    return take.between(0.0, 0.8)


@pytest.mark.parametrize("ms", [0.03, 20.0, 333.3, 500.0])
def test_the_sound_comes_as_many_samples_late_as_it_is_told(ms: float) -> None:
    late, plain = round(ms * 48), ticked(0.0)
    assert np.abs(plain).max() > 0.02
    assert np.array_equal(ticked(ms)[late:], plain[: len(plain) - late])


def test_the_players_level_is_a_fader_of_the_file_alone() -> None:
    loud: dict[float, float] = {}
    for fader in (1.0, 0.5, 0.0):
        take = Take(0, ("/sound/drone", 0.0), ("/volume", 0.5), ("/player/level", fader))
        take.engine.player = Tone(1000.0)
        take.play(0.4)
        loud[fader] = level(take.between(0.2, 0.4))
    assert loud[0.5] == pytest.approx(loud[1.0] + 60 * math.log10(0.5), abs=0.05)
    assert loud[0.0] < -100


def wav(path: Path, sound: Samples) -> Path:
    """(n, 2) at 48 kHz as a WAV file of 16 bits, by PyAV."""
    with av.open(str(path), "w") as file:
        stream: Any = file.add_stream("pcm_s16le", rate=RATE)
        stream.layout = "stereo"
        whole = np.ascontiguousarray((sound * 32767).astype(np.int16).reshape(1, -1))
        frame = av.AudioFrame.from_ndarray(whole, format="s16", layout="stereo")
        frame.sample_rate, frame.pts = RATE, 0
        file.mux(stream.encode(frame))
        file.mux(stream.encode(None))
    return path


def test_a_music_file_plays_and_its_level_jumps_without_a_click(tmp_path: Path) -> None:
    music = Tone(220.0).read(4 * RATE)
    take = Take(0, ("/sound/drone", 0.0), ("/player/level", 0.4))
    take.engine.player = AudioFile(wav(tmp_path / "a.wav", music), RATE, loop=True)
    for k, to in enumerate((0.9, 0.0, 0.5)):
        take.play(1.0 + 0.6 * k)
        take.ask(("/player/level", to))
    take.play(2.8)
    for k, heard in enumerate((True, True, False, True)):
        assert (level(take.between(0.5 + 0.6 * k, 0.95 + 0.6 * k)) > -60) == heard
    assert roughness(take.between(0.5, 2.8)) < 4


@pytest.mark.parametrize(("trim", "heard"), [(0.0, True), (-24.0, False)])
def test_what_plays_is_listened_to_and_the_trim_reaches_the_listener(
    trim: float, heard: bool
) -> None:
    """Also while its own level is down. Trimmed so far, this music is below the listener's gate."""
    take = Take(0, ("/input/trim", trim), ("/player/level", 0.0))
    take.engine.player, take.engine.listener = Tone(100.0, 0.02), Listener(RATE)
    take.play(0.6)
    found = take.engine.listener.heard()
    assert found.listening
    assert (found.values[0] > 0.1) == heard
    assert (found.values.max() > 0.01) == heard


# ---- what cannot hurt ---------------------------------------------------------------------------

FADERS = [
    p.address for p in TREE.continuous
    if p.address.startswith(("/sound/", "/sympathy/", "/player/"))
    or p.address in ("/volume", "/resonance", "/individuality")
]  # fmt: skip


class Roar:
    """A player far beyond full scale, as a broken file may be."""

    def __init__(self) -> None:
        self.random = np.random.default_rng(1)

    def read(self, frames: int, /) -> Samples:
        return 30.0 * self.random.standard_normal((frames, 2)).astype(np.float32)


@lru_cache(maxsize=1)
def crowd() -> Take:
    """64 people in full voice. Its own limit is calibrated away: here the ceiling alone holds."""
    take = Take(64, ("/volume", 1.0))
    take.engine.calibrate(0.0)
    take.play(2.0)
    return take


def test_there_are_faders_to_try() -> None:
    assert len(FADERS) > 12


@settings(max_examples=12)
@given(
    st.fixed_dictionaries({a: st.sampled_from([0.0, 0.5, 1.0]) for a in FADERS}),
    st.booleans(), st.sampled_from(["none", "roar"]),
)  # fmt: skip
def test_no_position_of_the_faders_is_louder_than_the_ceiling(
    at: dict[str, float], full: bool, player: str
) -> None:
    engine = crowd().engine  # as the examples before have left it
    engine.player = Roar() if player == "roar" else None
    frame, values = crowd().frame, crowd().frame.values.copy()
    for address, part in at.items():
        low, high = (limits[TREE.index[address]] for limits in (TREE.low, TREE.high))
        values[TREE.index[address]] = low + part * (high - low)
    if full:
        values[TREE.index["/volume"]] = values[TREE.index["/player/level"]] = 1.0
    engine.hear(msgspec.structs.replace(frame, values=values))
    loudest = 0.0
    for _ in range(12):
        block = engine.block()
        assert np.isfinite(block).all()
        loudest = max(loudest, float(np.abs(block).max()))
        assert loudest <= CEILING
    if full and player == "roar" and at["/sound/offset"] == 0.0:
        assert loudest > 0.5, "it was tried"


# ---- rooms and rates --------------------------------------------------------------------------


@pytest.mark.parametrize("path", ROOMS, ids=lambda p: p.stem)
def test_a_room_sounds_in_all_its_channels_without_a_click(path: Path) -> None:
    room = load_room(path)
    take = Take(8, ("/individuality", 0.8), ("/sound/drone", 0.6), room=room)
    take.play(1.0)
    take.ask(("/preset", "ember", 0.0), ("/individuality", 0.1), ("/sound/offset", 100.0))
    take.play(1.6)
    assert take.sound.shape[1] == room.channels
    used = {c - 1 for p in room.platform for c in p.outputs.values()}
    late = take.between(0.6, 1.0)
    assert {c for c in range(room.channels) if level(late[:, c : c + 1]) > -70} == used
    assert roughness(take.between(0.6, 1.6)) < 4
    for platform in room.platform:
        if platform.low is not None:
            share = above(late[:, platform.low - 1], 4 * platform.low_hz)
            assert share < 0.002
            assert above(late[:, platform.left - 1], 4 * platform.low_hz) > 10 * share


def above(sound: Samples, hz: float) -> float:
    """Share of the power above a frequency."""
    power = np.abs(np.fft.rfft(sound * np.hanning(len(sound)))) ** 2
    return float(power[round(hz * len(sound) / RATE) :].sum() / power.sum())


def test_there_are_rooms_to_try() -> None:
    assert len(ROOMS) >= 3


@lru_cache(maxsize=3)
def at_rate(rate: int) -> Take:
    take = Take(4, *DRY, rate=rate)
    take.play(1.2)
    return take


@pytest.mark.parametrize("rate", [44100, 96000])
def test_another_rate_is_the_same_music(rate: int) -> None:
    """As loud, the same chord, and as smooth."""
    one, other = at_rate(RATE).between(0.2, 1.2), at_rate(rate).between(0.2, 1.2)
    assert level(other) == pytest.approx(level(one), abs=1.5)
    assert roughness(at_rate(rate).between(0.2, 1.2)) < 4
    spectra = [np.abs(np.fft.rfft(x[:, 0] * np.hanning(len(x))))[20:2000] for x in (one, other)]
    tops = [set(np.argsort(s)[-6:].tolist()) for s in spectra]
    near = {hz + d for hz in tops[0] for d in (-1, 0, 1)}
    assert tops[1] <= near, "Hz"


def test_a_look_saved_tonight_is_no_reason_to_fall_silent() -> None:
    """The stage knows presets that the sound process has not loaded: it sounds on as it did."""
    known, strange = (Engine(library(), STEREO, RATE) for _ in range(2))
    circle = Circle(library(), 4, 1)
    for _ in range(60):
        frame = circle.step(1 / 60)
        known.hear(frame)
        strange.hear(msgspec.structs.replace(frame, preset="saved tonight") if frame.index > 30
                     else frame)  # fmt: skip
        assert np.array_equal(known.block(), strange.block())
    assert np.abs(known.block()).max() > 0.0
