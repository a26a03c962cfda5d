"""npm's osc-js, as web controllers use it: over UDP to the OSC port, over WebSocket to OSCQuery."""

import json
import shutil
import subprocess
from pathlib import Path

import pytest

from performer.controllers.osc import Intake, opened
from tests.controllers.oscquery.serving import LONG, serving, until

pytestmark = pytest.mark.clock
VERSION = "2.4.1"

SCRIPT = """
const OSC = require("osc-js");
const [udp, tcp] = process.argv.slice(2).map(Number);
const host = "127.0.0.1";
const told = [];
const hear = (osc, way) => osc.on("/coupling", ({ args }) => {
  told.push([way, args[0]]);
  if (told.length < 2) return;
  process.stdout.write(JSON.stringify(told), () => process.exit(0));
});

const plain = new OSC({ plugin: new OSC.DatagramPlugin({
  open: { host, port: 0 }, send: { host, port: udp } }) });
hear(plain, "udp");
plain.on("open", () => {
  plain.send(new OSC.Message("/resonance", 0.5));
  plain.send(new OSC.Bundle([
    new OSC.Message("/freeze", true), new OSC.Message("/participant/ada/join", "Ada"),
    new OSC.Message("/participant/ada/feeling", 0.25, -0.5)]));
  plain.send(new OSC.Message("/cue/go", 3));
});
plain.open();

const web = new OSC({ plugin: new OSC.WebsocketClientPlugin({ host, port: tcp }) });
hear(web, "ws");
web.on("open", () => web.send(new OSC.Message("/brightness", 0.75)));
web.open();
"""


def installed(folder: Path) -> Path:
    """A folder in which node finds osc-js; nothing of it runs while it is installed."""
    npm = shutil.which("npm")
    assert npm is not None, "npm is missing; .ci/system installs it"
    subprocess.run(
        [npm, "install", "--prefix", folder, "--ignore-scripts", "--no-audit", "--no-fund",
         "--prefer-offline", "--loglevel", "error", f"osc-js@{VERSION}"],
        check=True, timeout=120, stdout=subprocess.DEVNULL, cwd=folder,
    )  # fmt: skip
    return folder


def test_osc_js_plays_over_udp_and_websocket_and_is_told(tmp_path: Path) -> None:
    script = installed(tmp_path) / "client.js"
    script.write_text(SCRIPT)
    with serving() as one, opened("127.0.0.1", 0) as udp:
        intake = one.call(Intake, udp, one.desk)
        client = subprocess.Popen(
            ["node", script, str(udp.getsockname()[1]), str(one.port)],
            stdout=subprocess.PIPE, cwd=tmp_path,
        )  # fmt: skip
        try:
            until(lambda: len(one.desk.played) == 6)
            senders = {s.key.split()[0]: s for s, _, _ in one.desk.played}
            one.call(senders["udp"].reply, "/coupling", (0.5,))
            until(lambda: len(one.query.peers) == 1)
            one.call(senders["ws"].reply, "/coupling", (0.25,))
            told, _ = client.communicate(timeout=LONG)
        finally:
            client.kill()
            client.wait()
            one.call(intake.close)
    assert sorted(json.loads(told)) == [["udp", 0.5], ["ws", 0.25]]
    by_udp = [(a, args) for s, a, args in one.desk.played if s.key.startswith("udp")]
    assert by_udp == [
        ("/resonance", (0.5,)), ("/freeze", (True,)), ("/participant/ada/join", ("Ada",)),
        ("/participant/ada/feeling", (0.25, -0.5)), ("/cue/go", (3,)),
    ]  # fmt: skip
    assert [(a, g) for s, a, g in one.desk.played if s.key.startswith("ws")] == [
        ("/brightness", (0.75,))
    ]
    assert not one.desk.refused
