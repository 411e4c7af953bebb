"""What several accesses give at once: it is granted once, and taken back when the last of them is over."""

from __future__ import annotations

from functools import partial

from tests.access.acting import end
from tests.access.world import World
from tests.grants.system import ALICE, System, applied, opened, state
from tests.threads import at_once


def test_what_two_accesses_give_stays_until_both_are_over(world: World, system: System) -> None:
    first, second = opened(world), opened(world)
    applied(world, first, second)
    end(world, first)
    applied(world, first)
    assert system.held == {(ALICE, "orders/open")}
    end(world, second)
    applied(world, second)
    assert system.held == set()


def test_what_two_accesses_give_is_taken_when_both_end_at_once(world: World, system: System) -> None:
    for _ in range(8):
        both = [opened(world), opened(world)]
        applied(world, *both)
        assert system.held
        for access in both:
            end(world, access)
        at_once(*[partial(applied, world, access) for access in both])
        assert system.held == set()


def test_access_that_comes_while_another_is_taken_keeps_what_they_share(world: World, system: System) -> None:
    first = opened(world)
    applied(world, first)
    end(world, first)
    made: list[str] = []

    def come() -> None:
        system.before_revoke = lambda: None
        made.append(opened(world))
        applied(world, made[0])

    system.before_revoke = come
    applied(world, first)
    assert system.held == {(ALICE, "orders/open")}
    assert state(world, made[0]) == "granted"
