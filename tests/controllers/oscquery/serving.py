"""A real OSCQuery server on loopback, in a thread of its own, and a desk that only remembers."""

import asyncio
import http.client
import json
import threading
import time
from collections.abc import Callable, Generator
from contextlib import contextmanager
from typing import Any, TypeVar, cast

from websockets.sync.client import ClientConnection, connect

from performer.controllers.oscquery import OscQuery
from performer.controllers.senders import Player
from performer.frame import PURPOSES
from performer.parameters import PARAMETERS, Value
from tests.controllers.players import Recorder

T = TypeVar("T")
Node = dict[str, Any]
CONSENTS: tuple[Value, ...] = tuple(value for purpose in PURPOSES for value in (purpose, 1))
LONG = 10.0  # s until a test gives up


def person(name: str) -> dict[str, tuple[Value, ...]]:
    """Addresses and values of somebody."""
    return {
        f"/participant/{name}/feeling": (0.25, -0.5),
        f"/participant/{name}/solo": (0,),
        f"/participant/{name}/consent": CONSENTS,
        f"/participant/{name}/input/bloom": (2.0,),
    }


def values() -> dict[str, tuple[Value, ...]]:
    """What stands at the beginning: the whole table's defaults, and ada."""
    found: dict[str, tuple[Value, ...]] = {}
    for parameter in PARAMETERS:
        defaults = tuple(a.default for a in parameter.args if a.default is not None)
        if "{" not in parameter.address and len(defaults) == len(parameter.args):
            found[parameter.address] = defaults
    return {**found, **person("ada")}


class Desk(Recorder):
    """A player that knows every literal address, but values only where there are some."""

    def addresses(self) -> tuple[str, ...]:
        literal = [p.address for p in PARAMETERS if "{" not in p.address]
        return (*dict.fromkeys([*literal, *self.values]),)


class Serving:
    """The server, its loop, and clients for it."""

    def __init__(self, desk: Desk, query: OscQuery, loop: asyncio.AbstractEventLoop) -> None:
        self.desk, self.query, self.loop = desk, query, loop

    @property
    def port(self) -> int:
        return self.query.port

    def call(self, what: Callable[..., T], *args: object) -> T:
        """Calls something in the server's loop and waits for it."""

        async def called() -> T:
            return what(*args)

        return asyncio.run_coroutine_threadsafe(called(), self.loop).result(LONG)

    def get(self, target: str, **headers: str) -> tuple[int, bytes, dict[str, str]]:
        """A GET with `Host` and others as given: status, body, headers in small letters."""
        return self.request("GET", target, {k.replace("_", "-"): v for k, v in headers.items()})

    def request(
        self, method: str, target: str, headers: dict[str, str]
    ) -> tuple[int, bytes, dict[str, str]]:
        client = http.client.HTTPConnection("127.0.0.1", self.port, timeout=LONG)
        try:
            client.request(method, target, headers=headers)
            answer = client.getresponse()
            told = {k.lower(): v for k, v in answer.getheaders()}
            return answer.status, answer.read(), told
        finally:
            client.close()

    def json(self, target: str) -> Node:
        """What a GET gives, which must be JSON as the standard knows it: no NaN."""
        status, body, _ = self.get(target)
        assert status == 200, body

        def never(found: str) -> None:
            raise AssertionError(f"{found} in JSON")

        return cast(Node, json.loads(body, parse_constant=never))

    def socket(self, **options: Any) -> ClientConnection:
        """A WebSocket client."""
        options.setdefault("compression", None)
        return cast(ClientConnection, connect(f"ws://127.0.0.1:{self.port}", **options))


def until(holds: Callable[[], object], what: str = "") -> None:
    """Waits until something holds, and fails if it never does."""
    end = time.monotonic() + LONG
    while not holds():
        assert time.monotonic() < end, what or "it never came"
        time.sleep(0.005)


@contextmanager
def serving(
    announce: bool = False, osc_port: int = 7000, player: Player | None = None, **options: Any
) -> Generator[Serving]:
    """A server for as long as the context, on a desk that only remembers or on another `player`."""
    desk = Desk(values=values())
    loop = asyncio.new_event_loop()
    thread = threading.Thread(target=loop.run_forever)
    thread.start()
    name = options.pop("name", "Performer test")
    query = OscQuery(player or desk, "127.0.0.1", 0, osc_port, name, **options)

    def run(coroutine: Any) -> None:
        asyncio.run_coroutine_threadsafe(coroutine, loop).result(LONG)

    run(query.start(announce))
    try:
        yield Serving(desk, query, loop)
    finally:
        run(query.close())
        loop.call_soon_threadsafe(loop.stop)
        thread.join(LONG)
        loop.close()
