"""The tree of addresses as OSCQuery's JSON: what is asked of a node, and what it answers.

After Vidvox's OSCQuery proposal. A node may have a value and contents at once, as /tempo has. What
never changes of a node is encoded once, so that a tree of 256 people takes some milliseconds.
"""

import logging
from collections.abc import Callable, Iterable
from http import HTTPStatus
from urllib.parse import unquote

import msgspec

from performer.controllers.oscquery.described import NO_VALUE, Described, described
from performer.controllers.senders import Player
from performer.errors import ControlError
from performer.parameters import TREE

log = logging.getLogger("performer.oscquery")

SERVED = frozenset(
    ("FULL_PATH", "CONTENTS", "TYPE", "ACCESS", "VALUE", "RANGE", "DESCRIPTION", "UNIT", "CRITICAL")
)
KNOWN = SERVED | {"CLIPMODE", "TAGS", "EXTENDED_TYPE", "OVERLOADS", "HTML"}
"""The proposal's attributes. What is not SERVED no node has; what is not KNOWN is an error."""

ROOT_SAYS = "Performer: a live instrument for group dreams."
_encoded = msgspec.json.encode
Put = Callable[[bytes], None]


PEOPLE = "participant"
Whose = str | None
"""Whose addresses alone somebody may see, of people's: empty: everybody's; None: nothing at all."""


def within(path: str, whose: Whose) -> bool:
    """Whether somebody may know of a path."""
    if not whose:
        return whose is not None
    parts = path.split("/")
    return parts[1] != PEOPLE or len(parts) < 3 or parts[2] == whose


class Node:
    """One address or a part of one: a container, a method, or both."""

    __slots__ = ("contents", "described", "key", "path", "start")

    def __init__(self, path: str, name: str) -> None:
        self.path = path
        self.key = _encoded(name) + b":"
        self.contents: dict[str, Node] = {}
        self.described: Described | None = None
        self.start = b'{"FULL_PATH":' + _encoded(path)

    def describe(self, described: Described | None) -> None:
        """Makes it a method as well, or a container only."""
        self.described = described
        self.start = b'{"FULL_PATH":' + _encoded(self.path)
        if described is not None:
            self.start += b"," + described.encoded


class Namespace:
    """All nodes there are, with what the player reads at them."""

    def __init__(self, player: Player) -> None:
        self.player = player
        self.root = Node("/", "")
        self.root.start += b',"DESCRIPTION":' + _encoded(ROOT_SAYS)

    # ---- addresses come and go -----------------------------------------------------------------

    def add(self, addresses: Iterable[str]) -> list[str]:
        """Adds nodes; returns the paths that are new, without those inside another new one."""
        new: list[str] = []
        for address in addresses:
            try:
                parameter = TREE.find(address)[0]
            except ControlError as error:
                log.warning("OSCQuery leaves out %s", error)
                continue
            node = self.root
            for name in address.split("/")[1:]:
                child = node.contents.get(name)
                if child is None:
                    path = f"{node.path.rstrip('/')}/{name}"
                    child = node.contents[name] = Node(path, name)
                    new.append(path)
                node = child
            if node.described is None:
                node.describe(described(parameter))
                new.append(node.path)
        return outermost(new)

    def remove(self, addresses: Iterable[str]) -> list[str]:
        """Takes nodes away; returns the paths that are gone, without those inside another one."""
        gone: list[str] = []
        for address in addresses:
            way = [self.root]
            for name in address.split("/")[1:]:
                child = way[-1].contents.get(name)
                if child is None:
                    break
                way.append(child)
            if way[-1].path != address:
                continue
            way[-1].describe(None)
            while len(way) > 1 and not way[-1].contents and way[-1].described is None:
                node = way.pop()
                del way[-1].contents[node.path.rsplit("/", 1)[1]]
                gone.append(node.path)
        return outermost(gone)

    # ---- queries -------------------------------------------------------------------------------

    def find(self, path: str) -> Node | None:
        """The node at a path; None if there is none."""
        node: Node | None = self.root
        for name in path.rstrip("/").split("/")[1:]:
            node = node.contents.get(name)
            if node is None:
                return None
        return node if path.startswith("/") else None

    def answer(self, target: str, whose: Whose = "") -> tuple[HTTPStatus, bytes]:
        """What `/path` or `/path?ATTRIBUTE` gives: a status, and JSON or a line of text.

        Of other people than `whose` there is nothing.
        """
        path, _, query = target.partition("?")
        names = [n.split("=", 1)[0] for n in query.split("&")] if query else []
        for name in names:
            if name not in KNOWN:
                return HTTPStatus.BAD_REQUEST, _line(f"{unquote(name)[:40]!r} is no attribute")
        node = self.find(unquote(path))
        if node is None or not within(node.path, whose):
            return HTTPStatus.NOT_FOUND, _line("there is no such address")
        if not query:
            return HTTPStatus.OK, self.whole(node, whose)
        had = [part for name in names if (part := self._attribute(node, name, whose))]
        if not had:
            return HTTPStatus.NO_CONTENT, b""
        return HTTPStatus.OK, b"{" + b",".join(had) + b"}"

    def whole(self, node: Node, whose: Whose = "") -> bytes:
        """A node with everything in it, as JSON."""
        parts: list[bytes] = []
        self._write(node, parts.append, whose)
        return b"".join(parts)

    def _attribute(self, node: Node, name: str, whose: Whose) -> bytes:
        """`"NAME":value`; empty if the node has no such attribute."""
        value: object = None
        if name == "FULL_PATH":
            value = node.path
        elif name == "CONTENTS":
            if node.contents:
                parts: list[bytes] = []
                self._write_contents(node, parts.append, whose)
                return b"".join(parts)
        elif node is self.root and name == "DESCRIPTION":
            value = ROOT_SAYS
        elif name in ("ACCESS", "VALUE"):
            values = self._values(node)
            one, has_value = node.described, values is not None
            access = one.access(has_value, one.plays(whose)) if one else NO_VALUE
            value = access if name == "ACCESS" else values
        elif node.described is not None:
            value = node.described.attributes.get(name)
        return b"" if value is None else b'"%s":%s' % (name.encode(), _encoded(value))

    def _values(self, node: Node) -> tuple[object, ...] | None:
        if node.described is None:
            return None
        return node.described.padded(self.player.read(node.path))

    def _write(self, node: Node, put: Put, whose: Whose) -> None:
        put(node.start)
        one = node.described
        values = one.padded(self.player.read(node.path)) if one else None
        if one is None:
            put(b',"ACCESS":0')
        elif not one.plays(whose):
            put(b',"ACCESS":%d' % one.access(values is not None, plays=False))
            put(b"" if values is None else b',"VALUE":' + _encoded(values))
        elif values is None:
            put(one.without_value)
        else:
            put(one.with_value)
            put(_encoded(values))  # a NaN or an infinity becomes null
        if node.contents:
            put(b",")
            self._write_contents(node, put, whose)
        put(b"}")

    def _write_contents(self, node: Node, put: Put, whose: Whose) -> None:
        put(b'"CONTENTS":{')
        between = b""
        for child in node.contents.values():
            if whose == "" or within(child.path, whose):
                put(between)
                put(child.key)
                self._write(child, put, whose)
                between = b","
        put(b"}")


def outermost(paths: Iterable[str]) -> list[str]:
    """Paths without those that lie within another of them, sorted."""
    found: list[str] = []
    for path in sorted(set(paths), key=lambda p: p.split("/")):
        if not found or not (path + "/").startswith(found[-1] + "/"):
            found.append(path)
    return found


def _line(text: str) -> bytes:
    return text.encode() + b"\n"
