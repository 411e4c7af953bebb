"""Deliveries with failures, repeats, interruptions, and taken back (contract 4.3)."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from reactions import sweep_due
from souk import clock
from souk.access import changes
from souk.errors import Failed, Invalid, NotFound
from souk.identity.principal import Principal
from souk.orders import delivering, ways
from souk.orders.model import KIND, card_of
from souk.orders.rights import get_order
from souk.setup.catalogue import CATALOGUE
from souk.setup.methods import COPY_TO_BUCKET, EXTERNAL
from souk.work import Work, run
from steps import deliver_item, deliver_undo
from tests.dpx.hub import DOWNLOAD, OPEN_URL, some_id
from tests.dpx.ordering import Shop, asset, contents, file_asset, page_asset, reasons, url_of

KEY = Principal("key", "a-key")
ROLE = "arn:aws:iam::123456789012:role/analysts"


def test_a_failed_item_does_not_stop_the_others(shop: Shop) -> None:
    page, broken = page_asset(shop.hub), asset(shop.hub)
    order = shop.order(
        shop.release((broken, DOWNLOAD), (page, OPEN_URL)), (broken, DOWNLOAD), (page, OPEN_URL), (broken, None)
    )
    assert shop.shown(order)["state"] == "partially_delivered"
    assert shop.states(order) == ["failed", "delivered", "failed"]
    assert reasons(shop, order)[0] == "the part has no file to download"


def test_delivering_twice_has_one_effect(shop: Shop) -> None:
    file = file_asset(shop.hub)
    order = shop.order(shop.release((file, DOWNLOAD)), (file, DOWNLOAD))
    before = shop.items(order)
    deliver_item.handler({"order": order["id"], "item": before[0]["id"]})
    run(shop.store, lambda work: delivering.prepare(work, order["id"]))
    run(shop.store, lambda work: delivering.finish(work, order["id"]))
    assert shop.items(order) == before


def test_an_order_that_is_withdrawn_while_it_is_delivered_is_taken_back(
    shop: Shop, their_bucket: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = file_asset(shop.hub)
    release = shop.release((file, COPY_TO_BUCKET))
    shop.machines.hold = True
    order = shop.order(release, (file, COPY_TO_BUCKET), bucket=their_bucket)
    copy = ways.deliver

    def copied_then_withdrawn(*given: Any) -> ways.Delivered:
        done = copy(*given)
        shop.decide(order, "canceled", by=shop.buyer)
        return done

    monkeypatch.setattr(ways, "deliver", copied_then_withdrawn)
    shop.machines.go_on()
    assert contents(their_bucket) == {}
    assert shop.shown(order)["state"] == "canceled"
    shop.machines.go_on()
    assert shop.states(order) == ["revoked"]


def test_ending_the_access_elsewhere_takes_the_delivery_back(shop: Shop) -> None:
    file = file_asset(shop.hub)
    order = shop.order(shop.release((file, DOWNLOAD)), (file, DOWNLOAD))
    (output,) = shop.outputs(order)
    access = shop.access_of(order)
    run(shop.store, lambda work: changes.revoke(work, access, KEY))
    shop.buyer.get(f"/v2/assets/{output['asset_id']}?catalog_id={CATALOGUE}").refused(404)
    shop.hear(order)
    shop.hear(order)
    assert (shop.shown(order)["state"], shop.states(order), shop.outputs(order)) == ("revoked", ["revoked"], [])
    deliver_undo.handler({"order": order["id"]})
    assert shop.states(order) == ["revoked"]


def test_a_delivery_that_was_interrupted_goes_on(shop: Shop, monkeypatch: pytest.MonkeyPatch) -> None:
    page = page_asset(shop.hub)
    monkeypatch.setattr("souk.orders.following.start_delivery", _fail)
    order = shop.order(shop.release((page, OPEN_URL)), (page, OPEN_URL))
    assert shop.shown(order)["state"] == "received"
    monkeypatch.undo()
    later = clock.now() + timedelta(minutes=4)
    monkeypatch.setattr(clock, "now", lambda: later)
    sweep_due.handler({})
    shop.machines.finish()
    assert shop.shown(order)["state"] == "succeeded"


def _fail(*_: Any) -> None:
    raise Failed("no machines today")


def test_an_external_system_that_never_answers_fails_the_item(shop: Shop, monkeypatch: pytest.MonkeyPatch) -> None:
    file = file_asset(shop.hub)
    order = shop.order(shop.release((file, EXTERNAL)), (file, EXTERNAL))
    later = clock.now() + timedelta(days=31)
    monkeypatch.setattr(clock, "now", lambda: later)
    sweep_due.handler({})
    shop.machines.finish()
    assert (shop.shown(order)["state"], reasons(shop, order)) == ("failed", ["nothing was reported in time"])


def test_twenty_parts_are_delivered(shop: Shop) -> None:
    parts = [(page_asset(shop.hub, f"https://example.com/{number}"), OPEN_URL) for number in range(20)]
    order = shop.order(shop.release(*parts), *parts)
    assert shop.states(order) == ["delivered"] * 20
    assert len({url_of(one) for one in shop.outputs(order)}) == 20


def test_only_the_parties_see_an_order(shop: Shop) -> None:
    page = page_asset(shop.hub)
    order = shop.order(shop.release((page, OPEN_URL)), (page, OPEN_URL))
    work = Work(shop.store)
    stranger = Principal("user", some_id(), email="nobody@example.com")
    with pytest.raises(NotFound):
        get_order(work, order["id"], stranger)
    governance = Principal("user", some_id(), email="g@example.com", permissions=frozenset({"governance"}))
    assert get_order(work, order["id"], governance).kind == KIND


def test_a_step_for_an_item_that_is_not_there_is_refused(shop: Shop) -> None:
    page = page_asset(shop.hub)
    order = shop.order(shop.release((page, OPEN_URL)), (page, OPEN_URL))
    with pytest.raises(Invalid):
        delivering.deliver_item(shop.store, order["id"], some_id())
    assert card_of(Work(shop.store).get(KIND, order["id"]))["state"] == "succeeded"
