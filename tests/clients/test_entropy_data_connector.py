"""Connectors built with the Python SDK: they register, follow the feed, keep their place, act on access."""

from __future__ import annotations

from typing import Any

import pytest

from tests.clients.programs import Desk
from tests.clients.test_entropy_data_sdk import sdk
from tests.wire.nndm.documents import World, day, fresh, full_asset, full_contract, port, product
from tests.wire.nndm.door import Door, stored

pytestmark = pytest.mark.clients

LISTEN = """
import threading, time
quiet = threading.Event()
from datetime import timedelta
from entropy_data_sdk.connector.events import EventHandler, EventListener
from entropy_data_sdk.connector.state import RemoteStateRepository

seen, principals = [], set()

class Handler(EventHandler):
    def on_event(self, event):
        principals.add(event.principal)
    def __getattribute__(self, name):
        if not name.startswith("on_") or name in ("on_event", "on_error"):
            return super().__getattribute__(name)
        return lambda event: seen.append([name, event.id])

def listen(until):
    state = RemoteStateRepository(given["connector"], client)
    listener = EventListener(given["connector"], "test-access", client, Handler(), state, "1.2.3",
                             poll_interval=timedelta(milliseconds=100), error_backoff=timedelta(milliseconds=100))
    thread = threading.Thread(target=listener.start)
    thread.start()
    end = time.monotonic() + 60
    while not until() and time.monotonic() < end:
        quiet.wait(0.05)
    listener.stop()
    thread.join(30)
"""


def access(id: str, world: World) -> dict[str, Any]:
    return {
        "id": id,
        "info": {"purpose": "p", "startDate": day(0)},
        "provider": {"dataProductId": world.provider, "outputPortId": "out"},
        "consumer": {"teamId": world.consumer_team},
    }


def test_a_listener_registers_acts_on_access_and_goes_on_where_it_stopped(desk: Desk, door: Door, world: World) -> None:
    connector, first, second = fresh("connector"), fresh("first"), fresh("second")
    feed = door.events()
    while batch := door.events(feed[-1]["id"]):
        feed = batch
    stored(door.put("connectors", connector, {"id": connector, "info": {}, "state": {"lastEventId": feed[-1]["id"]}}))
    got = sdk(
        desk,
        LISTEN
        + """
        def make(id):
            client.access.put(id, given[id])
            client.access.approve(id)
        make(given["first"])
        listen(lambda: ["on_access_activated", given["first"]] in seen)
        stopped = list(seen)
        seen.clear()
        client.access.cancel(given["first"])
        make(given["second"])
        listen(lambda: ["on_access_activated", given["second"]] in seen)
        held = client.connectors.get(given["connector"])
        print(json.dumps([stopped, seen, held.info.type, held.info.connectorVersion, sorted(map(str, principals))]))
        """.replace("\n        ", "\n"),
        connector=connector,
        first=first,
        second=second,
        **{first: access(first, world), second: access(second, world)},
    )
    stopped, later, type, version, principals = got
    asked = [f"on_access_{word}" for word in ("created", "requested", "updated", "approved", "activated")]
    ended = [f"on_access_{word}" for word in ("updated", "canceled", "deactivated")]
    assert [name for name, id in stopped if id == first] == asked
    assert [name for name, id in later if id == first] == ended
    assert [name for name, id in later if id == second] == asked
    assert (type, version) == ("test-access", "1.2.3")
    assert "None" not in principals
    assert door.get("connectors", connector).json()["state"]["lastEventId"] != feed[-1]["id"]


def test_a_listener_hears_of_assets_and_runs(desk: Desk, door: Door, world: World) -> None:
    connector, asset, contract, run = fresh("connector"), fresh("asset"), fresh("contract"), fresh("run")
    stored(door.put("datacontracts", contract, full_contract(contract, world)))
    got = sdk(
        desk,
        LISTEN
        + """
        client.assets.put(given["asset"], given["document"])
        client.assets.put(given["asset"], given["document"])
        client.assets.delete(given["asset"])
        client.test_results.post(given["results"])
        client.test_results.delete(given["run"])
        listen(lambda: ["on_test_results_deleted", given["run"]] in seen)
        print(json.dumps([name for name, id in seen if id in (given["asset"], given["run"])]))
        """.replace("\n        ", "\n"),
        connector=connector,
        asset=asset,
        run=run,
        document=full_asset(asset, world),
        results={
            "id": run,
            "dataContractId": contract,
            "dataContractVersion": "1.0.0",
            "server": "production",
            "result": "passed",
            "timestampStart": "2024-05-01T10:00:00Z",
            "timestampEnd": "2024-05-01T10:00:01Z",
        },
    )
    of_assets = [f"on_asset_{word}" for word in ("created", "updated", "deleted")]
    assert got == [*of_assets, "on_test_results_created", "on_test_results_deleted"]


def test_access_runs_and_connectors_are_typed(desk: Desk, door: Door, world: World) -> None:
    id, contract, provider = fresh("urn:a:"), fresh("urn:c:"), fresh("urn:p:")
    stored(door.put("datacontracts", contract, full_contract(contract, world)))
    stored(door.put("dataproducts", provider, product(provider, world, port("out"))))
    sent = access(id, world) | {"roles": ["reader"], "custom": {"a": "b"}, "links": {"x": "https://y"}, "tags": ["t"]}
    sent["provider"]["dataProductId"] = provider
    got = sdk(
        desk,
        """
        client.access.put(given["id"], models.Access.model_validate(given["sent"]))
        listed = client.access.list(provider_data_product_id=given["provider"], consumer_type="team", page=0)
        client.access.reject(given["id"])
        held = client.access.get(given["id"])
        client.access.delete(given["id"])
        client.test_results.post({"id": given["id"], "dataContractId": given["contract"], "dataContractVersion": "1",
                                  "server": "production", "result": "failed",
                                  "timestampStart": "2024-05-01T10:00:00Z", "timestampEnd": "2024-05-01T10:00:01Z"})
        runs = client.test_results.list(data_contract_id=given["contract"], page=0)
        run = client.test_results.get(given["id"])
        client.connectors.put(given["id"], models.Connector(id=given["id"], info=models.ConnectorInfo(type="t")))
        connectors = [entry.id for entry in client.connectors.list()]
        client.connectors.delete(given["id"])
        print(json.dumps([[entry.id for entry in listed], held.info.status, held.roles, held.custom,
                          [entry.id for entry in runs], run.result, given["id"] in connectors]))
        """,
        id=id,
        contract=contract,
        provider=provider,
        sent=sent,
    )
    assert got == [[id], "rejected", ["reader"], {"a": "b"}, [id], "failed", True]


def test_a_synchroniser_of_assets_registers_and_runs(desk: Desk, door: Door, world: World) -> None:
    id, connector = fresh("urn:a:"), fresh("connector")
    sdk(
        desk,
        """
        import threading
        from entropy_data_sdk.connector.assets import AssetsSynchronizer
        class Provider:
            def fetch_assets(self, callback):
                callback.on_asset_updated(models.Asset.model_validate(given["sent"]))
                synchroniser.stop()
        synchroniser = AssetsSynchronizer(given["connector"], client, Provider(), "2.0")
        thread = threading.Thread(target=synchroniser.start)
        thread.start()
        thread.join(60)
        print("null")
        """,
        sent=full_asset(id, world),
        connector=connector,
    )
    assert stored(door.get("assets", id)).json()["info"]["name"] == "ORDERS"
    assert door.get("connectors", connector).json()["info"]["connectorVersion"] == "2.0"
