"""The ways in: OSC over UDP and TCP, OSCQuery, MIDI. What cannot be opened now is tried again."""

import logging
from collections.abc import Awaitable, Callable
from dataclasses import dataclass

from performer.controllers.mapping.mapper import Mapper
from performer.controllers.midi.midi import Midi
from performer.controllers.osc import Intake, TcpIntake, opened
from performer.controllers.oscquery import OscQuery
from performer.desk.desk import Desk
from performer.errors import DeviceError
from performer.show.controllers import Controllers

log = logging.getLogger("performer.desk")

RETRY = 2.0  # s between two tries


@dataclass
class Door:
    """One way in, and how it is opened."""

    open: Callable[[], Awaitable[object]]
    inside: object | None = None
    tried: float | None = None

    async def attempt(self, now: float) -> None:
        """Opens it if it is not and its time has come; says what is in the way only once."""
        if self.inside is not None or (self.tried is not None and now - self.tried < RETRY):
            return
        first, self.tried = self.tried is None, now
        try:
            self.inside = await self.open()
        except DeviceError as error:
            if first:
                log.error("%s. The show goes on; trying again every %g s", error, RETRY)


class Doors:
    """All ways to one desk."""

    def __init__(self, desk: Desk, controllers: Controllers | None) -> None:
        """`controllers`: the maps of MIDI devices; None plays without MIDI."""
        self.desk, self.run, self.controllers = desk, desk.run_, controllers
        self.udp: Intake | None = None
        self._doors = [Door(self._udp), Door(self._tcp)]
        if self.run.oscquery_port:
            self._doors.append(Door(self._query))
        if controllers is not None:
            self._doors.append(Door(self._midi))

    async def attempt(self, now: float) -> None:
        """Opens what is not open yet."""
        for door in self._doors:
            await door.attempt(now)

    async def close(self) -> None:
        """Leaves, so that controllers and the network's list know it at once."""
        if self.desk.hands is not None:
            self.desk.hands.close()
        if self.desk.query is not None:
            await self.desk.query.close()

    async def _udp(self) -> Intake:
        run = self.run
        self.udp = Intake(opened(run.osc_host, run.osc_port), self.desk)
        log.info("OSC in on %s UDP %d", run.osc_host, run.osc_port)
        return self.udp

    async def _tcp(self) -> TcpIntake:
        run = self.run
        tcp = await TcpIntake.opened(run.osc_host, run.osc_port, self.desk)
        log.info("OSC in on %s TCP %d", run.osc_host, run.osc_port)
        return tcp

    async def _query(self) -> OscQuery:
        run = self.run
        query = OscQuery(
            self.desk, run.osc_host, run.oscquery_port, run.osc_port, f"Performer {run.show_name}"
        )
        await query.start()
        self.desk.query = query
        log.info("OSCQuery on %s TCP %d", run.osc_host, run.oscquery_port)
        return query

    async def _midi(self) -> Midi:
        assert self.controllers is not None
        library = self.desk.library
        presets = library.show.presets or tuple(library.presets)
        midi = Midi(self.desk, Mapper(self.desk, self.controllers, self.desk.tell, presets))
        await midi.start()
        self.desk.hands = midi
        return midi
