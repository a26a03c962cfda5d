"""GLSL as ISF authors write it, for WebGL and old desktops, as GLSL 3.30 core; line for line.

Images are numbers here, not samplers: a number can be handed to a function, and the compiler
finds the texture again. Nothing is parsed: tokens outside of comments are given other names.
"""

import re
import string
from collections.abc import Collection, Mapping

_TOKEN = re.compile(r"//[^\n]*|/\*.*?\*/|[A-Za-z_]\w*|\.[ \t]*[A-Za-z_]\w*|\d[\w.]*", re.DOTALL)

_CALLS = {
    "texture2D": "pf_texture", "texture": "pf_texture", "texture2DRect": "pf_pixel",
    "texture2DLod": "pf_texture", "texture2DLodEXT": "pf_texture", "textureLod": "pf_texture",
    "texture2DProj": "pf_projected", "textureProj": "pf_projected",
    "texture2DGradEXT": "pf_texture", "textureGrad": "pf_texture",
    "texelFetch": "pf_fetch", "textureSize": "pf_texture_size",
    "IMG_PIXEL": "pf_pixel", "IMG_NORM_PIXEL": "pf_norm", "IMG_THIS_PIXEL": "pf_this",
    "IMG_THIS_NORM_PIXEL": "pf_this", "IMG_SIZE": "pf_size", "IMG_PIXEL_2D": "pf_pixel",
    "IMG_NORM_PIXEL_2D": "pf_norm", "ftransform": "pf_transform",
}  # fmt: skip
"""Names of functions."""
_WORDLIKE = ("texture", "textureLod", "textureProj", "textureGrad", "textureSize", "texelFetch")
"""Those that a variable may be called too: only where they are called, declared or renamed."""

_NAMES = {
    "gl_FragColor": "pf_FragColor", "isf_FragColor": "pf_FragColor", "gl_FragCoord": "pf_FragCoord",
    "isf_FragCoord": "pf_FragCoord", "vv_FragNormCoord": "isf_FragNormCoord",
    "vv_vertShaderInit": "isf_vertShaderInit", "sampler2D": "int", "sampler2DRect": "int",
}  # fmt: skip

_WORDS = """
    active asm atomic_uint buffer cast centroid class coherent common double dmat2 dmat3
    dmat4 dvec2 dvec3 dvec4 enum extern external filter fixed flat goto half hvec2 hvec3
    hvec4 image1D image2D image3D imageBuffer imageCube iimage2D uimage2D inline input
    interface invariant isampler1D isampler2D isampler3D isamplerBuffer isamplerCube layout
    long namespace noinline noperspective output packed partition patch precise public
    readonly resource restrict row_major sample sampler2DArray samplerBuffer sampler3DRect
    shared short sizeof smooth static subroutine superp template this typedef union unsigned
    usampler1D usampler2D usampler3D usamplerBuffer usamplerCube using volatile writeonly
"""
RESERVED = frozenset(_WORDS.split())
"""Words of GLSL 3.30 and later that were free to use, or overlooked, before."""

_IN_A_WORD = f"{string.ascii_letters}{string.digits}_"
_QUALIFIES = re.compile(r"\s+(?:varying|in|out|uniform|centroid|attribute)\b")
_LAYOUT = re.compile(r"\s*\(")
_CALLED = re.compile(r"\s*\(")
_RENAMES = re.compile(r"[ \t]*#[ \t]*define[ \t]+\w+(?:\([^)\n]*\))?[ \t]+")
_LINE_ENDS = re.compile(r"[ \t]*(?:\n|//|\Z)")
_MAIN = re.compile(r"\bvoid(\s+)main(\s*\(\s*(?:void)?\s*\))")
_DIRECTIVE = re.compile(r"^[ \t]*#[ \t]*(?:version|extension)\b[^\n]*", re.MULTILINE)
_UNSET = re.compile(r"\bfor(\s*\(\s*)(int|uint|float)(\s+\w+\s*);")
_ONE = r"\w+\s*(?:\[[^\]]*\]\s*)?"
_DECLARED = re.compile(
    r"\b((?:uniform|varying|attribute|in|out)\s+(?:(?:lowp|mediump|highp)\s+)?\w+\s+)"
    rf"({_ONE}(?:,\s*{_ONE})*);"
)
_RESULT = re.compile(
    r"(?:\blayout\s*\([^)]*\)\s*)?\bout\s+(?:(?:lowp|mediump|highp)\s+)?vec4\s+(\w+)\s*;"
)
"""How GLSL 3 declares what an older shader calls gl_FragColor."""
_CONST = re.compile(
    r"\bconst(\s+(?:(?:lowp|mediump|highp)\s+)?\w+\s+\w+(?:\s*\[[^\]]*\])?\s*=)"
    r"(?![-+*/().\d\s]*;)"  # a plain number stays, since arrays may be as long as that
)
_DATA = re.compile(r"\bgl_FragData\s*\[\s*0\s*\]")
_COORDINATE = re.compile(r"\bgl_TexCoord\s*\[\s*\d\s*\]")
_INNER = re.compile(r"_(\w+)_(imgSize|imgRect|flip)")


def name(written: str) -> str:
    """What an author's name is called in our GLSL."""
    return f"pf_word_{written}" if written in RESERVED else written


_OURS = {
    "pf_FragColor": "gl_FragColor", "pf_out": "isf_FragColor", "pf_FragCoord": "gl_FragCoord",
    "pf_author_main": "main",
    "pf_texture": "texture2D", "pf_projected": "texture2DProj", "pf_fetch": "texelFetch",
    "pf_texture_size": "textureSize", "pf_pixel": "IMG_PIXEL", "pf_norm": "IMG_NORM_PIXEL",
    "pf_this": "IMG_THIS_PIXEL", "pf_size": "IMG_SIZE", "pf_transform": "ftransform",
}  # fmt: skip
_OUR_NAME = re.compile(r"\bpf_\w+")


def original(message: str) -> str:
    """A compiler's words with the author's names for things."""
    return _OUR_NAME.sub(lambda m: _OURS.get(m[0], m[0].removeprefix("pf_word_")), message)


def modern(text: str, known: Collection[str], vertex: bool = False) -> str:
    """Author's GLSL as GLSL 3.30, `main` under another name. `known` is declared by the host."""
    text = _DIRECTIVE.sub("", text)
    text = _without_declared(text, {*known, "isf_FragNormCoord", "vv_FragNormCoord"})
    names = _NAMES
    if not vertex:
        names = names | {m[1]: "pf_FragColor" for m in _RESULT.finditer(text)}
        text = _RESULT.sub(lambda m: "\n" * m[0].count("\n"), text)
    text = _DATA.sub("pf_FragColor", text)
    text = _COORDINATE.sub("vec4(isf_FragNormCoord, 0.0, 1.0)", text)
    text = _UNSET.sub(lambda m: f"for{m[1]}{m[2]}{m[3]}= {m[2]}(0);", text)
    text = _MAIN.sub(r"void\1pf_author_main\2", text)
    return _TOKEN.sub(lambda m: _token(m, text, known, names, vertex), text)


def yielding(text: str) -> str:
    """Without `const` before what has a value: drivers differ in what they take for constant."""
    return _CONST.sub(r"     \1", text)


def _without_declared(text: str, known: Collection[str]) -> str:
    """Without the author's own declarations of what the host declares."""

    def other(match: "re.Match[str]") -> str:
        names = match[2].split(",")
        kept = [n for n in names if n.split("[")[0].strip() not in known]
        if len(kept) == len(names):
            return match[0]
        left = f"{match[1]}{','.join(kept)};" if kept else ""
        return left + "\n" * (match[0].count("\n") - left.count("\n"))

    return _DECLARED.sub(other, text)


def _token(match: "re.Match[str]", text: str, known: Collection[str], names: Mapping[str, str],
           vertex: bool) -> str:  # fmt: skip
    word = match[0]
    if word[0] == ".":  # a field, as in `colour.sample`
        dot = word.rstrip(_IN_A_WORD)
        return dot + name(word.removeprefix(dot))
    if not (word[0].isalpha() or word[0] == "_"):
        return word  # a comment or a number
    if word == "varying":
        return "out" if vertex else "in"
    if word == "attribute":
        return "in"
    if word in _CALLS and (word not in _WORDLIKE or _is_called(text, match)):
        return _CALLS[word]
    if word in names:
        return names[word]
    if (inner := _INNER.fullmatch(word)) is not None and inner[1] in known:
        return {"imgSize": f"pf_size({name(inner[1])})", "imgRect": "vec4(0.0, 0.0, 1.0, 1.0)",
                "flip": "false"}[inner[2]]  # fmt: skip
    if word in RESERVED and not _means_it(word, text, match.end()):
        return name(word)
    return word


def _is_called(text: str, match: "re.Match[str]") -> bool:
    """Whether a function is meant: `texture(`, or `#define tex texture`."""
    if _CALLED.match(text, match.end()):
        return True
    begins = text.rfind("\n", 0, match.start()) + 1
    defined = _RENAMES.fullmatch(text, begins, match.start())
    return defined is not None and _LINE_ENDS.match(text, match.end()) is not None


def _means_it(word: str, text: str, end: int) -> bool:
    """Whether a reserved word is used as the keyword that it is now."""
    if word == "layout":
        return _LAYOUT.match(text, end) is not None
    if word in ("flat", "smooth", "noperspective", "centroid"):
        return _QUALIFIES.match(text, end) is not None
    return word == "invariant" and text[end : end + 12].lstrip().startswith("gl_")
