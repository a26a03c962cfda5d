"""Cues: what the operator has ready, one after another. When a cue is taken is not known here."""

from typing import Annotated, Literal, get_args

from pydantic import Field, model_validator

from performer.show.problems import Faders, Name, Text, Written, within

Shape = Literal["ease", "linear", "in", "out"]
"""How a fade goes on its way of 0..1: slowly off and on, evenly, slowly off, slowly on."""
SHAPES: tuple[str, ...] = get_args(Shape)

Event = Literal["convergence", "phase"]
"""The circle is in step, by circle.convergence; a phase has begun."""

Seconds = Annotated[float, within(0, 7200, "s")]

FADE = 4.0  # s; as /preset's


class Cue(Written):
    """One step of the operator's list: what it moves, how, and how the next one comes after it.

    It touches what it names and nothing else.
    """

    name: Name
    preset: Name | None = None
    phase: Name | None = None
    """Begins that phase of the show, with its preset."""
    morph: Name | None = None
    """Has /morph lead to that preset, as /morph/to does; `values` may play it."""
    values: Faders = Field(default_factory=dict[str, float])
    """They go before the preset's, and what they name does not morph."""
    fade: Annotated[float, within(0, 600, "s")] | None = None
    """Seconds; 4, or the phase's own, if it is not given."""
    curve: Shape = "ease"
    follow: Literal["wait", "auto", "beat", "event"] = "wait"
    """How the next cue comes: by GO alone, after a time, on a beat, or with an event."""
    after: Seconds | None = None
    """Seconds since this cue was taken: `auto` then follows, `beat` and `event` not before."""
    beats: Annotated[int, within(1, 256, "beats")] | None = None
    """`beat` follows on the next multiple of so many."""
    event: Event | None = None
    notes: Text = ""

    @model_validator(mode="after")
    def _follow_is_whole(self) -> "Cue":
        named = [key for key in ("preset", "phase", "morph") if getattr(self, key) is not None]
        if len(named) > 1:
            raise ValueError("must name one of preset, phase and morph, found "
                             + " and ".join(named))  # fmt: skip
        if "/morph" in self.values and self.morph is None and named:
            raise ValueError(f'"/morph" plays nothing beside a {named[0]}, which ends every '
                             "morph; name a `morph` instead")  # fmt: skip
        for key, needed_by in (("after", "auto"), ("beats", "beat"), ("event", "event")):
            if self.follow == needed_by and getattr(self, key) is None:
                raise ValueError(f'follow = "{self.follow}" needs `{key}`')
        for key, users in _USERS.items():
            if getattr(self, key) is not None and self.follow not in users:
                which = " or ".join(f'"{u}"' for u in users)
                raise ValueError(f'`{key}` needs follow = {which}, found "{self.follow}"')
        return self


_USERS = {"after": ("auto", "beat", "event"), "beats": ("beat",), "event": ("event",)}
