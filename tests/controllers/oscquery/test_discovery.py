"""Found by name: mDNS on loopback, and PyPI's python-oscquery client that finds, reads and sets."""

import asyncio
import functools
import logging
import socket
import time
from collections.abc import Iterator
from typing import cast

import pytest
from pythonoscquery import osc_query_browser
from pythonoscquery.osc_query_browser import OSCQueryBrowser
from pythonoscquery.osc_query_client import OSCQueryClient
from zeroconf import ServiceInfo, Zeroconf

from performer.controllers.osc import Intake, encoded, opened
from performer.controllers.oscquery import discovery
from performer.controllers.oscquery.discovery import Announcement
from tests.controllers.oscquery.serving import CONSENTS, LONG, Serving, serving, until

pytestmark = pytest.mark.clock  # names are announced in their own time
NAME = "Performer oscquery.test"  # a dot parts labels in DNS


@pytest.fixture(scope="module")
def osc() -> Iterator[tuple[Serving, Serving]]:
    """Two desks of one name, the first with a real OSC port."""
    with opened("127.0.0.1", 0) as udp:
        port = int(udp.getsockname()[1])
        with serving(True, port, name=NAME) as one, serving(True, 7009, name=NAME) as two:
            intake = one.call(Intake, udp, one.desk)
            yield one, two
            one.call(intake.close)


@pytest.fixture(scope="module")
def browser(osc: tuple[Serving, Serving]) -> Iterator[OSCQueryBrowser]:
    """The client's browser, kept on loopback: a test asks nothing of anybody else's network."""
    with pytest.MonkeyPatch.context() as patch:
        local = functools.partial(Zeroconf, interfaces=["127.0.0.1"])
        patch.setattr(osc_query_browser, "Zeroconf", local)
        found = OSCQueryBrowser()
    until(lambda: all(ours(found, one) for one in osc), "both are found")
    yield found
    found.zc.close()


def queries(browser: OSCQueryBrowser) -> list[ServiceInfo]:
    """The OSCQuery services that were found."""
    found = cast(list[ServiceInfo | None], browser.get_discovered_oscquery())
    return [s for s in found if s is not None]


def ours(browser: OSCQueryBrowser, one: Serving) -> str:
    """The full name under which a server's port was found; empty if it was not yet."""
    return next((s.name for s in queries(browser) if s.port == one.port), "")


def test_a_client_discovers_reads_and_sets(
    osc: tuple[Serving, Serving], browser: OSCQueryBrowser
) -> None:
    one, _ = osc
    [service] = [s for s in queries(browser) if s.port == one.port]
    client = OSCQueryClient(service)
    info = client.get_host_info()
    assert info is not None
    assert info.name == NAME
    node = client.query_node("/resonance")
    assert node is not None
    assert (node.value, node.access) == ([0.35], 3)
    assert client.query_node("/nowhere") is None
    consent = client.query_node("/participant/ada/consent")
    assert consent is not None
    assert (consent.value, consent.access) == ([*CONSENTS], 3)
    look = client.query_node("/look")
    assert look is not None
    assert "/look/energy" in [n.full_path for n in look.contents]
    assert (info.osc_ip, info.osc_port) == ("127.0.0.1", one.query.osc_port)
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as sender:
        sender.sendto(encoded(node.full_path, [0.75]), (info.osc_ip, one.query.osc_port))
    until(lambda: one.desk.heard)
    assert one.desk.heard == [("/resonance", (0.75,))]


def test_names_are_told_apart_and_osc_is_announced_too(
    osc: tuple[Serving, Serving], browser: OSCQueryBrowser
) -> None:
    names = {ours(browser, one) for one in osc}
    assert len(names) == 2
    assert all(name.startswith("Performer oscquery test") for name in names)
    ports = {one.query.osc_port for one in osc}

    def found() -> set[int | None]:
        services = cast(list[ServiceInfo | None], browser.get_discovered_osc())
        return {s.port for s in services if s is not None}

    until(lambda: found() >= ports)  # other nights of this machine may be there too
    for service in queries(browser):
        assert service.parsed_addresses() == ["127.0.0.1"]


def test_it_is_taken_back_at_the_end(browser: OSCQueryBrowser) -> None:
    with serving(True, 7010, name="Performer short") as short:
        until(lambda: ours(browser, short))
        assert short.query._announcement is not None  # pyright: ignore[reportPrivateUsage]
    until(lambda: not ours(browser, short))


def test_no_network_is_one_line_and_the_show_goes_on(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def broken(host: str) -> None:
        raise OSError(f"no network for {host}")

    monkeypatch.setattr(discovery, "_opened", broken)
    with caplog.at_level(logging.WARNING), serving(True) as one:
        end = time.monotonic() + LONG
        while not caplog.records and time.monotonic() < end:
            time.sleep(0.01)
        assert one.json("/resonance?VALUE") == {"VALUE": [0.35]}
    [record] = caplog.records
    assert "not announced by mDNS (no network for 127.0.0.1), trying again" in record.message
    assert f"http://127.0.0.1:{one.port}" in record.message


class Closing:
    """What a test has of AsyncZeroconf."""

    closed = False

    async def async_close(self) -> None:
        self.closed = True


def test_a_network_that_comes_or_changes_is_announced_on(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    """Refused twice, then there; then another address. What stays is left alone."""
    there: list[list[str]] = [["10.0.0.4"]]
    opened: list[Closing] = []

    def tried(host: str) -> Closing:
        opened.append(Closing())
        if len(opened) <= 2:
            raise OSError("Network is unreachable")
        return opened[-1]

    def adapters(host: str) -> list[str]:
        return there[-1]

    async def registered(zeroconf: object, service: ServiceInfo) -> None: ...

    monkeypatch.setattr(discovery, "LOOK", 0.001)
    monkeypatch.setattr(discovery, "_adapters", adapters)
    monkeypatch.setattr(discovery, "_opened", tried)
    monkeypatch.setattr(discovery, "_register", registered)

    async def night() -> None:
        one = Announcement("Performer late", "0.0.0.0", 7080, 7000)
        await one.done()
        assert one.names == []
        while not one.names:
            await asyncio.sleep(0.001)
        await asyncio.sleep(0.05)
        assert len(opened) == 3
        there.append(["10.0.0.9"])
        while len(opened) < 4:
            await asyncio.sleep(0.001)
        assert opened[2].closed
        await one.close()
        assert opened[3].closed

    with caplog.at_level(logging.WARNING):
        asyncio.run(asyncio.wait_for(night(), LONG))
    assert len(caplog.records) == 1, "each reason once"


@pytest.mark.parametrize(
    ("bound", "loopback"), [("127.0.0.1", True), ("::1", True), ("0.0.0.0", None), ("::", None)]
)
def test_what_is_announced_is_what_is_bound(bound: str, loopback: bool | None) -> None:
    addresses = discovery._addresses(bound)  # pyright: ignore[reportPrivateUsage]
    assert addresses
    assert not {"0.0.0.0", "::"} & set(addresses)
    if loopback:
        assert addresses == [bound]
    assert all((":" in a) == (":" in bound) for a in addresses)


def test_a_long_name_is_cut_between_letters() -> None:
    [query, osc] = discovery._services(  # pyright: ignore[reportPrivateUsage]
        "Performer " + "ü" * 60, "127.0.0.1", 7080, 7000, "performer-x.local."
    )
    assert (query.port, osc.port) == (7080, 7000)
    assert query.server == osc.server
    label = query.name.removesuffix("._oscjson._tcp.local.")
    assert label == "Performer " + "ü" * 25


def test_announcement_is_closed_before_it_was_made() -> None:
    async def short() -> list[str]:
        one = Announcement("Performer hasty", "127.0.0.1", 7080, 7000)
        await asyncio.sleep(0)
        await one.close()
        return one.names

    assert asyncio.run(short()) == []
