"""The Circle: arc → hands → modulation → policy, then the people, once per frame.

`Circle.step(dt)` is the same live and in a rehearsal, and makes a Frame. `Circle.take(control)`
applies one checked message. No clock, randomness, socket or picture is known here.
"""

import numpy as np

from performer import modulation
from performer.circle import arc as arcs
from performer.circle import members, playing, seats, variety
from performer.circle.commands import COMMANDS, Saving
from performer.circle.life import Life
from performer.circle.presence import Timetable, timetable
from performer.errors import ControlError
from performer.frame import MOST_PEOPLE, SILENCE, Arc, Floats, Frame, Heard, People, copied
from performer.modulation import Following, Modulation
from performer.parameters import TREE, Control, Nature
from performer.show.shows import Library, Phase, Policy

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
        self.phase, self.phase_at = 0, 0.0
        self.preset = self.before = library.show.phase[0].preset
        self.preset_at, self.preset_fade = 0.0, 0.0
        self.flow, self.beat = 0.0, 0.0
        self.taps: tuple[float, ...] = ()
        self.panic_age = CALM
        self.waiting: dict[str, str] = {}
        self.remembered: dict[str, tuple[float, float, float]] = {}
        self.saving: list[Saving] = []
        self.life = Life()
        self.heard: Heard = SILENCE
        self.followed: dict[str, Floats] = {}
        self._compiled: dict[str, tuple[Modulation, Following]] = {}
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
        for name in ("index", "time", "origin", "phase", "phase_at", "preset", "before",
                     "preset_at", "preset_fade", "flow", "beat", "taps", "panic_age", "aspect",
                     "arc", "size", "heard"):  # fmt: skip
            setattr(circle, name, getattr(frame, name))
        circle.phase = min(circle.phase, len(library.show.phase) - 1)
        known = library.presets
        fallback = library.show.phase[circle.phase].preset
        circle.preset = frame.preset if frame.preset in known else fallback
        circle.before = frame.before if frame.before in known else fallback
        circle.base = frame.base.copy()
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
            i = TREE.index[control.address]
            self.arc = arcs.take(self.arc, i)
            self.base[i] = float(control.args[0])
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

    def begin_phase(self, number: int, fade: float | None = None) -> None:
        """Goes to a phase, counted from 0, with its own fade or another."""
        self.phase, self.phase_at = number, self.time
        phase = self.current
        length = phase.fade if fade is None else fade
        self.fade_to(phase.preset, length)
        self.arc = arcs.aim(self.arc, self.base, phase.from_, self.time, length)
        if length == 0.0:
            self.base = arcs.value(self.arc, self.time)

    def fade_to(self, preset: str, length: float) -> None:
        """Fades every value that a preset names, and deals its generators."""
        wanted = self.library.presets[preset]
        self.before, self.preset = self.preset, preset
        self.preset_at, self.preset_fade = self.time, length
        self.arc = arcs.aim(self.arc, self.base, wanted.values, self.time, length)
        members.change_generators(self.people, wanted.generators, self.time, length)

    def _follow(self, last: float) -> None:
        """The arc's own steps since the `last` time: to a phase's end, and to the next phase."""
        phase, since, before = self.current, self.time - self.phase_at, last - self.phase_at
        if (before < phase.fade or before <= 0.0) and since >= phase.fade and phase.to:
            length = max(phase.seconds - since, 0.1)
            self.arc = arcs.aim(self.arc, self.base, phase.to, self.time, length, keep_hands=True)
        held = self.base[TREE.index["/phase/hold"]] > 0.5
        if since >= phase.seconds and not held and self.phase + 1 < len(self.library.show.phase):
            self.begin_phase(self.phase + 1)

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
        moved = self.base + self._moved(dt * pace)
        moved = np.where(TREE.circular, moved % 360.0, np.clip(moved, TREE.low, TREE.high))
        values, clamps = self._policed(moved)
        self.beat += dt * members.value(values, "/tempo") / 60.0
        moving = dt * pace * (1.0 - members.value(values, "/freeze"))
        self.flow += moving * members.value(values, "/look/speed")
        self._people(values, last, dt, moving)
        return self._frame(dt, ack, quality, values, clamps)

    def _moved(self, dt: float) -> Floats:
        """Modulation of the preset that is on, and of the one that is fading out."""
        part = 1.0
        if self.preset_fade > 0.0:
            part = min(1.0, (self.time - self.preset_at) / self.preset_fade)
        before, self.followed = self.followed, {}
        moved = self._modulated(self.preset, before, dt) * part
        if part < 1.0:
            moved += self._modulated(self.before, before, dt) * (1.0 - part)
        moved[self.arc.hands & ~_MOVED_BY_BOTH] = 0.0
        return moved

    def _modulated(self, preset: str, before: dict[str, Floats], dt: float) -> Floats:
        """What one preset's waves, and what it follows of the sound, add to the values."""
        if preset not in self._compiled:
            rows = self.library.presets[preset]
            compiled = modulation.compile(rows.modulation), modulation.following(rows.listening)
            self._compiled[preset] = compiled
        waves, following = self._compiled[preset]
        moved = waves.offsets(self.time, self.beat, self.seed)
        if len(following.source):
            if preset not in self.followed:  # one may fade into itself
                was = before.get(preset)
                self.followed[preset] = following.follow(was, self.heard.values, dt)
            moved += following.offsets(self.followed[preset])
        return moved

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
            arc=self.arc, people=copied(self.people), group=life.group, tau=life.tau,
            warp=life.warp, flow=self.flow, beat=self.beat, remembered=dict(self.remembered),
            waiting=dict(self.waiting), taps=self.taps, panic_age=self.panic_age,
            sigma=self.policy.flash, aspect=self.aspect, quality=quality, origin=self.origin,
            size=self.size, heard=self.heard, followed=dict(self.followed),
        )  # fmt: skip


_LOOKS = ("/palette", "/look", "/sound")
_MOVED_BY_BOTH = np.array([p.address.startswith(_LOOKS) for p in TREE.continuous])
"""A hand on a master stops its modulation too; looks go on breathing under the hand."""


def _writable(people: People) -> People:
    thawed = copied(people)
    for array in vars(thawed).values():
        if isinstance(array, np.ndarray):
            array.flags.writeable = True
    return thawed
