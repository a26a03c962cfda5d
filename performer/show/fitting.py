"""What the words of one `[[map]]` come to: defaults by the parameter's nature, and what cannot be.

Pure: nothing here has heard a message. `Fitted` is all that controllers/mapping needs to know.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from performer.errors import ControlError
from performer.parameters import TREE, Arg, Curve, Nature, Parameter
from performer.show.knobs import Kind
from performer.show.meant import parameters_of

if TYPE_CHECKING:
    from performer.show.maps import Map

Mode = Literal["absolute", "toggle", "momentary", "trigger", "relative"]
Shape = Literal["linear", "log", "square", "root", "ease"]
Takeover = Literal["cross", "jump", "scale"]
Back = Literal["none", "value", "led"]
Coding = Literal["twos", "offset", "sign"]

WIDEST = 1e5  # an argument that is wider has no sensible whole range: 0..1 then
STEP = 0.01  # of the travel, for one step of an encoder

_ONLY: dict[str, tuple[Mode, ...]] = {
    "range": ("absolute", "toggle", "momentary", "relative"),
    "curve": ("absolute", "relative"),
    "takeover": ("absolute",),
    "threshold": ("toggle", "momentary", "trigger"),
    "encoding": ("relative",),
    "step": ("relative",),
}
"""Keys that mean something in some modes only."""


@dataclass(frozen=True)
class Fitted:
    """A map with nothing left open. `low`..`high` are in the parameter's units."""

    mode: Mode
    low: float
    high: float
    whole: bool
    """Only whole numbers are sent."""
    curve: Shape
    takeover: Takeover
    feedback: Back
    threshold: float
    """Of the travel, from which on a control counts as pressed; 0: any velocity does."""
    encoding: Coding
    step: float
    counts: bool
    """A program change of any number sends that number, counted from 1, before the fixed args."""


class UnfitError(Exception):
    """A map that cannot be: (key, what is wrong with it)."""

    def __init__(self, key: str, reason: str) -> None:
        super().__init__(f"{key}: {reason}")
        self.key, self.reason = key, reason


def fitted(written: Map) -> Fitted:
    """The map with all defaults, or UnfitError at the first key that does not fit."""
    try:
        meant = parameters_of(written.address)
    except ControlError as error:
        raise UnfitError("address", error.reason + TREE.nearest(written.address)) from None
    if any(p.nature is Nature.TOLD for p in meant):
        raise UnfitError("address", "is told by the instrument, nobody sets it")
    slot = _slot(meant, len(written.args))
    mode = written.mode or _mode(written, meant[0], slot)
    _check_mode(written, mode, meant, slot)
    feedback = written.feedback or _feedback(written, mode)
    _check_feedback(written, mode, feedback)
    low, high = _range(written, slot) if mode != "trigger" else (0.0, 1.0)
    _check_args(written, mode, meant, (low, high))
    jumps = feedback == "value" or written.kind is Kind.NOTE
    pressed = 0.0 if written.kind is Kind.NOTE else 0.5
    return Fitted(
        mode, low, high, slot is not None and slot.kind is int,
        _curve(written, meant[0], low), written.takeover or ("jump" if jumps else "cross"),
        feedback, pressed if written.threshold is None else written.threshold,
        written.encoding or "twos", STEP if written.step is None else written.step,
        _counts(written, meant),
    )  # fmt: skip


def on_off(slot: Arg | None) -> bool:
    """Whether an argument is a switch: 0 or 1 and nothing between."""
    return slot is not None and slot.kind is int and (slot.low, slot.high) == (0, 1)


def _slot(meant: Sequence[Parameter], fixed: int) -> Arg | None:
    """The argument that follows the fixed ones, in the range that all parameters allow."""
    slots = [p.args[fixed] if len(p.args) > fixed else None for p in meant]
    there = [s for s in slots if s is not None]
    if len(there) < len(slots) or not there or any(s.kind is str for s in there):
        return None
    first = there[0]
    kind = int if any(s.kind is int for s in there) else float
    low, high = max(s.low for s in there), min(s.high for s in there)
    return Arg(first.name, kind, low, high, first.default, first.unit)


def _mode(written: Map, parameter: Parameter, slot: Arg | None) -> Mode:
    if written.kind is Kind.PROGRAM or slot is None:
        return "trigger"
    if on_off(slot):
        return "toggle"
    if parameter.nature in (Nature.EVENT, Nature.REQUEST):
        return "trigger"
    return "toggle" if written.kind is Kind.NOTE else "absolute"


def _feedback(written: Map, mode: Mode) -> Back:
    lit = written.light is not None or written.led is not None
    button = mode in ("toggle", "momentary") and written.kind in (Kind.NOTE, Kind.CC)
    return "led" if lit or button else "none"


def _check_mode(written: Map, mode: Mode, meant: Sequence[Parameter], slot: Arg | None) -> None:
    for key, modes in _ONLY.items():
        if getattr(written, key) is not None and mode not in modes:
            raise UnfitError(key, f"is only for mode {' or '.join(modes)}, found mode {mode}")
    if mode == "trigger":
        return _check_trigger(written, meant)
    if slot is None:
        raise UnfitError("mode", f"{mode} needs a number to set, and {_takes(meant[0])}")
    if mode == "momentary" and written.kind is Kind.PROGRAM:
        raise UnfitError("mode", "momentary needs a control that is let go, found program")
    once = any(p.nature in (Nature.EVENT, Nature.REQUEST) for p in meant) and not on_off(slot)
    if mode != "momentary" and once:
        raise UnfitError("mode", f"{mode} does not fit what happens once: use trigger")
    if mode == "relative" and (on_off(slot) or written.kind not in (Kind.CC, Kind.NRPN)):
        only = "is for encoders (cc, nrpn) and more than on and off"
        raise UnfitError("mode", f"relative {only}, found {written.kind}")
    return None


def _takes(parameter: Parameter) -> str:
    names = " ".join(a.name for a in parameter.args) or "nothing"
    return f"{parameter.address} takes {names}"


def _check_trigger(written: Map, meant: Sequence[Parameter]) -> None:
    sent = _sent(written, meant)
    for parameter in meant:
        if parameter.asks(sent):
            found = f"trigger needs args here: {_takes(parameter)}"
            raise UnfitError("mode" if written.mode else "args", found)


def _sent(written: Map, meant: Sequence[Parameter]) -> tuple[float | int | str, ...]:
    """What a trigger sends."""
    return (1, *written.args) if _counts(written, meant) else written.args


def _counts(written: Map, meant: Sequence[Parameter]) -> bool:
    if written.kind is not Kind.PROGRAM or written.program is not None:
        return False
    first = [p.args[0] for p in meant if p.args]
    whole = all(a.kind is int and a.high > 1 for a in first)
    return len(first) == len(meant) and (whole or all(p.also_index for p in meant))


def _check_feedback(written: Map, mode: Mode, feedback: Back) -> None:
    if feedback != "none" and written.kind in (Kind.PROGRAM, Kind.PRESSURE, Kind.POLY):
        raise UnfitError("feedback", f"there is nothing to light or move at {written.kind}")
    if feedback == "value" and mode == "trigger":
        raise UnfitError("feedback", "value does not fit mode trigger, which has none: use led")
    for key in ("light", "led"):
        if getattr(written, key) is not None and feedback != "led":
            raise UnfitError(key, f"is only for feedback led, found feedback {feedback}")
    if written.light is not None and written.led is not None:
        raise UnfitError("led", f"must be alone, found also light {written.light!r}")


def _range(written: Map, slot: Arg | None) -> tuple[float, float]:
    assert slot is not None  # _check_mode has seen to it
    if written.range is None:
        return (slot.low, slot.high) if slot.high - slot.low <= WIDEST else (0.0, 1.0)
    low, high = written.range
    if not slot.low <= low < high <= slot.high:
        backwards = slot.low <= high <= low <= slot.high
        allowed = "two numbers, the lower first (invert = true turns it round)"
        raise UnfitError("range", f"must be {allowed if backwards else f'within {slot.range}'}, "
                                  f"found {low:g}..{high:g}")  # fmt: skip
    if slot.kind is int and (low != int(low) or high != int(high)):
        raise UnfitError("range", f"must be whole numbers, found {low:g}..{high:g}")
    return low, high


def _check_args(
    written: Map, mode: Mode, meant: Sequence[Parameter], ends: tuple[float, float]
) -> None:
    tries = [_sent(written, meant)] if mode == "trigger" else [(*written.args, end) for end in ends]
    for parameter in meant:
        for sent in tries:
            try:
                parameter.check(written.address, sent)
            except ControlError as error:
                raise UnfitError("args", error.reason) from None


def _curve(written: Map, parameter: Parameter, low: float) -> Shape:
    if written.curve == "log" and low <= 0.0:
        raise UnfitError("curve", f"log needs a range above 0, found {low:g}")
    if written.curve is not None:
        return written.curve
    return "log" if parameter.curve is Curve.LOG and low > 0.0 else "linear"
