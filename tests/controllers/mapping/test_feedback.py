"""Lights and motors follow the values: not too often, not under a hand, and never in a loop."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from performer.controllers.mapping import Mapper
from performer.controllers.mapping.feedback import Face, Signal, light, raw
from performer.controllers.midi.gestures import bend
from performer.show.knobs import Kind, Knob
from performer.show.maps import Led
from tests.controllers.mapping.hands import DEVICE, Rig, gesture
from tests.controllers.players import Told

MOTOR = 'control = "cc 0"\naddress = "/resonance"\nfeedback = "value"'


def test_a_motor_goes_where_the_value_is() -> None:
    """Once, and again when the value has moved."""
    rig = Rig.of(MOTOR, resonance=0.5)
    assert rig.settle() == [("cc 0 ch 1", 64)]
    rig.desk.values["/resonance"] = (1.0,)
    assert rig.settle() == [("cc 0 ch 1", 127)]
    assert rig.settle() == []


def test_at_most_thirty_a_second_and_the_last_value_arrives() -> None:
    """While an arc moves the value at every look."""
    rig = Rig.of(MOTOR, resonance=0.0)
    sent = rig.feedback()
    for i in range(100):
        rig.desk.values["/resonance"] = (i / 100,)
        sent += rig.feedback(0.01)
    assert 20 <= len(sent) <= 31
    sent += rig.settle()
    assert sent[-1] == ("cc 0 ch 1", round(0.99 * 127))
    assert [v for _, v in sent] == sorted({v for _, v in sent}), "never the same twice"


def test_nothing_is_sent_under_a_hand_and_the_final_value_after() -> None:
    """Another hand moves the value while this one holds the fader."""
    rig = Rig.of(MOTOR, resonance=0.0)
    rig.settle()
    rig.move("cc 0", 20, 40)
    assert rig.feedback() == [], "the fader stands where the hand has put it"
    rig.desk.values["/resonance"] = (1.0,)
    assert [rig.feedback(0.05) for _ in range(4)] == [[]] * 4
    assert rig.settle() == [("cc 0 ch 1", 127)]


def test_a_motor_comes_back_when_the_value_did_not_follow_the_hand() -> None:
    """A refusal, or a whole number that the fader stands beside."""
    rig = Rig.of('control = "cc 0"\naddress = "/participant/x/ratio"\nargs = [2]\n'
                 'mode = "absolute"\nfeedback = "value"')  # fmt: skip
    rig.desk.values["/participant/x/ratio"] = (2, 9)
    rig.settle()
    rig.move("cc 0", 120, 100, 70)
    assert rig.desk.values["/participant/x/ratio"] == (2, 5)
    assert rig.settle() in ([("cc 0 ch 1", 64)], [])


def motor_that_echoes(rig: Rig, signals: list[Signal], fader: list[int], by: int) -> None:
    """Goes to its place in steps, and tells every one of them."""
    for signal in signals:
        while fader[0] != signal.value:
            way = signal.value - fader[0]
            fader[0] += max(-by, min(by, way))
            rig.now += 0.002
            rig.mapper.moved(signal.device, gesture("cc 0", fader[0]), rig.now)
        rig.mapper.moved(signal.device, gesture("cc 0", fader[0]), rig.now)


@settings(max_examples=60)
@given(st.lists(st.floats(0.0, 1.0), min_size=1, max_size=12), st.sampled_from([1, 7, 127]))
def test_a_motor_that_echoes_everything_plays_nothing(values: list[float], by: int) -> None:
    """Presets move the value, the motor follows and tells each step: no message, and it ends."""
    rig, fader = Rig.of(MOTOR, resonance=0.3), [0]
    for value in values:
        rig.desk.values["/resonance"] = (value,)
        sent = 0
        for _ in range(60):
            signals = rig.sent(0.02)
            sent += len(signals)
            motor_that_echoes(rig, signals, fader, by)
        assert sent <= 4, "it was sent there, perhaps corrected, and then left alone"
        assert fader[0] == round(value * 127)
    assert rig.desk.played == []
    assert rig.settle() == []


def test_an_echoing_motor_under_an_arc_does_not_hold_the_arc_up() -> None:
    """The value goes on at its own pace while the motor tells every place it passes."""
    rig, fader, sent = Rig.of(MOTOR, resonance=0.0), [0], 0
    for i in range(200):
        rig.desk.values["/resonance"] = (i / 200,)
        signals = rig.sent(0.02)
        sent += len(signals)
        motor_that_echoes(rig, signals, fader, 1)
    assert rig.desk.played == []
    assert sent > 60, "the motor kept up"


def test_a_hand_on_an_echoing_motor_wins() -> None:
    """It moves the fader away from where the motor was sent."""
    rig, fader = Rig.of(MOTOR, resonance=0.3), [0]
    motor_that_echoes(rig, rig.sent(), fader, 1)
    rig.move("cc 0", 60, 90)
    assert rig.desk.value("/resonance") == 90 / 127
    rig.settle()
    rig.desk.clear()
    rig.move("cc 0", 89)
    assert rig.desk.heard == [("/resonance", (89 / 127,))]


def test_a_coarse_echo_of_a_fine_fader_is_an_echo() -> None:
    """10 bits of 14: it is not sent for ever to where it cannot stand."""
    rig = Rig.of('control = "pitch"\naddress = "/resonance"\nfeedback = "value"', resonance=0.4)
    for _ in range(50):
        for signal in rig.sent(0.02):
            coarse = signal.value & ~15
            rig.mapper.moved(DEVICE, gesture("pitch", coarse), rig.now + 0.005)
    assert rig.desk.played == []
    assert rig.settle() == []


def test_a_light_shows_on_and_off_at_once() -> None:
    """And once more when the hand is gone: some devices light their own buttons meanwhile."""
    rig = Rig.of('control = "note 9"\naddress = "/freeze"\nled = { on = 3, off = 1 }', freeze=0)
    assert rig.settle() == [("note 9 ch 1", 1)]
    rig.move("note 9", 100)
    assert rig.feedback(0.04) == [("note 9 ch 1", 3)]
    assert rig.feedback(0.04) == []
    rig.move("note 9", 0)
    assert rig.settle() == [("note 9 ch 1", 3)]


def test_a_light_of_nobody_and_of_an_address_that_waits() -> None:
    """Absent people are dark; what is to be learnt anew blinks."""
    led = "led = { on = 3, off = 1, absent = 0, blink = 4 }"
    rig = Rig.of(f'control = "note 9"\naddress = "/participant/#1/solo"\n{led}')
    assert rig.settle() == [("note 9 ch 1", 0)]
    rig.desk.values["/participant/#1/solo"] = (0,)
    assert rig.settle() == [("note 9 ch 1", 1)]
    rig.mapper.learn("/participant/#1/solo")
    assert rig.feedback() == [("note 9 ch 1", 4)]
    rig.mapper.learn_stop()
    assert rig.feedback() == [("note 9 ch 1", 1)]


def test_a_preset_button_is_lit_while_its_preset_is_there() -> None:
    """A trigger has no value but what it sends."""
    rig = Rig.of('control = "note 9"\naddress = "/preset"\nargs = ["luna", 2.0]\nled = { on = 5 }')
    rig.desk.values["/preset"] = ("ember", 0.0)
    assert rig.settle() == [("note 9 ch 1", 0)]
    rig.desk.values["/preset"] = ("luna", 0.0)
    assert rig.settle() == [("note 9 ch 1", 5)]


def test_the_channel_of_a_light() -> None:
    """The control's own, or the last it was heard on, or the one that its colours want."""
    own = Rig.of('control = "note 9"\nchannel = 4\naddress = "/freeze"', freeze=1)
    assert own.settle() == [("note 9 ch 4", 127)]
    heard = Rig.of('control = "note 9"\naddress = "/freeze"', freeze=1)
    heard.move("note 9 ch 3", 0)
    assert heard.feedback()[0] == ("note 9 ch 3", 127)
    bright = Rig.of('control = "note 9"\naddress = "/freeze"\nled = { channel = 7 }', freeze=1)
    assert bright.settle() == [("note 9 ch 7", 127)]


def test_a_device_that_comes_back_is_told_everything_again() -> None:
    """Its lights are dark and its motors anywhere."""
    rig = Rig.of(MOTOR, resonance=0.5)
    rig.settle()
    rig.mapper.gone(DEVICE)
    assert rig.sent() == []
    rig.mapper.connected(DEVICE, Told(), rig.now)
    assert rig.sent() == [Signal(DEVICE, Knob(Kind.CC, 1, 0), 64)]


def test_positions_as_the_control_would_send_them() -> None:
    """7 bits, 14 bits, and a pitch wheel's middle."""
    assert [raw(Kind.CC, p) for p in (0.0, 0.5, 1.0)] == [0, 64, 127]
    assert [raw(Kind.CC14, p) for p in (0.0, 1.0)] == [0, 16383]
    assert all(raw(Kind.PITCH, bend(v)) == v for v in range(16384))


def test_colours() -> None:
    """On from the middle up."""
    led = Led(on=3, off=1, blink=4, absent=2)
    assert [light(led, p, False) for p in (None, 0.0, 0.49, 0.5, 1.0)] == [2, 1, 1, 3, 3]
    assert light(led, 1.0, True) == 4
    assert light(Led(), None, True) == 0


def test_a_light_that_comes_back_is_an_echo_once_and_soon() -> None:
    """A second one is a hand, and so is a late one, another number, and letting go."""
    face = Face(Kind.NOTE, motor=False)
    assert face.due(127, 1.0)
    assert not face.echoes(126, 1.01)
    assert face.echoes(127, 1.01)
    assert not face.echoes(127, 1.02)
    assert face.due(0, 2.0)
    assert not face.echoes(0, 2.01)
    assert face.due(127, 3.0)
    assert not face.echoes(127, 3.2)


def test_a_fader_that_passes_its_lights_number_is_a_hand() -> None:
    """Thrown to its end within a tenth of a second of the light's going on."""
    rig = Rig.of(
        'control = "cc 9"\naddress = "/resonance"\ntakeover = "jump"\nfeedback = "led"',
        resonance=0.0,
    )
    rig.settle()
    rig.move("cc 9", 20, 90)
    assert rig.feedback(0.04) == [("cc 9 ch 1", 127)]
    rig.move("cc 9", 127)
    assert rig.desk.value("/resonance") == 1.0


@pytest.mark.parametrize("mode", ["toggle", "momentary"])
@pytest.mark.parametrize("control", ["note 9", "cc 9"])
@pytest.mark.parametrize("led", ["{}", "{ on = 3, off = 1, channel = 7 }"])
def test_a_port_that_returns_everything_changes_nothing(control: str, mode: str, led: str) -> None:
    """As buses between programs do: what another hand has set stays, and so does a press."""
    rig = Rig.of(f'control = "{control}"\naddress = "/freeze"\nmode = "{mode}"\nled = {led}',
                 freeze=0)  # fmt: skip

    def look() -> None:
        for _ in range(60):
            for signal in rig.sent(1 / 60):
                back = gesture(str(signal.knob), signal.value)
                rig.mapper.moved(DEVICE, back, rig.now)

    look()
    for value in (1, 0, 1):
        rig.desk.values["/freeze"] = (value,)
        look()
        assert rig.desk.value("/freeze") == value
    rig.desk.values["/freeze"] = (0,)
    look()
    rig.move(control, 127)
    look()
    assert rig.desk.value("/freeze") == 1


def test_a_preset_by_number_is_lit_while_it_is_there() -> None:
    """The address reads as a name: the show's list says which number that is."""
    rig = Rig.of('control = "note 9"\naddress = "/preset"\nargs = [2]\nled = { on = 5 }')
    assert rig.settle() == [("note 9 ch 1", 0)]
    rig.mapper = Mapper(rig.desk, rig.mapper.controllers, lambda a, v: None, ("luna", "ember"))
    rig.mapper.connected(DEVICE, Told(), rig.now)
    for name, lit in (("luna", 0), ("ember", 5), ("2", 0)):
        rig.desk.values["/preset"] = (name, 0.0)
        assert rig.settle() == [("note 9 ch 1", lit)]
