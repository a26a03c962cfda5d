"""`performer isf` and `performer check --sandbox` as a person meets them: words, pixels, frames."""

import json
import sys
import time
from pathlib import Path

import av
import numpy as np
import pytest
from numpy.typing import NDArray
from typer.testing import CliRunner, Result

from performer import sandbox
from performer.cli import app
from performer.output.video import write_still
from performer.output.wav import Wav
from performer.render.isf.sample import sample_picture
from performer.show.files import data_folder
from performer.show.isf import load_shader
from performer.trying import inputs_of, span_of

Pixels = NDArray[np.uint8]

PLAIN = """/*{"ISFVSN": "2", "DESCRIPTION": "[b]Plain[/b]", "CREDIT": "nobody", "INPUTS": [
    {"NAME": "tint", "TYPE": "color", "DEFAULT": [1, 0, 0, 1]},
    {"NAME": "which", "TYPE": "long", "VALUES": [0, 2], "LABELS": ["All", "Right"], "DEFAULT": 0},
    {"NAME": "on", "TYPE": "bool", "DEFAULT": true},
    {"NAME": "place", "TYPE": "point2D", "MIN": [-1, -1], "MAX": [1, 1]},
    {"NAME": "energy", "TYPE": "float"}
]}*/
void main() {
    bool here = which == 0 || isf_FragNormCoord.x > 0.5;
    gl_FragColor = vec4(here && on ? tint.rgb : vec3(place, 0.0), 1.0);
}
"""
CLOCK = '/*{"ISFVSN": "2"}*/\nvoid main() { gl_FragColor = vec4(vec3(TIME / 10.0), 1.0); }\n'
SEEN = """/*{"ISFVSN": "2", "INPUTS": [{"NAME": "inputImage", "TYPE": "image"}, {"NAME": "strength",
    "TYPE": "float", "MIN": 0, "MAX": 4}, {"NAME": "tint", "TYPE": "color"}]}*/
void main() { gl_FragColor = IMG_THIS_PIXEL(inputImage); }
"""
CROSSED = """/*{"ISFVSN": "2", "INPUTS": [{"NAME": "startImage", "TYPE": "image"},
    {"NAME": "endImage", "TYPE": "image"}, {"NAME": "progress", "TYPE": "float"}]}*/
void main() { gl_FragColor = vec4(vec3(progress), 1.0); }
"""
COUNTED = """/*{"ISFVSN": "2", "PASSES": [
    {"TARGET": "sum", "PERSISTENT": true, "FLOAT": true, "WIDTH": "$WIDTH / 2"}, {}]}*/
void main() {
    if (PASSINDEX == 0) gl_FragColor = IMG_THIS_PIXEL(sum) + vec4(1.0 / 64.0);
    else gl_FragColor = IMG_THIS_PIXEL(sum);
}
"""
LISTENING = """/*{"ISFVSN": "2", "INPUTS": [{"NAME": "wave", "TYPE": "audio"},
    {"NAME": "bins", "TYPE": "audioFFT"}]}*/
void main() {
    float w = 0.0, b = 0.0;
    for (int i = 0; i < 64; i++) {
        w = max(w, abs(IMG_NORM_PIXEL(wave, vec2((float(i) + 0.5) / 64.0, 0.5)).r - 0.5));
        b = max(b, IMG_NORM_PIXEL(bins, vec2((float(i) + 0.5) / 64.0, 0.5)).r);
    }
    gl_FragColor = vec4(w, b, 0.0, 1.0);
}
"""
BROKEN = '/*{"ISFVSN": "2"}*/\nvoid main() {\n    this is no GLSL;\n}\n'
HEADLESS = '/*{\n    "ISFVSN": "2",\n    "INPUTS": [}\n*/\nvoid main() {}\n'
# llvmpipe ends a loop after 65535 rounds by itself: three inside one another last for days
ENDLESS = """/*{"ISFVSN": "2"}*/
void main() {
    float x = gl_FragCoord.x;
    for (;;) {
        for (;;) {
            for (;;) { x = fract(x * 1.7 + 0.3); if (x < -1.0) break; }
            if (x < -2.0) break;
        }
        if (x < -3.0) break;
    }
    gl_FragColor = vec4(x);
}
"""
ENDLESS_WHEN_HIGH = """/*{"ISFVSN": "2", "INPUTS": [
    {"NAME": "often", "TYPE": "float", "MIN": 0, "MAX": 60000, "DEFAULT": 2}]}*/
void main() {
    float x = gl_FragCoord.x;
    for (int i = 0; i < int(often); i++)
        for (int j = 0; j < int(often); j++) x = fract(x * 1.7 + 0.3);
    gl_FragColor = vec4(x);
}
"""
TOY = """void mainImage(out vec4 fragColor, in vec2 fragCoord) {
    vec2 uv = fragCoord / iResolution.xy;
    fragColor = vec4(uv, texture(iChannel0, uv).r, 1.0);
    fragColor *= textureGather(iChannel1, uv).r;
}
"""
SMALL = ("--size", "64x64")


def run(*args: str | Path) -> Result:
    """A command in this process; anything but an exit code is a bug."""
    result = CliRunner().invoke(app, [str(a) for a in args])
    assert result.exception is None or isinstance(result.exception, SystemExit), result.exception
    assert "Traceback" not in result.output
    return result


def good(*args: str | Path) -> str:
    result = run(*args)
    assert result.exit_code == 0, result.output
    return result.stdout


@pytest.fixture(autouse=True)
def own(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The user's own folder, with nothing in it."""
    folder = tmp_path / "own"
    folder.mkdir()
    monkeypatch.setenv("PERFORMER_SHADERS", str(folder))
    return folder


def written(folder: Path, name: str, text: str) -> Path:
    path = folder / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")
    return path


def frames(path: Path) -> list[Pixels]:
    with av.open(str(path)) as file:
        return [np.asarray(f.to_ndarray(format="rgb24"), np.uint8) for f in file.decode(video=0)]


# ---- ls and show --------------------------------------------------------------------------------


def test_everything_that_can_be_named_is_listed_and_what_is_broken(own: Path) -> None:
    written(own, "sub/My Own.fs", SEEN)
    broken = written(own, "broken.fs", HEADLESS)
    told = good("isf", "ls")
    lines = {line.split()[0]: line.split(None, 4)[1:] for line in told.splitlines() if line.strip()}
    assert lines["ink"][0] in ("generator", "transition")
    assert lines["my-own"] == ["effect", "3", "1", f"{own / 'sub' / 'My Own.fs'} "]
    assert f"{broken}:3: the header is not valid JSON" in told
    listed = json.loads(good("isf", "ls", "--json"))
    kinds = {e["kind"] for e in listed["shaders"]}
    assert {"generator", "effect"} <= kinds <= {"generator", "effect", "transition"}
    assert [Path(b["file"]).name for b in listed["broken"]] == ["broken.fs"]
    assert listed["broken"][0]["problems"][0]["line"] == 3


def test_a_folder_is_listed_with_those_below_it(tmp_path: Path) -> None:
    written(tmp_path, "set/a.fs", PLAIN)
    written(tmp_path, "set/deep/B.ISF", COUNTED)
    written(tmp_path, "set/deep/notes.txt", "la")
    listed = json.loads(good("isf", "ls", "--json", tmp_path / "set"))["shaders"]
    assert [(e["name"], e["inputs"], e["passes"]) for e in listed] == [("a", 5, 1), ("b", 0, 2)]
    assert good("isf", "ls", tmp_path / "own").strip() == "no shaders"
    assert "gone.fs: " in run("isf", "ls", tmp_path / "gone.fs").output


def test_a_header_is_shown_as_tables(tmp_path: Path) -> None:
    told = good("isf", "show", written(tmp_path, "plain.fs", PLAIN))
    rows = [" ".join(line.split()) for line in told.splitlines()]
    assert "description [b]Plain[/b]" in rows
    assert "kind generator" in rows
    assert "which long 0 0 All, 2 Right" in rows
    assert "place point2D 0, 0 -1, -1 … 1, 1" in rows
    assert "energy float 0 0 … 1 the person" in rows
    told = good("isf", "show", written(tmp_path, "counted.fs", COUNTED))
    rows = [" ".join(line.split()) for line in told.splitlines()]
    assert "0 sum $WIDTH / 2 × $HEIGHT yes yes" in rows
    assert "1 the picture $WIDTH × $HEIGHT" in rows


def test_an_effects_knobs_are_numbered(tmp_path: Path) -> None:
    path = written(tmp_path, "seen.fs", SEEN)
    rows = [" ".join(line.split()) for line in good("isf", "show", path).splitlines()]
    assert "inputImage image the stage" in rows
    assert "strength float 0 0 … 4 1" in rows
    assert "tint color 0, 0, 0, 0 0, 0, 0, 0 … 1, 1, 1, 1 2–5" in rows
    inputs = json.loads(good("isf", "show", path, "--json"))["inputs"]
    assert [one.get("knobs") for one in inputs] == [None, [1], [2, 3, 4, 5]]


def test_names_find_what_they_mean(own: Path) -> None:
    written(own, "plain.fs", PLAIN)
    written(own, "bad.fs", HEADLESS)
    written(own, "Ink.fs", SEEN)
    assert json.loads(good("isf", "show", "plain", "--json"))["credit"] == "nobody"
    assert json.loads(good("isf", "show", "ink", "--json"))["kind"] == "generator"
    assert json.loads(good("isf", "show", "effects/ink", "--json"))["kind"] == "effect"
    unknown = run("isf", "show", "plane")
    assert unknown.exit_code == 1
    assert "no shader 'plane', did you mean plain? There are: a" in unknown.output
    assert "bad.fs:3: " in run("isf", "show", "bad").output
    assert "gone.fs: " in run("isf", "show", "gone.fs").output


# ---- try ----------------------------------------------------------------------------------------


def tried(tmp_path: Path, text: str, *args: str | Path) -> Pixels:
    """The one picture of a still."""
    out = tmp_path / "out.png"
    good("isf", "try", written(tmp_path, "tried.fs", text), "--out", out, *SMALL, *args)
    return frames(out)[0]


def test_inputs_are_set_by_name(tmp_path: Path) -> None:
    assert (tried(tmp_path, PLAIN) == (255, 0, 0)).all()
    half = tried(tmp_path, PLAIN, "--set", "tint=#00ff80", "--set", "which=Right",
                 "--set", "place=0.2,1")  # fmt: skip
    assert (half[:, 32:] == (0, 255, 128)).all()
    assert (half[:, :32] == (51, 255, 0)).all()
    right = tried(tmp_path, PLAIN, "--set", "tint=0,0,1", "--set", "which=2")[:, 32:]
    assert (right == (0, 0, 255)).all()
    assert (tried(tmp_path, PLAIN, "--set", "on=off", "--set", "place=0,1") == (0, 255, 0)).all()


@pytest.mark.parametrize(
    ("args", "words"),
    [
        (("--set", "tin=1"), "did you mean tint? There are: energy, on, place, tint, which"),
        (("--set", "tint"), "must be NAME=VALUE"),
        (("--set", "tint=1,2"), "must be three or four numbers 0..1"),
        (("--set", "tint=#12345"), "must be three or four numbers 0..1"),
        (("--set", "tint=#gggggg"), "must be three or four numbers 0..1"),
        (("--set", "which=1"), "must be one of 0 (All), 2 (Right), found '1'"),
        (("--set", "which=x"), "must be one of 0 (All), 2 (Right), found 'x'"),
        (("--set", "on=perhaps"), "must be true or false"),
        (("--set", "place=1"), "must be two numbers"),
        (("--set", "energy=nan"), "must be a number"),
        (("--set", "energy=much"), "must be a number, found 'much'"),
        (("--image", "face=a.png"), "There are: none"),
        (("--image", "face"), "must be NAME=FILE"),
        (("--out", "a.jpg"), "must be a .png still, or a video"),
        (("--out", "a"), "must be a .png still, or a video"),
        (("--out", "/proc/none/a.png"), "cannot write the still"),
        (("--out", "/proc/none/a.mp4"), "cannot write the video"),
        (("--audio", "/none.wav"), "/none.wav: there is no such file"),
        (("--size", "9"), "must be WIDTHxHEIGHT"),
    ],
)
def test_what_cannot_be_given_is_one_clear_message(
    args: tuple[str, ...], words: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    path = written(tmp_path, "plain.fs", PLAIN)
    result = run("isf", "try", path, "--out", "a.png", "--seconds", "0", *args)
    assert result.exit_code in (1, 2)
    assert words in result.output
    assert list(tmp_path.glob("a*")) == []


def test_pictures_and_sound_are_given_otherwise(tmp_path: Path) -> None:
    path = written(tmp_path, "seen.fs", SEEN)
    told = run("isf", "try", path, "--out", "a.png", "--set", "inputImage=1")
    assert "is a picture: give it with --image inputImage=FILE" in told.output
    shader = load_shader(written(tmp_path, "heard.fs", LISTENING))
    with pytest.raises(Exception, match="is sound: give it with --audio FILE"):
        inputs_of(shader, ["wave=1"])


def test_without_a_picture_there_is_a_test_picture(tmp_path: Path) -> None:
    shown = tried(tmp_path, SEEN)
    assert np.abs(shown.astype(int) - sample_picture((64, 64))[..., :3]).max() <= 1
    corners = {tuple((shown[y, x] // 64).tolist()) for y in (0, 63) for x in (0, 63)}
    assert len(corners) == 4
    assert shown[32, 32].min() > 220  # the disc
    write_still(tmp_path / "blue.png", np.full((8, 8, 3), (0, 0, 200), np.uint8))
    given = tried(tmp_path, SEEN, "--image", f"inputImage={tmp_path / 'blue.png'}")
    assert (given == (0, 0, 200)).all()


def test_test_pictures_differ_from_one_another() -> None:
    several = [sample_picture((96, 54), turn).astype(int) for turn in range(4)]
    for i, one in enumerate(several):
        assert one.shape == (54, 96, 4)
        assert (one[..., 3] == 255).all()
        for other in several[:i]:
            assert np.abs(one - other).mean() > 10


def test_a_still_is_at_its_time(tmp_path: Path) -> None:
    assert abs(int(tried(tmp_path, CLOCK, "--time", "5")[0, 0, 0]) - 128) <= 1
    assert abs(int(tried(tmp_path, CLOCK)[0, 0, 0]) - 26) <= 1
    assert tried(tmp_path, CLOCK, "--time", "0").max() == 0


def test_what_remembers_is_drawn_from_before_a_still(tmp_path: Path) -> None:
    assert abs(int(tried(tmp_path, COUNTED, "--fps", "20")[0, 0, 0]) - 21 * 4) <= 1
    shown = tried(tmp_path, COUNTED, "--fps", "20", "--time", "3", "--seconds", "0.5")
    assert abs(int(shown[0, 0, 0]) - 11 * 4) <= 1


def test_a_video_has_its_seconds(tmp_path: Path) -> None:
    path, out = written(tmp_path, "clock.fs", CLOCK), tmp_path / "out.mkv"
    good("isf", "try", path, "--out", out, *SMALL, "--seconds", "1", "--fps", "8", "--time", "2")
    found = [int(f[32, 32, 0]) for f in frames(out)]
    assert len(found) == 8
    assert found == sorted(found)
    assert abs(found[0] - 51) <= 4
    assert abs(found[-1] - 73) <= 4


def test_a_transition_runs_through_a_video_and_stands_midway_in_a_still(tmp_path: Path) -> None:
    path, out = written(tmp_path, "crossed.fs", CROSSED), tmp_path / "out.mp4"
    good("isf", "try", path, "--out", out, *SMALL, "--seconds", "1", "--fps", "5")
    found = [int(f[32, 32, 0]) for f in frames(out)]
    assert np.abs(np.array(found) - (0, 64, 128, 191, 255)).max() <= 4
    assert (np.abs(tried(tmp_path, CROSSED).astype(int) - 128) <= 1).all()
    assert (tried(tmp_path, CROSSED, "--set", "progress=1") == 255).all()


def test_music_moves_what_listens(tmp_path: Path) -> None:
    silent = tried(tmp_path, LISTENING)
    assert silent.max() <= 1
    music = Wav(tmp_path / "a.wav", 48000, 2)
    tone = 0.5 * np.sin(2 * np.pi * 440 * np.arange(96000) / 48000)
    music.push(np.stack([tone, tone], axis=1).astype(np.float32))
    music.close()
    heard = tried(tmp_path, LISTENING, "--audio", tmp_path / "a.wav", "--fps", "10")
    assert heard[0, 0, 0] > 20
    assert heard[0, 0, 1] > 20


def test_a_still_of_what_listens_has_heard_what_came_before(tmp_path: Path) -> None:
    shader = load_shader(written(tmp_path, "a.fs", LISTENING))
    span = span_of(shader, Path("a.png"), 2.0, None, 10.0, heard=True)
    assert span.frames == 21
    assert span.times[0] == pytest.approx(0.0)
    assert span.times[-1] == pytest.approx(2.0)


def test_what_does_not_compile_names_its_line(tmp_path: Path) -> None:
    path = written(tmp_path, "broken.fs", BROKEN)
    result = run("isf", "try", path, "--out", tmp_path / "a.png")
    assert result.exit_code == 1
    assert f"{path}:3: " in result.output
    assert not (tmp_path / "a.png").exists()


# ---- from-shadertoy -----------------------------------------------------------------------------


def test_a_shadertoy_becomes_an_isf_file_with_notes(tmp_path: Path) -> None:
    path = written(tmp_path, "toy.glsl", TOY)
    result = run("isf", "from-shadertoy", path, "--channel", "0=audioFFT")
    assert result.exit_code == 1
    assert f"{path}:4: textureGather of iChannel1 is not converted" in result.stdout
    made = load_shader(tmp_path / "toy.fs")
    assert [(i.name, i.kind) for i in made.inputs] == [
        ("iChannel0", "audioFFT"), ("iChannel1", "image"),
    ]  # fmt: skip
    assert f"{tmp_path / 'toy.fs'}:" in result.stdout  # what the compiler says of textureGather


def test_what_is_there_is_only_replaced_by_force(tmp_path: Path) -> None:
    clean = TOY.replace("    fragColor *= textureGather(iChannel1, uv).r;\n", "")
    path = written(tmp_path, "toy.glsl", clean)
    out = written(tmp_path, "sub/kept.fs", "mine")
    refused = run("isf", "from-shadertoy", path, "--out", out)
    assert refused.exit_code == 1
    assert "kept.fs: is there already: --force replaces it" in refused.output.replace("\n", "")
    assert out.read_text() == "mine"
    assert f"{out}: ok" in good("isf", "from-shadertoy", path, "--out", out, "--force")
    shown = tmp_path / "a.png"
    good("isf", "try", out, "--out", shown, *SMALL)
    picture = frames(shown)[0]
    assert picture[0, 63, :2].tolist() == [253, 253]
    assert picture[63, 0, :2].tolist() == [2, 2]
    itself = written(tmp_path, "self.fs", clean)
    assert "name another with --out" in run("isf", "from-shadertoy", itself, "--force").output
    assert itself.read_text() == clean


def test_what_is_no_shadertoy_is_refused(tmp_path: Path) -> None:
    path = written(tmp_path, "toy.glsl", "void main() {}\n")
    assert "there is no void mainImage" in run("isf", "from-shadertoy", path).output
    toy = written(tmp_path, "other.glsl", TOY)
    for channel, words in (("0=video", "iChannel0 must be one of"), ("x=image", "must be N=image"),
                           ("7=image", "channels are 0, 1, 2 and 3")):  # fmt: skip
        assert words in run("isf", "from-shadertoy", toy, "--channel", channel).output
    assert "gone.glsl: " in run("isf", "from-shadertoy", tmp_path / "gone.glsl").output
    assert list(tmp_path.glob("*.fs")) == []


# ---- check --------------------------------------------------------------------------------------


def test_effects_and_transitions_are_checked(tmp_path: Path) -> None:
    for name, text in (("seen", SEEN), ("crossed", CROSSED), ("plain", PLAIN), ("sum", COUNTED)):
        written(tmp_path, f"set/{name}.fs", text)
    written(tmp_path, "set/broken.fs", SEEN.replace("IMG_THIS_PIXEL(inputImage)", "none"))
    reports = json.loads(run("check", "--json", tmp_path / "set").stdout)
    assert {Path(r["file"]).stem: r["ok"] for r in reports} == {
        "seen": True, "crossed": True, "plain": True, "sum": True, "broken": False,
    }  # fmt: skip
    shipped = good("check")
    for folder in ("layers", "effects", "transitions"):
        for path in (data_folder() / "shaders" / folder).glob("*.fs"):
            assert f"{path}: ok" in shipped


def test_in_the_sandbox_what_hangs_is_ended_and_the_others_go_on(tmp_path: Path) -> None:
    hangs = written(tmp_path, "set/b-endless.fs", ENDLESS)
    later = written(tmp_path, "set/c-endless-when-high.fs", ENDLESS_WHEN_HIGH)
    broken = written(tmp_path, "set/d-broken.fs", BROKEN)
    written(tmp_path, "set/a.fs", COUNTED)
    written(tmp_path, "set/e.fs", CROSSED)
    written(tmp_path, "set/f.toml", 'title = "F"\ncolour = 3\n')
    began = time.monotonic()
    result = run("check", "--sandbox", "--limit", "3", "--json", tmp_path / "set")
    assert time.monotonic() - began < 60  # rather than days
    assert result.exit_code == 1
    reports = {Path(r["file"]).name: r for r in json.loads(result.stdout)}
    assert list(reports) == ["a.fs", hangs.name, later.name, broken.name, "e.fs", "f.toml"]
    assert reports["a.fs"] == {"file": str(tmp_path / "set" / "a.fs"), "ok": True, "problems": []}
    assert reports["e.fs"]["ok"]
    (problem,) = reports[hangs.name]["problems"]
    assert problem["message"] == "took longer than 3 s, drawing with its inputs as they are"
    (problem,) = reports[later.name]["problems"]
    assert problem["message"] == "took longer than 3 s, drawing with its inputs at their highest"
    assert {p["line"] for p in reports[broken.name]["problems"]} == {3}
    assert any(p.get("key") == "colour" for p in reports["f.toml"]["problems"])
    assert not [p for p in Path("/proc").glob("[0-9]*/cmdline") if _names(p, hangs)]


def _names(cmdline: Path, path: Path) -> bool:
    try:
        return str(path).encode() in cmdline.read_bytes()
    except OSError:  # it has ended
        return False


@pytest.mark.parametrize(
    ("code", "words"),
    [
        ("import os; os.kill(os.getpid(), 11)", "crashed with SIGSEGV, opening OpenGL"),
        ('import os; print(\'{"doing": "compiling"}\', flush=True); os.abort()',
         "crashed with SIGABRT, compiling"),
        ("print('a driver talks'); print('[1]'); raise SystemExit(7)",
         "ended its process with code 7, opening OpenGL"),
    ],
)  # fmt: skip
def test_a_crash_is_a_problem_of_its_file(
    code: str, words: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sandbox, "COMMAND", (sys.executable, "-c", code))
    path = written(tmp_path, "a.fs", PLAIN)
    result = run("check", "--sandbox", path)
    assert result.exit_code == 1
    assert result.stdout.strip() == f"{path}: {words}"


def test_a_limit_is_the_sandboxs(tmp_path: Path) -> None:
    result = run("check", "--limit", "3", written(tmp_path, "a.fs", PLAIN))
    assert result.exit_code == 2
    assert "--limit is for --sandbox" in result.output
