"""Calibration: the noise, the number that is typed in, and the file that keeps it."""

import logging
from datetime import date
from pathlib import Path

import numpy as np
import pytest

from performer.audio.calibration import (
    LEVEL,
    PINK_UNDER_A,
    Calibration,
    calibration_of,
    keep,
    measured,
    pink_noise,
    read,
)
from performer.errors import DeviceError, FileError, PerformerError
from tests.audio.signals import decibel

DAY = date(2024, 5, 17)


def taken(device: str = "Loudspeakers", level: float = 78.5) -> Calibration:
    return Calibration(device=device, db_spl_at_minus_20=level, taken=DAY)


@pytest.mark.parametrize("rate", [44100, 48000])
def test_any_two_seconds_of_the_noise_have_the_same_level(rate: int) -> None:
    noise = np.tile(pink_noise(rate).astype(float), 2)
    for start in (0, 1, rate // 3, 2 * rate - 1):
        part = noise[start : start + 2 * rate]
        assert decibel(float(np.sqrt(np.mean(part**2)))) == pytest.approx(LEVEL, abs=0.1)
    assert np.abs(noise).max() < 3.6 * 10 ** (LEVEL / 20)
    assert abs(noise.mean()) < 1e-7


def test_the_noise_is_pink_between_20_hertz_and_20_kilohertz() -> None:
    power = np.abs(np.fft.rfft(pink_noise(48000).astype(float))) ** 2
    hertz = np.fft.rfftfreq(96000, 1 / 48000)
    octaves = [power[(hertz >= f) & (hertz < 2 * f)].sum() for f in 20 * 2.0 ** np.arange(9)]
    assert 10 * np.log10(octaves) == pytest.approx([10 * np.log10(octaves[4])] * 9, abs=0.2)
    assert power[hertz < 19.9].sum() + power[hertz > 20000.1].sum() < 1e-9 * power.sum()


def test_the_noise_is_the_same_every_time() -> None:
    first = [0.13912, 0.04376, -0.06087, 0.08459]
    assert pink_noise(48000)[:4] == pytest.approx(first, abs=1e-3)


@pytest.mark.parametrize("typed", ["78.5", " 78,5 ", "78.5 dB", "78.5dB(A)", "78.5 dBA"])
def test_a_number_is_understood_as_people_type_it(typed: str) -> None:
    assert measured(typed) == 78.5


@pytest.mark.parametrize("typed", ["", "loud", "39.9", "120.1", "nan", "inf", "-80", "7e1x"])
def test_other_numbers_are_refused_with_what_is_allowed(typed: str) -> None:
    with pytest.raises(PerformerError, match=r"from 40 to 120 dB\(A\), found '"):
        measured(typed)


def test_the_offset_is_the_level_of_full_scale() -> None:
    assert taken(level=80).offset == pytest.approx(100 - PINK_UNDER_A)


def test_each_device_keeps_its_own(tmp_path: Path) -> None:
    path = tmp_path / "deep" / "calibration.toml"
    assert calibration_of("Loudspeakers", path) is None
    keep(taken(), path)
    keep(taken('Head "phones"', 60), path)
    keep(taken(level=82.0), path)
    assert calibration_of("Loudspeakers", path) == taken(level=82.0)
    assert calibration_of('Head "phones"', path) == taken('Head "phones"', 60)
    assert calibration_of("Another", path) is None
    assert len(read(path)) == 2


@pytest.mark.parametrize(
    ("text", "where"),
    [
        ("calibration = 3", "calibration: must be"),
        ("[[calibration]\n", ":1: is not valid TOML"),
        ('[[calibration]]\ndevice = "a"\ndb_spl_at_minus_20 = 300.0\ntaken = 2024-05-17',
         r"calibration\[0\].db_spl_at_minus_20: must be 40..120 dB\(A\), found 300.0"),
        ('[[calibration]]\ndevice = "a"\ndb_spl_at_minus_20 = nan\ntaken = 2024-05-17',
         r"db_spl_at_minus_20: must be a finite number"),
        ('[[calibration]]\ndevice = "a"\ndb_spl_at_minus_20 = 80.0', "taken: is missing"),
        ("loudness = 3", "loudness: is an unknown key"),
    ],
)  # fmt: skip
def test_a_damaged_file_is_one_warning_and_no_calibration(
    tmp_path: Path, caplog: pytest.LogCaptureFixture, text: str, where: str
) -> None:
    path = tmp_path / "calibration.toml"
    path.write_text(text)
    with pytest.raises(FileError, match=where):
        read(path)
    with caplog.at_level(logging.WARNING):
        assert calibration_of("a", path) is None
    assert len(caplog.records) == 1
    assert "not calibrated" in caplog.text
    keep(taken(), path)  # a new measurement repairs it and keeps the old file
    assert calibration_of("Loudspeakers", path) == taken()
    assert (tmp_path / "calibration.toml~").read_text() == text


def test_a_folder_that_cannot_be_made_is_said(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(DeviceError, match="cannot keep the calibration"):
        keep(taken(), tmp_path / "file" / "calibration.toml")
