"""What ears have had, from one process to the next."""

import logging
import os
import time
from pathlib import Path

import numpy as np
import pytest

from performer.audio.chain import Chain
from performer.audio.dose import Dose

RATE = 8000
OFFSET = 100.0  # dB(A) of full scale


def fresh() -> Chain:
    """The chain of a process that has just begun, in a calibrated room."""
    return Chain(2, RATE, offset=OFFSET)


def evening(folder: Path, seconds: int = 60) -> float:
    """Loud noise for a while, kept; the LAeq in the end."""
    chain = fresh()
    dose, random = Dose(folder, chain), np.random.default_rng(5)
    chain.start()
    for _ in range(seconds):
        chain.process(random.uniform(-0.5, 0.5, (RATE, 2)).astype(np.float32))
    dose.keep()
    written(dose)
    laeq = chain.meters.laeq
    assert laeq is not None
    assert laeq > 60.0
    return laeq


def written(dose: Dose) -> None:
    writing = dose._writing  # pyright: ignore[reportPrivateUsage]
    assert writing is not None
    writing.join()


def began(folder: Path) -> float:
    """The LAeq of a process that begins now."""
    chain = fresh()
    Dose(folder, chain)
    laeq = chain.meters.laeq
    assert laeq is not None
    return laeq


def aged(folder: Path, seconds: float) -> None:
    """Nothing was played since."""
    then = time.time() - seconds
    os.utime(folder / "exposure", (then, then))


def test_the_first_night_begins_with_nothing_and_nothing_is_said(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    assert began(tmp_path) == 0.0
    assert caplog.text == ""


def test_a_process_goes_on_with_what_the_one_before_gave(tmp_path: Path) -> None:
    assert began(tmp_path) == 0.0
    before = evening(tmp_path)
    assert began(tmp_path) == pytest.approx(before, abs=0.1)
    chain = fresh()
    dose = Dose(tmp_path, chain)
    dose.keep()
    written(dose)
    assert began(tmp_path) == pytest.approx(before, abs=0.1), "and so does the third"


def test_what_was_heard_longer_than_a_quarter_of_an_hour_ago_does_not_count(
    tmp_path: Path,
) -> None:
    before = evening(tmp_path)
    aged(tmp_path, 835.0)  # the last 60 s of 900
    assert before - 0.5 < began(tmp_path) <= before
    aged(tmp_path, 870.0)
    assert began(tmp_path) == pytest.approx(before - 3.0, abs=0.5)
    aged(tmp_path, 905.0)
    assert began(tmp_path) == 0.0
    aged(tmp_path, -3600.0)  # a clock that was set back: rather too much than too little
    assert began(tmp_path) == pytest.approx(before, abs=0.1)


@pytest.mark.parametrize("state", [b"", b"no dose", bytes(7224 - 8) + b"\xff" * 8])
def test_a_damaged_file_is_told_once_ignored_and_replaced(
    tmp_path: Path, caplog: pytest.LogCaptureFixture, state: bytes
) -> None:
    (tmp_path / "exposure").write_bytes(state)
    with caplog.at_level(logging.WARNING):
        assert began(tmp_path) == 0.0
    assert len(caplog.records) == 1
    assert f"{tmp_path / 'exposure'} is damaged" in caplog.text
    caplog.clear()
    chain = fresh()
    dose = Dose(tmp_path, chain)
    dose.keep()
    written(dose)
    caplog.clear()
    assert began(tmp_path) == 0.0
    assert caplog.text == ""


def test_a_file_that_cannot_be_read_or_written_stops_nothing(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    (tmp_path / "exposure").mkdir()
    chain = fresh()
    with caplog.at_level(logging.WARNING):
        dose = Dose(tmp_path, chain)
    assert len(caplog.records) == 1
    dose.keep()
    written(dose)
    assert chain.meters.laeq == 0.0
