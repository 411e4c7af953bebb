"""The recorded invocations play: each one is answered as its contract says by the handler it was recorded for."""

from __future__ import annotations

import base64
import importlib
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from souk.identity import keys
from souk.store import connect
from souk.store.sqlite import SqliteStore
from souk.work import run
from tests.repository.tree import ROOT, functions

SPOKEN = ["hub", "nndm"]
ORDER = [
    "add_team",
    "add_source",
    "add_def",
    "add_asset",
    "add_data_con",
    "add_data_prod",
    "add",
    "post",
    "get",
    "list",
    "poll",
    "request",
]
LAST = ["approve", "reject", "cancel", "delete_data_u", "delete_cost", "delete_data_p", "delete", "unknown", "exchange"]
REFUSED = {
    "nndm/delete_cost": 404,  # the id of a cost is the server's: no recording can know it
    "nndm/reject_data_usage_agreement": 422,  # approved by then
    "nndm/request_access": 403,  # a key has no person behind it
    "nndm/unknown_path": 404,
    "hub/unknown_path": 404,
    "hub/get_grant": 404,  # no access is active in that story
    "hub/post_grant_result": 404,
}
NAMES = [
    f"{dialect}/{Path(f['Handler'].split('.')[2]).name}" for dialect in SPOKEN for f in functions(dialect).values()
]


def turn(name: str) -> int:
    """Where an operation stands in a story that makes, reads, changes and deletes."""
    operation = name.split("/")[1]
    return next(place for place, begin in enumerate(ORDER + LAST) if operation.startswith(begin))


def filled(name: str, secret: str) -> dict[str, Any]:
    """The recorded event with a key that is good."""
    event: dict[str, Any] = json.loads((ROOT / f"events/{name}.json").read_text().replace("$SOUK_API_KEY", secret))
    if event["isBase64Encoded"]:
        body = base64.b64decode(event["body"]).replace(b"%24SOUK_API_KEY", secret.encode())
        event["body"] = base64.b64encode(body).decode()
    return event


@pytest.fixture(scope="module")
def answers(tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[str, int]]:
    """The status of every recorded invocation, played in turn on one empty store."""
    store = SqliteStore(":memory:")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("SOUK_SIGNING_KEY", f"file:{tmp_path_factory.mktemp('key') / 'signing.pem'}")
        connect.use(store)
        secret = run(store, lambda work: keys.create(work, "recorded").secret)
        statuses = {}
        for name in sorted(NAMES, key=turn):
            dialect, operation = name.split("/")
            handler = importlib.import_module(f"{dialect}.operations.{operation}").handler
            statuses[name] = handler(filled(name, secret), None)["statusCode"]
        yield statuses
    connect.use(None)


@pytest.mark.parametrize("name", NAMES)
def test_recorded_invocation_is_answered(answers: dict[str, int], name: str) -> None:
    assert answers[name] == REFUSED.get(name, 200)
