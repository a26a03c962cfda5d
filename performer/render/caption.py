"""Quiet lines of text in a corner of the picture, for who plays on a single screen (`--hud`).

They are drawn before the guard, like everything that is shown.
"""

from pathlib import Path

import moderngl

from performer.render.passes import Pass, Target

GREY = 140  # sRGB of the letters: readable in the dark, no light of its own


class Caption:
    """A few lines, set anew when they change."""

    def __init__(self, gl: moderngl.Context, folder: Path) -> None:
        import pygame  # takes a tenth of a second, and rehearsals have no letters

        self.gl = gl
        self._pass = Pass(gl, folder, "caption")
        pygame.font.init()
        self._font = pygame.font.Font(None, 22)
        self._lines: tuple[str, ...] = ()
        self._texture: moderngl.Texture | None = None

    def say(self, *lines: str) -> None:
        """The lines to show from now on."""
        if lines == self._lines:
            return
        import pygame

        self._lines = lines
        rows = [self._font.render(line, True, (GREY, GREY, GREY)) for line in lines]
        width = max(row.get_width() for row in rows)
        height = sum(row.get_height() for row in rows)
        surface = pygame.Surface((width, height), pygame.SRCALPHA)
        top = 0
        for row in rows:
            surface.blit(row, (0, top))
            top += row.get_height()
        if self._texture is not None:
            self._texture.release()
        self._texture = self.gl.texture((width, height), 4, pygame.image.tobytes(surface, "RGBA"))

    def draw(self, target: Target, scale: float) -> None:
        """Lays the lines over the lower left corner of a picture in linear light.

        `scale` is the target's size in the view's: letters keep their place on the screen.
        """
        if self._texture is None:
            return
        width, height = self._texture.width, self._texture.height
        self.gl.enable(moderngl.BLEND)
        corner = round(12 * scale)
        target.buffer.viewport = (corner, corner, round(width * scale), round(height * scale))
        self._pass.draw(target, {"letters": self._texture}, {})
        target.buffer.viewport = (0, 0, *target.size)
        self.gl.disable(moderngl.BLEND)

    def release(self) -> None:
        """Gives everything back."""
        self._pass.release()
        if self._texture is not None:
            self._texture.release()
