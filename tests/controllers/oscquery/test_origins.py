"""Which web pages may play: those of this machine, and no hostile one in another tab."""

from collections.abc import Iterator

import pytest
from websockets.exceptions import InvalidStatus

from performer.controllers.oscquery.origins import host_may, origin_may
from tests.controllers.oscquery.serving import Serving, serving

OTHER = "https://console.example"


@pytest.fixture(scope="module")
def one() -> Iterator[Serving]:
    with serving(origins=[OTHER]) as served:
        yield served


@pytest.mark.parametrize(
    ("origin", "host", "may"),
    [
        (None, "127.0.0.1:7080", True),
        ("http://localhost:3000", "127.0.0.1:7080", True),
        ("http://127.0.0.1:8080", "127.0.0.1:7080", True),
        ("http://[::1]:8080", "[::1]:7080", True),
        ("https://10.0.0.4", "10.0.0.4:7080", True),
        ("http://performer.local:8080", "performer.local:7080", True),
        ("http://PERFORMER.local", "performer.LOCAL:7080", True),
        ("file://", "127.0.0.1:7080", True),
        (OTHER, "127.0.0.1:7080", True),
        ("http://console.example", "127.0.0.1:7080", False),
        ("https://evil.example", "127.0.0.1:7080", False),
        ("https://127.0.0.1.evil.example", "127.0.0.1:7080", False),
        ("https://localhost.evil.example", "127.0.0.1:7080", False),
        ("http://10.0.0.9", "10.0.0.4:7080", False),
        ("null", "127.0.0.1:7080", False),  # a sandboxed frame of any page
        ("", "127.0.0.1:7080", False),
        ("http://[", "127.0.0.1:7080", False),
        ("http://10.0.0.4", None, False),
    ],
)
def test_origins(origin: str | None, host: str | None, may: bool) -> None:
    assert origin_may(origin, host, {OTHER}) is may


@pytest.mark.parametrize(
    ("host", "may"),
    [
        (None, True), ("127.0.0.1:7080", True), ("[::1]:7080", True), ("192.168.1.4", True),
        ("localhost:7080", True), ("performer.local:7080", True), ("studio", True),
        ("studio.lan:7080", True), ("evil.example:7080", False), ("", False), ("[", False),
        ("127.0.0.1.evil.example", False), ("evil.local.example", False),
    ],
)  # fmt: skip
def test_hosts(host: str | None, may: bool) -> None:
    assert host_may(host) is may


@pytest.mark.parametrize("origin", ["https://evil.example", "null"])
def test_a_hostile_page_can_neither_play_nor_listen_nor_read(one: Serving, origin: str) -> None:
    one.desk.clear()
    with pytest.raises(InvalidStatus) as refused:
        one.socket(origin=origin)
    assert refused.value.response.status_code == 403
    assert one.desk.reasons == [("", f"a web page of {origin!r} may not talk to the desk")]
    status, _, headers = one.get("/", Origin=origin)
    assert status == 200
    assert "access-control-allow-origin" not in headers  # so the browser keeps it from the page


def test_a_page_of_our_own_may(one: Serving) -> None:
    for origin in ("http://localhost:8080", OTHER):
        with one.socket(origin=origin):
            pass
        _, _, headers = one.get("/", Origin=origin)
        assert headers["access-control-allow-origin"] == origin
        assert headers["vary"] == "Origin"
    assert "access-control-allow-origin" not in one.get("/")[2]


def test_a_name_that_somebody_elses_dns_points_at_us_is_refused(one: Serving) -> None:
    """Rebinding: the page and the address that it asks have the same origin."""
    one.desk.clear()
    status, body, _ = one.get("/", Host=f"evil.example:{one.port}")
    assert status == 403
    assert b"resonance" not in body
    assert len(one.desk.refused) == 1
