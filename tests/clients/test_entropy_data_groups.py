"""The entropy-data command line's groups of later versions: access, connectors, runs, filters, whole organisations."""

from __future__ import annotations

import zipfile
from pathlib import Path

import pytest
import yaml

from tests.clients.programs import NEW, Desk, Finished, typed
from tests.wire.nndm.documents import BY_PATH, World, day, fresh, full_contract, port, product, results, team
from tests.wire.nndm.door import Door, eventually, stored
from tests.wire.nndm.equality import assert_came_back
from tests.wire.raw import Doc

pytestmark = pytest.mark.clients
KINDS = ["teams", "definitions", "sourcesystems", "assets", "datacontracts", "dataproducts", "access"]
REACHED = ",".join(KINDS)


def cli(desk: Desk, *arguments: object) -> Finished:
    """Run `entropy-data`; it must succeed."""
    finished = desk.run(NEW / "bin" / "entropy-data", *arguments)
    assert finished.code == 0, finished.text
    return finished


def ids(finished: Finished) -> list[str]:
    return [entry["id"] for entry in finished.json()]


def test_access_is_asked_for_decided_and_ended(desk: Desk, door: Door, world: World) -> None:
    id = fresh("urn:a:")
    cli(desk, "access", "request", world.provider, "out", "--purpose", "P", "--consumer-team", world.team, "--id", id)
    assert cli(desk, "access", "get", id, "-o", "json").json()["info"]["startDate"] == day(0)
    for action, active in (("approve", True), ("cancel", False)):
        cli(desk, "access", action, id)
        assert door.get("datausageagreements", id).json()["info"]["active"] is active
    cli(desk, "access", "delete", id)
    assert door.get("datausageagreements", id).status == 404


def test_access_is_put_listed_filtered_and_rejected(desk: Desk, door: Door, world: World) -> None:
    id, consumer = fresh(), fresh("consumer")
    stored(door.put("dataproducts", consumer, product(consumer, world, port("out"))))
    sent = BY_PATH["datausageagreements"].full(id, world)
    sent["consumer"] = {"dataProductId": consumer}
    cli(desk, "access", "put", id, "--file", desk.write("access.json", sent))
    assert_came_back(sent, cli(desk, "access", "get", id, "-o", "json").json())
    filters = ("--consumer-dataproduct", consumer, "--consumer-type", "dataProduct")
    asked = ["access", "list", "--provider-dataproduct", world.provider, *filters, "-o", "json"]
    assert eventually(lambda: ids(cli(desk, *asked)), bool) == [id]
    cli(desk, "access", "list")
    cli(desk, "access", "reject", id)
    assert door.get("access", id).json()["info"]["status"] == "rejected"


def test_connectors_come_and_go(desk: Desk) -> None:
    id = fresh("connector")
    sent = {"id": id, "info": {"type": "snowflake"}, "state": {"lastEventId": "x"}, "custom": {"a": {"b": 1}}}
    cli(desk, "connectors", "put", id, "--file", desk.write("connector.json", sent))
    assert cli(desk, "connectors", "get", id, "-o", "json").json() == sent
    assert id in eventually(lambda: ids(cli(desk, "connectors", "list", "-o", "json")), lambda found: id in found)
    cli(desk, "connectors", "list")
    cli(desk, "connectors", "delete", id)
    assert id not in eventually(lambda: ids(cli(desk, "connectors", "list", "-o", "json")), lambda got: id not in got)


def test_runs_are_listed_read_and_deleted(desk: Desk, door: Door, world: World) -> None:
    contract, run = fresh("urn:c:"), fresh()
    stored(door.put("datacontracts", contract, full_contract(contract, world)))
    sent = results(run, contract) | {"checks": [{"type": "schema", "name": "n", "result": "passed"}]}
    cli(desk, "test-results", "publish", "--file", desk.write("results.json", sent))
    assert cli(desk, "test-results", "get", run, "-o", "json").json() == sent
    asked = ["test-results", "list", "--data-contract-id", contract, "-o", "json"]
    assert eventually(lambda: ids(cli(desk, *asked)), bool) == [run]
    assert run in ids(cli(desk, "test-results", "list", "-o", "json"))
    cli(desk, "test-results", "list")
    cli(desk, "test-results", "delete", run)
    assert eventually(lambda: ids(cli(desk, *asked)), lambda found: found == []) == []


def test_lists_are_filtered(desk: Desk, door: Door, world: World) -> None:
    word, one, contract = fresh("word"), fresh(), fresh()
    described = {"title": f"Sales {word}", "owner": world.team, "status": "active"}
    stored(door.put("dataproducts", one, product(one, world) | {"info": described, "tags": [word]}))
    stored(door.put("datacontracts", contract, full_contract(contract, world) | {"tags": [word]}))
    for words in (["-q", word], ["--tag", word, "--status", "active"], ["-q", f"sales {word}", "--sort", "name"]):
        assert eventually(lambda: ids(cli(desk, "dataproducts", "list", *words, "-o", "json")), bool) == [one]  # noqa: B023
    assert ids(cli(desk, "dataproducts", "list", "--tag", word, "--status", "retired", "-o", "json")) == []
    asked = ["datacontracts", "list", "--tag", word, "--owner", world.team, "-q", contract, "-o", "json"]
    assert eventually(lambda: ids(cli(desk, *asked)), bool) == [contract]


def test_ids_of_definitions_hold_slashes(desk: Desk, door: Door, world: World) -> None:
    id = f"{fresh('checkout')}/customer_id"
    sent = typed(BY_PATH["definitions"].full(id, world))
    cli(desk, "definitions", "put", id, "--file", desk.write("definition.json", sent))
    assert_came_back(sent, cli(desk, "definitions", "get", id, "-o", "json").json())
    cli(desk, "definitions", "delete", id)
    assert door.get("definitions", id).status == 404


def organisation(door: Door, world: World) -> dict[str, Doc]:
    """One document of each kind that the API keeps, by the word in its path, in an order that can be put."""
    made = {kind: typed(BY_PATH[kind].full(fresh(kind), world)) for kind in KINDS[:-1]}
    made["teams"] = team(made["teams"]["id"]) | {"description": "Kept", "members": []}
    made["dataproducts"] = product(made["dataproducts"]["id"], world, port("out"))
    made["access"] = BY_PATH["datausageagreements"].full(fresh("access"), world)
    made["access"]["provider"] = {"dataProductId": made["dataproducts"]["id"], "outputPortId": "out"}
    for kind in KINDS:
        stored(door.put(kind, made[kind]["id"], made[kind]))
        eventually(lambda: door.listed(kind), lambda found: made[kind]["id"] in [one["id"] for one in found])  # noqa: B023
    return made


def only(tree: Path, made: dict[str, Doc], target: Path) -> Path:
    """A copy of the tree with these documents alone."""
    for kind, document in made.items():
        (target / kind).mkdir(parents=True)
        name = f"{document['id']}.yaml"
        (target / kind / name).write_bytes((tree / kind / name).read_bytes())
    return target


def forget(door: Door, made: dict[str, Doc]) -> None:
    for kind in reversed(KINDS):
        stored(door.delete(kind, made[kind]["id"]))


def test_an_organisation_is_exported_and_applied(desk: Desk, door: Door, world: World) -> None:
    made = organisation(door, world)
    cli(desk, "export", "dir", desk.folder / "tree", "--include", REACHED)
    tree = only(desk.folder / "tree", made, desk.folder / "mine")
    for kind, document in made.items():
        assert_came_back(document, yaml.safe_load((tree / kind / f"{document['id']}.yaml").read_text()))
    forget(door, made)
    plan = cli(desk, "apply", "dir", tree, "--include", REACHED, "--dry-run").text
    assert plan.count("create=1") == len(KINDS), plan
    assert f"{len(KINDS)} succeeded, 0 failed" in cli(desk, "apply", "dir", tree, "--include", REACHED).text
    for kind, document in made.items():
        assert_came_back(document, stored(door.get(kind, document["id"])).json())


def test_an_organisation_is_imported_from_a_zip(desk: Desk, door: Door, world: World) -> None:
    made = organisation(door, world)
    cli(desk, "export", "dir", desk.folder / "tree", "--include", REACHED)
    tree = only(desk.folder / "tree", made, desk.folder / "mine")
    with zipfile.ZipFile(desk.folder / "export.zip", "w") as packed:
        for path in sorted(tree.rglob("*.yaml")):
            packed.write(path, path.relative_to(tree))
    forget(door, made)
    text = cli(desk, "import", "zip", desk.folder / "export.zip", "--include", REACHED).text
    assert f"{len(KINDS)} succeeded, 0 failed" in text
    assert {kind: door.get(kind, made[kind]["id"]).status for kind in KINDS} == dict.fromkeys(KINDS, 200)


def test_one_connection_is_synchronised_to_another(desk: Desk, door: Door, world: World) -> None:
    for name in ("one", "other"):
        cli(desk, "connection", "add", name, "--host", desk.url, "--api-key", desk.key)
    id = fresh()
    stored(door.put("sourcesystems", id, BY_PATH["sourcesystems"].small(id, world)))
    text = cli(desk, "sync", "--source", "one", "--target", "other", "--include", "sourcesystems").text
    assert "0 failed" in text
    assert f"PUT /api/sourcesystems/{id} 200" in desk.relay.lines()
