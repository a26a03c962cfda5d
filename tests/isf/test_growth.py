"""What is compiled and drawn is given back: GL objects do not pile up over a long night."""

from collections import Counter
from collections.abc import Callable
from pathlib import Path
from typing import Any

import moderngl
import pytest

from performer.circle.circle import Circle
from performer.errors import FileError
from performer.render.isf.program import Program
from performer.render.isf.shared import Shared
from performer.render.isf.source import ALONE, LAYER
from performer.render.isf.studio import Studio
from performer.render.layers import Layers
from performer.show.isf import Shader, load_shader, parse_header
from performer.show.shows import Library
from tests.render.scenes import PIPELINE, rest, settled

from .pictures import HERE, photo

KINDS = ("texture", "buffer", "program", "framebuffer", "vertex_array", "simple_framebuffer")


class Census:
    """Counts what a context makes and what of it is still there."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.made: list[tuple[str, Any]] = []
        for kind in KINDS:
            monkeypatch.setattr(moderngl.Context, kind, self.noting(kind))

    def noting(self, kind: str) -> Callable[..., Any]:
        make: Callable[..., Any] = getattr(moderngl.Context, kind)

        def noted(*args: Any, **options: Any) -> Any:
            self.made.append((kind, make(*args, **options)))
            return self.made[-1][1]

        return noted

    def there(self) -> Counter[str]:
        """What was made and not released, by kind."""
        return Counter(k for k, o in self.made if not isinstance(o.mglo, moderngl.InvalidObject))


@pytest.fixture
def census(monkeypatch: pytest.MonkeyPatch) -> Census:
    return Census(monkeypatch)


def small(number: int) -> Shader:
    """One of a hundred shaders: with passes, with memory, broken in their first or last pass."""
    passes = ["{}", '{"TARGET": "a", "PERSISTENT": true}, {}', '{"TARGET": "a"}, {"TARGET": "b"}']
    broken = [
        "",
        "",
        "",
        "nope();",
        "if (PASSINDEX == 1) { int x = PASSINDEX == 1 ? vec2(1) : 0; }",
    ]
    return parse_header(
        f'/*{{"ISFVSN": "2", "PASSES": [{passes[number % 3]}]}}*/\n'
        f"void main() {{ {broken[number % 5]} gl_FragColor = vec4({number / 100}); }}",
        Path(f"small-{number}.fs"),
    )


def test_a_hundred_programs_leave_nothing_behind(
    clean_gl: moderngl.Context, census: Census
) -> None:
    shared = Shared(clean_gl, PIPELINE)
    before = census.there()
    told = 0
    for number in range(100):
        try:
            program = Program(clean_gl, small(number), shared, (LAYER, ALONE)[number % 2])
        except FileError:
            told += 1
            continue
        program.release()
    assert told == 40
    assert len(census.made) > 300
    assert census.there() == before
    shared.release()
    assert not census.there()


def test_a_studio_gives_everything_back(clean_gl: moderngl.Context, census: Census) -> None:
    """Pictures and sounds too, whatever was drawn, resized or refused."""
    studio = Studio(clean_gl, PIPELINE)
    shader = load_shader(HERE / "persistent.fs")
    studio.render(shader, (8, 8), frames=3)
    studio.render(load_shader(HERE / "imported.fs"), (8, 8))
    studio.render(load_shader(HERE / "sound.fs"), (8, 8))
    before = census.there()
    for number in range(20):
        studio.render(shader, (8 + number, 8), frames=3)
        studio.render(load_shader(HERE / "imported.fs"), (8, 8))
        studio.render(load_shader(HERE / "sound.fs"), (8, 8))
        studio.render(load_shader(HERE / "images.fs"), (8, 8), images={"photo": photo(4, 4)})
        with pytest.raises(FileError):
            studio.render(shader, (8, 8), inputs={"nope": 1})
        with pytest.raises(FileError):
            studio.render(small(3), (8, 8))
    sitting = studio.sitting(shader, (8, 8))
    for number in range(20):
        sitting.resize((8 + number, 8))
        sitting.give({}, {})
        sitting.draw(0.0, 1 / 30)
    sitting.release()
    assert census.there() == before
    studio.release()
    assert not census.there()


def test_giving_another_picture_lets_go_of_the_last_one(
    clean_gl: moderngl.Context, census: Census
) -> None:
    studio = Studio(clean_gl, PIPELINE)
    sitting = studio.sitting(load_shader(HERE / "images.fs"), (8, 8))
    for _ in range(10):
        sitting.give({}, {"photo": photo(4, 4)})
        sitting.draw(0.0, 1 / 30)
    counts = census.there()
    sitting.give({}, {"photo": photo(5, 5)})
    assert census.there() == counts
    sitting.release()
    studio.release()
    assert not census.there()


def test_layers_that_change_their_shape_give_everything_back(
    clean_gl: moderngl.Context, census: Census, library: Library
) -> None:
    """Two hundred changes of size and quality, with buffers of people in them."""
    rest(clean_gl)
    before = census.there()
    shaders = {f"s{n}": small(n) for n in (1, 2, 3, 7)}
    layers = Layers(clean_gl, shaders, PIPELINE)
    circle = Circle(library, 4, 1)
    settled(circle, 1)
    counts: list[Counter[str]] = []
    for number in range(200):
        frame = circle.step(1 / 30, 0, (1.0, 0.5, 0.7, 0.9)[number % 4])
        frame.people.generators = [f"s{n}" for n in (1, 2, 3, 7)]
        layers.draw(frame, (32 + number % 3, 24))
        counts.append(census.there())
    assert counts[20] == counts[-1]
    rest(clean_gl)
    layers.release()
    assert census.there() == before
