"""From values to the messages that show them on a device: motors, lights. The way back."""

from mido import Message

from performer.controllers.midi.assembly import DATA, DATA_LSB, NRPN_LSB, NRPN_MSB
from performer.controllers.midi.gestures import CENTRE, FINEST, Kind, Knob

WIDE = frozenset((Kind.CC14, Kind.NRPN, Kind.PITCH))


def written(knob: Knob, value: int) -> tuple[bytes, ...]:
    """`messages` as a device's port takes them."""
    return tuple(bytes(m.bin()) for m in messages(knob, value))


def messages(knob: Knob, value: int) -> list[Message]:
    """What a device is sent so that a control shows `value`, in the control's own units.

    0..127, or 0..16383 for 14-bit pairs, NRPN and pitch bend; what is outside is clamped. A note
    of velocity 0 is sent as note-on, as most lights want it.
    """
    value = min(max(value, 0), FINEST if knob.kind in WIDE else 127)
    channel, number = knob.channel - 1, knob.number

    def controller(control: int, data: int) -> Message:
        return Message("control_change", channel=channel, control=control, value=data)

    match knob.kind:
        case Kind.NOTE:
            return [Message("note_on", channel=channel, note=number, velocity=value)]
        case Kind.POLY:
            return [Message("polytouch", channel=channel, note=number, value=value)]
        case Kind.PRESSURE:
            return [Message("aftertouch", channel=channel, value=value)]
        case Kind.PROGRAM:
            return [Message("program_change", channel=channel, program=value)]
        case Kind.PITCH:
            return [Message("pitchwheel", channel=channel, pitch=value - CENTRE)]
        case Kind.CC:
            return [controller(number, value)]
        case Kind.CC14:
            return [controller(number, value >> 7), controller(number + 32, value & 127)]
        case Kind.NRPN:
            return [controller(NRPN_MSB, number >> 7), controller(NRPN_LSB, number & 127),
                    controller(DATA, value >> 7), controller(DATA_LSB, value & 127)]  # fmt: skip
