"""OSCQuery: the tree of addresses for clients that ask what can be played, and its values live.

`OscQuery` is started by the desk, told of every change by `told` and `paths_changed`, and plays
what WebSocket clients send. It never knows what a message does.
"""

from performer.controllers.oscquery.server import OscQuery

__all__ = ["OscQuery"]
