"""Hanging the gallery: room after room, each still drawn, written and noted for the page.

What cannot be drawn (a generator that does not compile, a preset that names it) is left out and
told; the rest goes on.
"""

from collections.abc import Callable, Sequence
from contextlib import ExitStack
from pathlib import Path

from performer.errors import DeviceError, PerformerError
from performer.gallery.dreams import Dreams
from performer.gallery.exhibits import Section
from performer.gallery.files import Folder
from performer.gallery.nights import Presets, Shows
from performer.gallery.page import page
from performer.gallery.plan import Plan, Room
from performer.show.files import Kind, data_folder, find, names
from performer.show.isf import load_shaders
from performer.show.shows import Library, load_show

Progress = Callable[[int, int], None]
"""Told how many of how many sections are done."""

Work = tuple[str, Callable[[], Section]]
"""A section's name, and what draws it: PerformerError if it cannot be drawn."""


def hang(
    folder: Path, default: str, plan: Plan, only: Room | None = None,
    progress: Progress = lambda _done, _of: None,
) -> list[str]:  # fmt: skip
    """Writes the gallery; returns what was left out and why. DeviceError if it cannot write.

    `default` names the show whose first preset and dream the README shows.
    """
    hanging = Hanging(Folder(folder), default, plan)
    works: list[Work] = []
    with ExitStack() as open_rooms:
        if only in (None, "generators"):
            works += hanging.dreams(open_rooms)
        if only in (None, "presets"):
            works += hanging.looks()
        if only in (None, "shows"):
            works += hanging.nights()
        sections = hanging.drawn(works, progress)
    hanging.out.text("index.html", page(sections, hanging.left_out))
    return hanging.left_out


class Hanging:
    """What is being hung, and what could not be."""

    def __init__(self, out: Folder, default: str, plan: Plan) -> None:
        self.out, self.plan = out, plan
        self.left_out: list[str] = []
        self.generators, bad = load_shaders(data_folder() / "shaders" / "layers")
        self.left_out += [f"generator {error.file.stem}: {error}" for error in bad]
        self.shows = self._loaded("show", default)
        shown = self.shows.get(default)
        self.first = shown.show.phase[0].preset if shown else ""
        self.presets = self._loaded("preset", self.first)

    def _loaded(self, kind: Kind, first: str) -> dict[str, Library]:
        """All that load, `first` before the others."""
        found: dict[str, Library] = {}
        for name in sorted(names(kind), key=lambda n: (n != first, n)):
            try:
                found[name] = load_show(find(kind, name))
            except PerformerError as error:
                self.left_out.append(f"{kind} {name}: {error}")
        return found

    def dreams(self, rooms: ExitStack) -> list[Work]:
        """What draws the sheet of all generators, then each of them."""
        if not self.generators:
            return []
        room = Dreams(self.out, self.generators, self.presets, self.plan)
        rooms.callback(room.close)
        each = [(f"generator {n}", lambda n=n: room.section(n)) for n in self.generators]
        return [("all generators", room.overview), *each]

    def looks(self) -> list[Work]:
        """What draws the presets."""
        room = Presets(self.out, self.first, self.plan)
        chosen = list(self.presets.items())[: self.plan.most]
        return [(f"preset {n}", lambda n=n, one=one: room.section(n, one)) for n, one in chosen]

    def nights(self) -> list[Work]:
        """What draws the shows."""
        room = Shows(self.out, self.plan)
        chosen = list(self.shows.items())[: self.plan.most]
        return [(f"show {n}", lambda one=one: room.section(one)) for n, one in chosen]

    def drawn(self, works: Sequence[Work], progress: Progress) -> list[Section]:
        """The sections of all that can be drawn; the others are noted."""
        sections: list[Section] = []
        for done, (name, draw) in enumerate(works):
            progress(done, len(works))
            try:
                sections.append(draw())
            except DeviceError:
                raise
            except PerformerError as error:
                self.left_out.append(f"{name}: {error}")
        progress(len(works), len(works))
        return sections
