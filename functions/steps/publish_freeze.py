"""Second step of a publish: attachments are copied to where nobody can write."""

from __future__ import annotations

from typing import Any

from souk.documents import objects
from souk.releases.publishing import freeze_documents
from souk.store.connect import connect
from souk.work import run


def handler(event: dict[str, Any], _context: Any = None) -> None:
    """Raises Invalid when an attachment is not what was completed."""
    run(connect(), lambda work: freeze_documents(work, event["release"], event["attempt"], objects.freeze))
