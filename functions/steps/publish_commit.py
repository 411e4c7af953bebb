"""Third step of a publish: the draft becomes a release, and the card shows it in every door."""

from __future__ import annotations

from typing import Any

from souk.releases.publishing import commit_release
from souk.store.connect import connect
from souk.work import run
from steps import DIALECT


def handler(event: dict[str, Any], _context: Any = None) -> None:
    """Events of the product and its ports are in the same commit."""
    run(connect(), lambda work: commit_release(work, event["release"], event["attempt"], DIALECT))
