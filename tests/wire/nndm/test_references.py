"""Section 5: owners, and what may be deleted while others name it."""

from __future__ import annotations

from typing import Any

import pytest

from tests.wire.nndm.documents import BY_PATH, World, agreement, asset, changed, contract, fresh, port, product, team
from tests.wire.nndm.door import Door, refused, stored
from tests.wire.nndm.feed import Feed

OWNER = {
    "dataproducts": "info.owner",
    "datacontracts": "info.owner",
    "sourcesystems": "owner",
    "definitions": "owner",
    "assets": "info.owner",
}
CAN_OWN = ["Domain Team", "Team"]
CANNOT_OWN = ["Enabling Team", "Platform Team", "Governance Group", "Domain"]
STRICT = ["dataproducts", "datacontracts", "sourcesystems"]
LENIENT = ["definitions", "assets"]


def owned(kind: str, id: str, world: World, owner: Any) -> dict[str, Any]:
    """A document of this kind that this team owns."""
    return changed(BY_PATH[kind].full(id, world), OWNER[kind], owner)


def new_team(door: Door, type: str = "Domain Team") -> str:
    id = fresh("team")
    stored(door.put("teams", id, team(id, type)))
    return id


@pytest.mark.parametrize("kind", OWNER)
def test_o1_the_owner_must_exist(door: Door, world: World, kind: str) -> None:
    id, nobody = fresh(), fresh("nobody")
    words = refused(door.put(kind, id, owned(kind, id, world, nobody)), 422)
    assert nobody in words
    refused(door.get(kind, id), 404)


@pytest.mark.parametrize("kind", OWNER)
def test_o1_the_owner_is_the_team_of_exactly_this_id(door: Door, world: World, kind: str) -> None:
    id = fresh()
    refused(door.put(kind, id, owned(kind, id, world, world.team.upper())), 422)
    refused(door.put(kind, id, owned(kind, id, world, world.team + " ")), 422)


@pytest.mark.parametrize("kind", OWNER)
def test_o1_a_deleted_team_owns_nothing_new(door: Door, world: World, kind: str) -> None:
    id, gone = fresh(), new_team(door)
    stored(door.delete("teams", gone))
    refused(door.put(kind, id, owned(kind, id, world, gone)), 422)


@pytest.mark.parametrize("kind", OWNER)
def test_o1_an_update_may_not_name_an_owner_that_is_not_there(door: Door, world: World, kind: str) -> None:
    id = fresh()
    stored(door.put(kind, id, owned(kind, id, world, world.team)))
    before = door.get(kind, id).json()
    refused(door.put(kind, id, owned(kind, id, world, fresh("nobody"))), 422)
    assert door.get(kind, id).json() == before


@pytest.mark.parametrize("type", CAN_OWN)
@pytest.mark.parametrize("kind", STRICT)
def test_o2_domain_teams_own(door: Door, world: World, kind: str, type: str) -> None:
    id = fresh()
    assert door.put(kind, id, owned(kind, id, world, new_team(door, type))).status == 200


@pytest.mark.parametrize("type", CANNOT_OWN)
@pytest.mark.parametrize("kind", STRICT)
def test_o2_other_teams_do_not(door: Door, world: World, kind: str, type: str) -> None:
    id = fresh()
    refused(door.put(kind, id, owned(kind, id, world, new_team(door, type))), 422)
    refused(door.get(kind, id), 404)


@pytest.mark.parametrize("type", CAN_OWN + CANNOT_OWN)
@pytest.mark.parametrize("kind", LENIENT)
def test_o3_any_team_owns_definitions_and_assets(door: Door, world: World, kind: str, type: str) -> None:
    id = fresh()
    assert door.put(kind, id, owned(kind, id, world, new_team(door, type))).status == 200


@pytest.mark.parametrize("kind", STRICT)
def test_o4_a_team_that_changes_keeps_what_it_owns(door: Door, world: World, kind: str) -> None:
    id, other, owner = fresh(), fresh(), new_team(door)
    stored(door.put(kind, id, owned(kind, id, world, owner)))
    stored(door.put("teams", owner, team(owner, "Platform Team")))
    assert door.get(kind, id).status == 200
    refused(door.put(kind, other, owned(kind, other, world, owner)), 422)


def test_o6_ports_may_name_what_is_not_there_yet(door: Door, world: World) -> None:
    id = fresh()
    ports = [port("out", dataContractId=fresh("none"))]
    sources = [{"id": "in", "name": "In", "sourceSystemId": fresh("none")}]
    assert door.put("dataproducts", id, product(id, world, *ports) | {"inputPorts": sources}).status == 200


def test_d1_a_contract_that_a_port_names_stays(door: Door, world: World) -> None:
    id, user = fresh("contract"), fresh("product")
    stored(door.put("datacontracts", id, contract(id, world)))
    stored(door.put("dataproducts", user, product(user, world, port("a"), port("b", dataContractId=id))))
    refused(door.delete("datacontracts", id), 422)
    assert door.get("datacontracts", id).status == 200


def test_d1_also_when_the_port_came_first(door: Door, world: World) -> None:
    id, user = fresh("contract"), fresh("product")
    stored(door.put("dataproducts", user, product(user, world, port("a", dataContractId=id))))
    stored(door.put("datacontracts", id, contract(id, world)))
    refused(door.delete("datacontracts", id), 422)
    stored(door.delete("dataproducts", user))
    stored(door.delete("datacontracts", id))


def test_d1_until_the_last_port_lets_go(door: Door, world: World) -> None:
    id, one, two = fresh("contract"), fresh("one"), fresh("two")
    stored(door.put("datacontracts", id, contract(id, world)))
    ports = [port("a", dataContractId=id), port("b", dataContractId=id)]
    stored(door.put("dataproducts", one, product(one, world, *ports)))
    stored(door.put("dataproducts", two, product(two, world, *ports)))
    refused(door.delete("datacontracts", id), 422)
    stored(door.put("dataproducts", one, product(one, world, ports[0], port("b"))))
    stored(door.delete("dataproducts", two))
    refused(door.delete("datacontracts", id), 422)
    stored(door.put("dataproducts", one, product(one, world, port("a", dataContractId=None), port("b"))))
    stored(door.delete("datacontracts", id))


def test_d1_a_rejected_product_names_nothing(door: Door, world: World) -> None:
    id, user = fresh("contract"), fresh("product")
    stored(door.put("datacontracts", id, contract(id, world)))
    refused(
        door.put("dataproducts", user, changed(product(user, world, port("a", dataContractId=id)), "info.title", "")),
        422,
    )
    stored(door.delete("datacontracts", id))


@pytest.mark.parametrize("actions", [[], ["approve"], ["reject"], ["approve", "cancel"]], ids=repr)
@pytest.mark.parametrize("side", ["provider", "consumer"])
def test_d2_a_product_in_an_agreement_of_any_state_stays(
    door: Door, world: World, side: str, actions: list[str]
) -> None:
    ids = {"provider": fresh("p"), "consumer": fresh("c")}
    id = fresh("agreement")
    for product_id in ids.values():
        stored(door.put("dataproducts", product_id, product(product_id, world, port("out"))))
    sent = agreement(id, world) | {"provider": {"dataProductId": ids["provider"], "outputPortId": "out"}}
    stored(door.put("datausageagreements", id, sent | {"consumer": {"dataProductId": ids["consumer"], "userId": "u"}}))
    for action in actions:
        stored(door.act(id, action))
    refused(door.delete("dataproducts", ids[side]), 422)
    assert door.get("dataproducts", ids[side]).status == 200
    stored(door.delete("datausageagreements", id))
    stored(door.delete("dataproducts", ids[side]))


def test_d2_an_agreement_that_moves_lets_go(door: Door, world: World) -> None:
    ids = [fresh(), fresh()]
    id = fresh("agreement")
    for product_id in ids:
        stored(door.put("dataproducts", product_id, product(product_id, world, port("out"))))
        stored(door.put("datausageagreements", id, changed(agreement(id, world), "provider.dataProductId", product_id)))
    stored(door.delete("dataproducts", ids[0]))
    refused(door.delete("dataproducts", ids[1]), 422)


@pytest.mark.parametrize("where", ["product", "port"])
@pytest.mark.parametrize("form", ["{}", "id", "assetId"])
def test_d3_an_asset_that_a_product_lists_stays(door: Door, world: World, where: str, form: str) -> None:
    id, user = fresh("asset"), fresh("product")
    entry: Any = {"{}": id, "id": {"id": id}, "assetId": {"assetId": id}}[form]
    listed = {
        "product": product(user, world) | {"assets": [entry]},
        "port": product(user, world, port("o", assets=[entry])),
    }
    stored(door.put("assets", id, asset(id, world)))
    stored(door.put("dataproducts", user, listed[where]))
    refused(door.delete("assets", id), 422)
    assert door.get("assets", id).status == 200
    stored(door.put("dataproducts", user, product(user, world, port("o"))))
    stored(door.delete("assets", id))


def test_d3_an_asset_listed_twice_is_let_go_once_for_each(door: Door, world: World) -> None:
    id, user = fresh("asset"), fresh("product")
    stored(door.put("assets", id, asset(id, world)))
    both = product(user, world, port("o", assets=[id, {"id": id}]), port("p", assets=[id])) | {"assets": [id]}
    stored(door.put("dataproducts", user, both))
    stored(door.put("dataproducts", user, product(user, world, port("o"), port("p", assets=[id]))))
    refused(door.delete("assets", id), 422)
    stored(door.delete("dataproducts", user))
    stored(door.delete("assets", id))


def test_d3_a_relationship_between_assets_holds_nothing(door: Door, world: World) -> None:
    id, child = fresh("parent"), fresh("child")
    stored(door.put("assets", id, asset(id, world)))
    relations = [{"relationshipType": "parent", "assetId": id}]
    stored(door.put("assets", child, asset(child, world) | {"relationships": relations}))
    assert door.delete("assets", id).status == 200


@pytest.mark.parametrize("kind", ["dataproducts", "datacontracts", "assets"])
def test_g11_a_refused_delete_emits_nothing(door: Door, feed: Feed, world: World, kind: str) -> None:
    ids = {"dataproducts": fresh("p"), "datacontracts": fresh("c"), "assets": fresh("a")}
    stored(door.put("assets", ids["assets"], asset(ids["assets"], world)))
    stored(door.put("datacontracts", ids["datacontracts"], contract(ids["datacontracts"], world)))
    used = product(ids["dataproducts"], world, port("out", dataContractId=ids["datacontracts"], assets=[ids["assets"]]))
    stored(door.put("dataproducts", ids["dataproducts"], used))
    held = changed(agreement(fresh(), world), "provider.dataProductId", ids["dataproducts"])
    stored(door.put("datausageagreements", held["id"], held))
    refused(door.delete(kind, ids[kind]), 422)
    assert [name for name in feed.settled(ids[kind]) if "Deleted" in name] == []


@pytest.mark.parametrize("kind", OWNER)
def test_d5_a_team_may_go_while_it_owns(door: Door, world: World, kind: str) -> None:
    id, owner = fresh(), new_team(door)
    stored(door.put(kind, id, owned(kind, id, world, owner)))
    stored(door.delete("teams", owner))
    assert door.get(kind, id).status == 200


def test_d5_source_systems_definitions_and_consumers_may_go(door: Door, world: World) -> None:
    source, meaning, consumers, id = fresh("s"), fresh("d"), new_team(door), fresh()
    stored(door.put("sourcesystems", source, BY_PATH["sourcesystems"].small(source, world)))
    stored(door.put("definitions", meaning, BY_PATH["definitions"].small(meaning, world)))
    inputs = [{"id": "in", "name": "In", "sourceSystemId": source}]
    stored(door.put("dataproducts", id, product(id, world) | {"inputPorts": inputs}))
    stored(door.put("datausageagreements", id, agreement(id, world) | {"consumer": {"teamId": consumers}}))
    gone = [("sourcesystems", source), ("definitions", meaning), ("teams", consumers)]
    assert [door.delete(kind, one).status for kind, one in gone] == [200, 200, 200]


def test_d6_a_port_may_go_while_agreements_name_it(door: Door, world: World) -> None:
    provider, id = fresh("p"), fresh("agreement")
    stored(door.put("dataproducts", provider, product(provider, world, port("out"))))
    stored(door.put("datausageagreements", id, changed(agreement(id, world), "provider.dataProductId", provider)))
    stored(door.put("dataproducts", provider, product(provider, world, port("other"))))
    assert door.get("datausageagreements", id).json()["provider"]["outputPortId"] == "out"


@pytest.mark.parametrize("kind", BY_PATH)
def test_d7_an_id_can_be_used_again(door: Door, feed: Feed, world: World, kind: str) -> None:
    id = fresh()
    for _ in range(2):
        stored(door.put(kind, id, BY_PATH[kind].full(id, world)))
        stored(door.delete(kind, id))
    stored(door.put(kind, id, BY_PATH[kind].small(id, world)))
    assert "tags" not in {key for key, held in door.get(kind, id).json().items() if held}


@pytest.mark.parametrize("kind", BY_PATH)
def test_d7_a_second_delete_is_404(door: Door, world: World, kind: str) -> None:
    id = fresh()
    stored(door.put(kind, id, BY_PATH[kind].small(id, world)))
    stored(door.delete(kind, id))
    refused(door.delete(kind, id), 404)
