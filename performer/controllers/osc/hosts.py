"""Hosts as OSC's sockets see them: given by people, and read from a peer's address."""

import ipaddress
import socket

from performer.errors import DeviceError

Peer = tuple[str, int] | tuple[str, int, int, int]
"""Where something came from, as sockets name it for IPv4 and IPv6."""


def address_of(host: str) -> ipaddress.IPv4Address | ipaddress.IPv6Address:
    """A host as an address; `localhost` counts. DeviceError for names."""
    try:
        return ipaddress.ip_address("127.0.0.1" if host == "localhost" else host)
    except ValueError:
        raise DeviceError(f"--osc-host must be an IP address, found {host!r}") from None


def family(host: str) -> socket.AddressFamily:
    """What kind of socket reaches a host; DeviceError for names."""
    return socket.AF_INET6 if address_of(host).version == 6 else socket.AF_INET


def plain(host: str) -> str:
    """A peer's host without its scope, and as IPv4 if an IPv6 socket only wrapped it."""
    address = ipaddress.ip_address(host.split("%")[0])
    mapped = address.ipv4_mapped if address.version == 6 else None
    return str(mapped or address)


def key(kind: str, host: str, port: int) -> str:
    """`udp 10.0.0.4:9000` or `tcp [fe80::1]:9000`: one peer among all."""
    return f"{kind} [{host}]:{port}" if ":" in host else f"{kind} {host}:{port}"


def in_the_way(host: str, kind: str, port: int, error: OSError) -> DeviceError:
    """What to tell a person whose port cannot be opened."""
    return DeviceError(
        f"cannot listen for OSC on {host} {kind} {port}: {error.strerror}. Another program "
        "(Resolume and vimix use 7000 too) may hold it; --osc-port chooses another"
    )
