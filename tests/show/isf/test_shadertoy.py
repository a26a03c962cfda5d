"""Shadertoy to ISF: what each name and read becomes, what stays, what is said of the rest."""

from contextlib import suppress
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from performer.show.isf import Shader, parse_header
from performer.show.isf.shadertoy import converted

HERE = Path("toy.fs")
SIMPLE = """// a gradient
void mainImage( out vec4 fragColor, in vec2 fragCoord )
{
    vec2 uv = fragCoord/iResolution.xy;
    fragColor = vec4(uv, 0.5 + 0.5*sin(iTime), 1.0);
}
"""
ALL = dict.fromkeys(range(4), "image")
PIECES = [
    "texture(", "texelFetch(", "textureLod(", "iChannel0", "iChannel3", "iChannelResolution[",
    "iChannelTime[", "0", "]", "(", ")", ",", " ", "\n", "\\\n", "//", "/*", "*/", "vec3(", "uv",
    "iMouse", ".z", "iTime", "TIME", "#define ", "{", ";", "void mainImage(",
]  # fmt: skip


def shader(body: str, channels: dict[int, str] | None = None) -> tuple[str, list[str]]:
    """What one line inside mainImage becomes, and the notes; channels are pictures."""
    text = f"void mainImage(out vec4 o, vec2 u) {{\n{body}\n}}\n"
    whole, notes = converted(text, "toy", ALL if channels is None else channels)
    return parsed(whole).body.split("{\n", 1)[1].split("\n}\n", 1)[0], notes


def parsed(text: str) -> Shader:
    return parse_header(text, HERE)


def defines(text: str) -> list[str]:
    return [line for line in text.splitlines() if line.startswith("#define i")]


def test_a_simple_picture_stays_as_it_is() -> None:
    """Its text is whole, nothing is declared that it does not use, and there is nothing to say."""
    whole, notes = converted(SIMPLE, "gradient")
    assert notes == []
    read = parsed(whole)
    assert (read.version, read.description, read.inputs) == (2, "gradient", ())
    assert defines(whole) == ["#define iTime TIME", "#define iResolution vec3(RENDERSIZE, 1.0)"]
    assert f"\n{SIMPLE}\nvoid main() {{" in whole
    end = "    mainImage(gl_FragColor, gl_FragCoord.xy);\n    gl_FragColor.a = 1.0;\n}\n"
    assert whole.endswith("    gl_FragColor = vec4(0.0, 0.0, 0.0, 1.0);\n" + end)


@pytest.mark.parametrize(
    ("word", "becomes"),
    [
        ("iTime", "TIME"),
        ("iGlobalTime", "TIME"),
        ("iTimeDelta", "TIMEDELTA"),
        ("iFrame", "FRAMEINDEX"),
        ("iFrameRate", "(1.0 / max(TIMEDELTA, 0.001))"),
        ("iDate", "vec4(DATE.x, DATE.y - 1.0, DATE.zw)"),
        ("iResolution", "vec3(RENDERSIZE, 1.0)"),
        ("iSampleRate", "44100.0"),
        ("iMouse", "vec4(mouse * RENDERSIZE, 0.0, 0.0)"),
    ],
)
def test_names_are_defined_when_they_are_used(word: str, becomes: str) -> None:
    whole, _ = converted(f"void mainImage(out vec4 o, vec2 u) {{ f({word}); }}", "toy")
    assert defines(whole) == [f"#define {word} {becomes}"]
    whole, _ = converted(f"void mainImage(out vec4 o, vec2 u) {{ x{word}; /* {word} */ }}", "toy")
    assert defines(whole) == []


def test_the_mouse_is_a_point() -> None:
    """At 0, as Shadertoy's is before anyone clicks, and not under a name of the author's."""
    text = "void mainImage(out vec4 o, vec2 u) { vec2 mouse = iMouse.xy; }"
    whole, notes = converted(text, "toy")
    (point,) = parsed(whole).inputs
    assert (point.name, point.kind, point.default) == ("pointer", "point2D", (0, 0))
    assert (point.low, point.high) == ((0, 0), (1, 1))
    assert defines(whole) == ["#define iMouse vec4(pointer * RENDERSIZE, 0.0, 0.0)"]
    assert notes == []


@pytest.mark.parametrize(
    ("text", "becomes"),
    [
        ("texture(iChannel0, uv)", "IMG_NORM_PIXEL(iChannel0, fract(uv))"),
        ("texture2D ( iChannel3 , a*(b+c) )", "IMG_NORM_PIXEL ( iChannel3 , fract(a*(b+c)) )"),
        ("texture(iChannel0, vec2(a, f(b, c)))",
         "IMG_NORM_PIXEL(iChannel0, fract(vec2(a, f(b, c))))"),
        ("textureLod(iChannel1, uv, 0.)", "IMG_NORM_PIXEL(iChannel1, fract(uv))"),
        ("texelFetch(iChannel0, ivec2(u), 0)", "IMG_PIXEL(iChannel0, vec2(ivec2(u)) + 0.5)"),
        ("textureSize(iChannel0, 0)", "ivec2(IMG_SIZE(iChannel0))"),
        ("iChannelResolution[2].xy", "vec3(IMG_SIZE(iChannel2), 1.0).xy"),
        ("iChannelResolution [ 0 ]", "vec3(IMG_SIZE(iChannel0), 1.0)"),
        ("texture(iChannel0, u + texture(iChannel1, u).xy)",
         "IMG_NORM_PIXEL(iChannel0, fract(u + IMG_NORM_PIXEL(iChannel1, fract(u)).xy))"),
        ("texture(iChannel0, texture(iChannel1, u).xy)",
         "IMG_NORM_PIXEL(iChannel0, fract(IMG_NORM_PIXEL(iChannel1, fract(u)).xy))"),
        ("texture(iChannel0, u / iChannelResolution[0].xy)",
         "IMG_NORM_PIXEL(iChannel0, fract(u / vec3(IMG_SIZE(iChannel0), 1.0).xy))"),
        ("texture(iChannel0, u /* , ( */ + v)",
         "IMG_NORM_PIXEL(iChannel0, fract(u /* , ( */ + v))"),
        ("texture(iChannel0, // here\n  u // there )\n)",
         "IMG_NORM_PIXEL(iChannel0, // here\n  fract(u) // there )\n)"),
        ("texture(iChannel0, u, 0. // sharp\n)", "IMG_NORM_PIXEL(iChannel0, fract(u)\n)"),
        ("#define T(p) texture(iChannel0, \\\n p, \\\n 0.)",
         "#define T(p) IMG_NORM_PIXEL(iChannel0, \\\n fract(p)\\\n)"),
        ("iChannelResolution\n[0]", "vec3(IMG_SIZE(iChannel0), 1.0)\n"),
        ("// texture(iChannel0, u)\n/* texture(iChannel0, u) */",
         "// texture(iChannel0, u)\n/* texture(iChannel0, u) */"),
        ("// texture( \\\n texture(iChannel0, u)", "// texture( \\\n texture(iChannel0, u)"),
        ("mytexture(iChannel, u); textures(u);", "mytexture(iChannel, u); textures(u);"),
        ("dFdx(u.x)", "dFdx(u.x)"),
    ],
)  # fmt: skip
def test_reads_of_pictures(text: str, becomes: str) -> None:
    """With everything that they lie in, and every line where it was."""
    assert shader(text) == (becomes, [])


def test_channels_are_inputs_when_they_are_used() -> None:
    body = "texture(iChannel2, u); texture(iChannel0, u); texture(iChannel3, u); // iChannel1"
    text = f"void mainImage(out vec4 o, vec2 u) {{ {body} }}"
    whole, notes = converted(text, "toy", {0: "audio", 2: "audioFFT"})
    kinds = [(i.name, i.kind) for i in parsed(whole).inputs]
    assert kinds == [("iChannel0", "audio"), ("iChannel2", "audioFFT"), ("iChannel3", "image")]
    assert notes == [
        "line 1: iChannel0 is the wave in all its rows; the spectrum is not in it",
        "line 1: iChannel2 is the spectrum in all its rows; the wave is not in it",
        "line 1: iChannel3 is taken for a picture; a buffer, cubemap, volume or keyboard "
        "is not converted",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("text", "becomes"),
    [
        ("texture(iChannel0, vec2(x, .25))",
         "IMG_NORM_PIXEL(iChannel0, vec2((vec2(x, .25)).x, 0.5))"),
        ("texelFetch(iChannel0, ivec2(x, 0), 0)",
         "IMG_NORM_PIXEL(iChannel0, vec2((float((ivec2(x, 0)).x) + 0.5) / 512.0, 0.5))"),
        ("iChannelResolution[0].x", "vec3(512.0, 2.0, 1.0).x"),
        ("textureSize(iChannel0, 0)", "ivec2(512, 2)"),
    ],
)  # fmt: skip
def test_reads_of_sound(text: str, becomes: str) -> None:
    """Shadertoy's 512 places become however many there are."""
    assert shader(text, {0: "audioFFT"})[0] == becomes


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("textureLod(iChannel0, u, 3.0);", "textureLod of iChannel0 is read at full detail"),
        ("textureGrad(iChannel0, u, a, b);", "textureGrad of iChannel0 is read at full detail"),
        ("texture(iChannel0, vec3(u, 1));", "iChannel0 is read in three dimensions"),
        ("texture(ch, u);", "texture of 'ch' is not converted: only iChannel0..3 are"),
        ("texture();", "texture of nothing is not converted"),
        ("texture(iChannel0);", "texture of iChannel0 is not converted"),
        ("textureProj(iChannel0, p);", "textureProj of iChannel0 is not converted"),
        ("blur(iChannel0, u);", "iChannel0 is not read by texture() or texelFetch() here"),
        ("texture(iChannel0, u;", "a ( is never closed"),
        ("iChannelTime[1];", "iChannelTime[1] is TIME: ISF has no other time"),
        ("iChannelResolution[i];", "iChannelResolution is only converted with [0]"),
        ("f(iChannelTime);", "iChannelTime is only converted with [0]"),
        ("iMouse.z;", "iMouse.zw, the click, is always 0"),
        ("iSampleRate;", "iSampleRate is always 44100"),
        ("KEY_LEFT;", "KEY_LEFT looks like the keyboard"),
        ("samplerCube s;", "samplerCube has no place in ISF"),
        ("mainVR(1);", "mainVR is not converted"),
        ("mainSound(1);", "mainSound is not converted"),
        ('#include "common.glsl"', "#include is not Shadertoy's"),
        ("#version 300 es", "#version is not Shadertoy's"),
        ('#iChannel0 "file://a.png"', "#iChannel0 is not Shadertoy's"),
        ("uniform float iTime;", "iTime is declared here too; take this out"),
        ("#define iTime 1.0", "iTime is declared here too"),
        ("uniform sampler2D iChannel0;", "iChannel0 is declared here too"),
        ("void main() { }", "void main() is here already"),
        ("#define TIME iDate", "TIME is a name of ISF's own"),
        ("} void mainImage(out vec4 o, vec2 u) {", "a second mainImage is not converted"),
    ],
)
def test_what_is_not_converted_is_said_with_its_line(text: str, says: str) -> None:
    """Once, and about the author's line."""
    _, notes = shader(f"// {text}\n{text}")
    found = [n for n in notes if says in n]
    assert len(found) == 1
    assert found[0].startswith("line 3: ")
    assert len([n for n in notes if "never closed" not in n]) <= 1


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("", "there is no void mainImage"),
        ("void main() {}", "there is no void mainImage"),
        ("// void mainImage(out vec4 o, vec2 u) {}", "there is no void mainImage"),
        ("vec2 mainSound(float t) {}", "mainSound makes sound, which cannot become a picture"),
        ("void mainCubemap(out vec4 o) {}", "mainCubemap makes a cubemap"),
        ("void mainImage(out vec4 o, vec2 u) {}\n/* more", "line 2: a comment is never closed"),
    ],
)
def test_what_is_no_picture_is_refused(text: str, says: str) -> None:
    with pytest.raises(ValueError, match=r"^(there|line)") as caught:
        converted(text, "toy")
    assert says in str(caught.value)


@pytest.mark.parametrize(
    ("channels", "says"),
    [
        ({4: "image"}, "channels are 0, 1, 2 and 3, found 4"),
        ({0: "audiofft"}, "must be one of image, audio, audioFFT, found 'audiofft', did you mean"),
    ],
)
def test_channels_that_do_not_exist_are_refused(channels: dict[int, str], says: str) -> None:
    with pytest.raises(ValueError) as caught:  # noqa: PT011 # what it says is looked at
        converted(SIMPLE, "toy", channels)
    assert says in str(caught.value)


@pytest.mark.parametrize("end", ["", "\n", "\r\n", "\\", "// \\\n", "// end"])
def test_main_is_never_part_of_the_last_line(end: str) -> None:
    whole, _ = converted(SIMPLE.rstrip("\n") + end, "toy")
    before = whole.split("void main() {")[0]
    assert before.endswith("\n\n")
    assert "\r" not in whole


@given(st.text())
def test_any_name_is_a_description(name: str) -> None:
    """Also one that would end the comment."""
    whole, _ = converted(SIMPLE, f"{name}*/{name}")
    assert parsed(whole).description == f"{name}*/{name}"


@given(st.text() | st.lists(st.sampled_from(PIECES), max_size=40).map("".join))
def test_no_text_does_harm(text: str) -> None:
    """It is converted or refused; lines stay lines, and notes name lines that there are."""
    with suppress(ValueError):
        converted(text, "toy")
    with suppress(ValueError):
        text = SIMPLE + text
        whole, notes = converted(text, "toy")
        lines = text.replace("\r\n", "\n").replace("\r", "\n").removesuffix("\n").count("\n")
        assert parsed(whole).body.count("\n") >= lines
        head, tail = whole.split(SIMPLE.splitlines()[0])[0].count("\n"), 7
        assert whole.count("\n") - head - tail == lines
        assert all(1 <= int(n.split(":")[0][5:]) <= lines + 2 for n in notes)
