"""The window that people see: pygame opens it, OpenGL draws into it, keys come out of it.

Nothing but the guarded picture is ever drawn here, and black around it.
"""

import contextlib
import os
import warnings
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, cast

os.environ.setdefault("PYGAME_HIDE_SUPPORT_PROMPT", "1")

import moderngl
import pygame

from performer.errors import DeviceError
from performer.render import context
from performer.render.glsl import build, flat

NAMES = {pygame.K_SPACE: "space", pygame.K_UP: "up", pygame.K_DOWN: "down",
         pygame.K_LEFT: "left", pygame.K_RIGHT: "right", pygame.K_ESCAPE: "escape"}  # fmt: skip


@dataclass(frozen=True)
class Pressed:
    """A key that went down."""

    name: str
    ctrl: bool
    shift: bool


@dataclass(frozen=True)
class Closed:
    """The window system asked the window to close."""


def displays() -> list[tuple[int, int]]:
    """Sizes of the displays, in pixels; DeviceError if there is no window system."""
    try:
        pygame.display.init()
        return list(pygame.display.get_desktop_sizes())
    except pygame.error as error:
        raise DeviceError(f"no display: {error}. --headless plays without one") from None


class Window:
    """A window with an OpenGL context, its cursor hidden and the display kept awake."""

    def __init__(self, size: tuple[int, int], display: int, fullscreen: bool) -> None:
        os.environ.setdefault("SDL_VIDEO_MINIMIZE_ON_FOCUS_LOSS", "0")
        os.environ.setdefault("SDL_VIDEO_ALLOW_SCREENSAVER", "0")
        there = displays()
        if not 0 <= display < len(there):
            raise DeviceError(f"--display must be 0..{len(there) - 1}, found {display}")
        for attribute, value in (
            (pygame.GL_CONTEXT_MAJOR_VERSION, 3),
            (pygame.GL_CONTEXT_MINOR_VERSION, 3),
            (pygame.GL_CONTEXT_PROFILE_MASK, pygame.GL_CONTEXT_PROFILE_CORE),
            (pygame.GL_CONTEXT_FORWARD_COMPATIBLE_FLAG, 1),
        ):
            pygame.display.gl_set_attribute(attribute, value)
        flags = pygame.OPENGL | pygame.DOUBLEBUF | pygame.RESIZABLE
        try:
            with warnings.catch_warnings():  # a driver without vertical sync says so; it may
                warnings.simplefilter("ignore")
                pygame.display.set_mode(size, flags, display=display, vsync=1)
        except pygame.error:
            try:  # software drivers have no vertical sync
                pygame.display.set_mode(size, flags, display=display)
            except pygame.error as error:
                raise DeviceError(f"no window with OpenGL 3.3: {error}") from None
        pygame.display.set_caption("Performer")
        pygame.mouse.set_visible(False)
        pygame.display.set_allow_screensaver(False)
        self.gl = context.of_window()
        self.fullscreen = False
        self._native: Any = None
        self._present: tuple[moderngl.Program, moderngl.VertexArray] | None = None
        if fullscreen:
            self.toggle_fullscreen()
        self.black()

    @property
    def size(self) -> tuple[int, int]:
        """Width and height of what can be drawn on, in pixels."""
        return pygame.display.get_window_size()

    def black(self) -> None:
        """Shows black, at once."""
        self.gl.screen.use()
        self.gl.clear()
        pygame.display.flip()

    def show(self, texture: moderngl.Texture, folder: Path) -> None:
        """Shows a picture as large as fits, its shape kept."""
        if self._present is None:
            file = folder / "copy.frag.glsl"
            program = build(self.gl, flat(folder / "screen.vert.glsl"), flat(file), file)
            self._present = (program, self.gl.vertex_array(program, []))
        program, array = self._present
        width, height = self.size
        screen = self.gl.screen
        screen.use()
        screen.viewport = (0, 0, width, height)
        self.gl.clear()
        screen.viewport = fitted(cast("tuple[int, int]", texture.size), (width, height))
        texture.use(0)
        program["source"] = 0
        program["part"] = (0.0, 0.0, 1.0, 1.0)
        array.render(moderngl.TRIANGLES, vertices=3)
        pygame.display.flip()

    def toggle_fullscreen(self) -> None:
        """In and out of fullscreen without a new window, so the picture never leaves the GPU."""
        from pygame._sdl2 import video  # the only way that keeps the context

        self.fullscreen = not self.fullscreen
        if self._native is None:
            # kept for good: SDL remembers this object without counting it as used, and events that
            # find it gone end in a segmentation fault
            self._native = video.Window.from_display_module()
        if self.fullscreen:
            self._native.set_fullscreen(True)
        else:
            self._native.set_windowed()

    def events(self) -> Iterator[Pressed | Closed]:
        """What happened since the last call."""
        for event in pygame.event.get():
            if event.type == pygame.QUIT:
                yield Closed()
            elif event.type == pygame.KEYDOWN:
                yield Pressed(
                    NAMES.get(event.key, pygame.key.name(event.key)),
                    bool(event.mod & (pygame.KMOD_CTRL | pygame.KMOD_META)),
                    bool(event.mod & pygame.KMOD_SHIFT),
                )

    def close(self) -> None:
        """Closes the window."""
        with contextlib.suppress(pygame.error):
            pygame.display.quit()


def fitted(picture: tuple[int, int], window: tuple[int, int]) -> tuple[int, int, int, int]:
    """The largest rectangle of the picture's shape in the middle of the window: x, y, w, h."""
    scale = min(window[0] / picture[0], window[1] / picture[1])
    w, h = max(1, round(picture[0] * scale)), max(1, round(picture[1] * scale))
    return (window[0] - w) // 2, (window[1] - h) // 2, w, h
