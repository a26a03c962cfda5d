"""The conformance set: a small file for every line of the specification, checked by its pixels.

Each file's picture is worked out here in arithmetic of arrays, from the formula in the file.
"""

from pathlib import Path

import numpy as np
import pytest

from performer.errors import FileError
from performer.render.isf.setting import Sound
from performer.render.isf.studio import Studio
from performer.show.isf import load_shader

from .pictures import HERE, Canvas, Case, Colour, Floats, line, photo, pixel, read

PHOTO, OTHER, SMALL = photo(16, 9), photo(16, 9)[::-1, ::-1].copy(), photo(5, 4)
GIVEN = {"inputImage": PHOTO}
SOUND = Sound(
    ((np.arange(24) * 7 % 24) / 24).astype(np.float32),
    ((np.arange(16) * 5 % 16) / 16).astype(np.float32),
)


def steps(x: int, y: int) -> Colour:
    """A pixel of steps.png, counted from below left: how that file was made."""
    return x * 60 / 255, (2 - y) * 100 / 255, 200 / 255, 1.0


def mixed(a: Colour, b: Colour, part: float = 0.5) -> Colour:
    """The first, with a part of the second."""
    red, green, blue, alpha = ((1 - part) * x + part * y for x, y in zip(a, b, strict=True))
    return red, green, blue, alpha


def seen(c: Canvas) -> Colour:
    """The photo, as large as the picture."""
    return read(PHOTO, c.u, c.v)


def result(c: Canvas) -> Floats:
    """result.fs: its own name for what it shows, on 16 by 9."""
    half = c.colour(mixed(seen(c), (0.0, 0.0, 0.0, 0.0)))
    half[..., 3] = 1.0
    return np.where((c.u * c.width > 4.0)[..., None], half, c.colour((0.25, 0.25, 0.25, 1.0)))


def inverted(c: Canvas) -> Colour:
    right = read(PHOTO, c.u + 1 / c.width, c.v)
    return mixed(seen(c), (1 - right[2], 1 - right[1], 1 - right[0], 16 / 32), 0.75)


def crossed(c: Canvas) -> Floats:
    after = c.colour(read(OTHER, c.u, c.v))
    return np.where((c.u < 0.4)[..., None], after, c.colour(seen(c)))


def passed(c: Canvas, wanted: tuple[int, int]) -> Floats:
    """pass_sizes.fs on 16 by 9: what each pass shows of its size and its place."""
    return c.columns(
        (4 / 32, 5 / 32, 0.5, 0.5),
        (5 / 32, 7 / 32, 0.5, 0.5),
        (wanted[0] / 32, wanted[1] / 32, 0.5, 0.5),
        (4 / 32, 5 / 32, 5 / 32, 7 / 32),
        (wanted[0] / 32, wanted[1] / 32, 16 / 32, 9 / 32),
        (4 / 32, 5 / 32, 1.5 / 4, 2.5 / 5),
        (ramp(c.u, 4), ramp(c.v, 5), ramp(c.u, 5), ramp(c.v, 7)),
    )


def ramp(place: Floats, n: int) -> Floats:
    """What `n` pixels that hold their own places show: a line, but for half a pixel at its ends."""
    return np.clip(place, 0.5 / n, 1 - 0.5 / n)


def imported(c: Canvas) -> Floats:
    across = np.minimum(c.x.astype(int), 3) * 60 / 255
    rows: list[Colour] = [(across, steps(0, y)[1], 200 / 255, 1.0) for y in (0, 2, 1)]
    return c.rows(*rows, (4 / 8, 3 / 8, 0.0, 1.0), (0.0, 0.0, 0.0, 0.0))


def vertex(c: Canvas) -> Colour:
    red = read(PHOTO, c.u * 0.5 + 0.25, c.v * 0.5 + 0.25)[0]
    return c.u * (1 - 0.25 / 16), c.v * 0.5 + 0.25, 16 / 32 + 0.125, red


def moved(c: Canvas) -> Floats:
    """16 by 8, in the middle half of it."""
    inside = (abs(c.u - 0.5) < 0.25) & (abs(c.v - 0.5) < 0.25)
    return c.colour(((c.x - 4) / 8, (c.y - 2) / 4, 0.5, 1.0)) * inside[..., None]


def heard(c: Canvas) -> Floats:
    groups = SOUND.spectrum.reshape(4, 4).mean(axis=1)
    lines = [line(SOUND.waveform, c.u), line(SOUND.spectrum, c.u),
             line(SOUND.waveform[-8:], (c.x * 0.5 + 0.25) / 8), line(groups, c.u)]  # fmt: skip
    return c.rows(*[(n, n, n, 1.0) for n in lines], (24 / 32, 16 / 32, 8 / 32, 4 / 32))


def numbers(*columns: Colour) -> Case:
    given = {"hit": True, "on": False, "choice": 10, "count": 15, "amount": -2,
             "place": (640, -10), "tint": (1, 0, 0.5, 0.25)}  # fmt: skip
    default = columns[0][0] == 0
    return Case("inputs", lambda c: c.columns(*columns), "default" if default else "given",
                inputs={} if default else given)  # fmt: skip


CASES = (
    # inputs
    numbers((0, 1, 0, 1), (0.3, 0, 0, 1), (0.5, 0.25, 0.75, 1), (0.2, 0.4, 0.6, 0.8)),
    numbers((1, 0, 0, 1), (1, 1, 0, 1), (0, 1, 0, 1), (1, 0, 0.5, 0.25)),
    Case("images", lambda c: read(SMALL, c.x / 5, c.y / 4), "IMG_PIXEL",
         inputs={"way": 0}, images={"photo": SMALL}, within=2),
    Case("images", lambda c: read(SMALL, c.u, c.v), "IMG_NORM_PIXEL",
         inputs={"way": 1}, images={"photo": SMALL}, within=2),
    Case("images", lambda c: read(SMALL, c.u, c.v), "IMG_THIS_PIXEL",
         inputs={"way": 2}, images={"photo": SMALL}, within=2),
    Case("images", lambda c: read(SMALL, c.u, c.v), "IMG_THIS_NORM_PIXEL",
         inputs={"way": 3}, images={"photo": SMALL}, within=2),
    Case("images", lambda _: (5 / 16, 4 / 16, 0, 1), "IMG_SIZE",
         inputs={"way": 4}, images={"photo": SMALL}),
    Case("images", lambda c: read(SMALL, 1 - c.v, 1 - c.u), "turned",
         inputs={"way": 5}, images={"photo": SMALL}, within=2),
    Case("images", lambda _: (0, 0, 0, 0), "none given"),
    Case("filter", inverted, images=GIVEN),
    Case("filter", seen, "at its identity", inputs={"much": 0}, images=GIVEN),
    Case("filter", lambda c: mixed(read(SMALL, c.u, c.v), (0, 0, 0, 0), 0), "of another size",
         inputs={"much": 0}, images={"inputImage": SMALL}, within=2),
    Case("filter_sizes", lambda c: c.columns(
        (5 / 16, 4 / 16, 0, 1), pixel(SMALL, 2, 1), read(SMALL, c.u, c.v)), "its own size",
        images={"inputImage": SMALL}, within=2),
    Case("transition", seen, "before", images={"startImage": PHOTO, "endImage": OTHER}),
    Case("transition", crossed, "between", inputs={"progress": 0.4},
         images={"startImage": PHOTO, "endImage": OTHER}),
    Case("sound", heard, sound=SOUND),
    Case("sound", lambda c: c.rows(
        *[(n, n, n, 1.0) for n in (0.5, 0.0, 0.5, 0.0)], (1.0, 1.0, 8 / 32, 4 / 32)), "silence"),
    # passes and pictures
    Case("pass_sizes", lambda c: passed(c, (6, 5)), "2", within=2),
    Case("pass_sizes", lambda c: passed(c, (4, 9)), "1", inputs={"detail": 1}, within=2),
    Case("pass_sizes", lambda c: passed(c, (24, 2)), "8", inputs={"detail": 8}, within=2),
    Case("persistent", lambda _: (1 / 16, 1 / 32, 8 / 255, 1), "one frame"),
    Case("persistent", lambda _: (5 / 16, 5 / 32, 40 / 255, 1), "five frames", frames=5),
    Case("persistent", lambda _: (0.75, 0.375, 24 / 255, 1), "played", frames=3,
         inputs={"step": 0.25}),
    Case("temporary", lambda _: (0.25, 0.25, 0.25, 1), frames=3),
    Case("floats", lambda _: (0.75, 0.5, 0.25, 0.5)),
    Case("order", lambda c: (c.u, 0.5, 0.25, 1), within=2),
    Case("order", lambda c: (c.u, 0.5, 0.25, 1), "four frames", frames=4, within=2),
    Case("last_target", lambda _: (0.3, 0.2, 0, 1), frames=3),
    Case("backwards", lambda _: (0.2, 0.3, 0, 1), frames=3),
    Case("clear", lambda _: (1, 0.5, 0.25, 0.25)),
    Case("imported", imported),
    Case("imported_1", lambda _: steps(2, 0)),
    # what is given without asking
    Case("clock", lambda _: (0.335, 0.5, 0.3, 1), time=3.2, frames=4, fps=20.0),
    Case("date", lambda _: (0.26, 11 / 12, 29 / 31, 0.5), date=(2026, 11, 29, 43200)),
    Case("place", lambda c: (c.u, c.v, 0, 0)),
    Case("place", lambda c: (c.u, c.v, 0, 0), "odd", size=(7, 31)),
    # vertex shaders
    Case("vertex", vertex, images=GIVEN, within=2),
    Case("moved", moved, size=(16, 8)),
    Case("vertex_1", lambda c: (c.u * 0.5, c.v * 0.5, c.u, 1)),
    # version 1
    Case("version_1", lambda c: (0.375, 0.125, c.u, 1), frames=3),
    Case("version_1_sizes", lambda _: (0.75, 2 / 8, 3 / 8, 1), frames=4),
    # GLSL as it is written
    Case("habits", lambda c: (*seen(c)[:3], 1.0), images=GIVEN),
    Case("result", result, images=GIVEN),
    Case("es3", lambda c: (*seen(c)[:3], 0.5), images=GIVEN),
    Case("data", lambda _: (0.25, 0.5, 0.75, 0.5)),
    Case("samplers", lambda c: c.columns(
        mixed(pixel(PHOTO, 0, 0), steps(0, 0)), mixed((0, 0, 0.5, 1), steps(0, 0)),
        (4 / 16, 3 / 16, 16 / 32, 9 / 32), seen(c)), images=GIVEN, within=2),
    Case("words", lambda c: (0.75, 0.5, 0.25, seen(c)[0]), images=GIVEN),
    Case("functions", lambda _: (0.75, 0.5, 0.5, 0.875)),
    # 0.4 of a smooth step is 0.352; 5 is a length, and 0.25 is 0.125 twice
    Case("overloads", lambda _: (0.5, 0.75, 0.25 * 5 * 0.352 / 2, 0.5)),
    Case("named_inputs", lambda c: c.columns(
        (0.125, 0.25, 3 / 8, 1), (0.5, 0.25, 0.75, 1), (0.1, 0.2, 0.3, 0.4), (4 / 8, 3 / 8, 0.5, 1),
        (0.5, 1, 0.25, 1), seen(c)), images={"texture": PHOTO}),
    Case("loops", lambda _: (0.5, 0.75, 0.25, 1)),
    Case("relaxed", lambda _: (0.75, 0.5, 1, 1)),
    Case("letters", lambda _: (0.75, 0.5, 0.25, 1)),
    Case("redeclared", lambda c: mixed((0.25, 0.3, 0.5, 1), seen(c)), images=GIVEN, within=2),
    Case("globals", lambda _: (0.5, 0.45, 0.25, 1), time=7.25),
    Case("constants", lambda _: (0.5, 0.25, 0.25, 1)),
    Case("writes", lambda _: (0.5, 0.25, 0.4, 0.75), time=9.0),
    Case("branches", lambda _: (0.25, 0.5, 0.75, 1)),
    Case("macros", lambda c: (seen(c)[0], seen(c)[1], seen(c)[2], 0.75), images=GIVEN),
)  # fmt: skip


@pytest.mark.parametrize("case", CASES, ids=lambda c: f"{c.file} {c.note}".strip())
def test_a_file_looks_as_it_should(studio: Studio, case: Case) -> None:
    shader = load_shader(HERE / f"{case.file}.fs")
    found = studio.render(
        shader, case.size, frames=case.frames, fps=case.fps, time=case.time, inputs=case.inputs,
        images=case.images, sound=case.sound, date=case.date,
    )  # fmt: skip
    off = np.abs(found - case.picture * 255.0)
    row, column, channel = np.unravel_index(int(off.argmax()), off.shape)
    assert off.max() < case.within, (
        f"pixel {column},{row} from the top: {found[row, column]}, wanted "
        f"{np.round(case.picture[row, column] * 255, 1)} ({'rgba'[channel]})"
    )


def test_every_file_is_looked_at() -> None:
    assert {path.stem for path in HERE.glob("*.fs")} == {case.file for case in CASES}


def test_what_a_header_says_of_its_inputs_is_known() -> None:
    shader = load_shader(HERE / "inputs.fs")
    hit, on, choice, count, amount, place, tint = shader.inputs
    kinds = ["event", "bool", "long", "long", "float", "point2D", "color"]
    assert [i.kind for i in shader.inputs] == kinds
    assert (hit.label, hit.default, on.identity) == ("Hit it", (0,), (0,))
    assert (choice.values, choice.labels) == ((0, 3, 10), ("none", "some", "all"))
    assert (count.low, count.high, count.default) == ((-5,), (15,), (-5,))
    assert (amount.low, amount.high, amount.identity) == ((-2,), (8,), (0,))
    assert (place.low, place.high) == ((0, -10), (640, 10))
    assert (tint.low, tint.high, tint.identity) == ((0,) * 4, (1,) * 4, (1,) * 4)
    kinds = [load_shader(HERE / f"{n}.fs").kind for n in ("inputs", "filter", "transition")]
    assert kinds == ["generator", "filter", "transition"]
    sounds = {i.name: i.most for i in load_shader(HERE / "sound.fs").inputs}
    assert sounds == {"wave": 0, "bins": 0, "newest": 8, "groups": 4}


LETTERS = (HERE / "letters.fs").read_text("utf-8")


@pytest.mark.parametrize(
    ("encoding", "ends"),
    [("utf-8", "\r\n"), ("utf-8-sig", "\r\n"), ("utf-8", "\r"), ("latin-1", "\n"),
     ("latin-1", "\r\n"), ("utf-16", "\n"), ("utf-16", "\r\n")],
)  # fmt: skip
def test_files_are_read_however_they_were_saved(
    studio: Studio, tmp_path: Path, encoding: str, ends: str
) -> None:
    """Marks, line ends and letters of another age."""
    path = tmp_path / "letters.fs"
    path.write_bytes(LETTERS.replace("\n", ends).encode(encoding))
    shader = load_shader(path)
    assert (shader.description, shader.inputs[0].label) == ("für Zoë", "Größe")
    found = studio.render(shader, (4, 4))
    assert np.abs(found - np.array([0.75, 0.5, 0.25, 1.0]) * 255).max() < 1


def test_blanks_of_web_pages_are_blanks(studio: Studio, tmp_path: Path) -> None:
    """A space that does not break, and one of no width, as they are copied from a page."""
    path = tmp_path / "letters.fs"
    path.write_text(LETTERS.replace("gl_FragColor =", "\u200bgl_FragColor\u00a0="), "utf-8")
    assert "\u00a0=" in path.read_text("utf-8")
    found = studio.render(load_shader(path), (4, 4))
    assert np.abs(found - np.array([0.75, 0.5, 0.25, 1.0]) * 255).max() < 1


def test_only_line_ends_are_line_ends(studio: Studio, tmp_path: Path) -> None:
    """Letters that Unicode takes for line ends stand in comments; so does what is no include."""
    path = tmp_path / "letters.fs"
    comment = b'// so\x85 it goes\x0b on \x0c and\x1c on, with #include "noise.glsl"\n'
    path.write_bytes(LETTERS.encode("latin-1").replace(b"// Gr", comment + b"// Gr"))
    found = studio.render(load_shader(path), (4, 4))
    assert np.abs(found - np.array([0.75, 0.5, 0.25, 1.0]) * 255).max() < 1
    path.write_bytes(path.read_bytes().replace(b"LONG; //", b"LONGER; //"))
    with pytest.raises(FileError, match=r"letters\.fs:11: .*LONGER"):
        studio.render(load_shader(path), (4, 4))


def test_what_is_remembered_is_stretched_to_another_size(studio: Studio) -> None:
    sitting = studio.sitting(load_shader(HERE / "persistent.fs"), (16, 9))
    wanted: list[float] = []
    for frame, size in enumerate([(16, 9), (32, 18), (8, 20), (64, 4)]):
        sitting.resize(size)
        sitting.draw(frame / 30, 1 / 30)
        wanted.append((frame + 1) / 16 * 255)
        found = sitting.pixels()
        assert found.shape == (size[1], size[0], 4)
        assert np.abs(found[..., 0] - wanted[-1]).max() < 1
    sitting.release()


BROKEN = '/*{\n"INPUTS": [\n]\n}*/\n// one\nvoid main() {\n    gl_FragColor = vec4(oops);\n}\n'


def test_what_does_not_compile_is_told_at_the_authors_line(studio: Studio, tmp_path: Path) -> None:
    path = tmp_path / "mine.fs"
    path.write_text(BROKEN)
    with pytest.raises(FileError, match=r"mine\.fs:7: .*oops"):
        studio.render(load_shader(path), (4, 4))
    path.write_text(BROKEN.replace("oops", "1.0"))
    (tmp_path / "mine.vs").write_text("void main() {\n    isf_vertShaderInit();\n    nope();\n}\n")
    with pytest.raises(FileError, match=r"mine\.vs:3: .*nope"):
        studio.render(load_shader(path), (4, 4))


@pytest.mark.parametrize(
    ("body", "line", "says"),
    [
        ("void other() {}\n", 2, "there is no void main()"),
        ("\nvoid main() {\n    gl_FragColor = vec4(sample);\n}", 4, "sample"),
        ("\nvoid main() {\n    gl_FragColor = texture2D(1.0);\n}", 4, "texture2D(float)"),
        ("void main() {\n    gl_FragColor = vec4(1.0);\n", 3, "syntax error"),
        ('#include "nothing.glsl"\nvoid main() {}', 2, 'no file "nothing.glsl" to include'),
    ],
)
def test_a_complaint_has_a_line_and_the_authors_words(
    studio: Studio, tmp_path: Path, body: str, line: int, says: str
) -> None:
    path = tmp_path / "mine.fs"
    path.write_text("/*{}*/\n" + body)
    with pytest.raises(FileError) as caught:
        studio.render(load_shader(path), (4, 4))
    first = caught.value.problems[0]
    assert first.line == line, first
    assert says in first.message
    assert len(caught.value.problems) <= 3
    assert "pf_" not in str(caught.value)


def test_a_picture_that_is_missing_is_told_at_its_key(studio: Studio, tmp_path: Path) -> None:
    path = tmp_path / "mine.fs"
    path.write_text('/*{"IMPORTED": {"a": {"PATH": "a.png"}}}*/\nvoid main() {}\n')
    with pytest.raises(FileError, match=r"IMPORTED\.a\.PATH: a\.png: there is no such file"):
        studio.render(load_shader(path), (4, 4))
    (tmp_path / "a.png").write_bytes(b"no picture")
    with pytest.raises(FileError, match=r"IMPORTED\.a\.PATH: a\.png: is no picture"):
        studio.render(load_shader(path), (4, 4))


def test_what_is_given_must_be_there_and_fit(studio: Studio) -> None:
    shader = load_shader(HERE / "inputs.fs")
    with pytest.raises(FileError) as caught:
        studio.render(
            shader, (4, 4), inputs={"nope": 1, "tint": (1, 2)}, images={"photo": photo(2, 2)}
        )
    assert [(p.key, p.message) for p in caught.value.problems] == [
        ("nope", "has no such input; it has hit, on, choice, count, amount, place, tint"),
        ("tint", "takes 4 numbers, found 2"),
        ("photo", "has no such image; it has none"),
    ]
