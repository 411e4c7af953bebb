"""Stores to run the same tests on: SQLite in a file and in memory, and DynamoDB with S3 on the local emulator."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest

from souk.store import clients
from souk.store.port import Store

ENGINES = ("file", "memory", "dynamodb")


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


@contextmanager
def ministack(folder: Path) -> Iterator[str]:
    """The emulator in a process of its own. Yields its URL."""
    port = free_port()
    settings = {
        "BIND_HOST": "127.0.0.1",
        "GATEWAY_PORT": str(port),
        "IOT_MTLS_ENABLED": "0",
        "SFTP_ENABLED": "0",
        "SERVICES": "s3,dynamodb,events,sts",
        "LOG_LEVEL": "ERROR",
        "TMPDIR": str(folder),
    }
    command = [sys.executable, "-m", "ministack"]
    with (folder / "ministack.log").open("wb") as log:
        process = subprocess.Popen(command, env={**os.environ, **settings}, stdout=log, stderr=log, cwd=folder)
        try:
            _wait_for(port, process)
            yield f"http://127.0.0.1:{port}"
        finally:
            process.terminate()
            process.wait(20)


def _wait_for(port: int, process: subprocess.Popen[bytes]) -> None:
    deadline = time.monotonic() + 30
    while time.monotonic() < deadline and process.poll() is None:
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                return
        time.sleep(0.02)
    raise RuntimeError("the emulator does not start")


@contextmanager
def aws_at(endpoint: str) -> Iterator[None]:
    """Clients made from here on speak to the emulator, and to nothing else."""
    environment = {
        "AWS_ENDPOINT_URL": endpoint,
        "AWS_ACCESS_KEY_ID": "local",
        "AWS_SECRET_ACCESS_KEY": "local",
        "AWS_DEFAULT_REGION": "eu-west-1",
        "AWS_EC2_METADATA_DISABLED": "true",
        "NO_PROXY": "127.0.0.1",
        "no_proxy": "127.0.0.1",
    }
    with pytest.MonkeyPatch.context() as patch:
        for name, value in environment.items():
            patch.setenv(name, value)
        clients.forget()
        yield
    clients.forget()


def dynamo_store() -> Store:
    """A store on new, empty tables and a new bucket."""
    from souk.store.dynamodb import DynamoStore
    from souk.store.dynamodb_items import Tables

    unique = uuid4().hex[:12]
    tables = Tables(f"entities-{unique}", f"outbox-{unique}", f"log-{unique}", f"bucket-{unique}")
    for table, number in ((tables.entities, "S"), (tables.outbox, "S"), (tables.log, "N")):
        _create(table, number)
    clients.client("s3").create_bucket(
        Bucket=tables.bucket, CreateBucketConfiguration={"LocationConstraint": "eu-west-1"}
    )
    return DynamoStore(tables)


def _create(table: str, sort_type: str) -> None:
    """Make a table whose name nobody else has: if it is there, the answer to a first attempt came too late."""
    client = clients.client("dynamodb")
    with suppress(client.exceptions.ResourceInUseException):
        _create_once(client, table, sort_type)


def _create_once(client: Any, table: str, sort_type: str) -> None:
    client.create_table(
        TableName=table,
        BillingMode="PAY_PER_REQUEST",
        AttributeDefinitions=[
            {"AttributeName": "pk", "AttributeType": "S"},
            {"AttributeName": "sk", "AttributeType": sort_type},
        ],
        KeySchema=[{"AttributeName": "pk", "KeyType": "HASH"}, {"AttributeName": "sk", "KeyType": "RANGE"}],
    )


def store_of(engine: str, folder: Path) -> Store:
    """A new, empty store."""
    if engine == "dynamodb":
        return dynamo_store()
    from souk.store.sqlite import SqliteStore

    return SqliteStore(":memory:" if engine == "memory" else str(folder / "souk.db"))


def close(store: Any) -> None:
    """Close what a store has open, if it has."""
    getattr(store, "close", lambda: None)()


# -- fixtures, for conftest modules to import ---------------------------------------------------------------------


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
