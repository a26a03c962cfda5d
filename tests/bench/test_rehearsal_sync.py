"""Ten minutes of a rehearsal: its sound ends beside its pictures as it began. About three minutes.

pytest -o addopts=--import-mode=importlib tests/bench/test_rehearsal_sync.py
"""

import subprocess
import sys
from pathlib import Path

import av
import numpy as np
import pytest
from numpy.typing import NDArray

FPS, SECONDS = 10.0, 600.0
PANICS = (8.0, 300.0, 590.0)
"""Seconds at which picture and sound go together, each within a quarter of a second."""
EARS = 0.01  # s of sound that are looked at at once


def shown(path: Path) -> NDArray[np.float64]:
    """Mean luma of every picture."""
    with av.open(str(path)) as file:
        return np.array([f.to_ndarray(format="gray").mean() for f in file.decode(video=0)])


def sounded(path: Path) -> NDArray[np.float64]:
    """RMS of every hundredth of a second."""
    with av.open(str(path)) as file:
        rate = file.streams.audio[0].rate
        sound = np.concatenate([f.to_ndarray().mean(axis=0) for f in file.decode(audio=0)])
    step = round(EARS * rate)
    assert abs(len(sound) / rate - SECONDS) <= 1 / FPS
    return np.sqrt(np.square(sound[: len(sound) // step * step].reshape(-1, step)).mean(axis=1))


def fell(curve: NDArray[np.float64], after: float, step: float) -> float:
    """Seconds after which a curve has fallen to less than half of what it was at `after` s."""
    begin = round(after / step)
    before = curve[begin - round(0.5 / step) : begin].mean()
    end = begin + round(2.0 / step)
    assert curve[end : end + round(0.5 / step)].max() < 0.3 * before, "it is gone"
    return float(np.flatnonzero(curve[begin:end] < 0.5 * before)[0]) * step


def test_after_ten_minutes_sound_and_picture_are_where_they_were(tmp_path: Path) -> None:
    path = tmp_path / "night.mp4"
    panics = [text for at in PANICS for text in ("--at", str(at), "/panic")]
    subprocess.run(
        [sys.executable, "-m", "performer", "rehearse", "luna-circle", "--size", "96x64",
         "--fps", str(FPS), "--participants", "3", "--seed", "3", "--seconds", str(SECONDS),
         "--out", str(path), *panics],
        check=True, timeout=1800,
    )  # fmt: skip
    light, loud = shown(path), sounded(path)
    assert len(light) == SECONDS * FPS
    apart = [fell(loud, at, EARS) - fell(light, at, 1 / FPS) for at in PANICS]
    assert apart == pytest.approx([apart[0]] * len(PANICS), abs=1 / FPS)
    assert max(map(abs, apart)) <= 0.25, "each takes a quarter of a second at most"
