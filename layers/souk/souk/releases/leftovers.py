"""Bytes that no document points at any more: of deleted documents and drafts, and uploads that were frozen elsewhere.

They are named in the commit that lets go of them, and deleted by the sweep once no link can write them again.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import timedelta

from souk import clock
from souk.documents import objects
from souk.releases.model import Document
from souk.store.port import Entry, Record
from souk.work import Work

KIND = "upload_leftovers"
KEPT = timedelta(hours=1)
"""Longer than any upload link lives."""


def leave(work: Work, documents: Iterable[Document]) -> None:
    """Have the attachments of these documents deleted, with the commit of this work."""
    keys = sorted({document["attachment"]["key"] for document in documents if "attachment" in document})
    if keys:
        due = Entry("due", clock.text(work.now + KEPT), KIND)
        work.save(KIND, work.new_id(KIND), {"card": {"keys": keys}, "views": {}}, lists=[due], listed=False)


def settle_leftovers(work: Work, found: Record) -> None:
    """For the sweep: delete the bytes, then forget them. Raises Failed."""
    for key in found.body["card"]["keys"]:
        objects.remove(key)
    work.remove(found)
