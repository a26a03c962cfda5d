"""One pass of an ISF shader as GLSL 3.30 that draws all its people in one instanced draw.

A person's values are read once per tile from the people's rows and arrive as `flat` vectors; the
author's inputs are globals that are filled from them, so that an author may write to them. All our
own functions stand before the author's text, which may give GLSL's functions other meanings.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from performer.frame import INPUTS
from performer.render.glsl import HEAD, Line, Source, included
from performer.render.isf import dialect, overloads
from performer.show.isf import SOURCE, Shader
from performer.show.isf.inputs import Input

PERSONAL = {
    "energy": "pf_a1.x", "breath": "pf_a1.y", "wave": "pf_a1.z", "valence": "pf_a1.w",
    "arousal": "pf_a2.x", "seed": "pf_a2.z",
    "ground": "pf_a3", "tone": "pf_a4", "kin": "pf_a5", "accent": "pf_a6",
}  # fmt: skip
"""Where a person's values stand in their row. See rows.py. pf_a0: TIME, TIMEDELTA, -, veil."""
PICTURE = 7
"""The texel of a person's row that says where their picture lies in the media atlas."""
OWN = 8
"""The first texel of a generator's own inputs."""
TEXELS = OWN + INPUTS // 4
TYPES = {"float": "float", "bool": "bool", "event": "bool", "long": "int", "point2D": "vec2",
         "color": "vec4"}  # fmt: skip
MOST_CARRIED = 11  # flat vectors from vertex to fragment; GL 3.3 promises 15 in all
MOST_IMAGES = 15

KNOWN = ("TIME", "TIMEDELTA", "DATE", "RENDERSIZE", "FRAMEINDEX", "PASSINDEX", "BEAT")


@dataclass(frozen=True)
class Image:
    """A texture of a pass: its name, and where of the texture a person's part lies.

    `place` is `tile` (the person's tile), `whole`, or `person` (their place in the media atlas).
    """

    name: str
    place: str


@dataclass(frozen=True)
class Wrapping:
    """How a shader is wrapped: what becomes of its picture, and where its own inputs come from.

    `tail`: `layer` converts to OKLab and lays the veil over it, `ground` lays what is transparent
    over the person's ground, `plain` keeps RGBA.
    `own`: `rows` or `values`, a uniform that is the same for everybody.
    `pictures`: where image inputs but those of filters and transitions lie: `person` or `whole`.
    """

    tail: str = "layer"
    own: str = "rows"
    pictures: str = "person"
    mixed: bool = False
    """A filter's picture is mixed with what it was given, by `pf_part`."""
    use: str = ""
    """What has a memory has one for each use."""


LAYER, ALONE = Wrapping(), Wrapping("plain", "values", "whole")
UNDER, FILTER = Wrapping("ground"), Wrapping("plain", "values", "whole", mixed=True)
"""A layer that effects are laid upon, and such an effect."""
OVER = Wrapping("layer", "values", "whole")
"""What makes a layer of the last effect's picture."""
CHAINED = ("inputImage", "startImage", "endImage")
"""Images that are the people's own tiles."""


def images(shader: Shader, wrapping: Wrapping) -> tuple[Image, ...]:
    """Every texture a pass may read; its number is its place here, counted from 1."""
    found = [Image(t.name, _place(t, wrapping)) for t in shader.textures]
    found += [Image(one.name, "whole") for one in shader.imported]
    return tuple(found + [Image(name, "tile") for name in shader.targets])


def _place(texture: Input, wrapping: Wrapping) -> str:
    if texture.kind != "image":
        return "whole"
    return "tile" if texture.name in CHAINED else wrapping.pictures


def sources(
    shader: Shader, index: int, wrapping: Wrapping = LAYER, yielding: bool = False,
    show: str = "",
) -> tuple[Source, Source]:  # fmt: skip
    """Vertex and fragment source of the pass `index`.

    `yielding` takes the author's `const` less seriously, and keeps GLSL's functions beside the
    author's of the same name. `show` shows that buffer instead of
    running the author's `main`: for shaders whose last pass has a target.
    """
    parts = _Parts(shader, index, wrapping, yielding, show)
    return parts.vertex(), parts.fragment()


class _Parts:
    """The texts of one pass."""

    def __init__(
        self, shader: Shader, index: int, wrapping: Wrapping, yielding: bool, show: str
    ) -> None:
        self.shader, self.index, self.wrapping = shader, index, wrapping
        self.yielding, self.show = yielding, show
        self.images = images(shader, wrapping)
        self.last = bool(show) or not shader.passes[index].target
        self.texels = self._texels()
        self.carried = len(self.texels) <= MOST_CARRIED
        self.known = (*KNOWN, *(i.name for i in shader.inputs), *(i.name for i in self.images))

    def _texels(self) -> list[int]:
        """The texels of a person's row that this pass reads."""
        used = {0}
        places = [self._where(one) for one in self.shader.inputs if one.floats]
        used |= {int(p[4:].split(".")[0]) for places_ in places for p in places_ if "pf_a" in p}
        if any(i.place == "person" for i in self.images):
            used.add(PICTURE)
        if self.last:
            used |= {"layer": {3, 6}, "ground": {3}}.get(self.wrapping.tail, set())
        return sorted(used)

    def _where(self, one: Input) -> list[str]:
        """Where an input's floats are, one expression each (or one for a whole vector)."""
        if one.personal and self.wrapping.own == "rows":
            return [PERSONAL[one.name]]
        slots = self._slots()
        if one.name not in slots:
            return [f"{n:.9g}" if "." in f"{n:.9g}" else f"{n:.9g} + 0.0" for n in one.default]
        text = "pf_a{}.{}" if self.wrapping.own == "rows" else "pf_values[{}].{}"
        first = OWN if self.wrapping.own == "rows" else 0
        place = slots[one.name]
        return [text.format(first + k // 4, "xyzw"[k % 4]) for k in range(place.start, place.stop)]

    def _slots(self) -> dict[str, slice]:
        return self.shader.slots if self.wrapping.own == "rows" else value_slots(self.shader)

    # ---- what both stages begin with --------------------------------------------------------

    def _row(self, fetched: str) -> list[str]:
        """The person's values as globals; `fetched` is how a texel of the row is had."""
        lines = [f"vec4 pf_a{k} = {fetched.format(k)};" for k in self.texels]
        return [
            *lines,
            "float TIME = pf_a0.x; float TIMEDELTA = pf_a0.y;",
            f"const int PASSINDEX = {self.index};",
            "vec4 pf_tile = vec4(vec2(pf_cell), 1.0, 1.0) / vec2(pf_grid).xyxy;",
        ]

    def _inputs(self) -> list[str]:
        """The author's inputs as globals, after which no function of GLSL's is sure to be there:

        an input may be called `max`.
        """
        lines = [self._global(one) for one in self.shader.inputs if one.floats]
        for number, image in enumerate(self.images, 1):
            lines.append(f"const int {dialect.name(image.name)} = {number};")
        return lines

    def _global(self, one: Input) -> str:
        kind, parts = TYPES[one.kind], self._where(one)
        value = parts[0] if len(parts) == 1 else f"{kind}({', '.join(parts)})"
        if kind == "bool":
            value = f"({value} > 0.5)"
        elif kind == "int":
            value = f"int({value} + ({value} < 0.0 ? -0.5 : 0.5))"
        return f"{kind} {dialect.name(one.name)} = {value};"

    def _uniforms(self) -> list[str]:
        lines = [
            "uniform sampler2D pf_rows;", "uniform ivec2 pf_grid;", "uniform vec2 RENDERSIZE;",
            "uniform vec4 DATE;", "uniform float BEAT;",
        ]  # fmt: skip
        if self.wrapping.own == "values":
            lines += [f"uniform vec4 pf_values[{VALUES // 4}];", "uniform float pf_part;"]
        for number, _ in enumerate(self.images, 1):
            lines += [f"uniform sampler2D pf_t{number};", f"uniform vec2 pf_s{number};"]
        return lines

    def _image_functions(self) -> list[str]:
        """How an image is read by its number."""
        norm = [f"    if (i == {n}) return {self._read(n, image)};"
                for n, image in enumerate(self.images, 1)]  # fmt: skip
        size = [f"    if (i == {n}) return {self._sized(n, image)};"
                for n, image in enumerate(self.images, 1)]  # fmt: skip
        return [
            *IMAGES_HEAD, "vec2 pf_size(int i) {", *size, "    return RENDERSIZE;", "}",
            "vec4 pf_norm(int i, vec2 uv) {", *norm, "    return vec4(0.0);", "}",
            "vec4 pf_this(int i) {", *self._here(), "    return pf_norm(i, isf_FragNormCoord);",
            "}", *IMAGES_TAIL,
        ]  # fmt: skip

    def _here(self) -> list[str]:
        """A filter's picture has the size of what it is given: that is one texel, not four."""
        if not self._mixed or self.shader.vertex:
            return []
        return [f"    if (i == {self._source}) return {GIVEN.format(self._source)};"]

    @property
    def _mixed(self) -> bool:
        return self.last and self.wrapping.mixed and self._source > 0

    @property
    def _source(self) -> int:
        """The number of what a filter is given, or 0."""
        names = [i.name for i in self.images]
        return names.index(SOURCE) + 1 if SOURCE in names else 0

    def _read(self, number: int, image: Image) -> str:
        if image.place == "whole":
            return f"textureLod(pf_t{number}, uv, 0.0)"
        rect = "pf_tile" if image.place == "tile" else f"pf_a{PICTURE}"
        return f"pf_within(pf_t{number}, {rect}, {self._sized(number, image)}, uv)"

    def _sized(self, number: int, image: Image) -> str:
        return f"pf_s{number} * pf_a{PICTURE}.zw" if image.place == "person" else f"pf_s{number}"

    # ---- the two stages ---------------------------------------------------------------------

    def vertex(self) -> Source:
        """Places the tile, and hands the row's values on."""
        own = self.shader.vertex
        lines = [HEAD.strip(), *self._uniforms(), "in int pf_row;", "in int pf_age;",
                 "out vec2 isf_FragNormCoord;", "flat out ivec2 pf_at;", "flat out int pf_aged;",
                 "flat out int pf_of;", "out vec2 pf_onto;"]  # fmt: skip
        if self.carried:
            lines += [f"flat out vec4 pf_f{k};" for k in self.texels]
        lines += ["ivec2 pf_cell = ivec2(pf_row % pf_grid.x, pf_row / pf_grid.x);"]
        if own:
            lines += ["vec2 isf_position; int FRAMEINDEX = pf_age;"]
            lines += self._row("texelFetch(pf_rows, ivec2({}, pf_row), 0)")
            lines += self._image_functions()
        lines += VERTEX_HEAD + (self._inputs() if own else [])
        parts: list[Line] = [(text, None) for text in lines]
        if own and self.shader.vertex_path is not None:
            text = dialect.modern(own, self.known, vertex=True)
            parts += included(text, self.shader.vertex_path)
        tail = [*VERTEX_MAIN, "    pf_author_main();" if own else "    isf_vertShaderInit();"]
        if self.carried:
            fetch = "    pf_f{0} = pf_texel({0});"
            tail += [fetch.format(k) for k in self.texels]
        return Source.of(parts + [(text, None) for text in [*tail, *VERTEX_END]])

    def fragment(self) -> Source:
        """The author's text, our beginning before it and our `main` behind it."""
        lines = [HEAD.strip(), *self._uniforms(), "in vec2 isf_FragNormCoord;",
                 "flat in ivec2 pf_at;", "flat in int pf_aged;", "flat in int pf_of;",
                 "in vec2 pf_onto;", "out vec4 pf_out;"]  # fmt: skip
        if self.carried:
            lines += [f"flat in vec4 pf_f{k};" for k in self.texels]
        lines += ["ivec2 pf_cell = pf_at;", "int FRAMEINDEX = pf_aged;"]
        fetched = "pf_f{}" if self.carried else "texelFetch(pf_rows, ivec2({}, pf_of), 0)"
        lines += self._row(fetched)
        lines += ["vec4 pf_FragCoord = vec4(gl_FragCoord.xy - vec2(pf_at) * RENDERSIZE, 0.0, 1.0);",
                  "vec4 pf_FragColor = vec4(0.0, 0.0, 0.0, 1.0);"]  # fmt: skip
        lines += [*self._image_functions(), *self._end(), *FRAGMENT_HEAD, *self._inputs()]
        parts: list[Line] = [(text, None) for text in lines]
        if self.show:
            shown = f"void pf_author_main() {{ pf_FragColor = pf_this({self.show}); }}"
            parts.append((shown, None))
        else:
            text = dialect.modern(self.shader.body, self.known)
            if self.yielding:
                text = dialect.yielding(text)
                parts += [(line, None) for line in overloads.kept(text)]
            parts += included(text, self.shader.path, self.shader.body_line)
        return Source.of(parts + [(text, None) for text in FRAGMENT_MAIN])

    def _end(self) -> Sequence[str]:
        """What becomes of the author's colour."""
        if not self.last:
            return END_BUFFER
        if self._mixed:
            given = f"    vec4 given = {GIVEN.format(self._source)};"
            return ["void pf_end() {", given, *END_MIXED]
        ends = {"layer": [*OKLAB, *END_LAYER], "ground": END_GROUND, "plain": END_PLAIN}
        return ends[self.wrapping.tail]


VALUES = 64
"""Floats of what is the same for everybody: an effect's or transition's own inputs."""


def value_slots(shader: Shader) -> dict[str, slice]:
    """Where each input of numbers stands among the VALUES of an effect or transition."""
    places: dict[str, slice] = {}
    end = 0
    for one in shader.inputs:
        if one.floats and end + one.floats <= VALUES:
            places[one.name] = slice(end, end + one.floats)
            end += one.floats
    return places


IMAGES_HEAD = """
vec4 pf_within(sampler2D t, vec4 rect, vec2 size, vec2 uv) {
    if (rect.z <= 0.0) return vec4(0.0);
    vec2 inset = min(0.5 / max(size, vec2(1.0)), vec2(0.5));
    return textureLod(t, rect.xy + clamp(uv, inset, 1.0 - inset) * rect.zw, 0.0);
}
""".splitlines()

IMAGES_TAIL = """
vec4 pf_pixel(int i, vec2 at) { return pf_norm(i, at / pf_size(i)); }
vec4 pf_texture(int i, vec2 uv) { return pf_norm(i, uv); }
vec4 pf_texture(int i, vec2 uv, float lod) { return pf_norm(i, uv); }
vec4 pf_texture(int i, vec2 uv, vec2 dx, vec2 dy) { return pf_norm(i, uv); }
vec4 pf_projected(int i, vec3 p) { return pf_norm(i, p.xy / p.z); }
vec4 pf_projected(int i, vec4 p) { return pf_norm(i, p.xy / p.w); }
vec4 pf_fetch(int i, ivec2 at) { return pf_norm(i, (vec2(at) + 0.5) / pf_size(i)); }
vec4 pf_fetch(int i, ivec2 at, int lod) { return pf_fetch(i, at); }
ivec2 pf_texture_size(int i, int lod) { return ivec2(pf_size(i) + 0.5); }
ivec2 pf_texture_size(int i) { return pf_texture_size(i, 0); }
""".splitlines()

VERTEX_HEAD = """
vec2 pf_corner;
vec4 pf_texel(int k) { return texelFetch(pf_rows, ivec2(k, pf_row), 0); }
void isf_vertShaderInit() {
    isf_FragNormCoord = pf_corner;
    gl_Position = vec4(pf_corner * 2.0 - 1.0, 0.0, 1.0);
}
vec4 pf_transform() { return vec4(pf_corner * 2.0 - 1.0, 0.0, 1.0); }
""".splitlines()

# Where the author moves the picture it is cut off at the tile's edge: `pf_onto`.
VERTEX_MAIN = """
void main() {
    pf_corner = vec2(gl_VertexID & 1, gl_VertexID >> 1);
    isf_vertShaderInit();
""".splitlines()

VERTEX_END = """
    pf_at = pf_cell;
    pf_of = pf_row;
    pf_aged = pf_age;
    pf_onto = gl_Position.xy / gl_Position.w;
    vec2 pf_place = (vec2(pf_cell) + 0.5 + 0.5 * pf_onto) / vec2(pf_grid);
    gl_Position = vec4(pf_place * 2.0 - 1.0, 0.0, 1.0);
}
""".splitlines()

FRAGMENT_HEAD = """
bool pf_outside() { return any(greaterThan(abs(pf_onto), vec2(1.00001))); }
""".splitlines()

FRAGMENT_MAIN = """
void main() {
    if (pf_outside()) discard;
    pf_author_main();
    pf_end();
}
""".splitlines()

# One pixel that is no number would be remembered for ever, and spread.
END_BUFFER = """
void pf_end() {
    bool lost = any(isnan(pf_FragColor)) || any(isinf(pf_FragColor));
    pf_out = lost ? vec4(0.0) : pf_FragColor;
}
""".splitlines()

END_PLAIN = ["void pf_end() { pf_out = pf_FragColor; }"]

OKLAB = """
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
""".splitlines()

# A veil's dark keeps an ember: nobody is gone. What is transparent shows the person's ground.
END_LAYER = """
void pf_end() {
    if (!(dot(pf_FragColor, vec4(1.0)) < 1e9)) pf_FragColor = vec4(0.0, 0.0, 0.0, 1.0);
    vec2 off = (pf_FragCoord.xy / RENDERSIZE - 0.5) * vec2(RENDERSIZE.x / RENDERSIZE.y, 1.0);
    float ember = 1.0 / (1.0 + 70.0 * dot(off, off));
    vec3 dark = pf_oklab(mix(pf_a3.rgb, 0.42 * pf_a6.rgb, ember * ember));
    dark.x *= mix(0.5, 1.0, ember);
    vec3 seen = mix(pf_a3.rgb, pf_FragColor.rgb, clamp(pf_FragColor.a, 0.0, 1.0));
    pf_out = vec4(mix(pf_oklab(seen), dark, pf_a0.w), 1.0);
}
""".splitlines()

END_GROUND = """
void pf_end() {
    float seen = clamp(pf_FragColor.a, 0.0, 1.0);
    pf_out = vec4(mix(pf_a3.rgb, clamp(pf_FragColor.rgb, 0.0, 1.0), seen), 1.0);
}
""".splitlines()

# What is not a number is what the filter was given.
GIVEN = "texelFetch(pf_t{}, ivec2(gl_FragCoord.xy), 0)"
END_MIXED = """
    if (!(dot(pf_FragColor, vec4(1.0)) < 1e9)) pf_FragColor = given;
    pf_out = mix(given, clamp(pf_FragColor, 0.0, 1.0), pf_part);
}
""".splitlines()
