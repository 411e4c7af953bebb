"""The version of the stored data: one record, so that code tells data that is older, or newer, than itself.

Fields are only added, and readers take a missing one as its default: this number rises with a release that needs a
migration, and with no other.
"""

from __future__ import annotations

from souk.work import Work

KIND = "data_version"
ID = "records"
VERSION = 1
"""What this code writes."""


def stored_version(work: Work) -> int | None:
    """The version of the data; None before anything said so."""
    record = work.find(KIND, ID)
    return int(record.body["card"]["version"]) if record else None


def mark_version(work: Work) -> None:
    """Say which version the data has, unless it is said. A migration says it anew when it is through."""
    if stored_version(work) is None:
        work.save(KIND, ID, {"card": {"version": VERSION}, "views": {}}, listed=False)
