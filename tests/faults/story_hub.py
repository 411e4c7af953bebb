"""The hub's story: a token for a key, and what a connector reports of its grants."""

from __future__ import annotations

import json
from unittest import mock

from souk import clock
from souk.ids import record_key
from tests.faults.stage import Stage, module_of
from tests.faults.story_reactions import agreement
from tests.faults.trial import Outcome
from tests.nndm.driver import Api
from tests.nndm.samples import port, product, team

DOOR = "hub"
RECORDED = "0w0fzr1y8k4t2m6h9c3b5d7s"
PLAIN = {
    "get_docs": 200,
    "get_async_api": 200,
    "get_health": 200,
    "get_key_set": 200,
    "get_open_api": 200,
    "unknown_path": 404,
}


def wording(refusal: Outcome) -> str:
    body = json.loads(refusal.body)
    named = body.get("error") or body.get("errorCode")
    return "" if named in {"busy", "unavailable"} else "not in the door's words"


def story(stage: Stage) -> None:
    stage.play("hub/exchange_token", 200)
    stage.play("hub/exchange_token", 200)
    reported(stage)
    for name, status in PLAIN.items():
        stage.play(f"hub/{name}", status)


def reported(stage: Stage) -> None:
    """A system outside is asked for a grant, and reports it."""
    api = Api(stage.store, stage.secret)
    for name in ("owners", "analysts"):
        api.made("teams", team(name))
    api.made("dataproducts", product("orders", port("out", autoApprove=True)))
    api.made("datausageagreements", agreement("granted", "out", startDate=clock.now().date().isoformat()))
    event = {"detail-type": "DataUsageAgreementActivatedEvent", "detail": {"subject": "granted"}}
    with mock.patch.dict("os.environ", {"SOUK_GRANTOR": "external"}):
        module_of("bus/apply_grants").handler(event, None)
        key = {RECORDED: record_key("access", "granted")}
        stage.play("hub/list_grants", 200)
        stage.play("hub/get_grant", 200, instead=key)
        stage.play("hub/post_grant_result", 204, instead=key)
