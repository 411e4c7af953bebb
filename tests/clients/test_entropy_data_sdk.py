"""The Python SDK: typed models in and out, exceptions, events, the asset synchroniser."""

from __future__ import annotations

import json
import textwrap
from typing import Any

import pytest

from tests.clients.programs import NEW, Desk, typed
from tests.wire.nndm.documents import (
    World,
    fresh,
    full_asset,
    full_contract,
    full_definition,
    full_product,
    full_source_system,
    full_team,
    port,
    product,
    team,
)
from tests.wire.nndm.door import Door, eventually, stored
from tests.wire.nndm.equality import assert_came_back

pytestmark = pytest.mark.clients

BEGIN = """
import json, os, sys
from entropy_data_sdk import *
from entropy_data_sdk import errors, models
from entropy_data_sdk.client import EntropyDataClient
client = EntropyDataClient(api_key=os.environ["ENTROPY_DATA_API_KEY"], host=os.environ["ENTROPY_DATA_HOST"])
given = json.loads(sys.argv[1])
"""


def sdk(desk: Desk, program: str, **given: Any) -> Any:
    """Run a short program that uses the SDK; what it prints is JSON."""
    file = desk.write("program.py", BEGIN + textwrap.dedent(program))
    finished = desk.run(NEW / "bin" / "python", file, json.dumps(given))
    assert finished.code == 0, finished.text
    return finished.json()


def test_definitions_source_systems_and_teams_are_typed(desk: Desk, door: Door, world: World) -> None:
    """But for what is put as a definition: the model of today lacks `name` and `domain`, which this API requires."""
    id = fresh("urn:x: ü ")
    sent = {
        "teams": typed(full_team(id, world)),
        "source_systems": typed(full_source_system(id, world)),
        "definitions": full_definition(id, world),
    }
    got = sdk(
        desk,
        """
        result = {}
        typed = {"teams": models.Team, "source_systems": models.SourceSystem, "definitions": models.Definition}
        for name, model in typed.items():
            group = getattr(client, name)
            sent = given["sent"][name]
            group.put(given["id"], sent if name == "definitions" else model.model_validate(sent))
            held = group.get(given["id"])
            listed, page = [], group.list(page=0)
            while True:
                listed += [entry.id for entry in page]
                if not page.has_next:
                    break
                page = group.list(page=1)
            result[name] = [held.model_dump(mode="json", by_alias=True, exclude_none=True), given["id"] in listed]
            group.delete(given["id"])
        print(json.dumps(result))
        """,
        id=id,
        sent=sent,
    )
    for name, (held, listed) in got.items():
        assert listed, name
        assert [held[field] for field in ("id", "description")] == [id, sent[name]["description"]]
    assert [door.get(kind, id).status for kind in ("teams", "sourcesystems", "definitions")] == [404] * 3


def test_contracts_and_products_are_documents(desk: Desk, door: Door, world: World) -> None:
    contract_id, product_id = fresh("urn:c:"), fresh("urn:p:")
    sent = [full_contract(contract_id, world), full_product(product_id, world)]
    got = sdk(
        desk,
        """
        contract, product = given["sent"]
        client.data_contracts.put(contract["id"], contract)
        client.data_products.put(product["id"], product)
        listed = [entry["id"] for entry in client.data_products.list(page=0)]
        print(json.dumps([client.data_contracts.get(contract["id"]), client.data_products.get(product["id"]),
                          client.data_contracts.get_yaml(contract["id"])]))
        """,
        sent=sent,
    )
    assert_came_back(sent[0], got[0])
    assert_came_back(sent[1], got[1])
    assert f"id: {contract_id}" in got[2].replace('"', "").replace("'", "")
    assert f"PUT /api/datacontracts/{contract_id.replace(':', '%3A')} 200" in desk.relay.lines()


def test_assets_are_typed_and_listed(desk: Desk, world: World) -> None:
    id = fresh("urn:a:")
    got = sdk(
        desk,
        """
        client.assets.put(given["id"], models.Asset.model_validate(given["sent"]))
        held = client.assets.get(given["id"])
        listed = [entry.id for entry in client.assets.list(page=0)]
        client.assets.delete(given["id"])
        print(json.dumps([held.id, held.info.name, [column.name for column in held.columns], len(listed) > 0]))
        """,
        id=id,
        sent=full_asset(id, world),
    )
    assert got == [id, "ORDERS", ["ID"], True]


def test_the_synchroniser_sends_an_asset_once(desk: Desk, world: World) -> None:
    id = fresh("urn:a:")
    sdk(
        desk,
        """
        from entropy_data_sdk.connector.assets import AssetsSynchronizer
        class Provider:
            def fetch_assets(self, callback):
                callback.on_asset_updated(models.Asset.model_validate(given["sent"]))
        synchroniser = AssetsSynchronizer("connector", client, Provider())
        for _ in range(3):
            synchroniser.synchronize_assets()
        print("null")
        """,
        sent=full_asset(id, world),
    )
    assert [line.split()[0] for line in desk.relay.lines()] == ["GET", "PUT", "GET", "GET"]


def test_costs_are_typed(desk: Desk, door: Door, world: World) -> None:
    id = fresh("urn:p:")
    stored(door.put("dataproducts", id, product(id, world)))
    got = sdk(
        desk,
        """
        id = given["id"]
        client.costs.add(models.Cost(dataProductId=id, name="S3", amount=1234.45, currency="USD", yearMonth="2024-05"))
        (held,) = client.costs.list(data_product_id=id)
        client.costs.delete(str(held.id))
        left = len(client.costs.list(data_product_id=id))
        print(json.dumps([held.amount, held.currency, held.yearMonth, left]))
        """,
        id=id,
    )
    assert got == [1234.45, "USD", "2024-05", 0]


def test_test_results_are_posted(desk: Desk, door: Door, world: World) -> None:
    id = fresh("urn:c:")
    stored(door.put("datacontracts", id, full_contract(id, world)))
    sdk(
        desk,
        """
        client.test_results.post(models.TestResults.model_validate({
            "id": "run-1", "dataContractId": given["id"], "dataContractVersion": "1.0.0", "server": "production",
            "result": "passed",
            "timestampStart": "2024-05-01T10:00:00Z", "timestampEnd": "2024-05-01T10:00:01+00:00",
            "checks": [{"type": "schema", "name": "n", "result": "passed"}],
        }))
        print("null")
        """,
        id=id,
    )
    assert desk.relay.lines() == ["POST /api/test-results 200"]


def test_refusals_become_exceptions(desk: Desk, world: World) -> None:
    got = sdk(
        desk,
        """
        stranger = EntropyDataClient(api_key="wrong", host=os.environ["ENTROPY_DATA_HOST"])
        source = {"id": given["id"], "name": "n", "owner": "nobody-at-all"}
        calls = [lambda: client.teams.get(given["id"]), lambda: client.data_contracts.delete(given["id"]),
                 lambda: client.source_systems.put(given["id"], source), lambda: stranger.teams.list()]
        raised = []
        for call in calls:
            try:
                call()
            except errors.ApiError as error:
                raised.append([type(error).__name__, error.message])
        print(json.dumps(raised))
        """,
        id=fresh(),
    )
    kinds = [kind for kind, _ in got]
    assert kinds[:3] == ["NotFoundError", "NotFoundError", "UnprocessableContentError"]
    assert kinds[3] in {"ForbiddenError", "UnauthorizedError"}
    assert "nobody-at-all" in got[2][1]
    assert all(message for _, message in got)


def test_events_are_typed_and_dispatched(desk: Desk, door: Door, world: World) -> None:
    """A listener without its registration (the connectors' own resource): fetch, dispatch by name, go on."""
    id = fresh()
    last = latest(door)
    stored(door.put("dataproducts", id, product(id, world, port("out"))))
    stored(door.put("dataproducts", id, product(id, world)))
    stored(door.delete("dataproducts", id))
    eventually(lambda: [event["subject"] for event in door.events(last)], lambda seen: seen.count(id) == 5)
    got = sdk(
        desk,
        """
        from entropy_data_sdk.connector.events import EventHandler, EventListener
        from entropy_data_sdk.connector.state import InMemoryStateRepository
        seen = []
        class Handler(EventHandler):
            def __getattribute__(self, name):
                if not name.startswith("on_") or name in ("on_event", "on_error"):
                    return super().__getattribute__(name)
                return lambda event: seen.append([name, event.id, getattr(event, "outputPortId", None)])
        listener = EventListener("connector", "test", client, Handler(), InMemoryStateRepository("connector"))
        for event in listener.fetch_events(given["last"]):
            listener.process_event(event)
            listener.save_last_event_id(event.id)
        later = client.events.poll(last_event_id=listener.get_last_event_id(), long_polling=False)
        print(json.dumps([seen, [event.subject for event in later]]))
        """,
        last=last,
    )
    mine = sorted((name, where or "") for name, subject, where in got[0] if subject == id)
    assert mine == [
        ("on_data_product_created", ""),
        ("on_data_product_deleted", ""),
        ("on_data_product_updated", ""),
        ("on_output_port_created", "out"),
        ("on_output_port_deleted", "out"),
    ]
    assert id not in got[1]


def latest(door: Door) -> str:
    """The id of the last event that is in the feed now."""
    marker = fresh("marker")
    stored(door.put("teams", marker, team(marker)))
    position = ""

    def read_on() -> bool:
        nonlocal position
        batch = door.events(position)
        position = batch[-1]["id"] if batch else position
        return any(event["subject"] == marker for event in batch)

    assert eventually(read_on, bool)
    return position


def test_an_agreement_appears_under_the_name_that_connectors_ignore(desk: Desk, door: Door, world: World) -> None:
    """Events of agreements parse as events, whatever a connector then does with them."""
    id, last = fresh(), latest(door)
    provider = {"dataProductId": world.provider, "outputPortId": "out"}
    sent = {"id": id, "info": {"purpose": "p"}, "provider": provider, "consumer": {"teamId": world.consumer_team}}
    stored(door.put("datausageagreements", id, sent))
    stored(door.act(id, "approve"))
    eventually(lambda: [event["subject"] for event in door.events(last)], lambda seen: seen.count(id) >= 4)
    got = sdk(
        desk,
        """
        events = client.events.poll(last_event_id=given["last"], long_polling=False)
        print(json.dumps([[event.event_name, event.subject, event.time.isoformat()] for event in events]))
        """,
        last=last,
    )
    names = [name for name, subject, _ in got if subject == id and name.startswith("DataUsageAgreement")]
    assert names == [f"DataUsageAgreement{word}Event" for word in ("Created", "Requested", "Updated", "Approved")]
