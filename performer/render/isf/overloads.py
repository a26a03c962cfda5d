"""GLSL's own functions beside an author's of the same name but with other parameters.

In WebGL `int mod(int a, int b)` stands beside the `mod` that is there; in GLSL 3.30 it hides it.
"""

import re
from itertools import count

_TYPES = ("float", "vec2", "vec3", "vec4")
_ALIKE = """abs sign floor ceil fract round trunc sin cos tan asin acos sinh cosh tanh exp log exp2
log2 sqrt inversesqrt radians degrees normalize"""
_SHAPES = {
    **{name: "G" for name in _ALIKE.split()},
    "mod": "GG Gf", "min": "GG Gf", "max": "GG Gf", "clamp": "GGG Gff", "mix": "GGG GGf",
    "step": "GG fG", "smoothstep": "GGG ffG", "pow": "GG", "atan": "G GG", "reflect": "GG",
    "refract": "GGf", "length": "G", "distance": "GG", "dot": "GG", "cross": "GG",
}  # fmt: skip
"""Parameters of each: G is any of `_TYPES`, f is a float."""
_TO_FLOAT = ("length", "distance", "dot")

_DEFINED = re.compile(
    r"\b(?:void|bool|u?int|float|[biu]?vec[234]|mat[234])\s+(\w+)\s*\(([^()]*)\)\s*[{;]"
)
_QUALIFIERS = {"const", "in", "out", "inout", "lowp", "mediump", "highp"}


def kept(text: str) -> list[str]:
    """GLSL that keeps what the author's functions would hide, but for what they replace."""
    theirs: dict[str, set[tuple[str, ...]]] = {}
    for match in _DEFINED.finditer(text):
        if match[1] in _SHAPES:
            theirs.setdefault(match[1], set()).add(_parameters(match[2]))
    inner: list[str] = []
    outer: list[str] = []
    number = count()
    for name, replaced in theirs.items():
        for result, types in sorted(_signatures(name)):
            if types not in replaced:
                own = f"pf_kept{next(number)}"
                inner.append(_function(result, own, types, name))
                outer.append(_function(result, name, types, own))
    return inner + outer


def _parameters(written: str) -> tuple[str, ...]:
    words = [[w for w in one.split() if w not in _QUALIFIERS] for one in written.split(",")]
    return tuple(w[0] for w in words if w and w[0] != "void")


def _signatures(name: str) -> set[tuple[str, tuple[str, ...]]]:
    """Results and parameters of one of GLSL's functions."""
    generic = ("vec3",) if name == "cross" else _TYPES
    return {
        (
            "float" if name in _TO_FLOAT else kind,
            tuple("float" if c == "f" else kind for c in shape),
        )
        for shape in _SHAPES[name].split()
        for kind in generic
    }


def _function(result: str, name: str, types: tuple[str, ...], calls: str) -> str:
    names = "abc"[: len(types)]
    parameters = ", ".join(f"{t} {n}" for t, n in zip(types, names, strict=True))
    return f"{result} {name}({parameters}) {{ return {calls}({', '.join(names)}); }}"
