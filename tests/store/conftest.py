"""One behaviour suite for all stores."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from souk.store.port import Store
from tests.engines import ENGINES, aws_at, close, ministack, store_of


@pytest.fixture(scope="session")
def emulator(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    with ministack(tmp_path_factory.mktemp("ministack")) as endpoint:
        yield endpoint


@pytest.fixture(scope="module")
def aws(emulator: str) -> Iterator[None]:
    with aws_at(emulator):
        yield


@pytest.fixture(params=ENGINES)
def engine(request: pytest.FixtureRequest) -> str:
    name: str = request.param
    if name == "dynamodb":
        request.getfixturevalue("aws")
    return name


@pytest.fixture
def store(engine: str, tmp_path: Path) -> Iterator[Store]:
    made = store_of(engine, tmp_path)
    yield made
    close(made)


@pytest.fixture
def dynamo(aws: None, tmp_path: Path) -> Store:
    return store_of("dynamodb", tmp_path)
