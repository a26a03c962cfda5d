"""The other rooms: every preset from one merged dream to a tapestry, and every phase of a show."""

import numpy as np
from numpy.typing import NDArray

from performer.circle.circle import Circle
from performer.gallery.exhibits import Section, Still
from performer.gallery.files import Folder, sheet
from performer.gallery.plan import Plan
from performer.gallery.scene import SETTLE, SETTLING, rested, settled, still
from performer.parameters import TREE
from performer.show.presets import Preset
from performer.show.shows import Library, Phase

Pixels = NDArray[np.uint8]

CONTACT = "contact-sheet.png"
DREAM = "dream"  # the phase whose still stands for a show
ACROSS = 3  # phases in a row


class Presets:
    """Draws presets, each alone."""

    def __init__(self, out: Folder, first: str, plan: Plan) -> None:
        """`first` is the preset whose sheet is the README's."""
        self.out, self.first, self.plan = out, first, plan

    def section(self, name: str, library: Library) -> Section:
        """One preset; `library` is a show of it alone."""
        preset = library.presets[name]
        size = self.plan.contact if name == self.first else self.plan.still
        drawn = [
            self._still(name, library, size, individuality, resonance)
            for resonance in self.plan.resonances
            for individuality in self.plan.individualities
        ]
        across = len(self.plan.individualities)
        whole = sheet([pixels for pixels, _ in drawn], across)
        self.out.still(CONTACT if name == self.first else f"presets/{name}.png", whole)
        return Section(
            "presets", name, preset.title, preset.notes, tuple(shown for _, shown in drawn), across,
            facts=(("dreams", ", ".join(preset.generators)), ("people", str(library.show.people))),
            head=("fader", "stands at", "what it does"), table=_faders(preset),
        )  # fmt: skip

    def _still(
        self, name: str, library: Library, size: tuple[int, int], individuality: float,
        resonance: float,
    ) -> tuple[Pixels, Still]:  # fmt: skip
        values = {"/individuality": individuality, "/resonance": resonance}
        pixels = still(settled(library, values), size)
        file = f"presets/{name}-i{individuality * 100:03.0f}-r{resonance * 100:03.0f}.png"
        self.out.still(file, pixels)
        caption = f"individuality {individuality:g}, resonance {resonance:g}"
        people = f"{library.show.people} people"
        return pixels, Still(file, size, caption, f"The preset {name}, {people}, {caption}")


class Shows:
    """Draws shows, a still in the middle of each phase."""

    def __init__(self, out: Folder, plan: Plan) -> None:
        self.out, self.plan = out, plan

    def section(self, library: Library) -> Section:
        """One show."""
        show, phases = library.show, library.show.phase
        best = next((k for k, p in enumerate(phases) if p.name == DREAM), len(phases) // 2)
        stills = tuple(self._still(library, k, k == best) for k in range(len(phases)))
        return Section(
            "shows", library.name, show.title, show.notes, stills, across=ACROSS,
            facts=(("length", f"{show.seconds / 60.0:.0f} minutes"), ("people", str(show.people)),
                   ("individuality", f"at least {show.policy.look_floor:g}"),
                   ("resonance", f"at most {show.policy.resonance_cap:g}")),
            head=("phase", "preset", "lasts", "fades in over"),
            table=tuple(_phase(p) for p in phases),
        )  # fmt: skip

    def _still(self, library: Library, number: int, best: bool) -> Still:
        phase = library.show.phase[number]
        circle = Circle(library)
        circle.begin_phase(number, fade=0.0)
        circle.take(TREE.accept("/phase/hold", [1]))  # a short phase must not pass meanwhile
        middle = 0.5 * phase.seconds if self.plan.whole_phases else 0.0
        rested(circle, max(middle, SETTLE * SETTLING))
        size = self.plan.fine if best else self.plan.still
        file = f"show-{library.name}.png" if best else f"shows/{library.name}-{number + 1}.png"
        caption = _caption(circle, phase)
        self.out.still(file, still(circle, size))
        return Still(file, size, caption, f"The show {library.name} in its phase {phase.name}")


def _caption(circle: Circle, phase: Phase) -> str:
    frame = circle.step(SETTLING)
    told = [f"{m[1:]} {frame.values[TREE.index[m]]:.2f}" for m in ("/individuality", "/resonance")]
    minutes = f"{(frame.time - frame.phase_at) / 60.0:.1f} of {phase.seconds / 60.0:g} min"
    return f"{phase.name}, {minutes}: {frame.preset}, {', '.join(told)}"


def _faders(preset: Preset) -> tuple[tuple[str, ...], ...]:
    known = {p.address: p for p in TREE.continuous}
    return tuple(
        (address, f"{value:g}", known[address].help) for address, value in preset.values.items()
    )


def _phase(phase: Phase) -> tuple[str, ...]:
    return phase.name, phase.preset, f"{phase.seconds / 60.0:g} min", f"{phase.fade:g} s"
