"""A fresh store, bucket and set of machines for every test, and clients of the door."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from moto import mock_aws

from souk import workflows
from souk.store import clients
from souk.store.connect import use
from souk.store.port import Store
from souk.store.sqlite import SqliteStore
from tests.dpx.driver import Api
from tests.dpx.hub import Hub
from tests.dpx.machines import Machines
from tests.nndm.driver import Api as NndmApi
from tests.nndm.samples import team

BUCKET = "documents-of-tests"


@pytest.fixture
def store() -> Iterator[Store]:
    opened = SqliteStore(":memory:")
    use(opened)
    yield opened
    use(None)
    opened.close()


@pytest.fixture
def machines(store: Store) -> Iterator[Machines]:
    running = Machines()
    workflows.use(running.start)
    yield running
    workflows.use(None)
    running.stop()


@pytest.fixture
def bucket(monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"):
        monkeypatch.setenv(name, "tests")
    monkeypatch.setenv("AWS_DEFAULT_REGION", "eu-central-1")
    monkeypatch.delenv("AWS_ENDPOINT_URL", raising=False)
    monkeypatch.setenv("SOUK_BUCKET", BUCKET)
    with mock_aws():
        clients.forget()
        place = {"LocationConstraint": "eu-central-1"}
        clients.client("s3").create_bucket(Bucket=BUCKET, CreateBucketConfiguration=place)
        yield BUCKET
    clients.forget()


@pytest.fixture
def api(store: Store, machines: Machines) -> Api:
    return Api(store)


@pytest.fixture
def hub(api: Api) -> Hub:
    return Hub(api)


@pytest.fixture
def nndm(api: Api) -> NndmApi:
    """A client of the other door, and a team there."""
    client = NndmApi(api.store)
    client.made("teams", team("owners"))
    return client
