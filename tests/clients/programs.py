"""Programs of other people, each from an environment of its own, run as their users run them."""

from __future__ import annotations

import json
import os
import subprocess
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from tests.clients.relay import Relay

ROOT = Path(__file__).resolve().parents[2]
SECONDS = 120


def environment(name: str, default: str) -> Path:
    """The folder of a virtual environment: what the variable says, or its place in the repository."""
    return Path(os.environ.get(name) or ROOT / default)


NEW = environment("SOUK_CLIENTS_VENV", ".venv-clients")
OLD = environment("SOUK_CLIENTS_OLD_VENV", ".venv-clients-old")


def typed(document: dict[str, Any]) -> dict[str, Any]:
    """The document with texts only in `custom`, as the typed models of the SDK want every list to be."""
    return document | ({"custom": {"slack": "#x"}} if "custom" in document else {})


@dataclass(frozen=True)
class Finished:
    """How a program ended and what it printed."""

    code: int
    text: str

    def json(self) -> Any:
        """What it printed, read as JSON."""
        return json.loads(self.text)

    def told(self, first: str) -> Any:
        """The one line that is a JSON object beginning with this field, whatever else was printed or logged."""
        (line,) = [line for line in self.text.splitlines() if line.startswith(f'{{"{first}":')]
        return json.loads(line)


@dataclass(frozen=True)
class Desk:
    """Where a user sits: a working folder that is also home, a marketplace behind a relay, and its key."""

    folder: Path
    relay: Relay
    key: str
    names: str = "ENTROPY_DATA"
    more: dict[str, str] = field(default_factory=dict)

    @property
    def url(self) -> str:
        """The base URL that this user was given."""
        return self.relay.url

    def write(self, name: str, document: Any) -> Path:
        """A file of the user: text as it is, everything else as JSON (which is YAML too)."""
        path = self.folder / name
        text = document if isinstance(document, str) else json.dumps(document, ensure_ascii=False)
        path.write_text(text, "utf-8")
        return path

    def run(self, program: Path, *arguments: object, **more: str) -> Finished:
        """Run a program in this folder, with the variables that name the marketplace and the key."""
        named = {f"{self.names}_HOST": self.url, f"{self.names}_API_KEY": self.key}
        plain = {
            "HOME": str(self.folder),
            "PATH": os.environ["PATH"],
            "COLUMNS": "400",
            "NO_COLOR": "1",
            "TERM": "dumb",
        }
        done = subprocess.run(
            [str(program), *map(str, arguments)],
            cwd=self.folder,
            env=plain | {"PYTHONUTF8": "1"} | named | self.more | more,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            timeout=SECONDS,
            check=False,
        )
        return Finished(done.returncode, (done.stdout + done.stderr).decode("utf-8"))
