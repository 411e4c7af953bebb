"""Where functions write: a file in the state folder that does not grow without end. On AWS it is CloudWatch."""

from __future__ import annotations

import io
import logging
import sys
import threading
from pathlib import Path

MAX_BYTES = 20_000_000
"""The file is put aside at this size; one earlier file is kept."""


class FunctionLog(io.TextIOBase):
    """A text stream to a file, safe for threads."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._guard = threading.Lock()
        self._file = path.open("a", encoding="utf-8")
        self._size = self._file.tell()

    def writable(self) -> bool:
        """Always."""
        return True

    def write(self, text: str) -> int:
        """Append text; when the file has grown to MAX_BYTES, begin anew."""
        with self._guard:
            if self._size > MAX_BYTES:
                self._file.close()
                self._path.replace(self._path.with_suffix(".old.log"))
                self._file = self._path.open("a", encoding="utf-8")
                self._size = 0
            self._size += len(text)
            return self._file.write(text)

    def flush(self) -> None:
        """Hand what was written to the operating system."""
        with self._guard:
            self._file.flush()

    def close(self) -> None:
        """Flush and close."""
        with self._guard:
            self._file.close()


def redirect(path: Path) -> None:
    """From now on what this process prints and logs goes to the file. Keep the terminal's stream before this."""
    stream = FunctionLog(path)
    sys.stdout = stream
    handler = logging.StreamHandler(stream)
    handler.setFormatter(logging.Formatter("%(asctime)s %(levelname)s %(name)s %(message)s"))
    logging.basicConfig(level=logging.WARNING, handlers=[handler], force=True)
    logging.getLogger("local").setLevel(logging.INFO)
