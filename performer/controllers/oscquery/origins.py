"""Which web pages may talk to the desk: those of this machine and of whoever is let in by name.

A browser connects to any address that a page names, loopback included: without this, a hostile page
in another tab of the operator's browser could play the show and read how people feel. Two headers
tell. A browser sends `Origin` with every WebSocket and no page can change it; programs send none.
`Host` is what was asked for: a public name in it means that somebody's DNS answers with an address
of ours ("rebinding"), so that their page counts as one of ours.

`null` is refused: any page gets that origin for a sandboxed frame of its own. A page opened from a
file says `file://` in Chromium; in Firefox it says `null`, and must be served by something.
"""

import ipaddress
from collections.abc import Collection
from urllib.parse import urlsplit

LOCAL_NAMES = ("localhost", "local", "lan", "internal")
"""Last labels that no public DNS answers for, as in mDNS's `performer.local`."""


def host_may(host: str | None) -> bool:
    """Whether a `Host` header names us as our own network does; None: a client without one."""
    if host is None:
        return True
    name = _name("//" + host)
    if not name:
        return False
    last = name.rstrip(".").rsplit(".", 1)[-1]
    return _is_address(name) or "." not in name or last in LOCAL_NAMES


def origin_may(origin: str | None, host: str | None, allowed: Collection[str]) -> bool:
    """Whether a page may talk to the desk that it reached as `host`; None: not from a page."""
    if origin is None or origin in allowed or origin == "file://":
        return True
    name = _name(origin)
    if not name:
        return False
    if name == "localhost" or name.endswith(".localhost"):
        return True
    if _is_address(name) and ipaddress.ip_address(name).is_loopback:
        return True
    return host is not None and name == _name("//" + host)


def _name(url: str) -> str:
    """The host's name of a URL in small letters; empty if there is none."""
    try:
        return urlsplit(url).hostname or ""
    except ValueError:
        return ""


def _is_address(name: str) -> bool:
    try:
        ipaddress.ip_address(name.split("%")[0])
    except ValueError:
        return False
    return True
