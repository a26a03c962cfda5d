"""An ISF generator's text to GLSL 3.30 that draws all its people in one instanced draw.

Inputs arrive as `flat` values read once per tile from the people's rows. The author's lines keep
their numbers. A shader that writes to an input gets globals instead, filled at the top of `main`.
"""

import re

from performer.frame import INPUTS
from performer.render.glsl import HEAD, Line, Source, included
from performer.show.isf import Generator

# Where personal inputs stand in a person's row: (texel, component). See rows.py.
PERSONAL = {
    "TIME": "pf_a0.x", "TIMEDELTA": "pf_a0.y", "pf_frame": "pf_a0.z", "pf_veil": "pf_a0.w",
    "energy": "pf_a1.x", "breath": "pf_a1.y", "wave": "pf_a1.z", "valence": "pf_a1.w",
    "arousal": "pf_a2.x", "seed": "pf_a2.z",
    "ground": "pf_a3", "tone": "pf_a4", "kin": "pf_a5", "accent": "pf_a6",
}  # fmt: skip
BUILT_IN = {"TIME": "float", "TIMEDELTA": "float", "pf_frame": "float", "pf_veil": "float",
            "ground": "vec4", "accent": "vec4"}  # fmt: skip
TEXELS = 7 + INPUTS // 4
KINDS = {"float": "float", "bool": "bool", "event": "bool", "long": "int", "point2D": "vec2",
         "color": "vec4"}  # fmt: skip

VERTEX = """uniform sampler2D pf_rows;
uniform ivec2 pf_grid;
in int pf_row;
out vec2 isf_FragNormCoord;
void main() {
    vec2 pf_corner = vec2(gl_VertexID & 1, gl_VertexID >> 1);
    vec2 pf_cell = vec2(pf_row % pf_grid.x, pf_row / pf_grid.x);
    isf_FragNormCoord = pf_corner;
    gl_Position = vec4((pf_cell + pf_corner) / vec2(pf_grid) * 2.0 - 1.0, 0.0, 1.0);
"""

FRAGMENT_TAIL = """
vec3 pf_oklab(vec3 srgb) {
    vec3 c = clamp(srgb, 0.0, 1.0);
    c = mix(c / 12.92, pow((c + 0.055) / 1.055, vec3(2.4)), step(0.04045, c));
    vec3 lms = mat3(0.4122214708, 0.2119034982, 0.0883024619,
                    0.5363325363, 0.6806995451, 0.2817188376,
                    0.0514459929, 0.1073969566, 0.6299787005) * c;
    lms = pow(lms, vec3(1.0 / 3.0));
    return mat3(0.2104542553, 1.9779984951, 0.0259040371,
                0.7936177850, -2.4285922050, 0.7827717662,
                -0.0040720468, 0.4505937099, -0.8086757660) * lms;
}
void main() {
    pf_FragCoord = vec4(isf_FragNormCoord * RENDERSIZE, 0.0, 1.0);
    FRAMEINDEX = int(pf_frame);
    pf_FragColor = vec4(0.0, 0.0, 0.0, 1.0);
%s    pf_author_main();
    if (!(dot(pf_FragColor.rgb, vec3(1.0)) < 1e9)) pf_FragColor.rgb = vec3(0.0);
    // In the dark of a veil an ember stays: nobody is gone.
    vec2 pf_off = (isf_FragNormCoord - 0.5) * vec2(RENDERSIZE.x / RENDERSIZE.y, 1.0);
    float pf_ember = 1.0 / (1.0 + 70.0 * dot(pf_off, pf_off));
    vec3 pf_dark = pf_oklab(mix(ground.rgb, 0.42 * accent.rgb, pf_ember * pf_ember));
    pf_dark.x *= mix(0.5, 1.0, pf_ember);
    pf_layer = vec4(mix(pf_oklab(pf_FragColor.rgb), pf_dark, pf_veil), 1.0);
}
"""


def _row_expression(generator: Generator) -> dict[str, tuple[str, str]]:
    """Each input's GLSL type and where the vertex stage finds its value."""
    found = {name: (kind, PERSONAL[name]) for name, kind in BUILT_IN.items()}
    places = generator.slots
    for entry in generator.inputs:
        if entry.name in PERSONAL:
            found[entry.name] = (KINDS[entry.kind], PERSONAL[entry.name])
        else:
            found[entry.name] = (KINDS[entry.kind], _gathered(places[entry.name]))
    return found


def _gathered(place: slice) -> str:
    """An own input's floats, which may lie across two texels."""
    parts = [f"pf_a{7 + k // 4}.{'xyzw'[k % 4]}" for k in range(place.start, place.stop)]
    return parts[0] if len(parts) == 1 else f"vec{len(parts)}({', '.join(parts)})"


def translated(generator: Generator, writable: bool = False) -> tuple[Source, Source]:
    """Vertex and fragment source; `writable` gives the author globals instead of varyings."""
    inputs = _row_expression(generator)
    return _vertex(inputs, writable), _fragment(generator, inputs, writable)


def _name(name: str, kind: str, writable: bool) -> str:
    # bools cannot be varyings; they and writable inputs travel under another name
    return f"pf_in_{name}" if writable or kind == "bool" else name


def _carried(kind: str) -> str:
    return "int" if kind == "bool" else kind


def _vertex(inputs: dict[str, tuple[str, str]], writable: bool) -> Source:
    lines = [HEAD.strip()]
    lines += [f"flat out {_carried(k)} {_name(n, k, writable)};" for n, (k, _) in inputs.items()]
    lines += VERTEX.splitlines()
    lines += [
        f"    vec4 pf_a{k} = texelFetch(pf_rows, ivec2({k}, pf_row), 0);" for k in range(TEXELS)
    ]
    for name, (kind, place) in inputs.items():
        carried = _carried(kind)
        value = f"int(round({place}))" if carried == "int" else place
        lines.append(f"    {_name(name, kind, writable)} = {value};")
    return Source.of([(text, None) for text in [*lines, "}"]])


def _fragment(generator: Generator, inputs: dict[str, tuple[str, str]], writable: bool) -> Source:
    head = [HEAD.strip(), "in vec2 isf_FragNormCoord;", "out vec4 pf_layer;",
            "uniform vec2 RENDERSIZE;", "uniform vec4 DATE;", "uniform float BEAT;",
            "const int PASSINDEX = 0;", "int FRAMEINDEX;",
            "vec4 pf_FragCoord;", "vec4 pf_FragColor;"]  # fmt: skip
    copies = ""
    for name, (kind, _) in inputs.items():
        carried = _name(name, kind, writable)
        head.append(f"flat in {_carried(kind)} {carried};")
        if carried != name:
            head.append(f"{kind} {name};")
            copies += f"    {name} = {kind}({carried});\n"
    body = included(_renamed(generator.body), generator.path, generator.body_line)
    lines: list[Line] = [(text, None) for text in head] + body
    lines += [(text, None) for text in (FRAGMENT_TAIL % copies).splitlines()]
    return Source.of(lines)


def _renamed(text: str) -> str:
    """The author's GLSL with `main` and its outputs under names of our own, line for line."""
    text = re.sub(r"\bgl_FragCoord\b", "pf_FragCoord", text)
    text = re.sub(r"\bgl_FragColor\b", "pf_FragColor", text)
    return re.sub(r"\b(void\s+)main(\s*\(\s*(?:void)?\s*\))", r"\1pf_author_main\2", text)
