"""One client, one feed reader, and the few records that other documents refer to."""

from __future__ import annotations

import os
from typing import Any

import pytest

from tests.wire.nndm.documents import World, fresh, port, product, team
from tests.wire.nndm.door import Door, stored
from tests.wire.nndm.feed import Feed

collect_ignore = [] if os.environ.get("SOUK_EXAMPLES") else ["test_examples.py"]


@pytest.fixture(scope="session")
def door(souk: Any) -> Door:
    """The NNDM door of a running Souk, with a key."""
    return Door(souk.url, souk.env["SOUK_API_KEY"])


@pytest.fixture(scope="session")
def feed(door: Door) -> Feed:
    """A reader of the feed, from its first event on."""
    return Feed(door)


@pytest.fixture(scope="session")
def world(door: Door) -> World:
    """A provider's team and product with a port that asks for approval; a consumer's team and product."""
    world = World(fresh("team"), fresh("consumers"), fresh("provider"), fresh("consumer"))
    for id in (world.team, world.consumer_team):
        stored(door.put("teams", id, team(id)))
    stored(door.put("dataproducts", world.provider, product(world.provider, world, port("out"), port("second"))))
    consumer = product(world.consumer, world)
    consumer["info"]["owner"] = world.consumer_team
    stored(door.put("dataproducts", world.consumer, consumer))
    return world
