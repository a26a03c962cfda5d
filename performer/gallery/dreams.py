"""The first room: every generator alone, in every preset's palette, calm to high."""

from collections.abc import Mapping
from contextlib import suppress

import numpy as np
from numpy.typing import NDArray

from performer.circle.circle import Circle
from performer.errors import FileError, Problem
from performer.gallery.exhibits import Section, Still
from performer.gallery.files import Folder, sheet
from performer.gallery.plan import ENERGIES, Plan
from performer.parameters import TREE
from performer.render import context
from performer.render.easel import Easel, Sitter
from performer.show.files import data_folder
from performer.show.isf import PERSONAL, Shader
from performer.show.isf.inputs import Input
from performer.show.shows import Library

Pixels = NDArray[np.uint8]

GOLDEN = 0.6180339887498949  # seeds and moments differ from row to row, the same ones each time
OVERVIEW = "generators.png"
OVERVIEW_ACROSS = 4
USUAL = "usual"
HEAD = ("input", "kind", "range", "default", "what it does")


class Dreams:
    """All generators, on one easel."""

    def __init__(
        self, out: Folder, generators: Mapping[str, Shader], presets: Mapping[str, Library],
        plan: Plan,
    ) -> None:  # fmt: skip
        """`presets`: each preset's name with a Library in which it is alone."""
        self.out, self.generators, self.presets, self.plan = out, generators, presets, plan
        self.palettes = {name: family(library) for name, library in presets.items()}
        """Four colours by the preset they are of."""
        self.gl = context.headless()
        self.easel = Easel(self.gl, generators)

    def overview(self) -> Section:
        """All generators on one sheet, each in a palette that it is dealt with."""
        drawn: dict[str, Pixels] = {}
        for name in self.generators:
            with suppress(FileError):  # its own section tells
                drawn[name] = self.easel.draw(name, self.plan.still, self._sitter(name, 1, USUAL))
        if not drawn:
            raise FileError(data_folder() / "shaders" / "layers", [Problem("none can be drawn")])
        whole = sheet(list(drawn.values()), OVERVIEW_ACROSS)
        self.out.still(OVERVIEW, whole)
        names, size = ", ".join(drawn), (whole.shape[1], whole.shape[0])
        still = Still(OVERVIEW, size, names, f"{len(drawn)} generators on one sheet: {names}")
        return Section("generators", "all", "all", "One dream each.", (still,), across=1)

    def section(self, name: str) -> Section:
        """One generator; FileError if it does not compile."""
        generator = self.generators[name]
        homes = ", ".join(p for p in self._families(name) if name in self._dealt(p))
        stills = tuple(
            self._still(name, number, energy)
            for number in range(1, len(self._families(name)[: self.plan.most]) + 1)
            for energy in self.plan.energies
        )
        return Section(
            "generators", name, name, generator.description, stills, len(self.plan.energies),
            facts=(("dealt by", homes or "no preset"), ("by", generator.credit or "unknown")),
            head=HEAD, table=_table(generator),
        )  # fmt: skip

    def _dealt(self, preset: str) -> tuple[str, ...]:
        return self.presets[preset].presets[preset].generators

    def _families(self, name: str) -> list[str]:
        """Names of palettes, those of the presets that deal this generator first."""
        return sorted(self.palettes, key=lambda p: name not in self._dealt(p))

    def _sitter(self, name: str, number: int, energy: str) -> Sitter:
        """Whom the `number`th row (from 1) is drawn for."""
        family = self._families(name)[number - 1]
        return Sitter(energy=ENERGIES[energy], seed=number * GOLDEN % 1.0,
                      time=20.0 + 7.0 * number, colours=self.palettes[family])  # fmt: skip

    def _still(self, name: str, number: int, energy: str) -> Still:
        family, sitter = self._families(name)[number - 1], self._sitter(name, number, energy)
        file = f"generators/{name}/{family}-{energy}.png"
        self.out.still(file, self.easel.draw(name, self.plan.still, sitter))
        caption = (f"{family}, {energy}: energy {sitter.energy:.2f}, seed {sitter.seed:.2f}, "
                   f"at {sitter.time:.0f} s")  # fmt: skip
        alt = f"The generator {name} in the palette of {family}, {energy}"
        return Still(file, self.plan.still, caption, alt)

    def close(self) -> None:
        """Gives OpenGL back."""
        self.easel.release()
        self.gl.release()


def family(library: Library) -> tuple[float, ...]:
    """The four colours in the middle of a preset's family of palettes, 12 numbers, sRGB."""
    circle = Circle(library, people=1)
    circle.take(TREE.accept(f"/participant/{circle.people.ids[0]}/palette", [0.5]))
    for _ in range(8):  # colours are looked at every few frames
        circle.step(1.0 / 30.0)
    return tuple(circle.people.colours[0].tolist())


def _table(generator: Shader) -> tuple[tuple[str, ...], ...]:
    """Its inputs, those of its own first."""
    own = [i for i in generator.inputs if i.name not in PERSONAL]
    personal = [i for i in generator.inputs if i.name in PERSONAL]
    return tuple(_row(i) for i in (*own, *personal))


def _row(entry: Input) -> tuple[str, ...]:
    plain = entry.floats == 1
    between = f"{entry.low[0]:g} to {entry.high[0]:g}" if plain else ""
    default = f"{entry.default[0]:g}" if plain else ", ".join(f"{n:g}" for n in entry.default)
    if entry.name in PERSONAL:
        default = "the person's"
    return entry.name, entry.kind, between, default, entry.label.removeprefix(f"{entry.name}: ")
