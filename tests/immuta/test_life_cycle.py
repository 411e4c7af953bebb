"""From a request to its end (contract section 5, state machine)."""

from __future__ import annotations

from tests.immuta.conftest import World


def test_a_request_is_reviewed_approved_and_revoked(world: World) -> None:
    product = world.product(dataSources=[{"sourceId": "orders"}])
    request = world.request(product, form={"why": "A report"})
    assert request["status"] == "PENDING"
    assert [record["status"] for record in world.records(request)] == ["PENDING"]
    assert world.determine(request, reason="fine", duration=2, durationUnit="DAYS")["status"] == "APPROVED"
    approved = world.shown(request)
    assert approved["status"] == "APPROVED"
    assert approved["expiration"] > approved["createdAt"]
    members = world.reader.get(f"/api/data-product/{product['id']}/members")
    assert members["data"] == [approved]
    world.manager.ok("DELETE", f"/api/data-product/{product['id']}/request/{request['id']}", status=204)
    assert world.shown(request)["status"] == "REVOKED"


def test_an_open_form_approves_by_itself(world: World) -> None:
    product = world.product(requestFormId=world.open_form)
    assert world.request(product)["status"] == "APPROVED"
    assert world.reader.get(f"/api/data-product/{product['id']}")["status"] == "APPROVED"
