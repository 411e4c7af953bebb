"""The state folder of a local run: what lies where, and the lock that keeps a second run out.

Everything in it survives a crash at any moment: the database by its own log, small files by being replaced whole.
"""

from __future__ import annotations

import fcntl
import json
import os
import shutil
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any

DEFAULT = ".souk"
ENGINES = ("embedded", "aws")


class InUse(Exception):
    """Another run works on this state folder."""


class WrongEngine(Exception):
    """The state folder was made by another engine."""


class State:
    """Paths in a state folder, and the few small files it keeps."""

    def __init__(self, root: Path) -> None:
        self.root = root.resolve()
        self.database = self.root / "souk.db"
        self.dev_env = self.root / "dev.env"
        self.signing_key = self.root / "signing.pem"
        self.positions = self.root / "positions.json"
        self.engine_data = self.root / "engine"
        self.function_log = self.root / "functions.log"
        self._lock = self.root / "lock"
        self._running = self.root / "running.json"
        self._facts = self.root / "facts.json"

    @contextmanager
    def locked(self) -> Iterator[None]:
        """Hold the folder (made when it is not there) for this process. Raises InUse.

        The lock is the operating system's: it ends with the process, however that ends.
        """
        self.root.mkdir(parents=True, exist_ok=True)
        self.root.chmod(0o700)
        with self._lock.open("a+") as handle:
            try:
                fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except OSError:
                raise InUse(self._holder()) from None
            handle.truncate(0)
            handle.write(str(os.getpid()))
            handle.flush()
            try:
                yield
            finally:
                self._running.unlink(missing_ok=True)

    def _holder(self) -> str:
        pid = self._lock.read_text().strip() or "unknown"
        url = self.running().get("url", "")
        return f"{self.root} is in use by process {pid}" + (f", which serves {url}" if url else "")

    def is_locked(self) -> bool:
        """Whether a run holds the folder at this moment."""
        if not self._lock.exists():
            return False
        with self._lock.open("r") as handle:
            try:
                fcntl.flock(handle, fcntl.LOCK_SH | fcntl.LOCK_NB)
            except OSError:
                return True
        return False

    def fix_engine(self, engine: str) -> None:
        """Remember which engine this state belongs to. Raises WrongEngine when it is another's already."""
        made_by = self.fact("engine")
        if made_by not in {None, engine}:
            raise WrongEngine(f"{self.root} was made with ENGINE={made_by}; choose it again, or another state folder")
        self.remember("engine", engine)

    def fact(self, name: str) -> Any:
        """A small value kept in the state, or None."""
        return _read(self._facts).get(name)

    def remember(self, name: str, value: Any) -> None:
        """Keep a small value for good."""
        facts = _read(self._facts)
        if facts.get(name) != value:
            write_whole(self._facts, json.dumps(facts | {name: value}, indent=1))

    def running(self) -> dict[str, str]:
        """How to reach the run that holds this state (url, engine, endpoint), empty when there is none."""
        return _read(self._running)

    def announce(self, facts: dict[str, str]) -> None:
        """Tell other processes how to reach this run."""
        write_whole(self._running, json.dumps(facts))

    def copy(self, folder: Path) -> None:
        """Copy all that a run needs into a new folder, also while one works on it. Raises InUse and OSError.

        Places in the log are copied before it and objects after it: what came between is told again, or left over.
        """
        if self.is_locked() and self.fact("engine") == "aws":
            raise InUse(f"{self._holder()}; its emulated tables are on disk when it has stopped")
        if not self.root.is_dir():
            raise FileNotFoundError(2, "no such state", str(self.root))
        folder.mkdir(parents=True, mode=0o700)
        for path in (self.positions, self._facts, self.dev_env, self.signing_key):
            if path.exists():
                shutil.copy2(path, folder)
        if self.database.exists():
            with closing(sqlite3.connect(self.database)) as here, closing(sqlite3.connect(folder / "souk.db")) as there:
                here.backup(there)
        if self.engine_data.exists():
            shutil.copytree(self.engine_data, folder / self.engine_data.name)

    def reset(self) -> bool:
        """Forget everything. True when there was something. Raises InUse."""
        if not self.root.exists():
            return False
        with self.locked():
            for entry in self.root.iterdir():
                if entry.is_dir():
                    shutil.rmtree(entry)
                elif entry != self._lock:
                    entry.unlink()
        return True


def write_whole(path: Path, text: str) -> None:
    """Replace a file in one step: a reader, or a crash, finds the old text or the new one. Only the owner reads it."""
    new = path.with_name(path.name + ".new")
    descriptor = os.open(new, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(descriptor, "w", encoding="utf-8") as handle:
        handle.write(text)
        handle.flush()
        os.fsync(handle.fileno())
    new.replace(path)


def _read(path: Path) -> dict[str, Any]:
    try:
        value = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
    return value if isinstance(value, dict) else {}
