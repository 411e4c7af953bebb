from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import botocore
import pytest
from botocore.exceptions import UnknownServiceError

from souk.store import clients, connect
from souk.store.sqlite import SqliteStore
from tests.engines import aws_at
from tests.store.making import create, read, record
from tests.threads import in_threads


@pytest.fixture(autouse=True)
def own_store() -> Iterator[None]:
    before = connect._store
    connect.use(None)
    yield
    connect.use(before)


def test_the_environment_names_the_database(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("SOUK_STORE", "sqlite")
    monkeypatch.setenv("SOUK_DATABASE", str(tmp_path / "souk.db"))
    create(connect.connect(), record("a"))
    assert (tmp_path / "souk.db").exists()
    assert read(SqliteStore(str(tmp_path / "souk.db")), "a") == record("a")


def test_all_threads_share_one_store(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SOUK_STORE", "sqlite")
    monkeypatch.setenv("SOUK_DATABASE", ":memory:")
    stores = in_threads([connect.connect] * 16)
    assert {id(store) for store in stores} == {id(connect.connect())}


def test_a_store_may_be_put_in_place() -> None:
    mine = SqliteStore(":memory:")
    connect.use(mine)
    assert connect.connect() is mine


def test_an_unknown_store_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SOUK_STORE", "punch cards")
    with pytest.raises(ValueError, match="punch cards"):
        connect.connect()


@pytest.mark.parametrize(
    ("store", "absent"), [("sqlite", ["boto3", "botocore", "pydantic"]), ("dynamodb", ["sqlite3", "boto3", "pydantic"])]
)
def test_a_store_imports_nothing_of_the_other(store: str, absent: list[str]) -> None:
    code = (
        "import sys; from souk.store.connect import connect; connect(); "
        f"print([name for name in {absent!r} if name in sys.modules])"
    )
    environment = {
        **os.environ,
        "PYTHONPATH": os.pathsep.join(p for p in sys.path if p),
        "SOUK_STORE": store,
        "SOUK_DATABASE": ":memory:",
        "SOUK_ENTITIES_TABLE": "e",
        "SOUK_OUTBOX_TABLE": "o",
        "SOUK_LOG_TABLE": "l",
    }
    done = subprocess.run([sys.executable, "-c", code], env=environment, capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


def test_clients_read_only_the_models_in_the_folder_that_is_named(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    whole = Path(botocore.__file__).parent / "data"
    for name in ("endpoints.json", "partitions.json", "_retry.json", "sdk-default-configuration.json"):
        shutil.copy(whole / name, tmp_path)
    shutil.copytree(whole / "dynamodb", tmp_path / "dynamodb")
    monkeypatch.setenv("SOUK_BOTOCORE_DATA", str(tmp_path))
    with aws_at("http://127.0.0.1:9"):
        assert clients.client("dynamodb") is clients.client("dynamodb")
        with pytest.raises(UnknownServiceError):
            clients.client("s3")
