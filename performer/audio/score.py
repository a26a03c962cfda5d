"""The Score: what one Frame asks of every voice. Pure numpy over all rows at once.

A Score says where things should be; how they get there without a click is the voices' matter.
Nothing of a person who may not sound enters it: their row holds what an empty row holds.
"""

from dataclasses import dataclass
from functools import lru_cache

import numpy as np

from performer.circle.consent import allowed
from performer.circle.simulated import uniform
from performer.frame import Flags, Floats, Frame, Group, People
from performer.parameters import TREE
from performer.show.sound import Sound
from performer.show.tuning import PARTIALS, SCALES, TIMBRES, voicing

WIDEST = 15.0
"""Own offset at individuality 1 and /sound/detune 1, cents to either side."""

_FORMANTS = 7.0  # dB to either side by which a person's own partials differ, at individuality 1
_EVEN = (np.arange(PARTIALS) % 2 == 1).astype(np.float64)
_ROUGH = np.isin(np.arange(1, PARTIALS + 1), (7, 9, 11)).astype(np.float64)
_NUMBERS = np.arange(PARTIALS)
_OFFSET, _DEPTH, _FORMANT = 201, 202, 210  # what a person's own chance is drawn for
_AS_ONE = 0.3  # part of the amplitude that a circle in step gives up
_CROSSES = 0.5  # how deep the wave of a ratio is, as part of the depth of their breaths
_HOLLOW, _SMOOTH = 0.75, 0.6  # how much of even and of rough partials the valence moves


@dataclass(frozen=True)
class Score:
    """Targets of all rows, shape (C,) where nothing else is said."""

    time: float
    """Show time, s."""
    ids: tuple[str, ...]
    """Whose row it is; "" for nobody who may sound."""
    seed: Floats
    """0..1, a person's own chance."""
    amplitude: Floats
    """0..1: presence, consent, solo and mute. Breathing is not in it. 0: nothing else is known."""
    note: Floats
    """Hz, in the chord."""
    cents: Floats
    """Own offset from it."""
    theta: Floats
    """Phase of the own rhythm, rad."""
    rate: Floats
    """Own rate of it, rad/s of show time."""
    depth: Floats
    """0..1, how deeply a voice breathes."""
    together: Floats
    """0..1, how much it breathes with the group instead of by itself."""
    p: Floats
    """What is played against the circle's `q`, whole numbers; 1:1 is with it."""
    q: Floats
    crossing: Floats
    """0..1, how deep the wave is that turns p times to the circle's q; 0 at 1:1."""
    strength: Floats
    """0..1, how loud at the height of a breath."""
    brightness: Floats
    """0..1, how far its partials reach."""
    air: Floats
    """0..1, noise of breath."""
    timbre: Floats
    """Relative amplitudes of partials at full brightness, shape (C, PARTIALS)."""
    wander: Floats
    """0..1, how far partials come and go."""
    beat: Floats
    """Hz between a voice and its shadow."""
    psi: float
    """The group's phase, rad."""
    psi_rate: float
    """Its slow mean rate, rad/s; 0 while none is known."""
    root: float
    """Hz."""
    drone: float
    """0..1."""
    reverb: float
    """0..1, what comes from the room, with what resonance adds."""
    strings: float
    """0..1, how far the sympathetic strings are open, with what resonance adds."""


def score(frame: Frame, sound: Sound) -> Score:
    """The Score of a Frame, with the preset's sound."""
    p, group = frame.people, frame.group
    sings = sounding(p)
    timbre = TIMBRES[sound.timbre]
    effort = 0.85 + 0.15 * _felt(p.arousal, p, group.arousal)
    felt = min(1.0, _value(frame, "/resonance") * group.gain * group.softer)
    depth = _depth(p, _value(frame, "/sound/breath"))

    def own(values: Floats) -> Floats:
        return np.where(sings, values, 0.0)

    return Score(
        time=frame.time,
        ids=tuple(who if may else "" for who, may in zip(p.ids, sings.tolist(), strict=True)),
        seed=own(p.seed),
        amplitude=own(p.present),
        note=_notes(sound.scale, p.capacity, sound.height, sound.root),
        cents=own(_cents(p, _value(frame, "/sound/detune"))),
        theta=own(p.theta),
        rate=own(p.omega),
        depth=own(depth),
        together=own((1.0 - p.m) ** 2 * np.where(p.p == p.q, 1.0, 0.5)),
        p=own(p.p),
        q=own(p.q),
        crossing=own(np.where(p.p == p.q, 0.0, _CROSSES * depth)),
        # by up to 3 dB softer where all breathe as one: their swells add up, and must not press
        strength=own(effort * (1.0 - _AS_ONE * (1.0 - p.m) ** 2 * group.corrected)),
        brightness=own(_brightness(frame, sings)),
        air=own(np.clip(_value(frame, "/sound/air") * timbre.air * effort, 0.0, 1.0)),
        timbre=_timbre(sound.timbre, p, group, sings),
        wander=own(np.full(p.capacity, timbre.wander)),
        beat=own(timbre.beat * (1.0 + 0.6 * p.m * _chance(p.seed, _OFFSET + 1))),
        psi=group.psi,
        psi_rate=group.rate,
        root=sound.root,
        drone=_value(frame, "/sound/drone"),
        reverb=_opened(frame, "reverb", felt),
        strings=_opened(frame, "strings", felt),
    )


def sounding(people: People) -> Flags:
    """Whose voice may sound now, shape (C,): consent, then solo and mute."""
    may = allowed(people, "sound_layer") & people.here & ~people.leaving & ~people.voice_mute
    alone = may & people.voice_solo
    return alone if alone.any() else may


def _value(frame: Frame, address: str) -> float:
    return float(frame.values[TREE.index[address]])


def _opened(frame: Frame, name: str, felt: float) -> float:
    """The sound's own amount plus what resonance opens."""
    return min(1.0, _value(frame, f"/sound/{name}") + felt * _value(frame, f"/sympathy/{name}"))


@lru_cache(maxsize=16)
def _notes(scale: str, rows: int, height: float, root: float) -> Floats:
    notes = root * voicing(SCALES[scale], np.arange(rows), height, root)
    notes.flags.writeable = False
    return notes


def _chance(seed: Floats, salt: int) -> Floats:
    """A person's own number -1..1 for one purpose, shape (C,)."""
    return 2.0 * uniform(0, (seed * 2**40).astype(np.int64), salt) - 1.0


def _felt(own: Floats, p: People, group: float) -> Floats:
    """A person's own as far as they are apart, the group's as far as they are not, shape (C,)."""
    return p.m * own + (1.0 - p.m) * group


def _cents(p: People, width: float) -> Floats:
    return WIDEST * width * p.m * _chance(p.seed, _OFFSET)


def _depth(p: People, breath: float) -> Floats:
    return np.clip(breath * (1.0 + 0.15 * p.m * _chance(p.seed, _DEPTH)), 0.0, 1.0)


def _brightness(frame: Frame, sings: Flags) -> Floats:
    """Arousal and energy brighten, resonance opens. Cues after Eerola (2013)."""
    p = frame.people
    everybody = float(p.resonance[sings].mean()) if sings.any() else 0.0
    lifted = 0.22 * _felt(p.arousal, p, frame.group.arousal)
    lifted += 0.3 * p.m * (p.energy - 0.3) + 0.2 * _felt(p.resonance, p, everybody)
    return np.clip(_value(frame, "/sound/brightness") + lifted, 0.0, 1.0)


def _timbre(name: str, p: People, group: Group, sings: Flags) -> Floats:
    """The family's recipe, hollow or warm by valence, coloured by the person; (C, PARTIALS)."""
    valence = _felt(p.valence, p, group.valence)[:, None]
    warmth = 1.0 + _HOLLOW * valence * _EVEN - _SMOOTH * valence * _ROUGH
    whose = (p.seed * 2**40).astype(np.int64)[:, None]
    formants = 2.0 * uniform(0, whose, _FORMANT + _NUMBERS) - 1.0
    formants[:, 0] = 0.0
    decibels = _FORMANTS * p.m[:, None] * formants
    recipe = np.array(TIMBRES[name].partials) * warmth * 10.0 ** (decibels / 20.0)
    return np.where(sings[:, None], recipe, 0.0)
