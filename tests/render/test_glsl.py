"""Flattened sources, and complaints that name the author's own file and line."""

from pathlib import Path

import moderngl
import pytest

from performer.errors import FileError
from performer.render.glsl import Source, build, flat
from performer.render.passes import plain

from .scenes import PIPELINE

SCREEN = flat(PIPELINE / "screen.vert.glsl")
GOOD = "out vec4 colour;\nvoid main() {\n    colour = vec4(half_of(1.0));\n}\n"
HALF = "// a half\nfloat half_of(float x) {\n    return 0.5 * x;\n}\n"


def written(folder: Path, **files: str) -> Path:
    """Writes files; the path of the first."""
    for name, text in files.items():
        (folder / f"{name}.glsl").write_text(text, encoding="utf-8")
    return folder / f"{next(iter(files))}.glsl"


def complaints(gl: moderngl.Context, path: Path, *defines: str) -> list[tuple[int | None, str]]:
    with pytest.raises(FileError) as wrong:
        build(gl, SCREEN, flat(path, defines), path)
    assert wrong.value.file == path
    return [(p.line, p.message) for p in wrong.value.problems]


def test_includes_are_put_in_once_and_origins_kept(tmp_path: Path) -> None:
    path = written(tmp_path, a=f'#include "b.glsl"\n  #include "c.glsl"\n{GOOD}',
                   b='#include "c.glsl"\nfloat b;\n', c=HALF)  # fmt: skip
    source = flat(path, ("ONE", "TWO"))
    lines = source.text.splitlines()
    assert lines[:3] == ["#version 330 core", "#define ONE", "#define TWO"]
    assert source.text.count("float half_of") == 1
    assert len(lines) == len(source.origin)
    for text, origin in zip(lines, source.origin, strict=True):
        if origin is not None:
            assert origin[0].read_text().splitlines()[origin[1] - 1] == text


def test_a_missing_include_is_named_with_its_line(tmp_path: Path) -> None:
    path = written(tmp_path, a='out vec4 colour;\n#include "nowhere.glsl"\n')
    with pytest.raises(FileError, match=r"a\.glsl:2: no file \"nowhere\.glsl\""):
        flat(path)


def test_what_is_right_compiles(gl: moderngl.Context, tmp_path: Path) -> None:
    path = written(tmp_path, a=f'#include "b.glsl"\n{GOOD}', b=HALF)
    build(gl, SCREEN, flat(path), path).release()


@pytest.mark.parametrize("line", [1, 2, 5, 9])
def test_an_error_has_the_authors_line(gl: moderngl.Context, tmp_path: Path, line: int) -> None:
    body = f'#include "b.glsl"\n{GOOD}\n\n\n\n'.splitlines()
    body.insert(line, "float broken = nothing_of_that_name;")
    path = written(tmp_path, a="\n".join(body), b=HALF)
    found = complaints(gl, path, "SOMETHING")
    assert found[0][0] == line + 1
    assert "nothing_of_that_name" in found[0][1]


def test_an_error_in_an_include_names_the_include(gl: moderngl.Context, tmp_path: Path) -> None:
    path = written(tmp_path, a=f'#include "b.glsl"\n{GOOD}', b=HALF.replace("0.5", "five"))
    (line, message), *_ = complaints(gl, path)
    assert line is None
    assert "(in b.glsl:3)" in message


def test_several_errors_are_all_told(gl: moderngl.Context, tmp_path: Path) -> None:
    path = written(tmp_path, a="out vec4 c;\nvoid main() {\n  c = one;\n  c = two;\n}\n")
    assert [line for line, _ in complaints(gl, path)] == [3, 4]


def test_an_error_in_our_own_lines_is_not_blamed_on_the_author(gl: moderngl.Context) -> None:
    with pytest.raises(FileError, match="the host's own lines"):
        build(gl, SCREEN, plain("#version 330 core\nvoid main() { nothing(); }"), Path("x.fs"))


def test_a_broken_vertex_stage_is_told_as_well(gl: moderngl.Context) -> None:
    here = Path("here.glsl")
    vertex = Source.of([("#version 330 core", None), ("void main() { wrong; }", (here, 7))])
    with pytest.raises(FileError, match=r"here\.glsl:7"):
        build(gl, vertex, plain("#version 330 core\nvoid main() {}"), here)


@pytest.mark.parametrize("path", sorted(PIPELINE.glob("*.frag.glsl")), ids=lambda p: p.name)
def test_every_pass_compiles(gl: moderngl.Context, path: Path) -> None:
    build(gl, SCREEN, flat(path), path).release()
