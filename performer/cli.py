"""The commands. Each says what it does and refuses what it cannot do in one clear message."""

import asyncio
import json
import logging
import os
import platform
import sys
import time
from dataclasses import replace
from importlib.metadata import version
from pathlib import Path
from typing import Annotated, Any

import typer

from performer import cli_isf
from performer.clock import FASTEST
from performer.errors import DeviceError
from performer.gallery.plan import Room
from performer.options import (
    AudioOpt,
    OutputOpt,
    PeopleOpt,
    RoomOpt,
    SeedOpt,
    ShowArg,
    SizeOpt,
    TokensOpt,
    at_of,
    console,
    fail,
    fps_of,
    people_of,
    plainly,
    progress,
    set_of,
    size_of,
    with_at_glued,
)

app = typer.Typer(add_completion=False, no_args_is_help=True, rich_markup_mode=None,
                  pretty_exceptions_enable=False,
                  help="Performer: a live instrument for group dreams.")  # fmt: skip
app.add_typer(cli_isf.app, name="isf")
DEFAULT_SHOW = "luna-circle"
DEMO_SECONDS = 20.0


# ---- the commands ---------------------------------------------------------------------------


@app.command()
def perform(
    show: ShowArg = DEFAULT_SHOW,
    size: SizeOpt = None,
    fps: Annotated[float, typer.Option(help="Frames per second.")] = 60.0,
    display: Annotated[int, typer.Option(help="Which display, from 0.")] = 0,
    fullscreen: Annotated[bool, typer.Option("--fullscreen", help="Begin in fullscreen.")] = False,
    headless: Annotated[bool, typer.Option("--headless", help="No window.")] = False,
    seconds: Annotated[float | None, typer.Option(min=0.1, help="End after this long.")] = None,
    participants: PeopleOpt = None,
    seed: SeedOpt = None,
    osc_host: Annotated[str, typer.Option(help="Address to listen on.")] = "127.0.0.1",
    osc_port: Annotated[int, typer.Option(min=1, max=65535, help="UDP port, in.")] = 7000,
    osc_out_port: Annotated[int, typer.Option(min=1, max=65535, help="UDP port, out.")] = 7001,
    osc_out_host: Annotated[str, typer.Option(help="Where feedback goes.")] = "127.0.0.1",
    allow: Annotated[
        list[str] | None,
        typer.Option(metavar="CIDR", help="Who may send from elsewhere, as 192.168.1.0/24."),
    ] = None,
    tokens: TokensOpt = None,
    oscquery_port: Annotated[
        int, typer.Option(min=0, max=65535, help="TCP port of OSCQuery; 0: none.")
    ] = 7080,
    no_midi: Annotated[bool, typer.Option("--no-midi", help="No MIDI.")] = False,
    controller: Annotated[
        list[Path] | None,
        typer.Option(metavar="FILE", help="What a MIDI device's controls play, as TOML."),
    ] = None,
    record: Annotated[Path | None, typer.Option(help="Record a video.")] = None,
    record_control: Annotated[Path | None, typer.Option(help="Record all messages.")] = None,
    still: Annotated[Path | None, typer.Option(help="Write the last picture.")] = None,
    hud: Annotated[bool, typer.Option("--hud", help="Meters over the picture.")] = False,
    fresh: Annotated[bool, typer.Option("--fresh", help="Forget an interrupted night.")] = False,
    sound_out: OutputOpt = None,
    room: RoomOpt = None,
    listen: Annotated[
        str | None,
        typer.Option(metavar="DEVICE", help="Listen to an audio input, by its name or a part."),
    ] = None,
    audio: AudioOpt = None,
    silent: Annotated[bool, typer.Option("--silent", help="No sound.")] = False,
) -> None:
    """Play a show live: a window (or none), sound, and OSC, OSCQuery, MIDI and the keyboard."""
    from performer.opening import Wishes, perform_night

    wishes = Wishes(
        show=show, size=size_of(size), fps=fps_of(fps), display=display, fullscreen=fullscreen,
        headless=headless, seconds=seconds, participants=people_of(participants), seed=seed,
        osc_host=osc_host, osc_port=osc_port, osc_out_host=osc_out_host,
        osc_out_port=osc_out_port, allow=tuple(allow or ()), tokens=tokens,
        oscquery_port=oscquery_port, midi=not no_midi, controllers=tuple(controller or ()),
        record=record,
        record_control=record_control, still=still, hud=hud, fresh=fresh, silent=silent,
        sound_out=sound_out or "", room=room, listen=listen, audio=audio,
    )  # fmt: skip
    with plainly():
        raise typer.Exit(asyncio.run(perform_night(wishes, console)))


@app.command()
def rehearse(
    show: ShowArg = DEFAULT_SHOW,
    out: Annotated[Path | None, typer.Option(help="Video file to write.")] = None,
    seconds: Annotated[
        float | None,
        typer.Option(min=0.01, max=86400, help=f"Seconds of the show ({DEMO_SECONDS:g})."),
    ] = None,
    whole: Annotated[bool, typer.Option("--whole", help="All of the show's seconds.")] = False,
    speed: Annotated[
        float,
        typer.Option(min=1, max=FASTEST, help="The night so many times faster, pictures not."),
    ] = 1.0,
    size: SizeOpt = "640x360",
    fps: Annotated[float, typer.Option(help="Frames per second.")] = 30.0,
    seed: SeedOpt = None,
    participants: PeopleOpt = None,
    set_: Annotated[
        list[str] | None,
        typer.Option("--set", metavar="ADDRESS=VALUE", help="A message at the start."),
    ] = None,
    at: Annotated[
        list[str] | None,
        typer.Option(metavar="SECONDS ADDRESS VALUE …", help="A message at a second."),
    ] = None,
    view: Annotated[str, typer.Option(help="master, mask or solo:ID.")] = "master",
    stats: Annotated[Path | None, typer.Option(help="Write what was measured, as JSON.")] = None,
    stills: Annotated[float | None, typer.Option(min=0.01, help="A still every … s.")] = None,
    play: Annotated[Path | None, typer.Option(help="Replay recorded messages.")] = None,
    wav: Annotated[Path | None, typer.Option(help="WAV file to write the sound to.")] = None,
    room: RoomOpt = None,
    audio: AudioOpt = None,
    silent: Annotated[bool, typer.Option("--silent", help="A video without sound.")] = False,
) -> None:
    """Render a show in exact time, to a video with its sound, stills and statistics.

    With --speed 60 a minute of the show passes in each second of the video: arc, feelings,
    rhythms, comings and goings. Every picture still moves at its natural pace. --seconds, --at
    and --stills count seconds of the show.
    """
    from performer.journal.controls import merged, read_controls
    from performer.journal.stats import Stats
    from performer.rehearsal import Ear, OnStats, OnStills, Takes, rehearse
    from performer.show.shows import load_show

    wanted = size_of(size) or (640, 360)
    if silent and wav is not None:
        raise fail("--silent writes no sound: leave it out, or --wav", 2)
    with plainly():
        library = load_show(show)
        length = _length(seconds, library.show.seconds if whole else None)
        script = merged(set_of(set_ or []), at_of(at or []), read_controls(play) if play else [])
        looked = _view(view, wanted)
        measured = Stats()
        takes = Takes(library, wanted, fps_of(fps), speed, room, audio)
        sinks: list[Any] = takes.sinks(out, wav, not silent)
        if stills is not None:
            folder = out.with_suffix("") if out is not None else Path(f"{library.name}-stills")
            sinks.append(OnStills(folder, stills))
        if stats is not None or not sinks:
            sinks.append(OnStats(measured))
        with progress(f"rehearsing {library.name}") as told:
            rehearse(library, looked, length, fps, script, sinks, seed, people_of(participants),
                     told, speed, Ear(audio, speed) if audio else None)  # fmt: skip
        if stats is not None:
            about = {"show": library.name, "view": view, "size": list(wanted), "fps": fps,
                     "speed": speed}  # fmt: skip
            measured.write(stats, about)
        if any(isinstance(s, OnStats) for s in sinks):
            typer.echo(f"{measured.frames} frames, sha256 {measured.digest}")
        if takes.digest:
            typer.echo(f"sound, sha256 {takes.digest}")
        for path in filter(None, (out, wav, stats)):
            console.print(f"wrote {path}")


def _length(seconds: float | None, whole: float | None) -> float:
    """How much of the show is rehearsed, s."""
    if seconds is not None and whole is not None:
        raise fail("--whole is as long as the show: leave --seconds out, or --whole", 2)
    return whole or seconds or DEMO_SECONDS


def _view(text: str, size: tuple[int, int]) -> Any:
    from performer.render.scene import View

    what, _, person = text.partition(":")
    if what in ("master", "mask") and not person:
        return View(what, size)
    if what == "solo" and person:
        return View("solo", size, person)
    raise fail(f"--view must be master, mask or solo:ID, found {text!r}", 2)


@app.command()
def gallery(
    out: Annotated[Path, typer.Option(metavar="DIR", help="Where the page and its stills go.")],
    size: SizeOpt = None,
    only: Annotated[
        Room | None, typer.Option(help="One room instead of all three.", show_default=False)
    ] = None,
    quick: Annotated[bool, typer.Option("--quick", help="Fewer and smaller stills.")] = False,
) -> None:
    """Render every generator, preset and show as stills, on one page to browse: DIR/index.html."""
    from performer.gallery.hanging import hang
    from performer.gallery.plan import FULL, QUICK

    plan = QUICK if quick else FULL
    plan = replace(plan, still=size_of(size) or plan.still)
    with plainly(), progress("hanging the gallery") as told:
        left_out = hang(out, DEFAULT_SHOW, plan, only, told)
    for problem in left_out:
        console.print(f"left out: {problem}", style="yellow", soft_wrap=True)
    console.print(f"wrote {out / 'index.html'}")


@app.command()
def check(
    files: Annotated[list[Path] | None, typer.Argument(metavar="[FILE|DIR]…")] = None,
    json_: Annotated[bool, typer.Option("--json", help="For programs.")] = False,
    sandbox: Annotated[
        bool, typer.Option("--sandbox", help="Draw each shader in a process of its own.")
    ] = False,
    limit: Annotated[
        float | None,
        typer.Option(min=0.1, max=3600, help="Seconds that a shader may take there (10)."),
    ] = None,
) -> None:
    """Check presets, shows and shaders; exit 1 with every problem listed.

    --sandbox is for shaders of strangers: each is also drawn, in a process that is ended if it
    hangs, so that neither an endless loop nor a crash of the driver takes anything along.
    """
    from performer.checking import Checker, files_of, lines_of
    from performer.sandbox import LIMIT, sandboxed

    if limit is not None and not sandbox:
        raise fail("--limit is for --sandbox: give both, or neither", 2)
    checker = Checker()
    reports: list[dict[str, Any]] = []
    for path in files_of(files or []):
        one = sandboxed(path, checker, limit or LIMIT) if sandbox else checker.check(path)
        reports.append(one)
    checker.close()
    if json_:
        typer.echo(json.dumps(reports, indent=1))
    else:
        for report in reports:
            for line in lines_of(report):
                typer.echo(line)
    raise typer.Exit(0 if all(r["ok"] for r in reports) else 1)


@app.command()
def calibrate(
    measured: Annotated[
        str | None,
        typer.Option(metavar="DB", help="What the level meter shows, if you know it already."),
    ] = None,
    sound_out: OutputOpt = None,
    room: RoomOpt = None,
) -> None:
    """Tell Performer how loud it is: plays pink noise, asks what a level meter shows (dB A, slow).

    From then on the night's sound keeps to the show's limit on this device; uncalibrated it stays
    below -23 LUFS.
    """
    from performer.calibrating import calibrate_device

    with plainly():
        console.print(calibrate_device(sound_out or "", room, measured))


@app.command()
def devices() -> None:
    """List audio devices, displays and the OpenGL renderer."""
    from performer.audio.devices import devices as audio_devices
    from performer.render.window import displays

    for device in audio_devices():
        typer.echo(f"audio {device.number}: {device}")
    if not audio_devices():
        typer.echo("audio: no device")

    try:
        for number, (width, height) in enumerate(displays()):
            typer.echo(f"display {number}: {width}x{height}")
    except DeviceError as error:
        typer.echo(str(error))
    for key, value in _driver().items():
        typer.echo(f"OpenGL {key}: {value}")


def _driver() -> dict[str, str]:
    from performer.render import context

    try:
        gl = context.headless()
    except DeviceError as error:
        return {"": str(error)}
    found = context.describe(gl)
    gl.release()
    return found


@app.command()
def doctor() -> None:
    """Print what a bug report needs: versions, driver, displays, places. No personal data."""
    from performer.run import state_folder
    from performer.show.files import data_folder

    typer.echo(f"performer {version('dreamscape-performer')}")
    typer.echo(f"python {platform.python_version()} on {platform.system()} {platform.release()}")
    typer.echo(f"cores {os.cpu_count()}")
    for name in ("moderngl", "pygame", "numpy", "eclipse-zenoh", "av", "python-osc", "msgspec",
                 "pydantic", "scipy", "sounddevice"):  # fmt: skip
        typer.echo(f"{name} {version(name)}")
    devices()
    data = data_folder()
    typer.echo(f"data {data} {'ok' if (data / 'shaders').is_dir() else 'MISSING'}")
    typer.echo(f"logs {state_folder()}")


@app.command()
def bench(
    json_: Annotated[Path | None, typer.Option("--json", help="Write the figures.")] = None,
    quick: Annotated[bool, typer.Option("--quick", help="Fewer frames, rougher.")] = False,
) -> None:
    """Measure picture and sound: each figure a ratio within this one run."""
    from performer.benchmark import measure, table

    with plainly(), progress("measuring") as told:
        figures = measure(told, quick)
    typer.echo(table(figures))
    if json_ is not None:
        try:
            json_.write_text(json.dumps(figures, indent=1), encoding="utf-8")
        except OSError as error:
            raise fail(f"cannot write {json_}: {error.strerror}") from None


def main() -> None:
    """The program `performer`."""
    logging.basicConfig(level=logging.WARNING, format="%(message)s")
    began = time.monotonic()
    try:
        app(args=with_at_glued(sys.argv[1:]))
    except KeyboardInterrupt:
        console.print(f"ended after {time.monotonic() - began:.0f} s")
        sys.exit(130)
