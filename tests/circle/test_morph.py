"""Morphing: any two presets, back and forth, on every fader's own scale, and never a jump."""

import contextlib
import dataclasses
from typing import Any

import numpy as np
import pytest

from performer.circle import morph
from performer.circle.arc import MORPH, RELEASE
from performer.circle.circle import Circle
from performer.circle.sensing import SWING
from performer.errors import ControlError
from performer.frame import Floats, Frame, decode, encode
from performer.modulation import GONE
from performer.parameters import TREE
from performer.show.cues import SHAPES
from performer.show.presets import Preset
from performer.show.shows import Library, Show

from .circles import after, luna, send, value

DT = 1 / 60
HUE, GLOW, TEMPO = (TREE.index[a] for a in ("/palette/hue", "/look/glow", "/tempo"))
OTHERS = ~np.isin(np.arange(len(TREE.continuous)), (TEMPO, MORPH))
"""Without the morph itself, and the tempo in force, which has leaders of its own."""


def waves(*rows: tuple[str, float, float]) -> list[dict[str, Any]]:
    return [{"target": t, "wave": "sine", "rate": r, "amount": a} for t, r, a in rows]


PALETTES = "/participant/*/palette"
PLACE, RATE = 0.4, 0.1  # the most that two of these looks move it by, and how fast, Hz
LOOKS: dict[str, dict[str, Any]] = {
    "low": {
        "generators": ["moon"],
        "values": {"/look/glow": 0.1, "/palette/hue": 350.0, "/tempo": 30.0, "/look/rim": 0.2,
                   "/input/trim": -20.0, "/resonance": 0.2},
        "modulation": waves(("/look/glow", 0.4, 0.1), ("/resonance", 0.3, 0.2),
                            (PALETTES, 0.1, -0.4)),
    },
    "high": {
        "generators": ["snow"],
        "values": {"/look/glow": 0.9, "/palette/hue": 30.0, "/tempo": 120.0, "/look/rim": 0.8,
                   "/input/trim": 20.0, "/resonance": 0.7},
        "modulation": waves(("/look/glow", 0.1, 0.3), ("/look/rim", 0.5, 0.2),
                            (PALETTES, 0.1, 0.4)),
    },
    "odd": {
        "generators": ["ink"],
        "values": {"/look/glow": 0.5, "/palette/hue": 190.0, "/individuality": 0.9},
        "modulation": waves(("/look/glow", 0.5, 0.2), ("/palette/hue", 0.2, 0.1)),
    },
}  # fmt: skip
CUES: list[dict[str, Any]] = [
    {"name": "a", "preset": "high", "fade": 3.0, "curve": "out"},
    {"name": "b", "values": {"/look/glow": 0.0, "/palette/hue": 90.0}, "fade": 2.0, "curve": "in"},
    {"name": "c", "phase": "two", "fade": 1.0, "curve": "linear"},
    {"name": "d", "values": {"/morph": 1.0}, "fade": 2.5, "follow": "auto", "after": 0.3},
    {"name": "e", "preset": "odd", "fade": 0.7, "follow": "beat", "beats": 1},
]
PHASES = [
    {"name": "one", "seconds": 9.0, "fade": 1.0, "preset": "low", "to": {"/look/rim": 0.6}},
    {"name": "two", "seconds": 7.0, "fade": 3.0, "preset": "high", "from": {"/volume": 0.3}},
    {"name": "end", "seconds": 5.0, "fade": 2.0, "preset": "odd", "to": {"/look/glow": 0.9}},
]


def still(**changes: Any) -> Library:
    """The same three looks with changes to all of them, in a show of one long phase."""
    presets = {n: made(n, look | changes) for n, look in LOOKS.items()}
    table = {"title": "T", "phase": [{"name": "one", "seconds": 7200.0, "preset": "low"}]}
    return dataclasses.replace(luna(), show=Show.model_validate(table), presets=presets)


def lively() -> Library:
    presets = {n: made(n, look) for n, look in LOOKS.items()}
    show = Show.model_validate({"title": "T", "phase": PHASES, "cue": CUES})
    return dataclasses.replace(luna(), show=show, presets=presets)


def made(name: str, table: dict[str, Any]) -> Preset:
    return Preset.model_validate({"title": name} | table, context={"name": name})


def armed(library: Library, preset: str = "high") -> Circle:
    circle = Circle(library, 2, 1)
    after(circle, 0.2)
    send(circle, "/morph/to", preset)
    return circle


# ---- the way --------------------------------------------------------------------------------


def test_arming_changes_nothing_and_every_position_is_a_look_between() -> None:
    circle = armed(still(modulation=[]))
    before = circle.base.copy()
    assert np.array_equal(circle.step(DT).values[OTHERS], before[OTHERS])
    looks = ((0.25, 0.3, 0.0, 30.0 * 4**0.25), (1.0, 0.9, 30.0, 120.0), (0.5, 0.5, 10.0, 60.0),
             (0.0, 0.1, 350.0, 30.0))  # fmt: skip
    for position, glow, hue, tempo in looks:
        send(circle, "/morph", position)
        base = circle.step(DT).base
        assert base[GLOW] == pytest.approx(glow)
        assert (base[HUE] - hue + 180.0) % 360.0 - 180.0 == pytest.approx(0.0, abs=1e-9)
        assert base[TEMPO] == pytest.approx(tempo)
    named = [TREE.index[a] for a in (*LOOKS["high"]["values"], "/morph")]
    rest = np.delete(np.arange(len(before)), named)
    assert np.array_equal(circle.base[rest], before[rest]), "it moves what the preset names"


def test_the_nearer_preset_is_on_and_generators_change_in_the_dark() -> None:
    circle = armed(still())
    seen = list[tuple[float, str]]()
    for position in (0.2, 0.49, 0.52, 0.54, 0.9, 0.51, 0.48, 0.46, 0.52):
        send(circle, "/morph", position)
        frame = circle.step(DT)
        seen.append((position, frame.preset))
        assert {frame.preset, frame.before} == {"low", "high"}
    assert [name for _, name in seen] == ["low"] * 3 + ["high"] * 4 + ["low"] * 2
    send(circle, "/morph", 1.0)
    dark = False
    while circle.people.generators[0] != "snow":
        dark = circle.step(DT).people.veil[0] > 0.99
        assert circle.time < 20.0
    assert dark


def test_a_knob_that_trembles_in_the_middle_changes_nothing() -> None:
    circle = armed(still())
    for on in ("low", "high"):
        send(circle, "/morph", float(on == "high"))
        for k in range(40):
            circle.step(DT)
            assert circle.preset == on
            send(circle, "/morph", (63 + k % 2) / 127)


def test_arming_triggers_nothing_and_a_change_of_presets_does() -> None:
    envelope = {"trigger": "preset", "attack": 0.3, "release": 1.0}
    row = {"envelope": envelope, "target": "/look/glow", "amount": 0.5}
    circle = Circle(still(modulation=[row], values={"/look/glow": 0.2}), 1, 1)
    after(circle, 20.0)
    send(circle, "/morph/to", "high")
    glow = [value(circle.step(DT), "/look/glow") for _ in range(60)]
    assert max(glow) == pytest.approx(0.2, abs=1e-4)
    send(circle, "/morph", 0.6)
    glow = [value(circle.step(DT), "/look/glow") for _ in range(60)]
    assert max(glow) > 0.5


def test_modulation_goes_with_the_position() -> None:
    sizes = list[float]()
    for position in (0.0, 0.5, 1.0):
        circle = armed(still(values={"/look/rim": 0.5}))
        send(circle, "/morph", position)
        rim = [value(circle.step(DT), "/look/rim") for _ in range(150)]
        sizes.append(float(np.ptp(rim)))
    assert sizes == pytest.approx([0.0, 0.2, 0.4], abs=0.005)


def test_a_hand_keeps_its_fader_and_gets_the_morph_back_by_a_release() -> None:
    circle = Circle(still(modulation=[]), 1, 1)
    send(circle, "/look/glow", 0.33)
    after(circle, 0.2)
    send(circle, "/morph/to", "high")
    send(circle, "/morph", 0.75)
    assert value(circle.step(DT), "/look/glow") == 0.33
    send(circle, "/release/all")
    frame = after(circle, RELEASE + 0.1)
    assert value(frame, "/look/glow") == pytest.approx(0.1 + 0.75 * 0.8)
    assert value(frame, "/morph") == 0.75, "it has nothing to come back to"


def test_a_morph_is_aimed_anew_from_what_is_in_force() -> None:
    circle = armed(still())
    send(circle, "/morph", 0.6)
    before = after(circle, 0.5)
    send(circle, "/morph/to", "odd")
    frame = circle.step(DT)
    assert value(frame, "/morph") == 0.0
    for now, was in ((frame.values, before.values), (frame.base, before.base)):
        assert now[OTHERS] == pytest.approx(was[OTHERS], abs=0.03)
    send(circle, "/morph", 1.0)
    base = circle.step(DT).base
    assert base[GLOW] == pytest.approx(0.5)
    assert base[TREE.index["/look/rim"]] == before.base[TREE.index["/look/rim"]], "rests"


def test_a_preset_takes_over_in_the_middle_and_ends_the_morph() -> None:
    circle = armed(still(modulation=[]))
    send(circle, "/morph", 0.6)
    before = circle.step(DT).base
    send(circle, "/preset", "odd", 2.0)
    assert circle.step(DT).base == pytest.approx(before, abs=0.2)
    frame = after(circle, 3.0)
    assert (frame.preset, frame.morph) == ("odd", morph.NOTHING)
    send(circle, "/morph", 0.0)
    assert np.array_equal(circle.step(DT).base[:MORPH], frame.base[:MORPH]), "plays nothing now"
    rim = TREE.index["/look/rim"]
    assert frame.base[rim] == before[rim], "odd does not name it"


def test_a_preset_that_was_never_seen_is_not_morphed_from() -> None:
    circle = Circle(still(), 1, 1)
    before = after(circle, 1.0)
    send(circle, "/preset", "odd", 3.0)
    send(circle, "/morph/to", "high")
    frame = circle.step(DT)
    assert frame.values[OTHERS] == pytest.approx(before.values[OTHERS], abs=0.03)
    assert (frame.preset, frame.morph) == ("low", ("low", "high"))


def test_an_unknown_preset_is_refused_and_the_morph_goes_on() -> None:
    circle = armed(still())
    send(circle, "/morph", 0.3)
    with pytest.raises(ControlError, match="no preset 'hihg'"):
        send(circle, "/morph/to", "hihg")
    assert circle.step(DT).morph == ("low", "high")


def test_a_killed_stage_morphs_on() -> None:
    library = still()
    circle = armed(library)
    send(circle, "/morph", 0.4)
    again = Circle.going_on(library, decode(encode(after(circle, 0.3))))
    for one in (circle, again):
        send(one, "/morph", 0.8)
        after(one, 0.2)
        send(one, "/preset", "odd", 5.0)
    assert np.array_equal(after(circle, 1.0).values, after(again, 1.0).values)


# ---- the property ---------------------------------------------------------------------------

STEEPEST = np.array([{"ease": 1.5, "linear": 1.0, "in": 2.0, "out": 2.0}[s] for s in SHAPES])
WIDTH = TREE.high - TREE.low


def apart(a: Floats, b: Floats, scaled: bool = True) -> Floats:
    """How far two vectors of values are from each other, each value on its own scale."""
    away = np.abs(a - b)
    away = np.where(TREE.circular, np.abs((a - b + 180.0) % 360.0 - 180.0), away)
    if scaled:
        ratio = TREE.logarithmic
        away[ratio] = np.abs(np.log(a[ratio] / b[ratio]))
    return away


def arc_may(frame: Frame, played: float) -> Floats:
    """The most that a fade, a release or a morph `played` by so much moves every value."""
    arc, dt = frame.arc, frame.dt
    way, ratio = np.abs(arc.goal - arc.start), TREE.logarithmic
    assert (way[TREE.circular] <= 180.0 + 1e-9).all(), "an angle's goal is the short way off"
    way[ratio] = np.abs(np.log(arc.goal[ratio] / arc.start[ratio]))
    faded = STEEPEST[arc.shape] * way * dt / np.maximum(arc.length, 1e-6)
    back = 1.5 * np.abs(arc.offset) * dt / RELEASE
    return np.where(arc.morphs, way * played, np.where(arc.length > 0.0, faded, 0.0)) + back


def modulation_may(frame: Frame, played: float) -> Floats:
    """The most that modulation moves every value since the Frame before."""
    size, slope = np.zeros(len(WIDTH)), np.zeros(len(WIDTH))
    for look in LOOKS.values():
        for row in look["modulation"]:
            if row["target"] == PALETTES:
                continue
            i = TREE.index[row["target"]]
            size[i] = max(size[i], row["amount"] * WIDTH[i])
            slope[i] = max(slope[i], 2 * np.pi * row["rate"] * row["amount"] * WIDTH[i])
    fading = frame.dt / frame.preset_fade if frame.preset_fade > 0.0 else 0.0
    crossing = fading if frame.morph == morph.NOTHING else played
    in_all = 2.0 * size + np.abs(frame.residue)
    going = np.abs(frame.residue) * np.expm1(frame.dt / GONE)
    return slope * frame.dt + in_all * crossing + going + 1.5 * in_all * frame.dt / RELEASE


class Owed:
    """The most that people's palettes move: what waves, crossfades and hands on /morph have moved
    is followed within SWING at the quickest, what an interruption leaves within GONE."""

    def __init__(self) -> None:
        self.owed = 0.0

    def may(self, frame: Frame, played: float) -> float:
        fading = frame.dt / frame.preset_fade if frame.preset_fade > 0.0 else 0.0
        crossing = fading if frame.morph == morph.NOTHING else played
        self.owed += 2 * np.pi * RATE * PLACE * frame.dt + 2.0 * PLACE * crossing
        self.owed = min(self.owed, 2.0 * PLACE)
        most = self.owed * -np.expm1(-frame.dt / SWING) + 2.0 * PLACE * frame.dt / GONE
        self.owed *= np.exp(-frame.dt / GONE)
        return most


def anything(circle: Circle, dice: np.random.Generator) -> str:
    """One message at random; returns its address."""
    presets, fader = [*LOOKS], str(dice.choice(["/look/glow", "/resonance", "/palette/hue",
                                               "/tempo", "/look/rim"]))  # fmt: skip
    i = TREE.index[fader]
    hand = float(TREE.low[i] + dice.random() * WIDTH[i])
    messages: list[tuple[str, list[Any]]] = [
        ("/preset", [str(dice.choice(presets)), float(dice.uniform(0.4, 9.0))]),
        ("/morph/to", [str(dice.choice(presets))]),
        ("/morph", [float(dice.random())]),
        ("/morph", [float(np.clip(circle.base[MORPH] + dice.normal(0.0, 0.1), 0.0, 1.0))]),
        ("/go", []), ("/back", []), ("/cue/go", [int(dice.integers(1, 1 + len(CUES)))]),
        ("/cue/standby", [int(dice.integers(1, 1 + len(CUES)))]),
        ("/phase/go", [int(dice.integers(1, 4))]), ("/release/all", []), ("/release", [fader]),
        (fader, [hand]),
    ]  # fmt: skip
    address, args = messages[int(dice.integers(len(messages)))]
    at_the_end = address in ("/go", "/back")  # of the list
    with contextlib.suppress(*[ControlError] * at_the_end):
        send(circle, address, *args)
    return address


@pytest.mark.parametrize("seed", [1, 2])
def test_a_thousand_interruptions_and_no_value_ever_jumps(seed: int) -> None:
    """Fades, cues, morphs, hands and releases are cut short by one another 1 000 times, now and
    then by several at once.

    Between two Frames `dt` apart no value moves by more than

        k·d·dt/fade + d·Δp + 1.5·o·dt/3 s

    on its own scale (ratios for /tempo, the short way for hues), where d is the distance of the
    present fade, k its shape's steepest slope (1.5, 1 or 2), Δp what /morph moved by, and o the
    distance from which a hand let it go; and in `values` besides that by no more than modulation's
    own slope, its whole swing times the part of a crossfade that has passed, and r·(e^(dt/1 s) - 1)
    of what an interrupted crossfade has left, r, which is gone in seconds. What modulation moves
    of people's own keeps within Owed. A fade that began
    anywhere but at the value in force would break this at once. What a hand itself moves, in that
    Frame, is the hand's.
    """
    dice, circle = np.random.default_rng(seed), Circle(lively(), 1, seed)
    frame, morphed, most, owed = circle.step(DT), 0, np.zeros(len(WIDTH)), Owed()
    for _ in range(1000):
        sent = [anything(circle, dice) for _ in range(int(dice.choice([1, 1, 1, 2, 3])))]
        for _ in range(int(dice.integers(1, 5))):
            before, frame = frame, circle.step(float(dice.choice([DT, 1 / 30, 0.1])))
            free = np.ones(len(WIDTH), np.bool_)
            free[[TREE.index[address] for address in sent if address in TREE.index]] = False
            free[MORPH] &= "/morph/to" not in sent  # which puts it to 0
            began = 0.0 if "/morph/to" in sent else float(before.base[MORPH])
            played = abs(float(frame.base[MORPH]) - began)
            sent.clear()
            moved, may = apart(frame.base, before.base), arc_may(frame, played) + 1e-9
            assert (moved <= may)[free].all(), told(frame, moved, may, free)
            moved = apart(frame.values, before.values, scaled=False)
            may += modulation_may(frame, played)
            assert (moved <= may)[free & OTHERS].all(), told(frame, moved, may, free & OTHERS)
            swung = np.abs(frame.people.swing - before.people.swing)[0].max()
            assert swung <= owed.may(frame, played) + 1e-9, f"at {frame.time:.3f} s"
            morphed += frame.morph != morph.NOTHING
            most = np.maximum(most, moved / WIDTH)
    assert morphed > 200, "there was something to interrupt"
    assert most[GLOW] > 0.1


def told(frame: Frame, moved: Floats, may: Floats, free: Any) -> str:
    i = int(np.argmax(np.where(free, moved - may, -np.inf)))
    address = TREE.continuous[i].address
    return f"at {frame.time:.3f} s {address} moved by {moved[i]:g}, by {may[i]:g} at most"
