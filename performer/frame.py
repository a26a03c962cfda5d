"""The Frame: everything picture and sound need to know about one instant, and nothing they don't.

A Frame is complete: a stage that died goes on from its last one. It is what travels on the bus, so
it also knows how to become bytes and back.
"""

import dataclasses
from dataclasses import dataclass
from typing import Any, TypeVar

import msgspec
import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
Flags = NDArray[np.bool_]

MOST_PEOPLE = 256  # drawn at most; the 257th waits and is told so
PURPOSES = (
    "visual_layer", "sound_layer", "couple_rhythm", "use_heart", "use_eeg",
    "record_local", "broadcast", "archive",
)  # fmt: skip
"""What a participant can consent to; the columns of `People.consent`."""

INPUTS = 16  # floats of a generator's own inputs per person


def _column(fill: float = 0.0, width: int = 0, kind: type = np.float64) -> Any:
    return dataclasses.field(metadata={"fill": fill, "width": width, "kind": kind})


@dataclass
class People:
    """A struct of arrays, one row per person, C rows (4, 8, 16 … 256). Empty rows have id ``""``.

    Plane coordinates are aspect-corrected: y in -½..½ upwards, x in -aspect/2..aspect/2.
    """

    ids: list[str]
    names: list[str]
    generators: list[str]
    """Generator that draws the layer now."""
    wanted: list[str]
    """Generator asked for; it takes over in the dark of a veil."""

    state: Ints = _column(kind=np.int64)  # circle.consent.State
    consent: Flags = _column(width=len(PURPOSES), kind=np.bool_)
    simulated: Flags = _column(kind=np.bool_)
    leaving: Flags = _column(kind=np.bool_)
    joined: Floats = _column()  # stage time of the join, s
    present: Floats = _column()  # 0..1, grows on a join, falls on a leave
    veil: Floats = _column()  # 0 seen, 1 dark while the generator changes
    veiled_at: Floats = _column(-1.0)  # stage time at which the veil begins, s; -1: no change due

    seed: Floats = _column()  # 0..1, a person's own composition
    place: Floats = _column()  # 0..1, own place in the palette's family
    placed: Flags = _column(kind=np.bool_)  # place was chosen, not given
    chosen: Flags = _column(kind=np.bool_)  # generator was chosen, not dealt
    colours: Floats = _column(width=12)  # ground, tone, kin, accent as sRGB 0..1

    seat: Floats = _column(width=2)  # plane
    weight: Floats = _column()  # w of the power diagram, plane², presence included
    pull: Floats = _column()  # w before presence, what the area loop moves, plane²
    disc: Floats = _column()  # sanctuary radius r, plane
    edge: Floats = _column(1.0)  # part of the disc's radius over which it fades out
    reach: Floats = _column(0.5)  # farthest point of the own territory, plane
    area: Floats = _column()  # V, share of the plane, smoothed
    target: Floats = _column()  # α, wanted share
    bound: Floats = _column()  # what the disc alone keeps of the plane, share

    floor: Floats = _column()  # own floor of individuality
    cap: Floats = _column(1.0)  # own cap of resonance
    solo: Flags = _column(kind=np.bool_)
    mute: Flags = _column(kind=np.bool_)
    objects: Flags = _column(kind=np.bool_)

    m: Floats = _column()  # m_i, individuality in force
    share: Floats = _column()  # e_i, resonance share, Σ = 1
    resonance: Floats = _column()  # A_i
    energy: Floats = _column()  # layer energy 0..1
    wave: Floats = _column()  # the sympathetic wave at this person, 0..1

    time: Floats = _column()  # T_i, the layer's own integrated time, s
    rate: Floats = _column(1.0)  # dT/dt
    theta: Floats = _column()  # rhythm phase θ, rad
    omega: Floats = _column()  # own angular rate ω, rad/s
    p: Floats = _column(1.0)
    q: Floats = _column(1.0)
    breath_rate: Floats = _column(0.2)  # Hz
    breath_phase: Floats = _column()  # turns
    breath: Floats = _column()  # lung fullness 0..1, shown
    breath_heard: Floats = _column()  # last fullness that was sent
    breath_age: Floats = _column(1e9)  # s since it was sent
    heart: Floats = _column()  # bpm, 0 unknown
    heart_age: Floats = _column(1e9)

    valence: Floats = _column()
    arousal: Floats = _column()
    confidence: Floats = _column()
    told_valence: Floats = _column()  # last self-report
    told_arousal: Floats = _column()
    feeling_age: Floats = _column(1e9)  # s since the self-report

    inputs: Floats = _column(np.nan, width=INPUTS)  # generator's own, NaN: its default

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


COLUMNS: tuple[dataclasses.Field[Any], ...] = tuple(
    f for f in dataclasses.fields(People) if "fill" in f.metadata
)
TEXTS = ("ids", "names", "generators", "wanted")


def empty_people(capacity: int) -> People:
    """A struct of arrays with `capacity` empty rows."""
    arrays = {f.name: _filled(f, capacity) for f in COLUMNS}
    return People(*([""] * capacity for _ in TEXTS), **arrays)


def _filled(column: dataclasses.Field[Any], rows: int) -> NDArray[Any]:
    width = column.metadata["width"]
    shape = (rows, width) if width else (rows,)
    return np.full(shape, column.metadata["fill"], dtype=column.metadata["kind"])


def grown(people: People, capacity: int) -> People:
    """The same people with room for `capacity` rows; rows keep their numbers."""
    bigger = empty_people(capacity)
    n = people.capacity
    for name in TEXTS:
        getattr(bigger, name)[:n] = getattr(people, name)
    for f in COLUMNS:
        getattr(bigger, f.name)[:n] = getattr(people, f.name)
    return bigger


def clear_row(people: People, row: int) -> None:
    """Takes everything known about a row away."""
    for name in TEXTS:
        getattr(people, name)[row] = ""
    for f in COLUMNS:
        getattr(people, f.name)[row] = f.metadata["fill"]


def copied(people: People) -> People:
    """A deep, read-only copy: what a Frame holds cannot change under it."""
    arrays: dict[str, NDArray[Any]] = {}
    for f in COLUMNS:
        array = getattr(people, f.name).copy()
        array.flags.writeable = False
        arrays[f.name] = array
    return People(*(list(getattr(people, name)) for name in TEXTS), **arrays)


class Arc(msgspec.Struct, frozen=True):
    """Where every value is on its way: from `start` at `begun` to `goal` over `length` seconds."""

    start: Floats
    goal: Floats
    begun: Floats
    length: Floats
    hands: Flags
    """Which values a hand holds, away from the arc."""


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
    people: People
    group: Group
    tau: float
    """Softness of the borders between territories, plane²."""
    warp: float
    """How far borders wander, plane."""
    flow: float
    """Integrated time of the scene-wide flow and of the borders' wandering, s."""
    beat: float
    """Beats since the start, integrated from the tempo."""
    remembered: dict[str, tuple[float, float, float]]
    """Seat and place in the palettes of people who left, for when they come back."""
    waiting: dict[str, str]
    """Ids and names of people for whom there is no room yet, in order."""
    taps: tuple[float, ...]
    """Stage times of the last taps of the tempo, s."""
    panic_age: float
    """s since panic was pressed; large when it is over."""
    sigma: float
    """The guard's fastest change of relative luminance, per second."""
    aspect: float
    """Width / height of the plane."""
    quality: float
    """Scale of atlas and scene the governor chose, 0.5..1."""
    origin: float
    """Unix time at which stage time was 0; for people, never for pictures."""


_T = TypeVar("_T")


def _encode_array(found: Any) -> Any:
    if isinstance(found, np.ndarray):
        return (found.dtype.str, found.shape, found.tobytes())
    raise NotImplementedError(type(found))


def _decode_array(kind: Any, found: Any) -> Any:
    dtype, shape, data = found
    return np.frombuffer(data, dtype=np.dtype(dtype)).reshape(shape)


_encoder = msgspec.msgpack.Encoder(enc_hook=_encode_array)
_decoder = msgspec.msgpack.Decoder(Frame, dec_hook=_decode_array)


def encode(frame: Frame) -> bytes:
    """A Frame as MessagePack."""
    return _encoder.encode(frame)


def decode(data: bytes) -> Frame:
    """A Frame from MessagePack; msgspec.DecodeError (a ValueError) if it is not one."""
    return _decoder.decode(data)
