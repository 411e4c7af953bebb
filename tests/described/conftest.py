"""One deployment in this process for the whole session, which is put back after each operation."""

from __future__ import annotations

import logging
import sqlite3
from collections.abc import Callable, Iterator
from typing import NamedTuple

import pytest

from souk import workflows
from souk.identity import keys
from souk.search import snapshot
from souk.store.connect import use
from souk.store.sqlite import SqliteStore
from souk.work import run
from tests.alone import aws_in_memory
from tests.authorisation.people import trust_the_company
from tests.gate import Guest
from tests.lenses.doors import AtOnce, seeded


class Deployment(NamedTuple):
    """A client with a key that may everything, and what undoes all that was written."""

    guest: Guest
    put_back: Callable[[], None]


@pytest.fixture(scope="module")
def deployment(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Deployment]:
    logging.disable(logging.CRITICAL)
    opened, machines, kept = SqliteStore(":memory:"), AtOnce(), sqlite3.connect(":memory:")
    with pytest.MonkeyPatch.context() as patch, aws_in_memory(patch):
        trust_the_company(tmp_path_factory.mktemp("issuer"), patch)
        use(opened)
        workflows.use(machines.start)
        seeded(opened)
        guest = Guest(run(opened, lambda work: keys.create(work, "described")).secret)
        database = opened._file._writer
        database.backup(kept)
        yield Deployment(guest, lambda: kept.backup(database))
    workflows.use(None)
    machines.stop()
    snapshot.forget()
    use(None)
    kept.close()
    opened.close()
    logging.disable(logging.NOTSET)
