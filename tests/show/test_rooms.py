"""Room files: what they may say, and how what is wrong with them is told."""

from pathlib import Path

import pytest

from performer.errors import FileError
from performer.show.files import data_folder
from performer.show.rooms import STEREO, Platform, Room, load_room

PAIR = '[[platform]]\nname = "one"\nleft = 1\nright = 2\n'
OTHER = '[[platform]]\nname = "two"\nleft = 3\nright = 4\n'


def loaded(folder: Path, text: str) -> Room:
    path = folder / "room.toml"
    path.write_text(text)
    return load_room(path)


def told(folder: Path, text: str) -> dict[str | None, str]:
    """Key path to message of everything that is refused."""
    with pytest.raises(FileError) as caught:
        loaded(folder, text)
    return {p.key: p.message for p in caught.value.problems}


def test_a_room_is_its_platforms(tmp_path: Path) -> None:
    lower = '[[platform]]\nname = "two"\nat = [-1, 0.5]\nleft = 7\nright = 7\nlow = 5\n'
    room = loaded(tmp_path, 'title = "R"\nfocus = 0.25\n' + PAIR + lower)
    assert room.channels == 7
    assert room.focus == 0.25
    first, second = room.platform
    assert (first.at, first.outputs, first.amplitude) == ((0, 0), {"left": 1, "right": 2}, 1.0)
    assert second.at == (-1.0, 0.5)
    assert second.outputs == {"left": 7, "low": 5}
    assert second.low_hz == 90


def test_without_a_room_there_is_one_pair() -> None:
    assert STEREO.channels == 2
    assert [p.outputs for p in STEREO.platform] == [{"left": 1, "right": 2}]


def test_gain_and_delay_in_other_units() -> None:
    late = Platform(name="late", left=1, right=2, gain=-6.0206, delay=2.5)
    assert late.amplitude == pytest.approx(0.5, abs=1e-5)
    assert Room(title="R", platform=(late,)).frames(0, 48000) == 120


def test_a_channel_serves_one_end_only(tmp_path: Path) -> None:
    clash = '[[platform]]\nname = "two"\nleft = 2\nright = 3\nlow = 1\n'
    assert told(tmp_path, 'title = "R"\n' + PAIR + clash) == {
        "platform[1].left": "must be a channel of its own, found 2, which is platform[0].right's",
        "platform[1].low": "must be a channel of its own, found 1, which is platform[0].left's",
    }


def test_a_low_channel_is_not_its_own_pair(tmp_path: Path) -> None:
    assert list(told(tmp_path, 'title = "R"\n' + PAIR + "low = 2\n")) == ["platform[0].low"]


def test_everything_that_is_wrong_is_told_at_once(tmp_path: Path) -> None:
    bad = 'at = [0, 1.5]\ngain = 13\ndelay = 200.5\nlow_hz = 300\nperson = "Not An Id"\n'
    wrong = told(tmp_path, "focus = 2\nfokus = 1\n" + PAIR + bad + OTHER.replace("4", "65"))
    assert wrong == {
        "title": "is missing and must be given",
        "focus": "must be 0..1, found 2.0",
        "fokus": "is an unknown key, did you mean focus?; allowed: title, notes, focus, platform",
        "platform[0].at[1]": "must be -1..1, found 1.5",
        "platform[0].gain": "must be -24..12 dB, found 13.0",
        "platform[0].delay": "must be 0..200 ms, found 200.5",
        "platform[0].low_hz": "must be 20..200 Hz, found 300.0",
        "platform[0].person": "must be an id: 1 to 32 of a-z, 0-9, _ and -, found 'Not An Id'",
        "platform[1].right": "must be 1..64, found 65",
    }


def test_a_room_needs_a_platform_and_a_platform_its_channels(tmp_path: Path) -> None:
    assert list(told(tmp_path, 'title = "R"\n')) == ["platform"]
    nothing = told(tmp_path, 'title = "R"\n[[platform]]\nat = [0]\n')
    assert set(nothing) == {f"platform[0].{key}" for key in ("name", "at", "left", "right")}


def test_what_is_no_room_is_one_clear_message(tmp_path: Path) -> None:
    assert "is not valid TOML" in told(tmp_path, "title = \n")[None]
    with pytest.raises(FileError, match="no such file"):
        load_room(tmp_path / "nowhere.toml")


@pytest.mark.parametrize(
    ("name", "channels", "platforms"),
    [("one-pair", 3, 1), ("four-corners", 4, 2), ("six-platforms", 18, 6)],
)
def test_the_rooms_that_are_shipped(name: str, channels: int, platforms: int) -> None:
    room = load_room(data_folder() / "assets" / "rooms" / f"{name}.toml")
    assert (room.channels, len(room.platform)) == (channels, platforms)
