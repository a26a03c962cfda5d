"""The Circle: arc → hands → modulation → policy, then the people, once per frame.

`Circle.step(dt)` is the same live and in a rehearsal, and makes a Frame. `Circle.take(control)`
applies one checked message. No clock, randomness, socket or picture is known here.
"""

import math
from collections.abc import Mapping

import numpy as np

from performer import modulation
from performer.circle import arc as arcs
from performer.circle import cues, dressing, members, morph, playing, seats, sensing, tempo, variety
from performer.circle.commands import COMMANDS, Saving
from performer.circle.life import Life
from performer.circle.presence import Timetable, timetable
from performer.errors import ControlError
from performer.frame import (
    MOST_PEOPLE,
    NOBODY_SPOKE,
    SILENCE,
    Arc,
    Cueing,
    Floats,
    Frame,
    Heard,
    Leading,
    People,
    copied,
)
from performer.modulation import Patch
from performer.parameters import TREE, Control, Nature
from performer.show.presets import Preset
from performer.show.shows import LEAST, Library, Phase, Policy

SETTLING = 60  # steps of 0.1 s in which seats and territories come to rest before the first Frame
CALM = 1e9  # age of a panic that never was


class Circle:
    """The state of the night between two Frames."""

    def __init__(self, library: Library, people: int | None = None, seed: int | None = None,
                 aspect: float = 16.0 / 9.0) -> None:  # fmt: skip
        self.library = library
        self.seed = library.show.seed if seed is None else seed
        self.aspect = aspect
        self.index, self.time, self.origin = 0, 0.0, 0.0
        self.arc: Arc = arcs.still(TREE.defaults)
        self.base: Floats = TREE.defaults.copy()
        self.phase, self.phase_at, self.phase_fade = 0, 0.0, 0.0
        self.preset = self.before = library.show.phase[0].preset
        self.preset_at, self.preset_fade = 0.0, 0.0
        self.cue, self.morph = Cueing(), morph.NOTHING
        self.shown: str = self.preset
        """The preset that was on in the last Frame."""
        self.residue: Floats = _NOTHING
        self.away, self.turned = self.residue, 0.0
        self.flow, self.beat = 0.0, 0.0
        self.leading = Leading()
        self.panic_age = CALM
        self.waiting: dict[str, str] = {}
        self.remembered: dict[str, tuple[float, float, float]] = {}
        self.saving: list[Saving] = []
        self.life = Life()
        self.heard: Heard = SILENCE
        self.followed: dict[str, Floats] = {}
        self.spoken = NOBODY_SPOKE
        self.resting: tuple[str, ...] = ()
        """Shaders that took too long; see render.watch."""
        self._compiled: dict[str, tuple[Preset, Patch]] = {}
        count = self.size = library.show.people if people is None else people
        generators = library.presets[self.preset].generators
        self.people: People = members.circle_of(count, self.seed, generators, aspect)
        playing.begin(self)
        self.begin_phase(0, fade=0.0)
        for _ in range(SETTLING if count else 0):
            self.life.settle(self, self.base, 0.1)

    # ---- going on from a Frame ------------------------------------------------------------

    @staticmethod
    def going_on(library: Library, frame: Frame) -> "Circle":
        """The Circle that made `frame`, ready for the next step."""
        circle = Circle(library, people=0, seed=frame.seed, aspect=frame.aspect)
        for name in ("index", "time", "origin", "phase", "phase_at", "phase_fade", "preset",
                     "before", "preset_at", "preset_fade", "flow", "beat", "leading", "panic_age",
                     "aspect", "arc", "size", "heard", "residue", "away", "turned",
                     "spoken", "resting"):  # fmt: skip
            setattr(circle, name, getattr(frame, name))
        circle.phase = min(circle.phase, len(library.show.phase) - 1)
        known = library.presets
        fallback = library.show.phase[circle.phase].preset
        circle.preset = frame.preset if frame.preset in known else fallback
        circle.before = frame.before if frame.before in known else fallback
        circle.base = frame.base.copy()
        circle.cue = cues.resumed(frame.cue, library.show)
        circle.morph, circle.shown = frame.morph, circle.preset
        if not {*frame.morph} <= {*known, ""}:
            morph.end(circle)
        circle.people = _writable(frame.people)
        circle.waiting, circle.remembered = dict(frame.waiting), dict(frame.remembered)
        circle.followed = dict(frame.followed)
        circle.life.group = frame.group
        return circle

    # ---- messages -------------------------------------------------------------------------

    def take(self, control: Control) -> None:
        """Applies one checked message; ControlError if it means nobody or nothing that is here."""
        parameter = control.parameter
        if parameter.nature in (Nature.FADER, Nature.SWITCH):
            i, wanted = TREE.index[control.address], float(control.args[0])
            rests = i == arcs.MORPH  # it has nowhere to come back to when it is released
            self.arc = arcs.placed(self.arc, i, wanted) if rests else arcs.take(self.arc, i)
            self.base[i] = wanted
            return
        command = COMMANDS.get(parameter.address)
        if command is None:
            raise ControlError(control.address, "only a desk answers that, during a night")
        command(self, control)
        if control.tail in ("pause", "object"):  # a hand's word: the timetable takes it not back
            self.people.played[self.row(control)] = False

    def row(self, control: Control) -> int:
        """The row of the participant a message is for; ControlError if nobody has that id."""
        row = self.people.row(control.person)
        if row is None or self.people.leaving[row]:
            raise ControlError(control.address, "nobody of that id is here; /join comes first")
        return row

    # ---- phases and presets ---------------------------------------------------------------

    @property
    def policy(self) -> Policy:
        """What this event promises."""
        return self.library.show.policy

    @property
    def current(self) -> Phase:
        """The phase that is on."""
        return self.library.show.phase[self.phase]

    @property
    def timetable(self) -> Timetable:
        """When simulated people come and go of themselves."""
        show = self.library.show
        return timetable(self.seed, self.size, show.seconds, show.arrivals)

    def begin_phase(self, number: int, fade: float | None = None, shape: int = arcs.EASE) -> None:
        """Goes to a phase, counted from 0, with its own fade or another."""
        cues.begun(self, number)
        length = self.enter(number, fade)
        self.fade_to(self.current.preset, length, shape)
        self.aim(self.current.from_, length, shape)
        if length == 0.0:
            self.base = np.where(self.arc.hands, self.base, arcs.value(self.arc, self.time))

    def enter(self, number: int, fade: float | None) -> float:
        """A phase is on, with its own fade or another; the length of that, s. Nothing moves yet."""
        self.phase, self.phase_at = number, self.time
        own = self.current.fade
        self.phase_fade = max(own, fade or 0.0)
        return own if fade is None else fade

    def fade_to(self, preset: str, length: float, shape: int = arcs.EASE) -> None:
        """Fades to a preset: everything that it names."""
        self.turn(preset, length)
        self.aim(self.library.presets[preset].values, length, shape)

    def turn(self, preset: str, length: float) -> None:
        """Another preset is on: its generators, its sound and, over `length` s, its modulation.

        The crossfade begins with the modulation in force, which may be between two presets itself.
        """
        morph.end(self)
        self.before, self.preset = self.shown, preset
        self.preset_at, self.preset_fade, self.residue = self.time, length, self.away
        self.turned = self.time
        generators = self.library.presets[preset].generators
        members.change_generators(self.people, generators, self.time, length)

    def aim(self, goals: Mapping[str, float], length: float, shape: int = arcs.EASE) -> None:
        """Sets the named faders on their way; hands on them let go."""
        self.arc = arcs.aim(self.arc, self.base, goals, self.time, length, shape=shape)

    def _follow(self, last: float) -> None:
        """The arc's own steps since the `last` time: to a phase's end, the next phase, a cue."""
        phase, since, before = self.current, self.time - self.phase_at, last - self.phase_at
        fade = self.phase_fade
        if (before < fade or before <= 0.0) and since >= fade and phase.to:
            left = phase.seconds - since  # none, if /back took longer than the phase
            length = max(left if left > 0.0 else fade, LEAST)
            self.arc = arcs.aim(self.arc, self.base, phase.to, self.time, length, keep_hands=True)
        held = self.base[TREE.index["/phase/hold"]] > 0.5
        after = cues.next_phase(self)
        if since >= phase.seconds and not held and after is not None:
            self.begin_phase(after)
        cues.follow(self)

    # ---- one frame ------------------------------------------------------------------------

    def step(self, dt: float, ack: int = 0, quality: float = 1.0, pace: float = 1.0) -> Frame:
        """The Frame `dt` seconds after the last.

        `pace`: seconds before the eye per second of show time. Layers, flow, breath and a panic
        keep to the eye's, so that a fast rehearsal shows the night faster, not its pictures.
        """
        self.index += 1
        last, self.time = self.time, self.time + dt
        self.panic_age = min(self.panic_age + dt * pace, CALM)
        self._follow(last)
        self.base = np.where(self.arc.hands, self.base, arcs.value(self.arc, self.time))
        morph.follow(self)
        moved = self.base + self._moved(last, dt * pace)
        moved = np.where(TREE.circular, moved % 360.0, np.clip(moved, TREE.low, TREE.high))
        values, clamps = self._policed(moved)
        self._keep_time(values, dt)
        moving = dt * pace * (1.0 - members.value(values, "/freeze"))
        self.flow += moving * members.value(values, "/look/speed")
        self._people(values, last, dt, moving)
        return self._frame(dt, ack, quality, values, clamps)

    def _moved(self, last: float, dt: float) -> Floats:
        """Modulation of the preset that is on, and of the one that is fading out."""
        part, left = morph.weights(self)
        fading = part < 1.0 or self.morph != morph.NOTHING
        patches = {name: self._patch(name) for name in (self.preset, self.before)[: 1 + fading]}
        sources = sensing.sources(self, patches.values(), last, dt)
        moves = {name: p.step(self.followed.get(name), sources) for name, p in patches.items()}
        self.followed = {name: m.memory for name, m in moves.items() if len(m.memory)}
        own, other = moves[self.preset], moves.get(self.before)
        moved = own.values * part
        if fading and other is not None:  # it may be the same: one can fade into itself
            moved += other.values * (1.0 - part)
        # it may hold people's data, so that it is gone in seconds and never comes back
        self.residue = self.residue * math.exp(-dt / modulation.GONE) if left > 0.0 else _NOTHING
        if left > 0.0:
            moved += self.residue * left
        seconds = sensing.following(self)
        sensing.swing(self.people, own.swing, other and other.swing, part, dt, seconds)
        self.away, self.shown = moved - own.values, self.preset
        return np.where(_MOVED_BY_BOTH, moved, moved * arcs.returned(self.arc, self.time))

    def _patch(self, preset: str) -> Patch:
        """A preset's modulation, compiled when it is first needed, and when it was saved anew."""
        wanted = self.library.presets[preset]
        known, patch = self._compiled.get(preset, (None, None))
        if patch is None or known is not wanted:
            patch = modulation.compile(wanted.modulation, wanted.listening,
                                       self.library.generators)  # fmt: skip
            self._compiled[preset] = wanted, patch
        return patch

    def _policed(self, values: Floats) -> tuple[Floats, tuple[str, ...]]:
        """The last word: what the policy promises, and which values it held back."""
        clamps: list[str] = []
        for address, limit, at_least in (
            ("/individuality", self.policy.look_floor, True),
            ("/resonance", self.policy.resonance_cap, False),
        ):
            i = TREE.index[address]
            if values[i] < limit if at_least else values[i] > limit:
                values[i] = limit
                clamps.append(address)
        return values, tuple(clamps)

    def _keep_time(self, values: Floats, dt: float) -> None:
        """The tempo that is in force, which `values` then hold too, and the beat."""
        i, listens = TREE.index["/tempo"], members.value(values, "/tempo/listen") > 0.5
        hand = float(self.base[i]) if self.arc.hands[i] else None
        heard = self.heard if listens else SILENCE
        self.leading = tempo.led(self.leading, float(values[i]), hand, heard, self.time, dt)
        self.beat = tempo.advanced(self.leading, self.beat, self.time, dt)
        values[i] = self.leading.now

    def _people(self, values: Floats, last: float, dt: float, moving: float) -> None:
        playing.play(self, last)
        for row in members.come_and_go(self.people, dt):
            self.forget(row)
        self._let_in()
        members.veil(self.people, last, self.time)
        self.life.step(self, values, last, dt, moving)

    def _let_in(self) -> None:
        """Lets people in who have been waiting, as long as there is room."""
        while self.waiting:
            person = next(iter(self.waiting))
            if not self.admit(person, self.waiting[person]):
                return
            del self.waiting[person]

    def admit(self, person: str, name: str) -> bool:
        """Gives somebody a row and a seat; False if 256 people are here."""
        self._make_room(person)
        self.people, row = members.free_row(self.people)
        if row is None:
            return False
        p = self.people
        around = p.here & ~p.leaving
        seat = seats.free_place(p.seat, around, self.aspect)
        members.enter(p, row, person, name, self.seed, self.time)
        p.seat[row] = seat
        p.place[row] = variety.place_beside(seat, p.seat[around], p.place[around])
        if person in self.remembered:
            x, y, p.place[row] = self.remembered.pop(person)
            p.seat[row] = (x, y)
        generators = self.library.presets[self.preset].generators
        p.generators[row] = p.wanted[row] = members.dealt(generators, row)
        return True

    def _make_room(self, person: str) -> None:
        """The youngest simulated person goes; where all rows are taken, one for each who waits."""
        simulated, p = members.youngest_simulated(self.people), self.people
        if simulated is None:
            return
        room = "" in p.ids or p.capacity < MOST_PEOPLE
        ahead = list(self.waiting).index(person) if person in self.waiting else len(self.waiting)
        if (room and person not in self.waiting) or (
            not room and np.count_nonzero(p.leaving) <= ahead
        ):
            members.leave(p, simulated)

    def remember(self, row: int) -> None:
        """Keeps seat and palette of somebody who leaves, for when they come back."""
        p = self.people
        x, y = p.seat[row]
        self.remembered[p.ids[row]] = (float(x), float(y), float(p.place[row]))
        while len(self.remembered) > members.REMEMBERED:
            del self.remembered[next(iter(self.remembered))]

    def forget(self, row: int) -> None:
        """Empties the row of somebody whose fade-out is over."""
        members.clear_row(self.people, row)

    def _frame(self, dt: float, ack: int, quality: float, values: Floats,
               clamps: tuple[str, ...]) -> Frame:  # fmt: skip
        life = self.life
        return Frame(
            index=self.index, time=self.time, dt=dt, ack=ack, seed=self.seed,
            show=self.library.name, preset=self.preset, before=self.before,
            preset_at=self.preset_at, preset_fade=self.preset_fade, phase=self.phase,
            phase_at=self.phase_at, base=self.base.copy(), values=values, clamps=clamps,
            arc=self.arc, cue=self.cue, morph=self.morph, residue=self.residue,
            away=self.away, people=copied(self.people), group=life.group, tau=life.tau,
            warp=life.warp, flow=self.flow, beat=self.beat, remembered=dict(self.remembered),
            waiting=dict(self.waiting), panic_age=self.panic_age,
            sigma=self.policy.flash, aspect=self.aspect, quality=quality, origin=self.origin,
            size=self.size, heard=self.heard, followed=dict(self.followed),
            phase_fade=self.phase_fade, leading=self.leading, spoken=self.spoken,
            turned=self.turned, worn=dressing.worn(self, values),
            crossing=dressing.crossing(self), resting=self.resting,
        )  # fmt: skip


_NOTHING: Floats = np.zeros(len(TREE.defaults))
_LOOKS = ("/palette", "/look", "/sound")
_MOVED_BY_BOTH = np.array([p.address.startswith(_LOOKS) for p in TREE.continuous])
"""A hand on a master stops its modulation too; looks go on breathing under the hand."""


def _writable(people: People) -> People:
    thawed = copied(people)
    for array in vars(thawed).values():
        if isinstance(array, np.ndarray):
            array.flags.writeable = True
    return thawed
