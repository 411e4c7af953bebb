"""Who may do what (contract section 8)."""

from __future__ import annotations

import pytest

from souk.identity import keys
from souk.products.saving import save_card
from souk.work import Work, run
from tests.immuta.conftest import DOMAIN, ELSEWHERE, World
from tests.immuta.driver import Client


@pytest.mark.parametrize(("who", "status"), [("manager", 201), ("keeper", 201), ("key", 201), ("reader", 403)])
def test_who_creates(world: World, who: str, status: int) -> None:
    assert getattr(world, who).call("POST", "/api/data-product", world.body()).status == status


@pytest.mark.parametrize(("who", "allowed"), [("manager", True), ("keeper", True), ("key", True), ("reader", False)])
def test_who_changes_and_deletes(world: World, who: str, allowed: bool) -> None:
    product, caller = world.product(), getattr(world, who)
    path = f"/api/data-product/{product['id']}"
    status = {True: 200, False: 403}[allowed]
    assert caller.call("PUT", path, {"description": "x"}).status == status
    assert caller.call("PUT", f"{path}/datasources", {"dataSources": []}).status == status
    assert caller.call("DELETE", path).status == status


def test_a_domain_is_managed_by_its_own_managers(world: World) -> None:
    assert world.keeper.refused("POST", "/api/data-product", world.body(domains=[DOMAIN, ELSEWHERE])) == 403
    product = world.product(domains=[ELSEWHERE])
    assert world.keeper.refused("PUT", f"/api/data-product/{product['id']}", {"description": "x"}) == 403
    own = world.product()
    assert world.keeper.refused("PUT", f"/api/data-product/{own['id']}", {"domains": [DOMAIN, ELSEWHERE]}) == 403
    request = world.request(product)
    record = world.records(request)[0]
    assert world.keeper.refused("PUT", f"/api/approval-record/{record['id']}", {"status": "APPROVED"}) == 403


def test_a_steward_alters_and_decides_but_does_not_delete(world: World) -> None:
    product = world.product()

    def own(work: Work) -> None:
        card = {**work.get("product", product["id"]).body["card"], "owner": "office"}
        team = {"card": {"name": "office", "members": [{"email": "other@nav.no"}]}}
        work.save("team", "office", team, lists=["team/by-member/other@nav.no"])
        save_card(work, product["id"], card, "elsewhere")  # type: ignore[arg-type]

    run(world.store, own)
    path = f"/api/data-product/{product['id']}"
    assert world.other.ok("PUT", path, {"description": "altered"})["description"] == "altered"
    request = world.request(product)
    record = world.records(request)[0]
    world.other.ok("PUT", f"/api/approval-record/{record['id']}", {"status": "APPROVED"})
    world.other.ok("DELETE", f"{path}/request/{request['id']}", status=204)
    assert world.other.refused("DELETE", path) == 403


def test_who_cancels(world: World) -> None:
    product = world.product()
    request = world.request(product)
    assert world.other.refused("DELETE", f"/api/access-request/{request['id']}") == 403
    world.reader.ok("DELETE", f"/api/access-request/{request['id']}", status=204)
    asked = world.request(product, by=world.reader, user="other")
    world.other.ok("DELETE", f"/api/access-request/{asked['id']}", status=204)
    assert world.other.refused("DELETE", f"/api/access-request/{asked['id']}") == 409


def test_a_key_decides_under_a_policy_only_with_the_scope(world: World) -> None:
    secret = run(world.store, lambda work: keys.create(work, "limited", scopes=["read", "write"])).secret
    limited = Client(secret)
    request = world.request(world.product())
    record = world.records(request)[0]
    path, body = f"/api/approval-record/{record['id']}", {"status": "APPROVED"}
    assert limited.refused("PUT", path, body) == 403
    assert world.key.ok("PUT", path, body)["status"] == "APPROVED"


def test_separation_of_duties_is_a_switch(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    product = world.product()
    monkeypatch.setenv("SOUK_SEPARATION_OF_DUTIES", "true")
    own = world.request(product, by=world.manager, user="manager")
    record = world.records(own)[0]
    assert world.manager.refused("PUT", f"/api/approval-record/{record['id']}", {"status": "APPROVED"}) == 403
    world.keeper.ok("PUT", f"/api/approval-record/{record['id']}", {"status": "APPROVED"})
