"""What another door made, seen here (design rulings 1, 5, 7, 12, 14), and the other way round."""

from __future__ import annotations

import json
from typing import Any

import pytest

from tests.wire.nav.door import ZERO, Door, done, entries, fresh, mail, refused
from tests.wire.raw import Answer, Doc, Wire

BIGQUERY = {"project": "p", "dataset": "d", "table": "t"}


class Nndm(Wire):
    """A client of the NNDM door with the seeded key."""

    def put(self, kind: str, id: str, doc: Doc) -> None:
        answer = self.send("PUT", f"/api/{kind}/{id}", json.dumps(doc).encode(), self.headers)
        assert answer.status == 200, answer

    def get(self, kind: str, id: str) -> Answer:
        return self.send("GET", f"/api/{kind}/{id}")


@pytest.fixture(scope="session")
def nndm(souk: Any) -> Nndm:
    return Nndm(souk.url, {"x-api-key": souk.env["SOUK_API_KEY"], "content-type": "application/json"})


def document(id: str, team: str, kind: str = "bigquery", server: Doc | None = None, **info: Any) -> Doc:
    port = {"id": "out", "name": "Out", "type": kind, "server": server or BIGQUERY}
    return {"id": id, "info": {"title": "Orders", "owner": team} | info, "outputPorts": [port]}


@pytest.fixture
def foreign(nndm: Nndm, owner: Door) -> str:
    """A product of the owner's team, made in the NNDM door, with a bigquery port."""
    id = fresh("foreign")
    nndm.put("dataproducts", id, document(id, owner.team))
    return id


def test_port_of_type_bigquery_is_a_datastore(owner: Door, foreign: str) -> None:
    inner = owner.shown(foreign)["data_product"]
    assert inner["datastore"] == [{"type": "bigquery", "project_id": "p", "dataset_id": "d", "resource_id": "t"}]
    assert (inner["name"], inner["team"]) == ("Orders", owner.team)


@pytest.mark.parametrize(("kind", "server"), [("snowflake", {"account": "a"}), ("bigquery", {"project": "p"})])
def test_other_ports_are_no_datastore(owner: Door, nndm: Nndm, kind: str, server: Doc) -> None:
    id = fresh("foreign")
    nndm.put("dataproducts", id, document(id, owner.team, kind, server))
    assert "datastore" not in owner.shown(id)["data_product"]
    refused(owner.grant(id, mail()), 400, f"no datastore associated with dataproduct: {id} (Orders)\n")


def test_only_the_owner_grants_on_what_is_not_self_service(owner: Door, other: Door, foreign: str) -> None:
    assert other.grant(foreign, other.email).status == 401
    assert owner.access(foreign) == {f"group:{owner.team}@nav.no": ZERO}
    done(owner.grant(foreign, other.email))
    assert owner.access(foreign)[f"user:{other.email}"] == ZERO
    done(other.revoke(foreign, other.email))


def test_anonymous_readers_see_no_access_of_it(owner: Door, nobody: Door, other: Door, foreign: str) -> None:
    done(owner.grant(foreign, other.email))
    assert "access" not in nobody.listed()[foreign]["data_product"]
    assert nobody.log(foreign) == []
    assert entries(other.log(foreign)) == [(owner.email, "grant", other.email)]
    assert f"user:{other.email}" in other.listed()[foreign]["data_product"]["access"]


def test_retired_products_are_not_listed(owner: Door, nndm: Nndm) -> None:
    id = fresh("foreign")
    nndm.put("dataproducts", id, document(id, owner.team))
    assert id in owner.listed()
    nndm.put("dataproducts", id, document(id, owner.team, status="retired"))
    assert id not in owner.listed()
    assert owner.shown(id)["id"] == id


def test_id_that_is_not_url_safe_is_shown_as_its_key(owner: Door, nndm: Nndm) -> None:
    id, title = f"urn x {fresh()}", fresh()
    nndm.put("dataproducts", id.replace(" ", "%20"), document(id, owner.team, title=title))
    (shown,) = (product for product in owner.listed().values() if product["data_product"]["name"] == title)
    assert len(shown["id"]) == 24
    done(owner.call("PUT", f"dataproducts/{shown['id']}", {"name": "renamed"}))
    assert nndm.get("dataproducts", id.replace(" ", "%20")).json()["info"]["title"] == "renamed"
    done(owner.call("DELETE", f"dataproducts/{shown['id']}"))


def test_change_here_leaves_what_only_the_other_door_sees(owner: Door, nndm: Nndm, foreign: str) -> None:
    sent = document(foreign, owner.team) | {"tags": ["a"], "custom": {"k": [1, {}]}}
    nndm.put("dataproducts", foreign, sent)
    done(owner.call("PUT", f"dataproducts/{foreign}", {"name": "Renamed here"}))
    sent["info"]["title"] = "Renamed here"
    assert nndm.get("dataproducts", foreign).json() == sent


def test_what_was_made_here_is_a_product_there(owner: Door, nndm: Nndm, product: str) -> None:
    shown = nndm.get("dataproducts", product).json()
    assert shown["info"]["title"] == "cool data"
    assert shown["info"]["owner"] == owner.team
    assert [port["type"] for port in shown["outputPorts"]] == ["bucket"]


def test_agreement_approved_there_is_access_here_and_ends_here(owner: Door, other: Door, nndm: Nndm) -> None:
    id, agreement = fresh("foreign"), fresh("agreement")
    nndm.put("dataproducts", id, document(id, owner.team))
    request = {
        "id": agreement,
        "info": {"purpose": "p", "active": False, "status": "requested", "startDate": "2024-01-01"},
        "provider": {"dataProductId": id, "outputPortId": "out"},
        "consumer": {"userId": other.email},
    }
    nndm.put("datausageagreements", agreement, request)
    assert f"user:{other.email}" not in owner.access(id)
    done_there = nndm.send("POST", f"/api/datausageagreements/{agreement}/approve", b"")
    assert done_there.status == 200, done_there
    assert f"user:{other.email}" in owner.access(id)
    done(owner.revoke(id, other.email))
    assert f"user:{other.email}" not in owner.access(id)
    assert nndm.get("datausageagreements", agreement).json()["info"]["active"] is False
