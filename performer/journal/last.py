"""The last Frame on disk, from which a night goes on after a crash or a power cut."""

import os
import time
from pathlib import Path

import msgspec
import numpy as np

from performer.circle.consent import allowed
from performer.errors import DeviceError
from performer.frame import NOBODY_SPOKE, SILENCE, Frame, copied, decode, encode
from performer.parameters import TREE

ORDINARY = 2.0 * np.pi * 0.1  # rad/s; the rhythm of somebody whose own may not be kept
FRESH = 12 * 3600.0  # s; an older Frame is another night's


def keep(path: Path, frame: Frame) -> None:
    """Writes a Frame, without the data of people who have not agreed to be recorded.

    DeviceError if it cannot be written; the Frame that was there stays.
    """
    _write(path, encode(_without_unrecorded(frame)))


def _write(path: Path, data: bytes) -> None:
    fresh = path.with_suffix(".new")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with fresh.open("wb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        fresh.replace(path)
    except OSError as error:
        raise DeviceError(f"the last Frame cannot be kept in {path}: {error.strerror}") from None


def _without_unrecorded(frame: Frame) -> Frame:
    """The same Frame without such people's names, pictures, words, feelings, hearts and breaths.

    What modulation has moved, and remembers, is never kept: it may come from anybody's data, also
    of those who have left since. The next step moves everything anew, from rest.
    """
    people = copied(frame.people)
    waiting = dict.fromkeys(frame.waiting, "")  # nobody who waits has agreed to anything yet
    # what a microphone heard in the room belongs to nobody who could have agreed
    people.swing = np.zeros_like(people.swing)
    still = np.zeros_like(frame.base)
    frame = msgspec.structs.replace(
        frame, waiting=waiting, heard=SILENCE, people=people, values=frame.base, followed={},
        residue=still, away=still, spoken=NOBODY_SPOKE,
    )  # fmt: skip
    mind = people.here & ~people.simulated & ~allowed(people, "record_local")
    if not mind.any():
        return frame
    gone = {"valence": 0.0, "arousal": 0.0, "confidence": 0.0, "told_valence": 0.0,
            "told_arousal": 0.0, "heart": 0.0, "breath": 0.0, "breath_heard": 0.0,
            "feeling_age": 1e9, "heart_age": 1e9, "breath_age": 1e9, "omega": ORDINARY, "p": 1.0,
            "q": 1.0, "past_theta": 0.0, "past_valence": 0.0, "past_arousal": 0.0,
            "past_beats": 0, "past_moods": 0, "alike": 0.0, "called": 0.0,
            "answer": 0.0}  # fmt: skip
    for column, empty in gone.items():
        values = getattr(people, column).copy()
        values[mind] = empty
        setattr(people, column, values)
    for column in ("names", "pictures", "words"):
        texts = getattr(people, column)
        setattr(people, column, ["" if m else t for t, m in zip(texts, mind, strict=True)])
    # the mean of a circle of one is that one's feeling; the next step takes it anew
    group = msgspec.structs.replace(frame.group, valence=0.0, arousal=0.0)
    return msgspec.structs.replace(frame, people=people, group=group)


def found(path: Path, show: str) -> Frame | None:
    """The Frame to go on from: of this show, younger than 12 hours; else None."""
    try:
        if time.time() - path.stat().st_mtime > FRESH:
            return None
        frame = decode(path.read_bytes())
    except (OSError, ValueError, KeyError, TypeError):
        return None
    of_this_version = len(frame.base) == len(TREE.continuous)
    return frame if frame.show == show and of_this_version else None
