"""The reference host: npm's interactive-shader-format, playing ISF files in a browser.

It is what Performer is compared with. Nothing of it is kept here: the package comes from npm into
a folder of the tests, and a page loads the modules that the package ships. Its clock stands still.

Rows of all pictures go from top to bottom, both those given and those that come back.
"""

import base64
import http.server
import json
import os
import queue
import shutil
import signal
import subprocess
import threading
from collections.abc import Mapping, Sequence
from contextlib import suppress
from pathlib import Path
from time import monotonic
from types import TracebackType
from typing import Any, TypedDict, Unpack, cast

import numpy as np
import numpy.typing as npt

VERSION = "2.9.0"
BEGUN = (2026, 1, 2, 3 * 3600 + 4 * 60 + 5)
"""DATE when TIME is 0."""
FLOATS = ("OES_texture_float", "OES_texture_float_linear", "WEBGL_color_buffer_float")
"""Without these a pass with FLOAT has a target of no format at all."""

PAGE = (Path(__file__).parent / "page.html").read_bytes()
FLAGS = (
    "--headless=new", "--no-sandbox", "--use-angle=swiftshader", "--enable-unsafe-swiftshader",
    "--disable-background-networking", "--disable-component-update", "--disable-sync",
    "--disable-quic", "--no-first-run", "--disable-dev-shm-usage",
    "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1",
)  # fmt: skip
LONG = 60.0  # s until the host is given up: a busy machine starts a browser slowly
IDLE = 20.0  # s until a page that waits for a job asks anew

Value = float | Sequence[float]
"""Of an input: a number, a truth, or a list for points and colours."""
Picture = npt.NDArray[np.uint8]
"""(height, width, 4), colours not multiplied by alpha."""
Told = dict[str, Any]


class Film(TypedDict, total=False):
    """How a file is played; what is not said is the first value named here."""

    size: tuple[int, int]
    """(64, 48): width and height."""
    frames: int
    """1"""
    time: float
    """0 s, in the first frame."""
    step: float
    """0 s, between a frame and the next."""
    inputs: Mapping[str, Value]
    """None: the file's defaults. What is given stands from the first frame on."""
    changes: Mapping[int, Mapping[str, Value]]
    """None: of inputs, by the number of the frame from which on they stand."""
    images: Mapping[str, Picture]
    """None: for inputs that are images."""
    vertex: str | None
    """None: one that does nothing but what all must."""


class RefusedError(Exception):
    """The package refuses a file; the message is the package's, as is the line if it names one."""

    def __init__(self, message: str, line: int | None) -> None:
        super().__init__(message)
        self.line = line


def installed(folder: Path) -> Path:
    """The package's own folder, fetched into the one given; nothing of it runs meanwhile.

    npm packs it alone: what it names as dependencies are 300 packages that only build it.
    """
    npm = shutil.which("npm")
    assert npm is not None, "npm is missing; .ci/system installs it"
    subprocess.run(
        [npm, "pack", "--pack-destination", folder, "--prefer-offline", "--loglevel", "error",
         f"interactive-shader-format@{VERSION}"],
        check=True, timeout=120, stdout=subprocess.DEVNULL, cwd=folder,
    )  # fmt: skip
    # tar leaves out what points outside; tarfile learnt to in Python 3.11.4, Debian has 3.11.2
    packed = folder / f"interactive-shader-format-{VERSION}.tgz"
    subprocess.run(["tar", "xzf", packed, "-C", folder], check=True, timeout=60)
    return folder / "package"


class Bench(http.server.ThreadingHTTPServer):
    """Hands the page and the package out, then jobs, and takes answers."""

    daemon_threads = True

    def __init__(self, package: Path) -> None:
        super().__init__(("127.0.0.1", 0), Handler)
        scripts = [*package.glob("lib/*.js"), *package.glob("vendor/*.js")]
        modules = {f"/{s.relative_to(package).as_posix()}": s.read_text("utf-8") for s in scripts}
        self.files = {
            "/": (PAGE, "text/html"),
            "/modules": (json.dumps(modules).encode(), "application/json"),
        }
        self.jobs: queue.Queue[bytes] = queue.Queue()
        self.answers: queue.Queue[bytes] = queue.Queue()

    def handle_error(self, request: object, client_address: object) -> None:
        """Nothing: a browser that is ended leaves a question behind."""


class Handler(http.server.BaseHTTPRequestHandler):
    server: Bench  # pyright: ignore[reportIncompatibleVariableOverride]

    def do_GET(self) -> None:
        if self.path == "/job":
            try:
                job = self.server.jobs.get(timeout=IDLE)
            except queue.Empty:
                job = b"{}"
            self._send(200, job, "application/json")
        elif self.path in self.server.files:
            self._send(200, *self.server.files[self.path])
        else:
            self._send(404, b"", "text/plain")

    def do_POST(self) -> None:
        self.server.answers.put(self.rfile.read(int(self.headers["Content-Length"])))
        self._send(200, b"", "text/plain")

    def _send(self, status: int, body: bytes, kind: str) -> None:
        self.send_response(status)
        self.send_header("Content-Type", f"{kind}; charset=utf-8")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *args: object) -> None:
        """Nothing."""


class ReferenceHost:
    """A browser with the package in it, for as long as the context."""

    def __init__(self, package: Path, folder: Path) -> None:
        self._bench = Bench(package)
        self._folder = folder
        self._log = folder / "chromium.log"

    def __enter__(self) -> "ReferenceHost":
        with self._log.open("wb") as log:
            self._browser = subprocess.Popen(
                ["chromium", *FLAGS, f"--user-data-dir={self._folder / 'profile'}",
                 f"http://127.0.0.1:{self._bench.server_address[1]}/"],
                stdout=log, stderr=log, start_new_session=True, env={**os.environ, "TZ": "UTC"},
            )  # fmt: skip
        self._thread = threading.Thread(
            target=self._bench.serve_forever, kwargs={"poll_interval": 0.02}
        )
        self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:  # fmt: skip
        self._bench.jobs.put(b"null")
        with suppress(ProcessLookupError):  # it may have ended by itself
            os.killpg(self._browser.pid, signal.SIGKILL)
        self._browser.wait()
        self._bench.shutdown()
        self._thread.join()
        self._bench.server_close()

    def metadata(self, source: str, vertex: str | None = None) -> Told:
        """All that the parser finds: inputs, passes, type, isfVersion, valid, error, …"""
        return cast(Told, self._asked("parse", source=source, vertex=vertex)[0])

    def inputs(self, source: str) -> list[Told]:
        """The inputs as the parser gives them: NAME, TYPE, DEFAULT, MIN, MAX, …"""
        found = self.metadata(source)
        if not found["valid"]:
            raise RefusedError(found["error"], found.get("line"))
        return cast(list[Told], found["inputs"])

    def upgraded(self, source: str, vertex: bool = False) -> str:
        """A file of ISF 1 as the package writes it for ISF 2."""
        told = _taken(self._asked("upgrade", source=source, vertex=vertex)[0])
        return cast(str, told["text"])

    def render(self, source: str, **film: Unpack[Film]) -> Picture:
        """The last frame of a film."""
        return self.film(source, **film)[-1]

    def film(self, source: str, **film: Unpack[Film]) -> list[Picture]:
        """All its frames."""
        width, height = film.get("size", (64, 48))
        frames = film.get("frames", 1)
        images = film.get("images", {})
        told, pixels = self._asked(
            "film", source=source, vertex=film.get("vertex"), width=width, height=height,
            frames=frames, time=film.get("time", 0.0), step=film.get("step", 0.0),
            inputs=film.get("inputs", {}), changes=film.get("changes", {}),
            images={name: _sent(image) for name, image in images.items()}, extensions=FLOATS,
        )  # fmt: skip
        _taken(told)
        drawn = np.frombuffer(pixels, np.uint8).reshape(frames, height, width, 4)
        return [frame[::-1].copy() for frame in drawn]  # GL's first row is the lowest

    def _asked(self, what: str, **job: Any) -> tuple[Any, bytes]:
        self._bench.jobs.put(json.dumps({"what": what, **job}, allow_nan=False).encode())
        head, _, pixels = self._answer().partition(b"\n")
        told = json.loads(head)
        assert "failed" not in told, told["failed"]
        return told["is"], pixels

    def _answer(self) -> bytes:
        end = monotonic() + LONG
        while self._browser.poll() is None:
            with suppress(queue.Empty):
                return self._bench.answers.get(timeout=0.5)
            if monotonic() > end:
                self._browser.kill()  # a late answer must not be taken for the next job's
                self._browser.wait()
        raise TimeoutError(f"chromium never answered: {self._log.read_text('utf-8', 'replace')}")


def _taken(told: Told) -> Told:
    if "refused" in told:
        raise RefusedError(told["refused"], told["line"])
    return told


def _sent(image: Picture) -> Told:
    assert image.dtype == np.uint8, image.dtype
    height, width, channels = image.shape
    assert channels == 4, "a picture has red, green, blue and alpha"
    return {
        "width": width, "height": height, "pixels": base64.b64encode(image.tobytes()).decode(),
    }  # fmt: skip
