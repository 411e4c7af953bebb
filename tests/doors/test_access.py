"""One access, four doors: whoever asks, decides, grants or ends, all see the same record."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from souk.ids import as_uuid, key_as_cuid, record_key
from tests.doors.accesses import FOR_EVER, World, once, seen_everywhere, soon
from tests.doors.callers import fresh

BEGUN = ("Created", "Requested", "Updated", "Approved", "Activated")
SELF_SERVICE = ("Created", "Requested", "Approved", "Activated")
ENDED = ("Updated", "Canceled", "Deactivated")


def test_asked_in_one_door_approved_in_the_next_and_ended_by_the_owner_in_a_third(world: World) -> None:
    product = world.restricted()
    request = world.request(product)
    assert request["status"] == "PENDING"
    (agreement,) = world.agreements(product)
    exact = agreement["id"]
    assert request["id"] == key_as_cuid(record_key("access", exact))
    assert agreement["consumer"] == {"userId": world.reader}
    assert agreement["provider"] == {"teamId": "roasting", "dataProductId": product, "outputPortId": "out"}
    assert seen_everywhere(world, exact, product) == ("requested", False, "PENDING", {})
    assert world.act(world.key, exact, "approve").status == 200
    access = {f"user:{world.reader}": FOR_EVER}
    assert seen_everywhere(world, exact, product) == ("approved", True, "APPROVED", access)
    world.tells(exact, *BEGUN)
    assert world.withdraw(world.owner, product, world.reader).status == 204
    assert seen_everywhere(world, exact, product) == ("approved", False, "REVOKED", {})
    world.tells(exact, *BEGUN, *ENDED)
    assert [entry["action"] for entry in world.log(product)] == ["delete", "grant"]
    assert world.log(product)[0]["author"] == world.env["SOUK_OWNER_EMAIL"]


def test_asked_by_an_agreement_and_determined_by_an_approval_record(world: World) -> None:
    product, exact = world.restricted(), fresh("agreement")
    today = datetime.now(UTC).date().isoformat()
    document = {
        "id": exact,
        "info": {"purpose": "Forecast", "startDate": today},
        "provider": {"dataProductId": product, "outputPortId": "out"},
        "consumer": {"userId": world.reader},
    }
    assert world.put_agreement(world.key, exact, document).status == 200
    (request,) = world.requests(product)
    assert (request["user"]["email"], request["status"]) == (world.reader, "PENDING")
    answer = world.determine(world.manager, request, "APPROVED", duration=2, durationUnit="WEEKS", reason="why not")
    assert answer.status == 200
    status, active, shown, access = seen_everywhere(world, exact, product)
    assert (status, active, shown) == ("approved", True, "APPROVED")
    expiration = world.request_of(exact)["expiration"]
    assert access[f"user:{world.reader}"][:19] == expiration[:19]
    world.tells(exact, *BEGUN)
    revoked = world.manager.call("DELETE", f"{world.request_place(product)}/{request['id']}")
    assert revoked.status == 204
    assert seen_everywhere(world, exact, product) == ("approved", False, "REVOKED", {})
    assert world.agreement(exact)["info"]["endDate"] == datetime.now(UTC).date().isoformat()


def test_a_rejection_in_one_door_is_a_denial_in_the_other(world: World) -> None:
    product = world.restricted()
    request = world.request(product)
    exact = world.agreements(product)[0]["id"]
    assert world.determine(world.manager, request, "DENIED", reason="too much").status == 200
    assert seen_everywhere(world, exact, product) == ("rejected", False, "DENIED", {})
    assert world.act(world.key, exact, "approve").status == 422
    world.tells(exact, "Created", "Requested", "Updated", "Rejected")


def test_a_grant_is_an_approved_agreement_and_a_request_of_its_own(world: World) -> None:
    product = world.self_service()
    assert world.grant(world.other, product, world.reader).status == 204
    (agreement,) = world.agreements(product)
    exact = agreement["id"]
    assert agreement["info"]["active"] is True
    assert seen_everywhere(world, exact, product)[2:] == ("APPROVED", {f"user:{world.reader}": FOR_EVER})
    world.tells(exact, *SELF_SERVICE)
    assert world.act(world.key, exact, "cancel").status == 200
    assert seen_everywhere(world, exact, product) == ("approved", False, "REVOKED", {})
    world.tells(exact, *SELF_SERVICE, *ENDED)


def test_a_grant_with_an_end_expires_everywhere_at_the_same_second(world: World) -> None:
    product, end = world.self_service(), soon(2)
    assert world.grant(world.other, product, world.reader, end).status == 204
    exact = world.agreements(product)[0]["id"]
    shown = end.isoformat().replace("+00:00", "Z")
    assert seen_everywhere(world, exact, product) == ("approved", True, "APPROVED", {f"user:{world.reader}": shown})
    assert world.request_of(exact)["expiration"] == shown.replace("Z", ".000Z")
    once(lambda: not world.access_map(product))
    assert datetime.now(UTC) >= end
    assert seen_everywhere(world, exact, product) == ("approved", False, "EXPIRED", {})
    assert world.withdraw(world.owner, product, world.reader).status == 400
    # Whichever command comes first tells what the calendar brought: at the instant that was due.
    assert world.act(world.key, exact, "approve").status == 200
    world.tells(exact, *SELF_SERVICE, "Deactivated")
    assert world.events(exact)[-1]["data"]["timestamp"][:19] == shown[:19]


def test_a_masking_exception_shows_only_where_it_can(world: World) -> None:
    source, _, column = world.env["SOUK_COLUMN"].partition(":")
    body = {
        "name": fresh("Masked"),
        "domains": [world.env["SOUK_DOMAIN_ID"]],
        "requestFormId": world.env["SOUK_FORM_ID"],
        "metadata": None,
        "dataSources": [{"sourceId": source}],
    }
    product = world.manager.done(201, "POST", "/api/data-product", body)["id"]
    request = world.request(product, columns=[{"sourceId": source, "columnName": column}])
    assert world.determine(world.manager, request, "APPROVED").status == 200
    (known,) = world.requests(product)
    assert (known["id"], known["type"], known["status"]) == (request["id"], "MASKING_EXCEPTION", "APPROVED")
    assert world.agreements(product) == []
    assert world.access_map(product) == {}
    assert world.log(product) == []
    data = world.request(product)
    assert world.act(world.key, world.agreements(product)[0]["id"], "approve").status == 200
    once(lambda: len(world.told(world.agreements(product)[0]["id"])) == len(BEGUN))
    told = [event["data"]["id"] for event in world.feed() if "DataUsageAgreement" in event["type"]]
    assert request["id"] not in {key_as_cuid(record_key("access", exact)) for exact in told}
    assert data["id"] in {key_as_cuid(record_key("access", exact)) for exact in told}


@pytest.mark.parametrize("ender", ["nndm", "immuta", "nav"])
def test_a_deletion_ends_accesses_where_it_does_not_refuse(world: World, ender: str) -> None:
    product = world.restricted()
    world.request(product)
    exact = world.agreements(product)[0]["id"]
    assert world.act(world.key, exact, "approve").status == 200
    status, ended = DELETIONS[ender]
    answer = world.manager.call("DELETE", PLACES[ender].format(uuid=as_uuid("product", product), id=product))
    assert answer.status == status
    assert world.agreement(exact)["info"]["active"] is not ended
    assert (world.request_of(exact)["status"] == "REVOKED") is ended


PLACES = {
    "nndm": "/api/dataproducts/{id}",
    "immuta": "/api/data-product/{uuid}",
    "nav": "/api/v1/dataproducts/{id}",
}
DELETIONS = {"nndm": (422, False), "immuta": (200, True), "nav": (204, True)}
