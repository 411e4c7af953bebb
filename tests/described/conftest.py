"""One deployment in this process for the whole session, which is put back after each operation."""

from __future__ import annotations

import logging
import sqlite3
from collections.abc import Callable, Iterator
from typing import NamedTuple

import pytest
from moto import mock_aws

from souk import workflows
from souk.identity import keys
from souk.search import snapshot
from souk.store import clients
from souk.store.connect import use
from souk.store.sqlite import SqliteStore
from souk.work import run
from tests.authorisation.people import trust_the_company
from tests.gate import Guest
from tests.lenses.doors import AtOnce, seeded

BUCKET = "documents-of-tests"


class Deployment(NamedTuple):
    """A client with a key that may everything, and what undoes all that was written."""

    guest: Guest
    put_back: Callable[[], None]


@pytest.fixture(scope="module")
def deployment(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Deployment]:
    logging.disable(logging.CRITICAL)
    opened, machines, kept = SqliteStore(":memory:"), AtOnce(), sqlite3.connect(":memory:")
    with pytest.MonkeyPatch.context() as patch, mock_aws():
        trust_the_company(tmp_path_factory.mktemp("issuer"), patch)
        for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"):
            patch.setenv(name, "tests")
        patch.setenv("AWS_DEFAULT_REGION", "eu-central-1")
        patch.setenv("SOUK_BUCKET", BUCKET)
        patch.delenv("AWS_ENDPOINT_URL", raising=False)
        clients.forget()
        place = {"LocationConstraint": "eu-central-1"}
        clients.client("s3").create_bucket(Bucket=BUCKET, CreateBucketConfiguration=place)
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
    clients.forget()
    use(None)
    kept.close()
    opened.close()
    logging.disable(logging.NOTSET)
