"""Self-service grants, the map of who has access, and exceptions from masking."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest

from souk import clock
from souk.access import decisions, queries, self_service
from souk.access.model import Column
from souk.errors import Conflict, Invalid, NotAllowed, NotFound
from souk.identity.principal import Principal
from souk.work import Work
from tests.access.acting import active, approve
from tests.access.world import ALICE, BOB, KEY, MANAGER, OWNER, World


def test_a_self_service_grant_is_one_access_whose_end_is_replaced(world: World) -> None:
    until = world.time.now() + timedelta(days=3)
    grant = self_service.grant

    def again(end: datetime | None) -> str:
        return world.run(lambda work: grant(work, "free", {"user": "bob@nav.no"}, end, ALICE, "test"), ALICE).id

    first = again(None)
    assert first == again(until) == again(until)
    assert queries.active_map(Work(world.store), "free") == {"user:bob@nav.no": clock.text(until)}
    log = list(queries.access_log(Work(world.store), "free"))
    assert [(e.action, e.subject, e.author, e.end) for e in log] == [
        ("grant", "bob@nav.no", "alice@nav.no", clock.text(until)),
        ("grant", "bob@nav.no", "alice@nav.no", clock.text(until)),
        ("grant", "bob@nav.no", "alice@nav.no", None),
    ]
    world.time.forward(days=4)
    assert queries.active_map(Work(world.store), "free") == {}
    renewed = again(None)
    assert renewed != first
    assert world.run(lambda work: self_service.withdraw(work, "free", {"user": "bob@nav.no"}, BOB)) == 1
    with pytest.raises(Conflict):
        world.run(lambda work: self_service.withdraw(work, "free", {"user": "bob@nav.no"}, OWNER))


def test_guard_a_elsewhere_only_the_products_side_grants(world: World) -> None:
    def grant(by: Principal) -> str:
        command = self_service.grant
        return world.run(lambda work: command(work, "orders", {"user": "x@nav.no"}, None, by, "test"), by).id

    with pytest.raises(NotAllowed):
        grant(ALICE)
    assert grant(OWNER) == grant(MANAGER) == grant(KEY)


def test_withdrawing_ends_every_active_access_of_the_subject(world: World) -> None:
    world.ask(product="free", port="table")
    approve(world, "access-1")
    world.run(lambda work: self_service.grant(work, "free", {"user": "alice@nav.no"}, None, ALICE, "test"))
    world.ask(product="free", port="table")
    with pytest.raises(NotAllowed):
        world.run(lambda work: self_service.withdraw(work, "free", {"user": "alice@nav.no"}, BOB))
    assert world.run(lambda work: self_service.withdraw(work, "free", {"user": "alice@nav.no"}, ALICE)) == 2
    assert queries.active_map(Work(world.store), "free") == {}
    assert queries.counts(Work(world.store), "free") == {"revoked": 2, "requested": 1}


def test_the_active_map_shows_the_latest_end_and_very_long_subjects(world: World) -> None:
    long = "x" * 5000
    ends = [clock.text(world.time.now() + timedelta(days=days)) for days in (2, 9, 4)]
    for number, end_text in enumerate(ends):
        world.put(f"a{number}", port="open", end=end_text)
    world.put("long", port="open", subject={"user": long})
    found = queries.active_map(Work(world.store), "orders")
    assert found == {"user:alice@nav.no": ends[1], f"user:{long}": None}
    assert next(len(entry.subject) for entry in queries.access_log(Work(world.store), "orders")) == 500


def test_masking_exceptions_keep_to_themselves(world: World) -> None:
    from souk.access.requests import Asked, request_masking_exception

    asked = Asked({"user": "alice@nav.no"}, {"product": "orders"}, "test", start_on_approval=True)
    columns: list[Column] = [{"source": "s1", "column": "name"}]
    with pytest.raises(Invalid):
        world.run(lambda work: request_masking_exception(work, asked, [], ALICE))
    made = world.run(lambda work: request_masking_exception(work, asked, columns, ALICE), ALICE)
    with pytest.raises(NotFound):
        approve(world, made.id)
    world.run(lambda work: decisions.approve(work, made.id, OWNER, only="masking_exception"))
    assert active(world, made.id)
    assert world.card(made.id)["object"]["columns"] == columns
    assert world.events() == []
    assert queries.active_map(Work(world.store), "orders") == {}
    assert "access.activated" in world.notices()
    assert Work(world.store).store.count("access") == 0
    world.request()
