"""The commands as a person meets them: one clear message for what cannot be done, no traceback."""

import json
import os
import subprocess
import sys
import time
from pathlib import Path

import av
import pytest
from typer.testing import CliRunner, Result

from performer.cli import app
from performer.options import with_at_glued
from performer.show.files import data_folder

NO_GL = {"__EGL_VENDOR_LIBRARY_FILENAMES": "/none.json", "LIBGL_DRIVERS_PATH": "/none"}
SMALL = ("--size", "160x90", "--fps", "10", "--seconds", "0.2", "--participants", "2")


def run(*args: str) -> Result:
    """A command in this process; anything but an exit code is a bug."""
    result = CliRunner().invoke(app, with_at_glued(list(args)))
    assert result.exception is None or isinstance(result.exception, SystemExit), result.exception
    return result


def called(folder: Path, *args: str, **environment: str) -> subprocess.CompletedProcess[str]:
    """A command in a process of its own, without a display."""
    kept = {k: v for k, v in os.environ.items() if k not in ("DISPLAY", "WAYLAND_DISPLAY")}
    return subprocess.run(
        [sys.executable, "-m", "performer", *args], cwd=folder, capture_output=True, text=True,
        env={**kept, "XDG_STATE_HOME": str(folder / "state"), **environment}, timeout=60,
        check=False,
    )  # fmt: skip


@pytest.mark.parametrize(
    ("args", "words"),
    [
        (("rehearse", "--size", "0x0"), "each side must be 64..8192"),
        (("rehearse", "--size", "99999x99999"), "each side must be 64..8192"),
        (("rehearse", "--size", "8000x64"), "between 1:4 and 4:1"),
        (("rehearse", "--size", "big"), "must be WIDTHxHEIGHT"),
        (("rehearse", "--size", "16²x90"), "must be WIDTHxHEIGHT"),
        (("rehearse", "--size", "-160x90"), "must be WIDTHxHEIGHT"),
        (("rehearse", "--fps", "0"), "--fps must be 1..240"),
        (("rehearse", "--fps", "nan"), "--fps must be 1..240"),
        (("rehearse", "--seconds", "0"), "--seconds"),
        (("rehearse", "--seconds", "nan"), "--seconds"),
        (("rehearse", "--participants", "-1"), "must be 0 or more"),
        (("rehearse", "--seed", "-1"), "--seed"),
        (("rehearse", "--seed", "9" * 20), "--seed"),
        (("rehearse", "nothing"), "luna-circle"),
        (("rehearse", "/nowhere/show.toml"), "no such file"),
        (("rehearse", "--view", "sideways"), "must be master, mask or solo:ID"),
        (("rehearse", "--view", "solo:"), "must be master, mask or solo:ID"),
        (("rehearse", "--set", "/resonance"), "must be ADDRESS=VALUE"),
        (("rehearse", "--set", "/resonance=2"), "must be 0..1, found 2"),
        (("rehearse", "--set", "/resonance=" + "9" * 400), "must be finite"),
        (("rehearse", "--set", "/resonance=nan"), "must be finite"),
        (("rehearse", "--set", "/nothing=1"), "no such address"),
        (("rehearse", "--at"), "must be SECONDS ADDRESS VALUE"),
        (("rehearse", "--at", "soon", "/resonance", "1"), "must be SECONDS ADDRESS VALUE"),
        (("rehearse", "--at", "1"), "must be SECONDS ADDRESS VALUE"),
        (("rehearse", "--at", "1", "/resonance", "much"), "must be a number"),
        (("rehearse", "--play", "/nowhere.jsonl"), "cannot be read"),
        (("perform", "--osc-port", "0"), "--osc-port"),
        (("perform", "--osc-host", "0.0.0.0", "--headless"), "say who may with --allow"),
        (("perform", "--osc-host", "stage", "--headless"), "must be an IP address"),
        (("perform", "--allow", "everybody", "--headless"), "--allow must be a network"),
        (("perform", "--tokens", "/nowhere.toml", "--headless"), "/nowhere.toml: no such file"),
        (("perform", "--seconds", "0"), "--seconds"),
        (("perform", "nothing", "--headless"), "luna-circle"),
        (("perform", "--headless", "--record", "/proc/none/a.mp4"), "cannot write /proc/none"),
        (("perform", "--headless", "--still", "/proc/none/a.png"), "cannot write /proc/none"),
        (("perform", "--headless", "--record-control", "/proc/none/a"), "cannot write /proc/none"),
        (("dance",), "No such command"),
    ],
)
def test_a_bad_option_is_one_clear_message(
    args: tuple[str, ...], words: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path))
    monkeypatch.setenv("COLUMNS", "200")
    monkeypatch.setenv("TERM", "dumb")
    result = run(*args)
    assert result.exit_code in (1, 2)
    assert words in result.output
    assert "Traceback" not in result.output


def test_every_command_has_help() -> None:
    listed = run("--help").output
    for command in ("perform", "rehearse", "check", "devices", "doctor", "bench", "gallery"):
        assert command in listed
        told = run(command, "--help")
        assert told.exit_code == 0
        assert "Usage" in told.output


def test_nobody_and_five_thousand_are_circles_too(tmp_path: Path) -> None:
    stats = tmp_path / "stats.json"
    nobody = run("rehearse", *SMALL[:-1], "0", "--stats", str(stats))
    assert nobody.exit_code == 0
    assert "stays dark until somebody joins" in nobody.output
    assert json.loads(stats.read_text())["summary"]["mean_luminance"] < 0.01
    many = run("rehearse", *SMALL[:-1], "5000")
    assert many.exit_code == 0
    assert "5000 people: 256 are drawn, the others wait." in many.output


def test_a_rehearsal_that_cannot_write_says_so(tmp_path: Path) -> None:
    for option in (("--out", "/proc/none/a.mp4"), ("--stats", "/proc/none/a.json")):
        result = run("rehearse", *SMALL, *option)
        assert result.exit_code == 1
        assert "cannot write" in result.output
    (tmp_path / "bad.jsonl").write_text('{"t": 0, "address": "/resonance", "args": [9e999]}\n?\n')
    result = run("rehearse", *SMALL, "--play", str(tmp_path / "bad.jsonl"))
    assert result.exit_code == 1
    assert "bad.jsonl:1: " in result.output.replace("\n", "")
    assert "bad.jsonl:2: " in result.output.replace("\n", "")


def test_a_rehearsal_writes_video_stills_and_statistics(tmp_path: Path) -> None:
    out, stats = tmp_path / "a.mp4", tmp_path / "a.json"
    options = ("--out", str(out), "--stats", str(stats), "--stills", "0.1",
               "--set", "/resonance=1", "--at", "0.1", "/individuality", "0.5")  # fmt: skip
    result = run("rehearse", *SMALL, *options)
    assert result.exit_code == 0, result.output
    with av.open(str(out)) as file:
        assert sum(1 for _ in file.decode(video=0)) == 2
    assert len(list((tmp_path / "a").glob("*.png"))) >= 2
    assert json.loads(stats.read_text())["summary"]["clamps"] == {"/resonance": 2}


# ---- check --------------------------------------------------------------------------------------

BAD_SHADER = """/*{"ISFVSN": "2", "INPUTS": []}*/
void main() {
    gl_FragColor = vec4(1.0);
    this is no GLSL;
}
"""


def test_check_passes_what_is_shipped() -> None:
    result = run("check")
    assert result.exit_code == 0, result.output
    assert result.output.count(": ok") >= 6
    told = json.loads(run("check", str(data_folder() / "presets"), "--json").output)
    assert told
    assert all(r["ok"] and r["problems"] == [] for r in told)


def test_check_names_file_line_and_key_of_every_problem(tmp_path: Path) -> None:
    (tmp_path / "bad.fs").write_text(BAD_SHADER)
    (tmp_path / "typo.toml").write_text(
        'title = "Typo"\ngenerators = ["ink", "missing"]\ncolour = 3\n'
        '[values]\n"/resonance" = 7.0\n'
    )
    (tmp_path / "broken.toml").write_text('title = "Broken\n')
    (tmp_path / "bytes.toml").write_bytes(b'title = "\xff"\n')
    (tmp_path / "night.toml").write_text('title = "N"\n[[phase]]\nname = "a"\nseconds = 60\n')
    (tmp_path / "song.txt").write_text("la")
    told = run("check", str(tmp_path), str(tmp_path / "song.txt"), str(tmp_path / "gone.fs"))
    assert told.exit_code == 1
    text = told.output
    assert "bad.fs:4: " in text
    assert "typo.toml: colour: " in text
    assert "/resonance" in text
    assert "broken.toml:1: " in text
    assert "bytes.toml:1: " in text
    assert "night.toml: phase[0].preset: " in text
    assert "song.txt: must be a .toml preset, show or controller, or a .fs shader" in text
    assert "gone.fs: " in text
    assert "Traceback" not in text
    result = run("check", "--json", str(tmp_path), str(data_folder() / "presets" / "luna.toml"))
    assert result.exit_code == 1
    reports = {Path(r["file"]).name: r for r in json.loads(result.output)}
    assert reports["luna.toml"]["ok"]
    for name in ("bad.fs", "typo.toml", "broken.toml", "bytes.toml", "night.toml"):
        assert not reports[name]["ok"]
        assert all(p["message"] for p in reports[name]["problems"])
        assert all("line" in p or "key" in p for p in reports[name]["problems"]), name
    assert {p["line"] for p in reports["bad.fs"]["problems"]} == {4}
    assert any(p.get("key") == "colour" for p in reports["typo.toml"]["problems"])


# ---- in processes of their own ------------------------------------------------------------------


def test_devices_and_doctor_print_with_and_without_opengl(tmp_path: Path) -> None:
    for told in (called(tmp_path, "devices"), called(tmp_path, "doctor")):
        assert told.returncode == 0
        assert "OpenGL renderer: " in told.stdout
        assert "Traceback" not in told.stderr
    assert "moderngl " in told.stdout
    assert str(tmp_path / "state") in told.stdout
    blind = called(tmp_path, "doctor", **NO_GL)
    assert blind.returncode == 0
    assert "no OpenGL 3.3 without a window" in blind.stdout
    assert "python" in blind.stdout


def test_without_any_opengl_everything_says_what_to_install(tmp_path: Path) -> None:
    show = data_folder() / "shaders" / "layers" / "ink.fs"
    for args in (("rehearse", *SMALL), ("check", str(show)), ("perform", "--headless")):
        told = called(tmp_path, *args, **NO_GL)
        text = told.stdout + told.stderr
        assert told.returncode in (1, 2), args
        assert text.count("no OpenGL 3.3") == 1, text
        assert "apt-get install" in text
        assert "Traceback" not in text


def free() -> str:
    import socket

    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as one:
        one.bind(("127.0.0.1", 0))
        return str(one.getsockname()[1])


def test_without_a_display_it_says_so_and_leaves_a_video_and_a_still(tmp_path: Path) -> None:
    ports = ("--osc-port", free(), "--osc-out-port", free())
    told = called(tmp_path, "perform", *SMALL[:4], "--seconds", "5", "--record", "night.mp4",
                  "--still", "night.png", *ports)  # fmt: skip
    text = told.stdout + told.stderr
    assert told.returncode == 0, text
    assert "No display (DISPLAY and WAYLAND_DISPLAY are empty): playing without one." in text
    assert "Log: " in text
    assert "Video: " in text
    with av.open(str(tmp_path / "night.mp4")) as file:
        assert sum(1 for _ in file.decode(video=0)) >= 5
    with av.open(str(tmp_path / "night.png")) as file:
        assert next(file.decode(video=0)).width == 160


def test_a_display_that_is_not_there_is_one_clear_message(tmp_path: Path) -> None:
    told = called(tmp_path, "perform", "--osc-port", free(), "--osc-out-port", free(),
                  DISPLAY=":4711", SDL_VIDEODRIVER="x11")  # fmt: skip
    assert told.returncode != 0
    assert (told.stdout + told.stderr).count("no display") == 1
    assert "--headless plays without one" in told.stdout + told.stderr


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="only Linux has a full disk to hand")
def test_a_full_disk_is_said_and_the_show_is_played_to_its_end(tmp_path: Path) -> None:
    (tmp_path / "a.mp4").symlink_to("/dev/full")
    (tmp_path / "c.jsonl").symlink_to("/dev/full")
    port = free()
    environment = {**os.environ, "XDG_STATE_HOME": str(tmp_path / "state")}
    with subprocess.Popen(
        [sys.executable, "-m", "performer", "perform", "--headless", *SMALL[:4], "--seconds", "3",
         "--record", "a.mp4", "--record-control", "c.jsonl", "--osc-port", port,
         "--osc-out-port", free()],
        cwd=tmp_path, env=environment, text=True, stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
    ) as night:  # fmt: skip
        try:
            while night.poll() is None:  # until it is listened to
                subprocess.run(["oscsend", "127.0.0.1", port, "/resonance", "f", "0.5"], check=True)
                time.sleep(0.1)
            text = night.stdout.read() if night.stdout else ""
        finally:
            night.kill()
    assert night.returncode == 0, text
    assert "started again" not in text, text
    assert text.count("the record of controls") == 1, text
    assert text.count("the video") == 1, text
    assert "No space left" in text
    assert "Traceback" not in text


def test_what_was_recorded_is_not_recorded_over(tmp_path: Path) -> None:
    (tmp_path / "a.mp4").write_bytes(b"the only copy")
    told = called(tmp_path, "perform", "--headless", *SMALL[:4], "--seconds", "5", "--record",
                  "a.mp4", "--silent", "--osc-port", free(), "--osc-out-port", free())  # fmt: skip
    assert told.returncode == 0
    assert (tmp_path / "a.mp4").read_bytes() == b"the only copy"
    assert (tmp_path / "a-2.mp4").stat().st_size > 100
    assert "a-2.mp4" in (told.stdout + told.stderr).replace("\n", "")
