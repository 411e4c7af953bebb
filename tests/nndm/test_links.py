"""Every list that promises a Link leads by it to all that it holds (section 6, ruling R4)."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest

from tests.nndm.driver import Api
from tests.nndm.samples import MINIMAL, contract, cost, port, product, run_of
from tests.nndm.test_lists import walked
from tests.repository.tree import ROOT

NUMBERS = range(5)
DOCUMENT: dict[str, Any] = json.loads((ROOT / "functions/hub/openapi/nndm.json").read_text())
PROMISED = [
    path
    for path, methods in DOCUMENT["paths"].items()
    if any("link" in answer.get("headers", {}) for answer in methods.get("get", {}).get("responses", {}).values())
]


def of_kind(kind: str) -> Callable[[Api], None]:
    def fill(api: Api) -> None:
        for number in NUMBERS:
            api.made(kind, MINIMAL[kind] | {"id": f"n{number}"})

    return fill


def agreements(api: Api) -> None:
    api.made("dataproducts", product("orders", port()))
    asked = {"purpose": "p", "startDate": "2026-01-01"}
    for number in NUMBERS:
        document = {"id": f"n{number}", "info": asked, "consumer": {"userId": "a@souk.example"}}
        api.made("datausageagreements", document | {"provider": {"dataProductId": "orders", "outputPortId": "out"}})


def costs(api: Api) -> None:
    api.made("dataproducts", product("orders"))
    for _ in NUMBERS:
        assert api.call("POST", "/api/costs", cost("orders")).status == 200


def runs(api: Api) -> None:
    api.made("datacontracts", contract("orders-v1", "production"))
    for number in NUMBERS:
        assert api.call("POST", "/api/test-results", run_of("orders-v1", f"run-{number}")).status == 200


def connectors(api: Api) -> None:
    for number in NUMBERS:
        api.made("connectors", {"id": f"n{number}", "type": "snowflake"})


FILLED: dict[str, Callable[[Api], None]] = {f"/api/{kind}": of_kind(kind) for kind in MINIMAL} | {
    "/api/datausageagreements": agreements,
    "/api/access": agreements,
    "/api/costs": costs,
    "/api/test-results": runs,
    "/api/connectors": connectors,
}
QUERY = {"/api/costs": "dataProductId=orders"}


def test_all_that_promise_it_are_tried() -> None:
    assert set(PROMISED) == set(FILLED)


@pytest.mark.parametrize("path", PROMISED)
def test_link_leads_through_the_whole_list(api: Api, path: str, monkeypatch: pytest.MonkeyPatch) -> None:
    FILLED[path](api)
    query = QUERY.get(path, "")
    whole = api.call("GET", f"{path}?{query}")
    assert "link" not in whole.headers
    monkeypatch.setattr("nndm.paging.MAX_ANSWER", 20)
    for start in (f"{path}?{query}", f"{path}?p=0&{query}"):
        pages = walked(api, start)
        assert len(pages) > 1
        assert [entry for page in pages for entry in page] == whole.json()
