"""Every ordered pair of doors: what one made, the other lists, reads, finds, changes and ends."""

from __future__ import annotations

from itertools import permutations

import pytest

from tests.doors.callers import fresh
from tests.doors.conftest import Doors
from tests.doors.products import Door, Seen
from tests.running import eventually

NAMES = ("nndm", "dpx", "immuta", "nav")
PAIRS = list(permutations(NAMES, 2))
pairs = pytest.mark.parametrize(("maker", "other"), PAIRS, ids=[f"{a}-{b}" for a, b in PAIRS])


def expected(door: Door, held: Seen) -> Seen:
    """What a door shows of what a product holds, as far as it has words for it."""
    return {name: door.stand_ins.get(name) if value is None else value for name, value in held.items()}


def sees(door: Door, exact: str, held: Seen) -> bool:
    document = door.document(door.shown_id(exact))
    assert document is not None
    shown = door.seen(document)
    assert shown == {name: value for name, value in expected(door, held).items() if name in shown}
    return True


@pairs
def test_what_one_door_made_the_other_lists_reads_and_finds(doors: Doors, maker: str, other: str) -> None:
    exact, held = doors[maker].make()
    door = doors[other]
    shown = door.shown_id(exact)
    assert door.ids().count(shown) == 1
    assert door.found(held["title"]) == [shown]
    assert sees(door, exact, held)


@pairs
def test_a_change_through_one_door_shows_in_all_and_touches_nothing_else(doors: Doors, maker: str, other: str) -> None:
    exact, held = doors[maker].make()
    before = {name: door.document(door.shown_id(exact)) for name, door in doors.items()}
    changed = held | {"title": fresh("Renamed"), "description": "Said anew"}
    doors[other].change(doors[other].shown_id(exact), changed["title"], changed["description"])
    for name, door in doors.items():
        assert sees(door, exact, changed)
        standing, after = before[name], door.document(door.shown_id(exact))
        assert standing is not None
        assert after is not None
        assert door.plain(after) == door.plain(standing)


@pairs
def test_other_owners_domains_tags_and_ports_show_in_all(doors: Doors, maker: str, other: str) -> None:
    exact, held = doors[maker].make()
    changed = doors[other].rework(doors[other].shown_id(exact), held)
    assert changed != held
    assert all(sees(door, exact, changed) for door in doors.values())


@pairs
def test_what_one_door_ends_is_ended_in_all(doors: Doors, maker: str, other: str) -> None:
    exact, _ = doors[maker].make()
    doors[other].end(doors[other].shown_id(exact))
    gone = {name: door.document(door.shown_id(exact)) is None for name, door in doors.items()}
    listed = {name: door.shown_id(exact) in door.ids() for name, door in doors.items()}
    assert (gone, listed) == ENDED[other == "dpx"]


_ALL, _NONE = dict.fromkeys(NAMES, True), dict.fromkeys(NAMES, False)
# DPX has no delete: it retires. Then the product stays, NAV alone does not list it, and DPX has no available release.
_RETIRED = ({**_NONE, "dpx": True}, {**_ALL, "nav": False})
ENDED = {True: _RETIRED, False: (_ALL, _NONE)}


@pytest.mark.parametrize("maker", NAMES)
def test_the_search_of_releases_finds_what_every_door_made(doors: Doors, maker: str) -> None:
    exact, held = doors[maker].make()
    hub = doors["dpx"]
    available = {"term": {"entity.data_product_version.state": "available"}}
    wanted = {"gs_user_query": {"search_string": held["title"], "nlq_analyzer_enabled": False}}
    body = {"query": {"bool": {"must": [wanted], "filter": [available]}}, "size": 20}

    def found() -> bool:
        rows = hub.caller.done(200, "POST", "/v3/search?auth_scope=ibm_data_product_catalog", body)["rows"]
        products = [row["entity"]["data_product_version"]["product_id"] for row in rows]
        return hub.shown_id(exact) in [product.partition("@")[0] for product in products]

    eventually(found)
