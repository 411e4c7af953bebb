"""The version of the stored data: one record, so that code tells data that is older, or newer, than itself.

Fields are only added, and readers take a missing one as its default: this number rises with a release that needs a
migration, and with no other.
"""

from __future__ import annotations

from souk.work import Work

KIND = "data_version"
ID = "records"
FIRST = 1
VERSION = FIRST
"""What this code writes: the version of the last of `souk.setup.migrations.MIGRATIONS`."""


def stored_version(work: Work) -> int | None:
    """The version of the data; None before anything said so."""
    record = work.find(KIND, ID)
    return int(record.body["card"]["version"]) if record else None


def mark_version(work: Work) -> None:
    """Say which version the data has, unless it is said. `migrations.migrate` says it anew when one is through."""
    if stored_version(work) is None:
        keep_version(work, VERSION)


def keep_version(work: Work, version: int) -> None:
    """Say that the data has this version."""
    work.save(KIND, ID, {"card": {"version": version}, "views": {}}, listed=False)
