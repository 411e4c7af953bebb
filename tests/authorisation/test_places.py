"""Places that documents name: any in a product of one's own; what is not one's own to give is not delivered."""

from __future__ import annotations

from typing import Any

import pytest

from souk.documents import objects
from souk.identity import keys
from souk.ids import as_uuid
from souk.setup.catalogue import CATALOGUE
from souk.setup.methods import DOWNLOAD
from souk.work import run
from tests.authorisation.estate import HUB, Scene
from tests.authorisation.people import OWN, READER, TEAMS, token_for
from tests.gate import Guest

SECRET = "data/of-another-team.csv"
OTHER = "data/another.csv"
REFUSED = "the place of the part was named by somebody who may not give what lies there"
Port = dict[str, Any]


@pytest.fixture
def key(scene: Scene) -> Guest:
    scene.keep()
    for name in (SECRET, OTHER):
        objects.write(name, b"secret\n1\n", "text/csv")
    return Guest(run(scene.store, lambda work: keys.create(work, "places")).secret)


@pytest.fixture
def member(scene: Scene) -> Guest:
    return Guest(token_for("placer@souk.example", groups=[TEAMS[OWN]]))


def put(who: Guest, product: str, **port: Any) -> None:
    info = {"title": product, "owner": TEAMS[OWN], "domain": "d"}
    ports = [{"id": "out", "name": "out", "autoApprove": True, **port}]
    who.done(200, "PUT", f"/api/dataproducts/{product}", {"id": product, "info": info, "outputPorts": ports})


def delivered(product: str) -> tuple[str, str]:
    """The state of an order of the product's part, and the reason why it failed."""
    uuid, reader = as_uuid("product", product), Guest(token_for(READER))
    (release,) = reader.done(200, "GET", f"{HUB}/data_products/{uuid}/releases")["releases"]
    container = {"id": CATALOGUE, "type": "catalog"}
    method = {"asset_id": DOWNLOAD, "catalog_id": CATALOGUE}
    part = {"id": release["parts_out"][0]["asset"]["id"], "type": "data_asset", "container": container}
    version = {"id": release["asset"]["id"], "type": "ibm_data_product_version", "container": container}
    order = reader.done(
        201,
        "POST",
        "/v2/asset_lists",
        {
            "name": "order",
            "description": "why",
            "type": "order",
            "state": "received",
            "asset": {"asset": {"metadata": version}},
            "items": [
                {"asset": {"metadata": part}, "properties": {"data_product_id": uuid, "delivery_method": method}}
            ],
        },
    )
    (item,) = reader.done(200, "GET", f"/v2/asset_lists/{order['id']}/items")["items"]
    state = reader.done(200, "GET", f"/v2/asset_lists/{order['id']}")["state"]
    return state, item["properties"].get("data_product_delivery_message", "")


@pytest.mark.parametrize(
    "port",
    [
        {"location": SECRET},
        {"location": f"s3://documents-of-tests/{SECRET}"},
        {"server": {"location": SECRET}},
        {"location": "glue://sales/orders"},
        {"server": {"database": "sales", "table": "orders"}},
    ],
)
def test_a_member_has_nothing_delivered_from_a_place_that_they_named(
    scene: Scene, key: Guest, member: Guest, port: Port
) -> None:
    put(member, "placed", **port)
    assert key.done(200, "GET", "/api/dataproducts/placed")["outputPorts"][0].items() >= port.items()
    assert delivered("placed") == ("failed", REFUSED)
    scene.restore()


def test_a_key_and_governance_may_have_it_delivered(scene: Scene, key: Guest) -> None:
    governance = Guest(token_for("governor@souk.example", roles=["governance"]))
    for who in (key, governance):
        put(who, "placed", location=SECRET)
        assert delivered("placed") == ("succeeded", "")
    scene.restore()


def test_what_a_key_named_stays_when_a_member_changes_the_rest(scene: Scene, key: Guest, member: Guest) -> None:
    put(key, "placed", location=SECRET)
    put(member, "placed", location=SECRET, id="moved", description="changed")
    assert delivered("placed") == ("succeeded", "")
    put(member, "placed", location=OTHER)
    assert delivered("placed") == ("failed", REFUSED)
    put(member, "placed", location=OTHER, description="again")
    assert delivered("placed") == ("failed", REFUSED)
    put(key, "placed", location=OTHER)
    assert delivered("placed") == ("succeeded", "")
    scene.restore()


def test_a_place_is_good_for_the_product_that_it_was_named_in(scene: Scene, key: Guest, member: Guest) -> None:
    put(key, "placed", location=SECRET)
    put(member, "copied", location=SECRET)
    assert delivered("copied") == ("failed", REFUSED)
    scene.restore()


def test_writing_it_back_in_another_door_takes_no_doubt_away(scene: Scene, key: Guest, member: Guest) -> None:
    put(member, "placed", location=SECRET)
    uuid = as_uuid("product", "placed")
    place = f"{HUB}/data_products/{uuid}/releases/{uuid}@{CATALOGUE}"
    release = member.done(200, "GET", place)
    for name in ("description", "parts_out"):
        operation = {"op": "replace", "path": f"/{name}", "value": release.get(name) or "changed"}
        member.done(200, "PATCH", place, [operation])
    assert delivered("placed") == ("failed", REFUSED)
    scene.restore()


def test_a_page_is_for_everybody_to_name(scene: Scene, key: Guest, member: Guest) -> None:
    put(member, "placed", location="https://pages.souk.example/open")
    assert delivered("placed") == ("succeeded", "")
    scene.restore()
