"""A fresh store, bucket and set of machines for every test, and clients of the door."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from souk import workflows
from souk.store import clients
from souk.store.port import Store
from tests.alone import aws_in_memory
from tests.dpx.driver import Api
from tests.dpx.hub import Hub
from tests.dpx.machines import Machines
from tests.dpx.ordering import THEIRS, Shop
from tests.nndm.driver import Api as NndmApi
from tests.nndm.samples import team


@pytest.fixture
def machines(store: Store) -> Iterator[Machines]:
    running = Machines()
    workflows.use(running.start)
    yield running
    workflows.use(None)
    running.stop()


@pytest.fixture
def bucket(monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    with aws_in_memory(monkeypatch) as name:
        yield name


@pytest.fixture
def shop(hub: Hub, store: Store, machines: Machines, bucket: str) -> Shop:
    return Shop(hub, store, machines)


@pytest.fixture
def their_bucket(bucket: str) -> str:
    """A bucket that is not Souk's."""
    place = {"LocationConstraint": "eu-central-1"}
    clients.client("s3").create_bucket(Bucket=THEIRS, CreateBucketConfiguration=place)
    return THEIRS


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
