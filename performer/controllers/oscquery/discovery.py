"""Announces the desk by mDNS, so that controllers find it by name instead of by address.

`_oscjson._tcp` is OSCQuery's port and `_osc._udp` the one that OSC is sent to. Only the interface
that is listened on hears of it: a desk on loopback is announced on loopback.
"""

import asyncio
import contextlib
import ipaddress
import logging
import secrets

import ifaddr
from zeroconf import InterfaceChoice, IPVersion, ServiceInfo
from zeroconf.asyncio import AsyncZeroconf

log = logging.getLogger("performer.oscquery")

LOOK = 10.0  # s between two looks at the network
MOST_REASONS = 4  # that are logged in one night
LONGEST_NAME = 60  # bytes; DNS allows 63, and the third of that name gets "-3"


class Announcement:
    """Announces in the background for as long as it is open, anew when the network has changed.

    A laptop may find its Wi-Fi after the night has begun, or another one in the middle of it.
    """

    def __init__(self, name: str, host: str, port: int, osc_port: int) -> None:
        self.names: list[str] = []
        """What it is announced as, while it is; with a number behind if the name was taken."""
        self._host, self._port = host, port
        self._what = (name, host, port, osc_port, f"performer-{secrets.token_hex(4)}.local.")
        self._zeroconf: AsyncZeroconf | None = None
        self._said: set[str] = set()
        self._tried = asyncio.Event()
        self._task = asyncio.create_task(self._run())

    async def _run(self) -> None:
        seen: object = None
        while True:
            try:
                present = _adapters(self._host)
            except (OSError, ValueError):  # nobody knows: tried when nothing is announced
                present = seen
            if present != seen or not self.names:
                seen = present
                await self._announce()
            self._tried.set()
            await asyncio.sleep(LOOK)

    async def _announce(self) -> None:
        await self._take_back()
        try:
            self._zeroconf = zeroconf = _opened(self._host)
            query, osc = _services(*self._what)
            await _register(zeroconf, query)
            # under the name that this one was given: two desks that ask for one name at the same
            # time would sometimes both get it for the other service
            osc.name = query.name.removesuffix(query.type) + osc.type
            await _register(zeroconf, osc)
            self.names = [query.name, osc.name]
        except Exception as error:  # sockets, addresses, other people's names: the show goes on
            self._say(str(error) or type(error).__name__)

    def _say(self, reason: str) -> None:
        """Each reason once, and not more than a few: it is tried all night."""
        if reason in self._said or len(self._said) >= MOST_REASONS:
            return
        self._said.add(reason)
        log.warning(
            "not announced by mDNS (%s), trying again every %g s; controllers find OSCQuery at "
            "http://%s:%d", reason, LOOK, self._host, self._port,
        )  # fmt: skip

    async def done(self) -> None:
        """Waits until it is announced, or could not be at first."""
        await self._tried.wait()

    async def close(self) -> None:
        """Takes it back."""
        self._task.cancel()
        await asyncio.wait([self._task])
        await self._take_back()

    async def _take_back(self) -> None:
        self.names, zeroconf, self._zeroconf = [], self._zeroconf, None
        if zeroconf is not None:
            with contextlib.suppress(Exception):
                await zeroconf.async_close()


async def _register(zeroconf: AsyncZeroconf, service: ServiceInfo) -> None:
    # the first wait is for a name, the second until it has been told
    await (await zeroconf.async_register_service(service, allow_name_change=True))


def _opened(host: str) -> AsyncZeroconf:
    address = ipaddress.ip_address(host)
    version = IPVersion.V6Only if address.version == 6 else IPVersion.V4Only
    if address.is_unspecified:
        return AsyncZeroconf(interfaces=InterfaceChoice.All, ip_version=version)
    return AsyncZeroconf(interfaces=[host], ip_version=version)


def _services(name: str, host: str, port: int, osc_port: int, server: str) -> list[ServiceInfo]:
    """Both services under one name of `server`, a host that is ours alone."""
    label = name.encode()[:LONGEST_NAME].decode(errors="ignore").replace(".", " ")
    return [
        ServiceInfo(
            kind, f"{label}.{kind}", port=at, properties={"txtvers": "1"}, server=server,
            parsed_addresses=_addresses(host),
        )
        for kind, at in (("_oscjson._tcp.local.", port), ("_osc._udp.local.", osc_port))
    ]  # fmt: skip


def _addresses(host: str) -> list[str]:
    """Where clients can reach a socket that is bound to `host`."""
    bound = ipaddress.ip_address(host)
    if not bound.is_unspecified:
        return [host]
    outside = [a for a in _adapters(host) if not ipaddress.ip_address(a).is_loopback]
    return outside or ["::1" if bound.version == 6 else "127.0.0.1"]


def _adapters(host: str) -> list[str]:
    """The addresses of this machine that a socket bound to `host` is reached at, in order."""
    bound = ipaddress.ip_address(host)
    ips = [ip for adapter in ifaddr.get_adapters() for ip in adapter.ips]
    # an IPv6 address comes with its flow and scope
    found = [ipaddress.ip_address(ip.ip[0] if isinstance(ip.ip, tuple) else ip.ip) for ip in ips]
    mine = {a for a in found if a.version == bound.version and (bound.is_unspecified or a == bound)}
    return [str(a) for a in sorted(mine, key=int)]
