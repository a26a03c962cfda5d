"""Ports' names: which ports are one device, which are ours, which are never opened."""

import re
from collections.abc import Iterable

CLIENT = "Performer"

OURS = re.compile(rf"(^|:){CLIENT}(-\d+)?( [\[(]\w+[\])])*:")  # a bridge adds its own name
ALSA = re.compile(r" \d+:\d+$")
BRIDGED = re.compile(r"-\d\d(?=:)| ?\[\d+\]| ?\((capture|playback)(_\d+)?\)", re.I)
DIRECTION = re.compile(r"[:\s_-]*(?<![a-z])(in|out|input|output|capture|playback)_?(?=\d*$)", re.I)


def opened_at_all(port: str) -> bool:
    """Not our own ports, and not those that send back what they are sent."""
    return OURS.search(port) is None and "midi through" not in port.lower()


def device_of(port: str, numbered: bool = False) -> str:
    """The device that a port belongs to: its name without numbers and directions that change.

    ALSA adds a client's number, which is another one after each replug; JACK adds one to a
    client's name that is taken, and bridges to it ALSA's number and the direction; `numbered`
    systems (WinMM) add a number of their own to every name.
    """
    name = ALSA.sub("", port)
    if numbered:
        name = re.sub(r" \d+$", "", name)
    bare = DIRECTION.sub(" ", BRIDGED.sub("", name))
    return " ".join(bare.split()).strip(" :") or port


def devices(ports: Iterable[str], numbered: bool = False) -> dict[str, str]:
    """The port of every device in a list; a second one of a name is `name 2`."""
    found: dict[str, str] = {}
    for port in filter(opened_at_all, ports):
        name = device_of(port, numbered)
        again = 2
        while name in found:
            name, again = f"{device_of(port, numbered)} {again}", again + 1
        found[name] = port
    return found
