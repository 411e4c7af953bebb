"""Drafts, publishing, retiring, suspending: which door shows what, and identifiers both ways."""

from __future__ import annotations

from uuid import uuid4

import pytest

from souk.ids import as_uuid, key_as_cuid, key_as_uuid, record_key
from tests.doors.accesses import World
from tests.doors.callers import Doc, fresh
from tests.doors.conftest import Doors
from tests.doors.published import Dpx
from tests.doors.test_products import NAMES
from tests.wire.raw import Answer

OTHERS = ("nndm", "immuta", "nav")


def hub_of(doors: Doors) -> Dpx:
    hub = doors["dpx"]
    assert isinstance(hub, Dpx)
    return hub


def states(doors: Doors, exact: str) -> Doc:
    """A product's state in the words of every door, for whoever may see all."""
    nndm, immuta = (doors[name].document(doors[name].shown_id(exact)) for name in ("nndm", "immuta"))
    releases = hub_of(doors).releases(as_uuid("product", exact), "available,retired")
    assert nndm is not None
    assert immuta is not None
    return {
        "nndm": nndm["info"].get("status"),
        "immuta": immuta["suspended"],
        "nav": doors["nav"].shown_id(exact) in doors["nav"].ids(),
        "dpx": [release["state"] for release in releases],
    }


ACTIVE = {"nndm": "active", "immuta": False, "nav": True, "dpx": ["available"]}
RETIRED = {"nndm": "retired", "immuta": True, "nav": False, "dpx": ["retired"]}


def test_a_draft_is_seen_by_no_other_door_until_it_is_published(doors: Doors) -> None:
    hub = hub_of(doors)
    draft = hub.draft()
    product = draft["data_product"]["id"]
    assert {name: doors[name].document(product) for name in OTHERS} == dict.fromkeys(OTHERS)
    assert not any(product in doors[name].ids() for name in OTHERS)
    assert product in hub.ids()
    hub.publish(draft)
    assert all(doors[name].document(product) for name in OTHERS)
    assert states(doors, product) == ACTIVE


def test_a_further_draft_changes_nothing_that_others_see(doors: Doors) -> None:
    hub = hub_of(doors)
    product, held = hub.make()
    before = {name: doors[name].document(product) for name in OTHERS}
    body: Doc = {"asset": {"container": {"id": hub.container}}, "name": fresh("Next"), "version": "2.0.0"}
    draft = hub.caller.done(201, "POST", f"{hub.place(product)}/drafts", body)
    assert {name: doors[name].document(product) for name in OTHERS} == before
    hub.publish(draft)
    assert all(doors[name].found(body["name"]) == [product] for name in NAMES)
    assert [doors[name].ids().count(product) for name in NAMES] == [1, 1, 1, 1]
    assert held["title"] != body["name"]


@pytest.mark.parametrize("maker", NAMES)
def test_retired_by_its_status_it_is_retired_everywhere(doors: Doors, maker: str) -> None:
    exact, _ = doors[maker].make()
    assert states(doors, exact) == ACTIVE
    nndm = doors["nndm"]
    document = nndm.document(exact)
    assert document is not None
    retired = document | {"info": document["info"] | {"status": "retired"}}
    nndm.caller.done(200, "PUT", nndm.place(exact), retired)
    assert states(doors, exact) == RETIRED
    nndm.caller.done(200, "PUT", nndm.place(exact), document)
    assert states(doors, exact) == ACTIVE


@pytest.mark.parametrize("maker", NAMES)
def test_suspended_by_governance_until_governance_resumes_it(doors: Doors, maker: str) -> None:
    exact, _ = doors[maker].make()
    nndm, immuta = doors["nndm"], doors["immuta"]
    place = immuta.place(immuta.shown_id(exact))
    immuta.caller.done(200, "PUT", place, {"suspended": True})
    assert states(doors, exact) == ACTIVE | {"nndm": "suspended", "immuta": True}
    document = nndm.document(exact)
    assert document is not None
    nndm.caller.done(200, "PUT", nndm.place(exact), document)
    nndm.caller.done(200, "PUT", nndm.place(exact), document | {"info": document["info"] | {"status": "active"}})
    doors["nav"].change(doors["nav"].shown_id(exact), fresh("Renamed"), "Still suspended")
    assert states(doors, exact) == ACTIVE | {"nndm": "suspended", "immuta": True}
    immuta.caller.done(200, "PUT", place, {"suspended": False})
    assert states(doors, exact) == ACTIVE


UUID = "0b6c4f0a-6a0e-4a4e-9d0c-1f2e3d4c5b6a"
UNSAFE = "urn:dataproduct:checkout:kunden größe"


@pytest.mark.parametrize("exact", [UUID, UUID.upper(), UNSAFE, "product@team.example", "plain"])
def test_an_id_shows_by_the_same_rule_in_every_door(doors: Doors, world: World, exact: str) -> None:
    world.restricted(exact=exact)
    uuid = UUID if exact == UUID else key_as_uuid(record_key("product", exact))
    in_nav = record_key("product", UNSAFE) if exact == UNSAFE else exact
    for name, shown in (("nndm", exact), ("dpx", uuid), ("immuta", uuid), ("nav", in_nav)):
        door = doors[name]
        assert door.caller.done(200, "GET", door.place(shown))["id"] == shown
        assert door.ids().count(shown) == 1
    # Ids are compared exactly: another spelling of a UUID is another id.
    mixed = uuid[:-1] + uuid[-1].swapcase() + "x"
    assert {doors[name].caller.call("GET", doors[name].place(mixed)).status for name in ("dpx", "immuta")} <= {400, 404}


def test_two_spellings_of_a_uuid_are_two_products(doors: Doors, world: World) -> None:
    lower = str(uuid4())
    world.restricted(exact=lower)
    assert doors["nndm"].document(lower.upper()) is None
    assert doors["immuta"].document(lower.upper()) is None
    assert doors["dpx"].document(lower.upper()) is None
    world.restricted(exact=lower.upper())
    shown = {name: door.shown_id(lower.upper()) for name, door in doors.items()}
    assert all(doors[name].document(shown[name]) for name in NAMES)
    assert shown["immuta"] != lower


def aims(world: World, victim: str) -> dict[str, Answer]:
    """Attempts to make a product under an id by which a door shows another one."""
    uuid, key = as_uuid("product", victim), record_key("product", victim)
    body = {"info": {"title": "Trap", "owner": world.env["SOUK_OTHER_TEAM"]}, "outputPorts": []}
    governed = {"name": fresh("Trap"), "domains": [world.env["SOUK_DOMAIN_ID"]], "metadata": None}
    governed |= {"requestFormId": world.env["SOUK_AUTO_FORM_ID"], "dataSources": []}
    return {
        "nndm, as a UUID": world.key.call("PUT", f"/api/dataproducts/{uuid}", {"id": uuid, **body}),
        "nndm, in base 36": world.key.call("PUT", f"/api/dataproducts/{key}", {"id": key, **body}),
        "immuta": world.manager.call("POST", "/api/data-product", {**governed, "id": uuid}),
    }


def test_no_id_can_be_aimed_at_anothers_product(doors: Doors, world: World) -> None:
    victim = world.restricted()
    before = {name: door.document(door.shown_id(victim)) for name, door in doors.items()}
    refusals = {way: answer.status for way, answer in aims(world, victim).items()}
    assert refusals == {"nndm, as a UUID": 422, "nndm, in base 36": 422, "immuta": 400}
    assert {name: door.document(door.shown_id(victim)) for name, door in doors.items()} == before


def test_no_id_can_be_aimed_at_anothers_access(world: World) -> None:
    product = world.restricted()
    world.request(product)
    (agreement,) = world.agreements(product)
    for trap in (record_key("access", agreement["id"]), key_as_cuid(record_key("access", agreement["id"]))):
        document = agreement | {"id": trap, "info": {"purpose": "Trap"}}
        assert world.put_agreement(world.key, trap, document).status == 422
    assert world.agreements(product) == [agreement]
