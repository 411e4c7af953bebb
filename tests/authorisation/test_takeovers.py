"""What people who may something would try to make more of it: none of it is done, and nothing of it is stored."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any, NamedTuple

import pytest

from souk.setup.catalogue import CATALOGUE
from tests.authorisation.estate import HUB, Scene
from tests.authorisation.people import DOMAINS, FOREIGN, OWN, TEAMS, Person
from tests.gate import Guest

Names = dict[str, str]
Doc = dict[str, Any]


class Attempt(NamedTuple):
    """By whom, what, and how it is answered. `own` are the names of the side that is attacked, `foreign` one's own."""

    who: str
    method: str
    target: Callable[[Names, Names], str]
    body: Callable[[Names, Names], Any]
    status: int


def _agreement(product: str, consumer: Doc, **info: Any) -> Doc:
    told = {"purpose": "p", "startDate": "2026-01-01", "status": "approved", "active": True, **info}
    return {"info": told, "provider": {"dataProductId": product, "outputPortId": "out"}, "consumer": consumer}


def _agreed(own: Names, **info: Any) -> Doc:
    """The reader's standing agreement, changed."""
    return {"id": own["agreed"], **_agreement(own["spare"], {"userId": "reader@souk.example"}, **info)}


def _patch(path: str, value: Any) -> list[Doc]:
    return [{"op": "replace", "path": path, "value": value}]


def _standing(own: Names, _: Names) -> str:
    return f"/api/datausageagreements/{own['agreed']}"


def _draft(_: Names, foreign: Names) -> str:
    return f"{HUB}/data_products/{foreign['dproduct']}/drafts/{foreign['draft']}"


def _order(own: Names, _: Names) -> str:
    return f"/v2/asset_lists/{own['order']}"


ATTEMPTS = {
    "a product of others with one's own team as owner": Attempt(
        "member of another team",
        "PUT",
        lambda own, _: f"/api/dataproducts/{own['product']}",
        lambda own, _: {"id": own["product"], "info": {"title": "t", "owner": TEAMS[FOREIGN], "domain": "d"}},
        403,
    ),
    "a product of others moved into one's own domain": Attempt(
        "manager of another domain",
        "PUT",
        lambda own, _: f"/api/dataproducts/{own['product']}",
        lambda own, _: {
            "id": own["product"],
            "info": {"title": "t", "owner": TEAMS[OWN], "domain": DOMAINS[FOREIGN]},
        },
        403,
    ),
    "a body that names another product than the path": Attempt(
        "member of another team",
        "PUT",
        lambda _, foreign: f"/api/dataproducts/{foreign['product']}",
        lambda own, _: {"id": own["product"], "info": {"title": "t", "owner": TEAMS[FOREIGN], "domain": "d"}},
        422,
    ),
    "a later end for one's own access": Attempt(
        "reader", "PUT", _standing, lambda own, _: _agreed(own, endDate="2039-01-01"), 403
    ),
    "an earlier start for one's own access": Attempt(
        "reader", "PUT", _standing, lambda own, _: _agreed(own, startDate="2020-01-01"), 403
    ),
    "one's own access for a friend": Attempt(
        "reader",
        "PUT",
        _standing,
        lambda own, _: {"id": own["agreed"], **_agreement(own["spare"], {"userId": "friend@souk.example"})},
        403,
    ),
    "one's own access to another product": Attempt(
        "reader",
        "PUT",
        _standing,
        lambda own, _: {"id": own["agreed"], **_agreement(own["product"], {"userId": "reader@souk.example"})},
        403,
    ),
    "one's own request approved": Attempt(
        "reader", "POST", lambda own, _: f"/api/datausageagreements/{own['agreement']}/approve", lambda *_: None, 403
    ),
    "a data source of another domain": Attempt(
        "manager of another domain",
        "PUT",
        lambda _, foreign: f"/api/data-product/{foreign['governed']}/datasources",
        lambda own, _: {"dataSources": [{"sourceId": own["source"]}]},
        400,
    ),
    "a product that reaches into another domain": Attempt(
        "manager of another domain",
        "PUT",
        lambda _, foreign: f"/api/data-product/{foreign['governed']}",
        lambda *_: {"domains": [DOMAINS[FOREIGN], DOMAINS[OWN]]},
        403,
    ),
    "a request of another product below one's own": Attempt(
        "manager of another domain",
        "DELETE",
        lambda own, foreign: f"/api/data-product/{foreign['governed']}/request/{own['standing']}",
        lambda *_: None,
        404,
    ),
    "another maker of a draft": Attempt("brewer", "PATCH", _draft, lambda *_: _patch("/created_by", "brewer"), 400),
    "a draft moved below another product": Attempt(
        "brewer", "PATCH", _draft, lambda own, _: _patch("/data_product/id", own["dproduct"]), 400
    ),
    "a draft of others below one's own product": Attempt(
        "brewer",
        "PATCH",
        lambda own, foreign: f"{HUB}/data_products/{foreign['dproduct']}/drafts/{own['draft']}",
        lambda *_: _patch("/name", "Mine now"),
        404,
    ),
    "terms of others below one's own draft": Attempt(
        "brewer",
        "PUT",
        lambda own, foreign: f"{_draft(own, foreign)}/contract_terms/{own['dterms']}",
        lambda *_: {"roles": []},
        404,
    ),
    "a contract template moved into one's own domain": Attempt(
        "manager of another domain",
        "PATCH",
        lambda own, _: f"{HUB}/contract_templates/{own['template']}?container.id={CATALOGUE}",
        lambda *_: _patch("/contract_terms/overview/domain/id", DOMAINS[FOREIGN]),
        403,
    ),
    "one's own order approved": Attempt(
        "reader", "PATCH", _order, lambda *_: _patch("/state", "ready_to_deliver"), 403
    ),
    "one's own order delivered": Attempt("reader", "PATCH", _order, lambda *_: _patch("/state", "succeeded"), 400),
    "one's own order in another's name": Attempt(
        "reader", "PATCH", _order, lambda *_: _patch("/access_control", {"owner": "maker@souk.example"}), 400
    ),
    "an item of another order": Attempt(
        "key",
        "PATCH",
        lambda own, foreign: f"{HUB}/subscriptions/{own['order']}/items/{foreign['order_item']}",
        lambda *_: _patch("/data_product_delivery_state", "delivered"),
        404,
    ),
    "a self-service product of others for one's own team": Attempt(
        "member of another team",
        "PUT",
        lambda own, _: f"/api/v1/dataproducts/{own['shared']}",
        lambda *_: {"name": "n", "description": "d", "team": TEAMS[FOREIGN]},
        401,
    ),
    "somebody else's access ended": Attempt(
        "outsider",
        "DELETE",
        lambda own, _: f"/api/v1/access/{own['shared']}",
        lambda *_: {"subject": "reader@souk.example", "type": "user"},
        401,
    ),
    "oneself into a team": Attempt(
        "outsider",
        "PUT",
        lambda *_: f"/api/teams/{TEAMS[OWN]}",
        lambda *_: {
            "id": TEAMS[OWN],
            "name": "n",
            "type": "Domain Team",
            "members": [{"emailAddress": "outsider@souk.example"}],
        },
        403,
    ),
}


def send(scene: Scene, people: list[Person], attempt: Attempt) -> int:
    (who,) = (one for one in people if one.name == attempt.who)
    own, foreign = ({**scene.names[side]} for side in (OWN, FOREIGN))
    body = attempt.body(own, foreign)
    data = b"" if body is None else json.dumps(body).encode()
    kind = {"content-type": "application/json"} if data else {}
    return Guest().send(attempt.method, attempt.target(own, foreign), data, {**who.headers, **kind}).status


@pytest.mark.parametrize("attempt", ATTEMPTS.values(), ids=ATTEMPTS)
def test_whoever_may_something_makes_no_more_of_it(scene: Scene, people: list[Person], attempt: Attempt) -> None:
    assert send(scene, people, attempt) == attempt.status
    assert scene.committed() == scene.commits


def test_a_request_that_says_it_is_approved_is_a_request(scene: Scene, people: list[Person]) -> None:
    own = scene.names[OWN]
    mine = {"id": "mine", **_agreement(own["product"], {"userId": "outsider@souk.example"})}
    attempt = Attempt("outsider", "PUT", lambda *_: "/api/datausageagreements/mine", lambda *_: mine, 200)
    assert [send(scene, people, attempt) for _ in range(2)] == [200, 200]
    (key,) = (one for one in people if one.name == "key")
    shown = Guest().send("GET", "/api/datausageagreements/mine", b"", key.headers).json()["info"]
    scene.restore()
    assert (shown["status"], shown["active"]) == ("requested", False)
