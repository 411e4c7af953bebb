"""The Immuta door's story, on the samples of a local run."""

from __future__ import annotations

import json
from typing import Any

from local.governance import sampled, seed
from local.identities import DOMAIN, FURTHER
from souk.identity import users
from souk.organisation import domains
from souk.work import Work, run
from tests.faults.stage import Stage
from tests.faults.trial import Manner, Outcome
from tests.immuta.driver import Client

DOOR = "immuta"
PRODUCT = "5b1f7c3e-9a42-4d86-b0e5-2c7d9f1a3b64"
MASKED = "c4e6b8n0m2v5c7x9z1a3s5d7f"
VERSION = "c2v8n4x6z1q3w5e7r9t0y2u4i"
RECORD = "c3a7s9d1f2g4h6j8k0l1z3x5c"
REQUEST = "c1m4v8q2x7t0k5w9b3n6j8r2h"
FORM = "3c9e1f5a-7b24-4d68-a0c3-9e5d7b1f2a46"
TERMS = "0d4b8f2a-6c1e-4937-85d2-a9e3c7b1f560"
FIRST = {
    "search_data_products": 200,
    "get_data_product_by_id": 200,
    "get_data_product_by_name": 200,
    "update_data_product": 200,
    "update_data_sources": 200,
    "search_data_sources": 200,
    "get_all_data_sources": 200,
    "search_data_product_columns": 200,
    "get_request_forms": 200,
    "get_current_user": 200,
    "get_approved_masking_exception_columns": 200,
    "search_request_forms": 200,
    "search_data_use_agreements": 200,
}
ASKED = {
    "get_access_request": 200,
    "get_approval_records": 200,
    "get_risk_assessment": 200,
    "search_data_product_access_requests": 200,
    "search_access_requests": 200,
}
ENDS_FIRST = Manner(rests=True)
"""Accesses to a product end one by one before it goes."""


def wording(refusal: Outcome) -> str:
    body = json.loads(refusal.body)
    right = body["statusCode"] == refusal.status and body["message"] and body["error"]
    return "" if right else "not in the door's words"


def sample(work: Work) -> None:
    domains.put_domain(work, DOMAIN, {"name": "Roastery"})
    for person in FURTHER:
        users.put_user(work, name=person.name, email=person.email)
    seed(work)


def story(stage: Stage) -> None:
    run(stage.store, sample)
    stage.play("immuta/create_data_product", 201)
    for name, status in FIRST.items():
        stage.play(f"immuta/{name}", status)
    forms(stage)
    api = Client(stage.secret)
    reviewed(api)
    decided(stage, api)
    stage.play("immuta/search_data_product_members", 200)
    stage.play("immuta/recent_determinations", 200)
    masked(stage)
    stage.play("immuta/delete_data_product", 200, ENDS_FIRST)
    stage.play("immuta/unknown_path", 404)


def reviewed(api: Client) -> None:
    """From here on requests wait for somebody who decides."""
    api.ok("PUT", f"/api/data-product/{PRODUCT}", {"requestFormIds": [sampled().reviewed_form]})


def decided(stage: Stage, api: Client) -> None:
    asked = stage.play("immuta/request_access", 201)
    stage.knows(**{REQUEST: asked["id"]})
    for name, status in ASKED.items():
        stage.play(f"immuta/{name}", status)
    stage.play("immuta/cancel_access_request", 204)
    again = ask(stage, api)
    (record,) = api.get(f"/api/access-request/{again}/records")["approvalRecords"]
    stage.play("immuta/update_approval_record", 200, instead={RECORD: record["id"]})
    stage.play("immuta/revoke_access", 204, instead={REQUEST: again})
    ask(stage, api)


def ask(stage: Stage, api: Client) -> str:
    body = json.loads(stage.recorded("immuta/request_access")["body"])
    asked: str = api.ok("POST", f"/api/data-product/{PRODUCT}/request", body, 201)["id"]
    return asked


def masked(stage: Stage) -> None:
    asked = stage.play("immuta/request_masking_exception", 201)
    stage.play("immuta/get_masking_exception_columns", 200, instead={MASKED: asked["id"]})


def forms(stage: Stage) -> None:
    made: Any = stage.play("immuta/create_request_form", 201)
    stage.knows(**{FORM: made["id"]})
    stage.play("immuta/get_request_form", 200)
    changed = stage.play("immuta/update_request_form", 201)
    stage.play("immuta/get_request_form_version", 200, instead={VERSION: changed["version"]})
    stage.play("immuta/delete_request_form", 204)
    terms = stage.play("immuta/create_data_use_agreement", 201)
    stage.knows(**{TERMS: terms["id"]})
    for name, status in {"get": 200, "update": 200, "delete": 204}.items():
        stage.play(f"immuta/{name}_data_use_agreement", status)
