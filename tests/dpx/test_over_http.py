"""The door and its state machines on a local run: real requests, real executions, real objects."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from typing import Any

import httpx
import pytest

from tests.dpx.hub import CATALOGUE, DOMAIN
from tests.running import Running, eventually

Wire = dict[str, Any]
BASE = "/data_product_exchange/v1"
PRODUCTS = f"{BASE}/data_products"
ASSETS = f"/v2/assets?catalog_id={CATALOGUE}"


@pytest.fixture(scope="session")
def hub(souk: Running) -> Iterator[httpx.Client]:
    """A client of the run whose catalog is initialized."""
    token = {"authorization": f"Bearer {souk.env['SOUK_API_KEY']}"}
    with httpx.Client(base_url=souk.url, headers=token, timeout=35, trust_env=False) as client:
        ok(client.post(f"{BASE}/configuration/initialize", json={"include": ["data_product_samples"]}), 202)
        eventually(lambda: status(client)["status"] != "in_progress")
        yield client


def ok(answer: httpx.Response, status: int = 200) -> Any:
    assert answer.status_code == status, answer.text
    return answer.json() if answer.content else None


def status(hub: httpx.Client) -> Wire:
    shown: Wire = ok(hub.get(f"{BASE}/configuration/initialize/status"))
    return shown


def draft(hub: httpx.Client, **fields: Any) -> Wire:
    prototype = {"name": "Batches", "asset": {"container": {"id": CATALOGUE}}, "domain": DOMAIN} | fields
    made: Wire = ok(hub.post(PRODUCTS, json={"drafts": [prototype]}), 201)["drafts"][0]
    return made


def place(version: Wire, kind: str = "drafts") -> str:
    return f"{PRODUCTS}/{version['data_product']['id']}/{kind}/{version['id']}"


def test_the_catalog_is_initialized_by_its_machine(hub: httpx.Client) -> None:
    shown = status(hub)
    assert shown["status"] == "succeeded", shown
    installed = {option["name"] for option in shown["initialized_options"]}
    assert {"delivery_methods", "domains_multi_industry", "data_product_samples"} <= installed
    releases = ok(hub.get(f"{PRODUCTS}/-/releases?state=available"))["releases"]
    assert {"Roast batches", "Shop sales by day", "Green coffee stock"} <= {one["name"] for one in releases}


def test_a_draft_goes_through_its_whole_life(souk: Running, hub: httpx.Client) -> None:
    metadata = {"name": "Dashboard", "asset_type": "ibm_url_definition", "rov": {"mode": 0}}
    entity = {"ibm_url_definition": {"url": "https://example.com/dashboard"}}
    asset = ok(hub.post(ASSETS, json={"metadata": metadata, "entity": entity}), 201)["asset_id"]
    one = draft(hub, parts_out=[{"asset": {"id": asset, "container": {"id": CATALOGUE}}}])
    documents = f"{place(one)}/contract_terms/{one['contract_terms'][0]['id']}/documents"
    document = ok(hub.post(documents, json={"type": "sla", "name": "Promise"}), 201)
    refused = ok(hub.post(f"{place(one)}/publish"), 400)
    assert [error["code"] for error in refused["errors"]] == ["invalid_parameter"]

    # Whatever headers a client sends with the bytes, and none at all.
    put = httpx.put(document["upload_url"], content=b"Coffee at eight.", headers={"content-type": "text/plain"})
    assert put.status_code == 200, put.text
    ok(hub.post(f"{documents}/{document['id']}/complete"))
    release = ok(hub.post(f"{place(one)}/publish"))
    assert release["state"] == "available"
    httpx.put(document["upload_url"], content=b"Coffee at nine.")
    read = ok(hub.get(f"{documents.replace('/drafts/', '/releases/')}/{document['id']}"))
    assert httpx.get(read["url"]).content == b"Coffee at eight."

    with souk.client() as nndm:
        product = one["data_product"]["id"]
        info = ok(nndm.get(f"/api/dataproducts/{product}"))["info"]
        assert (info["title"], info["status"]) == ("Batches", "active")
        assert ok(hub.post(f"{place(one, 'releases')}/retire"))["state"] == "retired"
        assert ok(nndm.get(f"/api/dataproducts/{product}"))["info"]["status"] == "retired"
        ends = ("DataProductCreatedEvent", "OutputPortCreatedEvent", "DataProductUpdatedEvent")
        eventually(lambda: [name.rsplit(".", 1)[-1] for name in feed(nndm, product)] == list(ends))


def feed(nndm: httpx.Client, product: str) -> list[str]:
    """Types of every event about the product, from the beginning of the feed."""
    types, last = [], ""
    while page := ok(nndm.get("/api/events", params={"lastEventId": last} if last else {})):
        types += [event["type"] for event in page if event["subject"] == product]
        last = page[-1]["id"]
    return types


def test_in_the_background_a_link_leads_to_the_result(hub: httpx.Client) -> None:
    one = draft(hub)
    href = ok(hub.post(f"{place(one)}/publish?async=true"), 202)["href"]
    eventually(lambda: ok(hub.get(href))["state"] == "available")


def test_a_document_that_changed_is_caught_by_the_machine(hub: httpx.Client) -> None:
    one = draft(hub)
    documents = f"{place(one)}/contract_terms/{one['contract_terms'][0]['id']}/documents"
    document = ok(hub.post(documents, json={"type": "sla", "name": "Promise"}), 201)
    httpx.put(document["upload_url"], content=b"Coffee at eight.").raise_for_status()
    ok(hub.post(f"{documents}/{document['id']}/complete"))
    httpx.put(document["upload_url"], content=b"Coffee at nine.").raise_for_status()
    (error,) = ok(hub.post(f"{place(one)}/publish"), 400)["errors"]
    assert "changed after it was completed" in error["message"]
    shown = ok(hub.get(place(one)))
    assert (shown["state"], shown["publish_errors"][0]["message"]) == ("draft", error["message"])
    ok(hub.post(f"{documents}/{document['id']}/complete"))
    assert ok(hub.post(f"{place(one)}/publish"))["state"] == "available"


def test_eight_publishers_at_once(hub: httpx.Client) -> None:
    drafts = [draft(hub, name=f"Product {number}") for number in range(8)]
    answers: list[httpx.Response] = []
    threads = [
        threading.Thread(target=lambda one=one: answers.append(hub.post(f"{place(one)}/publish"))) for one in drafts
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert [answer.status_code for answer in answers] == [200] * 8


def test_of_two_publishers_of_one_draft_one_wins(hub: httpx.Client) -> None:
    one = draft(hub)
    answers: list[int] = []
    threads = [
        threading.Thread(target=lambda: answers.append(hub.post(f"{place(one)}/publish").status_code)) for _ in range(4)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(answers) == [200, 409, 409, 409]


def test_an_at_sign_may_be_encoded(hub: httpx.Client) -> None:
    one = draft(hub)
    assert ok(hub.get(place(one).replace("@", "%40"))) == one


def test_unknown_paths_and_missing_tokens_are_told_in_this_doors_words(souk: Running) -> None:
    for path, code in ((f"{BASE}/nothing", 404), ("/v2/nothing", 404), (PRODUCTS, 401)):
        answer = httpx.get(souk.url + path, trust_env=False)
        assert answer.status_code == code
        assert answer.json().keys() == {"trace", "errors"}
