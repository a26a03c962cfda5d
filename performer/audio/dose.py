"""The noise dose on disk: what the ears of a room have had, from one process to the next.

How much that may be is exposure.py's matter.
"""

import contextlib
import logging
import threading
import time
from pathlib import Path

from performer.audio.chain import Chain

log = logging.getLogger("performer.audio")


class Dose:
    """What the ears have had in 15 minutes, kept on disk: a restart gives no new budget."""

    def __init__(self, folder: Path, chain: Chain) -> None:
        """Goes on with what is known of the last quarter of an hour; a damaged file is told."""
        self.path, self.chain = folder / "exposure", chain
        self._writing: threading.Thread | None = None
        self._restore()

    def _restore(self) -> None:
        if not self.path.exists():  # the first night of all
            return
        try:
            away = max(0.0, time.time() - self.path.stat().st_mtime)
            whole = self.chain.restore(self.path.read_bytes(), away)
        except OSError:
            whole = False
        if not whole:
            log.warning("%s is damaged: what ears have had before does not count", self.path)

    def keep(self) -> None:
        """Writes it down beside the loop: a slow disk must not be heard, nor a full one."""
        if self._writing is None or not self._writing.is_alive():
            work = threading.Thread(target=self._write, args=(self.chain.state(),), daemon=True)
            self._writing = work
            work.start()

    def _write(self, state: bytes) -> None:
        with contextlib.suppress(OSError):
            fresh = self.path.with_suffix(".new")
            fresh.write_bytes(state)
            fresh.replace(self.path)
