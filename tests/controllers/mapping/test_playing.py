"""What one gesture plays, in every mode, on a desk that answers at once or late."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from performer.controllers.mapping.playing import Playing
from performer.parameters import TREE
from tests.controllers.mapping.hands import DEVICE, Rig, gesture, maps
from tests.controllers.players import Told


def test_a_fader_waits_until_it_meets_the_value() -> None:
    """Cross is what a fader does without being told."""
    rig = Rig.of('control = "cc 0"\naddress = "/resonance"', resonance=0.5)
    rig.move("cc 0", 10, 40, 62)
    assert rig.desk.heard == []
    rig.move("cc 0", 70, 127, 0)
    assert [a[0] for _, a in rig.desk.heard] == [70 / 127, 1.0, 0.0]


def test_a_preset_takes_the_value_from_the_fader() -> None:
    """And the fader takes it back by passing it."""
    rig = Rig.of('control = "cc 0"\naddress = "/resonance"', resonance=0.0)
    rig.move("cc 0", 0, 20, 30)
    rig.desk.values["/resonance"] = (0.9,)
    rig.desk.clear()
    rig.move("cc 0", 40, 100)
    assert rig.desk.heard == []
    rig.move("cc 0", 120)
    assert rig.desk.heard == [("/resonance", (120 / 127,))]


@given(st.lists(st.integers(0, 127), min_size=2, max_size=40), st.integers(0, 20))
def test_a_late_desk_is_not_fought(path: list[int], behind: int) -> None:
    """The value reads as it was some messages ago: the fader keeps its hold all the same."""
    playing = Playing(maps('control = "cc 0"\naddress = "/resonance"')[0])
    path = [0, 1, *path]
    stood, now, played = [0.0], 0.0, 0
    for i, value in enumerate(path):
        now += 0.01
        read = stood[max(0, len(stood) - 1 - behind)]
        args = playing.args(gesture("cc 0", value), (read,), now)
        if args is not None:
            played += 1
            assert args == (value / 127,)
            stood.append(float(args[0]))
        elif i > 1:
            assert value == path[i - 1], "a fader that moves plays, if it has hold"
    assert played > 0


def test_a_range_a_curve_and_a_turned_round_fader() -> None:
    """In the parameter's units; tempo is logarithmic by itself."""
    rig = Rig.of('control = "cc 0"\naddress = "/tempo"\ntakeover = "jump"', tempo=60.0)
    rig.move("cc 0", 0, 127)
    assert [a[0] for _, a in rig.desk.heard] == [20.0, 240.0]
    rig.move("cc 0", 64)
    assert rig.desk.value("/tempo") == pytest.approx(20.0 * 12.0 ** (64 / 127))
    rig = Rig.of('control = "cc 0"\naddress = "/look/speed"\nrange = [0.5, 1.5]\ninvert = true\n'
                 'curve = "square"\ntakeover = "jump"', look_speed=1.0)  # fmt: skip
    rig.move("cc 0", 0, 127)
    assert [a[0] for _, a in rig.desk.heard] == [1.5, 0.5]


def test_a_range_that_does_not_hold_the_value_takes_hold_at_its_end() -> None:
    """There is no other place to meet."""
    rig = Rig.of('control = "cc 0"\naddress = "/resonance"\nrange = [0, 0.5]', resonance=0.9)
    rig.move("cc 0", 20, 100)
    assert rig.desk.heard == []
    rig.move("cc 0", 127, 120)
    assert [a[0] for _, a in rig.desk.heard] == [0.5, 0.5 * 120 / 127]


def test_a_value_that_leaves_the_range_is_not_pulled_back() -> None:
    """The fader stands at its end; the value went further by another hand."""
    rig = Rig.of('control = "cc 0"\naddress = "/resonance"\nrange = [0, 0.5]', resonance=0.0)
    rig.move("cc 0", 0, 10, 127)
    rig.desk.values["/resonance"] = (0.9,)
    rig.desk.clear()
    rig.move("cc 0", 100)
    assert rig.desk.heard == []


@pytest.mark.parametrize(
    ("encoding", "up", "down"), [("twos", 1, 127), ("offset", 65, 63), ("sign", 1, 65)]
)
def test_an_encoder_goes_from_where_the_value_is(encoding: str, up: int, down: int) -> None:
    """Steps, with the desk answering only after all of them: none is lost."""
    rig = Rig.of(f'control = "cc 0"\naddress = "/resonance"\nmode = "relative"\n'
                 f'encoding = "{encoding}"\nstep = 0.02', resonance=0.5)  # fmt: skip
    rig.desk.reading = False
    rig.move("cc 0", up, up, up)
    assert rig.desk.heard[-1][1][0] == pytest.approx(0.56)
    rig.move("cc 0", down)
    assert rig.desk.heard[-1][1][0] == pytest.approx(0.54)
    rig.now += 1.0
    rig.desk.values["/resonance"] = (0.99,)
    rig.move("cc 0", up, up)
    assert rig.desk.heard[-1][1][0] == 1.0
    count = len(rig.desk.heard)
    rig.desk.values["/resonance"] = (1.0,)
    rig.move("cc 0", up)
    assert len(rig.desk.heard) == count, "at its end it plays nothing"


def test_an_encoder_does_not_pull_back_what_is_further_out() -> None:
    """Turned up, it may not take the value down to its own end."""
    rig = Rig.of('control = "cc 0"\naddress = "/resonance"\nmode = "relative"\nrange = [0, 0.5]',
                 resonance=0.9)  # fmt: skip
    rig.move("cc 0", 1)
    assert rig.desk.heard == []
    rig.move("cc 0", 127)
    assert rig.desk.heard == [("/resonance", (pytest.approx(0.5, abs=0.005),))]


def test_an_encoder_moves_whole_numbers_by_small_steps() -> None:
    """Ten steps of a hundredth over 1..9 are not lost in rounding."""
    rig = Rig.of('control = "cc 0"\naddress = "/participant/x/ratio"\nargs = [2]\n'
                 'mode = "relative"\nstep = 0.01')  # fmt: skip
    rig.desk.values["/participant/x/ratio"] = (2, 3)
    rig.move("cc 0", *[1] * 13)
    assert rig.desk.values["/participant/x/ratio"] == (2, 4)


def test_an_inverted_encoder_goes_the_other_way() -> None:
    """Right is down."""
    rig = Rig.of('control = "cc 0"\naddress = "/resonance"\nmode = "relative"\ninvert = true',
                 resonance=0.5)  # fmt: skip
    rig.move("cc 0", 1)
    assert rig.desk.value("/resonance") == pytest.approx(0.49)


def test_a_toggle_flips_what_is_there() -> None:
    """Presses only, of notes at any velocity, and from where others left it."""
    rig = Rig.of('control = "note 5"\naddress = "/freeze"', freeze=0)
    rig.move("note 5", 3, 0, 100, 0)
    assert rig.desk.heard == [("/freeze", (1,)), ("/freeze", (0,))]
    rig.desk.values["/freeze"] = (1,)
    rig.now += 1.0
    rig.move("note 5", 3, 0)
    assert rig.desk.heard[-1] == ("/freeze", (0,))


def test_a_fast_toggle_on_a_late_desk() -> None:
    """Two presses within a frame are on and off, not on and on."""
    rig = Rig.of('control = "note 5"\naddress = "/freeze"', freeze=0)
    rig.desk.reading = False
    rig.move("note 5", 100, 0, 100, 0, 100, 0)
    assert [a[0] for _, a in rig.desk.heard] == [1, 0, 1]


def test_a_toggle_of_a_fader_goes_between_the_ends_of_its_range() -> None:
    """From the nearer to the farther."""
    rig = Rig.of('control = "note 5"\naddress = "/look/glow"\nrange = [0.2, 0.8]', look_glow=0.7)
    rig.move("note 5", 100, 0, 100, 0)
    assert [a[0] for _, a in rig.desk.heard] == [0.2, 0.8]


def test_a_toggle_of_what_cannot_be_read_remembers() -> None:
    """A pattern has no value of its own."""
    rig = Rig.of('control = "note 5"\naddress = "/participant/*/mute"')
    rig.move("note 5", 9, 0, 9, 0, 9, 0)
    assert [a[0] for _, a in rig.desk.heard] == [1, 0, 1]


def test_a_momentary_button_is_on_while_it_is_held() -> None:
    """And a controller counts from its threshold on."""
    rig = Rig.of('control = "cc 5"\naddress = "/blackout"\nmode = "momentary"\nthreshold = 0.8',
                 blackout=0)  # fmt: skip
    rig.move("cc 5", 60, 110, 127, 90, 0)
    assert rig.desk.heard == [("/blackout", (1,)), ("/blackout", (0,))]


def test_a_trigger_is_one_press() -> None:
    """With its arguments; letting go is nothing, and a pedal that only says 127 counts again."""
    rig = Rig.of('control = "cc 5"\naddress = "/preset"\nargs = ["luna", 8.0]')
    rig.move("cc 5", 127, 0, 127, 127)
    assert rig.desk.heard == [("/preset", ("luna", 8.0))] * 3
    rig = Rig.of('control = "cc 5"\naddress = "/go"')
    rig.move("cc 5", 10, 64, 100, 80, 20)
    assert rig.desk.heard == [("/go", ())]


def test_program_changes_count_presets_from_one() -> None:
    """Any program; one program goes before any."""
    rig = Rig.of('[[map]]\ncontrol = "program"\naddress = "/preset"\n'
                 '[[map]]\ncontrol = "program 9"\naddress = "/panic"')  # fmt: skip
    rig.move("program", 0, 9, 3)
    assert rig.desk.heard == [("/preset", (1,)), ("/panic", ()), ("/preset", (4,))]


def test_fixed_arguments_come_before_the_controls_own() -> None:
    """As consent wants them."""
    rig = Rig.of('control = "note 1"\naddress = "/participant/ada/consent"\nargs = ["broadcast"]')
    rig.move("note 1", 100, 0)
    assert rig.desk.heard == [("/participant/ada/consent", ("broadcast", 1))]


def test_a_note_as_a_fader_is_its_velocity() -> None:
    """Letting go sets nothing."""
    rig = Rig.of('control = "note 1"\naddress = "/macro/1"\nmode = "absolute"', macro_1=0.0)
    rig.move("note 1", 100, 0)
    assert rig.desk.heard == [("/macro/1", (100 / 127,))]


def test_fine_controls_are_fine() -> None:
    """14 bits of a pair, and a pitch wheel whose centre is the middle."""
    rig = Rig.of('control = "cc14 1"\naddress = "/resonance"\ntakeover = "jump"', resonance=0.5)
    rig.move("cc14 1", 1, 16383)
    assert [a[0] for _, a in rig.desk.heard] == [1 / 16383, 1.0]
    rig = Rig.of('control = "pitch"\naddress = "/resonance"\ntakeover = "jump"', resonance=0.0)
    rig.move("pitch", 8192)
    assert rig.desk.heard == [("/resonance", (0.5,))]


def test_one_channel_goes_before_any_channel() -> None:
    """The same number on two channels is two controls."""
    rig = Rig.of('[[map]]\ncontrol = "note 1"\naddress = "/go"\n'
                 '[[map]]\ncontrol = "note 1"\nchannel = 2\naddress = "/back"')  # fmt: skip
    rig.move("note 1 ch 1", 9, 0)
    rig.move("note 1 ch 2", 9, 0)
    assert [a for a, _ in rig.desk.heard] == ["/go", "/back"]


def test_the_first_message_after_plugging_in_only_tells() -> None:
    """A control that had hold before the cable came out must meet its value again."""
    rig = Rig.of('control = "cc 0"\naddress = "/resonance"', resonance=0.0)
    rig.move("cc 0", 0, 20)
    rig.mapper.gone(DEVICE)
    rig.move("cc 0", 30)
    rig.mapper.connected(DEVICE, rig.desk.played[0][0], rig.now)
    rig.desk.clear()
    rig.move("cc 0", 90)
    assert rig.desk.heard == []


def test_what_is_not_mapped_is_nothing() -> None:
    """Nor what comes from a device that nobody has announced."""
    rig = Rig.of('control = "cc 0"\naddress = "/resonance"')
    rig.move("cc 1", 1, 100)
    rig.mapper.moved("elsewhere", gesture("cc 0", 1), rig.now)
    assert rig.desk.played == []


@given(st.lists(st.tuples(st.sampled_from(["cc 0", "note 1", "pitch", "cc 2", "program"]),
                          st.integers(0, 127)), max_size=30))  # fmt: skip
def test_whatever_is_moved_the_tree_accepts_what_is_played(moves: list[tuple[str, int]]) -> None:
    """No gesture makes a message that would be refused."""
    rig = Rig.of('[[map]]\ncontrol = "cc 0"\naddress = "/tempo"\ntakeover = "scale"\n'
                 '[[map]]\ncontrol = "note 1"\naddress = "/freeze"\nmode = "momentary"\n'
                 '[[map]]\ncontrol = "pitch"\naddress = "/palette/hue"\ncurve = "ease"\n'
                 '[[map]]\ncontrol = "cc 2"\naddress = "/volume"\nmode = "relative"\n'
                 '[[map]]\ncontrol = "program"\naddress = "/preset"',
                 tempo=60.0, freeze=0, palette_hue=10.0, volume=0.8)  # fmt: skip
    for control, value in moves:
        rig.move(control, value)
    for address, args in rig.desk.heard:
        TREE.accept(address, args)


@pytest.mark.parametrize("how", ["gone", "again", "forgotten"])
def test_what_is_held_is_let_go_when_its_control_goes(tmp_path: Path, how: str) -> None:
    """Unplugged under the foot: nobody else would ever let it go. Once, and only what is held."""
    held = '[[map]]\ncontrol = "cc 64"\naddress = "/freeze"\nmode = "momentary"\n'
    rig = Rig.of(held + '[[map]]\ncontrol = "cc 66"\naddress = "/blackout"\nmode = "momentary"',
                 tmp_path, freeze=0, blackout=0)  # fmt: skip
    rig.move("cc 64", 127)
    assert rig.desk.heard == [("/freeze", (1,))]
    for _ in range(2):
        if how == "gone":
            rig.mapper.gone(DEVICE)
        elif how == "again":
            rig.mapper.connected(DEVICE, Told(), rig.now)
        else:
            rig.mapper.learn("/phase/hold")
            rig.mapper.moved(DEVICE, gesture("cc 64", 0), rig.now)
            rig.mapper.moved(DEVICE, gesture("cc 64", 127), rig.now)
    assert rig.desk.heard == [("/freeze", (1,)), ("/freeze", (0,))]
