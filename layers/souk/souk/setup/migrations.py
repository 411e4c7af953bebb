"""Migrations of the stored data: from the form that one version wrote into the form that the next one reads.

Most releases need none, since fields are only added and readers take a missing one as its default. One that does
appends a Migration here. Requests go on meanwhile: records are changed a few at a time, each only where it still stands
as it was read, and what has the new form already is left as it is. So an interrupted migration is simply run again.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from functools import partial
from typing import NamedTuple

from souk.errors import Conflict
from souk.setup.version import FIRST, keep_version, stored_version
from souk.store.port import EntityStore, Record
from souk.work import Work, run

_AT_ONCE = 10
"""Records of one commit: with their entries they stay below what a transaction may touch."""


class Migration(NamedTuple):
    """How the data comes to a version. `change` gives a record in its new form, or None where it has it already."""

    version: int
    what: str
    lists: Sequence[str]
    """Which records: those of these lists."""
    change: Callable[[Record], Record | None]


class Migrated(NamedTuple):
    """A migration that is through, and how many records it changed."""

    version: int
    what: str
    records: int


MIGRATIONS: tuple[Migration, ...] = ()
"""In the order of their versions. The last one's is what `souk.setup.version.VERSION` says."""


def migrate(store: EntityStore, known: Sequence[Migration] = MIGRATIONS) -> Iterator[Migrated]:
    """Bring the data to the version of the code, migration after migration; each is told of when it is through.

    Raises Conflict for data that a later version wrote, Busy and Failed: then it may be run again.
    """
    newest = known[-1].version if known else FIRST
    found = stored_version(Work(store)) or FIRST
    if found > newest:
        raise Conflict(f"the data has version {found}, this code knows {newest}: update the code")
    for one in known:
        if one.version > found:
            changed = sum(_through(store, one, name) for name in one.lists)
            run(store, partial(keep_version, version=one.version))
            yield Migrated(one.version, one.what, changed)


def _through(store: EntityStore, migration: Migration, list_name: str) -> int:
    changed, cursor = 0, None
    while True:
        page = store.page(list_name, limit=_AT_ONCE, cursor=cursor)
        changed += run(store, partial(_some, [entry.key for entry in page.entries], migration))
        cursor = page.cursor
        if cursor is None:
            return changed


def _some(keys: list[str], migration: Migration, work: Work) -> int:
    work.fetch(keys)
    changed = 0
    for key in dict.fromkeys(keys):
        standing = work.at(key)
        newer = migration.change(standing) if standing is not None else None
        if standing is not None and newer is not None:
            work.rewrite(newer, standing)
            changed += 1
    return changed
