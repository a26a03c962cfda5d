"""WAV files: exact, readable while they are written, and honest about a full disk."""

import hashlib
import struct
import subprocess
import sys
import wave
from pathlib import Path
from typing import Any, cast

import av
import numpy as np
import pytest
from numpy.typing import NDArray

from performer.errors import DeviceError
from performer.output import wav
from performer.output.wav import Samples, Wav, pcm24

RATE = 8000


def sound(frames: int, channels: int, seed: int = 1) -> Samples:
    return np.random.default_rng(seed).uniform(-1, 1, (frames, channels)).astype(np.float32)


def written(path: Path, samples: Samples, block: int = 512) -> Wav:
    file = Wav(path, RATE, samples.shape[1])
    for start in range(0, len(samples), block):
        file.push(samples[start : start + block])
    file.close()
    return file


def read(path: Path) -> NDArray[np.int32]:
    """What FFmpeg finds, (frames, channels), 24-bit."""
    with av.open(str(path)) as file:
        count = file.streams.audio[0].channels
        frames = [f.to_ndarray().reshape(-1, count) for f in cast("Any", file).decode(audio=0)]
    return (np.concatenate(frames) >> 8).astype(np.int32)


@pytest.mark.parametrize("channels", [1, 2, 5, 24])
def test_what_is_read_again_is_what_was_pushed(tmp_path: Path, channels: int) -> None:
    want = sound(1111, channels)  # odd: the last chunk of a mono file needs its byte of padding
    file = written(tmp_path / "deep" / "a.wav", want)
    assert np.array_equal(read(file.path), pcm24(want))
    size = file.path.stat().st_size
    assert size % 2 == 0
    assert struct.unpack("<I", file.path.read_bytes()[4:8]) == (size - 8,)


def test_the_cli_reads_rate_channels_and_length(tmp_path: Path) -> None:
    written(tmp_path / "a.wav", sound(RATE, 6))
    told = subprocess.run(
        ["ffprobe", "-v", "error", "-show_entries",
         "stream=codec_name,sample_rate,channels,duration", "-of", "csv=p=0", tmp_path / "a.wav"],
        capture_output=True, text=True, check=True,
    )  # fmt: skip
    assert told.stdout.strip() == "pcm_s24le,8000,6,1.000000"
    assert told.stderr == ""


def test_rounding_is_to_the_nearest_and_never_wraps() -> None:
    step = 2.0**-23
    given = np.array([[0, step, 1.4 * step, 1.6 * step, -1, 1, 7, -7]], np.float32)
    top = 2**23
    assert pcm24(given).tolist() == [[0, 1, 1, 2, -top, top - 1, top - 1, -top]]
    odd = np.array([[np.nan, np.inf, -np.inf]], np.float32)
    assert pcm24(odd).tolist() == [[0, top - 1, -top]]


def test_same_sound_same_bytes_however_it_is_cut(tmp_path: Path) -> None:
    want = sound(3000, 2)
    one, two = written(tmp_path / "a.wav", want), written(tmp_path / "b.wav", want, 333)
    assert one.path.read_bytes() == two.path.read_bytes()
    with wave.open(str(one.path)) as file:
        data = file.readframes(3000)
    assert one.digest == two.digest == hashlib.sha256(data).hexdigest()
    want[1500, 1] += 2.0**-20
    assert written(tmp_path / "c.wav", want).digest != one.digest


KILLED = """
import os, signal, sys
from pathlib import Path
import numpy as np
from performer.output.wav import Wav
file = Wav(Path(sys.argv[1]), 8000, 2)
for k in range(100):
    file.push(np.full((256, 2), k / 100, np.float32))
os.kill(os.getpid(), signal.SIGKILL)
"""


def test_a_kill_costs_less_than_a_second_and_no_validity(tmp_path: Path) -> None:
    path = tmp_path / "a.wav"
    subprocess.run([sys.executable, "-c", KILLED, path], check=False)
    with wave.open(str(path)) as file:  # the strictest reader: believes the header
        found = file.getnframes()
    assert 25600 - RATE < found <= 25600
    heard: NDArray[np.int32] = np.rint(read(path)[:found, 0] / 2.0**23 * 100).astype(np.int32)
    assert np.array_equal(heard, np.arange(found, dtype=np.int32) // 256)


def test_beyond_what_riff_can_say_it_is_rf64(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(wav, "LARGEST", 20_000)
    want = sound(5000, 2)
    file = written(tmp_path / "a.wav", want)
    head = file.path.read_bytes()[:80]
    assert head[:4] == b"RF64"
    assert head[12:16] == b"ds64"
    riff, data, frames = struct.unpack("<QQQ", head[20:44])
    assert (riff, data, frames) == (file.path.stat().st_size - 8, 30_000, 5000)
    assert np.array_equal(read(file.path), pcm24(want))


def test_a_place_that_cannot_be_written_is_one_clear_message(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(DeviceError, match="cannot write the sound"):
        Wav(tmp_path / "file" / "a.wav", RATE, 2)
    file = Wav(tmp_path / "a.wav", RATE, 2)
    with pytest.raises(ValueError, match=r"\(4, 3\) for 2 channels"):
        file.push(sound(4, 3))
    file.close()
    file.close()  # once more does no harm


FULL = """
import resource, signal, sys
from pathlib import Path
import numpy as np
from performer.errors import DeviceError
from performer.output.wav import Wav
signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
resource.setrlimit(resource.RLIMIT_FSIZE, (50_000, 50_000))
file = Wav(Path(sys.argv[1]), 8000, 2)
for k in range(40):
    file.push(np.ones((512, 2), np.float32))
print(file.frames)
try:
    file.close()
except DeviceError as error:
    print(error)
"""


def test_a_full_disk_is_said_at_the_end_and_what_fitted_is_kept(tmp_path: Path) -> None:
    path = tmp_path / "a.wav"
    done = subprocess.run(
        [sys.executable, "-c", FULL, path], capture_output=True, text=True, check=True
    )
    frames, told = done.stdout.strip().split("\n")
    assert "a.wav ends here" in told
    with wave.open(str(path)) as file:
        assert file.getnframes() == int(frames) == 16 * 512
    with pytest.raises(DeviceError, match="cannot write the sound"):
        Wav(Path("/dev/full"), RATE, 2)
