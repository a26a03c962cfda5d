"""Video files: complete, crash-safe, and never in the way of a show."""

import contextlib
from collections.abc import Iterator
from pathlib import Path
from typing import Any, cast

import av
import numpy as np
import pytest
from av.error import InvalidDataError
from numpy.typing import NDArray

from performer.errors import DeviceError
from performer.output.video import Video, write_still

FPS = 30.0


def pictures(count: int, size: tuple[int, int] = (64, 36)) -> Iterator[NDArray[np.uint8]]:
    width, height = size
    for k in range(count):
        picture = np.full((height, width, 4), 255, np.uint8)
        picture[..., 0] = np.arange(width) * 3
        picture[..., 1] = (k * 4) % 256
        picture[: height // 2, :, 2] = 0
        yield picture


def written(path: Path, count: int, live: bool = False) -> Video:
    video = Video(path, (64, 36), FPS, live)
    for k, picture in enumerate(pictures(count)):
        video.push(k / FPS, picture)
    video.close()
    return video


def times_of(path: Path) -> list[float]:
    times: list[float] = []
    with av.open(str(path)) as file, contextlib.suppress(InvalidDataError):  # a file may be torn
        times.extend(float(frame.time) for frame in cast("Any", file).decode(video=0))
    return times


def test_every_picture_arrives_at_its_time(tmp_path: Path) -> None:
    written(tmp_path / "deep" / "a.mp4", 45)
    times = times_of(tmp_path / "deep" / "a.mp4")
    assert len(times) == 45
    assert times == pytest.approx([k / FPS for k in range(45)], abs=1e-3)


def test_the_picture_is_the_picture(tmp_path: Path) -> None:
    written(tmp_path / "a.mp4", 3)
    with av.open(str(tmp_path / "a.mp4")) as file:
        first = next(cast("Any", file).decode(video=0)).to_ndarray(format="rgb24")
    want = next(pictures(1))[..., :3]
    assert np.abs(first.astype(int) - want).mean() < 12  # colour at half size, lossy
    assert first[4, 20, 2] < 60  # top half has no blue: rows are not upside down
    assert first[30, 20, 2] > 180


def test_a_crash_costs_at_most_about_a_second(tmp_path: Path) -> None:
    written(tmp_path / "a.mp4", 150)
    data = (tmp_path / "a.mp4").read_bytes()
    cut = tmp_path / "cut.mp4"
    cut.write_bytes(data[: int(len(data) * 0.7)])
    assert len(times_of(cut)) >= 0.7 * 150 - 1.2 * FPS


def test_a_live_video_drops_and_counts_instead_of_waiting(tmp_path: Path) -> None:
    video = Video(tmp_path / "a.mp4", (640, 360), FPS, live=True)
    (picture,) = pictures(1, (640, 360))
    for k in range(120):
        video.push(k / FPS, picture)
    video.close()
    assert video.dropped > 0
    assert len(times_of(tmp_path / "a.mp4")) == 120 - video.dropped


def test_odd_sizes_lose_one_line(tmp_path: Path) -> None:
    video = Video(tmp_path / "a.mp4", (65, 37), FPS, live=False)
    for picture in pictures(2, (65, 37)):
        video.push(0.0, picture)
    video.close()
    assert video.size == (64, 36)
    assert len(times_of(tmp_path / "a.mp4")) == 2


def test_a_place_that_cannot_be_written_is_one_clear_message(tmp_path: Path) -> None:
    with pytest.raises(DeviceError, match="cannot write the video"):
        Video(Path("/proc/none/a.mp4"), (64, 36), FPS, live=False)
    (tmp_path / "file").write_text("")
    with pytest.raises(DeviceError, match="cannot write the still"):
        write_still(tmp_path / "file" / "a.png", next(pictures(1)))


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="only Linux has a full disk to hand")
def test_a_full_disk_is_said_at_the_end_and_stops_nothing(tmp_path: Path) -> None:
    path = tmp_path / "a.mp4"
    path.symlink_to("/dev/full")
    with pytest.raises(DeviceError, match=r"a\.mp4"):
        written(path, 60)


def test_a_still_is_a_png_of_the_same_pixels(tmp_path: Path) -> None:
    picture = next(pictures(1))
    write_still(tmp_path / "a.png", picture)
    with av.open(str(tmp_path / "a.png")) as file:
        again = next(cast("Any", file).decode(video=0)).to_ndarray(format="rgb24")
    assert np.array_equal(again, picture[..., :3])
