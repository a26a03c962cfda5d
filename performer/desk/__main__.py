"""The desk's process; its parent is the supervisor."""

import asyncio
import contextlib
import logging
import os
import signal
import sys

import msgspec

from performer import bus as buses
from performer.bus import Bus, Heartbeat, packed
from performer.controllers.access import Access
from performer.desk.desk import Desk
from performer.desk.doors import Doors
from performer.run import Run, logging_to, parent_gone
from performer.show.controllers import Controllers, load_controllers
from performer.show.shows import load_show

log = logging.getLogger("performer.desk")

LOOK = 0.008  # s between two looks at the bus
BEAT = 0.4  # s between two heartbeats
GOODBYE = 0.6  # s to leave MIDI ports and the network's list; the supervisor waits for twice that


async def play(run: Run, bus: Bus) -> None:
    """Runs until the supervisor ends it or is gone."""
    ending = asyncio.Event()
    with contextlib.suppress(NotImplementedError):  # Windows ends it the hard way
        asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, ending.set)
    desk = Desk(run, load_show(run.show), bus, Access(run.allow, run.tokens))
    doors = Doors(desk, _controllers(run))
    beat = 0.0
    while not (parent_gone() or ending.is_set()):
        now = desk.now()
        await doors.attempt(now)
        if now - beat > BEAT:
            beat = now
            received = doors.udp.received if doors.udp else -1
            note = f"osc={received} refused={desk.refusals.total}"
            bus.put(buses.HEARTBEAT, packed(Heartbeat("desk", desk.looks, note=note)))
        desk.look()
        await asyncio.sleep(LOOK)
    with contextlib.suppress(TimeoutError):
        await asyncio.wait_for(doors.close(), GOODBYE)


def _controllers(run: Run) -> Controllers | None:
    if not run.midi:
        return None
    found = load_controllers(run.controllers)
    for line in found.said:
        log.info("%s", line)
    for error in found.unused:
        log.warning("left out: %s", error)
    return found


def main() -> None:
    """The desk's process."""
    run = Run.inherited()
    logging_to(run.log, "desk")
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    bus = Bus(run.show_name, run.hub)
    try:
        # sockets are read by add_reader, which Windows' default loop does not have
        loops = asyncio.SelectorEventLoop if sys.platform == "win32" else None
        with asyncio.Runner(loop_factory=loops) as runner:
            runner.run(play(run, bus))
    except msgspec.MsgspecError:
        log.exception("a message on the bus that is none")
        raise
    finally:
        bus.close()
    os._exit(0)  # a thread that hangs in a driver keeps nobody; nothing is held here alone


if __name__ == "__main__":
    main()
