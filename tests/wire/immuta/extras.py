"""A second domain and data sources that dev.env does not name, brought in by the `souk` command."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from uuid import uuid4

from tests.running import ROOT

GUARDED_FOR = "tasters"


@dataclass(frozen=True)
class Extras:
    """Ids: another domain, a source of it, and of the sample domain a guarded, a wide and an oddly named source."""

    domain: str
    foreign: str
    guarded: str
    wide: str
    odd: str


def column(number: int) -> Any:
    mask = {"mask": "HASH"} if number % 5 == 0 else {}
    return {"name": f"Column_{number:02}", "type": "varchar", "tags": [f"tag-{number % 3}"]} | mask


def brought_in(state: Path, folder: Path, domain: str) -> Extras:
    """Import them beside the run."""
    extras = Extras(*(str(uuid4()) for _ in range(5)))
    sources = [
        {"id": extras.foreign, "name": "Foreign", "domain": extras.domain, "columns": [column(1)]},
        {"id": extras.guarded, "name": "Guarded", "domain": domain, "only_for": [GUARDED_FOR], "columns": []},
        {"id": extras.wide, "name": "Wide", "domain": domain, "columns": [column(number) for number in range(25)]},
        {"id": extras.odd, "name": "Odd 100% [a.b]_(c)", "domain": domain, "columns": [{"name": "50%_[x]"}]},
    ]
    bring(state, folder, "domains", [{"id": extras.domain, "name": f"Judged {extras.domain}"}])
    bring(state, folder, "sources", [source | {"technology": "Trino"} for source in sources])
    return extras


def bring(state: Path, folder: Path, kind: str, documents: list[Any]) -> None:
    path = folder / f"{kind}.json"
    path.write_text(json.dumps(documents))
    command = [sys.executable, "-m", "local", kind, "import", str(path), "--state", str(state)]
    environment = os.environ | {"COLUMNS": "200"}
    done = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, timeout=60, check=False)
    assert done.returncode == 0, done.stderr
