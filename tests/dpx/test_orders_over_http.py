"""Orders on a local run: real executions, the bus, restarts in the middle."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator

import pytest

from tests.running import ROOT, Running, eventually, start_souk
from tests.wire.dpx.hub import LISTS, B, Hub
from tests.wire.raw import Doc


class Shop:
    """A run of its own, since it is stopped; its catalog is initialized."""

    def __init__(self, running: Running) -> None:
        self.running = running
        self.hub = Hub(running.url, running.env["SOUK_API_KEY"])
        self.hub.post(f"{B}/configuration/initialize", {"include": ["delivery_methods"]}, 202)
        status = f"{B}/configuration/initialize/status"
        eventually(lambda: self.hub.get(status)["status"] == "succeeded")
        Hub.catalog = self.hub.get(status)["container"]["id"]

    def order(self, method: str, parts: int = 1, *, restricted: bool = False) -> Doc:
        """An order of so many pages."""
        way = self.hub.method(method)
        pages = [self.hub.page(f"https://example.com/{number}") for number in range(parts)]
        release = self.hub.release(parts_out=[self.hub.part(page, way) for page in pages], is_restricted=restricted)
        body = self.hub.order(release, pages[0], way)
        body["items"] = [item for page in pages for item in self.hub.order(release, page, way)["items"]]
        placed: Doc = self.hub.post(LISTS, body, 201)
        return placed

    def shown(self, order: Doc) -> Doc:
        shown: Doc = self.hub.get(f"{LISTS}/{order['id']}")
        return shown

    def states(self, order: Doc) -> list[str]:
        items = self.hub.get(f"{LISTS}/{order['id']}/items")["items"]
        return [item["properties"]["data_product_delivery_state"] for item in items]


@pytest.fixture(scope="module")
def shop(tmp_path_factory: pytest.TempPathFactory, engine: str) -> Iterator[Shop]:
    running = start_souk(tmp_path_factory.mktemp("orders") / "state", engine)
    yield Shop(running)
    running.stop()


def test_twenty_parts_move_visibly_to_their_end(shop: Shop) -> None:
    order = shop.order("Open URL", 20)
    seen: set[tuple[str, ...]] = set()

    def over() -> bool:
        seen.add(tuple(shop.states(order)))
        return bool(shop.shown(order)["state"] == "succeeded")

    eventually(over)
    assert shop.states(order) == ["delivered"] * 20
    assert len(seen) > 1


def test_an_item_that_fails_is_caught_and_the_order_says_why(shop: Shop) -> None:
    order = shop.order("Lake Formation grant")
    eventually(lambda: shop.shown(order)["state"] == "failed")
    (item,) = shop.hub.get(f"{LISTS}/{order['id']}/items")["items"]
    assert "principal" in item["properties"]["data_product_delivery_message"]


def test_a_revoked_order_is_taken_back_by_its_machine(shop: Shop) -> None:
    order = shop.order("Open URL")
    eventually(lambda: shop.shown(order)["state"] == "succeeded")
    shop.hub.patch(f"{LISTS}/{order['id']}", {"op": "replace", "path": "/state", "value": "revoked"})
    eventually(lambda: shop.states(order) == ["revoked"])


def test_an_order_waits_through_a_restart_and_is_delivered_then(shop: Shop) -> None:
    order = shop.order("Open URL", restricted=True)
    assert shop.shown(order)["state"] == "received"
    shop.running.restart()
    assert shop.shown(order)["state"] == "received"
    shop.hub.patch(f"{LISTS}/{order['id']}", {"op": "replace", "path": "/state", "value": "ready_to_deliver"})
    eventually(lambda: shop.shown(order)["state"] == "succeeded")


def test_an_order_that_waits_for_an_external_system_survives_a_restart(shop: Shop) -> None:
    order = shop.order("External")
    eventually(lambda: shop.states(order) == ["in_progress"])
    shop.running.restart()
    (item,) = shop.hub.get(f"{LISTS}/{order['id']}/items")["items"]
    place = f"{B}/subscriptions/{order['id']}/items/{item['id']}"
    shop.hub.patch(place, {"op": "replace", "path": "/data_product_delivery_state", "value": "delivered"})
    assert shop.shown(order)["state"] == "succeeded"


def test_search_finds_after_a_restart_what_was_there_before(shop: Shop) -> None:
    draft = shop.hub.draft(name="Quokka census")
    query = {"query": {"gs_user_query": {"search_string": "quokka", "nlq_analyzer_enabled": False}}}
    shop.running.restart()

    def found() -> list[str]:
        return [row["artifact_id"] for row in shop.hub.post("/v3/search", query)["rows"]]

    eventually(lambda: found() == [draft["asset"]["id"]])
    environment = os.environ | {"SOUK_STATE": str(shop.running.state)}
    command = [sys.executable, "-m", "local", "reindex"]
    made = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, check=False)
    assert "versions are in the index" in made.stdout, made.stderr
    assert found() == [draft["asset"]["id"]]
