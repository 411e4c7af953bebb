"""How far each reader of the event log has come, kept in the state folder.

A position is written at most once a second: after a crash the last records are delivered once more, with the same ids,
as AWS may do at any time.
"""

from __future__ import annotations

import json
import threading
import time
from pathlib import Path

from local.state import write_whole

_SECONDS_BETWEEN_WRITES = 1.0


class Positions:
    """Numbers by reader name."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._guard = threading.Lock()
        self._values: dict[str, int] = json.loads(path.read_text()) if path.exists() else {}
        self._written = 0.0
        self._dirty = False

    def get(self, reader: str) -> int:
        """Where the reader goes on, 0 at first."""
        with self._guard:
            return self._values.get(reader, 0)

    def set(self, reader: str, value: int) -> None:
        """The reader has dealt with everything up to here."""
        with self._guard:
            self._values[reader] = value
            self._dirty = True
            if time.monotonic() - self._written > _SECONDS_BETWEEN_WRITES:
                self._write()

    def limit(self, reader: str, last: int) -> None:
        """The log ends at `last`: a position behind it speaks of a log that is gone."""
        if self.get(reader) > last:
            self.set(reader, last)

    def save(self) -> None:
        """Write what is not written yet."""
        with self._guard:
            if self._dirty:
                self._write()

    def _write(self) -> None:
        write_whole(self._path, json.dumps(self._values))
        self._written = time.monotonic()
        self._dirty = False
