"""The judges on clips whose answer is known without a computer."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np
import pytest
from numpy.typing import NDArray

from .clips import FRAME_RATES, hostile
from .judge import Judge, chroma, judge, saturated_red
from .reference_guard import srgb8
from .regions import LINEAR
from .second import second_judge

Clip8 = NDArray[np.uint8]
Code = int | Sequence[int]
HEIGHT, WIDTH = 18, 32


def shown(codes: Sequence[Code]) -> Clip8:
    """One flat frame per sRGB code (grey or triple)."""
    pixels = np.array([np.broadcast_to(code, 3) for code in codes], np.uint8)
    return np.broadcast_to(pixels[:, None, None], (len(codes), HEIGHT, WIDTH, 3)).copy()


def strobe(a: Code, b: Code, transitions: int, fps: int = 60) -> Clip8:
    """Three seconds of a; in the second of them, evenly spread, so many moves to b and back."""
    moves = [fps + k * (fps - 1) // transitions for k in range(transitions)]
    return shown([(a, b)[sum(m <= k for m in moves) % 2] for k in range(3 * fps)])


def code(linear: float) -> int:
    """The sRGB code nearest to a linear level."""
    return int(np.abs(LINEAR - linear).argmin())


@pytest.mark.parametrize(("transitions", "passes"), [(4, True), (6, True), (7, False), (8, False)])
def test_three_flashes_pass_and_more_fail_in_both_judges(transitions: int, passes: bool) -> None:
    clip = strobe(0, 255, transitions)
    verdict, second = judge(clip, 60), second_judge(clip, 60)
    assert (verdict.general, verdict.red) == (transitions, 0)
    assert verdict.flashes == transitions / 2
    assert verdict.worst_region == "frame"
    assert second.general == transitions
    assert verdict.passes is second.passes is passes


@pytest.mark.parametrize("fps", [int(rate) for rate in FRAME_RATES])
@pytest.mark.parametrize(("hz", "expected"), [(2, 4), (3, 6), (4, 8)])
def test_a_steady_strobe_counts_twice_its_rate_at_any_frame_rate(
    fps: int, hz: int, expected: int
) -> None:
    codes = [255 * (2 * hz * k // fps % 2) for k in range(4 * fps)]
    assert judge(shown(codes), fps).general == expected


def test_eight_transitions_in_two_seconds_are_not_eight_in_one() -> None:
    clip = shown([255 * (k // 15 % 2) for k in range(121)])
    assert judge(clip, 60).general == 4


@pytest.mark.parametrize(
    ("low", "high", "counts"),
    [
        (0.30, 0.39, False),
        (0.30, 0.41, True),
        (0.0, 0.098, False),
        (0.0, 0.104, True),
        (0.81, 1.0, False),
        (0.79, 0.90, True),
        (0.79, 0.88, False),
    ],
)
def test_a_change_counts_from_a_tenth_with_the_darker_state_below_080(
    low: float, high: float, counts: bool
) -> None:
    expected = 8 if counts else 0
    assert judge(strobe(code(low), code(high), 8), 60).general == expected
    assert judge(strobe(code(high), code(low), 8), 60).general == expected


def test_a_fall_that_starts_bright_counts_when_it_gets_below_080() -> None:
    falling = [code(level) for level in (0.95, 0.84, 0.84, 0.79, 0.60, 0.30)]
    seen = Judge(60, HEIGHT, WIDTH)
    counts: list[int] = []
    for frame in shown(falling):
        seen.push(frame)
        counts.append(seen.verdict().general)
    assert counts == [0, 0, 0, 1, 1, 1]


def test_a_monotone_rise_counts_once_however_long_and_small_reversals_do_not() -> None:
    rise = np.linspace(0, 1, 60)
    assert judge(shown([code(y) for y in rise]), 60).general == 1
    jagged = rise + np.where(np.arange(60) % 2, 0.04, -0.04)
    assert judge(shown([code(y) for y in jagged]), 60).general == 1


def test_a_swing_is_measured_from_its_own_extremum_not_from_an_older_one() -> None:
    assert judge(shown([0, 255, 0, 188, 188, 188]), 60).general == 3


def test_codes_mean_the_light_that_the_standard_says() -> None:
    assert LINEAR[[0, 10, 128, 188, 255]] == pytest.approx(
        [0, 0.00304, 0.21586, 0.50289, 1], abs=1e-5
    )


def test_slow_steps_add_up_between_opposing_extrema() -> None:
    """No two neighbouring frames differ by more than 0.09, yet they flash."""
    y = 0.3 - 0.17 * np.cos(2 * np.pi * 5 * np.arange(180) / 60)
    assert np.abs(np.diff(y)).max() < 0.09
    assert judge(shown([code(level) for level in y]), 60).general == 10


def lit(where: Callable[[int], NDArray[np.bool_]], frames: int = 60) -> Clip8:
    """White where `where(k)` of frame k is true, black elsewhere."""
    masks = np.array([where(k) for k in range(frames)])
    return np.repeat(masks[..., None], 3, axis=3).astype(np.uint8) * np.uint8(255)


GRID_Y, GRID_X = np.mgrid[0:HEIGHT, 0:WIDTH]


@pytest.mark.parametrize("where", [GRID_X < WIDTH / 2, GRID_Y < HEIGHT / 2])
def test_antiphase_halves_hide_from_the_mean_and_not_from_thirds(
    where: NDArray[np.bool_],
) -> None:
    clip = lit(lambda k: where ^ (k % 6 < 3))
    assert len({frame.sum() for frame in clip}) == 1, "the frame's mean must be constant"
    verdict = judge(clip, 60)
    assert verdict.general == 19
    assert verdict.worst_region == "third column 0 row 0"
    assert second_judge(clip, 60).passes, "IRIS sees the mean only"
    assert not second_judge(clip, 60, thirds=True).passes


def test_one_flashing_cell_is_found_by_name() -> None:
    cell = (GRID_X // 2 == 5) & (GRID_Y // 2 == 7)
    verdict = judge(lit(lambda k: cell & (k % 6 < 3)), 60)
    assert verdict.worst_region == "cell column 5 row 7"
    assert not verdict.passes


def test_odd_sizes_are_covered_to_the_last_pixel() -> None:
    clip = np.zeros((60, 101, 173, 3), np.uint8)
    clip[::2, -8:, -8:] = 255
    assert judge(clip, 60).worst_region == "cell column 15 row 8"


PURE_RED, PURE_BLUE = (255, 0, 0), (0, 0, 255)
GREEN_AS_BRIGHT = (0, code(0.2126 / 0.7152), 0)


@pytest.mark.parametrize(("transitions", "passes"), [(6, True), (7, False)])
def test_red_against_green_of_equal_luminance_is_a_red_flash_only(
    transitions: int, passes: bool
) -> None:
    clip = strobe(GREEN_AS_BRIGHT, PURE_RED, transitions)
    verdict, second = judge(clip, 60), second_judge(clip, 60)
    assert (verdict.general, verdict.red) == (0, transitions)
    assert (second.general, second.red) == (0, transitions)
    assert verdict.passes is second.passes is passes


def test_red_is_red_from_a_share_of_080_only() -> None:
    under = (255, code(0.14), code(0.14))  # 0.781
    over = (255, code(0.12), code(0.12))  # 0.806
    assert judge(strobe(PURE_BLUE, under, 8), 60).red == 0
    assert judge(strobe(PURE_BLUE, over, 8), 60).red == 8


def test_red_needs_a_different_colour_and_black_is_one() -> None:
    near = (255, code(0.30), 0)  # share 0.77, 0.13 away in u'v'
    assert judge(strobe(near, PURE_RED, 8), 60).red == 0
    assert judge(strobe((120, 0, 0), PURE_RED, 8), 60).red == 0, "a dimmer red is the same colour"
    assert judge(strobe(0, PURE_RED, 8), 60).red == 8
    assert judge(strobe((9, 0, 0), PURE_RED, 8), 60).red == 8, "too dark to have a colour"
    assert judge(strobe(255, PURE_RED, 8), 60).red == 8


def test_red_transitions_oppose_each_other_and_forget_what_was_counted() -> None:
    """Yellow is 0.1 in u'v' from an orange red, which is no step, and 0.2 from a purple red."""
    orange, purple, yellow = (255, code(0.24), 0), (255, 0, code(0.24)), (255, 240, 0)
    assert judge(shown([PURE_BLUE, orange, yellow, purple]), 60).red == 1
    assert judge(shown([PURE_BLUE, purple, yellow, orange]), 60).red == 2


def test_red_too_dark_for_eight_bits_is_no_red() -> None:
    assert judge(strobe(0, (code(0.055), 0, 0), 8), 60).red == 0
    assert judge(strobe(0, (code(0.07), 0, 0), 8), 60).red == 8


def test_chroma_agrees_with_the_published_corners_of_srgb() -> None:
    corners = chroma(np.array([[1.0, 0, 0], [0, 1, 0], [0, 0, 1], [1, 1, 1]]))
    wanted = [[0.4507, 0.5229], [0.1250, 0.5625], [0.1754, 0.1579], [0.1978, 0.4683]]
    assert np.abs(corners - wanted).max() < 2e-4


def test_two_saturated_reds_are_never_far_enough_apart_to_flash() -> None:
    g, b = np.meshgrid(np.linspace(0, 0.25, 26), np.linspace(0, 0.25, 26))
    reds = np.stack([np.ones(676), g.ravel(), b.ravel()], axis=-1)
    uv = chroma(reds[saturated_red(reds)])
    assert np.hypot(*np.moveaxis(uv[:, None] - uv, 2, 0)).max() < 0.15


def test_a_stream_is_judged_like_a_clip() -> None:
    clip = hostile(16)
    frames = np.array([srgb8(frame) for frame in clip.frames])
    stream = Judge(clip.fps, *frames.shape[1:3])
    for frame in frames:
        stream.push(frame)
    assert stream.verdict() == judge(frames, clip.fps)


@pytest.mark.parametrize("judging", [judge, second_judge])
def test_nothing_cannot_be_judged(judging: Callable[[Clip8, float], object]) -> None:
    with pytest.raises(ValueError, match="without frames"):
        judging(shown([0])[:0], 60)
