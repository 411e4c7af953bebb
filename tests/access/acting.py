"""Single acts on an access, for tests that string them together."""

from __future__ import annotations

from souk.access import changes, decisions, lifecycle
from souk.identity.principal import Principal
from tests.access.world import KEY, World


def approve(world: World, access_id: str, by: Principal = KEY) -> None:
    world.run(lambda work: decisions.approve(work, access_id, by), by)


def reject(world: World, access_id: str, by: Principal = KEY) -> None:
    world.run(lambda work: decisions.reject(work, access_id, by), by)


def end(world: World, access_id: str, by: Principal = KEY) -> bool:
    return world.run(lambda work: changes.end(work, access_id, by), by)


def active(world: World, access_id: str) -> bool:
    return lifecycle.is_active(world.card(access_id), world.time.now())


def cancel(world: World, access_id: str) -> None:
    world.run(lambda work: changes.cancel(work, access_id, KEY))


def approve_and_end(world: World, access_id: str) -> None:
    approve(world, access_id)
    end(world, access_id)
