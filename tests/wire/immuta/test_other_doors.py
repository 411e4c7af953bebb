"""One catalogue, one access engine: what this door does shows in the others, and the other way round."""

from __future__ import annotations

from typing import Any
from uuid import uuid4

from tests.running import eventually
from tests.wire.immuta.door import Caller, Marketplace, check_product, check_request, path_of
from tests.wire.raw import Doc


def put_product(place: Marketplace, key: Caller) -> str:
    """A product made through the NNDM door, with one port. Its id there."""
    id = f"wire-{uuid4().hex}"
    port = {"id": "table", "name": "table", "type": "snowflake"}
    info = {"title": f"Made by a pipeline {id}", "owner": place.env["SOUK_OWNER_TEAM"], "domain": "sales"}
    document = {"dataProductSpecification": "0.0.1", "id": id, "info": info, "outputPorts": [port]}
    key.ok("PUT", f"/api/dataproducts/{id}", document)
    return id


def agreements(key: Caller, product: str) -> list[Doc]:
    found = key.get("/api/datausageagreements")
    return [one for one in found if one["provider"]["dataProductId"] == product]


def test_a_request_here_is_an_agreement_there(place: Marketplace, key: Caller, other: Caller) -> None:
    product = place.product(dataSources=[{"sourceId": place.sources[0]}])
    shown = key.get(f"/api/dataproducts/{product['id']}")
    assert shown["info"]["title"] == product["name"]
    assert [port["id"] for port in shown["outputPorts"]] == [place.sources[0]]
    request = place.request(product, other)
    (agreement,) = agreements(key, product["id"])
    assert agreement["info"]["status"] == "requested"
    key.ok("POST", f"/api/datausageagreements/{agreement['id']}/approve")
    seen = other.get(f"/api/access-request/{request['id']}")
    check_request(seen)
    assert seen["status"] == "APPROVED"
    assert {record["status"] for record in place.records(request)} == {"CANCELED"}
    key.ok("POST", f"/api/datausageagreements/{agreement['id']}/cancel")
    assert other.get(f"/api/access-request/{request['id']}")["status"] == "REVOKED"


def test_a_product_from_there_lives_here(place: Marketplace, key: Caller, manager: Caller, other: Caller) -> None:
    id = put_product(place, key)
    name = f"Made by a pipeline {id}"
    (listed,) = other.get("/api/data-product", nameFilter=name)["data"]
    check_product(listed)
    assert other.get(path_of(listed)) == listed
    assert other.get(path_of(listed, "datasources", "all")) == {"dataSources": [{"sourceId": "table"}]}
    before: Any = key.get(f"/api/dataproducts/{id}")
    back = manager.ok("PUT", path_of(listed), {"description": "Said here", "name": listed["name"]})
    assert back["description"] == "Said here"
    after = key.get(f"/api/dataproducts/{id}")
    assert after["info"] == before["info"] | {"description": "Said here"}
    assert after["outputPorts"] == before["outputPorts"]
    request = place.request(listed, other)
    assert request["status"] == "PENDING"
    place.determine(request)
    (agreement,) = agreements(key, id)
    assert agreement["info"]["status"] == "approved"
    manager.ok("PUT", path_of(listed), {"suspended": True})
    assert key.get(f"/api/dataproducts/{id}")["info"]["status"] == "suspended"
    manager.ok("PUT", path_of(listed), {"suspended": False})
    assert key.get(f"/api/dataproducts/{id}")["info"] == after["info"]


def test_access_given_here_stands_in_the_access_map(place: Marketplace, manager: Caller, other: Caller) -> None:
    product = place.product(requestFormId=place.open_form)
    request = place.request(product, other)
    member = f"user:{place.env['SOUK_OTHER_EMAIL']}"
    shown = other.get(f"/api/v1/dataproducts/{product['id']}")
    assert member in shown["data_product"]["access"]
    manager.ok("DELETE", path_of(product, "request", request["id"]), status=204)
    assert member not in other.get(f"/api/v1/dataproducts/{product['id']}")["data_product"]["access"]


def test_the_feed_tells_of_it(place: Marketplace, key: Caller, other: Caller) -> None:
    product = place.product(requestFormId=place.open_form)
    place.request(product, other)
    (agreement,) = agreements(key, product["id"])
    position: dict[str, str] = {}
    names: list[str] = []

    def told() -> bool:
        batch = key.get("/api/events", **position)
        position.update(*[{"lastEventId": event["id"]} for event in batch[-1:]])
        mine = [event["type"].rsplit(".", 1)[1] for event in batch if event["subject"] == agreement["id"]]
        names.extend(name for name in mine if name.startswith("DataUsageAgreement"))
        return "DataUsageAgreementActivatedEvent" in names

    eventually(told)
    assert names == [f"DataUsageAgreement{verb}Event" for verb in ("Created", "Requested", "Approved", "Activated")]
