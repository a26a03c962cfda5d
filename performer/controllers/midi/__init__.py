"""MIDI: ports that come and go, messages to gestures, the clock. Never what a control does."""
