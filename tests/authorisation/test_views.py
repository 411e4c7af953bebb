"""What lists, searches, feeds, counts, tags and conditions tell: no more than the objects themselves would."""

from __future__ import annotations

import json
from collections.abc import Mapping
from urllib.parse import quote

import pytest

from souk.setup.catalogue import CATALOGUE
from tests.authorisation.estate import CANARY, HIDDEN, HUB, Scene
from tests.authorisation.knocking import knock, names_of, told, without_ids
from tests.authorisation.people import FOREIGN, OWN, Person
from tests.authorisation.rows import ROWS
from tests.authorisation.rules import readers_of_orders
from tests.gate import Guest
from tests.wire.raw import Answer

ORDERS = ("dpx/get_asset_list", "dpx/list_asset_list_items", "dpx/update_asset_list", "dpx/update_subscription_item")


@pytest.fixture(scope="module")
def named(people: list[Person]) -> dict[str, Person]:
    return {who.name: who for who in people}


def ask(who: Person, method: str, target: str, body: object = None, **headers: str) -> Answer:
    sent = {**who.headers, **{name.replace("_", "-"): value for name, value in headers.items()}}
    data = b"" if body is None else json.dumps(body).encode()
    return Guest().send(method, target, data, sent | ({"content-type": "application/json"} if data else {}))


def sides_seen(answer: Answer) -> set[str]:
    return {side for side in (OWN, FOREIGN) if f"{HIDDEN} order of {side}" in told(answer)}


def test_a_list_of_orders_holds_and_counts_what_its_reader_may_read(scene: Scene, people: list[Person]) -> None:
    users = [who for who in people if who.kind == "user"]
    answers = {who.name: ask(who, "GET", "/v2/asset_lists?limit=200") for who in users}
    expected = {who.name: {side for side in (OWN, FOREIGN) if readers_of_orders(who, side)} for who in users}
    assert {name: sides_seen(answer) for name, answer in answers.items()} == expected
    counts = {name: answer.json()["total_count"] for name, answer in answers.items()}
    assert counts == {name: 2 * len(sides) for name, sides in expected.items()}


@pytest.mark.parametrize("query", ["access_control.owner == '{reader}'", "asset.id == '{rasset}'", "name == '{name}'"])
def test_no_query_reaches_orders_of_others(scene: Scene, named: dict[str, Person], query: str) -> None:
    names = {**names_of(scene, OWN), "reader": "reader@souk.example", "name": f"{HIDDEN} order of own"}
    text = quote(query.format(**names))
    found = {name: ask(named[name], "GET", f"/v2/asset_lists?limit=0&query={text}") for name in ("outsider", "reader")}
    assert found["outsider"].json()["total_count"] == 0
    assert found["reader"].json()["total_count"] > 0


@pytest.mark.parametrize("name", ORDERS)
@pytest.mark.parametrize("tag", ['"1"', '"2"', '"3"', '"999"', "*"])
def test_a_condition_tells_nothing_of_what_is_hidden(
    scene: Scene, named: dict[str, Person], name: str, tag: str
) -> None:
    headers = {**named["outsider"].headers, "if-match": tag, "if-none-match": tag, "idempotency-key": "again"}
    there, not_there = (knock(scene, name, side, headers) for side in (OWN, "missing"))
    assert without_ids(there, names_of(scene, OWN)) == without_ids(not_there, names_of(scene, "missing"))
    assert scene.committed() == scene.commits


@pytest.mark.parametrize("name", sorted(name for name, row in ROWS.items() if not row.public))
def test_a_tag_opens_nothing_to_nobody(scene: Scene, named: dict[str, Person], name: str) -> None:
    """No 304, no 412 and no replay to whoever has not shown who they are."""
    tag = knock(scene, name, OWN, named["key"].headers).headers.get("etag") or '"1"'
    scene.restore()
    headers = {"host": "souk.example", "if-none-match": tag, "if-match": tag, "idempotency-key": "again"}
    statuses = [knock(scene, name, side, headers).status for side in (OWN, "missing")]
    assert statuses in ([401, 401], [403, 403])


def test_an_answer_is_replayed_to_whom_it_was_given_and_to_nobody_else(scene: Scene, named: dict[str, Person]) -> None:
    body = {"name": "One form", "fields": []}
    first = ask(named["governance"], "POST", "/api/request-form", body, idempotency_key="k")
    again = ask(named["governance"], "POST", "/api/request-form", body, idempotency_key="k")
    other = ask(named["key"], "POST", "/api/request-form", body, idempotency_key="k")
    refused = ask(named["outsider"], "POST", "/api/request-form", body, idempotency_key="k")
    scene.restore()
    assert (first.status, again.json()["id"]) == (201, first.json()["id"])
    assert (other.status, "idempotent-replayed" in other.headers) == (409, False)  # the name is taken by then
    assert (refused.status, "idempotent-replayed" in refused.headers) == (403, False)


def test_own_requests_are_ones_own(scene: Scene, people: list[Person]) -> None:
    """The list of requests that concern the caller: one's own, and those that the caller may decide."""
    users = [who for who in people if who.kind == "user"]
    totals = {who.name: ask(who, "GET", "/api/access-request?limit=100").json()["meta"]["totalCount"] for who in users}
    seen = {name for name, total in totals.items() if total}
    decide = {who.name for who in users if who.sides or "governance" in who.permissions}
    assert seen == decide - {"member by the team's name"} | {"reader"}  # lists go by the ids of teams


def test_whoever_is_nobody_sees_of_the_door_of_grants_what_is_for_everybody(scene: Scene) -> None:
    nobody = Guest()
    shown = nobody.done(200, "GET", "/api/v1/dataproducts")
    assert {product["id"] for product in shown} == {scene.names[side]["shared"] for side in (OWN, FOREIGN)}
    for side in (OWN, FOREIGN):
        assert nobody.done(200, "GET", f"/api/v1/access/{scene.names[side]['product']}") == []
        assert len(nobody.done(200, "GET", f"/api/v1/access/{scene.names[side]['shared']}")) == 1


@pytest.mark.parametrize(
    "target",
    [
        "/api/dataproducts",
        "/api/data-product?limit=100",
        "/api/v1/dataproducts",
        "/api/events?longPolling=false",
        "/api/dataproducts/{dproduct}",
        "/api/data-product/{dproduct}",
        "/api/v1/dataproducts/{dproduct}",
    ],
)
def test_a_draft_is_seen_by_no_other_door(scene: Scene, named: dict[str, Person], target: str) -> None:
    answer = ask(named["governance"], "GET", target.format(**names_of(scene, OWN)))
    assert answer.status in {200, 404}
    assert f"{CANARY} draft" not in told(answer)


@pytest.mark.parametrize("who", ["outsider", "governance", "key", "auditor"])
@pytest.mark.parametrize(
    ("target", "body"),
    [
        ("/v3/search", {"query": {}, "size": 200}),
        ("/api/events?longPolling=false", None),
        (f"/v2/asset_types/asset/search?catalog_id={CATALOGUE}", {"query": "*:*", "limit": 200, "include": "entity"}),
        (f"{HUB}/data_products?limit=200", None),
        ("/api/dataproducts", None),
        ("/api/data-product?limit=100", None),
        ("/api/access-request?limit=100", None),
    ],
)
def test_what_an_order_says_stands_in_no_list_and_no_feed(
    scene: Scene, named: dict[str, Person], who: str, target: str, body: Mapping[str, object] | None
) -> None:
    answer = ask(named[who], "POST" if body else "GET", target, body)
    assert answer.status == 200
    assert HIDDEN not in told(answer)


def test_links_to_what_was_delivered_are_for_its_consumer(scene: Scene, people: list[Person]) -> None:
    target = f"/v2/assets/{scene.names[OWN]['output']}?catalog_id={CATALOGUE}"
    readers = {who.name for who in people if ask(who, "GET", target).status == 200}
    assert readers == {"reader"} | {
        who.name for who in people if who.kind == "key" and who.enters and "read" in who.scopes
    }


def test_places_of_a_credential_are_those_that_a_door_names(scene: Scene, named: dict[str, Person]) -> None:
    secret = named["key"].headers["authorization"].split()[1]
    places = {
        "x-api-key": {"x-api-key": secret},
        "cookie": {"cookie": f"jwt={secret}"},
        "query": {},
    }
    targets = {
        "nndm": "/api/teams",
        "nav": "/api/v1/userinfo",
        "immuta": "/api/auth/user",
        "dpx": f"{HUB}/data_products",
        "hub": f"/grants/{scene.names[OWN]['granted']}",
    }
    found = {
        (door, place)
        for door, target in targets.items()
        for place, headers in places.items()
        if Guest().send("GET", f"{target}?apikey={secret}&access_token={secret}", b"", {"host": "x", **headers}).status
        == 200
    }
    assert found == {
        ("nndm", "x-api-key"),
        ("nav", "x-api-key"),
        ("immuta", "x-api-key"),
        ("hub", "x-api-key"),
        ("nav", "cookie"),
    }


def test_what_only_reads_by_post_stores_nothing_under_a_key_of_idempotency(
    scene: Scene, named: dict[str, Person]
) -> None:
    """Its role may not write."""
    answers = [ask(named["reader"], "POST", "/v3/search", {"query": {}}, idempotency_key="k") for _ in range(2)]
    assert [answer.status for answer in answers] == [200, 200]
    assert scene.committed() == scene.commits
