"""Files written behind the desk's back: a slow disk must not hold the loop that plays.

Written one after the other, in a thread of its own; what waits to be written is what is read.
"""

from concurrent.futures import Future, ThreadPoolExecutor, wait
from pathlib import Path

from performer.errors import DeviceError
from performer.show.files import read_text, write_atomic

SECONDS = 10.0  # that `settle` waits for the disk


class Keeper:
    """The newest text of every file that it was given."""

    def __init__(self) -> None:
        self._worker = ThreadPoolExecutor(1, "learnt")
        self._newest: dict[Path, tuple[str, Future[None]]] = {}
        self._asked: list[tuple[str, Future[None]]] = []

    def text(self, path: Path) -> str | None:
        """What a file holds, or would; None: there is none. FileError if it cannot be read."""
        newest = self._newest.get(path)
        if newest is not None and not _written(newest[1]):
            return newest[0]
        return read_text(path) if path.exists() else None

    def write(self, path: Path, text: str, why: str) -> None:
        """Writes a file whole, soon; `why` is told back if it cannot be."""
        future = self._worker.submit(_write, path, text)
        self._newest[path] = text, future
        self._asked.append((why, future))

    def failures(self) -> list[tuple[str, BaseException]]:
        """What could not be written since it was asked last, and why not. Never waits."""
        done = [one for one in self._asked if one[1].done()]
        self._asked = [one for one in self._asked if one not in done]
        return [(why, error) for why, future in done if (error := future.exception()) is not None]

    def settle(self) -> None:
        """Waits for the disk."""
        wait([future for _, future in self._asked], SECONDS)


def _written(future: Future[None]) -> bool:
    return future.done() and future.exception() is None


def _write(path: Path, text: str) -> None:
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise DeviceError(f"{path.parent} could not be made ({error.strerror})") from error
    write_atomic(path, text)
