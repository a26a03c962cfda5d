"""Shows: the presets of a night, its phases and its policy, written down.

Loading a show reads everything it names and reports every problem of every file at once. When a
phase begins, and how values travel, is not known here.
"""

import contextlib
import math
import re
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Annotated, Any, cast

from pydantic import Field, model_validator

from performer.errors import FileError, Problem
from performer.show.cues import Cue
from performer.show.effects import faders, problems_of
from performer.show.files import NAME, FilesError, data_folder, find, names, read_model, read_toml
from performer.show.isf import Shader
from performer.show.isf.folders import called, find_shaders
from performer.show.presets import Preset, load_preset
from performer.show.problems import (
    Faders,
    Listed,
    Name,
    Text,
    Title,
    Unit,
    Written,
    one_of,
    shown,
    within,
)
from performer.show.routes import Kind

LEAST = 1.0  # s that a phase needs at least for its way to `to`
EFFECTS, TRANSITIONS = "effects/", "transitions/"
"""What sets names of effects and transitions apart from those of generators."""
ALONE = 3600.0  # s; how long a preset that is played without a show lasts


class Policy(Written):
    """What an event promises its participants: floors and caps that no control exceeds."""

    look_floor: Unit = 0.0
    """The least individuality m of anybody's look."""
    share: Unit = 0.5
    """f, the part of the plane that is shared out equally."""
    disc: Annotated[float, within(0.3, 1)] = 0.742
    """Eta, the sanctuary disc's part of half the smallest distance between seats."""
    flash: Annotated[float, within(0.05, 0.35, "per second", above=True)] = 0.27
    """Sigma, the fastest change of luminance; 0.27 keeps to three transitions in any second."""
    resonance_cap: Unit = 1.0
    """The most resonance of anybody."""
    laeq: Annotated[float, within(60, 100, "dB")] = 85.0
    """The most that the sound may be, A-weighted, averaged over any 15 minutes. WHO's limit for
    venues is 100; who lies and sleeps wants far less."""


class Phase(Written):
    """One stretch of the night: a preset, and where some faders stand at its start and end."""

    name: Name
    seconds: Annotated[float, within(5, 7200, "s")]
    preset: Name
    fade: Annotated[float, within(0, 600, "s")] = 4.0
    """Seconds from the phase before to the preset and to `from`."""
    from_: Faders = Field(default_factory=dict[str, float], alias="from")
    """Values reached over `fade`; they go before the preset's."""
    to: Faders = Field(default_factory=dict[str, float])
    """Values reached at the phase's end."""
    notes: Text = ""
    """For the operator, while the phase stands by as a cue."""

    @model_validator(mode="after")
    def _fade_fits(self) -> "Phase":
        if self.fade > self.seconds:
            raise ValueError(f"fade must be at most the phase's {self.seconds:g} s, found "
                             f"{self.fade:g}")  # fmt: skip
        if self.to and self.fade > self.longest:
            raise ValueError(f"fade must leave at least {LEAST:g} s of {self.seconds:g} s for "
                             f"`to`, found {self.fade:g}")  # fmt: skip
        return self

    @property
    def longest(self) -> float:
        """The longest fade with which a phase can begin, s."""
        return self.seconds - LEAST if self.to else math.inf


class Show(Written):
    """A night: its people, phases, cues and policy. `presets` are the keys 1-9."""

    title: Title
    notes: Text = ""
    seed: Annotated[int, within(0, 2**32 - 1)] = 0
    people: Annotated[int, within(1, 256)] = 12
    """Size of the circle while people are simulated."""
    arrivals: Unit = 0.0
    """How many simulated people come late, pause, object, leave and come back; 0: nobody does."""
    presets: Annotated[Listed[Name], Field(max_length=9)] = ()
    policy: Policy = Policy()
    phase: Annotated[Listed[Phase], Field(min_length=1, max_length=32)]
    cue: Annotated[Listed[Cue], Field(max_length=256)] = ()
    """The operator's list; without one the phases are it."""

    @property
    def cues(self) -> tuple[Cue, ...]:
        """The operator's list, whether it was written down or is the phases'."""
        return self.cue or tuple(
            Cue(name=p.name, phase=p.name, fade=p.fade, follow="auto", after=p.seconds,
                notes=p.notes)
            for p in self.phase
        )  # fmt: skip

    @property
    def seconds(self) -> float:
        """How long the night lasts when nobody intervenes, s."""
        return sum(p.seconds for p in self.phase)


@dataclass(frozen=True)
class Library:
    """A show with everything it needs, complete and checked."""

    name: str
    path: Path
    show: Show
    presets: dict[str, Preset]
    """All presets the show names and all others that load, by name."""
    generators: dict[str, Shader]
    """All generators that load, by name."""
    filters: dict[str, Shader] = field(default_factory=dict[str, Shader])
    """All effects that load, by name."""
    transitions: dict[str, Shader] = field(default_factory=dict[str, Shader])
    unused: tuple[FileError, ...] = field(default=())
    """Problems of files that the show does not name: worth telling, no reason to refuse."""

    @property
    def played(self) -> list[str]:
        """Presets that the show's phases and cues go through."""
        cues = [n for c in self.show.cues for n in (c.preset, c.morph) if n]
        return list(dict.fromkeys([*(p.preset for p in self.show.phase), *cues]))

    @property
    def shaders(self) -> dict[str, Shader]:
        """Generators by name, and effects and transitions by EFFECTS or TRANSITIONS and name."""
        return {
            **self.generators,
            **{EFFECTS + name: shader for name, shader in self.filters.items()},
            **{TRANSITIONS + name: shader for name, shader in self.transitions.items()},
        }

    @property
    def sources(self) -> list[Path]:
        """The files of all shaders, and where their vertex shaders are, or would be."""
        paths = [shader.path for shader in self.shaders.values()]
        return [*paths, *(path.with_suffix(".vs") for path in paths)]

    def made_of(self, path: Path) -> dict[str, Shader]:
        """The shaders that a file is a part of, by name: its own, or those that include it."""
        return {
            name: shader for name, shader in self.shaders.items()
            if path in (shader.path, shader.path.with_suffix(".vs"))
            or (path.suffix == ".glsl" and path.name in shader.body)
        }  # fmt: skip

    def renew(self, name: str, shader: Shader) -> None:
        """Takes a shader's new text, by its name among `shaders`."""
        bare = name.removeprefix(EFFECTS).removeprefix(TRANSITIONS)
        rooms = {EFFECTS + bare: self.filters, TRANSITIONS + bare: self.transitions}
        rooms.get(name, self.generators)[bare] = shader

    @property
    def folder(self) -> Path:
        """Where this show's own presets lie, and looks are saved."""
        return _own_presets(self.path)

    def file_of(self, preset: str) -> Path:
        """Where a preset's file is, or would be."""
        own = self.folder / f"{preset}.toml"
        bundled = data_folder() / "presets" / f"{preset}.toml"
        return bundled if not own.is_file() and bundled.is_file() else own

    def problems_of(self, preset: Preset) -> list[Problem]:
        """Generators and a transition that a preset names, and that are not there."""
        problems = [
            Problem(one_of(g, "generator", self.generators), key=f"generators[{i}]")
            for i, g in enumerate(preset.generators)
            if g not in self.generators
        ]
        return problems + _no_transition(preset, self.transitions)

    def look_again(self, name: str) -> None:
        """Looks for a preset that may have been saved since the show was loaded."""
        file = self.folder / f"{name}.toml"
        if name not in self.presets and NAME.fullmatch(name) and file.is_file():
            with contextlib.suppress(FileError):  # whoever asked is told that there is none
                self.presets[name] = dressed(load_preset(file), self.filters)

    def steady(self) -> "Library":
        """The same night with everybody there from first to last: to measure and to compare."""
        return replace(self, show=self.show.model_copy(update={"arrivals": 0.0}))


def _no_transition(preset: Preset, there: Mapping[str, Shader]) -> list[Problem]:
    """The problem of a preset whose transition is not there."""
    if preset.transition is None or preset.transition in there:
        return []
    return [Problem(one_of(preset.transition, "transition", there), key="transition")]


def dressed(preset: Preset, filters: Mapping[str, Shader]) -> Preset:
    """A preset with its effects' inputs among its values, which `[values]` may overrule."""
    values: dict[str, float] = {}
    for slot, effect in enumerate(preset.effect, 1):
        if (shader := filters.get(effect.shader)) is not None:
            values.update(faders(slot, effect, shader))
    if not values:
        return preset
    return preset.model_copy(update={"values": {**values, **preset.values}})


def _own_presets(show: Path) -> Path:
    """Presets lie beside the folder of shows, or beside a show that is in none."""
    near = show.resolve().parent
    return near.parent if near.name == "shows" else near


def load_show(path_or_name: Path | str, data: Path | None = None) -> Library:
    """A show by its path or by its name; a preset alone becomes a show of one hour.

    Presets are looked for beside the show's folder first, then in the data folder. FileError if
    the show is not there or not a show, FilesError with all problems of all files it names.
    """
    data = data or data_folder()
    path = _path_of(path_or_name, data)
    tables = read_toml(path)
    if "generators" in tables and "phase" not in tables:
        tables = _alone(path, tables)
    return _Loading(path, tables, data).library()


def _path_of(path_or_name: Path | str, data: Path) -> Path:
    if isinstance(path_or_name, Path) or re.search(r"[/\\]|\.toml$", path_or_name):
        return Path(path_or_name)
    if path_or_name in names("preset", data) and path_or_name not in names("show", data):
        return find("preset", path_or_name, data)
    if path_or_name in names("show", data):
        return find("show", path_or_name, data)
    there = {*names("show", data), *names("preset", data)}
    problem = Problem(one_of(path_or_name, "show or preset", there))
    raise FileError(data / "presets", [problem])


def _alone(path: Path, preset: dict[str, Any]) -> dict[str, Any]:
    """A show that is one preset, unchanging."""
    phase = {"name": path.stem, "seconds": ALONE, "preset": path.stem}
    title = str(preset.get("title", ""))[:120] or path.stem  # a bad one is the preset's problem
    return {"title": title, "presets": [path.stem], "phase": [phase]}


def _named(tables: dict[str, Any]) -> dict[str, list[str]]:
    """Every preset's name to the key paths that name it, in a show that may be wrong."""
    places: dict[str, list[str]] = {}
    found = [*_texts(tables, "phase", "preset"), *_texts(tables, "cue", "preset"),
             *_texts(tables, "cue", "morph")]  # fmt: skip
    found += [(f"presets[{i}]", name) for i, name in enumerate(_listed(tables, "presets"))]
    for place, name in found:
        if isinstance(name, str):
            places.setdefault(name, []).append(place)
    return places


def _texts(tables: dict[str, Any], rows: str, key: str) -> list[tuple[str, str]]:
    """Key path and text of one key in all rows of a list, in a show that may be wrong."""
    found: list[tuple[str, str]] = []
    for i, row in enumerate(_listed(tables, rows)):
        text = cast("dict[str, object]", row).get(key) if isinstance(row, dict) else None
        if isinstance(text, str):
            found.append((f"{rows}[{i}].{key}", text))
    return found


def _listed(tables: dict[str, Any], key: str) -> list[object]:
    found: object = tables.get(key)
    return cast("list[object]", found) if isinstance(found, list) else []


class _Loading:
    """Reads everything a show names and gathers what is wrong with it."""

    def __init__(self, path: Path, tables: dict[str, Any], data: Path) -> None:
        self.path = path
        self.show: Show | FileError  # a bad show's presets are read too, to tell all at once
        try:
            self.show = read_model(Show, path, tables)
        except FileError as error:
            self.show = error
        self.tables, self.named = tables, _named(tables)
        self.bad: dict[str, FileError] = {}  # preset name to what is wrong with its file
        self.presets: dict[str, Preset] = {}
        self.files = self._preset_files(data)
        for file in self.files.values():
            self._load(file)
        self.shaders = find_shaders(data)
        self.generators = self.shaders.generators
        self.broken = {called(e.file): e for e in self.shaders.broken}

    def _preset_files(self, data: Path) -> dict[str, Path]:
        """Every preset that can be meant; of two with one name, the one nearer to the show."""
        near, own = self.path.resolve().parent, _own_presets(self.path)
        files = {p.stem: p for p in sorted((data / "presets").glob("*.toml"))}
        nearer = {p.stem: p for p in own.glob("*.toml") if own != near or p.stem in self.named}
        return files | nearer

    def _load(self, file: Path) -> None:
        try:
            self.presets[file.stem] = load_preset(file)
        except FileError as error:
            self.bad[file.stem] = error

    def library(self) -> Library:
        """All of it, or FilesError with everything that is wrong with what the show names."""
        loaded = [n for n in self.named if n in self.presets]
        used = {g for n in loaded for g in self.presets[n].generators}
        fatal = [self._unknown_presets(), self._unknown_phases(), self._long_fades()]
        fatal += [self.bad.get(n) for n in self.named]
        fatal += [self._unknown_generators(n) for n in loaded]
        fatal += [self._unknown_inputs(n) for n in loaded]
        fatal += [self._unknown_effects(n) for n in loaded]
        fatal += [self.broken.get(g) for g in sorted(used - self.generators.keys())]
        found = [e for e in fatal if e]
        if isinstance(self.show, FileError):
            raise FilesError([self.show, *found])
        if found:
            raise FilesError(found)
        unused = (*self.bad.values(), *self.broken.values())
        presets = {name: dressed(p, self.shaders.filters) for name, p in self.presets.items()}
        return Library(self.path.stem, self.path, self.show, presets, self.generators,
                       self.shaders.filters, self.shaders.transitions, unused)  # fmt: skip

    def _unknown_presets(self) -> FileError | None:
        there = {*self.presets, *self.bad}
        problems = [
            Problem(one_of(name, "preset", there), key=key)
            for name, keys in self.named.items()
            if name not in there
            for key in keys
        ]
        return FileError(self.path, problems) if problems else None

    def _unknown_phases(self) -> FileError | None:
        """Phases that a cue begins, and that are not there or not the only one of their name."""
        there = Counter(name for _, name in _texts(self.tables, "phase", "name"))
        problems = [
            Problem(f"{there[name]} phases are called {shown(name)}, and a cue can mean only one"
                    if name in there else one_of(name, "phase", there), key=key)
            for key, name in _texts(self.tables, "cue", "phase")
            if there[name] != 1
        ]  # fmt: skip
        return FileError(self.path, problems) if problems else None

    def _long_fades(self) -> FileError | None:
        """Cues whose own fade leaves a phase no time for its `to`."""
        if isinstance(self.show, FileError):
            return None
        phases = {p.name: p for p in self.show.phase}
        problems = [
            Problem(f"must leave at least {LEAST:g} s of the phase's {phase.seconds:g} s for its "
                    f"`to`, found {cue.fade:g}", key=f"cue[{i}].fade")
            for i, cue in enumerate(self.show.cue)
            if cue.fade is not None and (phase := phases.get(cue.phase or "")) is not None
            and cue.fade > phase.longest
        ]  # fmt: skip
        return FileError(self.path, problems) if problems else None

    def _unknown_inputs(self, name: str) -> FileError | None:
        """Inputs that modulation would move, and no generator has."""
        there = {i.name for g in self.generators.values() for i in g.own if i.kind == "float"}
        problems = [
            Problem(one_of(row.moves.name, "generator's input", there),
                    key=f"modulation[{i}].target")
            for i, row in enumerate(self.presets[name].modulation)
            if row.moves.kind is Kind.INPUT and row.moves.name not in there
        ]  # fmt: skip
        return FileError(self.files[name], problems) if problems else None

    def _unknown_effects(self, name: str) -> FileError | None:
        """Effects and a transition that are not there, or have no such inputs."""
        preset, there = self.presets[name], self.shaders
        problems = problems_of(preset.effect, there.filters, there.generators)
        problems += _no_transition(preset, there.transitions)
        return FileError(self.files[name], problems) if problems else None

    def _unknown_generators(self, name: str) -> FileError | None:
        there = {*self.generators, *self.broken}
        problems = [
            Problem(one_of(g, "generator", there), key=f"generators[{i}]")
            for i, g in enumerate(self.presets[name].generators)
            if g not in there
        ]
        return FileError(self.files[name], problems) if problems else None
