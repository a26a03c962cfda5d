"""Listening: samples of a room or a piece of music in, what a picture can follow out.

Each file holds one step of it: `window` what one moment holds, `levels` how strong that is in this
room, `hits` what begins, `tempo` how often it does, `listener` all of them hop by hop. No devices,
no files, no clock: the same samples give the same features, in blocks of any size.
"""

from performer.audio.listening.listener import Listener

__all__ = ["Listener"]
