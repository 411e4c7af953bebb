"""A backup of a deployed Souk brought back: tables restored to an instant become the data of a new stack."""

from __future__ import annotations

import random
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import boto3
import pytest

from souk.events.sequencer import drain
from souk.store.dynamodb import DynamoStore
from tests.local.stacks import account, deploy, souk, store_of
from tests.nndm.driver import Answer, Api
from tests.nndm.samples import contract, port, product, team
from tests.running import eventually

TABLES = {"entities": "Entities", "outbox": "Outbox", "log": "Log"}
Command = list[str]


@pytest.fixture
def stacks() -> Iterator[None]:
    with account():
        deploy("souk")
        deploy("souk-new")
        yield


def large(title: str) -> dict[str, Any]:
    """A contract that is too large for a table: its body lies in the bucket."""
    noise = random.Random(title).randbytes(60_000).hex()
    return contract("large", info={"title": title, "version": "1.0.0", "owner": "owners"}, noise=noise)


def title_of(answer: Answer) -> str:
    return str(answer.json()["info"]["title"])


def resource_of(stack: str, logical: str) -> str:
    formation: Any = boto3.client("cloudformation")
    detail = formation.describe_stack_resource(StackName=stack, LogicalResourceId=logical)
    return str(detail["StackResourceDetail"]["PhysicalResourceId"])


def restored(instant: datetime) -> Command:
    """Has the tables restored, as docs/deploy.md says. The command that goes on from there."""
    dynamo: Any = boto3.client("dynamodb")
    for option, logical in TABLES.items():
        dynamo.restore_table_to_point_in_time(
            SourceTableName=resource_of("souk", logical), TargetTableName=f"restored-{option}", RestoreDateTime=instant
        )
    named = [word for option in TABLES for word in (f"--{option}", f"restored-{option}")]
    at = f"{instant:%Y-%m-%dT%H:%M:%S}"
    return ["restore", "--stack", "souk-new", "--at", at, *named, "--bucket", resource_of("souk", "Bucket")]


def history(api: Api) -> list[tuple[str, str]]:
    return [(event["id"], event["subject"]) for event in api.call("GET", "/api/events").json()]


@pytest.fixture
def lost(stacks: None) -> tuple[Command, str, list[tuple[str, str]]]:
    """What stood at the instant is changed and deleted afterwards. The command, the key, and the history until then."""
    store: DynamoStore = store_of("souk")
    api = Api(store)
    api.made("teams", team("owners"))
    api.made("datacontracts", large("Before"))
    api.made("dataproducts", product("orders", port("out", dataContractId="large")))
    drain(store)
    told = history(api)
    api.made("teams", team("waiting"))
    instant = datetime.now(UTC).replace(microsecond=0) + timedelta(seconds=1)
    eventually(lambda: datetime.now(UTC) > instant)
    command = restored(instant)
    eventually(lambda: datetime.now(UTC) > instant + timedelta(seconds=1))
    api.made("datacontracts", large("After"))
    assert api.call("DELETE", "/api/teams/waiting").status == 200
    assert store.collect_orphans(older_than_seconds=0) == 1
    return command, api.secret, told


def test_everything_stands_as_at_the_instant(lost: tuple[Command, str, list[tuple[str, str]]]) -> None:
    command, secret, told = lost
    done = souk(*command)
    assert done.exit_code == 0, done.output
    store = store_of("souk-new")
    api = Api(store, secret)
    assert title_of(api.call("GET", "/api/datacontracts/large")) == "Before"
    assert api.call("GET", "/api/teams/waiting").status == 200
    drain(store)
    assert history(api)[: len(told)] == told
    assert [subject for _, subject in history(api)[len(told) :]] == ["waiting"]
    api.made("datacontracts", large("Afterwards"))
    assert title_of(api.call("GET", "/api/datacontracts/large")) == "Afterwards"
    assert api.call("DELETE", "/api/datacontracts/large").status == 422


def test_what_was_interrupted_may_be_run_again(lost: tuple[Command, str, list[tuple[str, str]]]) -> None:
    command, secret, told = lost
    first, second = souk(*command), souk(*command)
    assert (first.exit_code, second.exit_code, first.stdout) == (0, 0, second.stdout)
    assert history(Api(store_of("souk-new"), secret)) == told


def test_a_stack_with_a_history_of_its_own_is_left_alone(lost: tuple[Command, str, list[tuple[str, str]]]) -> None:
    store = store_of("souk-new")
    api = Api(store)
    api.made("teams", team("newcomers"))
    drain(store)
    refused = souk(*lost[0])
    assert (refused.exit_code, "events of its own" in refused.output) == (2, True)
    assert history(Api(store_of("souk-new"), api.secret))[0][1] == "newcomers"
