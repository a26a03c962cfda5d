"""The one parameter tree: every address that can be played, declared once.

OSC, OSCQuery, MIDI, the keyboard, presets, the arc, modulation, the console and the reference read
this table; a new parameter is one line in `table`. Nothing here knows where a message comes from.
"""

from performer.parameters.arguments import Arg, Value, Values, shown
from performer.parameters.declared import Curve, Nature, Parameter, Role
from performer.parameters.table import KNOBS, PARAMETERS, SLOTS
from performer.parameters.tree import ID, INPUT, TREE, Control, Tree

__all__ = [
    "ID", "INPUT", "KNOBS", "PARAMETERS", "SLOTS", "TREE", "Arg", "Control", "Curve", "Nature",
    "Parameter", "Role", "Tree", "Value", "Values", "shown",
]  # fmt: skip
