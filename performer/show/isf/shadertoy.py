"""A Shadertoy picture's GLSL as the text of an ISF 2 file, and notes on what has no place there.

The author's lines stay as they are and in their order: names are defined before them, `main` comes
after them, and only reads of iChannel0..3 are rewritten, where they stand. Nothing is compiled
here, so what depends on types is not seen; the compiler says it later.

Shadertoy's picture is opaque whatever its alpha says, and so is this one.
"""

import json
import re
from bisect import bisect_left
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import pairwise

from performer.show.isf.reading import plain
from performer.show.problems import did_you_mean, shown

CHANNELS = ("image", "audio", "audioFFT")
"""What an iChannel can be."""

_COMMENT = re.compile(r"//(?:\\\n|[^\n])*|/\*.*?(?:\*/|(?P<open>\Z))", re.DOTALL)
_VISIBLE = re.compile(r"[^\n]")
_MAIN = re.compile(r"\bvoid\s+mainImage\s*\(")
_MAIN_BODY = re.compile(r"\bvoid\s+mainImage\s*\([^;{}]*\{")
_WORD = re.compile(r"[A-Za-z_][A-Za-z0-9_]*")
_CHANNEL = re.compile(r"iChannel([0-3])")
_CHANNELS = re.compile(r"(?<![#\w])iChannel([0-3])\b")

_DEFINED = {
    "iTime": "TIME",
    "iGlobalTime": "TIME",
    "iTimeDelta": "TIMEDELTA",
    "iFrame": "FRAMEINDEX",
    "iFrameRate": "(1.0 / max(TIMEDELTA, 0.001))",
    "iDate": "vec4(DATE.x, DATE.y - 1.0, DATE.zw)",  # Shadertoy's months begin at 0, ISF's at 1
    "iResolution": "vec3(RENDERSIZE, 1.0)",
    "iSampleRate": "44100.0",
}
"""What else than a channel is Shadertoy's, and what it is in ISF; iMouse needs an input."""

_READS = ("texture", "texture2D", "textureLod", "texture2DLod", "texture2DLodEXT", "textureGrad",
          "texture2DGradEXT")  # fmt: skip
_UNKNOWN_READS = (
    "textureProj", "textureProjLod", "textureProjGrad", "texture2DProj", "textureOffset",
    "textureLodOffset", "textureGradOffset", "texelFetchOffset", "textureGather",
    "textureGatherOffset", "texture3D", "textureCube", "textureCubeLod", "textureCubeLodEXT",
)  # fmt: skip
_CALL = re.compile(rf"\b({'|'.join((*_READS, *_UNKNOWN_READS, 'texelFetch', 'textureSize'))})\s*\(")
_INDEXED = re.compile(r"\b(iChannelResolution|iChannelTime)\b(?:\s*\[([^\[\]]*)\])?")
_NO_LEVEL = re.compile(r"\s*,\s*(?:0|0?\.0*)\s*")

_ISF = frozenset({
    "TIME", "TIMEDELTA", "RENDERSIZE", "PASSINDEX", "DATE", "FRAMEINDEX", "BEAT", "IMG_PIXEL",
    "IMG_NORM_PIXEL", "IMG_THIS_PIXEL", "IMG_THIS_NORM_PIXEL", "IMG_SIZE", "isf_FragNormCoord",
})  # fmt: skip
_SPOILS = (
    (re.compile(r"\b(mainSound|mainVR|mainCubemap)\s*\("),
     "{} is not converted: ISF has pictures only"),
    (re.compile(r"(?m)^[ \t]*(#[ \t]*(?:include|version|extension|i[A-Z]\w*))\b"),
     "{} is not Shadertoy's, and must be taken out or replaced by hand"),
    (re.compile(r"(?:\b(?:float|int|vec[234]|sampler\w+)\s+|#[ \t]*define[ \t]+)"
                r"(i(?:Time|GlobalTime|TimeDelta|Frame|FrameRate|Date|Resolution|Mouse|SampleRate|"
                r"Channel(?:[0-3]|Time|Resolution)))\b"),
     "{} is declared here too; take this out, it is given already"),
    (re.compile(r"\b(void\s+main)\s*\("), "{}() is here already, and a second one comes after it"),
    (re.compile(r"\b(samplerCube|sampler3D)\b"), "{} has no place in ISF: pictures are flat"),
    (re.compile(r"\b(KEY_\w+|[kK]eyboard\w*|[kK]ey(?:Down|Press\w*|Toggle\w*))\b"),
     "{} looks like the keyboard, which ISF does not have"),
    (re.compile(r"\b(iMouse)\s*\.\s*[xyzwrgbastpq]*[zwbapq]"),
     "{}.zw, the click, is always 0: an ISF point has only its place"),
    (re.compile(r"\b(iSampleRate)\b"), "{} is always 44100"),
)  # fmt: skip
"""What is looked for once, and what is said about it."""


def converted(
    text: str, name: str, channels: Mapping[int, str] | None = None
) -> tuple[str, list[str]]:
    """An ISF 2 file that draws what `text` draws, and notes: `line 12: iChannelTime[0] ...`.

    `channels` says what iChannel0..3 are: image (where it says nothing), audio or audioFFT. Lines
    are those of `text`. ValueError for other channels, for text without a mainImage, and for a
    comment that is never closed.
    """
    channels = _checked(channels or {})
    text = plain(text).removesuffix("\n")
    code = _without_comments(text)
    _check_main(code)
    return _Conversion(text, code, channels).file(name)


def _checked(channels: Mapping[int, str]) -> Mapping[int, str]:
    for number, kind in channels.items():
        if number not in range(4):
            raise ValueError(f"channels are 0, 1, 2 and 3, found {shown(number)}")
        if kind not in CHANNELS:
            near = did_you_mean(kind, CHANNELS)
            allowed = f"iChannel{number} must be one of {', '.join(CHANNELS)}"
            raise ValueError(f"{allowed}, found {shown(kind)}{near}")
    return channels


def _without_comments(text: str) -> str:
    """The text with blanks for comments and for joined line ends: every place stays the same."""

    def blank(comment: re.Match[str]) -> str:
        if comment["open"] is not None:
            line = text.count("\n", 0, comment.start()) + 1
            raise ValueError(f"line {line}: a comment is never closed with */")
        return _VISIBLE.sub(" ", comment[0])

    return _COMMENT.sub(blank, text).replace("\\\n", " \n")


def _check_main(code: str) -> None:
    if _MAIN.search(code):
        return
    wanted = "there is no void mainImage(out vec4 fragColor, in vec2 fragCoord)"
    for other, what in (("mainSound", "sound"), ("mainCubemap", "a cubemap")):
        if re.search(rf"\b{other}\s*\(", code):
            raise ValueError(f"{wanted}: {other} makes {what}, which cannot become a picture")
    raise ValueError(f"{wanted}, so this is no picture of Shadertoy's")


@dataclass(frozen=True)
class _Call:
    """A call in the code: where its name, its arguments and its closing parenthesis stand."""

    name: str
    start: int
    arguments: tuple[tuple[int, int], ...]
    close: int


def _calls(code: str) -> Iterator[_Call | int]:
    """Every call that reads a texture; where it begins, if it is never closed."""
    wanted = {m.end() - 1: m for m in _CALL.finditer(code)}
    opened: list[list[int]] = []  # places of a ( and of the commas directly in it
    for mark in re.finditer(r"[(),]", code):
        at = mark.start()
        if mark[0] == "(":
            opened.append([at])
        elif opened and mark[0] == ",":
            opened[-1].append(at)
        elif opened:
            stops = [*opened.pop(), at]
            if (match := wanted.pop(stops[0], None)) is not None:
                arguments = tuple((a + 1, b) for a, b in pairwise(stops))
                yield _Call(match[1], match.start(), arguments, at)
    yield from (match.start() for match in wanted.values())


class _Conversion:
    """One text on its way: what is changed in it, and what there is to say."""

    def __init__(self, text: str, code: str, channels: Mapping[int, str]) -> None:
        self.text, self.code, self.channels = text, code, channels
        self.words = frozenset(_WORD.findall(code))
        self.edits: list[tuple[int, int, str]] = []
        self.notes: set[tuple[int, str]] = set()
        self.known: set[int] = set()  # places of an iChannel about which all is said
        self.line_ends = [m.start() for m in re.finditer("\n", code)]
        self.mouse = self.free_name()

    def note(self, at: int, message: str) -> None:
        self.notes.add((bisect_left(self.line_ends, at) + 1, message))

    def edit(self, start: int, end: int, new: str) -> None:
        """Replaces what stands there, but for its line ends, so that lines keep their numbers."""
        first, last = (bisect_left(self.line_ends, at) for at in (start, end))
        ends = (self.text[max(start, at - 1) : at + 1] for at in self.line_ends[first:last])
        kept = "".join(two if two == "\\\n" else "\n" for two in ends)
        self.edits.append((start, end, new + kept))

    def kind(self, channel: int) -> str:
        return self.channels.get(channel, "image")

    def free_name(self) -> str:
        """A name for iMouse's input that the author has not used."""
        names = ("mouse", "pointer", *(f"mouse{i}" for i in range(2, len(self.words) + 3)))
        return next(n for n in names if n not in self.words)

    def file(self, name: str) -> tuple[str, list[str]]:
        for call in _calls(self.code):
            if isinstance(call, int):
                self.note(call, "a ( is never closed, so this texture is not converted")
            else:
                self.read(call)
        self.look_spoils()
        used = self.look_indexed() | self.look_channels()
        head = [_header(name, self.inputs(used)), *self.defines()]
        tail = [
            "void main() {",
            "    gl_FragColor = vec4(0.0, 0.0, 0.0, 1.0);",
            "    mainImage(gl_FragColor, gl_FragCoord.xy);",
            "    gl_FragColor.a = 1.0;",
            "}",
        ]
        # an empty line, because the author's last one may end with a \
        whole = "\n".join([*head, self.body(), "", *tail, ""])
        return whole, [f"line {line}: {message}" for line, message in sorted(self.notes)]

    def read(self, call: _Call) -> None:
        """Rewrites one call that reads a texture, or notes why not."""
        start, end = call.arguments[0]
        first = self.code[start:end].strip()
        match = _CHANNEL.fullmatch(first)
        if match is None:
            given = shown(first) if first else "nothing"
            self.note(call.start, f"{call.name} of {given} is not converted: only iChannel0..3 are")
            return
        self.known.add(self.code.index(first, start))
        channel = int(match[1])
        if call.name == "textureSize":
            size = f"ivec2(IMG_SIZE({first}))" if self.kind(channel) == "image" else "ivec2(512, 2)"
            self.edit(call.start, call.close + 1, size)
        elif call.name in _UNKNOWN_READS or len(call.arguments) < 2:
            self.note(call.start, f"{call.name} of {first} is not converted")
        else:
            self.look_place(call, first)
            self.replace(call, channel)

    def look_place(self, call: _Call, first: str) -> None:
        start, end = call.arguments[1]
        if re.match(r"\s*vec3\s*\(", self.code[start:end]):
            told = "is read in three dimensions; cubemaps and volumes cannot be converted"
            self.note(call.start, f"{first} {told}")
        elif len(call.arguments) > 2 and not _NO_LEVEL.fullmatch(self.code[end : call.close]):
            told = "is read at full detail: ISF has no levels of detail"
            self.note(call.start, f"{call.name} of {first} {told}")

    def replace(self, call: _Call, channel: int) -> None:
        """Puts ISF's call around the place that is read, and drops what comes after it."""
        start, end = call.arguments[1]
        fetched, sound = call.name == "texelFetch", self.kind(channel) != "image"
        name = "IMG_PIXEL" if fetched and not sound else "IMG_NORM_PIXEL"
        if sound:  # ISF's rows are left and right; the middle is both
            before, after = ("vec2((float((", ").x) + 0.5) / 512.0, 0.5)") if fetched else (
                "vec2((", ").x, 0.5)")  # fmt: skip
        else:
            before, after = ("vec2(", ") + 0.5") if fetched else ("fract(", ")")
        place = self.code[start:end]
        first_place = end - len(place.lstrip())
        last_place = first_place + len(place.strip())
        self.edit(call.start, call.start + len(call.name), name)
        self.edit(first_place, first_place, before)
        self.edit(last_place, last_place, after)
        self.edit(end, call.close, "")

    def look_spoils(self) -> None:
        """Notes what else does not come along, at its first place."""
        for pattern, told in _SPOILS:
            seen: set[str] = set()
            for match in pattern.finditer(self.code):
                self.known.add(match.start(1))
                word = " ".join(match[1].split())
                if word not in seen:
                    seen.add(word)
                    self.note(match.start(1), told.format(word))
        for word in self.words & _ISF:
            told = f"{word} is a name of ISF's own; what is called so here needs another"
            self.note_first(word, told)
        for match in [*_MAIN_BODY.finditer(self.code)][1:]:
            told = "a second mainImage is not converted: each buffer would be a file of its own"
            self.note(match.start(), told)

    def note_first(self, word: str, message: str) -> None:
        if match := re.search(rf"\b{word}\b", self.code):
            self.note(match.start(), message)

    def look_indexed(self) -> set[int]:
        """Rewrites sizes and times of channels. The channels whose pictures it needs for that."""
        used: set[int] = set()
        for match in _INDEXED.finditer(self.code):
            name, index = match[1], (match[2] or "").strip()
            if name == "iChannelTime" and index:
                self.edit(*match.span(), "TIME")
                self.note(match.start(), f"{name}[{index}] is TIME: ISF has no other time")
            elif name == "iChannelTime" or index not in ("0", "1", "2", "3"):
                told = f"{name} is only converted with [0], [1], [2] or [3] behind it"
                self.note(match.start(), told)
            elif self.kind(int(index)) == "image":
                used.add(int(index))
                size = f"vec3(IMG_SIZE(iChannel{index}), 1.0)"
                self.edit(*match.span(), size)
            else:
                self.edit(*match.span(), "vec3(512.0, 2.0, 1.0)")
        return used

    def look_channels(self) -> set[int]:
        """The channels that are named, with a note on what each may have been."""
        used: set[int] = set()
        for match in _CHANNELS.finditer(self.code):
            channel = int(match[1])
            if match.start() not in self.known:
                told = f"{match[0]} is not read by texture() or texelFetch() here"
                self.note(match.start(), f"{told}, and this is not converted")
            if channel not in used:
                used.add(channel)
                self.note_kind(match.start(), channel)
        return used

    def note_kind(self, at: int, channel: int) -> None:
        name, kind = f"iChannel{channel}", self.kind(channel)
        if channel not in self.channels:
            told = "is taken for a picture; a buffer, cubemap, volume or keyboard is not converted"
            self.note(at, f"{name} {told}")
        elif kind != "image":
            what, other = ("wave", "spectrum") if kind == "audio" else ("spectrum", "wave")
            self.note(at, f"{name} is the {what} in all its rows; the {other} is not in it")

    def defines(self) -> list[str]:
        given = {**_DEFINED, "iMouse": f"vec4({self.mouse} * RENDERSIZE, 0.0, 0.0)"}
        return [f"#define {k} {v}" for k, v in given.items() if k in self.words]

    def inputs(self, used: set[int]) -> list[dict[str, object]]:
        found: list[dict[str, object]] = []
        if "iMouse" in self.words:  # at 0, where Shadertoy's is before anyone clicks
            point = {"DEFAULT": [0.0, 0.0], "MIN": [0.0, 0.0], "MAX": [1.0, 1.0]}
            found.append({"NAME": self.mouse, "TYPE": "point2D", "LABEL": "Mouse", **point})
        for channel in sorted(used):
            found.append({"NAME": f"iChannel{channel}", "TYPE": self.kind(channel)})
        return found

    def body(self) -> str:
        """The author's text with all edits made; those inside what is dropped go with it."""
        parts: list[str] = []
        at = 0
        for start, end, new in sorted(self.edits, key=lambda e: e[:2]):
            if start >= at:
                parts += [self.text[at:start], new]
                at = end
        return "".join([*parts, self.text[at:]])


def _header(name: str, inputs: list[dict[str, object]]) -> str:
    rows = ",".join(f"\n        {json.dumps(one)}" for one in inputs)
    said = json.dumps(name).replace("*/", "*\\/")  # which would end the comment
    return (
        f'/*{{\n    "ISFVSN": "2",\n    "DESCRIPTION": {said},\n    "CREDIT": "from Shadertoy",\n'
        f'    "CATEGORIES": ["Shadertoy"],\n    "INPUTS": [{rows}]\n}}*/'
    )
