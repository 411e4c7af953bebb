"""The recorded invocations play, as a story on the product that the first of them makes."""

from __future__ import annotations

import importlib
import json
from typing import Any

import pytest

from souk.identity import keys
from souk.store.sqlite import SqliteStore
from souk.work import run
from tests.repository.tree import ROOT

RECORDED = "coffeeStock0123456Ab"
"""The id in the recordings: the server made it."""
STORY = {
    "get_user_info": 200,
    "get_dataproducts": 200,
    "get_dataproduct": 200,
    "update_dataproduct": 204,
    "grant_access": 204,
    "revoke_access": 204,
    "get_access_log": 200,
    "delete_dataproduct": 204,
    "unknown_path": 404,
}


def played(name: str, secret: str, product: str) -> tuple[int, str]:
    text = (ROOT / f"events/nav/{name}.json").read_text().replace("$SOUK_API_KEY", secret).replace(RECORDED, product)
    event: dict[str, Any] = json.loads(text)
    answer = importlib.import_module(f"nav.operations.{name}").handler(event, None)
    return answer["statusCode"], answer["body"]


@pytest.fixture
def secret(store: SqliteStore) -> str:
    return run(store, lambda work: keys.create(work, "recorded")).secret


def test_recorded_invocations_tell_a_story(secret: str) -> None:
    status, product = played("create_dataproduct", secret, "")
    assert status == 201
    assert {name: played(name, secret, product)[0] for name in STORY} == STORY


def test_every_recorded_invocation_is_played() -> None:
    assert {path.stem for path in (ROOT / "events/nav").glob("*.json")} == STORY.keys() | {"create_dataproduct"}
