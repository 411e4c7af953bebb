"""The grantor that is AWS Lake Formation, against an emulation of it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import boto3
import pytest
from moto import mock_aws

from souk.errors import Invalid
from souk.grantors import connect
from souk.grantors.port import Wish
from souk.store import clients
from tests.access.world import World
from tests.grants.system import applied, state

ROLES = "arn:aws:iam::123456789012:role/people/{name}"
ALICE = "arn:aws:iam::123456789012:role/people/alice@nav.no"
PORT = {"id": "t", "name": "T", "server": {"database": "sales", "table": "orders"}}


@pytest.fixture
def lake(monkeypatch: pytest.MonkeyPatch) -> Iterator[Any]:
    """The emulation, as a client of it; Souk is set to grant there."""
    settings = {
        "SOUK_GRANTOR": "lakeformation",
        "SOUK_GRANT_USERS": ROLES,
        "SOUK_GRANT_TEAMS": "arn:aws:iam::123456789012:role/teams/{name}",
        "SOUK_GRANT_ACCOUNTS": "123456789012",
        "SOUK_GRANT_DATABASES": "shop/sales, */shared",
        "AWS_DEFAULT_REGION": "eu-central-1",
        "AWS_ACCESS_KEY_ID": "test",
        "AWS_SECRET_ACCESS_KEY": "test",
    }
    for name, value in settings.items():
        monkeypatch.setenv(name, value)
    with mock_aws():
        clients.forget()
        yield boto3.client("lakeformation", region_name="eu-central-1")
    clients.forget()


def wish(subject: str = "user:alice@nav.no", owner: str = "shop", *ports: dict[str, Any]) -> Wish:
    return Wish(subject, "orders", owner, ports or (PORT,))


def held(lake: Any) -> set[tuple[str, str, str]]:
    found = lake.list_permissions()["PrincipalResourcePermissions"]
    return {
        (one["Principal"]["DataLakePrincipalIdentifier"], one["Resource"]["Table"]["Name"], right)
        for one in found
        for right in one["Permissions"]
    }


def test_access_is_granted_verified_and_taken_back(lake: Any) -> None:
    grantor = connect.connect()
    (permission,) = grantor.plan(wish())
    assert permission == {"principal": ALICE, "database": "sales", "table": "orders"}
    assert not grantor.holds(permission)
    grantor.grant(permission)
    assert held(lake) == {(ALICE, "orders", "SELECT"), (ALICE, "orders", "DESCRIBE")}
    assert grantor.holds(permission)
    for _ in range(2):
        grantor.revoke(permission)
    assert (held(lake), grantor.holds(permission)) == (set(), False)


def test_repeated_grant_changes_nothing(lake: Any) -> None:
    """By itself: the emulation loses a permission that was granted twice when it is revoked."""
    grantor = connect.connect()
    (permission,) = grantor.plan(wish())
    for _ in range(2):
        grantor.grant(permission)
    assert held(lake) == {(ALICE, "orders", "SELECT"), (ALICE, "orders", "DESCRIBE")}
    assert grantor.holds(permission)


@pytest.mark.parametrize(
    ("subject", "principal"),
    [
        ("user:alice@nav.no", ALICE),
        ("service:etl", "arn:aws:iam::123456789012:role/people/etl"),
        ("team:shop", "arn:aws:iam::123456789012:role/teams/shop"),
        ("user:arn:aws:iam::123456789012:role/reader", "arn:aws:iam::123456789012:role/reader"),
    ],
)
def test_subjects_are_principals(lake: Any, subject: str, principal: str) -> None:
    assert {one["principal"] for one in connect.connect().plan(wish(subject))} == {principal}


@pytest.mark.parametrize(
    "subject",
    [
        "user:arn:aws:iam::999999999999:role/thief",
        "user:arn:aws:iam::123456789012:root",
        "user:../../admin",
        "user:a/b",
        "user:*",
        "user:Mr. X",
        "product:other",
        "user:IAM_ALLOWED_PRINCIPALS/",
    ],
)
def test_subjects_that_are_nobody_there_are_refused(lake: Any, subject: str) -> None:
    with pytest.raises(Invalid):
        connect.connect().plan(wish(subject))


def test_product_gives_only_tables_of_its_teams_databases(lake: Any) -> None:
    grantor = connect.connect()
    shared = {"id": "s", "name": "S", "server": {"database": "shared", "table": "days"}}
    assert len(grantor.plan(wish("user:a", "shop", PORT, shared))) == 2
    assert len(grantor.plan(wish("user:a", "others", shared))) == 1
    with pytest.raises(Invalid, match="not this team's"):
        grantor.plan(wish("user:a", "others", PORT))


@pytest.mark.parametrize("server", [{}, {"database": "sales"}, {"database": 1, "table": 2}, {"table": "orders"}])
def test_product_without_a_table_cannot_be_granted(lake: Any, server: dict[str, Any]) -> None:
    with pytest.raises(Invalid, match="no port"):
        connect.connect().plan(wish("user:a", "shop", {"id": "t", "name": "T", "server": server}))


def test_accesses_reach_the_lake(lake: Any, world: World) -> None:
    world.product("orders", ports=[{**PORT, "auto_approve": True}])
    access = world.ask(port="t")
    applied(world, access)
    assert state(world, access) == "granted"
    assert (ALICE, "orders", "SELECT") in held(lake)


def test_grantor_that_is_not_known_is_said(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SOUK_GRANTOR", "magic")
    with pytest.raises(ValueError, match="magic"):
        connect.connect()
