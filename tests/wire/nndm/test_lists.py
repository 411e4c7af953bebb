"""G15, section 6, R4: lists are complete, in order of creation, and paged where they are long."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor

import pytest

from tests.wire.nndm.documents import BY_PATH, KINDS, Kind, World, fresh, port, product, team
from tests.wire.nndm.door import Door, eventually, next_page, stored
from tests.wire.nndm.equality import assert_came_back
from tests.wire.raw import Answer, Doc


def among(found: list[Doc], ids: list[str]) -> list[str]:
    """Those of `ids` that a list holds, as often and in the order it holds them."""
    wanted = set(ids)
    return [entry["id"] for entry in found if entry["id"] in wanted]


def settled(door: Door, path: str, ids: list[str]) -> list[str]:
    """`ids` as the whole list has them once it has them right; lists may lag by seconds (G12)."""
    return eventually(lambda: among(walked(door, path), ids), lambda seen: seen == ids)


def walked(door: Door, path: str) -> list[Doc]:
    """All pages of a list, p after p until one is empty, as scripts do."""
    found: list[Doc] = []
    page = 0
    while batch := stored(door.call("GET", f"/api/{path}?p={page}")).json():
        assert len(batch) <= 1000
        found += batch
        page += 1
    return found


def make(door: Door, kind: Kind, world: World, ids: list[str]) -> None:
    """PUT a small document under each id, in this order."""
    for id in ids:
        stored(door.put(kind.path, id, kind.small(id, world)))


@pytest.mark.parametrize("kind", KINDS, ids=str)
def test_g15_a_list_is_an_array_in_order_of_creation(door: Door, world: World, kind: Kind) -> None:
    ids = [f"{letter}-{fresh()}" for letter in "mzabyq"]
    make(door, kind, world, ids)
    assert settled(door, kind.path, ids) == ids


@pytest.mark.parametrize("kind", KINDS, ids=str)
def test_g15_an_update_does_not_move_an_entry(door: Door, world: World, kind: Kind) -> None:
    ids = [fresh() for _ in range(4)]
    make(door, kind, world, ids)
    for id in (ids[2], ids[0]):
        stored(door.put(kind.path, id, kind.full(id, world)))
    assert settled(door, kind.path, ids) == ids


@pytest.mark.parametrize("kind", KINDS, ids=str)
def test_g15_what_is_deleted_is_gone_and_what_comes_again_is_last(door: Door, world: World, kind: Kind) -> None:
    ids = [fresh() for _ in range(3)]
    make(door, kind, world, ids)
    stored(door.delete(kind.path, ids[0]))
    assert settled(door, kind.path, ids[1:]) == ids[1:]
    make(door, kind, world, ids[:1])
    again = [*ids[1:], ids[0]]
    assert settled(door, kind.path, again) == again


@pytest.mark.parametrize("kind", KINDS, ids=str)
def test_g15_an_entry_is_the_whole_document_as_it_is_now(door: Door, world: World, kind: Kind) -> None:
    id = fresh()
    stored(door.put(kind.path, id, kind.small(id, world)))
    sent = kind.full(id, world)
    stored(door.put(kind.path, id, sent))

    def entry() -> Doc:
        return next((found for found in walked(door, kind.path) if found["id"] == id), {})

    got = eventually(entry, lambda found: "tags" in found and found["tags"] == sent["tags"])
    assert_came_back(sent, got)


def test_2_the_product_list_holds_ports(door: Door, world: World) -> None:
    id = fresh()
    stored(door.put("dataproducts", id, product(id, world, port("p1", dataContractId="c1"), port("p2"))))

    def ports() -> list[list[Doc]]:
        return [found["outputPorts"] for found in door.listed("dataproducts") if found["id"] == id]

    (got,) = eventually(ports, bool)
    assert [(entry["id"], entry.get("dataContractId")) for entry in got] == [("p1", "c1"), ("p2", None)]


@pytest.mark.parametrize("kind", KINDS, ids=str)
@pytest.mark.parametrize("query", ["?p=0", "?unknown=1", "?q=x&p=0&sort=name", "?P=-1", "?page=x&limit=5"])
def test_g15_unknown_parameters_are_ignored(door: Door, world: World, kind: Kind, query: str) -> None:
    answer = stored(door.call("GET", f"/api/{kind.path}{query}"))
    assert isinstance(answer.json(), list)


@pytest.mark.parametrize("kind", KINDS, ids=str)
@pytest.mark.parametrize("page", [50_000, 10**9, 10**30])
def test_6_a_page_after_the_last_is_empty(door: Door, kind: Kind, page: int) -> None:
    answer = stored(door.call("GET", f"/api/{kind.path}?p={page}"))
    assert answer.json() == []
    assert next_page(answer) is None


@pytest.fixture(scope="module", params=["assets", "teams"])
def crowd(request: pytest.FixtureRequest, door: Door, world: World) -> tuple[str, list[list[str]]]:
    """1,200 and more records of one kind, made by four clients at once; each client's ids in their order."""
    kind = BY_PATH[request.param]
    lots = [[fresh(f"crowd-{n}") for _ in range(300)] for n in range(4)]
    with ThreadPoolExecutor(4) as pool:
        assert list(pool.map(lambda ids: make(door, kind, world, ids), lots)) == [None] * 4
    return kind.path, lots


def test_g15_pages_together_are_the_whole_list(door: Door, crowd: tuple[str, list[list[str]]]) -> None:
    path, lots = crowd
    everyone = sorted(id for ids in lots for id in ids)
    seen = eventually(lambda: among(walked(door, path), everyone), lambda found: len(found) == 1200)
    assert sorted(seen) == everyone
    assert [among([{"id": id} for id in seen], ids) for ids in lots] == lots


def test_g15_a_full_page_leads_to_the_next_by_link(door: Door, crowd: tuple[str, list[list[str]]]) -> None:
    path, _ = crowd
    first = eventually(lambda: door.call("GET", f"/api/{path}?p=0"), lambda answer: next_page(answer) is not None)
    assert len(first.json()) <= 1000
    assert "p=1" in str(next_page(first)).partition("?")[2].split("&")
    second = stored(door.call("GET", str(next_page(first))))
    assert second.json() != []
    assert {entry["id"] for entry in first.json()}.isdisjoint(entry["id"] for entry in second.json())


def test_g15_only_the_last_page_has_no_link(door: Door, crowd: tuple[str, list[list[str]]]) -> None:
    path, lots = crowd
    everyone = [id for ids in lots for id in ids]

    def pages() -> list[Answer]:
        answers = [stored(door.call("GET", f"/api/{path}?p=0"))]
        while target := next_page(answers[-1]):
            answers.append(stored(door.call("GET", target)))
        return answers

    def found(answers: list[Answer]) -> list[str]:
        return among([entry for answer in answers for entry in answer.json()], everyone)

    answers = eventually(pages, lambda got: len(found(got)) == 1200)
    assert sorted(found(answers)) == sorted(everyone)
    assert [answer.json() == [] for answer in answers] == [False] * len(answers)


def test_6_a_list_of_assets_without_p_is_its_first_page(door: Door, crowd: tuple[str, list[list[str]]]) -> None:
    plain = stored(door.call("GET", "/api/assets"))
    first = stored(door.call("GET", "/api/assets?p=0"))
    assert [entry["id"] for entry in plain.json()[:50]] == [entry["id"] for entry in first.json()[:50]]
    assert len(plain.json()) <= 1000


def test_g15_a_list_without_p_does_not_stop_at_a_thousand(door: Door, world: World) -> None:
    lots = [[fresh() for _ in range(260)] for _ in range(4)]
    with ThreadPoolExecutor(4) as pool:
        assert list(pool.map(lambda ids: make(door, BY_PATH["sourcesystems"], world, ids), lots)) == [None] * 4
    everyone = sorted(id for ids in lots for id in ids)

    def whole() -> list[str]:
        return sorted(among(stored(door.call("GET", "/api/sourcesystems")).json(), everyone))

    assert eventually(whole, lambda seen: seen == everyone) == everyone


@pytest.fixture(scope="module")
def heavy(door: Door, world: World) -> Iterator[list[str]]:
    """Seven definitions that are more than 6 MB together."""
    ids = [fresh("heavy") for _ in range(7)]
    for id in ids:
        stored(door.put("definitions", id, BY_PATH["definitions"].small(id, world) | {"description": fresh() * 52_000}))
    yield ids
    for id in ids:
        stored(door.delete("definitions", id))


def test_r4_a_list_beyond_5_mb_is_cut_and_leads_on(door: Door, heavy: list[str]) -> None:
    first = eventually(lambda: door.call("GET", "/api/definitions"), lambda answer: next_page(answer) is not None)
    assert len(first.body) < 6_000_000
    assert next_page(first) is not None
    assert eventually(lambda: among(door.listed("definitions"), heavy), lambda seen: seen == heavy) == heavy


def test_r4_heavy_pages_are_walked_by_number_too(door: Door, heavy: list[str]) -> None:
    assert settled(door, "definitions", heavy) == heavy


def test_g15_lists_are_the_same_for_every_reader(door: Door) -> None:
    id = fresh()
    stored(door.put("teams", id, team(id)))
    one = eventually(lambda: among(door.listed("teams"), [id]), bool)
    assert one == [id]
    assert among(door.listed("teams", "?p=0"), [id]) == [id]
