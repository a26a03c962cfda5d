"""The Frame: everything picture and sound need to know about one instant, and nothing they don't.

A Frame is complete: a stage that died goes on from its last one. It is what travels on the bus, so
it also knows how to become bytes and back.
"""

from dataclasses import dataclass
from typing import Annotated, Any, cast, get_args, get_type_hints

import msgspec
import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Singles = NDArray[np.float32]
Halves = NDArray[np.float16]
Ints = NDArray[np.int64]
Flags = NDArray[np.bool_]

MOST_PEOPLE = 256  # drawn at most; the 257th waits and is told so
PURPOSES = (
    "visual_layer", "sound_layer", "couple_rhythm", "use_heart", "use_eeg",
    "record_local", "broadcast", "archive",
)  # fmt: skip
"""What a participant can consent to; the columns of `People.consent`."""

FEATURES = (
    "rms", "bass", "mid", "mid_high", "high",
    "bass_hit", "mid_hit", "mid_high_hit", "high_hit",
    "bass_presence", "mid_presence", "mid_high_presence", "high_presence",
    "onset", "centroid", "confidence",
)  # fmt: skip
"""What listening finds, each 0..1: the sources of a preset's `[[listening]]`."""

SPECTRUM = 512  # bins of a heard spectrum, and samples of a heard waveform

HISTORY = 48  # s, and samples, of rhythm and feeling that convergence is judged by
INPUTS = 48  # floats of a generator's own inputs per person


@dataclass(frozen=True)
class Column:
    """What an empty row holds, and how many values a row has (0: a plain number)."""

    fill: float = 0.0
    width: int = 0


Plain = Annotated[Floats, Column()]
Flag = Annotated[Flags, Column()]
Number = Annotated[Ints, Column()]
Past = Annotated[Halves, Column(width=HISTORY)]


@dataclass
class People:
    """A struct of arrays, one row per person, C rows (4, 8, 16 … 256). Empty rows have id ``""``.

    Plane coordinates are aspect-corrected: y in -½..½ upwards, x in -aspect/2..aspect/2.
    """

    ids: list[str]
    names: list[str]
    generators: list[str]
    """Generator that draws the layer now."""
    pictures: list[str]
    """File of the picture that somebody brought along; empty: none."""
    words: list[str]
    """What somebody said, to be seen; empty: nothing."""
    effects: list[str]
    """Effect on somebody's own layer, besides the preset's; empty: none."""
    wanted: list[str]
    """Generator asked for; it takes over in the dark of a veil."""

    state: Number  # circle.consent.State
    consent: Annotated[Flags, Column(width=len(PURPOSES))]
    simulated: Flag
    number: Number  # which simulated person, from 1; 0 for a real one
    played: Flag  # the simulation's own schedule, not a hand, paused them or made them object
    leaving: Flag
    joined: Plain  # stage time of the join, s
    present: Plain  # 0..1, grows on a join, falls on a leave
    veil: Plain  # 0 seen, 1 dark while the generator changes
    veiled_at: Annotated[Floats, Column(-1.0)]  # stage time the veil begins, s; -1: none is due

    seed: Plain  # 0..1, a person's own composition
    place: Plain  # 0..1, own place in the palette's family
    placed: Flag  # place was chosen, not given
    chosen: Flag  # generator was chosen, not dealt
    colours: Annotated[Floats, Column(width=12)]  # ground, tone, kin, accent as sRGB 0..1

    seat: Annotated[Floats, Column(width=2)]  # plane
    weight: Plain  # w of the power diagram, plane², presence included
    pull: Plain  # w before presence, what the area loop moves, plane²
    disc: Plain  # sanctuary radius r, plane
    edge: Annotated[Floats, Column(1.0)]  # part of the disc's radius over which it fades out
    reach: Annotated[Floats, Column(0.5)]  # farthest point of the own territory, plane
    area: Plain  # V, share of the plane, smoothed
    target: Plain  # α, wanted share
    bound: Plain  # what the disc alone keeps of the plane, share

    floor: Plain  # own floor of individuality
    cap: Annotated[Floats, Column(1.0)]  # own cap of resonance
    solo: Flag
    mute: Flag
    voice_solo: Flag
    voice_mute: Flag
    objects: Flag

    m: Plain  # m_i, individuality in force
    share: Plain  # e_i, resonance share, Σ = 1
    resonance: Plain  # A_i
    energy: Plain  # layer energy 0..1
    wave: Plain  # the sympathetic wave at this person with their answer to it, 0..1
    alike: Plain  # how near the others' feelings are to this person's, 0..1; 0 if silent
    called: Plain  # how much wave stands at those far away who feel alike, 0..1
    answer: Plain  # the same, followed in about a second: the softer glow of an answer, 0..1

    time: Plain  # T_i, the layer's own integrated time, s
    rate: Annotated[Floats, Column(1.0)]  # dT/dt
    theta: Plain  # rhythm phase θ, rad
    omega: Plain  # own angular rate ω, rad/s
    p: Annotated[Floats, Column(1.0)]
    q: Annotated[Floats, Column(1.0)]
    breath_rate: Annotated[Floats, Column(0.2)]  # Hz
    breath_phase: Plain  # turns
    breath: Plain  # lung fullness 0..1, shown
    breath_heard: Plain  # last fullness that was sent
    breath_age: Annotated[Floats, Column(1e9)]  # s since it was sent
    heart: Plain  # bpm, 0 unknown
    heart_age: Annotated[Floats, Column(1e9)]

    valence: Plain
    arousal: Plain
    confidence: Plain
    told_valence: Plain  # last self-report
    told_arousal: Plain
    feeling_age: Annotated[Floats, Column(1e9)]  # s since the self-report

    # What convergence is judged by: a sample a second, the newest last. Half floats, for they
    # travel with every Frame: a phase is kept to 0.004 rad, a feeling to 0.001.
    past_theta: Past  # rad
    past_valence: Past
    past_arousal: Past
    past_beats: Number  # samples of theta without a gap, at most HISTORY
    past_moods: Number  # samples of the feeling without a gap, at most HISTORY

    inputs: Annotated[Singles, Column(np.nan, width=INPUTS)]  # generator's own, NaN: its default
    # What modulation adds to the inputs and, last, to the place: parts of their ranges.
    swing: Annotated[Singles, Column(width=INPUTS + 1)]

    @property
    def capacity(self) -> int:
        """C, the number of rows."""
        return len(self.ids)

    @property
    def here(self) -> Flags:
        """Which rows hold a person, shape (C,)."""
        return np.array([bool(i) for i in self.ids], dtype=np.bool_)

    def row(self, person: str) -> int | None:
        """The row of an id, or None."""
        try:
            return self.ids.index(person) if person else None
        except ValueError:
            return None


TEXTS = ("ids", "names", "generators", "pictures", "words", "effects", "wanted")
_KINDS: dict[Any, type[np.generic]] = {
    Floats: np.float64, Singles: np.float32, Halves: np.float16, Flags: np.bool_, Ints: np.int64,
}  # fmt: skip


def _columns() -> dict[str, tuple[Column, type[np.generic]]]:
    """Every array of People with what an empty row of it holds and its dtype."""
    found: dict[str, tuple[Column, type[np.generic]]] = {}
    for name, hint in get_type_hints(People, include_extras=True).items():
        if name not in TEXTS:
            kind, column = get_args(hint)
            found[name] = (column, _KINDS[kind])
    return found


COLUMNS = _columns()


def empty_people(capacity: int) -> People:
    """A struct of arrays with `capacity` empty rows."""
    arrays = {name: _filled(*column, capacity) for name, column in COLUMNS.items()}
    return _people([[""] * capacity for _ in TEXTS], arrays)


def _people(texts: list[list[str]], arrays: dict[str, NDArray[Any]]) -> People:
    fields: dict[str, Any] = {**dict(zip(TEXTS, texts, strict=True)), **arrays}
    return People(**fields)


def _filled(column: Column, kind: type[np.generic], rows: int) -> NDArray[Any]:
    shape = (rows, column.width) if column.width else (rows,)
    return np.full(shape, column.fill, dtype=kind)


def grown(people: People, capacity: int) -> People:
    """The same people with room for `capacity` rows; rows keep their numbers."""
    bigger = empty_people(capacity)
    n = people.capacity
    for name in TEXTS:
        getattr(bigger, name)[:n] = getattr(people, name)
    for name in COLUMNS:
        getattr(bigger, name)[:n] = getattr(people, name)
    return bigger


def clear_row(people: People, row: int) -> None:
    """Takes everything known about a row away."""
    for name in TEXTS:
        getattr(people, name)[row] = ""
    for name, (column, _) in COLUMNS.items():
        getattr(people, name)[row] = column.fill


def copied(people: People) -> People:
    """A deep, read-only copy: what a Frame holds cannot change under it."""
    arrays: dict[str, NDArray[Any]] = {}
    for name in COLUMNS:
        array = getattr(people, name).copy()
        array.flags.writeable = False
        arrays[name] = array
    return _people([list(getattr(people, name)) for name in TEXTS], arrays)


class Spoken(msgspec.Struct, frozen=True):
    """Whose own is in what all are together, simulated people left out."""

    by: bytes = b""
    """A 0 or 1 for each row and purpose."""
    ended: float = 1e9
    """s since any of it was taken out; large if it never was."""


NOBODY_SPOKE = Spoken()


class Arc(msgspec.Struct, frozen=True):
    """Where every value is on its way: from `start` at `begun` to `goal` over `length` seconds.

    What a hand let go of comes back from `offset` away since `freed`. Shapes (V,), times in s.
    """

    start: Floats
    goal: Floats
    begun: Floats
    length: Floats
    offset: Floats
    freed: Floats
    hands: Flags
    """Which values a hand holds, away from the arc."""
    shape: Ints
    """How a value goes from start to goal: a place in show.cues.SHAPES."""
    morphs: Flags
    """Which values go from start to goal with /morph's position instead of with time."""


class Undo(msgspec.Struct, frozen=True):
    """What stood before a cue was taken: what going back from it restores."""

    cue: int
    """The cue that was taken, counted from 0."""
    preset: str
    phase: int
    goals: tuple[float, ...]
    """Where every value stood or was on its way to, in the tree's order."""
    came: int = -1
    """The cue that was on before, counted from 0; -1: none."""
    standby: int = -1
    """The cue that stood by before."""


class Cueing(msgspec.Struct, frozen=True):
    """Where the show is in its cue list; see circle.cues. Cues count from 0, -1 is none."""

    current: int = -1
    standby: int = 0
    taken_at: float = 0.0
    """Stage time at which the current cue was taken, s."""
    follows: bool = True
    """Whether the next cue may come of itself: not after somebody went back."""
    due: float = -1.0
    """The beat with which the next one comes; negative while it is not known."""
    convergences: int = 0
    """How often the circle had come in step when the current cue was taken; see Group."""
    undo: tuple[Undo, ...] = ()
    """What the cues that were taken last have changed, the newest last."""


class Group(msgspec.Struct, frozen=True):
    """What the circle is together."""

    order: float = 0.0
    """R, 0..1."""
    psi: float = 0.0
    """Mean phase, rad."""
    rate: float = 0.0
    """Ω, slow mean of the mean phase's rate, rad/s."""
    corrected: float = 0.0
    """R̂, R without what chance alone gives."""
    valence: float = 0.0
    arousal: float = 0.0
    """Z = valence + i·arousal, the mean feeling."""
    gain: float = 1.0
    """g, what shared feeling adds to resonance."""
    softer: float = 1.0
    """Group intensity after people asked for softer."""
    softer_age: float = 1e9
    """s since somebody asked."""

    # Convergence, measured over the last HISTORY seconds; see circle.convergence.
    converged: float = 0.0
    """0..1, follows `meeting` softly: what the picture answers to."""
    meeting: bool = False
    """The circle is in step, more than chance explains, and has been for a while."""
    convergences: int = 0
    """How often a meeting began."""
    contrary: float = 0.0
    """s for which the evidence has now spoken against `meeting`."""
    counted: int = 0
    """People whose rhythm the last look counted."""
    window_order: float = 0.0
    """R-hat over the window, each person at their own ratio, 0..1."""
    surrogate_order: float = 0.0
    """The same of 95 % of surrogates at most."""
    p_order: float = 1.0
    """Chance that surrogates reach window_order."""
    window_together: float = 0.0
    """|Z| over the window (root mean square), 0..1."""
    surrogate_together: float = 0.0
    """The same of 95 % of surrogates at most."""
    p_together: float = 1.0
    """Chance that surrogates reach window_together. For the record: it decides nothing."""


class Heard(msgspec.Struct, frozen=True):
    """What was listened to, up to one instant. Levels have adapted to the room."""

    values: Floats
    """One 0..1 for each of FEATURES, shape (len(FEATURES),)."""
    spectrum: Halves
    """Shape (SPECTRUM,), 0..1, from low to high."""
    waveform: Halves
    """The newest samples, shape (SPECTRUM,), -1..1."""
    tempo: float = 0.0
    """BPM; 0 while none is known. `confidence` is one of FEATURES."""
    listening: bool = False
    """Whether anything is listened to at all."""


SILENCE = Heard(
    np.zeros(len(FEATURES)), np.zeros(SPECTRUM, np.float16), np.zeros(SPECTRUM, np.float16)
)
"""What is heard while nothing is listened to."""


class Leading(msgspec.Struct, frozen=True):
    """Who leads the tempo, and what is remembered to decide that; see circle.tempo."""

    now: float = 0.0
    """The tempo in force, BPM; 0 before the first Frame."""
    source: str = ""
    """One of circle.tempo.SOURCES."""
    before: float = 0.0
    """BPM from which the present source took over."""
    since: float = 0.0
    """Stage time at which it did, s."""
    clock: float = 0.0
    """BPM that the outer clock told last; 0: there is none, or it stopped."""
    clock_beats: float = 0.0
    """Beats since the outer clock's start, as it told them last."""
    clock_at: float = 0.0
    """Stage time at which it told them, s."""
    taps: tuple[float, ...] = ()
    """Stage times of the last taps, s."""
    tapped: float = 0.0
    """BPM that the taps gave last; 0: none."""
    heard: float = 0.0
    """BPM that listening leads with where nobody else does; 0: it does not."""
    contrary: float = 0.0
    """s for which what is heard has now spoken against that."""


class Worn(msgspec.Struct, frozen=True):
    """An effect that is on."""

    shader: str
    slot: int
    """Whose knobs play it, from 0."""
    on: str
    """`scene`, `layers`, or the generator whose layers it is on."""
    part: float
    """How much of it is seen, above 0, at most 1."""


class Crossing(msgspec.Struct, frozen=True):
    """A transition between two presets, under way."""

    shader: str = ""
    """Empty: there is none."""
    progress: float = 1.0


NO_CROSSING = Crossing()


class Frame(msgspec.Struct, frozen=True):
    """One instant. `index` counts frames, `time` is seconds of show time."""

    index: int
    time: float
    dt: float
    ack: int
    """Sequence number of the last desk message whose effect is in this Frame."""
    seed: int
    show: str
    preset: str
    before: str
    """The preset that is fading out."""
    preset_at: float
    """Stage time of the last preset change, s."""
    preset_fade: float
    phase: int
    phase_at: float
    """Stage time at which the phase began, s."""
    base: Floats
    """Values as arc and hands set them, shape (V,), in the tree's order."""
    values: Floats
    """Values after modulation and policy, shape (V,)."""
    clamps: tuple[str, ...]
    """What the policy held back, as `address` or `address person`."""
    arc: Arc
    cue: Cueing
    morph: tuple[str, str]
    """The presets between which /morph plays; both empty while it plays nothing."""
    residue: Floats
    """What an interrupted crossfade of modulations left, gone in seconds, and with the present
    one at the latest; shape (V,)."""
    away: Floats
    """How far modulation now is from the present preset's own alone, shape (V,)."""
    people: People
    group: Group
    tau: float
    """Softness of the borders between territories, plane²."""
    warp: float
    """How far borders wander, plane."""
    flow: float
    """Integrated time of the scene-wide flow and of the borders' wandering, s."""
    beat: float
    """Beats since the start, integrated from the tempo in force."""
    remembered: dict[str, tuple[float, float, float]]
    """Seat and place in the palettes of people who left, for when they come back."""
    waiting: dict[str, str]
    """Ids and names of people for whom there is no room yet, in order."""
    panic_age: float
    """s since panic was pressed; large when it is over."""
    sigma: float
    """The guard's fastest change of relative luminance, per second."""
    aspect: float
    """Width / height of the plane."""
    quality: float
    """Scale of atlas and scene the governor chose, 0.5..1."""
    origin: float
    """Unix time at which stage time was 0; 0 in a rehearsal. For people, and for ISF's DATE."""
    size: int = 0
    """Simulated people that the night began with, those who come later included."""
    heard: Heard = SILENCE
    """What was listened to, and moved the values."""
    followed: dict[str, Floats] = {}
    """Preset to what its modulation remembers; see modulation.patch."""
    spoken: Spoken = NOBODY_SPOKE
    """Whose part modulation has to let go of; kept while a preset reads the circle."""
    turned: float = 0.0
    """Stage time at which the crossfade or morph of modulations began, s."""
    leading: Leading = Leading()
    """Who leads the tempo."""
    worn: tuple[Worn, ...] = ()
    """The effects that are on, in the order in which they are drawn."""
    crossing: Crossing = NO_CROSSING
    """The transition that is under way."""
    resting: tuple[str, ...] = ()
    """Shaders that took too long, and are not drawn any more."""
    phase_fade: float = 0.0
    """After so many seconds the phase goes on to its end: its own fade, or a cue's longer one."""

    @property
    def tempo(self) -> float:
        """The tempo in force, BPM."""
        return self.leading.now

    @property
    def tempo_source(self) -> str:
        """Who leads it: one of circle.tempo.SOURCES."""
        return self.leading.source


def _encode_array(found: Any) -> Any:
    if isinstance(found, np.ndarray):
        array = cast("NDArray[Any]", found)
        return (array.dtype.str, array.shape, array.tobytes())
    raise NotImplementedError(f"{found!r:.40} cannot travel on the bus")


def _decode_array(kind: Any, found: Any) -> Any:
    dtype, shape, data = found
    return np.frombuffer(data, dtype=np.dtype(dtype)).reshape(shape)


def encode_heard(heard: Heard) -> bytes:
    """What was heard as MessagePack."""
    return _encoder.encode(heard)


def decode_heard(data: bytes) -> Heard:
    """What was heard from MessagePack; msgspec.DecodeError (a ValueError) if it is not that."""
    return _heard_decoder.decode(data)


_encoder = msgspec.msgpack.Encoder(enc_hook=_encode_array)
_decoder = msgspec.msgpack.Decoder(Frame, dec_hook=_decode_array)
_heard_decoder = msgspec.msgpack.Decoder(Heard, dec_hook=_decode_array)


def encode(frame: Frame) -> bytes:
    """A Frame as MessagePack."""
    return _encoder.encode(frame)


def decode(data: bytes) -> Frame:
    """A Frame from MessagePack; msgspec.DecodeError (a ValueError) if it is not one."""
    return _decoder.decode(data)
