"""A real browser: a page of this machine plays the show, and hostile ones get nothing."""

import http.server
import json
import os
import signal
import subprocess
import threading
from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from tests.controllers.oscquery.serving import Serving, person, serving, until

pytestmark = pytest.mark.clock

PAGE = (Path(__file__).parent / "page.html").read_bytes()
EVIL = "evil.example"
FLAGS = (
    "--headless=new", "--no-sandbox", "--disable-gpu", "--disable-background-networking",
    "--disable-component-update", "--no-first-run", "--disable-dev-shm-usage",
    f"--host-resolver-rules=MAP {EVIL} 127.0.0.1, MAP * ~NOTFOUND, EXCLUDE 127.0.0.1",
)  # fmt: skip
"""A hostile page's own DNS answers with our address; no other name leads anywhere."""


class Pages(http.server.ThreadingHTTPServer):
    """Serves the page, and a frame with it in a sandbox; keeps what pages report."""

    daemon_threads = True

    def __init__(self, to: int) -> None:
        super().__init__(("127.0.0.1", 0), Handler)
        self.to = to
        self.reports: dict[str, dict[str, Any]] = {}

    def address(self, name: str, host: str = "127.0.0.1") -> str:
        port = self.server_address[1]
        home = f"http://127.0.0.1:{port}"
        return f"http://{host}:{port}/page?name={name}&port={self.to}&to={home}"


class Handler(http.server.BaseHTTPRequestHandler):
    server: Pages  # pyright: ignore[reportIncompatibleVariableOverride]

    def do_GET(self) -> None:
        body = PAGE
        if self.path.startswith("/frames"):
            evil, sandboxed = self.server.address("evil", EVIL), self.server.address("sandboxed")
            body = (
                f'<iframe src="{evil}"></iframe>'
                f'<iframe sandbox="allow-scripts" src="{sandboxed}"></iframe>'
                f'<iframe src="{self.server.address("own")}"></iframe>'
            ).encode()
        self.send_response(200)
        self.send_header("Content-Type", "text/html; charset=utf-8")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def do_POST(self) -> None:
        report = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        self.server.reports[report["name"]] = report
        self.send_response(204)
        self.end_headers()

    def log_message(self, format: str, *args: object) -> None:
        """Nothing."""


@contextmanager
def pages(to: int) -> Generator[Pages]:
    server = Pages(to)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    try:
        yield server
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


@contextmanager
def chromium(url: str, profile: Path) -> Generator[None]:
    """A browser without a window that looks at one page."""
    process = subprocess.Popen(
        ["chromium", *FLAGS, f"--user-data-dir={profile}", url],
        stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, start_new_session=True,
    )  # fmt: skip
    try:
        yield
    finally:
        os.killpg(process.pid, signal.SIGKILL)
        process.wait()


def answer(one: Serving) -> None:
    """What the desk does once the page has played: tells a value, and that somebody came."""
    until(lambda: one.desk.heard and any(p.listens for p in one.query.peers), "nothing was played")
    one.call(one.query.told, "/coupling", (0.625,))
    one.call(one.query.paths_changed, list(person("eve")), [])


def test_a_page_of_this_machine_plays_and_hostile_ones_get_nothing(tmp_path: Path) -> None:
    with serving() as one, pages(one.port) as server:
        port = server.server_address[1]
        with chromium(f"http://127.0.0.1:{port}/frames", tmp_path):
            answer(one)
            until(lambda: len(server.reports) == 3, f"only {list(server.reports)} reported")
    own, evil, sandboxed = (server.reports[n] for n in ("own", "evil", "sandboxed"))
    assert own["info"]["NAME"] == "Performer test"
    assert own["value"] == {"VALUE": [60.0]}
    coupling, told, came = own["played"]
    assert coupling[0] == told[0] == "/coupling"
    assert (round(coupling[1], 6), told[1]) == (0.3, 0.625)
    assert came == {"COMMAND": "PATH_ADDED", "DATA": "/participant/eve"}
    assert one.desk.heard == [("/resonance", (0.5,))]  # by our own page alone

    assert evil["origin"] == f"http://{EVIL}:{port}"
    assert sandboxed["origin"] == "null"
    for hostile in (evil, sandboxed):
        assert [hostile[k] for k in ("info", "value", "played")] == [
            "failed: TypeError", "failed: TypeError", "failed: error"
        ]  # fmt: skip
    assert evil["rebound"] == "failed: TypeError"
    reasons = "".join(reason for _, reason in one.desk.reasons)
    assert f"a web page of 'http://{EVIL}:{port}' may not" in reasons
    assert "a web page of 'null' may not" in reasons
