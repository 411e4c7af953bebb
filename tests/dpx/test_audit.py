"""Audit events: a change leaves a notice on the bus, a read a line in the log (contract section 3)."""

from __future__ import annotations

import logging
from collections.abc import Iterable
from typing import Any

import pytest

from dpx.audit import EVENTS
from souk.store.port import Store
from tests.dpx.driver import BASE, Api
from tests.dpx.hub import PRODUCTS, Hub, documents, drafts, releases
from tests.dpx.machines import Machines
from tests.repository.tree import operation_id, routes

LINK = {"type": "sla", "name": "Promise", "url": "https://example.com"}


def test_every_operation_has_its_audit_event() -> None:
    served = {operation_id(name) for name, (_, path) in routes("dpx").items() if path.startswith(BASE)}
    assert EVENTS.keys() == served - {"updateSubscriptionItem"}
    assert len(set(EVENTS.values())) == len(EVENTS)
    assert all(event.startswith("data-product-hub.") for event in EVENTS.values())


def notices(store: Store) -> list[str]:
    """Names of the vendor's notices since the last look."""
    pending = store.pending_notices(1000)
    store.forget_notices([item.id for item in pending])
    return [one["name"] for item in pending for one in item.events if one["name"].startswith("data-product-hub.")]


def test_every_change_leaves_its_notice(api: Api, hub: Hub, store: Store, machines: Machines, bucket: str) -> None:
    def left(event: str) -> None:
        assert notices(store) == [f"data-product-hub.{event}"]

    document = "data-product-draft-contract-term-document"
    draft = hub.product()
    left("data-product.create")
    other = hub.draft(draft["data_product"]["id"])
    left("data-product-draft.create")
    api.patch(drafts(other), {"op": "replace", "path": "/name", "value": "x"}).expect(200)
    left("data-product-draft.update")
    api.delete(drafts(other)).expect(204)
    left("data-product-draft.delete")
    made = hub.document(draft, **LINK)
    left(f"{document}.upload")
    api.patch(documents(draft, made), {"op": "replace", "path": "/name", "value": "x"}).expect(200)
    left(f"{document}.update")
    api.delete(documents(draft, made)).expect(204)
    left(f"{document}.delete")
    hub.publish(draft).expect(200)
    left("data-product-draft.publish")
    api.patch(releases(draft), {"op": "replace", "path": "/name", "value": "x"}).expect(200)
    left("data-product-release.update")
    api.post(f"{releases(draft)}/retire").expect(200)
    left("data-product-release.expire")
    api.post(f"{BASE}/configuration/initialize").expect(202)
    left("configuration.create")
    api.post(f"{BASE}/configuration/rotate_credentials").expect(204)
    left("configuration-apikey.rotate")
    api.post(PRODUCTS, {}).refused(400)
    api.get(PRODUCTS).expect(200)
    assert notices(store) == []


def test_a_notice_says_who_did_what_to_what(api: Api, hub: Hub, store: Store) -> None:
    draft = hub.product()
    notices(store)
    api.patch(drafts(draft), {"op": "replace", "path": "/name", "value": "x"}).expect(200)
    (item,) = store.pending_notices(10)
    (notice,) = item.events
    principal = draft["created_by"]
    target = {"data_product_id": draft["data_product"]["id"], "draft_id": draft["id"]}
    expected = {
        "principal": principal,
        "principal_kind": "key",
        "request": "request-1",
        "target": target,
    }
    assert notice["data"] == expected


def test_every_read_leaves_its_line(
    api: Api, hub: Hub, caplog: pytest.LogCaptureFixture, machines: Machines, store: Store
) -> None:
    draft, release = hub.product(), hub.release()
    document = hub.document(draft, **LINK)
    api.post(f"{BASE}/configuration/initialize").expect(202)
    machines.finish()
    notices(store)
    product = f"{PRODUCTS}/{draft['data_product']['id']}"
    places = {
        f"{BASE}/configuration/initialize/status": "configuration.monitor",
        PRODUCTS: "data-product.list",
        product: "data-product.read",
        f"{product}/drafts": "data-product-draft.list",
        drafts(draft): "data-product-draft.read",
        documents(draft, document): "data-product-draft-contract-term-document.read",
        f"{product}/releases": "data-product-release.list",
        releases(release): "data-product-release.read",
    }
    for place, event in places.items():
        caplog.clear()
        with caplog.at_level(logging.INFO):
            api.get(place).expect(200)
        assert audited(caplog.records) == [f"data-product-hub.{event}"]
    assert notices(store) == []


def audited(records: Iterable[Any]) -> list[str]:
    return [record.event for record in records if record.msg == "audit"]


def test_reads_go_to_the_bus_where_that_is_asked_for(api: Api, store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SOUK_AUDIT_READS", "bus")
    api.get(PRODUCTS).expect(200)
    assert notices(store) == ["data-product-hub.data-product.list"]
