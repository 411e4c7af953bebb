"""Who may do what: the permission matrix, person by person (contract section 8)."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from uuid import uuid4

import pytest

from tests.wire.immuta.door import Caller, Marketplace, path_of, record_path, request_path, worded
from tests.wire.immuta.operations import PRODUCT_READS, name
from tests.wire.immuta.people import Issuer
from tests.wire.raw import Doc

PEOPLE = ["governance", "domain manager", "steward", "stranger", "manager elsewhere", "auditor", "user admin"]
ALLOWED = {
    "create": {"governance", "domain manager"},
    "update": {"governance", "domain manager", "steward"},
    "set sources": {"governance", "domain manager", "steward"},
    "delete": {"governance", "domain manager"},
    "determine": {"governance", "domain manager", "steward"},
    "revoke": {"governance", "domain manager", "steward"},
    "revoke masking": {"governance", "domain manager", "steward"},
    "ask": set(PEOPLE),
    "ask for another": set(PEOPLE),
    "browse": set(PEOPLE),
    "make a form": {"governance"},
    "change a form": {"governance"},
    "delete a form": {"governance"},
    "make terms": {"governance"},
}
WHO_DID = {"create": 201, "ask": 201, "ask for another": 201, "make a form": 201, "make terms": 201}
GONE = {"revoke": 204, "revoke masking": 204, "delete a form": 204}


@pytest.fixture(scope="module")
def people(place: Marketplace, issuer: Issuer, owner: Caller) -> dict[str, Caller]:
    return {
        "governance": issuer.person(roles=["governance"]),
        "domain manager": issuer.person(souk_domains=[place.domain]),
        "steward": owner,
        "stranger": issuer.person(),
        "manager elsewhere": issuer.person(souk_domains=["elsewhere"]),
        "auditor": issuer.person(roles=["audit"]),
        "user admin": issuer.person(roles=["user_admin"]),
    }


def stewarded(place: Marketplace, key: Caller) -> Doc:
    """A product of the owner's team in the sample domain, with a data source and the reviewed form."""
    id = str(uuid4())
    info = {"title": f"Of a team {id}", "owner": place.env["SOUK_OWNER_TEAM"], "domain": place.domain}
    document = {"dataProductSpecification": "0.0.1", "id": id, "info": info, "outputPorts": []}
    key.ok("PUT", f"/api/dataproducts/{id}", document)
    product = {"id": id}
    manager = place.caller("MANAGER")
    manager.ok("PUT", path_of(product), {"requestFormId": place.form})
    done: Doc = manager.ok("PUT", path_of(product, "datasources"), {"dataSources": place.attached()})
    return done


def form_of(place: Marketplace) -> str:
    return f"/api/request-form/{place.made_form()['id']}"


def asked(place: Marketplace, product: Doc) -> Doc:
    return place.request(product, place.caller("OTHER"))


def given(place: Marketplace, request: Doc) -> str:
    place.determine(request)
    return path_of(request["dataProduct"], "request", request["id"])


def masked(place: Marketplace, product: Doc) -> Doc:
    return place.masking(product, place.caller("OTHER"))


def determination(place: Marketplace, product: Doc) -> str:
    return record_path(place.records(asked(place, product))[0])


Prepared = tuple[str, str, Any]
CALLS: dict[str, Callable[[Marketplace, Doc, Caller], Prepared]] = {
    "create": lambda place, product, who: ("POST", "/api/data-product", place.body()),
    "update": lambda place, product, who: ("PUT", path_of(product), {"description": "changed"}),
    "set sources": lambda place, product, who: ("PUT", path_of(product, "datasources"), {"dataSources": []}),
    "delete": lambda place, product, who: ("DELETE", path_of(product), None),
    "determine": lambda place, product, who: ("PUT", determination(place, product), {"status": "APPROVED"}),
    "revoke": lambda place, product, who: ("DELETE", given(place, asked(place, product)), None),
    "revoke masking": lambda place, product, who: ("DELETE", given(place, masked(place, product)), None),
    "ask": lambda place, product, who: ("POST", path_of(product, "request"), {"user": who.id}),
    "ask for another": lambda place, product, who: ("POST", path_of(product, "request"), {"user": place.users[0]}),
    "browse": lambda place, product, who: ("GET", path_of(product), None),
    "make a form": lambda place, product, who: ("POST", "/api/request-form", place.form_body()),
    "change a form": lambda place, product, who: ("PUT", form_of(place), place.form_body()),
    "delete a form": lambda place, product, who: ("DELETE", form_of(place), None),
    "make terms": lambda place, product, who: ("POST", "/api/data-use-agreement", place.terms_body()),
}


@pytest.mark.parametrize(("action", "who"), [(action, who) for action, able in ALLOWED.items() for who in sorted(able)])
def test_allowed(place: Marketplace, key: Caller, people: dict[str, Caller], action: str, who: str) -> None:
    answer = people[who].call(*CALLS[action](place, stewarded(place, key), people[who]))
    assert answer.status in {200, 201, 204}, answer


@pytest.mark.parametrize(
    ("action", "who"), [(action, who) for action, able in ALLOWED.items() for who in PEOPLE if who not in able]
)
def test_refused(place: Marketplace, key: Caller, people: dict[str, Caller], action: str, who: str) -> None:
    product = stewarded(place, key)
    call = CALLS[action](place, product, people[who])
    before = place.caller("MANAGER").get(path_of(product))
    worded(people[who].call(*call), 403)
    assert place.caller("MANAGER").get(path_of(product)) == before


@pytest.mark.parametrize("operation", PRODUCT_READS, ids=name)
@pytest.mark.parametrize("who", PEOPLE)
def test_everybody_reads(
    place: Marketplace, people: dict[str, Caller], still: Doc, who: str, operation: tuple[str, str]
) -> None:
    assert people[who].get(operation[1].replace("{id}", still["id"])) is not None


@pytest.mark.parametrize("who", ["stranger", "manager elsewhere", "auditor"])
def test_a_request_is_read_by_everybody(place: Marketplace, people: dict[str, Caller], other: Caller, who: str) -> None:
    request = place.request(place.product(), other)
    assert people[who].get(request_path(request)) == request
    assert people[who].get(request_path(request, "records"))["approvalRecords"]


def test_nobody_revokes_their_own_access(place: Marketplace, other: Caller) -> None:
    product = place.product(requestFormId=place.open_form)
    request = place.request(product, other)
    worded(other.call("DELETE", path_of(product, "request", request["id"])), 403)
    assert other.get(request_path(request))["status"] == "APPROVED"


@pytest.mark.parametrize("who", ["stranger", "auditor", "manager elsewhere"])
def test_nobody_withdraws_what_others_asked(
    place: Marketplace, people: dict[str, Caller], other: Caller, who: str
) -> None:
    request = place.request(place.product(), other)
    worded(people[who].call("DELETE", request_path(request)), 403)
    assert other.get(request_path(request)) == request


def test_whoever_gains_may_withdraw(place: Marketplace, issuer: Issuer, other: Caller) -> None:
    gaining = issuer.person()
    place.request(place.product(), gaining)
    request = place.request(place.product(), other, gaining.id)
    gaining.ok("DELETE", request_path(request), status=204)
    assert other.get(request_path(request))["status"] == "CANCELED"


@pytest.mark.parametrize("domains", [["elsewhere"], ["{mine}", "elsewhere"]], ids=str)
def test_a_manager_creates_in_own_domains_only(
    place: Marketplace, people: dict[str, Caller], domains: list[str]
) -> None:
    body = place.body(domains=[domain.replace("{mine}", place.domain) for domain in domains])
    worded(people["domain manager"].call("POST", "/api/data-product", body), 403)


def test_a_manager_takes_no_product_into_another_domain(place: Marketplace, people: dict[str, Caller]) -> None:
    product = place.product()
    worded(people["domain manager"].call("PUT", path_of(product), {"domains": ["elsewhere"]}), 403)
    worded(people["manager elsewhere"].call("PUT", path_of(product), {"domains": ["elsewhere"]}), 403)


def test_whoever_created_it_is_shown(place: Marketplace, people: dict[str, Caller], other: Caller) -> None:
    maker = people["domain manager"]
    product = maker.ok("POST", "/api/data-product", place.body(), 201)
    assert (product["createdBy"], product["status"]) == (maker.id, "PUBLISHER")
    seen = people["governance"].ok("PUT", path_of(product), {"description": "changed"})
    assert (seen["createdBy"], seen["status"]) == (maker.id, "NONE")
    assert other.get(path_of(product))["status"] == "NONE"


def test_separation_of_duties_is_off(place: Marketplace, manager: Caller) -> None:
    request = place.request(place.product(), manager)
    assert place.determine(request)["status"] == "APPROVED"


def test_stewards_are_found_by_their_role(place: Marketplace, key: Caller, owner: Caller, other: Caller) -> None:
    product = stewarded(place, key)
    request = place.request(product, other)
    mine = {"nameFilter": product["name"]}
    assert [one["id"] for one in owner.get("/api/data-product", **mine, roleFilter="steward")["data"]] == [
        product["id"]
    ]
    assert other.get("/api/data-product", **mine, roleFilter="steward")["data"] == []
    found = owner.get("/api/access-request", dataProductId=product["id"], role="steward")["data"]
    assert [one["id"] for one in found] == [request["id"]]
    waiting = owner.get(path_of(product, "request"), reviewStatus="awaitingReviewFromYou")["data"]
    assert [one["id"] for one in waiting] == [request["id"]]
