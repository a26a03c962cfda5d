"""What ISF shaders are told of a Frame: who has which row, the beat, the date, the sound."""

from datetime import UTC, datetime

import numpy as np

from performer.frame import Frame, Heard
from performer.render.isf.setting import SILENT, Setting, Sound
from performer.render.rows import Rows

LAST_DAY = 253402300799.0  # s: after it there are no dates


def setting_of(frame: Frame, rows: Rows) -> Setting:
    """The setting of a Frame whose rows are uploaded."""
    people = frame.people
    stamps = {r: (i, float(people.joined[r])) for r, i in enumerate(people.ids) if i}
    return Setting(
        rows.texture, frame.index, frame.beat, date_of(frame), sound_of(frame.heard),
        own=rows.own, stamps=stamps,
    )  # fmt: skip


def date_of(frame: Frame) -> tuple[float, float, float, float]:
    """ISF's DATE: year, month, day, and seconds of the day, in UTC."""
    time = min(max(frame.origin + frame.time, 0.0), LAST_DAY)
    day = datetime.fromtimestamp(time, UTC)
    return float(day.year), float(day.month), float(day.day), time % 86400.0


def sound_of(heard: Heard) -> Sound:
    """What is heard, for textures."""
    if not heard.listening:
        return SILENT
    waveform = 0.5 + 0.5 * heard.waveform.astype(np.float32)
    return Sound(np.clip(waveform, 0.0, 1.0), heard.spectrum.astype(np.float32))
