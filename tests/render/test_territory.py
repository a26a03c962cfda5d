"""Territories as they are drawn: the shader against the circle's formula, and the floors."""

from collections.abc import Iterator
from pathlib import Path

import moderngl
import msgspec
import numpy as np
import pytest
from numpy.typing import NDArray

from performer.circle import feeling
from performer.circle.circle import Circle
from performer.frame import Flags, Floats, Frame
from performer.parameters import TREE
from performer.render.renderer import Renderer
from performer.render.scene import View
from performer.show.files import names
from performer.show.isf import parse_header
from performer.show.shows import Library

from .masks import Probe, formula
from .scenes import PIPELINE, held, rest, send, settled

SIZE, LARGE = (320, 180), (640, 360)
COARSE, FINER = (160, 90), (240, 135)


@pytest.fixture(scope="module")
def probe(gl: moderngl.Context, tmp_path_factory: pytest.TempPathFactory) -> Probe:
    with gl:  # made before the first test of this module begins
        return Probe(gl, tmp_path_factory.mktemp("pipeline"))


def calm(library: Library, people: int, individuality: float, frames: int) -> Frame:
    circle = Circle(library, people, 3)
    return settled(held(circle, {"/individuality": individuality}), frames, 1 / 60)


def at_rest(library: Library, people: int, individuality: float) -> Frame:
    """After ten seconds, of which the last are in steps as fine as a night's: V lags by 0.7 s."""
    circle = held(Circle(library, people, 3), {"/individuality": individuality})
    settled(circle, 75, 0.1)
    return settled(circle, 150, 1 / 60)


@pytest.mark.parametrize("individuality", [0.0, 0.5, 1.0])
@pytest.mark.parametrize("people", [1, 2, 4, 5, 6, 12, 64])
def test_rendered_shares_are_the_circles_own(
    renderer: Renderer, library: Library, probe: Probe, people: int, individuality: float
) -> None:
    frame = at_rest(library, people, individuality)
    size = SIZE if people <= 12 else LARGE  # owners are found per quarter pixel
    rendered = probe.phi(renderer, frame, size)
    wanted = formula(frame, size)
    assert np.allclose(rendered.sum(axis=-1), 1.0, atol=1e-5)
    share = 1.0 / people
    found = rendered.mean(axis=(0, 1))
    assert np.abs(found - wanted.mean(axis=(0, 1))).max() <= 0.02 * share
    # V itself is an estimate from 576 points a frame
    assert np.abs(found - frame.people.area).max() <= 0.02 * share
    apart = np.abs(rendered - wanted).max(axis=-1)
    assert (apart > 0.02).mean() <= 0.02
    assert apart.max() <= 0.15


@pytest.mark.parametrize("individuality", [0.0, 1.0])
def test_discs_are_drawn_round_where_nothing_else_is_left_of_a_territory(
    renderer: Renderer, library: Library, probe: Probe, individuality: float
) -> None:
    frame = calm(library, 24, individuality, 60)
    frame.people.weight.flags.writeable = True
    frame.people.weight[0] += 1.5  # the whole plane, but for the others' discs
    rendered, wanted = probe.phi(renderer, frame, SIZE), formula(frame, SIZE)
    assert wanted[..., 0].mean() > 0.4
    apart = np.abs(rendered - wanted)
    assert (apart.max(axis=-1) > 0.02).mean() <= 0.005
    assert apart.mean(axis=(0, 1)).max() <= 0.02 / 24


def test_a_shifted_circle_would_be_found_out(
    renderer: Renderer, library: Library, probe: Probe
) -> None:
    frame = calm(library, 12, 0.5, 60)
    rendered = probe.phi(renderer, frame, SIZE)
    frame.people.seat.flags.writeable = True
    frame.people.seat[:, 0] += 0.05
    assert np.abs(rendered - formula(frame, SIZE)).mean() > 0.005


@pytest.mark.parametrize("people", [4, 12, 64])
@pytest.mark.parametrize("individuality", [0.5, 1.0])
def test_no_isolated_pixel_stands_at_triple_points(
    renderer: Renderer, library: Library, probe: Probe, people: int, individuality: float
) -> None:
    frame = calm(library, people, individuality, 60)
    owner = probe.phi(renderer, frame, SIZE).argmax(axis=-1)
    inner = owner[1:-1, 1:-1]
    alone = np.ones(inner.shape, np.bool_)
    for dy in (-1, 0, 1):
        for dx in (-1, 0, 1):
            if dy or dx:
                height, width = owner.shape
                alone &= inner != owner[1 + dy : height - 1 + dy, 1 + dx : width - 1 + dx]
    assert not alone.any(), f"at {np.argwhere(alone)[:4].tolist()}"


def steepest(phi: Floats) -> float:
    """The largest step of anybody's φ between two neighbours."""
    return float(max(np.abs(np.diff(phi, axis=axis)).max() for axis in (0, 1)))


@pytest.mark.parametrize("people", [6, 12, 24])
def test_nothing_jumps_where_the_fourth_and_fifth_owner_swap(
    renderer: Renderer, library: Library, probe: Probe, people: int
) -> None:
    """A jump stays however fine the pixels are; a slope gets smaller with them."""
    frame = calm(library, people, 0.0, 60)
    coarse, fine = (steepest(probe.phi(renderer, frame, s)) for s in (SIZE, (960, 540)))
    assert fine <= 0.5 * coarse
    assert fine <= 0.05


# ---- blend ----------------------------------------------------------------------------------

FLAT = """/*{"ISFVSN": "2", "INPUTS": []}*/
void main() { gl_FragColor = vec4(%s, 1.0); }
"""


@pytest.fixture
def flat(gl: moderngl.Context, tmp_path: Path) -> Iterator[Renderer]:
    """Everybody dreams the same flat colour."""
    generators = {
        name: parse_header(FLAT % "0.6, 0.3, 0.2", tmp_path / f"{name}.fs")
        for name in names("generator")
    }
    made = Renderer(gl, generators, PIPELINE)
    yield made
    rest(gl)
    made.release()


PLAIN = {"/look/rim": 0.0, "/look/trails": 0.0, "/look/drift": 0.0, "/resonance": 0.0,
         "/sympathy/wave": 0.0}  # fmt: skip


@pytest.mark.parametrize("harder", [1.0, 0.1, 0.01])
def test_equal_flat_dreams_give_exactly_their_colour(
    flat: Renderer, library: Library, harder: float
) -> None:
    """Many people's picture is that of one alone, however their φ are mixed."""
    view = View("master", SIZE)
    pictures: list[NDArray[np.float32]] = []
    for people in (1, 12):
        circle = held(Circle(library, people, 2), {**PLAIN, "/individuality": 0.0})
        frame = settled(circle, 30)
        soft = msgspec.structs.replace(frame, tau=frame.tau * harder)
        pictures.append(flat.draw(soft, [view])[view].unguarded())
    alone, together = pictures
    assert alone[0, 0, 0] > 0.3
    assert np.ptp(alone.reshape(-1, 3), axis=0).max() <= 1e-3
    assert np.abs(together - alone[0, 0]).max() <= 0.002


# ---- floors ---------------------------------------------------------------------------------

ESTIMATE = 0.03
"""Part of the disc bound that sampling a disc with 80 points or more may lose."""


def greedy(near: Floats, confidence: Floats, here: Flags, beta: float = 2.0) -> Floats:
    """All resonance to one person: nothing is more unequal."""
    shares = np.zeros(here.size)
    shares[np.flatnonzero(here)[:1]] = 1.0
    return shares


def bounded(frame: Frame, phi: Floats) -> Floats:
    """V_i / bound_i of everybody who has more than the seed of a disc, smallest first."""
    p = frame.people
    rows = np.flatnonzero(p.bound * phi.shape[0] * phi.shape[1] > 80.0)  # else points decide
    return np.sort(phi.mean(axis=(0, 1))[rows] / p.bound[rows])


@pytest.mark.parametrize("individuality", [0.0, 0.5, 1.0])
def test_64_people_keep_their_floor_whatever_the_resonance(
    library: Library, individuality: float, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(feeling, "shares_by", greedy)
    circle = held(Circle(library, 64, 5), {"/individuality": individuality, "/resonance": 1.0})
    lowest = 1.0
    for k in range(420):
        frame = circle.step(1 / 60)
        if k % 60 == 0 or k in (1, 239):
            phi = formula(frame, FINER)
            assert bounded(frame, phi)[0] >= 1.0 - ESTIMATE, f"frame {k}"
            if k >= 239:
                lowest = min(lowest, float(phi.mean(axis=(0, 1))[:64].min()))
    assert circle.people.share.max() > 0.5, "shares that were equal would prove nothing"
    assert lowest >= 0.45 / 64
    assert circle.people.area[:64].min() >= 0.45 / 64


def people_of(circle: Circle) -> list[str]:
    """Who is here and not leaving."""
    p = circle.people
    return [i for i, gone in zip(p.ids, p.leaving, strict=True) if i and not gone]


@pytest.mark.parametrize("individuality", [0.0, 0.5, 1.0])
def test_the_disc_bound_holds_while_people_come_and_go(
    library: Library, individuality: float, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(feeling, "shares_by", greedy)
    dice = np.random.default_rng(8)
    circle = held(Circle(library, 24, 5), {"/individuality": individuality, "/resonance": 1.0})
    for k in range(480):
        if k % 30 == 10 and k < 310:
            send(circle, f"/participant/guest-{k // 30}/join")
        if k % 30 == 20 and k < 310:
            send(circle, f"/participant/{dice.choice(people_of(circle))}/leave")
        if k % 25 == 5:
            person = dice.choice(people_of(circle))
            send(circle, f"/participant/{person}/{dice.choice(['solo', 'mute'])}", k // 25 % 2)
        frame = circle.step(1 / 60)
        if k % 8 == 0:
            assert bounded(frame, formula(frame, FINER))[0] >= 1.0 - ESTIMATE, f"frame {k}"


def test_solo_and_mute_take_nobody_below_the_floor(library: Library) -> None:
    circle = held(Circle(library, 12, 5), {"/individuality": 0.5, "/resonance": 1.0})
    for k, person in enumerate(people_of(circle)):
        send(circle, f"/participant/{person}/{'solo' if k == 0 else 'mute'}", 1)
    frame = settled(circle, 300, 1 / 60)
    phi = formula(frame, COARSE)
    assert bounded(frame, phi)[0] >= 1.0 - ESTIMATE
    assert phi.mean(axis=(0, 1))[:12].min() >= 0.45 / 12
    assert frame.people.resonance[0] > frame.people.resonance[1]
    assert frame.values[TREE.index["/resonance"]] == library.show.policy.resonance_cap


@pytest.mark.parametrize("individuality", [0.0, 1.0])
def test_rendered_shares_agree_while_people_come_and_go(
    renderer: Renderer, library: Library, probe: Probe, individuality: float
) -> None:
    circle = held(Circle(library, 9, 4), {"/individuality": individuality})
    settled(circle, 60)
    for k in range(60):
        if k % 20 == 3:
            send(circle, f"/participant/guest-{k}/join")
        if k % 20 == 9:
            send(circle, f"/participant/sim-{k // 20 + 1}/leave")
        frame = circle.step(1 / 15)
        if k % 5 == 0:
            apart = np.abs(probe.phi(renderer, frame, COARSE) - formula(frame, COARSE))
            assert apart.mean(axis=(0, 1)).max() <= 0.02 / 9
