"""A user's desk for every test, and the marketplace seen directly."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.clients.programs import Desk
from tests.clients.relay import Relay
from tests.running import Running, start_souk
from tests.wire.nndm.documents import World, fresh, port, product, team
from tests.wire.nndm.door import Door, stored


@pytest.fixture(scope="module")
def souk(tmp_path_factory: pytest.TempPathFactory, engine: str) -> Iterator[Running]:
    """A local run of these tests alone: a typed client that lists all of a kind reads what others stored, too."""
    running = start_souk(tmp_path_factory.mktemp("souk") / "state", engine)
    yield running
    running.stop()


@pytest.fixture
def desk(souk: Any, tmp_path: Path) -> Iterator[Desk]:
    """An empty folder, and a relay to Souk that remembers what passes."""
    relay = Relay(souk.url)
    yield Desk(tmp_path, relay, souk.env["SOUK_API_KEY"])
    relay.close()


@pytest.fixture(scope="module")
def door(souk: Any) -> Door:
    """The marketplace itself, to prepare it and to look at what is stored."""
    return Door(souk.url, souk.env["SOUK_API_KEY"])


@pytest.fixture(scope="module")
def world(door: Door) -> World:
    """Two teams, and a product of each."""
    world = World(fresh("team"), fresh("consumers"), fresh("provider"), fresh("consumer"))
    for id in (world.team, world.consumer_team):
        stored(door.put("teams", id, team(id)))
    for id in (world.provider, world.consumer):
        stored(door.put("dataproducts", id, product(id, world, port("out"))))
    return world
