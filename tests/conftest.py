"""How hypothesis searches: anew every time at a desk, the same way every time in CI.

A search that finds something new belongs to who is working, not to an unrelated change. Deadlines
would be timing assertions: off unless a test is about something that must end at all.
"""

import os

from hypothesis import settings

settings.register_profile("desk", deadline=None)
settings.register_profile("ci", deadline=None, derandomize=True)
settings.load_profile("ci" if os.environ.get("CI") else "desk")
