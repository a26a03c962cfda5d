"""Every source moves its target; curves, smoothing, offsets, envelopes, and amounts of amounts."""

from typing import Any

import numpy as np
import pytest

from performer.circle.circle import Circle
from performer.frame import Floats, decode, encode
from performer.modulation import Patch, Sources
from performer.parameters import TREE
from performer.show.routes import GROUP, SENSES
from tests.modulation.rows import DRIFT, DT, GLOW, after, at, library, patch, row, run, send


def glow(one: Patch, sources: Sources, steps: int = 1, memory: Floats | None = None) -> float:
    return float(run(one, sources, steps, memory).values[GLOW])


# ---- sources --------------------------------------------------------------------------------


@pytest.mark.parametrize("measure", GROUP)
def test_what_the_circle_is_moves_a_target(measure: str) -> None:
    one = patch(row(source=f"circle/{measure}"))
    assert one.reads_group
    assert glow(one, at(group={measure: 0.8}), 600) == pytest.approx(0.4, rel=1e-3)
    others: dict[str, float] = dict.fromkeys(set(GROUP) - {measure}, 0.8)
    assert glow(one, at(group=others), 600) == 0.0


@pytest.mark.parametrize(
    ("address", "value", "moved"),
    [("/macro/1", 0.6, 0.3), ("/tempo", 130.0, 0.25), ("/palette/hue", 90.0, 0.25),
     ("/volume", 0.2, 0.1), ("/input/trim", 24.0, 0.5)],
)  # fmt: skip
def test_any_fader_moves_a_target_from_where_it_stands(
    address: str, value: float, moved: float
) -> None:
    one = patch(row(source=address))
    assert glow(one, at(faders={address: value})) == pytest.approx(moved)
    low = float(TREE.low[TREE.place(address)])
    assert glow(one, at(faders={address: low})) == 0.0


def test_an_angle_is_read_without_a_jump_where_it_comes_round() -> None:
    one = patch(row(source="/palette/hue", amount=1.0))
    read = [glow(one, at(faders={"/palette/hue": h})) for h in (0, 1, 179, 180, 181, 359, 360)]
    assert read == pytest.approx([0, 0, 1, 1, 1, 0, 0], abs=1e-3)


def test_a_fader_that_is_set_anew_is_followed_in_a_fifth_of_a_second() -> None:
    plain = patch(row(source="/morph", amount=1.0))
    slow = patch(row(source="/morph", amount=1.0, attack=2.0))
    before, then = at(faders={"/morph": 0.0}), at(faders={"/morph": 1.0})
    for one, steps, moved in ((plain, 1, 1 - np.exp(-DT / 0.2)), (plain, 12, 1 - np.exp(-1)),
                              (slow, 120, 1 - np.exp(-1))):  # fmt: skip
        assert glow(one, then, steps, run(one, before, 1).memory) == pytest.approx(moved)
    assert glow(slow, then) == 1.0, "a preset begins where its faders stand, and swells from no 0"


def test_each_ones_own_fader_begins_where_it_stands_for_who_comes_too() -> None:
    """Its amount is moved by everybody's own breath, so it is each one's own."""
    rows = library(
        row(source="/macro/1", target="/participant/*/palette", amount=0.5, name="knob",
            attack=30.0),
        row(source="participant/self/breath", target="knob.amount", amount=0.0),
    )  # fmt: skip
    circle = Circle(rows, people=2)
    send(circle, "/macro/1", 1.0)
    assert after(circle, 3.0).people.swing[:2, -1] == pytest.approx(0.5, abs=1e-3)
    send(circle, "/participant/ann/join")
    frame = after(circle, 3.0)
    assert frame.people.swing[frame.people.row("ann"), -1] == pytest.approx(0.5, abs=1e-3)
    assert all(np.isfinite(memory).all() for memory in frame.followed.values())


def test_the_beat_runs_from_0_to_1() -> None:
    one = patch(row(source="beat", amount=1.0))
    assert [glow(one, at(beat=b)) for b in (7.0, 7.25, 7.75)] == pytest.approx([0.0, 0.25, 0.75])


def test_a_row_follows_another_before_its_amount() -> None:
    """Two levels: the second reads the first's curve, not how far it moves its own target."""
    first = row(source="/macro/1", curve="square", amount=0.1, name="knob", target="/look/drift")
    second = row(source="knob", amount=1.0, curve="square")
    third = row(source="knob", amount=-1.0, target="/look/rim", offset=0.5)
    values = run(patch(third, second, first), at(faders={"/macro/1": 0.5}), 1).values
    assert values[DRIFT] == pytest.approx(0.1 * 0.25)
    assert values[GLOW] == pytest.approx(0.25**2)
    assert values[TREE.place("/look/rim")] == pytest.approx(-0.75)


# ---- shapes ---------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("curve", "height"),
    [("root", 0.5), ("linear", 0.25), ("square", 0.0625), ("cube", 0.015625), ("ease", 0.15625)],
)
def test_curves_bend_below_0_as_above(curve: str, height: float) -> None:
    one = patch(row(source="circle/valence", curve=curve, amount=1.0, attack=0.05, release=0.05))
    assert glow(one, at(group={"valence": 0.25}), 120) == pytest.approx(height, rel=1e-6)
    assert glow(one, at(group={"valence": -0.25}), 120) == pytest.approx(-height, rel=1e-6)


def test_an_offset_comes_last_and_a_wave_can_be_smoothed() -> None:
    square = row(wave="square", rate=0.01, amount=0.5, attack=1.0, release=1.0, offset=1.0)
    after_one = run(patch(square), at(time=1.0), 60)
    assert after_one.values[GLOW] == pytest.approx(0.5 * (1 + 1 - np.exp(-1)), rel=1e-6)
    plain = row(wave="square", rate=0.01, amount=0.5, offset=-0.5)
    assert glow(patch(plain), at(time=1.0)) == 0.25


# ---- envelopes ------------------------------------------------------------------------------


def shaped(**envelope: Any) -> Patch:
    base = {"trigger": "/macro/1", "attack": 0.5, "release": 1.0}
    return patch(row(envelope=base | envelope, amount=1.0))


ON, OFF = at(faders={"/macro/1": 1.0}), at()


def test_an_envelope_rises_evenly_holds_and_falls() -> None:
    one = shaped(decay=0.1, sustain=0.4)
    up = run(one, ON, 15)
    assert up.values[GLOW] == pytest.approx(0.5)
    top = run(one, ON, 15, up.memory)
    assert top.values[GLOW] == pytest.approx(1.0)
    held = run(one, ON, 120, top.memory)
    assert held.values[GLOW] == pytest.approx(0.4, abs=1e-6)
    down = run(one, OFF, 60, held.memory)
    assert down.values[GLOW] == pytest.approx(0.4 * np.exp(-1), rel=1e-6)
    again = run(one, ON, 1, down.memory)  # from where it is
    assert again.values[GLOW] == pytest.approx(down.values[GLOW] + DT / 0.5)


def test_without_sustain_a_short_trigger_is_a_whole_rise_and_fall() -> None:
    one = shaped()
    memory = run(one, ON, 1).memory
    way = [glow(one, OFF, k, memory) for k in (1, 29, 60, 90)]
    assert way[1] == pytest.approx(1.0)
    assert way[0] < way[1] > way[2] > way[3] > 0.0
    held = run(one, ON, 31 + 60)  # a trigger that stays on does not hold it, nor begin it again
    assert held.values[GLOW] == pytest.approx(np.exp(-61 / 60), rel=1e-6)


@pytest.mark.parametrize(
    ("trigger", "on"),
    [
        ("bass_hit", {"features": {"bass_hit": 0.6}}), ("beat", {"beat": 3.2}),
        ("circle/converged", {"group": {"converged": 0.9}}), ("phase", {"begun": (True, False)}),
        ("preset", {"begun": (False, True)}), ("/volume", {"faders": {"/volume": 0.7}}),
    ],
)  # fmt: skip
def test_everything_can_trigger(trigger: str, on: dict[str, Any]) -> None:
    one = shaped(trigger=trigger)
    on_: dict[str, Any] = {"beat": 3.7} | on
    off = at(beat=3.7, faders={"/volume": 0.4})
    assert glow(one, off, 30) == 0.0
    assert glow(one, at(**on_), 30) == pytest.approx(1.0)


def test_an_envelope_can_be_triggered_by_a_row() -> None:
    wave = row(wave="square", rate=0.01, name="gate", target="/look/drift", amount=0.0)
    one = patch(wave, row(envelope={"trigger": "gate", "attack": 0.5}, amount=1.0))
    assert glow(one, at(time=1.0), 30) == pytest.approx(1.0)
    assert glow(one, at(time=60.0), 30) == 0.0


def test_a_phase_begins_an_envelope_once() -> None:
    envelope = {"trigger": "phase", "attack": 0.1, "release": 0.5}
    rows = library(row(envelope=envelope, amount=0.4))
    circle = Circle(rows, people=2)
    assert after(circle, 1 / 3).values[GLOW] > 0.2
    calm = after(circle, 5.0)
    assert calm.values[GLOW] - calm.base[GLOW] == pytest.approx(0.0, abs=1e-4)
    send(circle, "/phase/go", 3)  # the same preset
    risen = [after(circle, 1 / 30) for _ in range(4)]
    assert risen[3].values[GLOW] - risen[3].base[GLOW] > 0.2


def test_a_jump_in_show_time_does_not_miss_a_beginning() -> None:
    """Sixty times as fast, a phase that a hand begins lies two seconds back in the next frame."""
    rows = library(row(envelope={"trigger": "phase", "attack": 0.1, "release": 0.5}, amount=0.4))
    circle = Circle(rows, people=2)
    for _ in range(200):
        circle.step(2.0, pace=1 / 60)
    send(circle, "/phase/go", 3)
    for _ in range(3):
        circle.step(2.0, pace=1 / 60)
    frame = circle.step(2.0, pace=1 / 60)
    assert frame.values[GLOW] - frame.base[GLOW] > 0.2


# ---- amounts of amounts ---------------------------------------------------------------------


def test_a_knob_opens_a_wave() -> None:
    wave = row(name="tide", amount=0.1, wave="square", rate=0.01)
    one = patch(wave, row(source="/macro/1", target="tide.amount", amount=0.5))
    for knob, moved in ((0.0, 0.1), (0.5, 0.35), (1.0, 0.6)):
        assert glow(one, at(1.0, faders={"/macro/1": knob})) == pytest.approx(moved)


def test_amounts_of_amounts_of_amounts_and_never_above_1() -> None:
    rows = [
        row(source="/macro/1", target="b.amount", amount=1.0, name="c"),
        row(source="/macro/2", target="a.amount", amount=0.0, name="b"),
        row(source="/macro/3", amount=0.5, name="a"),
    ]
    knobs = {"/macro/1": 0.5, "/macro/2": 0.5, "/macro/3": 1.0}
    for ordered in (rows, rows[::-1]):
        one = patch(*ordered)
        assert glow(one, at(faders=knobs)) == pytest.approx(0.5 + 0.25)
        assert glow(one, at(faders=dict.fromkeys(knobs, 1.0))) == pytest.approx(1.0)
        assert glow(one, at(faders=knobs | {"/macro/1": 0.0})) == pytest.approx(0.5)


def test_two_rows_on_one_amount_add_up() -> None:
    rows = [row(source="/macro/1", target="a.amount", amount=0.2) for _ in range(2)]
    one = patch(*rows, row(source="/macro/2", amount=0.1, name="a"))
    assert glow(one, at(faders={"/macro/1": 1.0, "/macro/2": 1.0})) == pytest.approx(0.5)


# ---- a night --------------------------------------------------------------------------------

EVERYTHING = (
    row(name="tide", wave="walk", rate=0.4, amount=0.1),
    row(source="/macro/1", target="tide.amount", amount=0.4),
    row(source="circle/order", target="/look/drift", amount=0.2),
    row(source="tide", target="/look/rim", amount=0.3, curve="ease", attack=0.5),
    row(envelope={"trigger": "beat", "attack": 0.1, "decay": 0.3, "sustain": 0.4, "release": 1.0},
        target="/look/warp", amount=0.2, name="pulse"),
    row(envelope={"trigger": "pulse"}, target="/participant/*/palette", amount=0.1),
    *(row(source=f"participant/sim-{k + 1}/{sense}", target="/look/grain", amount=0.1)
      for k, sense in enumerate(SENSES)),
    row(source="participant/self/breath", target="/participant/*/input/tide", amount=0.4),
    row(wave="hold", rate=0.5, target="/participant/*/input/swell", amount=0.3, name="ripple"),
    row(source="participant/self/arousal", target="ripple.amount", amount=0.4),
    row(envelope={"trigger": "participant/self/rhythm"}, target="/participant/sim-2/palette",
        amount=0.2),
)  # fmt: skip


def test_the_same_night_twice_and_a_killed_stage_goes_on_exactly() -> None:
    rows = library(*EVERYTHING)
    one, same = Circle(rows, people=6, seed=4), Circle(rows, people=6, seed=4)
    for circle in (one, same):
        send(circle, "/macro/1", 0.7)
    first = one.step(DT)
    assert encode(first) == encode(same.step(DT))
    for _ in range(60):
        first, second = one.step(DT), same.step(DT)
        assert encode(first) == encode(second)
    other = Circle.going_on(rows, decode(encode(first)))
    for k in range(60):
        if k == 20:
            for circle in (one, other):
                send(circle, "/preset", "frost", 1.0)
        first, third = one.step(DT), other.step(DT)
        assert np.array_equal(first.values, third.values)
        assert np.array_equal(first.people.swing, third.people.swing)
        assert np.array_equal(first.people.colours, third.people.colours)
        assert first.followed.keys() == third.followed.keys()
        for name, memory in first.followed.items():
            assert np.array_equal(memory, third.followed[name])
    assert not np.array_equal(first.values, Circle(rows, people=6, seed=5).step(DT).values)


def test_memory_of_other_rows_is_forgotten() -> None:
    """A preset that was saved anew has rows of its own."""
    one, other = patch(row(source="bass")), patch(row(source="bass"), row(source="mid"))
    memory = run(one, at(features={"bass": 1.0}), 600).memory
    assert glow(other, at(), 1, memory) == 0.0
    assert glow(one, at(), 1, memory) > 0.4


def test_a_preset_that_was_saved_anew_moves_by_its_new_rows() -> None:
    rows = library(row(source="/macro/1", amount=0.2))
    circle = Circle(rows, people=2)
    send(circle, "/macro/1", 1.0)
    before = circle.step(DT)
    assert before.values[GLOW] - before.base[GLOW] == pytest.approx(0.2)
    again = row(source="/macro/1", amount=-0.1)
    rows.presets["luna"] = rows.presets["luna"].model_copy(update={"modulation": (again,)})
    changed = circle.step(DT)
    assert changed.values[GLOW] - changed.base[GLOW] == pytest.approx(-0.1)


def test_a_hand_on_a_master_stops_its_modulation_and_looks_go_on() -> None:
    rows = library(row(source="/macro/1", target="/coupling", amount=0.3),
                   row(source="/macro/1", amount=0.3))  # fmt: skip
    circle = Circle(rows, people=2)
    send(circle, "/macro/1", 1.0)
    place = TREE.place("/coupling")
    free = circle.step(DT)
    assert free.values[place] - free.base[place] == pytest.approx(0.3)
    for address in ("/coupling", "/look/glow"):
        send(circle, address, 0.2)
    held = circle.step(DT)
    assert held.values[place] == 0.2
    assert held.values[GLOW] == pytest.approx(0.5)
    assert held.base[GLOW] == 0.2
