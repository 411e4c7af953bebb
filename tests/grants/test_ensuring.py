"""The ensurer: what lacks is granted again and logged, and the product is said to be verified."""

from __future__ import annotations

from functools import partial

import pytest

from reactions import ensure_access as reaction
from souk.access import queries, self_service
from souk.access.ensuring import Ensured, ensure_access
from souk.access.model import Subject
from souk.errors import Invalid
from souk.work import Work
from tests.access.acting import end
from tests.access.world import ALICE, World
from tests.grants.system import System, applied, notices, state

FREE = "free/table"


def granted(world: World, name: str, product: str = "free") -> str:
    subject: Subject = {"user": f"{name}@nav.no"}
    give = partial(self_service.grant, product=product, subject=subject, until=None, by=ALICE, dialect="test")
    return world.run(give, ALICE).id


def ensure(world: World, seconds: float = 60) -> Ensured:
    return ensure_access(world.store, lambda product, error: pytest.fail(f"{product}: {error}"), seconds=seconds)


def log(world: World, product: str = "free") -> list[tuple[str, str, str]]:
    found = queries.access_log(Work(world.store), product)
    return [(entry.author, entry.action, entry.subject) for entry in found]


def test_verified_product_is_said_to_be(world: World) -> None:
    granted(world, "bob")
    world.time.forward(minutes=6)
    assert ensure(world) == (1, 0, 0, False)
    assert log(world) == [("", "verify", ""), ("alice@nav.no", "grant", "bob@nav.no")]


def actions(world: World, product: str = "free") -> list[str]:
    return [action for _, action, _ in log(world, product)]


def test_it_is_said_at_every_run_and_forgotten_after_a_day(world: World) -> None:
    granted(world, "bob")
    for _ in range(3):
        world.time.forward(minutes=5)
        ensure(world)
    assert actions(world) == ["verify", "verify", "verify", "grant"]
    world.time.forward(hours=23, minutes=55, seconds=1)
    assert actions(world) == ["verify", "grant"]
    world.time.forward(minutes=10)
    assert actions(world) == ["grant"]


@pytest.mark.parametrize(("minutes", "expected"), [("5", 6), ("15", 2), ("30", 1), ("0", 0)])
def test_setting_thins_out_what_is_said(
    world: World, monkeypatch: pytest.MonkeyPatch, minutes: str, expected: int
) -> None:
    monkeypatch.setenv("SOUK_VERIFY_MINUTES", minutes)
    for _ in range(6):
        ensure(world)
        world.time.forward(minutes=5)
    assert actions(world) == ["verify"] * expected


def test_many_products_are_said_to_be_verified_a_part_at_each_run(world: World) -> None:
    names = [f"p{number:03d}" for number in range(100)]
    for name in names:
        world.product(name, ports=[{"id": "t", "name": "T"}], self_service=True)
    assert [ensure(world, seconds=-1).left for _ in range(3)] == [True, True, False]
    assert {tuple(actions(world, name)) for name in [*names, "free"]} == {("verify",)}
    world.time.forward(minutes=5)
    ensure(world)
    assert actions(world, "p000") == ["verify", "verify"]


def test_what_is_new_is_let_settle(world: World, system: System) -> None:
    granted(world, "bob")
    world.time.forward(minutes=4)
    ensure(world)
    assert (system.calls, actions(world)) == ([], ["verify", "grant"])


def test_nothing_is_said_of_products_that_are_not_self_service_or_have_no_port(world: World, system: System) -> None:
    world.product("bare", self_service=True)
    applied(world, world.ask(port="open"))
    world.time.forward(minutes=6)
    assert ensure(world).products == 1
    assert log(world, "orders") == [("key-1", "grant", "alice@nav.no")]
    assert (log(world, "bare"), actions(world)) == ([], ["verify"])


def test_missing_permission_is_granted_again_and_logged_as_the_jobs(world: World, system: System) -> None:
    access = granted(world, "bob")
    applied(world, access)
    world.time.forward(minutes=6)
    system.held.clear()
    assert ensure(world).repaired == 1
    assert system.held == {("user:bob@nav.no", FREE)}
    assert state(world, access) == "granted"
    assert sorted(log(world)[:2]) == [("", "grant", "bob@nav.no"), ("", "verify", "")]
    assert [told["id"] for told in notices(world, "grant.drifted")] == [access]


def test_access_whose_event_was_lost_is_granted(world: World, system: System) -> None:
    access = granted(world, "bob")
    world.time.forward(minutes=6)
    assert ensure(world).repaired == 1
    assert state(world, access) == "granted"
    assert ensure(world).repaired == 0


def test_what_stands_is_left_alone(world: World, system: System) -> None:
    applied(world, granted(world, "bob"), granted(world, "eve"))
    world.time.forward(minutes=6)
    calls = list(system.calls)
    assert ensure(world) == (1, 0, 0, False)
    assert system.calls == calls


def test_ended_access_is_not_looked_at(world: World, system: System) -> None:
    access = granted(world, "bob")
    applied(world, access)
    end(world, access)
    world.time.forward(minutes=6)
    assert ensure(world).products == 0
    assert state(world, access) == "granted"
    applied(world, access)
    assert system.held == set()


def test_run_that_ends_early_is_taken_up_where_it_was(world: World, system: System) -> None:
    names = [f"p{number}" for number in range(5)]
    for name in names:
        world.product(name, ports=[{"id": "t", "name": "T"}], self_service=True)
        granted(world, "bob", name)
    world.time.forward(minutes=6)
    runs = [ensure(world, seconds=0) for _ in names]
    assert [(run.products, run.left) for run in runs] == [(1, True)] * 4 + [(1, False)]
    assert {what for _, what in system.held} == {f"{name}/t" for name in names}
    assert ensure(world).products == 5


def test_product_with_many_accesses_is_done_in_parts(world: World, system: System) -> None:
    for number in range(450):
        granted(world, f"u{number}")
    world.time.forward(minutes=6)
    runs = [ensure(world, seconds=0) for _ in range(3)]
    assert [run.repaired for run in runs] == [200, 200, 50]
    assert len(system.held) == 450


def test_product_that_cannot_be_verified_does_not_hold_up_the_rest(
    world: World, system: System, monkeypatch: pytest.MonkeyPatch
) -> None:
    world.product("a-bad-one", ports=[{"id": "t", "name": "T"}], self_service=True)
    granted(world, "bob", "a-bad-one")
    granted(world, "bob")
    world.time.forward(minutes=6)
    plan = system.plan

    def fail(wish: object) -> list[dict[str, str]]:
        assert getattr(wish, "product", "") != "a-bad-one"
        return plan(wish)  # type: ignore[arg-type]

    monkeypatch.setattr(system, "plan", fail)
    assert reaction.handler({}) == {"products": 2, "repaired": 1, "failed": 1, "left": 0}
    assert system.held == {("user:bob@nav.no", FREE)}
    assert ("verify" in actions(world, "a-bad-one"), "verify" in actions(world)) == (False, True)


def test_what_failed_is_left_to_its_own_time(world: World, system: System) -> None:
    access = granted(world, "bob")
    system.refuse = [Invalid("no such table")]
    applied(world, access)
    world.time.forward(minutes=6)
    assert ensure(world).repaired == 0
    assert len(notices(world, "grant.failed")) == 1
