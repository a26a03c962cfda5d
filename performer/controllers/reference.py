"""The tree of addresses as a page for people: REFERENCE.md beside this file is made by it.

`python -m performer.controllers.reference` writes it anew; a test says when that is due.
"""

from collections.abc import Iterable
from pathlib import Path

from performer.parameters import PARAMETERS, Arg, Nature, Parameter, Role, Value

WIDE = 1e6
PAGE = Path(__file__).parent / "REFERENCE.md"

HEAD = """\
# Everything that can be played

Made from the tree of parameters by `python -m performer.controllers.reference`.

- **Set**: send the address with its arguments, by OSC (UDP port 7000, or TCP), by OSCQuery's
  WebSocket, or from a mapped MIDI control. Ints, floats, bools and numbers as text are taken where
  a number is wanted; what is out of range is refused, with a reason, on `/refused`.
- **Get**: send the address without arguments, or with `?`. The answer is the address with its
  value. An address that can be pressed without arguments is only asked by `?`.
- **Many at once**: `*`, `?`, `[1-3]`, `{a,b}` in an address, as in `/participant/*/solo`. Bundles
  are played at their time, if that is at most 5 s ahead.
- **Subscribe**: `/subscribe` sends what people change to wherever it came from, `/subscribe port`
  to a port there; `/sync` answers with every present value, `/alive` comes every second.
- **Browse**: OSCQuery serves this tree, with present values, by HTTP, and is announced by mDNS.

`{id}` is a participant: 1 to 32 of `a-z 0-9 _ -`. `{name}` is an input of that person's generator.
An argument in brackets may be left out, and is then what stands behind `=`. *Who*: the architect
may do everything; participants may do what says so, those with a token only to themselves.
"""

GROUPS: tuple[tuple[str, tuple[str, ...]], ...] = (
    ("Masters", ("resonance", "individuality", "coupling", "brightness", "dissolve", "volume",
                 "freeze", "blackout", "panic", "testcard")),
    ("Look", ("look",)),
    ("What resonance moves", ("sympathy",)),
    ("Palette", ("palette",)),
    ("Effects", ("effect",)),
    ("Sound", ("sound", "player", "input")),
    ("Presets, morphing and macros", ("preset", "morph", "macro", "release")),
    ("Cues and phases", ("go", "back", "cue", "phase")),
    ("Tempo", ("tempo", "tap", "clock")),
    ("People", ("participant",)),
    ("Talking with the desk", ("sync", "subscribe", "unsubscribe", "auth", "status", "alive",
                               "refused", "clamped")),
    ("Learning MIDI", ("learn", "learning", "learnt", "forget", "forgotten")),
    ("More", ()),
)  # fmt: skip
"""Titles, and the first part of the addresses below them; the last takes what is in no other."""


def reference() -> str:
    """The whole page."""
    return HEAD + "".join(_group(title, found) for title, found in grouped() if found)


def grouped() -> list[tuple[str, list[Parameter]]]:
    """Every parameter in its group, in the order of the table."""
    groups = {title: list[Parameter]() for title, _ in GROUPS}
    where = {first: title for title, firsts in GROUPS for first in firsts}
    for parameter in PARAMETERS:
        first = parameter.address.split("/")[1]
        groups[where.get(first, GROUPS[-1][0])].append(parameter)
    return list(groups.items())


def _group(title: str, parameters: Iterable[Parameter]) -> str:
    lines = [f"\n## {title}\n", "| address | arguments | who | what it does |", "|---|---|---|---|"]
    lines += [
        f"| `{p.address}` | {_arguments(p)} | {_who(p)} | {_escaped(p.help)} |" for p in parameters
    ]
    return "\n".join(lines) + "\n"


def _arguments(parameter: Parameter) -> str:
    return "<br>".join(
        _argument(arg, parameter.also_index and i == 0) for i, arg in enumerate(parameter.args)
    )


def _argument(arg: Arg, also_index: bool) -> str:
    """`rate` 0.01..4 Hz, or [`fade` 0..600 s = 4]."""
    said = f"`{arg.name}`"
    if arg.kind is str:
        said += " text or number" if also_index else " text"
    else:
        said += " " + _range(arg)
    if arg.default is not None:
        said += f" = {_value(arg.default)}"
    return f"[{said}]" if arg.optional else said


def _range(arg: Arg) -> str:
    """The range as people read it; bounds that nobody ever meets are not named."""
    if arg.kind is int and (arg.low, arg.high) == (0, 1):
        return "0 or 1"
    whole = ", whole" if arg.kind is int else ""
    if arg.high < WIDE:
        return arg.range.replace("..", " … ") + whole
    bound = f"from {arg.low:g}" if arg.low > -WIDE else "any number"
    return f"{bound}{' ' + arg.unit if arg.unit else ''}{whole}"


def _value(value: Value) -> str:
    return f"{value:g}" if isinstance(value, float) else str(value)


def _who(parameter: Parameter) -> str:
    if parameter.nature is Nature.TOLD:
        return "told"
    return "architect" if parameter.role is Role.ARCHITECT else "architect, participant"


def _escaped(text: str) -> str:
    return text.replace("|", r"\|")


if __name__ == "__main__":
    PAGE.write_text(reference(), encoding="utf-8")
