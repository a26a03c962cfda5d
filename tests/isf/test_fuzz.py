"""Mutated files never crash the host: they are drawn, or refused with a place and with words.

Sources are compiled and never drawn: a mutated loop may have no end, and GL cannot interrupt one.
"""

import random
import re
from pathlib import Path

import moderngl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from performer.errors import FileError
from performer.render.isf.program import Program
from performer.render.isf.shared import Shared
from performer.render.isf.source import ALONE, LAYER, sources
from performer.show.files import data_folder
from performer.show.isf import load_shader, parse_header
from tests.render.scenes import PIPELINE

from .pictures import HERE

LAYERS = data_folder() / "shaders" / "layers"
FILES = [*sorted(HERE.glob("*.fs")), *sorted(LAYERS.glob("*.fs"))]
SPLICES = [
    b"{", b"}", b"(", b")", b"[", b"]", b"/*", b"*/", b"//", b'"', b",", b";", b"#", b"\\", b"\\\n",
    b"\0", b"\xff", b"\xef\xbb\xbf", b"\r", b"1e999", b"-", b"0.", b"null", b"[[[[", b'"PASSES": 3',
    b"main", b"void", b"sample", b"gl_FragColor", b"IMG_PIXEL(", b"texture", b"uniform float TIME;",
    b"#define main", b"#if 0\n", b"#endif\n", b"#include \"noise.glsl\"\n", b"varying vec2 lost;",
]  # fmt: skip
PATCH = re.compile(rb"[A-Za-z_]\w*|\d[\w.]*|\S")


def mutated(data: bytes, chance: random.Random) -> bytes:
    """The file after one to four accidents, most of them in one half: header or GLSL."""
    body = data.find(b"*/") + 2
    in_body = chance.random() < 0.7
    for _ in range(chance.randint(1, 4)):
        at, length = chance.randrange(len(data) + 1), chance.randint(1, 40)
        at = max(at, min(body, len(data))) if in_body else at
        way = chance.randrange(6)
        if way == 0:
            data = data[:at] + data[at + length :]
        elif way == 1:
            data = data[:at] + chance.choice(SPLICES) + data[at:]
        elif way == 2:
            data = data[:at] + data[at : at + length] * 2 + data[at + length :]
        elif way == 3:
            data = data[:at] + bytes([chance.randrange(256)]) + data[at + 1 :]
        elif way == 4:
            data = data[:at] if chance.random() < 0.5 else data[at // 8 :]
        elif words := list(PATCH.finditer(data, at - at // 4)):  # one becomes another
            one, other = chance.choice(words), chance.choice(words)
            data = data[: one.start()] + other[0] + data[one.end() :]
    return data


def check(error: FileError) -> None:
    """A place, and words."""
    assert error.problems
    for problem in error.problems:
        assert problem.message.strip()
        assert problem.line is not None or problem.key is not None, problem
        assert problem.line is None or problem.line >= 1
        assert "pf_" not in problem.message, problem


@pytest.mark.parametrize("path", FILES, ids=lambda p: p.stem)
def test_a_damaged_file_is_drawn_or_refused_with_a_place(
    clean_gl: moderngl.Context, tmp_path: Path, path: Path
) -> None:
    shared = Shared(clean_gl, PIPELINE)
    chance = random.Random(path.stem)
    data = path.read_bytes()
    copy = tmp_path / path.name
    copy.with_name("steps.png").write_bytes((HERE / "steps.png").read_bytes())
    vertex = path.with_suffix(".vs").read_bytes() if path.with_suffix(".vs").is_file() else b""
    for _ in range(8):
        copy.write_bytes(mutated(data, chance))
        if vertex:
            copy.with_suffix(".vs").write_bytes(mutated(vertex, chance))
        try:
            shader = load_shader(copy)
            Program(clean_gl, shader, shared, chance.choice([LAYER, ALONE])).release()
        except FileError as error:
            check(error)
    shared.release()


PLAIN = [(p, p.read_text("utf-8")) for p in FILES]


@st.composite
def damaged(draw: st.DrawFn) -> tuple[Path, str]:
    """A file's text with a few pieces cut out, doubled or put in."""
    path, text = draw(st.sampled_from(PLAIN))
    for _ in range(draw(st.integers(1, 5))):
        at, length = draw(st.integers(0, len(text))), draw(st.integers(0, 60))
        new = draw(
            st.sampled_from(SPLICES).map(lambda b: b.decode("latin-1")) | st.text(max_size=8)
        )
        again = draw(st.booleans())
        text = text[:at] + new + (text[at:] if again else text[at + length :])
    return path, text


@settings(max_examples=250, deadline=None)
@given(file=damaged())
def test_any_damaged_text_is_read_or_refused_with_a_place(file: tuple[Path, str]) -> None:
    """And what is read can be wrapped; the author's lines are there once, with their numbers."""
    path, text = file
    try:
        shader = parse_header(text, path)
        wrapped = [sources(shader, i)[1] for i in range(len(shader.passes))]
    except FileError as error:
        check(error)
        return
    last = shader.body_line + shader.body.removesuffix("\n").count("\n")
    for source in wrapped:
        assert len(source.origin) == source.text.count("\n")
        theirs = [o[1] for o in source.origin if o is not None and o[0] == path]
        included = {o[0] for o in source.origin if o is not None} - {path}
        if not included:
            assert theirs == list(range(shader.body_line, last + 1))
