"""Orders: placed, approved in any door, listed (contract 4.3)."""

from __future__ import annotations

from datetime import timedelta
from urllib.parse import quote

import pytest

from reactions import sweep_due
from souk import clock
from souk.access.decisions import approve, reject
from souk.identity.principal import Principal
from souk.work import Work, run
from tests.dpx.driver import Api, Wire
from tests.dpx.hub import DOWNLOAD, OPEN_URL, drafts, releases, some_id
from tests.dpx.ordering import LISTS, Shop, file_asset, order_of, page_asset

KEY = Principal("key", "a-key")


@pytest.fixture
def page(shop: Shop) -> str:
    return page_asset(shop.hub)


def restricted(shop: Shop, page: str) -> Wire:
    return shop.release((page, OPEN_URL), is_restricted=True)


def test_an_order_of_an_open_product_is_delivered_at_once(shop: Shop, page: str) -> None:
    file = file_asset(shop.hub)
    release = shop.release((file, DOWNLOAD), (page, OPEN_URL))
    placed = shop.order(release, (file, DOWNLOAD), (page, OPEN_URL))
    assert (placed["type"], placed["state"], placed["name"]) == ("order", "received", "Batches for us")
    assert placed["asset"]["id"] == release["asset"]["id"]
    assert placed["access_control"]["owner"]
    assert shop.shown(placed)["state"] == "succeeded"
    assert shop.shown(placed)["data_product_delivery_state"] == "delivered"
    assert shop.states(placed) == ["delivered", "delivered"]
    item = shop.items(placed)[0]
    assert item["asset"]["metadata"]["id"] == file
    assert item["properties"]["delivery_method"]["asset_id"] == DOWNLOAD
    assert int(item["properties"]["data_product_delivery_state_modified"]) > 1_600_000_000_000
    assert [len(one["properties"]["assets_out"]) for one in shop.items(placed)] == [1, 1]


def test_the_terms_are_recorded_as_they_were(shop: Shop, page: str) -> None:
    draft = shop.hub.product(parts_out=[])
    document = shop.hub.document(draft, name="Promise", url="https://example.com/promise")
    body = [{"asset": {"id": page, "type": "data_asset"}, "delivery_methods": [{"id": OPEN_URL}]}]
    shop.hub.api.patch(drafts(draft), {"op": "add", "path": "/parts_out", "value": body}).expect(200)
    release = shop.hub.publish(draft).expect(200)
    accepted = shop.shown(shop.order(release, (page, OPEN_URL)))["accepted_terms"]
    assert accepted["documents"] == [
        {"id": document["id"], "type": "sla", "name": "Promise", "of": "https://example.com/promise"}
    ]
    assert (accepted["by"], bool(accepted["at"])) != ("", False)


def test_a_restricted_product_is_delivered_after_its_approval_only(shop: Shop, page: str) -> None:
    order = shop.order(restricted(shop, page), (page, OPEN_URL))
    shop.hear(order)
    assert (shop.shown(order)["state"], shop.states(order)) == ("received", ["received"])
    decided = shop.decide(order, "ready_to_deliver")
    assert (decided["state"], decided["message"]) == ("ready_to_deliver", "ok")
    assert (shop.shown(order)["state"], shop.states(order)) == ("succeeded", ["delivered"])


def test_a_rejected_order_is_over(shop: Shop, page: str) -> None:
    order = shop.order(restricted(shop, page), (page, OPEN_URL))
    assert shop.decide(order, "rejected")["state"] == "rejected"
    assert (shop.shown(order)["state"], shop.states(order)) == ("rejected", ["received"])
    change = {"op": "replace", "path": "/state", "value": "ready_to_deliver"}
    shop.hub.api.patch(f"{LISTS}/{order['id']}", change).refused(409, "conflict")


def test_an_approval_in_another_door_starts_the_delivery_once(shop: Shop, page: str) -> None:
    order = shop.order(restricted(shop, page), (page, OPEN_URL))
    access = shop.access_of(order)
    run(shop.store, lambda work: approve(work, access, KEY))
    before = len(shop.machines.started)
    shop.hear(order)
    shop.hear(order)
    assert shop.shown(order)["state"] == "succeeded"
    assert len(shop.machines.started) == before + 1


def test_a_rejection_in_another_door_rejects_the_order(shop: Shop, page: str) -> None:
    order = shop.order(restricted(shop, page), (page, OPEN_URL))
    access = shop.access_of(order)
    run(shop.store, lambda work: reject(work, access, KEY))
    shop.hear(order)
    assert shop.shown(order)["state"] == "rejected"


def test_a_second_order_rests_on_the_same_access(shop: Shop, page: str) -> None:
    release = restricted(shop, page)
    first = shop.order(release, (page, OPEN_URL))
    shop.decide(first, "ready_to_deliver")
    second = shop.order(release, (page, OPEN_URL))
    assert shop.access_of(first) == shop.access_of(second)
    assert shop.shown(second)["state"] == "succeeded"


def test_nobody_approves_for_thirty_days(shop: Shop, page: str, monkeypatch: pytest.MonkeyPatch) -> None:
    order = shop.order(restricted(shop, page), (page, OPEN_URL))
    later = clock.now() + timedelta(days=29)
    monkeypatch.setattr(clock, "now", lambda: later)
    sweep_due.handler({})
    assert shop.shown(order)["state"] == "received"
    much_later = later + timedelta(days=2)
    monkeypatch.setattr(clock, "now", lambda: much_later)
    sweep_due.handler({})
    assert (shop.shown(order)["state"], shop.shown(order)["message"]) == (
        "rejected",
        "nobody approved the order in time",
    )
    assert Work(shop.store).get("access", shop.access_of(order)).body["card"]["status"] == "canceled"


def test_the_consumer_withdraws(shop: Shop, page: str) -> None:
    order = shop.order(restricted(shop, page), (page, OPEN_URL))
    assert shop.decide(order, "canceled", by=shop.buyer)["state"] == "canceled"
    assert Work(shop.store).get("access", shop.access_of(order)).body["card"]["status"] == "canceled"


def test_an_order_may_be_renamed_and_nothing_else(shop: Shop, page: str) -> None:
    order = shop.order(restricted(shop, page), (page, OPEN_URL))
    place = f"{LISTS}/{order['id']}"
    renamed = shop.buyer.patch(place, {"op": "replace", "path": "/name", "value": "Other"}).expect(200)
    assert renamed["name"] == shop.shown(order)["name"] == "Other"
    for path, value in (("/id", "1"), ("/type", "list"), ("/state", "succeeded"), ("/state", 7), ("/name", "")):
        shop.buyer.patch(place, {"op": "replace", "path": path, "value": value}).refused(400)
    shop.buyer.patch(place, {"op": "remove", "path": "/state"}).refused(400)
    shop.buyer.patch(place, {"op": "test", "path": "/name", "value": "x"}).refused(409)


def test_what_cannot_be_ordered_is_refused(shop: Shop, page: str) -> None:
    release = shop.release((page, OPEN_URL))
    good = order_of(release, (page, OPEN_URL))
    for missing in ("name", "type", "asset", "items"):
        body = {key: value for key, value in good.items() if key != missing}
        shop.buyer.post(LISTS, body).refused(400, "missing_required_value")
    shop.buyer.post(LISTS, good | {"items": []}).refused(400)
    shop.buyer.post(LISTS, good | {"type": "wish"}).refused(400)
    shop.buyer.post(LISTS, order_of(release, (some_id(), OPEN_URL))).refused(400)
    shop.buyer.post(LISTS, order_of(release, (page, DOWNLOAD))).refused(400)
    shop.buyer.post(LISTS, order_of({**release, "asset": {"id": some_id()}}, (page, OPEN_URL))).refused(404)
    draft = shop.hub.product(parts_out=release["parts_out"])
    shop.buyer.post(LISTS, order_of(draft, (page, OPEN_URL))).refused(404)
    shop.hub.api.post(f"{releases(release)}/retire").expect(200)
    shop.buyer.post(LISTS, good).refused(409, "conflict")


def test_orders_are_found_by_query(shop: Shop, page: str) -> None:
    release, other = shop.release((page, OPEN_URL)), restricted(shop, page)
    first, second = shop.order(release, (page, OPEN_URL)), shop.order(other, (page, OPEN_URL))
    asset = release["asset"]["id"]

    def ids(query: str) -> list[str]:
        answer = shop.buyer.get(f"{LISTS}?query={quote(query)}&sort=-last_updated_at").expect(200)
        assert answer["total_count"] == len(answer["asset_lists"])
        return [one["id"] for one in answer["asset_lists"]]

    assert ids(f'type=="order"&&(asset.id=="{asset}"&&state=="succeeded")') == [first["id"]]
    assert set(ids('created_at>="2025-10-08T23:00:00Z"')) == {first["id"], second["id"]}
    assert ids('created_at>="2999-01-01T00:00:00Z"') == []
    owner = first["access_control"]["owner"]
    assert set(ids(f'access_control.owner=="{owner}" && !(type == "other")')) == {first["id"], second["id"]}
    assert ids('state in ["received", "rejected"]') == [second["id"]]


def test_lists_are_paged_and_counted(shop: Shop, page: str) -> None:
    release = shop.release((page, OPEN_URL))
    made = [shop.order(release, (page, OPEN_URL))["id"] for _ in range(3)]
    count = shop.buyer.get(f"{LISTS}?limit=0").expect(200)
    assert (count["asset_lists"], count["total_count"], count["limit"]) == ([], 3, 0)
    first = shop.buyer.get(f"{LISTS}?limit=2").expect(200)
    sorted_first = shop.buyer.get(f"{LISTS}?sort=-name&limit=2").expect(200)
    assert "sort=-name&limit=2&start=" in sorted_first["next"]["href"]
    last = shop.buyer.get(f"{LISTS}?limit=2&start={first['next']['start']}").expect(200)
    assert [one["id"] for one in first["asset_lists"] + last["asset_lists"]] == made
    assert "next" not in last
    for wrong in ("limit=201", "limit=-1", "start=x", "sort=colour", "query=a%20b", "query=state"):
        shop.buyer.get(f"{LISTS}?{wrong}").refused(400)


@pytest.mark.parametrize(
    "query",
    [
        'nowhere=="x"',
        'state="x"',
        'state=="x',
        "state==5",
        "(" * 50 + 'state=="x"' + ")" * 50,
        "!" * 50 + 'state=="x"',
        'created_at>"soon"',
        '"a"=="b"',
        "state==type",
        'size(state)==5',
        'state=="x" && ',
        'state in []',
        "x" * 5000,
        '[1,2].exists(x, x == 1)',
    ],
)  # fmt: skip
def test_a_query_that_cannot_be_read_is_refused(shop: Shop, query: str) -> None:
    shop.buyer.get(f"{LISTS}?query={quote(query)}").refused(400, "invalid_parameter")


def test_what_is_not_there_and_who_is_not_known(shop: Shop, page: str) -> None:
    order = shop.order(shop.release((page, OPEN_URL)), (page, OPEN_URL))
    for suffix in ("", "/items"):
        shop.buyer.get(f"{LISTS}/{some_id()}{suffix}").refused(404, "does_not_exist")
        Api(shop.store, "nobody").get(f"{LISTS}/{order['id']}{suffix}").refused(401, "not_authenticated")
