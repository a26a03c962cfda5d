"""What a control does: travel, soft takeover, feedback, learning. Never how MIDI wrote it."""

from performer.controllers.mapping.feedback import Signal
from performer.controllers.mapping.mapper import Mapper

__all__ = ["Mapper", "Signal"]
