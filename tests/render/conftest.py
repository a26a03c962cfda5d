"""One headless context for all picture tests, and the rule that none leaves a GL error."""

from collections.abc import Iterator

import moderngl
import pytest

from performer.render import context
from performer.render.renderer import Renderer
from performer.show.shows import Library, load_show

from .scenes import PIPELINE, rest


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption(
        "--update-refs", action="store_true", default=False,
        help="Write the golden pictures anew. Look at them before you keep them.",
    )  # fmt: skip


@pytest.fixture(scope="session")
def gl() -> Iterator[moderngl.Context]:
    made = context.headless()
    yield made
    made.release()


@pytest.fixture(autouse=True)
def no_gl_error(gl: moderngl.Context) -> Iterator[None]:
    with gl:  # other tests make contexts of their own
        assert gl.error == "GL_NO_ERROR"
        yield
        assert gl.error == "GL_NO_ERROR"


@pytest.fixture(scope="session")
def library() -> Library:
    return load_show("luna-circle").steady()


@pytest.fixture
def renderer(gl: moderngl.Context, library: Library) -> Iterator[Renderer]:
    made = Renderer(gl, library.shaders, PIPELINE)
    yield made
    rest(gl)
    made.release()
