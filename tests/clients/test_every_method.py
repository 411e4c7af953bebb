"""The entropy-data SDK as a whole: every method that the API reaches succeeds, every other is refused."""

from __future__ import annotations

from collections import Counter
from pathlib import Path
from typing import Any

import pytest

from tests.clients.programs import NEW, ROOT, Desk, typed
from tests.wire.nndm.documents import BY_PATH, World, cost, fresh, full_contract, port, product, results, team
from tests.wire.nndm.door import Door, stored

pytestmark = pytest.mark.clients

EVERY = Path(__file__).with_name("every_method.py")
Call = tuple[str, list[Any], dict[str, Any]]


def call(method: str, *arguments: Any, **named: Any) -> Call:
    return method, list(arguments), named


def calls(world: World, spent: str, spent_on: str) -> list[Call]:
    """Every method that the API reaches, each on what those before it have made."""
    kinds = {"teams": "teams", "source_systems": "sourcesystems", "definitions": "definitions", "assets": "assets"}
    made = {group: typed(BY_PATH[kind].full(fresh(group), world)) for group, kind in kinds.items()}
    made["teams"] = team(fresh("team"))
    made["data_contracts"] = full_contract(fresh("contract"), world)
    made["data_products"] = product(fresh("product"), world, port("out"))
    made["connectors"] = {"id": fresh("connector"), "info": {"type": "t"}}
    access = [typed(BY_PATH["datausageagreements"].full(fresh("access"), world)) for _ in range(2)]
    first, second = (one["id"] for one in access)
    run = results(fresh("run"), made["data_contracts"]["id"])
    of_access = [
        *[call("access.put", one["id"], one) for one in access],
        call("access.list"),
        call("access.get", first),
    ]
    of_access += [call("access.approve", first), call("access.cancel", first), call("access.reject", second)]
    return [
        *[call(f"{group}.put", one["id"], one) for group, one in made.items() if group != "definitions"],
        *[call(f"{group}.list") for group in made],
        *[call(f"{group}.get", one["id"]) for group, one in made.items() if group != "definitions"],
        call("data_contracts.get_yaml", made["data_contracts"]["id"]),
        *of_access,
        *[call("access.delete", id) for id in (first, second)],
        call("test_results.post", run | {"checks": [{"type": "schema", "name": "n", "result": "passed"}]}),
        call("test_results.list"),
        call("test_results.get", run["id"]),
        call("test_results.delete", run["id"]),
        call("costs.add", cost(spent_on)),
        call("costs.list", data_product_id=spent_on),
        call("costs.delete", spent),
        call("events.poll", long_polling=False),
        *[call(f"{group}.delete", one["id"]) for group, one in made.items() if group != "definitions"],
    ]


def test_every_method_succeeds_or_is_refused(desk: Desk, door: Door, world: World) -> None:
    definition = BY_PATH["definitions"].full(fresh("definition"), world)
    stored(door.call("POST", "/api/costs", cost(world.provider)))
    spent = stored(door.call("GET", f"/api/costs?dataProductId={world.provider}")).json()[0]["id"]
    of_definitions = [call(f"definitions.{one}", definition["id"]) for one in ("get", "delete")]
    tried = [call("definitions.put", definition["id"], definition), *of_definitions]
    tried += calls(world, spent, world.provider)
    finished = desk.run(NEW / "bin" / "python", EVERY, desk.write("given.json", {"calls": tried}))
    assert finished.code == 0, finished.text
    told = finished.told("methods")
    assert [one for one in told["told"] if one[1] is not None] == []
    assert Counter(map(str, told["others"].values())) == {"404": len(told["others"])}, told["others"]
    passed = len({one[0] for one in told["told"]})
    counted = f"| {len(told['methods'])} methods, `EventListener`, `AssetsSynchronizer` | all | {passed} and both |"
    assert counted in (ROOT / "docs" / "clients.md").read_text()
