"""What can be written behind a command, checked one by one with one clear message each."""

from collections.abc import Callable, Generator
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.progress import BarColumn, Progress, TextColumn, TimeRemainingColumn

from performer.errors import ControlError, PerformerError
from performer.frame import MOST_PEOPLE
from performer.parameters import TREE, Control, Value

console = Console(stderr=True, highlight=False)

LARGEST_SIDE, SMALLEST_SIDE = 8192, 64

ShowArg = Annotated[str, typer.Argument(metavar="SHOW", help="A show or preset, by name or path.")]
SizeOpt = Annotated[str | None, typer.Option("--size", metavar="WxH", help="Pixels, as 1280x720.")]
PeopleOpt = Annotated[int | None, typer.Option("--participants", help="People in the circle.")]
SeedOpt = Annotated[
    int | None, typer.Option("--seed", min=0, max=2**32 - 1, help="Another seed dreams anew.")
]
RoomOpt = Annotated[
    Path | None, typer.Option("--room", metavar="FILE", help="Where the loudspeakers are, as TOML.")
]
AudioOpt = Annotated[
    Path | None, typer.Option("--audio", metavar="FILE", help="Music to play and to listen to.")
]
TokensOpt = Annotated[
    Path | None,
    typer.Option("--tokens", metavar="FILE", help="Tokens of who else may send, as TOML."),
]
OutputOpt = Annotated[
    str | None,
    typer.Option("--sound-out", metavar="DEVICE", help="Audio output, by its name or a part."),
]


def fail(error: object, code: int = 1) -> typer.Exit:
    """Says what is wrong, without a traceback, and ends with a code."""
    console.print(str(error), style="red", soft_wrap=True)
    return typer.Exit(code)


@contextmanager
def plainly() -> Generator[None]:
    """Turns errors that are meant for people into their message and exit code 1."""
    try:
        yield
    except PerformerError as error:
        raise fail(error) from None


@contextmanager
def progress(what: str) -> Generator[Callable[[int, int], None]]:
    """A progress bar, as a function of (done, of)."""
    columns = (TextColumn("{task.description}"), BarColumn(), TextColumn("{task.percentage:3.0f}%"),
               TimeRemainingColumn())  # fmt: skip
    with Progress(*columns, console=console, transient=True) as bar:
        task = bar.add_task(what, total=None)

        def told(done: int, of: int) -> None:
            bar.update(task, completed=done, total=of)

        yield told


def size_of(text: str | None) -> tuple[int, int] | None:
    """`WxH` as pixels."""
    if text is None:
        return None
    parts = text.lower().split("x")
    if len(parts) != 2 or not all(p.isdecimal() for p in parts):
        raise fail(f"--size must be WIDTHxHEIGHT in pixels, as 1280x720; found {text!r}", 2)
    width, height = int(parts[0]), int(parts[1])
    if not all(SMALLEST_SIDE <= n <= LARGEST_SIDE for n in (width, height)):
        raise fail(f"--size: each side must be {SMALLEST_SIDE}..{LARGEST_SIDE}, found {text}", 2)
    if not 0.25 <= width / height <= 4.0:
        raise fail(f"--size: the shape must be between 1:4 and 4:1, found {text}", 2)
    return width, height


def people_of(count: int | None) -> int | None:
    """How many people, and what is said about nobody or too many."""
    if count is None:
        return None
    if count < 0:
        raise fail(f"--participants must be 0 or more, found {count}", 2)
    if count == 0:
        console.print("A circle of nobody: it stays dark until somebody joins.")
    if count > MOST_PEOPLE:
        console.print(f"{count} people: {MOST_PEOPLE} are drawn, the others wait.")
    return min(count, MOST_PEOPLE)


def fps_of(fps: float) -> float:
    """Frames per second."""
    if not 1.0 <= fps <= 240.0:
        raise fail(f"--fps must be 1..240, found {fps:g}", 2)
    return fps


def _value(text: str) -> Value:
    for kind in (int, float):
        try:
            return kind(text)
        except ValueError:
            continue
    return text


def set_of(texts: list[str]) -> list[tuple[float, Control]]:
    """`ADDRESS=VALUE` as messages at the very start; several values are parted by commas."""
    found: list[tuple[float, Control]] = []
    for text in texts:
        address, equals, values = text.partition("=")
        if not equals:
            raise ControlError(text, "must be ADDRESS=VALUE")
        args = [_value(v) for v in values.split(",")] if values else []
        found.append((0.0, TREE.accept(address, args)))
    return found


def at_of(texts: list[str]) -> list[tuple[float, Control]]:
    """`SECONDS ADDRESS VALUE …` as messages."""
    found: list[tuple[float, Control]] = []
    for text in texts:
        parts = text.split(AT_GLUE) if AT_GLUE in text else text.split() or [""]
        try:
            second = float(parts[0])
        except ValueError:
            second = -1.0
        if len(parts) < 2 or not 0.0 <= second < 1e6:
            told = " ".join(parts)
            raise ControlError(f"--at {told}", "must be SECONDS ADDRESS VALUE …")
        found.append((second, TREE.accept(parts[1], [_value(v) for v in parts[2:]])))
    return found


AT_GLUE = "\x1f"


def with_at_glued(args: list[str]) -> list[str]:
    """`--at 3 /feeling 0.1 0.2` as one argument, since the values may be any number."""
    out: list[str] = []
    it = iter(range(len(args)))
    for i in it:
        out.append(args[i])
        if args[i] != "--at":
            continue
        end = i + 1
        while end < len(args) and not args[end].startswith("--"):
            end += 1
        out.append(AT_GLUE.join(args[i + 1 : end]))
        for _ in range(end - i - 1):
            next(it)
    return out
