"""The window for real, on an X server of its own: sizes, fullscreen, every key, and the picture.

No window manager runs here, so this test plays its part: it sees the window ask for fullscreen, and
gives it the whole screen. Without one, asking changes nothing: the window keeps its size.
"""

import os
import re
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import av
import numpy as np
import pytest
from numpy.typing import NDArray

from .conftest import Start
from .nights import Night, addresses, recorded, value, wait

SCREEN = (640, 360)
Picture = NDArray[np.uint8]


class Screen:
    """An Xvfb with its memory as a file, and xdotool's hands on it."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        read, write = os.pipe()
        self.process = subprocess.Popen(
            ["Xvfb", "-displayfd", str(write), "-screen", "0", f"{SCREEN[0]}x{SCREEN[1]}x24",
             "-nolisten", "tcp", "-noreset", "-fbdir", str(folder)],
            pass_fds=[write], stderr=subprocess.DEVNULL,
        )  # fmt: skip
        os.close(write)
        with os.fdopen(read) as told:
            self.display = f":{told.readline().strip()}"
        self.window = ""

    def do(self, *command: str) -> str:
        """One command of xdotool."""
        found = subprocess.run(
            ["xdotool", *command], env={**os.environ, "DISPLAY": self.display},
            capture_output=True, text=True, timeout=20, check=False,
        )  # fmt: skip
        return found.stdout

    def find(self, night: Night) -> str:
        """Waits for the window of a night."""

        def found() -> str | None:
            assert night.process.poll() is None, f"the night has ended: {night.told}"
            ids = self.do("search", "--class", ".*").split()
            return next((w for w in ids if "Performer" in self.do("getwindowname", w)), None)

        self.window = wait("the window", found)
        return self.window

    def place(self, x: int, y: int, width: int, height: int) -> None:
        """Moves and sizes the window, as a window manager does."""
        self.do("windowmove", self.window, str(x), str(y))
        self.do("windowsize", self.window, str(width), str(height))

    def size(self) -> tuple[int, int]:
        """The window's size now."""
        found = re.search(r"Geometry: (\d+)x(\d+)", self.do("getwindowgeometry", self.window))
        return (int(found[1]), int(found[2])) if found else (0, 0)

    def seen(self) -> Picture:
        """What stands on the screen now, (H, W, 3)."""
        data = (self.folder / "Xvfb_screen0").read_bytes()
        header = np.frombuffer(data[:100], ">u4")
        begin, line = int(header[0]) + 12 * int(header[19]), int(header[12])
        rows = np.frombuffer(data, np.uint8, line * SCREEN[1], begin).reshape(SCREEN[1], line)
        return rows.reshape(SCREEN[1], -1, 4)[:, : SCREEN[0], 2::-1]

    def close(self) -> None:
        self.process.terminate()
        self.process.wait(10)


@pytest.fixture(scope="module")
def screen(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Screen]:
    one = Screen(tmp_path_factory.mktemp("screen"))
    yield one
    one.close()


@pytest.fixture(scope="module")
def record(folder: Path) -> Path:
    return folder / "controls.jsonl"


@pytest.fixture(scope="module")
def night(start: Start, screen: Screen, folder: Path, record: Path, show: str) -> Night:
    one = start(
        "--record-control", str(record), "--still", str(folder / "last.png"), show=show,
        headless=False, size=None, environment={"DISPLAY": screen.display},
    )  # fmt: skip
    screen.find(one)
    screen.place(0, 0, 320, 180)
    one.ready()
    screen.do("windowfocus", screen.window)
    screen.do("mousemove", "160", "90")  # over the window, where it must not be seen
    return one


def luminance(picture: Picture) -> float:
    """Mean relative luminance, 0..1."""
    linear = (picture.astype(np.float64) / 255.0) ** 2.2
    return float((linear @ np.array([0.2126, 0.7152, 0.0722])).mean())


def settle(screen: Screen) -> float:
    """Waits until the guard has let the picture rise out of black; its luminance."""
    lights = [0.0]

    def settled() -> bool:
        time.sleep(0.2)
        lights.append(luminance(screen.seen()[:180, :320]))
        return lights[-1] > 0.01 and abs(lights[-1] / max(lights[-2], 1e-6) - 1.0) < 0.005

    wait("the picture is lit and calm", settled, 20)
    return lights[-1]


def keep(picture: Picture, name: str) -> None:
    """Writes a screenshot where a person can look at it, if one asked for that."""
    folder = os.environ.get("PERFORMER_LOOK")
    if folder:
        picture = np.ascontiguousarray(picture)
        height, width = picture.shape[:2]
        subprocess.run(
            ["convert", "-size", f"{width}x{height}", "-depth", "8", "rgb:-",
             str(Path(folder) / f"{name}.png")],
            input=picture.tobytes(), check=True,
        )  # fmt: skip


TOGGLING = """
import gc
import pygame
from pygame._sdl2 import video
from performer.render.window import Window
class Key: pass
window = Window((320, 180), 0, False)
window.toggle_fullscreen()
gc.collect()
native = video.Window.__new__(video.Window)
print("open", flush=True)
for turn in range(30):
    window.toggle_fullscreen()
    gc.collect()
    # new objects where a freed one was
    churn = [bytes(n) for n in range(80) for _ in range(40)]
    churn += [kind() for kind in (object, list, set, Key) for _ in range(2000)]
    input()
    for event in pygame.event.get():
        assert type(getattr(event, "window", native)) is type(native), event
    window.black()
    print("turn", flush=True)
"""


def test_window_events_find_their_window_after_many_toggles(screen: Screen) -> None:
    """It segfaulted: pygame kept a pointer to a window object that nobody held."""
    with subprocess.Popen(
        [sys.executable, "-c", TOGGLING], env={**os.environ, "DISPLAY": screen.display},
        stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True,
    ) as toggling:  # fmt: skip
        try:
            assert toggling.stdin is not None
            assert toggling.stdout is not None
            wait("it opens", lambda: "open" in next(toggling.stdout or iter(())))
            window = screen.do("search", "--class", ".*").split()[-1]
            for turn in range(30):
                size = (str(300 + turn % 20), str(200 + turn % 10))
                screen.do("windowsize", window, *size, "windowfocus", window,
                          "mousemove", str(turn), "50", "key", "a")  # fmt: skip
                toggling.stdin.write("\n")
                toggling.stdin.flush()
                assert next(toggling.stdout, "") == "turn\n", "it died"
            assert toggling.wait(10) == 0
        finally:
            toggling.kill()


def test_it_opens_and_the_picture_is_lit(night: Night, screen: Screen) -> None:
    wait("the picture is lit", lambda: luminance(screen.seen()[:180, :320]) > 0.01)
    picture = screen.seen()
    keep(picture, "opened")
    assert picture[:180, :320].std() > 3.0
    assert picture[:, 322:].max() == 0, "nothing but the window is on the screen"
    assert picture[182:].max() == 0


def watched(screen: Screen, seconds: float) -> list[float]:
    """Luminances of the whole screen, as often as they can be taken."""
    found: list[float] = []
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        found.append(luminance(screen.seen()))
        time.sleep(0.005)
    return found


def test_a_resize_changes_the_shape_and_does_not_flash(night: Night, screen: Screen) -> None:
    settle(screen)
    before = luminance(screen.seen())
    screen.do("windowsize", screen.window, "320", "240")
    seen = watched(screen, 1.5)
    night.when("the picture has the window's shape", lambda f: abs(f.aspect - 320 / 240) < 1e-3)
    keep(screen.seen(), "resized")
    screen.do("windowsize", screen.window, "320", "180")
    seen += watched(screen, 1.0)
    night.when("and back", lambda f: abs(f.aspect - 320 / 180) < 1e-3)
    print(f"\nresize: luminance {before:.4f}, then {min(seen):.4f} to {max(seen):.4f}, "
          f"{len(seen)} looks")  # fmt: skip
    assert min(seen) > 0.6 * before, "it went dark"
    assert max(seen) < 1.8 * before, "it flared up by more than a third larger picture does"


def test_fullscreen_is_asked_for_and_left_and_nothing_is_lost(night: Night, screen: Screen) -> None:
    last = night.lives()
    log = screen.folder / "xev.txt"
    with log.open("wb") as output:
        xev = subprocess.Popen(
            ["stdbuf", "-oL", "xev", "-root", "-event", "substructure"], stdout=output,
            env={**os.environ, "DISPLAY": screen.display},
        )  # fmt: skip
    asked = 0
    try:
        time.sleep(0.2)
        for _ in range(2):
            screen.do("key", "f")
            asked += 1
            wait("it asks for fullscreen", lambda n=asked: log.read_text().count("STATE") >= n)
            assert screen.size() == (320, 180), "without a window manager nothing changes"
            screen.place(0, 0, *SCREEN)
            night.when("the picture follows", lambda f: f.aspect == SCREEN[0] / SCREEN[1])
            wait("it covers the screen", lambda: screen.seen()[340:, 600:].max() > 8)
            keep(screen.seen(), f"fullscreen-{asked}")
            screen.do("key", "f")
            asked += 1
            wait("it asks to leave", lambda n=asked: log.read_text().count("STATE") >= n)
            screen.place(0, 0, 320, 180)
            night.lives()
    finally:
        xev.terminate()
        xev.wait(5)
    assert "DestroyNotify" not in log.read_text(), "the window was never closed"
    assert night.lives().index > last.index
    assert "started again" not in night.log, "SDL's events must not find a window object gone"


def test_every_key_does_what_the_help_says(
    night: Night, screen: Screen, record: Path, folder: Path
) -> None:
    def press(*keys: str) -> None:
        for key in keys:
            screen.do("key", key)

    def told(address: str, count: int = 1) -> list[object]:
        wait(f"{address} is recorded", lambda: addresses(record).count(address) >= count, 10)
        return [args for found, args in recorded(record) if found == address][-1]

    assert night.lives().phase == 0
    press("space")
    night.when("the next phase", lambda f: f.phase == 1)
    arrows = (("Up", "/resonance", 1), ("Down", "/resonance", -1),
              ("Right", "/individuality", 1), ("Left", "/individuality", -1))  # fmt: skip
    for key, address, sign in arrows:
        count = addresses(record).count(address)
        before = value(night.lives(), address)
        press(key)
        wanted = told(address, count + 1)[0]
        assert isinstance(wanted, float)
        assert wanted - before == pytest.approx(sign * 0.05, abs=0.02), key  # the arc moves too

        def fed(address: str = address, wanted: float = wanted) -> bool:
            given = night.feedback.of(address)
            return any(isinstance(v, float) and abs(v - wanted) < 1e-5 for (v,) in given)

        wait("a key is fed back to controllers as any hand is", fed, 5)
    for key, address in (("p", "/freeze"), ("b", "/blackout"), ("t", "/testcard")):
        press(key)
        night.when(f"{address} is on", lambda f, a=address: value(f, a) == 1.0)
        if key == "t":
            wait("the test card", lambda: screen.seen()[:180, :320].std() > 3.0)
        press(key)
        night.when(f"{address} is off", lambda f, a=address: value(f, a) == 0.0)
    press("2")
    night.when("the second preset", lambda f: f.preset == "undertow")
    press("1")
    night.when("the first preset", lambda f: f.preset == "luna")
    press("ctrl+s")
    name = str(told("/preset/save")[0])
    wait("the look is saved next to the show", (folder / "presets" / f"{name}.toml").is_file)
    count = len(addresses(record))
    press("l", "space", "Up", "f", "ctrl+q", "ctrl+q")
    night.lives()
    assert len(addresses(record)) == count, "locked keys do nothing"
    press("shift+Escape")
    frame = night.when("panic works even locked", lambda f: f.panic_age < 1.0)
    wait("black", lambda: screen.seen().max() == 0, 2)
    press("l")
    night.when("panic is over", lambda f: f.index > frame.index and f.panic_age > 3.0, 10)


def test_ctrl_q_twice_quits_and_what_stood_there_was_the_picture(
    night: Night, screen: Screen, folder: Path
) -> None:
    screen.do("key", "p")  # what moves is not compared
    settle(screen)
    screen.do("key", "ctrl+q")
    wait("it asks", lambda: "once more quits" in night.log)
    last = screen.seen()[:180, :320].astype(np.float64)
    keep(screen.seen(), "last")
    screen.do("key", "ctrl+q")
    assert night.process.wait(10) == 0
    wait("no stray process", lambda: not night.processes(), 5)
    with av.open(str(folder / "last.png")) as file:
        still = next(file.decode(video=0)).to_ndarray(format="rgb24").astype(np.float64)
    assert still.shape == last.shape
    # meters or help over the picture would stand out of it
    assert np.corrcoef(still.ravel(), last.ravel())[0, 1] > 0.97
    assert np.percentile(np.abs(still - last), 99.9) < 40
    assert "Traceback" not in night.log + night.told
