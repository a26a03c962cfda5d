"""The people's part of a frame: rhythm, feeling, resonance, colours, seats; vectorised."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import msgspec
import numpy as np

from performer.circle import convergence, feeling, palettes, rhythm, seats, simulated, sympathy
from performer.circle.consent import State, allowed
from performer.circle.members import EMBER, value
from performer.frame import Flags, Floats, Group, People
from performer.modulation import PALETTE

if TYPE_CHECKING:
    from performer.circle.circle import Circle

SLOWLY = 4  # frames between two looks at what changes over seconds: colours, shares
SIMULATED_EVERY = 6  # frames between two feelings of simulated people
AREA_SECONDS = 0.35  # smoothing of the area estimate, for 32 people or fewer
REACH_SECONDS = 2.5
BREATH_TRUST = 15.0  # s after which a sensor's breath is no longer believed
ANSWER, ANSWER_MET = 0.6, 0.3  # part of an answer that is seen; more of it while all meet
ANSWER_SECONDS = 1.2  # in which an answer follows the wave it answers to
ALIKE_SECONDS = 4.0
SOFTER, SOFTER_WAIT, SOFTER_BACK = 0.9, 30.0, 120.0  # factor; s of cool-down; s to come back


class Life:
    """What the people do from one frame to the next; the state beside their own rows."""

    def __init__(self) -> None:
        self.group = Group()
        self.tau, self.warp = 1.0, 0.0

    def soften(self) -> None:
        """Somebody asked for softer: 10 % down, at most once in 30 s."""
        if self.group.softer_age >= SOFTER_WAIT:
            softer = max(0.3, self.group.softer * SOFTER)
            self.group = msgspec.structs.replace(self.group, softer=softer, softer_age=0.0)

    def step(self, circle: Circle, values: Floats, last: float, dt: float,
             moving: float) -> None:  # fmt: skip
        """One frame of everybody's life after `last`, s; `moving` is the eye's dt, 0 if frozen."""
        p = circle.people
        here = p.here & ~p.leaving
        p.m[:] = np.maximum(value(values, "/individuality"),
                            np.maximum(p.floor, circle.policy.look_floor))  # fmt: skip
        self._feel(circle, here, dt)
        self._resonate(circle, values, here, dt)
        self._answer(circle, values, here, moving)
        self._move(p, values, here, dt)
        self._converge(circle, here, last, dt)
        self._dream(p, values, here, circle, moving)
        self.settle(circle, values, dt)

    def _feel(self, circle: Circle, here: Flags, dt: float) -> None:
        p = circle.people
        for age in (p.feeling_age, p.heart_age, p.breath_age):
            np.minimum(age + dt, 1e9, out=age)
        if circle.index % SIMULATED_EVERY == 0:
            self._simulate(circle, here, SIMULATED_EVERY * dt)
        p.valence[:], p.arousal[:], p.confidence[:] = feeling.felt(
            p.told_valence, p.told_arousal, p.feeling_age, p.heart, p.heart_age,
            allowed(p, "use_heart"),
        )  # fmt: skip
        silent = ~here | (p.state != State.GIVEN)
        p.valence[silent] = p.arousal[silent] = p.confidence[silent] = 0.0
        p.alike[silent] = p.called[silent] = p.answer[silent] = 0.0

    @staticmethod
    def _simulate(circle: Circle, here: Flags, dt: float) -> None:
        """What simulated people say they feel, drawn by themselves and by those around them."""
        p, seed, all_ = circle.people, circle.seed, np.flatnonzero(here)
        some = p.simulated[all_]
        rows = all_[some]
        if not len(rows):
            return
        cell = circle.aspect / len(all_)
        around = sympathy.infected(p.valence[all_], p.arousal[all_], p.confidence[all_],
                                   p.seat[all_], cell)  # fmt: skip
        who = p.number[rows] - 1
        goals = simulated.feelings(seed, who, circle.time, *(x[some] for x in around))
        new = p.feeling_age[rows] >= feeling.SILENCE  # nothing to begin from
        for told, goal in zip((p.told_valence, p.told_arousal), goals, strict=True):
            followed = simulated.followed(seed, who, told[rows], goal, dt)
            told[rows] = np.where(new, goal, followed)
        p.feeling_age[rows] = 0.0
        p.breath_rate[rows] = simulated.breath_rates(seed, who, p.told_arousal[rows])

    def _resonate(self, circle: Circle, values: Floats, here: Flags, dt: float) -> None:
        p, group = circle.people, self.group
        z = feeling.together(p.valence, p.arousal, p.confidence)
        wanted = feeling.gain(z, feeling.voices(p.confidence))
        gain = feeling.follow_gain(group.gain, wanted, dt)
        softer = group.softer
        if group.softer_age > SOFTER_WAIT:
            softer += (1.0 - softer) * (1.0 - np.exp(-dt / SOFTER_BACK))
        self.group = msgspec.structs.replace(group, valence=z.real, arousal=z.imag, gain=gain,
                              softer=float(softer),
                              softer_age=min(group.softer_age + dt, 1e9))  # fmt: skip
        self._share(circle, here, dt)
        amplitude = value(values, "/resonance") * self.group.softer
        cap = np.minimum(p.cap, circle.policy.resonance_cap)
        p.resonance[:] = feeling.resonances(amplitude, gain, self._heard(p, here), cap, here)

    @staticmethod
    def _share(circle: Circle, here: Flags, dt: float) -> None:
        """Who has how much of the resonance; anew now and then, and when people come or go."""
        p = circle.people
        changed = ((p.share > 0.0) != here).any() or abs(p.share.sum() - 1.0) > 1e-9
        if circle.index % SLOWLY == 1 or changed:
            near = feeling.sympathy(p.valence, p.arousal, p.confidence, here)
            wish = feeling.shares_by(near, p.confidence, here)
            p.share[:] = feeling.smooth_shares(p.share, wish, here, SLOWLY * dt)
            way = -math.expm1(-SLOWLY * dt / ALIKE_SECONDS)
            p.alike += (feeling.alike(near, p.confidence, here) - p.alike) * way

    @staticmethod
    def _heard(p: People, here: Flags) -> Floats:
        """Shares with solo and mute: a solo counts double, a mute half, within ê's 0.5..2."""
        n = max(int(np.count_nonzero(here)), 1)
        return np.where(p.mute, 0.5 / n, np.where(p.solo, 2.0 / n, p.share))

    def _answer(self, circle: Circle, values: Floats, here: Flags, moving: float) -> None:
        """The one wave that passes through all, and the answers of those far away to it."""
        p = circle.people
        height = sympathy.crest(p.seat, circle.flow)
        if circle.index % SLOWLY == 3:
            p.called[here] = sympathy.answers(
                p.valence[here], p.arousal[here], p.confidence[here], p.seat[here], height[here]
            )
        p.answer += (p.called - p.answer) * -math.expm1(-moving / ANSWER_SECONDS)
        seen = ANSWER + ANSWER_MET * self.group.converged
        whole = np.minimum(height + seen * p.answer, 1.0)
        p.wave[:] = value(values, "/sympathy/wave") * p.resonance * whole

    def _converge(self, circle: Circle, here: Flags, last: float, dt: float) -> None:
        """Keeps the history of those who may be counted, and looks at it now and then."""
        p, time = circle.people, circle.time
        beats = here & allowed(p, "couple_rhythm")
        moods = here & (p.confidence >= convergence.HEARD)
        convergence.forget(p, beats, moods)
        if math.floor(time) > math.floor(last):
            convergence.sample(p, beats, moods)
        if (number := math.floor(time / convergence.LOOK)) > math.floor(last / convergence.LOOK):
            self.group = convergence.look(p, self.group, circle.seed, number)
        self.group = convergence.decided(self.group, dt)

    def _move(self, p: People, values: Floats, here: Flags, dt: float) -> None:
        group = self.group
        coupled = allowed(p, "couple_rhythm") & here
        counts = coupled & (p.p == p.q)
        order, psi = rhythm.order(p.theta, counts)
        kappa = rhythm.pull(p.omega, p.m, p.p, p.q, value(values, "/coupling"), coupled, order,
                            group.rate)  # fmt: skip
        p.theta[:], rate = rhythm.advance(p.theta, p.omega, kappa, p.p, p.q, order, psi, dt)
        mean = rhythm.mean_rate(group.rate, p.theta, rate, counts, dt)
        corrected = rhythm.corrected(order, int(np.count_nonzero(counts)))
        self.group = msgspec.structs.replace(
            group, order=order, psi=psi, rate=mean, corrected=corrected
        )

    def _dream(self, p: People, values: Floats, here: Flags, circle: Circle,
               moving: float) -> None:  # fmt: skip
        """What each layer is drawn with: energy, time, breath, colours."""
        own = 0.8 + 0.4 * p.seed
        swell = 0.06 * np.cos(p.theta)
        energy = value(values, "/look/energy") * own + swell
        energy += value(values, "/sympathy/energy") * p.resonance * (0.6 + 0.4 * p.arousal)
        live = here & (p.state != State.PAUSED)
        p.energy[live] = np.clip(energy, 0.0, 1.0)[live]
        p.rate[:] = value(values, "/look/speed") * (0.7 + 0.3 * p.seed) * (0.75 + 0.6 * p.energy)
        p.time += np.where(live, p.rate * moving, 0.0)
        p.breath_phase[:] = (p.breath_phase + p.breath_rate * moving) % 1.0
        heard = np.exp(-np.maximum(p.breath_age - 2.0, 0.0) / BREATH_TRUST)
        free = 0.5 - 0.5 * np.cos(2.0 * np.pi * p.breath_phase)
        wanted = heard * p.breath_heard + (1.0 - heard) * free
        p.breath[live] += ((wanted - p.breath) * (1.0 - np.exp(-moving / 0.3)))[live]
        paused = here & (p.state == State.PAUSED) & (p.veiled_at < 0.0)
        awake = here & (p.state == State.GIVEN) & (p.veiled_at < 0.0)
        p.veil[paused] = np.minimum(p.veil[paused] + moving / 3.0, EMBER)
        p.veil[awake] = np.maximum(p.veil[awake] - moving / 3.0, 0.0)
        if circle.index % SLOWLY == 0:
            wanted = ("hue", "spread", "light", "chroma", "accent")
            family = [value(values, f"/palette/{name}") for name in wanted]
            place = np.clip(p.place + p.swing[:, PALETTE], 0.0, 1.0)
            p.colours[live] = palettes.colours(place, *family)[live]

    def settle(self, circle: Circle, values: Floats, dt: float) -> None:
        """Seats, weights, discs and the estimate of everybody's territory."""
        p, aspect = circle.people, circle.aspect
        rows = np.flatnonzero(p.present > 0.0)
        individuality = value(values, "/individuality")
        total = max(float(p.present.sum()), 1.0)
        cell = aspect / total
        self.tau = seats.softness(individuality, cell)
        self.warp = value(values, "/look/warp") * 0.42 * float(np.sqrt(cell))
        if not len(rows):
            return
        present, keeps = p.present[rows], ~p.leaving[rows]
        seat = p.seat[rows]
        if circle.index % 2 == 0:
            seat = seats.relaxed(seat, present, aspect, 2.0 * dt)
        weight = p.pull[rows] - (1.0 - _eased(present)) * 3.0 * cell
        radius = seats.radii(seat, _eased(present), p.m[rows], circle.policy.disc, aspect)
        edge = seats.edge_width(p.m[rows])
        points = seats.sample_points(aspect, circle.index, len(rows))
        moved = seats.wander(points, self.warp, circle.flow)
        tau = seats.softened(points, self.tau, circle.flow)
        found = seats.estimate(points, moved, seat, weight, radius, edge, tau)
        p.target[:] = 0.0
        p.target[rows] = seats.targets(present, p.share[rows], circle.policy.share)
        new = p.area[rows] <= 0.0  # one frame's points alone would say 0 or far too much
        p.area[rows] = np.where(new, p.target[rows], p.area[rows])
        p.area[rows] /= p.area[rows].sum()  # who came or went leaves shares of one plane behind
        lag = AREA_SECONDS * max(1.0, min(len(rows) / 32.0, 4.0))
        p.area[rows] += (found.area - p.area[rows]) * (1.0 - np.exp(-dt / lag))
        closing = 1.0 - np.exp(-dt / REACH_SECONDS)
        p.reach[rows] += (found.reach - p.reach[rows]) * np.where(new, 1.0, closing)
        p.pull[rows] = seats.pulled(
            p.pull[rows], p.target[rows], p.area[rows], cell, dt, lag, keeps
        )
        p.seat[rows], p.weight[rows], p.disc[rows], p.edge[rows] = seat, weight, radius, edge
        p.bound[rows] = seats.disc_factor(edge) * np.pi * radius**2 / aspect


def _eased(x: Floats) -> Floats:
    return x * x * (3.0 - 2.0 * x)
