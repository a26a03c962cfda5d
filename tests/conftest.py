"""What all tests share: how hypothesis searches, and which tests look at a clock.

Hypothesis searches anew every time at a desk, the same way every time in CI.

A search that finds something new belongs to who is working, not to an unrelated change. Deadlines
would be timing assertions: off unless a test is about something that must end at all.
"""

import os
from pathlib import Path

import pytest
from hypothesis import settings

settings.register_profile("desk", deadline=None)
settings.register_profile("ci", deadline=None, derandomize=True)
settings.load_profile("ci" if os.environ.get("CI") else "desk")

PROCESSES = Path(__file__).parent / "processes"
ALONE = ("test_sound.py", "test_devices.py", "test_odd_devices.py", "test_midi.py",
         "test_midi_show.py", "test_learning.py", "test_flood.py")  # fmt: skip
"""Nights that fill a machine, or that a sound server hurries: nothing plays beside them."""
LONGEST = "test_whole_show.py"


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Whole nights look at a clock; the longest test comes first, so that nothing waits for it."""
    for item in items:
        if PROCESSES in item.path.parents:
            item.add_marker("clock")
            if item.path.name in ALONE:
                item.add_marker("alone")
    items.sort(key=lambda item: item.path.name != LONGEST)
