"""The line that says where the night is: what a person at the terminal can read from it."""

import dataclasses
import re

import pytest

from performer.circle.circle import Circle
from performer.meters import meters
from performer.show.shows import Show
from tests.circle.circles import after, luna, send


def test_a_night_that_begins_is_one_line_with_its_first_cue_and_its_masters() -> None:
    circle = Circle(luna(), 3, 1)
    send(circle, "/resonance", 0.25)
    send(circle, "/individuality", 0.5)
    line = meters(after(circle, 61.5, 0.1))
    assert line.startswith("01:01  cue 1 next 2  luna  people 3  ")
    assert "resonance 0.25  individuality 0.50" in line
    assert "\n" not in line
    assert re.search(r"R\^ -?[01]\.\d\d  10 fps ×1\.00$", line), line


def test_a_go_moves_the_cue_the_preset_and_what_stands_by() -> None:
    circle = Circle(luna(), 0, 1)
    send(circle, "/cue/go", len(luna().show.phase))
    assert f"cue {len(luna().show.phase)} next -  daybreak  people 0" in meters(circle.step(0.1))


def test_a_list_that_has_not_begun_has_no_cue() -> None:
    written = luna().show.model_dump(by_alias=True) | {"cue": [{"name": "a", "preset": "luna"}]}
    library = dataclasses.replace(luna(), show=Show.model_validate(written))
    assert "cue - next 1" in meters(Circle(library, 1, 1).step(0.1))


@pytest.mark.parametrize(
    ("played", "shown"),
    [
        ([], " BPM preset"),
        ([("/tempo", (90.0,))], "90 BPM hand"),
        ([("/clock", (125.0, 4.0))], "125 BPM clock"),
    ],
)
def test_the_tempo_is_shown_with_who_leads_it(
    played: list[tuple[str, tuple[float, ...]]], shown: str
) -> None:
    circle = Circle(luna(), 1, 1)
    for address, args in played:
        send(circle, address, *args)
    assert f"{shown}  R^" in meters(circle.step(0.1))


def test_taps_are_shown_as_what_leads() -> None:
    circle = Circle(luna(), 1, 1)
    for _ in range(5):
        send(circle, "/tap")
        after(circle, 0.4, 0.1)
        circle.step(0.1)
    assert "120 BPM tap" in meters(circle.step(0.1))
