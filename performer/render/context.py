"""Opening OpenGL: headless through EGL, or on the window that pygame has opened."""

from typing import Any

import moderngl

from performer.errors import DeviceError

VERSION = 330  # GL 3.3 core; macOS stops at 4.1


def headless() -> moderngl.Context:
    """A context without any window; DeviceError, saying what to install, if there is none."""
    try:
        options: dict[str, Any] = {"backend": "egl"}
        return moderngl.create_context(standalone=True, require=VERSION, **options)
    except Exception as egl:
        try:  # macOS and Windows have no EGL but make hidden contexts of their own
            return moderngl.create_context(standalone=True, require=VERSION)
        except Exception as own:
            raise DeviceError(
                f"no OpenGL 3.3 without a window ({egl}; {own}). Install a driver: on Debian "
                "apt-get install libegl1 libgl1-mesa-dri"
            ) from None


def of_window() -> moderngl.Context:
    """The context of the window that is open now; DeviceError if it is too old."""
    try:
        return moderngl.create_context(require=VERSION)
    except Exception as error:
        raise DeviceError(f"the window has no OpenGL 3.3: {error}") from None


def describe(gl: moderngl.Context) -> dict[str, str]:
    """What a bug report needs to know of the driver."""
    info = gl.info
    return {k: str(info[f"GL_{k.upper()}"]) for k in ("vendor", "renderer", "version")}
