"""The entropy-data command line, for every operation that it reaches."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
import yaml

from tests.clients.programs import NEW, Desk, Finished, typed
from tests.wire.nndm.documents import BY_PATH, World, cost, fresh, full_contract, product, results, team
from tests.wire.nndm.door import Door, eventually, stored
from tests.wire.nndm.equality import assert_came_back

pytestmark = pytest.mark.clients
GROUPS = ["teams", "sourcesystems", "definitions", "datacontracts", "dataproducts", "assets"]


def cli(desk: Desk, *arguments: object) -> Finished:
    """Run `entropy-data`."""
    return desk.run(NEW / "bin" / "entropy-data", *arguments)


@pytest.mark.parametrize("group", GROUPS)
def test_put_get_list_delete(desk: Desk, door: Door, world: World, group: str) -> None:
    id = fresh("urn:x:")
    sent = typed(BY_PATH[group].full(id, world))
    put = cli(desk, group, "put", id, "--file", desk.write("document.json", sent))
    assert (put.code, "saved" in put.text) == (0, True), put.text
    assert_came_back(sent, cli(desk, group, "get", id, "-o", "json").json())
    assert id in eventually(lambda: listed(desk, group), lambda got: id in got)
    assert cli(desk, group, "delete", id).code == 0
    assert door.get(group, id).status == 404
    assert {exchange.status for exchange in desk.relay.exchanges} == {200}


def ids(entries: Any) -> list[str]:
    """The ids of what a list shows."""
    return [entry["id"] for entry in entries]


def listed(desk: Desk, group: str) -> list[str]:
    """The ids on all pages, up to one that is empty."""
    found: list[str] = []
    page = 0
    while entries := cli(desk, group, "list", "--page", page, "-o", "json").json():
        found += ids(entries)
        page += 1
    return found


@pytest.mark.parametrize("group", GROUPS)
def test_tables_are_printed(desk: Desk, door: Door, world: World, group: str) -> None:
    id = fresh("z")
    stored(door.put(group, id, typed(BY_PATH[group].full(id, world))))
    assert [cli(desk, group, *words).code for words in (["list"], ["get", id])] == [0, 0]


@pytest.mark.parametrize("group", GROUPS)
def test_what_is_not_there_is_said(desk: Desk, group: str) -> None:
    id = fresh("nothing")
    for command in ("get", "delete"):
        answer = cli(desk, group, command, id)
        assert (answer.code, "404" in answer.text, id in answer.text) == (1, True, True), answer.text


def test_yaml_files_are_taken(desk: Desk, door: Door) -> None:
    id = fresh()
    file = desk.write(
        "team.yaml", f"id: {id}\nname: Čeština ☕\ntype: Domain Team\nmembers:\n  - emailAddress: a@b.c\n"
    )
    assert cli(desk, "teams", "put", id, "--file", file).code == 0
    assert door.get("teams", id).json()["name"] == "Čeština ☕"


def test_refusals_are_shown_in_words(desk: Desk, door: Door) -> None:
    id = fresh()
    file = desk.write("source.json", {"id": id, "name": "n", "owner": "nobody-at-all"})
    answer = cli(desk, "sourcesystems", "put", id, "--file", file)
    assert (answer.code, "nobody-at-all" in answer.text) == (1, True), answer.text
    assert door.get("sourcesystems", id).status == 404


def test_a_used_contract_is_not_deleted(desk: Desk, door: Door, world: World) -> None:
    id, user = fresh("c"), fresh("p")
    stored(door.put("datacontracts", id, full_contract(id, world)))
    ports = [{"id": "out", "name": "Out", "dataContractId": id}]
    stored(door.put("dataproducts", user, product(user, world) | {"outputPorts": ports}))
    answer = cli(desk, "datacontracts", "delete", id)
    assert (answer.code, "422" in answer.text) == (1, True), answer.text


@pytest.mark.parametrize("id", ["with space", "größe", "a+b", "team@example.com"])
def test_ids_of_all_kinds(desk: Desk, door: Door, id: str) -> None:
    file = desk.write("team.json", team(id))
    assert cli(desk, "teams", "put", id, "--file", file).code == 0
    assert desk.relay.lines()[-1].endswith(" 200")
    assert cli(desk, "teams", "get", id, "-o", "json").code == 0


def test_the_yaml_of_a_contract(desk: Desk, door: Door, world: World) -> None:
    id = fresh("urn:c:")
    sent = full_contract(id, world)
    stored(door.put("datacontracts", id, sent))
    answer = cli(desk, "datacontracts", "yaml", id)
    assert answer.code == 0, answer.text
    assert_came_back(sent, yaml.safe_load(answer.text))


def test_costs(desk: Desk, door: Door, world: World) -> None:
    id = fresh("urn:p:")
    stored(door.put("dataproducts", id, product(id, world)))
    sent = cost(id) | {"yearMonth": "2024-05", "amount": 1234.45}
    assert cli(desk, "costs", "add", "--file", desk.write("cost.json", sent)).code == 0
    (held,) = cli(desk, "costs", "list", "--data-product-id", id, "-o", "json").json()
    assert (held["amount"], held["yearMonth"]) == (1234.45, "2024-05")
    assert cli(desk, "costs", "list", "--data-product-id", id).code == 0
    assert cli(desk, "costs", "delete", held["id"]).code == 0
    assert cli(desk, "costs", "list", "--data-product-id", id, "-o", "json").json() == []


def test_test_results(desk: Desk, door: Door, world: World) -> None:
    id = fresh("urn:c:")
    stored(door.put("datacontracts", id, full_contract(id, world)))
    file = desk.write("results.json", results(fresh(), id) | {"checks": [{"type": "schema", "name": "n"}]})
    answer = cli(desk, "test-results", "publish", "--file", file)
    assert (answer.code, desk.relay.lines()) == (0, ["POST /api/test-results 200"]), answer.text


def test_events(desk: Desk, door: Door) -> None:
    id = fresh()
    everything = cli(desk, "events", "poll", "-o", "json").json()
    assert everything != []
    stored(door.put("teams", id, team(id)))
    seen: list[Any] = []
    last = everything[-1]["id"]

    def polled() -> list[str]:
        batch = cli(desk, "events", "poll", "--last-event-id", seen[-1]["id"] if seen else last, "-o", "json").json()
        seen.extend(batch)
        return [event["subject"] for event in seen]

    assert id in eventually(polled, lambda subjects: id in subjects)
    assert len({event["id"] for event in everything + seen}) == len(everything + seen)
    assert cli(desk, "events", "poll").code == 0


def test_a_connection_is_tested(desk: Desk) -> None:
    answer = cli(desk, "connection", "test")
    assert (answer.code, "successful" in answer.text) == (0, True), answer.text
    assert desk.relay.lines() == ["GET /api/teams?p=0 200"]


def test_a_wrong_key_is_noticed(desk: Desk) -> None:
    wrong = replace(desk, key="wrong")
    assert [cli(wrong, *words).code for words in (["connection", "test"], ["teams", "list"])] == [1, 1]
    assert {exchange.status for exchange in desk.relay.exchanges} <= {401, 403}


def test_host_and_key_may_be_options(desk: Desk) -> None:
    nowhere = replace(desk, names="NOT_READ")
    answer = cli(nowhere, "--host", desk.url, "--api-key", desk.key, "-o", "json", "teams", "list")
    assert (answer.code, "unassigned" in ids(answer.json())) == (0, True), answer.text


def test_a_stored_connection_is_used(desk: Desk) -> None:
    nowhere = replace(desk, names="NOT_READ")
    added = cli(nowhere, "connection", "add", "souk", "--host", desk.url, "--api-key", desk.key)
    assert (added.code, cli(nowhere, "connection", "test").code) == (0, 0), added.text


def test_members_are_found_over_all_pages(desk: Desk, door: Door) -> None:
    id, mail = fresh(), f"{fresh()}@example.com"
    stored(door.put("teams", id, team(id) | {"members": [{"emailAddress": mail, "role": "Owner"}]}))
    found = eventually(lambda: cli(desk, "teams", "list", "--member", mail.upper(), "-o", "json").json(), bool)
    assert ids(found) == [id]
