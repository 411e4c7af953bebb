"""The NNDM door's story: things are made, read, decided about and taken away."""

from __future__ import annotations

import json
from datetime import timedelta

from souk.identity import issuer
from souk.work import run
from tests.faults.stage import Stage
from tests.faults.trial import Outcome
from tests.nndm.driver import Api
from tests.nndm.samples import product

DOOR = "nndm"
AGREEMENT = "b7f2e1a4-3c59-4d0e-8f21-5a9c64d2e803"
COST = "0d9a1f3e-62b7-4b83-a2c5-7e1df0c4b956"
MADE = [
    *("add_team", "add_source_system", "add_definition", "add_asset", "add_data_contract", "add_data_product"),
    *("add_connector", "add_data_usage_agreement", "post_test_results"),
]
READ = [
    *("get_asset", "get_assets", "get_connector", "get_connectors", "get_costs", "get_data_contract"),
    *("get_data_contract_yaml", "get_data_contracts", "get_data_product", "get_data_products"),
    *("get_data_usage_agreement", "get_data_usage_agreements", "get_definition", "get_definitions"),
    *("get_source_system", "get_source_systems", "get_team", "get_teams", "get_test_results", "list_test_results"),
    *("poll_events", "get_access_status"),
]
GONE = [
    *("delete_test_results", "delete_data_usage_agreement", "delete_data_product", "delete_data_contract"),
    *("delete_asset", "delete_connector", "delete_definition", "delete_source_system", "delete_team"),
]


def wording(refusal: Outcome) -> str:
    problem = json.loads(refusal.body)
    right = problem["status"] == refusal.status and problem["detail"] and problem["title"]
    return "" if right else "not a problem document"


def story(stage: Stage) -> None:
    for name in MADE:
        stage.play(f"nndm/{name}", 200)
    cost = stage.play("nndm/add_cost", 200)
    stage.knows(**{COST: cost["id"]} if isinstance(cost, dict) else {})
    for name in READ:
        stage.play(f"nndm/{name}", 200)
    person = {"sub": "9a205f9a-4d5b-5679-bef5-fde979df1cdd", "email": "ada.moen@nav.no", "groups": ["roastery"]}
    token = run(stage.store, lambda work: issuer.issue(work, person, timedelta(hours=1))).token
    stage.play("nndm/request_access", 200, instead={"$SOUK_API_KEY": token, stage.secret: token})
    large(stage)
    api = Api(stage.store, stage.secret)
    for asked in api.listed("datausageagreements"):
        if asked["info"]["purpose"] == "See which roast sells":
            api.removed("datausageagreements", asked["id"])
    decide(stage)
    stage.play("nndm/delete_cost", 200)
    for name in GONE:
        stage.play(f"nndm/{name}", 200)
    stage.play("nndm/unknown_path", 404)


def decide(stage: Stage) -> None:
    """Each decision on a request of its own."""
    for number, verbs in enumerate((("reject",), ("approve", "cancel"))):
        other = {AGREEMENT: f"b7f2e1a4-3c59-4d0e-8f21-5a9c64d2e8{number}a"}
        for verb in ("add", *verbs, "delete"):
            stage.play(f"nndm/{verb}_data_usage_agreement", 200, instead=other)


def large(stage: Stage) -> None:
    """A document that does not fit into its item: its body is an object."""
    import random

    text = "".join(random.Random(1).choices("abcdefghijklmnopqrstuvwxyz0123456789", k=90_000))
    api = Api(stage.store, stage.secret)
    api.made("dataproducts", product("large", owner="roastery", custom={"text": text}))
    named = {"roast-batches": "large"}
    stage.play("nndm/get_data_product", 200, instead=named)
    stage.play("nndm/get_data_products", 200)
    stage.grown("nndm/add_data_product", 200, {"custom": {"text": text[::-1]}}, named)
    stage.play("nndm/delete_data_product", 200, instead=named)
