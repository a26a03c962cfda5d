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

LONGEST_NAME = 60  # bytes; DNS allows 63, and the third of that name gets "-3"


class Announcement:
    """Announces in the background for as long as it is open. No network is one line in the log."""

    def __init__(self, name: str, host: str, port: int, osc_port: int) -> None:
        self.names: list[str] = []
        """What it is announced as, once it is; with a number behind if the name was taken."""
        self._zeroconf: AsyncZeroconf | None = None
        self._task = asyncio.create_task(self._announce(name, host, port, osc_port))

    async def _announce(self, name: str, host: str, port: int, osc_port: int) -> None:
        try:
            self._zeroconf = zeroconf = _opened(host)
            services = _services(name, host, port, osc_port)
            await asyncio.gather(*(_register(zeroconf, s) for s in services))
            self.names = [s.name for s in services]
        except Exception as error:  # sockets, addresses, other people's names: the show goes on
            log.warning(
                "not announced by mDNS (%s); controllers find OSCQuery at http://%s:%d",
                error or type(error).__name__, host, port,
            )  # fmt: skip

    async def done(self) -> None:
        """Waits until it is announced, or cannot be."""
        await asyncio.wait([self._task])

    async def close(self) -> None:
        """Takes it back."""
        self._task.cancel()
        await self.done()
        if self._zeroconf is not None:
            with contextlib.suppress(Exception):
                await self._zeroconf.async_close()


async def _register(zeroconf: AsyncZeroconf, service: ServiceInfo) -> None:
    # the first wait is for a name, the second until it has been told
    await (await zeroconf.async_register_service(service, allow_name_change=True))


def _opened(host: str) -> AsyncZeroconf:
    address = ipaddress.ip_address(host)
    version = IPVersion.V6Only if address.version == 6 else IPVersion.V4Only
    if address.is_unspecified:
        return AsyncZeroconf(interfaces=InterfaceChoice.All, ip_version=version)
    return AsyncZeroconf(interfaces=[host], ip_version=version)


def _services(name: str, host: str, port: int, osc_port: int) -> list[ServiceInfo]:
    """Both services under one name of a host that is ours alone."""
    label = name.encode()[:LONGEST_NAME].decode(errors="ignore").replace(".", " ")
    server = f"performer-{secrets.token_hex(4)}.local."
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
    ips = [ip for adapter in ifaddr.get_adapters() for ip in adapter.ips]
    # an IPv6 address comes with its flow and scope
    found = [ipaddress.ip_address(ip.ip[0] if isinstance(ip.ip, tuple) else ip.ip) for ip in ips]
    outside = [str(a) for a in found if a.version == bound.version and not a.is_loopback]
    return outside or ["::1" if bound.version == 6 else "127.0.0.1"]
