"""What only one of the two hosts takes or draws as ISF says, file by file, and why.

All of it is the reference host's: it takes less than ISF allows, and it has defects. A file that
leaves a table, or that is to enter one, is noticed by the tests.
"""

from dataclasses import dataclass


@dataclass(frozen=True)
class Refusal:
    """A reason for which the reference host refuses a file that we take."""

    words: str
    """Of its message."""
    why: str


NO_INPUTS = Refusal("reading 'length'", "ISF allows headers without INPUTS")
SOUND = Refusal("Unknown input type [audio", "it knows no sound")
STRICT = Refusal("Something is wrong with your ISF metadata", "comments and commas in JSON")

HEADERS = dict.fromkeys(
    (f"conformance/{name}" for name in (
        "backwards", "branches", "clear", "clock", "data", "date", "floats", "functions",
        "imported", "imported_1", "last_target", "loops", "moved", "order", "overloads", "place",
        "temporary",
        "version_1", "version_1_sizes",
    )), NO_INPUTS,
) | {
    "conformance/relaxed": STRICT, "conformance/sound": SOUND, "layers/reeds": SOUND,
}  # fmt: skip
"""Refused by its parser."""

UINT = Refusal("'uint' : syntax error", "GLSL ES 1.00 has no unsigned numbers")
BUILT_IN = Refusal("built-in functions cannot be redefined", "an author's own smoothstep")
TWICE = Refusal("redefinition", "it declares a target that two passes fill twice")
HANDED = Refusal("undeclared identifier", "IMG_NORM_PIXEL and IMG_SIZE of a function's argument")
OURS = Refusal("redefinition", "what the host declares is declared again, as desktop hosts allow")
RESERVED = Refusal("Illegal use of reserved word", "a word that was free in desktop GLSL")
NEWER = Refusal("#version directive must occur before", "it writes its own lines before #version")
LAID_OUT = Refusal("'layout' : syntax error", "GLSL ES 1.00 knows gl_FragColor alone")
LOOP = Refusal("'for' : Invalid", "GLSL ES 1.00 has only loops that count from a constant")
CONSTANT = Refusal("assigning non-constant", "a const of a uniform, as desktop compilers allow")
PLACE = Refusal("global variable initializers", "a global of gl_FragCoord and of varyings")
MACRO = Refusal("'texture' : no matching overloaded", "GLSL 3's name for texture2D")
WRITTEN = Refusal("can't modify a uniform", "inputs that are written to")
STAGE = Refusal("'IMG_SIZE' : no matching", "it has no IMG_SIZE and no TIME in vertex shaders")
KEYWORD = Refusal("'out' : storage qualifier", "in and out as desktop GLSL writes varyings")
LISTED = Refusal("'0' : syntax error", "IMPORTED as version 1 wrote it")
OBJECT = Refusal("indexOf is not a function", "it cannot upgrade buffers with sizes")

LAYERS = (
    "album", "aurora", "city", "coral", "eye", "flock", "forest", "ink", "moon", "paper", "petals",
    "roots", "smoke", "snow",
)  # fmt: skip
TRANSITIONS = ("breath", "dissolve", "fold", "ink", "tide")

DRAWN = {
    **dict.fromkeys((f"layers/{name}" for name in LAYERS), UINT),
    "layers/milk": TWICE,
    **dict.fromkeys((f"effects/{name}" for name in ("bloom", "blur", "echo", "lens")), HANDED),
    **dict.fromkeys((f"effects/{name}" for name in ("flow", "grain")), UINT),
    **dict.fromkeys((f"transitions/{name}" for name in TRANSITIONS), UINT),
    "conformance/branches": LOOP, "conformance/loops": LOOP,
    "conformance/constants": CONSTANT, "conformance/es3": NEWER, "conformance/habits": NEWER,
    "conformance/result": LAID_OUT,
    "conformance/globals": PLACE, "conformance/imported_1": LISTED, "conformance/macros": MACRO,
    "conformance/moved": KEYWORD, "conformance/named_inputs": RESERVED,
    "conformance/order": TWICE, "conformance/overloads": BUILT_IN,
    "conformance/pass_sizes": RESERVED,
    "conformance/redeclared": OURS, "conformance/samplers": HANDED,
    "conformance/version_1_sizes": OBJECT, "conformance/vertex": STAGE,
    "conformance/words": RESERVED, "conformance/writes": WRITTEN,
}  # fmt: skip
"""Refused when it is to draw them, or not even upgraded."""

COMMA = "IMG_PIXEL(image, vec2(x, y)) is cut at the comma within the brackets"
BY_OUTPUT = "IMG_PIXEL divides by the output's size, not by the picture's"
NO_IMPORTED = "IMPORTED is read, but no picture is loaded"
KEPT = "what is not PERSISTENT is kept nevertheless"
UNBOUND = "the target filled last is unbound after the first pass, so the last pass reads nothing"
BLACK = "what nobody gave is opaque, as is WebGL's missing texture; ISF says nothing, ours is clear"

WRONG = {
    "conformance/filter": COMMA,
    "conformance/filter_sizes its own size": BY_OUTPUT,
    "conformance/images IMG_PIXEL": BY_OUTPUT,
    "conformance/images none given": BLACK,
    "conformance/imported": NO_IMPORTED,
    "conformance/last_target": UNBOUND,
    "conformance/temporary": KEPT,
    "conformance/version_1": KEPT,
    "assets/version1_basic": KEPT,
}
"""Drawn otherwise than ISF says, by the file and the note of how it is played."""


@dataclass(frozen=True)
class Tolerance:
    """How far apart pictures may be, and why."""

    within: int = 1
    """Of 255."""
    stray: float = 0.0
    """The part of all pixels that may be further apart."""
    why: str = "two compilers and two roundings to a byte"


CLOSE = Tolerance()

BYTES = "llvmpipe reads between pixels in bytes, SwiftShader does not; it is enlarged here"
LIMIT = "a last bit decides on which side of a limit a pixel is"
CHAOS = "each of 25 steps doubles a rounding: few pixels are the same in any two compilers"

LOOSE = {
    "files/blur": Tolerance(2, why="two targets of bytes, each read between pixels, each rounded"),
    "files/shift": Tolerance(2, why=BYTES),
    "examples/badtv played": Tolerance(2, why=BYTES),
    "examples/edges twenty": Tolerance(1, 0.002, LIMIT),
    "examples/edges two": Tolerance(2, why=BYTES),
    "examples/rgbglitchmod": Tolerance(1, 0.002, "1 mod 1 is 0, and of a little less it is 1"),
    "examples/tapestryfract": Tolerance(1, 0.15, CHAOS),
    "examples/tapestryfract plain": Tolerance(1, 0.04, CHAOS),
}
"""By the file and the note of how it is played; all others are CLOSE."""
