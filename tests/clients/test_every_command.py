"""The entropy-data command line as a whole: every command has a row, and does what its row says."""

from __future__ import annotations

import json
import zipfile
from pathlib import Path
from typing import Any

import pytest

from tests.clients.entropy_data_commands import MORE, REACHED, REFUSED
from tests.clients.programs import NEW, ROOT, Desk, typed
from tests.wire.nndm.documents import BY_PATH, World, cost, fresh, port, product, results, team
from tests.wire.nndm.door import Door

pytestmark = pytest.mark.clients

EVERY = Path(__file__).with_name("every_command.py")
KINDS = ["teams", "sourcesystems", "definitions", "assets", "datacontracts", "dataproducts", "connectors"]
Step = Any


def told(desk: Desk, steps: list[Step], *guessed: str) -> Any:
    """What the commands gave, all of them run by one process."""
    given = {"steps": steps, "guessed": {name: MORE.get(name, []) for name in guessed}}
    finished = desk.run(NEW / "bin" / "python", EVERY, desk.write("given.json", given))
    assert finished.code == 0, finished.text
    return finished.told("commands")


def documents(world: World) -> dict[str, Any]:
    """One document of each kind, by the command's group."""
    made = {kind: typed(BY_PATH[kind].full(fresh(kind), world)) for kind in KINDS[1:-2]}
    made["teams"] = team(fresh("team"))
    made["dataproducts"] = product(fresh("product"), world, port("out"))
    made["connectors"] = {"id": fresh("connector"), "info": {"type": "snowflake"}}
    return made


def put_and_read(desk: Desk, made: dict[str, Any]) -> list[Step]:
    steps: list[Step] = []
    for kind in KINDS:
        id = made[kind]["id"]
        steps.append([kind, "put", id, "--file", str(desk.write(f"{kind}.json", made[kind]))])
        steps += [[kind, "get", id], [kind, "list"]]
    return [*steps, ["datacontracts", "yaml", made["datacontracts"]["id"]], ["events", "poll"]]


def asked_and_decided(desk: Desk, made: dict[str, Any], world: World) -> list[Step]:
    provider, first, second = made["dataproducts"]["id"], fresh("access"), fresh("access")
    sent = BY_PATH["datausageagreements"].full(first, world)
    sent["provider"] = {"dataProductId": provider, "outputPortId": "out"}
    request = ["access", "request", provider, "out", "--purpose", "P", "--consumer-team", world.consumer_team]
    return [
        ["access", "put", first, "--file", str(desk.write("access.json", sent))],
        [*request, "--id", second],
        ["access", "list"],
        ["access", "get", first],
        ["access", "reject", first],
        ["access", "approve", second],
        ["access", "cancel", second],
        *[["access", "delete", id] for id in (first, second)],
    ]


def spent_and_tested(desk: Desk, made: dict[str, Any]) -> list[Step]:
    provider, run = made["dataproducts"]["id"], fresh("run")
    outcome = results(run, made["datacontracts"]["id"]) | {"checks": [{"type": "schema", "name": "n"}]}
    listed = ["costs", "list", "--data-product-id", provider, "-o", "json"]
    return [
        ["costs", "add", "--file", str(desk.write("cost.json", cost(provider)))],
        {"words": listed, "name": "cost"},
        ["costs", "delete", "$cost"],
        ["test-results", "publish", "--file", str(desk.write("results.json", outcome))],
        ["test-results", "get", run],
        ["test-results", "list"],
        ["test-results", "delete", run],
    ]


def moved(desk: Desk, made: dict[str, Any]) -> list[Step]:
    """From the marketplace to files and back, and from one connection to another."""
    tree, packed, some = str(desk.folder / "tree"), desk.folder / "export.zip", ["--include", "sourcesystems"]
    with zipfile.ZipFile(packed, "w") as opened:
        source = made["sourcesystems"]
        opened.writestr(f"sourcesystems/{source['id']}.yaml", json.dumps(source))
    added = [["connection", "add", name, "--host", desk.url, "--api-key", desk.key] for name in ("one", "other")]
    return [
        *added,
        ["connection", "list"],
        ["connection", "get", "one"],
        ["connection", "set-default", "other"],
        ["connection", "test"],
        ["export", "dir", tree, *some],
        ["apply", "dir", tree, *some],
        ["import", "zip", str(packed), *some],
        ["sync", "--source", "one", "--target", "other", *some],
        ["connection", "remove", "one"],
    ]


def names_of(words: list[str], commands: list[str]) -> list[str]:
    return [name for name in commands if words[: name.count(" ") + 1] == name.split(" ")]


def test_every_command_that_the_api_reaches_succeeds(desk: Desk, door: Door, world: World) -> None:
    made = documents(world)
    steps = [*put_and_read(desk, made), *asked_and_decided(desk, made, world), *spent_and_tested(desk, made)]
    steps += [*moved(desk, made), *[[kind, "delete", made[kind]["id"]] for kind in reversed(KINDS)]]
    given = told(desk, steps)
    assert [one for one in given["told"] if one["code"] or one["raised"]] == []
    tried = {name for one in given["told"] for name in names_of(one["words"], given["commands"])}
    assert sorted(tried) == sorted(REACHED)
    failed = {line for line in desk.relay.lines() if int(line.split(" ")[-1]) >= 400}
    assert failed == {"GET /api/organization/settings 404"}
    assert {door.get(kind, made[kind]["id"]).status for kind in KINDS} == {404}


def test_every_other_command_is_refused_in_words(desk: Desk) -> None:
    refused = told(desk, [], *REFUSED)["refused"]
    said = {name: (one["code"], "HTTP 404" in one["text"], one["raised"]) for name, one in refused.items()}
    assert said == dict.fromkeys(REFUSED, (1, True, None))
    assert [exchange.status for exchange in desk.relay.exchanges] == [404] * len(REFUSED)


def test_every_command_has_a_row_here_and_counts_in_the_document(desk: Desk) -> None:
    commands = told(desk, [])["commands"]
    assert sorted([*REACHED, *REFUSED]) == commands
    counted = f"| {len(commands)} commands | {len(commands)} | {len(REACHED)} | {len(REFUSED)} commands of things"
    assert counted in (ROOT / "docs" / "clients.md").read_text()
