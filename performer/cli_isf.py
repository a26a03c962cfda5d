"""`performer isf`: which ISF shaders there are, what is in one, how it looks, and Shadertoy's.

Here are only the words and tables; the work is done in shelf, trying and converting.
"""

import json
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Annotated, Any

import typer
from rich.box import SIMPLE
from rich.console import Console
from rich.table import Table
from rich.text import Text

from performer.options import SizeOpt, console, fps_of, plainly, progress, size_of

app = typer.Typer(add_completion=False, no_args_is_help=True, rich_markup_mode=None,
                  help="ISF shaders: list, look into, try, and make from Shadertoy's.")  # fmt: skip
ABOUT = ("name", "kind", "file", "version", "description", "credit", "categories")
PROSE = 100  # columns of a description
UNWRAPPED = 400  # columns of what is not read on a terminal

ShaderArg = Annotated[str, typer.Argument(metavar="FILE|NAME", help="A shader, by path or name.")]
JsonOpt = Annotated[bool, typer.Option("--json", help="For programs.")]


@app.command("ls")
def list_(
    paths: Annotated[list[Path] | None, typer.Argument(metavar="[FILE|DIR]…")] = None,
    json_: JsonOpt = False,
) -> None:
    """List the shaders that can be named, or those in files and folders, and what is broken."""
    from performer.checking import lines_of, report_of_error
    from performer.shelf import entry_of, place_of, shelf_of

    with plainly():
        shelf = shelf_of(paths or [])
    entries = [entry_of(name, shader) for name, shader in shelf.shaders]
    broken = [report_of_error(error) for error in shelf.broken]
    if json_:
        typer.echo(json.dumps({"shaders": entries, "broken": broken}, indent=1))
        return
    rows = [[e["name"], e["kind"], e["inputs"], e["passes"], place_of(Path(e["file"]))]
            for e in entries]  # fmt: skip
    if rows:
        _show_table(("name", "kind", "inputs", "passes", "where"), rows)
    for report in broken:
        for line in lines_of(report):
            typer.echo(line)
    if not rows and not broken:
        typer.echo("no shaders")


@app.command()
def show(shader: ShaderArg, json_: JsonOpt = False) -> None:
    """Show a shader's header: its inputs, its passes, and who made it."""
    from performer.shelf import find_shader, header_of

    with plainly():
        header = header_of(find_shader(shader))
    if json_:
        typer.echo(json.dumps(header, indent=1))
        return
    _show_table((), [[key, told] for key in ABOUT if (told := _plain(header[key]))])
    if header["inputs"]:
        columns = ("input", "type", "default", "range", "label", "knob", "filled from")
        _show_table(columns, [_input_row(one) for one in header["inputs"]])
    passes = header["passes"]
    if len(passes) > 1 or passes[0]["target"]:
        _show_table(("pass", "target", "size", "kept", "float"), [
            [i, p["target"] or "the picture", _size(p), _yes(p["persistent"]), _yes(p["float"])]
            for i, p in enumerate(passes)
        ])  # fmt: skip
    if header["imported"]:
        _show_table(("imported", "file"), [[i["name"], i["file"]] for i in header["imported"]])


@app.command("try")
def try_(
    shader: ShaderArg,
    out: Annotated[Path, typer.Option(metavar="PNG|MP4", help="A still or a video to write.")],
    size: SizeOpt = "640x360",
    seconds: Annotated[
        float | None,
        typer.Option(min=0, max=3600, help="Of a video (4); drawn before a still (as needed)."),
    ] = None,
    fps: Annotated[float, typer.Option(help="Frames per second.")] = 30.0,
    set_: Annotated[
        list[str] | None, typer.Option("--set", metavar="NAME=VALUE[,VALUE…]", help="An input.")
    ] = None,
    image: Annotated[
        list[str] | None,
        typer.Option(metavar="NAME=FILE", help="A picture; without it a test picture."),
    ] = None,
    audio: Annotated[Path | None, typer.Option(metavar="FILE", help="Music that it hears.")] = None,
    time: Annotated[
        float | None,
        typer.Option(min=0, max=86400, help="TIME of a still (1), or where a video begins (0)."),
    ] = None,
) -> None:
    """Draw a shader alone, as its author meant it, to a still or a few seconds of video.

    A transition's progress runs from 0 to 1 unless it is set; in a still it is in the middle.
    A shader of a stranger may hang the machine's graphics: `performer check --sandbox` first.
    """
    from performer.rehearsal import Ear
    from performer.shelf import find_shader
    from performer.trying import Try, images_of, inputs_of, span_of

    pixels = size_of(size) or (640, 360)
    with plainly():
        found = find_shader(shader)
        span = span_of(found, out, time, seconds, fps_of(fps), audio is not None)
        inputs, images = inputs_of(found, set_ or []), images_of(found, image or [], pixels)
        if audio is None and any(t.kind != "image" for t in found.textures):
            console.print(f"{found.name} listens, and hears nothing: --audio FILE is music for it")
        trial = Try(found, pixels, span, inputs, images, Ear(audio) if audio else None)
        with progress(f"drawing {found.name}") as told:
            trial.draw(out, told)
    console.print(f"wrote {out}", soft_wrap=True)


@app.command("from-shadertoy")
def from_shadertoy(
    source: Annotated[Path, typer.Argument(metavar="FILE.glsl", help="With a mainImage.")],
    out: Annotated[
        Path | None, typer.Option(metavar="FILE.fs", help="Beside it if left out.")
    ] = None,
    channel: Annotated[
        list[str] | None,
        typer.Option(metavar="N=image|audio|audioFFT", help="What iChannelN is (image)."),
    ] = None,
    force: Annotated[bool, typer.Option("--force", help="Replace what is there.")] = False,
) -> None:
    """Write Shadertoy's GLSL as an ISF file, say what cannot be converted, and compile it."""
    from performer.checking import Checker, lines_of
    from performer.converting import channels_of, convert

    target = out or source.with_suffix(".fs")
    with plainly():
        notes = convert(source, target, channels_of(channel or []), force)
    for note in notes:
        typer.echo(note)
    console.print(f"wrote {target}", soft_wrap=True)
    checker = Checker()
    report = checker.check(target)
    checker.close()
    for line in lines_of(report):
        typer.echo(line)
    raise typer.Exit(0 if report["ok"] else 1)


# ---- tables -------------------------------------------------------------------------------------


def _show_table(columns: Sequence[str], rows: Sequence[Sequence[object]]) -> None:
    """A table on the standard output; what comes from files is never taken for markup."""
    table = Table(*columns, box=SIMPLE, show_header=bool(columns), pad_edge=False)
    if not columns:
        table.add_column()
        table.add_column(max_width=PROSE)
    for row in rows:
        table.add_row(*(Text(str(cell), overflow="fold") for cell in row))
    width = None if sys.stdout.isatty() else UNWRAPPED
    Console(width=width, highlight=False).print(table)


def _plain(found: object) -> str:
    return ", ".join(map(str, found)) if isinstance(found, list) else str(found)  # pyright: ignore


def _input_row(one: dict[str, Any]) -> list[str]:
    label = "" if one["label"] == one["name"] else one["label"]
    return [one["name"], one["type"], _numbers(one.get("default")), _range(one), label,
            _knobs(one.get("knobs")), one.get("filled_from", "")]  # fmt: skip


def _range(one: dict[str, Any]) -> str:
    if "values" in one:
        labels = dict(zip(one["values"], one["labels"], strict=False))
        return ", ".join(f"{v} {labels.get(v, '')}".rstrip() for v in one["values"])
    if "min" not in one or one["type"] in ("bool", "event"):
        return ""
    return f"{_numbers(one['min'])} … {_numbers(one['max'])}"


def _numbers(found: Sequence[float] | None) -> str:
    return ", ".join(f"{n:g}" for n in found or ())


def _knobs(found: Sequence[int] | None) -> str:
    """`3`, or `3–6` for an input of several numbers."""
    if not found:
        return ""
    return str(found[0]) if len(found) == 1 else f"{found[0]}–{found[-1]}"


def _size(one: dict[str, Any]) -> str:
    return f"{one['width'] or '$WIDTH'} × {one['height'] or '$HEIGHT'}"


def _yes(found: bool) -> str:
    return "yes" if found else ""
