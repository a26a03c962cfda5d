"""One headless context and one studio for all tests of the ISF host; none leaves a GL error."""

from collections.abc import Iterator

import moderngl
import pytest

from performer.render import context
from performer.render.isf.studio import Studio
from performer.show.shows import Library, load_show
from tests.render.scenes import PIPELINE


@pytest.fixture(scope="package")
def gl() -> Iterator[moderngl.Context]:
    made = context.headless()
    yield made
    made.release()


@pytest.fixture
def clean_gl(gl: moderngl.Context) -> Iterator[moderngl.Context]:
    """The context, made current: other tests make contexts of their own."""
    with gl:
        assert gl.error == "GL_NO_ERROR"
        yield gl
        assert gl.error == "GL_NO_ERROR"


@pytest.fixture
def studio(clean_gl: moderngl.Context) -> Iterator[Studio]:
    made = Studio(clean_gl, PIPELINE)
    yield made
    made.release()


@pytest.fixture(scope="session")
def library() -> Library:
    return load_show("luna-circle").steady()
