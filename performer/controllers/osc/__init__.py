"""OSC on the wire, over UDP and TCP: packets in, checked for being packets, and answers out.

What a message does, and whether an address exists, is the `Player`'s business.
"""

from performer.controllers.osc.hosts import address_of
from performer.controllers.osc.outlet import Outlet, encoded
from performer.controllers.osc.packets import messages_of
from performer.controllers.osc.patterns import Branches, is_pattern, matching
from performer.controllers.osc.tcp import TcpIntake
from performer.controllers.osc.udp import Intake, opened

__all__ = [
    "Branches", "Intake", "Outlet", "TcpIntake", "address_of", "encoded", "is_pattern",
    "matching", "messages_of", "opened",
]  # fmt: skip
