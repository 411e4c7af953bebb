"""The recorded invocations play, as a story on the samples of a local run."""

from __future__ import annotations

import importlib
import json
from typing import Any

import pytest

from local.governance import seed
from local.identities import DOMAIN, FURTHER
from souk.identity import keys, users
from souk.organisation import domains
from souk.store.port import Store
from souk.work import Work, run
from tests.repository.tree import ROOT

STORY = {
    "create_data_product": 201,
    "search_data_products": 200,
    "get_data_product_by_id": 200,
    "get_data_product_by_name": 200,
    "update_data_product": 200,
    "update_data_sources": 200,
    "search_data_sources": 200,
    "get_all_data_sources": 200,
    "search_data_product_columns": 200,
    "get_request_forms": 200,
    "request_access": 201,
    "request_masking_exception": 201,
    "search_data_product_access_requests": 200,
    "search_data_product_members": 200,
    "recent_determinations": 200,
    "search_access_requests": 200,
    "get_approved_masking_exception_columns": 200,
    "search_request_forms": 200,
    "create_request_form": 201,
    "get_request_form": 200,
    "update_request_form": 201,
    "delete_request_form": 204,
    "search_data_use_agreements": 200,
    "create_data_use_agreement": 201,
    "get_current_user": 200,
    "unknown_path": 404,
    "delete_data_product": 200,
}
MADE_HERE = {
    *("revoke_access", "get_access_request", "cancel_access_request", "get_approval_records", "get_risk_assessment"),
    *("get_masking_exception_columns", "update_approval_record", "get_request_form_version"),
    *("get_data_use_agreement", "update_data_use_agreement", "delete_data_use_agreement"),
}
"""Their ids are the server's: no recording can know them."""


def sample(work: Work) -> None:
    domains.put_domain(work, DOMAIN, {"name": "Roastery"})
    for person in FURTHER:
        users.put_user(work, name=person.name, email=person.email)


def played(name: str, secret: str) -> int:
    event: dict[str, Any] = json.loads(
        (ROOT / f"events/immuta/{name}.json").read_text().replace("$SOUK_API_KEY", secret)
    )
    answer = importlib.import_module(f"immuta.operations.{name}").handler(event, None)
    status: int = answer["statusCode"]
    return status


@pytest.fixture
def secret(store: Store) -> str:
    run(store, sample)
    run(store, seed)
    return run(store, lambda work: keys.create(work, "recorded")).secret


def test_recorded_invocations_tell_a_story(secret: str) -> None:
    assert {name: played(name, secret) for name in STORY} == STORY


def test_recorded_ids_that_only_a_server_makes_are_not_found(secret: str) -> None:
    assert played("create_data_product", secret) == 201
    assert {name: played(name, secret) for name in MADE_HERE} == dict.fromkeys(MADE_HERE, 404)


def test_every_recorded_invocation_is_played() -> None:
    assert {path.stem for path in (ROOT / "events/immuta").glob("*.json")} == STORY.keys() | MADE_HERE
