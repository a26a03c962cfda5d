"""How dreams meet: what is seen when people come, leave, object, pause, feel alike, converge."""

from dataclasses import replace
from typing import Any

import moderngl
import msgspec
import numpy as np
import pytest
from numpy.typing import NDArray

from performer.circle import palettes
from performer.circle.circle import Circle
from performer.frame import Frame
from performer.render.mask import gathered
from performer.render.renderer import Renderer
from performer.render.scene import View, common_hue
from performer.show.shows import Library

from .scenes import PIPELINE, held, rest, send, settled

SIZE = (320, 180)
VIEW = View("master", SIZE)
QUIET = {"/look/trails": 0.0, "/look/drift": 0.0, "/sympathy/wave": 0.0, "/sympathy/trails": 0.0,
         "/sympathy/drift": 0.0, "/individuality": 0.8}  # fmt: skip
Lab = NDArray[np.float32]


@pytest.fixture
def frame(library: Library) -> Frame:
    return settled(held(Circle(library, 6, 5), QUIET), 240)


def with_people(frame: Frame, row: int, **columns: float) -> Frame:
    """The same Frame with other values in one person's row."""
    arrays: dict[str, Any] = {}
    for name, value in columns.items():
        arrays[name] = getattr(frame.people, name).copy()
        arrays[name][row] = value
    return msgspec.structs.replace(frame, people=replace(frame.people, **arrays))


def converged(frame: Frame, part: float) -> Frame:
    group = msgspec.structs.replace(frame.group, converged=part)
    return msgspec.structs.replace(frame, group=group)


def drawn(renderer: Renderer, frame: Frame) -> Lab:
    """OKLab (H, W, 3), top row first; the second picture, so that means have settled."""
    renderer.draw(frame, [VIEW])
    return renderer.draw(frame, [VIEW])[VIEW].unguarded()


def away(frame: Frame, row: int) -> NDArray[np.float64]:
    """Distance of every pixel from a seat, plane units, shape (H, W)."""
    x = ((np.arange(SIZE[0]) + 0.5) / SIZE[0] - 0.5) * frame.aspect
    y = 0.5 - (np.arange(SIZE[1]) + 0.5) / SIZE[1]
    seat = frame.people.seat[row]
    return np.hypot(x[None, :] - seat[0], y[:, None] - seat[1])


def test_who_comes_grows_from_a_seed_of_light_at_the_seat(renderer: Renderer, frame: Frame) -> None:
    usual = drawn(renderer, frame)
    new = drawn(renderer, with_people(frame, 2, present=0.15))
    off, radius = away(frame, 2), frame.people.disc[2]
    lit = (new - usual)[..., 0]
    assert lit[off < 0.12 * radius].mean() > 0.1, "a seed of light"
    assert lit[(off > 0.6 * radius) & (off < 0.8 * radius)].mean() < -0.02, "dark around it"
    other = away(frame, 4) < 0.7 * frame.people.disc[4]
    assert np.abs(new - usual)[other].mean() < 0.01, "nobody else is touched"


def test_who_leaves_clears_like_breath_on_glass_from_the_rim_inwards(
    renderer: Renderer, frame: Frame
) -> None:
    usual = drawn(renderer, frame)
    off, radius = away(frame, 2), frame.people.disc[2]
    middle, rim = off < 0.4 * radius, (off > 0.8 * radius) & (off < radius)

    def left(present: float) -> tuple[float, float]:
        lab = drawn(renderer, with_people(frame, 2, present=present, leaving=1.0))
        kept = lab[..., 0] / np.maximum(usual[..., 0], 1e-3)
        return float(kept[middle].mean()), float(kept[rim].mean())

    half, late = left(0.4), left(0.1)
    assert half[1] < half[0] - 0.1
    assert late[0] < half[0]
    assert late[0] < 0.6


def test_an_objection_is_a_ring_that_stands_still(renderer: Renderer, frame: Frame) -> None:
    ring = drawn(renderer, with_people(frame, 3, objects=1.0)) - drawn(renderer, frame)
    part = away(frame, 3) / frame.people.disc[3]
    assert ring[(part > 0.77) & (part < 0.83)][:, 0].min() > 0.05
    assert np.abs(ring[(part < 0.5) | (part > 1.1)]).max() < 0.01
    later = msgspec.structs.replace(frame, flow=frame.flow + 0.4)
    again = drawn(renderer, with_people(later, 3, objects=1.0)) - drawn(renderer, later)
    assert np.abs(again - ring)[(part > 0.77) & (part < 0.83)].max() < 0.03


def test_a_pause_dims_to_an_ember(renderer: Renderer, library: Library) -> None:
    circle = held(Circle(library, 6, 5), QUIET | {"/individuality": 1.0})
    before = drawn(renderer, settled(circle, 240))
    send(circle, "/participant/sim-3/pause", 1)
    frame = settled(circle, 240)
    after = drawn(renderer, frame)
    part = away(frame, 2) / frame.people.disc[2]
    assert after[part < 1.0][:, 0].mean() < 0.7 * before[part < 1.0][:, 0].mean()
    heart, around = after[part < 0.15], after[(part > 0.5) & (part < 0.9)]
    assert heart[:, 0].mean() > 2.0 * around[:, 0].mean(), "a glow stays at the heart"


def test_light_gathers_where_people_feel_alike_and_none_is_added(
    renderer: Renderer, frame: Frame
) -> None:
    p = frame.people
    here = p.present > 0.0
    alike = np.where(here, 0.2, 0.0)
    alike[1] = 0.9
    resonance = np.where(here, 0.8, 0.0)
    even = replace(p, alike=np.where(here, 0.5, 0.0), resonance=resonance)
    one = replace(p, alike=alike, resonance=resonance)
    gathers = msgspec.structs.replace(frame, people=one)
    light = gathered(gathers)
    assert abs(float(light[here].mean())) < 1e-9
    assert np.argmax(light) == 1
    lit = drawn(renderer, gathers) - drawn(renderer, msgspec.structs.replace(frame, people=even))
    inside = [away(frame, row) < 0.8 * p.disc[row] for row in range(6)]
    change = [float(lit[i][:, 0].mean()) for i in inside]
    assert change[1] > 0.02
    assert max(change[:1] + change[2:]) < 0.0


def test_when_the_circle_converges_a_light_wakes_at_every_seat(
    renderer: Renderer, frame: Frame
) -> None:
    frame = msgspec.structs.replace(frame, flow=0.0)
    change = drawn(renderer, converged(frame, 1.0)) - drawn(renderer, converged(frame, 0.0))
    for row in range(6):
        off = away(frame, row)
        assert change[off < 0.02][:, 0].mean() > 0.04
        assert change[off < 0.02][:, 0].mean() > change[(off > 0.1) & (off < 0.16)][:, 0].mean()
    half = drawn(renderer, converged(frame, 0.5)) - drawn(renderer, converged(frame, 0.0))
    assert 0.2 < half[..., 0].max() / change[..., 0].max() < 0.8


def test_the_answer_has_one_colour_that_everybody_has_a_part_in(frame: Frame) -> None:
    a, b = common_hue(frame)
    accents = palettes.oklab(frame.people.colours[frame.people.present > 0.0, 9:])[:, 1:]
    chroma = np.hypot(accents[:, 0], accents[:, 1])
    assert np.hypot(a, b) == pytest.approx(chroma.mean())
    alone = with_people(frame, 0)
    others = alone.people.colours.copy()
    others[0, 9:] = (0.1, 0.9, 0.1)
    alone = msgspec.structs.replace(frame, people=replace(frame.people, colours=others))
    assert np.hypot(*(np.array(common_hue(alone)) - (a, b))) > 0.01
    gone = replace(frame.people, leaving=frame.people.leaving.copy())
    gone.leaving[0] = True
    left = msgspec.structs.replace(frame, people=gone)
    painted = msgspec.structs.replace(left, people=replace(gone, colours=others))
    assert common_hue(left) == common_hue(painted), "who leaves has no part in it"


def test_trails_keep_a_brighter_past_for_a_while_and_then_let_it_go(
    renderer: Renderer, library: Library
) -> None:
    def after_the_wave(trails: float) -> list[float]:
        quiet = settled(held(Circle(library, 6, 5), QUIET | {"/look/trails": trails}), 240)
        drawn(renderer, converged(quiet, 1.0))
        seen = [renderer.draw(quiet, [VIEW])[VIEW].unguarded() for _ in range(90)]
        at = away(quiet, 2) < 0.02
        return [float(lab[at][:, 0].mean()) for lab in seen]

    without, along = after_the_wave(0.0), after_the_wave(0.8)
    assert abs(without[1] - without[-1]) < 0.005
    assert along[1] > without[1] + 0.02
    assert np.all(np.diff(along) < 1e-3)
    assert abs(along[-1] - without[-1]) < 0.02


def test_a_preset_can_keep_the_scene_from_answering(renderer: Renderer, library: Library) -> None:
    frame = settled(held(Circle(library, 6, 5), QUIET | {"/sympathy/answer": 0.0}), 60)
    both = [drawn(renderer, converged(frame, part)) for part in (0.0, 1.0)]
    assert np.array_equal(both[0], both[1])


def test_what_is_rare_is_ready_from_the_first_picture(
    gl: moderngl.Context, library: Library, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The program for rare moments has drawn once before one comes: no frame waits for it."""
    renderer = Renderer(gl, library.generators, PIPELINE)
    frame = settled(Circle(library, 4, 5), 3)
    drawn_with: list[str] = []
    for name, one in renderer.passes.blend.items():
        whole = one.draw

        def told(*args: Any, name: str = name, whole: Any = whole) -> None:
            drawn_with.append(name)
            whole(*args)

        monkeypatch.setattr(one, "draw", told)
    for _ in range(2):
        renderer.draw(frame, [VIEW])
    assert drawn_with == ["master", "moments", "master", "master"]
    rest(gl)
    renderer.release()
