"""What the page tells: stills with their values, gathered into sections, gathered into rooms."""

from dataclasses import dataclass

from performer.gallery.plan import Room


@dataclass(frozen=True)
class Still:
    """One picture of the page."""

    file: str
    """Its path in the gallery's folder, parted by `/`."""
    size: tuple[int, int]
    caption: str
    """All values it was drawn with."""
    alt: str


@dataclass(frozen=True)
class Section:
    """A generator, a preset or a show."""

    room: Room
    name: str
    title: str
    text: str
    stills: tuple[Still, ...]
    across: int
    """Stills in a row, where the page is wide enough."""
    facts: tuple[tuple[str, str], ...] = ()
    head: tuple[str, ...] = ()
    """Titles of the table's columns."""
    table: tuple[tuple[str, ...], ...] = ()

    @property
    def anchor(self) -> str:
        """What a link to it names."""
        return f"{self.room}-{self.name}"
