"""The page: one HTML file beside its stills. Opens from the disk, without a server or internet.

Every still is a plain link, so all of it works without scripts; the script only makes a link open
in place, and lets the arrow keys go on from there. Style and script stand in page.css and page.js.
"""

from collections.abc import Iterable, Sequence
from html import escape
from itertools import groupby
from pathlib import Path

from performer.gallery.exhibits import Section, Still

_HERE = Path(__file__).parent

ROOMS = {
    "generators": "One subject each. Every row is a palette, and another composition.",
    "presets": "Twelve people, from one merged dream to a tapestry, calm and resonating.",
    "shows": "A still from the middle of every phase.",
}


def page(sections: Sequence[Section], left_out: Sequence[str]) -> str:
    """The whole page as HTML."""
    return "\n".join(
        [
            "<!doctype html>",
            '<html lang="en">',
            "<head>",
            '<meta charset="utf-8">',
            '<meta name="viewport" content="width=device-width, initial-scale=1">',
            "<title>Performer: gallery</title>",
            f"<style>\n{_beside('page.css')}</style>",
            "</head>",
            "<body>",
            *_header(sections),
            "<main>",
            *(line for room, found in _rooms(sections) for line in _room(room, found)),
            *_left_out(left_out),
            "</main>",
            f"<script>\n{_beside('page.js')}</script>",
            "</body>",
            "</html>",
            "",
        ]
    )


def _beside(name: str) -> str:
    return (_HERE / name).read_text(encoding="utf-8")


def _rooms(sections: Iterable[Section]) -> list[tuple[str, list[Section]]]:
    return [(room, list(found)) for room, found in groupby(sections, key=lambda s: s.room)]


def _header(sections: Sequence[Section]) -> Iterable[str]:
    yield '<header id="top">'
    yield "<h1>Performer</h1>"
    yield "<nav>"
    for room, found in _rooms(sections):
        yield f'<p><a class="room" href="#{room}">{room.capitalize()}</a>'
        yield from (f'<a href="#{escape(s.anchor)}">{escape(s.name)}</a>' for s in found)
        yield "</p>"
    yield "</nav>"
    yield "</header>"


def _room(room: str, sections: Sequence[Section]) -> Iterable[str]:
    yield f'<h2 id="{room}">{room.capitalize()}</h2>'
    yield f"<p>{escape(ROOMS[room])}</p>"
    for section in sections:
        yield from _section(section)


def _section(section: Section) -> Iterable[str]:
    yield f'<section id="{escape(section.anchor)}">'
    yield f"<h3>{escape(section.title)}</h3>"
    yield f'<p class="told">{escape(section.text)}</p>'
    facts = (f"<b>{escape(name)}</b> {escape(value)}" for name, value in section.facts)
    yield f'<p class="facts">{" · ".join(facts)}</p>'
    yield f'<div class="stills" style="--across: {section.across}">'
    yield from (_figure(still) for still in section.stills)
    yield "</div>"
    yield from _table(section)
    yield "</section>"


def _figure(still: Still) -> str:
    width, height = still.size
    file, alt = escape(still.file), escape(still.alt)
    return (
        f'<figure><a href="{file}"><img src="{file}" width="{width}" height="{height}" '
        f'loading="lazy" alt="{alt}"></a><figcaption>{escape(still.caption)}</figcaption></figure>'
    )


def _table(section: Section) -> Iterable[str]:
    if not section.table:
        return
    yield f"<details><summary>{escape(section.head[0].capitalize())}s</summary>"
    yield '<div class="wide"><table>'
    yield f"<tr>{''.join(f'<th>{escape(name)}</th>' for name in section.head)}</tr>"
    for row in section.table:
        yield f"<tr>{''.join(f'<td>{escape(value)}</td>' for value in row)}</tr>"
    yield "</table></div></details>"


def _left_out(left_out: Sequence[str]) -> Iterable[str]:
    if left_out:
        yield '<h2 id="left-out">Left out</h2>'
        yield from (f'<p class="told">{escape(told)}</p>' for told in left_out)
