"""OSCQuery for hosts that have nothing but a token: what each role sees and plays, and guesses.

The server and the desk are the real ones; that loopback is trusted is switched off.
"""

import json
import socket
from collections.abc import Iterator
from urllib.parse import quote

import pytest
from websockets.datastructures import Headers
from websockets.exceptions import InvalidStatus
from websockets.http11 import Request
from websockets.sync.client import ClientConnection, connect

from performer.controllers.access import RATES
from performer.controllers.osc import encoded
from performer.controllers.oscquery.gate import MOST_OF_A_HOST
from performer.controllers.oscquery.tokens import token_of, without_token
from performer.controllers.throttle import MINUTE, MOST_WRONG
from performer.parameters import TREE, Role
from tests.circle.circles import send
from tests.controllers.oscquery.serving import LONG, Serving, serving, until
from tests.controllers.players import Told
from tests.desk.test_desk import Scene, scene

__all__ = ["scene"]  # the fixture

ARCHITECT, OWN, WRONG = "the architect of this night", "the first one's own words", "no such token"


@pytest.fixture
def one(scene: Scene, monkeypatch: pytest.MonkeyPatch) -> Iterator[Serving]:
    def never(host: str) -> bool:
        return False

    monkeypatch.setattr(scene.desk.access, "trusts", never)
    with serving(player=scene.desk) as served:
        scene.desk.query = served.query
        yield served


def joined(one: Serving, token: str, path: str = "/") -> ClientConnection:
    """A WebSocket that says a token as browsers have to."""
    return connect(f"ws://127.0.0.1:{one.port}{path}?token={quote(token)}", compression=None)


def got(one: Serving, target: str, token: str) -> tuple[int, bytes]:
    """Status and body of a GET with a token in its header."""
    status, body, _ = one.get(target, Authorization=f"Bearer {token}")
    return status, body


def base(scene: Scene, address: str) -> float:
    return float(scene.circle.base[TREE.index[address]])


@pytest.mark.parametrize(
    ("path", "headers", "token", "rest"),
    [
        ("/", {}, None, "/"),
        ("/?VALUE", {}, None, "/?VALUE"),
        ("/?token=a%20b", {}, "a b", "/"),
        ("/x?VALUE&token=a+b&TYPE", {}, "a+b", "/x?VALUE&TYPE"),
        ("/?token=a", {"Authorization": "bearer b "}, "b", "/"),
        ("/?token=a", {"Authorization": "Basic b"}, "a", "/"),
        ("/?token=", {}, "", "/"),
        ("/?tokens=a", {}, None, "/?tokens=a"),
    ],
)
def test_a_token_is_read_from_a_header_or_from_what_is_asked(
    path: str, headers: dict[str, str], token: str | None, rest: str
) -> None:
    assert token_of(Request(path, Headers(headers))) == token
    assert without_token(path) == rest


def test_who_says_no_token_sees_and_plays_nothing(one: Serving, scene: Scene) -> None:
    for target in ("/", "/?HOST_INFO", "/resonance?VALUE"):
        status, body, headers = one.get(target)
        assert (status, headers["www-authenticate"]) == (401, "Bearer")
        assert b"say who you are" in body
    with pytest.raises(InvalidStatus) as refused:
        one.socket()
    assert refused.value.response.status_code == 401
    assert scene.desk.refusals.total == 4


def test_an_architects_token_sees_and_plays_everything(one: Serving, scene: Scene) -> None:
    status, body = got(one, "/", ARCHITECT)
    assert status == 200
    assert len(json.loads(body)["CONTENTS"]["participant"]["CONTENTS"]) == 3
    status, body, _ = one.get(f"/resonance?ACCESS&token={quote(ARCHITECT)}")
    assert (status, body) == (200, b'{"ACCESS":3}')
    with joined(one, ARCHITECT) as ws:
        ws.send(encoded("/resonance", [0.75]))
        until(lambda: scene.desk.pending.values)
        one.call(scene.step)
        assert base(scene, "/resonance") == 0.75
        ws.send("/?HOST_INFO")
        assert json.loads(ws.recv(LONG))["OSC_PORT"] == 7000
    until(lambda: not one.query.peers)


def test_a_token_is_for_one_connection(one: Serving, scene: Scene) -> None:
    with joined(one, ARCHITECT) as ws:
        port = ws.local_address[1]
        until(lambda: one.query.peers)
        assert scene.desk.known(Told(f"ws 127.0.0.1:{port}"))
    until(lambda: not scene.desk.known(Told(f"ws 127.0.0.1:{port}")))
    assert got(one, "/resonance?VALUE", ARCHITECT)[0] == 200
    assert one.get("/resonance?VALUE")[0] == 401


def test_wrong_tokens_are_few_and_count_together_with_those_of_osc(
    one: Serving, scene: Scene
) -> None:
    for n in range(MOST_WRONG - 1):
        assert got(one, "/", f"{WRONG} {n}") == (401, b"that is nobody's token\n")
    phone = Told("udp 127.0.0.1:5000")
    one.call(scene.desk.play, phone, "/auth", [WRONG])
    assert "nobody's token" in str(phone.told)
    status, body = got(one, "/", ARCHITECT)
    assert status == 401
    assert b"5 wrong tokens came from there; wait 60 s" in body, "not even a right one is looked at"
    with pytest.raises(InvalidStatus):
        joined(one, ARCHITECT)
    scene.clock += MINUTE
    assert got(one, "/", ARCHITECT)[0] == 200


def test_a_participants_token_sees_nobody_else(one: Serving) -> None:
    tree = json.loads(got(one, "/", OWN)[1])["CONTENTS"]
    assert list(tree["participant"]["CONTENTS"]) == ["sim-1"]
    assert got(one, "/participant/sim-2", OWN)[0] == 404
    assert got(one, "/participant/sim-2/feeling?VALUE", OWN)[0] == 404
    found = json.loads(got(one, "/participant?CONTENTS", OWN)[1])
    assert list(found["CONTENTS"]) == ["sim-1"]
    own = tree["participant"]["CONTENTS"]["sim-1"]["CONTENTS"]
    assert (own["cap"]["ACCESS"], own["solo"]["ACCESS"]) == (3, 1), "solo is for architects"
    assert (tree["resonance"]["ACCESS"], tree["panic"]["ACCESS"]) == (1, 0)
    assert tree["resonance"]["VALUE"]
    assert got(one, "/resonance?ACCESS", OWN) == (200, b'{"ACCESS":1}')


def test_a_participants_token_plays_and_hears_nobody_else(one: Serving, scene: Scene) -> None:
    with joined(one, OWN) as ws:
        for address, args in (("/participant/sim-2/cap", [0.5]), ("/resonance", [0.9]),
                              ("/participant/sim-1/solo", [1]), ("/go", [])):  # fmt: skip
            ws.send(encoded(address, args))
            assert ws.recv(LONG).startswith(b"/refused")  # type: ignore[arg-type]
        for address in ("/participant/sim-2/feeling", "/participant/sim-1/cap"):
            ws.send(json.dumps({"COMMAND": "LISTEN", "DATA": address}))
        assert ws.recv(LONG) == encoded("/participant/sim-1/cap", [1.0])
        one.call(scene.desk.tell, "/participant/sim-2/feeling", (0.5, 0.5))
        one.call(send, scene.circle, "/participant/ada/join")
        one.call(scene.step)
        ws.send(encoded("/participant/sim-1/cap", [0.25]))
        until(lambda: scene.desk.pending.values)
        one.call(scene.step)
        ws.send(encoded("/participant/sim-1/cap", []))
        assert ws.recv(LONG) == encoded("/participant/sim-1/cap", [0.25]), "nothing came between"
    assert [float(cap) for cap in scene.circle.people.cap[:3]] == [0.25, 1.0, 1.0]
    assert base(scene, "/resonance") != 0.9
    assert not scene.circle.people.solo.any()


def test_a_participants_questions_are_as_many_as_their_state_dumps(one: Serving) -> None:
    with joined(one, OWN) as ws:
        burst = round(RATES[Role.PARTICIPANT][1])
        for n in range(burst + 1):
            ws.send("/resonance?VALUE")
            said = ws.recv(LONG)
            assert ("too many" in str(said)) == (n == burst)
    # each GET is another sender, but a host's seventeenth draws on what its others have left
    answers = {got(one, "/resonance?VALUE", OWN)[0] for _ in range(2 * burst * MOST_OF_A_HOST)}
    assert answers == {200, 429}


def test_a_host_without_a_token_holds_few_connections(one: Serving, scene: Scene) -> None:
    held = [socket.create_connection(("127.0.0.1", one.port), LONG) for _ in range(MOST_OF_A_HOST)]
    try:
        with socket.create_connection(("127.0.0.1", one.port), LONG) as late:
            assert late.recv(1) == b""
    finally:
        for each in held:
            each.close()
    assert scene.desk.refusals.total == 1
    until(lambda: got(one, "/resonance?VALUE", ARCHITECT)[0] == 200)
