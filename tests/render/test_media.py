"""People's pictures and words: read, put into the atlas a second later, and seen by their dream."""

from collections.abc import Iterator
from pathlib import Path

import moderngl
import msgspec
import numpy as np
import pygame
import pytest

from performer.circle.circle import Circle
from performer.frame import Frame, copied
from performer.journal.last import _without_unrecorded  # pyright: ignore[reportPrivateUsage]
from performer.parameters import TREE
from performer.render.layers import Layers
from performer.render.media import PATIENCE, rasterised
from performer.show.isf import parse_header
from performer.show.shows import Library

from .scenes import PIPELINE, read, rest

SIZE = (64, 36)
SHOWS = """/*{"ISFVSN": "2", "INPUTS": [{"NAME": "picture", "TYPE": "image"}]}*/
void main() {
    vec4 seen = IMG_NORM_PIXEL(picture, isf_FragNormCoord);
    gl_FragColor = vec4(mix(vec3(0.0, 0.0, 1.0), seen.rgb, seen.a), 1.0);
}"""
RED, GREEN = (230, 20, 20), (20, 230, 20)


class Album:
    """A circle whose dream shows what each person brought along."""

    def __init__(self, gl: moderngl.Context, library: Library, folder: Path) -> None:
        self.gl = gl
        for name, colour in (("red.png", RED), ("green.png", GREEN)):
            surface = pygame.Surface((40, 30))
            surface.fill(colour)
            pygame.image.save(surface, str(folder / name))
        self.layers = Layers(gl, {"album": parse_header(SHOWS, Path("album.fs"))}, PIPELINE,
                             (folder,))  # fmt: skip
        self.circle = Circle(library, 3, 1)
        people = self.circle.people
        people.generators[:] = people.wanted[:] = ["album"] * people.capacity

    def say(self, address: str, *args: str) -> None:
        self.circle.take(TREE.accept(address, args))

    def draw(self, frames: int = 1) -> Frame:
        frame = self.circle.step(1 / 30)
        for _ in range(frames):
            frame = self.circle.step(1 / 30)
            frame = msgspec.structs.replace(frame, people=copied(frame.people))
            self.layers.draw(frame, SIZE)
        return frame

    def colour(self, row: int) -> str:
        """What a tile's middle is: red, green, blue (nothing) or white."""
        (w, h), (across, _) = self.layers.tile, self.layers.grid
        x, y = row % across * w, row // across * h
        _, a, b = read(self.layers.atlas)[::-1][y + h // 2, x + w // 2, :3].astype(float)
        if np.hypot(a, b) < 0.05:
            return "white"
        turn = np.degrees(np.arctan2(b, a)) % 360
        return min((abs(turn - 29), "red"), (abs(turn - 142), "green"), (abs(turn - 264), "blue"))[
            1
        ]


@pytest.fixture
def album(gl: moderngl.Context, library: Library, tmp_path: Path) -> Iterator[Album]:
    made = Album(gl, library, tmp_path)
    yield made
    rest(gl)
    made.layers.release()


def test_each_person_sees_their_own_picture_a_second_later(album: Album) -> None:
    album.say("/participant/sim-1/picture", "red.png")
    album.say("/participant/sim-2/picture", "green.png")
    album.draw(PATIENCE - 1)
    assert [album.colour(r) for r in range(3)] == ["blue"] * 3
    album.draw(5)
    assert [album.colour(r) for r in range(3)] == ["red", "green", "blue"]


def test_a_picture_can_be_exchanged_and_taken_away(album: Album) -> None:
    album.say("/participant/sim-1/picture", "red.png")
    album.draw(PATIENCE + 3)
    album.say("/participant/sim-1/picture", "green.png")
    album.draw(PATIENCE + 3)
    assert album.colour(0) == "green"
    album.say("/participant/sim-1/picture", "-")
    album.draw(2)
    assert album.colour(0) == "blue"


def test_pictures_move_along_when_the_circle_grows(album: Album) -> None:
    album.say("/participant/sim-1/picture", "red.png")
    album.draw(PATIENCE + 3)
    for n in range(20):
        album.say(f"/participant/guest-{n}/join")
    album.draw(PATIENCE + 3)
    assert album.colour(album.circle.people.row("sim-1") or 0) == "red"


def test_a_picture_that_is_none_is_told_and_nothing_is_seen(
    album: Album, caplog: pytest.LogCaptureFixture, tmp_path: Path
) -> None:
    (tmp_path / "text.png").write_text("not a picture")
    album.say("/participant/sim-1/picture", "text.png")
    album.say("/participant/sim-2/picture", "missing.png")
    album.draw(PATIENCE + 4)
    assert album.colour(0) == album.colour(1) == "blue"
    assert "text.png" in caplog.text
    assert "missing.png" in caplog.text
    assert "no such file" in caplog.text


def test_words_are_letters_on_nothing(album: Album) -> None:
    pixels = rasterised("the sea remembers everything", 256)
    assert max(pixels.shape[:2]) <= 256
    assert 0.05 < (pixels[..., 3] > 128).mean() < 0.6
    assert (pixels[pixels[..., 3] > 200][:, :3] > 200).all()
    album.say("/participant/sim-1/words", "IIIIIIIIII IIIIIIIIII IIIIIIIIII")
    album.draw(PATIENCE + 3)
    album.say("/participant/sim-1/words", "-")
    album.draw(2)
    assert album.colour(0) == "blue"


@pytest.mark.parametrize("name", ["../secret.png", "/etc/passwd", "a/b.png", ".."])
def test_a_picture_is_never_a_path(album: Album, name: str) -> None:
    from performer.errors import ControlError

    with pytest.raises(ControlError, match="without a path"):
        album.say("/participant/sim-1/picture", name)


def test_pictures_and_words_are_kept_on_disk_only_with_consent(album: Album) -> None:
    album.say("/participant/ada/join", "Ada")
    album.say("/participant/ada/picture", "red.png")
    album.say("/participant/ada/words", "my own")
    frame = album.draw(2)
    row = frame.people.row("ada")
    assert row is not None
    assert frame.people.words[row] == "my own"
    kept = _without_unrecorded(frame)
    assert kept.people.pictures[row] == kept.people.words[row] == ""
