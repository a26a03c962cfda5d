"""OSCQuery by plain HTTP: the tree, its attributes, and what is answered to what is not there."""

import contextlib
import math
import socket
from collections.abc import Iterator

import pytest

from performer.errors import DeviceError
from tests.controllers.oscquery.serving import LONG, Node, Serving, person, serving


@pytest.fixture(scope="module")
def one() -> Iterator[Serving]:
    with serving() as served:
        yield served


def test_host_info_says_where_osc_goes_and_only_what_is_true(one: Serving) -> None:
    info = one.json("/?HOST_INFO")
    assert info["NAME"] == "Performer test"
    assert (info["OSC_IP"], info["OSC_PORT"], info["OSC_TRANSPORT"]) == ("127.0.0.1", 7000, "UDP")
    assert "WS_PORT" not in info  # the same one
    extensions = info["EXTENSIONS"]
    assert all(extensions.values())
    assert {"LISTEN", "PATH_ADDED", "PATH_REMOVED", "VALUE", "RANGE"} <= extensions.keys()
    assert not {"TAGS", "CLIPMODE", "PATH_RENAMED"} & extensions.keys()
    assert one.json("/look/energy?HOST_INFO") == info


def test_a_node_of_the_tree_says_everything_about_itself(one: Serving) -> None:
    assert one.json("/sound/offset") == {
        "FULL_PATH": "/sound/offset",
        "DESCRIPTION": "How long the sound comes after its picture.",
        "TYPE": "f", "RANGE": [{"MIN": 0.0, "MAX": 500.0}], "UNIT": ["time.ms"],
        "ACCESS": 3, "VALUE": [0.0],
    }  # fmt: skip
    feeling = one.json("/participant/ada/feeling")
    assert (feeling["TYPE"], feeling["VALUE"]) == ("ff", [0.25, -0.5])
    assert feeling["RANGE"] == [{"MIN": -1.0, "MAX": 1.0}] * 2


def test_the_root_holds_everything_the_player_knows(one: Serving) -> None:
    found: dict[str, Node] = {}

    def walk(node: Node) -> None:
        found[node["FULL_PATH"]] = node
        contents: dict[str, Node] = node.get("CONTENTS", {})
        for name, child in contents.items():
            assert child["FULL_PATH"].endswith("/" + name)
            walk(child)

    walk(one.json("/"))
    assert {p for p, n in found.items() if "TYPE" in n} == set(one.desk.addresses())
    for address, values in one.desk.values.items():
        assert found[address]["VALUE"] == list(values)
    assert found["/look"].keys() == {"FULL_PATH", "ACCESS", "CONTENTS"}
    assert found["/look"]["ACCESS"] == 0


def test_a_node_may_have_a_value_and_contents(one: Serving) -> None:
    tempo = one.json("/tempo")
    assert tempo["VALUE"] == [60.0]
    assert tempo["CONTENTS"]["source"]["ACCESS"] == 1
    one.desk.values["/preset"] = ("luna",)
    preset = one.json("/preset")
    assert preset["VALUE"] == ["luna", 4.0]  # one for each letter of TYPE
    assert (preset["TYPE"], preset["ACCESS"], preset["CRITICAL"]) == ("sf", 3, True)
    assert preset["RANGE"] == [None, {"MIN": 0.0, "MAX": 600.0}]
    del one.desk.values["/preset"]
    assert one.json("/preset")["ACCESS"] == 2


@pytest.mark.parametrize(
    ("target", "status", "body"),
    [
        ("/resonance?VALUE", 200, b'{"VALUE":[0.35]}'),
        ("/resonance?TYPE", 200, b'{"TYPE":"f"}'),
        ("/resonance?ACCESS", 200, b'{"ACCESS":3}'),
        ("/look?ACCESS", 200, b'{"ACCESS":0}'),
        ("/tempo/source?ACCESS", 200, b'{"ACCESS":1}'),
        ("/cue/go?ACCESS", 200, b'{"ACCESS":2}'),
        ("/freeze?RANGE", 200, b'{"RANGE":[{"MIN":0,"MAX":1}]}'),
        ("/palette/hue?UNIT", 200, b'{"UNIT":["angle.degree"]}'),
        ("/panic?CRITICAL", 200, b'{"CRITICAL":true}'),
        ("/look/energy?FULL_PATH", 200, b'{"FULL_PATH":"/look/energy"}'),
        ("/resonance?TYPE&VALUE", 200, b'{"TYPE":"f","VALUE":[0.35]}'),
        ("/look/energy/?VALUE", 200, b'{"VALUE":[0.35]}'),
        ("/%6Cook/energy?VALUE", 200, b'{"VALUE":[0.35]}'),
        ("/cue/go?VALUE", 204, b""),
        ("/look?VALUE", 204, b""),
        ("/look?TYPE", 204, b""),
        ("/resonance?UNIT", 204, b""),
        ("/resonance?CONTENTS", 204, b""),
        ("/resonance?CLIPMODE", 204, b""),
        ("/resonanc", 404, b"there is no such address\n"),
        ("/look/energy/more", 404, b"there is no such address\n"),
        ("/participant/eve/solo?VALUE", 404, b"there is no such address\n"),
        ("//", 200, None),
        ("/%ff%00", 404, b"there is no such address\n"),
        ("/resonance?LOUDNESS", 400, b"'LOUDNESS' is no attribute\n"),
        ("/nowhere?LOUDNESS", 400, b"'LOUDNESS' is no attribute\n"),
        ("/resonance?&", 400, b"'' is no attribute\n"),
        ("/look/?", 200, None),
    ],
)
def test_queries_and_their_errors(
    one: Serving, target: str, status: int, body: bytes | None
) -> None:
    found, said, headers = one.get(target)
    assert found == status
    assert body is None or said == body
    if status == 200:
        assert headers["content-type"] == "application/json"


def test_what_is_no_number_never_reaches_json(one: Serving) -> None:
    one.desk.values["/resonance"] = (math.nan,)
    one.desk.values["/participant/ada/feeling"] = (math.inf, -math.inf)
    try:
        assert one.json("/resonance?VALUE") == {"VALUE": [None]}
        people = one.json("/")["CONTENTS"]["participant"]["CONTENTS"]
        assert people["ada"]["CONTENTS"]["feeling"]["VALUE"] == [None, None]
    finally:
        one.desk.values.update({"/resonance": (0.35,), **person("ada")})


def test_a_fault_of_our_own_is_logged_and_the_server_stays(
    one: Serving, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(address: str) -> None:
        raise RuntimeError(address)

    monkeypatch.setattr(one.desk, "read", broken)
    assert one.get("/resonance?VALUE")[:2] == (500, b"see the log\n")
    assert [r.message for r in caplog.records] == ["OSCQuery cannot answer /resonance?VALUE"]
    monkeypatch.undo()
    assert one.json("/resonance?VALUE") == {"VALUE": [0.35]}


def test_only_get_is_served(one: Serving) -> None:
    for method in ("POST", "PUT", "DELETE", "HEAD", "OPTIONS"):
        status, _, headers = one.request(method, "/resonance", {"Content-Length": "0"})
        assert (status, headers["allow"]) == (405, "GET")


def test_a_tree_of_256_people_comes_whole(one: Serving) -> None:
    many = [a for n in range(256) for a in person(f"sim-{n}")]
    try:
        one.call(one.query.paths_changed, many, [])
        people = one.json("/participant")["CONTENTS"]
        assert len(people) == 257
        assert people["sim-255"]["CONTENTS"]["feeling"]["TYPE"] == "ff"
    finally:
        one.call(one.query.paths_changed, [], many)
    assert len(one.json("/participant")["CONTENTS"]) == 1


def test_a_port_in_use_says_which_option_chooses_another(one: Serving) -> None:
    import asyncio

    from performer.controllers.oscquery import OscQuery

    second = OscQuery(one.desk, "127.0.0.1", one.port, 7000, "Performer")
    with pytest.raises(DeviceError, match=f"TCP {one.port}: .*--oscquery-port chooses another"):
        asyncio.run(second.start())
    asyncio.run(second.close())


def test_a_host_that_may_not_is_refused_before_it_has_asked_anything(one: Serving) -> None:
    one.desk.clear()
    may = one.desk.may
    one.desk.may = lambda host: False  # type: ignore[method-assign]
    try:
        with (
            socket.create_connection(("127.0.0.1", one.port), timeout=LONG) as client,
            contextlib.suppress(ConnectionError),  # cut off, or closed
        ):
            client.sendall(b"GET / HTTP/1.1\r\n\r\n")
            assert client.recv(100) == b""
    finally:
        one.desk.may = may  # type: ignore[method-assign]
    assert one.desk.reasons == [("", "127.0.0.1 is not on the list of --allow")]
