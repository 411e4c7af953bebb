"""Owners, teams, source systems, definitions: contract sections 3.4 to 3.6, rules O1 to O6, D5, rulings R6 and 9."""

from __future__ import annotations

from typing import Any

import pytest

from souk.organisation.teams import teams_of
from souk.store.port import Store
from souk.work import Work
from tests.nndm.driver import Api
from tests.nndm.samples import asset, contract, definition, port, product, source_system, team

OTHERS = ["Enabling Team", "Platform Team", "Governance Group", "Domain"]


def owned(owner: str) -> list[tuple[str, dict[str, Any]]]:
    """One document of each kind that has an owner."""
    info = {"title": "t", "version": "1", "owner": owner}
    return [
        ("dataproducts", product("x", owner=owner)),
        ("datacontracts", contract("x", info=info)),
        ("sourcesystems", source_system("x", owner)),
        ("definitions", definition("x", owner)),
        ("assets", asset("x", info={"owner": owner})),
    ]


@pytest.mark.parametrize("index", range(5))
def test_o1_the_owner_must_exist(api: Api, index: int) -> None:
    kind, document = owned("nobody")[index]
    answer = api.put(kind, document)
    assert answer.status == 422
    assert "Could not find team by id 'nobody'" in answer.detail
    assert api.get(kind, "x").status == 404
    api.made("teams", team("nobody"))
    api.made(kind, document)


@pytest.mark.parametrize("type", OTHERS)
@pytest.mark.parametrize("index", range(3))
def test_o2_only_a_domain_team_owns_products_contracts_and_source_systems(api: Api, index: int, type: str) -> None:
    api.made("teams", team("helpers", type))
    kind, document = owned("helpers")[index]
    answer = api.put(kind, document)
    assert answer.status == 422
    assert f"team 'helpers', is a {type}; only a Domain Team can own this" in answer.detail


@pytest.mark.parametrize("index", range(3))
def test_o2_the_later_type_team_owns_as_well(api: Api, index: int) -> None:
    api.made("teams", team("later", "Team"))
    kind, document = owned("later")[index]
    api.made(kind, document)


@pytest.mark.parametrize("type", OTHERS)
@pytest.mark.parametrize("index", [3, 4])
def test_o3_any_team_owns_definitions_and_assets(api: Api, index: int, type: str) -> None:
    api.made("teams", team("helpers", type))
    kind, document = owned("helpers")[index]
    api.made(kind, document)


def test_r6_a_parameter_binds_definitions_to_domain_teams(api: Api, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SOUK_DOMAIN_TEAMS_OWN_DEFINITIONS", "true")
    api.made("teams", team("helpers", "Enabling Team"))
    assert api.put("definitions", definition("x", "helpers")).status == 422
    assert api.put("definitions", definition("x", "owners")).status == 200


@pytest.mark.parametrize("index", range(3))
def test_o4_a_team_that_changes_its_type_keeps_what_it_owns(api: Api, index: int) -> None:
    kind, document = owned("owners")[index]
    api.made(kind, document)
    api.made("teams", team("owners", "Enabling Team"))
    assert api.shown(kind, "x") == document
    api.made(kind, document | {"custom": {"re": "published"}})
    assert api.put(kind, document | {"id": "y"}).status == 422


@pytest.mark.parametrize("index", range(5))
def test_ruling_9_an_unchanged_owner_is_not_checked_again_but_a_changed_one_is(api: Api, index: int) -> None:
    kind, document = owned("owners")[index]
    api.made(kind, document)
    api.removed("teams", "owners")
    api.made(kind, document | {"tags": ["again"]})
    other = owned("strangers")[index][1]
    assert api.put(kind, other).status == 422
    assert api.shown(kind, "x") == document | {"tags": ["again"]}


def test_a_contract_or_asset_may_come_without_owner(api: Api) -> None:
    api.made("datacontracts", contract("c", info={"title": "t", "version": "1"}))
    api.made("datacontracts", contract("d", info={"title": "t", "version": "1", "owner": ""}))
    api.made("assets", asset("a", info={"owner": ""}))
    assert api.shown("assets", "a")["info"] == {"owner": ""}


def test_o5_the_usual_order_of_creation_and_its_reverse(api: Api) -> None:
    api.made("sourcesystems", source_system("erp"))
    api.made("definitions", definition("customer"))
    api.made("datacontracts", contract("orders-v1"))
    api.made("dataproducts", product("orders", port("out", dataContractId="orders-v1")))
    for kind, id in (("dataproducts", "orders"), ("datacontracts", "orders-v1"), ("definitions", "customer")):
        api.removed(kind, id)
    api.removed("sourcesystems", "erp")
    api.removed("teams", "owners")


def test_o6_ports_may_name_contracts_and_source_systems_that_do_not_exist(api: Api) -> None:
    inputs = [{"id": "in", "name": "In", "sourceSystemId": "nowhere"}]
    api.made("dataproducts", product("p", port("out", dataContractId="nowhere"), inputPorts=inputs))


@pytest.mark.parametrize("index", range(5))
def test_d5_a_team_that_owns_something_can_be_deleted(api: Api, index: int) -> None:
    kind, document = owned("owners")[index]
    api.made(kind, document)
    api.removed("teams", "owners")
    assert api.shown(kind, "x") == document


def test_d5_source_systems_and_definitions_in_use_can_be_deleted(api: Api) -> None:
    api.made("sourcesystems", source_system("erp"))
    api.made("definitions", definition("customer"))
    inputs = [{"id": "in", "name": "In", "sourceSystemId": "erp"}]
    api.made("dataproducts", product("p", inputPorts=inputs))
    api.removed("sourcesystems", "erp")
    api.removed("definitions", "customer")


@pytest.mark.parametrize("count", [3, 41, 300])
def test_members_of_teams_of_any_size_are_found_by_their_address(api: Api, store: Store, count: int) -> None:
    members = [{"emailAddress": f"Person{n}@Example.com", "role": "r"} for n in range(count)]
    api.made("teams", team("many", members=members))
    api.made("teams", team("few", members=members[:1]))
    api.made("teams", team("none", members=[{"role": "nobody"}]))
    assert teams_of(Work(store), "person0@example.COM") == ["many", "few"]
    assert teams_of(Work(store), f"PERSON{count - 1}@example.com") == ["many"]
    assert teams_of(Work(store), "stranger@example.com") == []
    api.made("teams", team("many", members=members[:2]))
    assert teams_of(Work(store), f"person{count - 1}@example.com") == []
    api.removed("teams", "many")
    assert teams_of(Work(store), "person0@example.com") == ["few"]


def test_ruling_2_an_id_that_another_team_is_shown_under_is_refused(api: Api) -> None:
    from souk.ids import key_as_cuid, key_as_uuid, record_key

    key = record_key("team", "owners")
    for taken in (key, key_as_uuid(key), key_as_cuid(key)):
        answer = api.put("teams", team(taken))
        assert answer.status == 422
        assert "already stands for the record with the id 'owners'" in answer.detail
    free = key_as_uuid(record_key("team", "nobody"))
    api.made("teams", team(free))
    api.made("assets", asset(key_as_uuid(key)))
