"""The guard on the GPU: hostile scenes, hostile hands, panic, resizing, and no harm to the calm."""

import moderngl
import numpy as np
import pytest
from numpy.typing import NDArray

from performer.circle.circle import Circle
from performer.parameters import TREE
from performer.render.renderer import Renderer
from performer.render.scene import View
from performer.show.shows import Library
from tests.flash.clips import clips, hostile, slow_scene
from tests.flash.judge import LUMA, judge
from tests.flash.reference_guard import luminance, srgb8
from tests.flash.regions import LINEAR

from .hostile import SIGMA, SIZE, flipped, played, unguarded
from .scenes import Eye, send, settled

PROMISED = 3  # general transitions in any second at the default sigma
ROUNDING = 2  # of 255: dither and half floats
GREY = 0.6  # odd seeds start from here, so that bright codes come


def test_the_show_plays_at_the_sigma_that_is_judged_here(library: Library) -> None:
    assert library.show.policy.flash == SIGMA


@pytest.mark.parametrize("seed", range(40))
def test_every_hostile_clip_is_tamed(gl: moderngl.Context, seed: int) -> None:
    seen = played(gl, hostile(seed), GREY * (seed % 2), thorough=seed % 4 == 0)
    assert seen.out.passes
    assert seen.out.general <= PROMISED
    assert seen.out.red == 0
    assert seen.second is None or seen.second.passes
    assert seen.apart <= ROUNDING


def test_a_guard_that_lets_everything_through_would_be_found_out(gl: moderngl.Context) -> None:
    clip = next(c for c in clips(40) if c.name.startswith("strobe_square"))
    eye = Eye(gl, SIZE, sigma=1e6)
    out = [eye.see(frame[::2, ::2], 1 / clip.fps) for frame in clip.frames]
    assert not judge(out, clip.fps).passes
    eye.release()


def test_no_pixel_and_no_mean_moves_faster_than_sigma(gl: moderngl.Context) -> None:
    dice, eye = np.random.default_rng(3), Eye(gl, (32, 18), dtype="f4")
    before = eye.light() @ LUMA
    for dt in (1 / 24, 1 / 60, 1 / 90, 1 / 240, 0.4) * 12:
        eye.see(dice.random((18, 32, 3)) * 2.0 - 0.5, dt)
        now = eye.light() @ LUMA
        assert np.abs(now - before).max() <= SIGMA * min(dt, 1 / 30) * (1 + 1e-4)
        before = now
    eye.release()


@pytest.mark.parametrize("bad", [np.nan, np.inf, -np.inf, 1e9, -1e9, 65000.0])
def test_numbers_that_are_none_are_shown_as_light_and_forgotten(
    gl: moderngl.Context, bad: float
) -> None:
    eye = Eye(gl, (32, 18))
    scene = np.full((18, 32, 3), 0.5, np.float32)
    scene[4:7, 4:7] = bad
    scene[10, 10, 1] = bad
    for _ in range(60):
        eye.see(scene, 1 / 60)
    assert np.isfinite(eye.light()).all()
    assert eye.light().min() >= 0.0
    assert eye.light().max() <= 1.0
    healed = [eye.see(np.full_like(scene, 0.5), 1 / 60) for _ in range(240)]
    assert int(np.ptp(healed[-1])) <= 1
    eye.release()


@pytest.mark.parametrize("fps", [24.0, 60.0])
def test_a_slow_scene_passes_unchanged(gl: moderngl.Context, fps: float) -> None:
    clip, eye = slow_scene(fps, 6), Eye(gl, (160, 90))
    brightest = 0.0
    for frame in clip.frames:
        out = eye.see(frame, 1 / fps)
        assert np.abs(out.astype(int) - srgb8(frame)).max() <= 1
        assert eye.held() == 0.0
        brightest = max(brightest, float(luminance(frame).max()))
    assert brightest > 0.3, "a black scene would prove nothing"
    eye.release()


def test_a_still_picture_stands_still(gl: moderngl.Context) -> None:
    eye = Eye(gl, (32, 18))
    scene = 0.2 + 0.6 * np.random.default_rng(1).random((18, 32, 3))
    reached = [eye.see(scene, 1 / 60) for _ in range(300)][-1]
    assert np.abs(reached.astype(int) - srgb8(scene.astype(np.float32))).max() <= 1
    assert all(np.array_equal(eye.see(scene, 1 / 60), reached) for _ in range(30))
    eye.release()


# ---- panic ----------------------------------------------------------------------------------


def panicked(gl: moderngl.Context, library: Library, fps: float, seconds: float,
             presses: tuple[float, ...] = (0.0,)) -> NDArray[np.uint8]:  # fmt: skip
    """A white picture from the frame in which panic is pressed on, sRGB (frames, H, W, 3)."""
    circle, eye = Circle(library, 2, 1), Eye(gl, (16, 9))
    eye.begin(1.0)
    shown: list[NDArray[np.uint8]] = []
    due = [round(p * fps) for p in presses]
    for k in range(round(seconds * fps)):
        if k in due:
            send(circle, "/panic")
        frame = circle.step(1 / fps)
        shown.append(eye.see(np.ones((9, 16, 3)), frame.dt, frame.panic_age, frame.sigma))
    eye.release()
    return np.array(shown)


@pytest.mark.parametrize("fps", [24.0, 30.0, 60.0, 144.0])
def test_panic_is_black_in_a_quarter_second_for_at_least_three(
    gl: moderngl.Context, library: Library, fps: float
) -> None:
    shown = panicked(gl, library, fps, 8.0)
    brightest = (LINEAR[shown] @ LUMA).max(axis=(1, 2))
    dark = np.flatnonzero(brightest < 0.02)
    assert dark[0] / fps <= 0.25
    assert (np.diff(dark) == 1).all(), "dark in one piece"
    assert (dark[-1] - dark[0]) / fps >= 3.0
    rising = brightest[dark[-1] :]
    assert rising[-1] > 0.9
    assert (np.diff(rising) >= 0).all()
    assert judge(shown, fps).general <= 2


def test_the_scene_is_not_looked_at_while_panic_falls(gl: moderngl.Context) -> None:
    eye = Eye(gl, (16, 9))
    eye.begin(1.0)
    before = eye.light()
    strobe = (np.zeros((9, 16, 3)), np.ones((9, 16, 3)))
    for k in range(20):
        eye.see(strobe[k % 2], 1 / 60, panic_age=(k + 1) / 60)
        assert np.allclose(eye.light(), before * np.exp(-1 / 60 / 0.06), rtol=1e-5)
        before = eye.light()
    eye.release()


def test_panic_over_and_over_stays_black(gl: moderngl.Context, library: Library) -> None:
    presses = tuple(k * 0.5 for k in range(12))
    shown = panicked(gl, library, 30.0, 6.0, presses)
    assert (LINEAR[shown[10:]] @ LUMA).max() < 0.02
    assert judge(shown, 30.0).general == 1


# ---- hostile hands --------------------------------------------------------------------------


@pytest.mark.parametrize(("seed", "fps"), [(1, 60.0), (2, 30.0), (3, 30.0), (4, 60.0)])
def test_hostile_hands_are_tamed(
    renderer: Renderer, library: Library, seed: int, fps: float
) -> None:
    seen = flipped(renderer, library, seed, fps, 6.0)
    assert not seen.raw.passes, "these hands would prove nothing"
    assert seen.out.passes
    assert seen.out.red == 0
    assert seen.out.general <= PROMISED + min(seen.panics, 1)


# ---- resizing -------------------------------------------------------------------------------


@pytest.mark.parametrize("size", [(64, 36), (16, 9), (47, 31)])
def test_a_resize_does_not_flash(gl: moderngl.Context, size: tuple[int, int]) -> None:
    eye = Eye(gl, (32, 18))
    for _ in range(240):
        eye.see(np.full((18, 32, 3), 0.7), 1 / 60)
    before = eye.light()
    eye.guard.resize(size)
    eye.guard.draw(eye.scene, 1 / 60, SIGMA, 1e9)
    assert eye.guard.shown.size == size
    assert np.abs(eye.light() - before[0, 0]).max() < 1e-3
    black = np.zeros((18, 32, 3))
    eye.see(black, 1 / 60)
    fallen = before[0, 0] @ LUMA - (eye.light() @ LUMA)
    assert fallen.max() <= SIGMA / 60 * 1.001
    eye.release()


def test_a_view_that_is_resized_goes_on_from_what_it_showed(
    renderer: Renderer, library: Library
) -> None:
    circle = Circle(library, 6, 1)
    send(circle, "/testcard", 1)
    view = View("master", (96, 54))
    for _ in range(89):
        renderer.draw(circle.step(1 / 30), [view])
    before = renderer.draw(circle.step(1 / 30), [view])[view].pixels()
    for size in ((160, 90), (96, 96), (64, 36)):
        view = renderer.resize(view, size)
        frame = circle.step(1 / 30)
        after = renderer.draw(frame, [view])[view].pixels()
        assert after.shape[:2] == (size[1], size[0])
        was, now = (LINEAR[p[..., :3]] @ LUMA for p in (before, after))
        assert abs(now.mean() - was.mean()) < SIGMA / 30
        assert now.max() <= was.max() + SIGMA / 30 + 0.01
        before = after


def test_every_view_has_a_guard_of_its_own(renderer: Renderer, library: Library) -> None:
    circle = Circle(library, 4, 2)
    views = [View("master", (64, 36)), View("mask", (64, 36)), View("solo", (64, 36), "sim-1")]
    first = settled(circle, 3, 1 / 60)
    for view, picture in renderer.draw(first, views).items():
        light = LINEAR[picture.pixels()[..., :3]] @ LUMA
        assert light.max() <= SIGMA / 60 + 0.002, f"{view.what} jumped up from black"
        assert light.max() > 0.0
        assert LINEAR[unguarded(renderer, view)].max() > 0.02
    assert circle.base[TREE.index["/dissolve"]] == 0.0
