"""G18, 7.3 and the rules of section 5 and 4 under races."""

from __future__ import annotations

import threading
from collections.abc import Callable
from functools import partial

import pytest

from tests.threads import at_once
from tests.wire.nndm.documents import (
    KINDS,
    Kind,
    World,
    agreement,
    asset,
    changed,
    contract,
    cost,
    day,
    fresh,
    port,
    product,
    team,
)
from tests.wire.nndm.door import Door, encoded, refused, stored
from tests.wire.nndm.equality import as_sent, same
from tests.wire.nndm.feed import Feed, known, short
from tests.wire.raw import Answer, Doc

ROUNDS = range(12)
AGREEMENTS = "datausageagreements"


def count(names: list[str], word: str) -> int:
    """How often an event of this name occurs."""
    return names.count(word)


@pytest.mark.parametrize("kind", KINDS, ids=str)
def test_g18_two_creations_are_one_and_an_update(door: Door, feed: Feed, world: World, kind: Kind) -> None:
    ids = [fresh() for _ in ROUNDS]
    for id in ids:
        bodies = [kind.full(id, world) | {"mark": n, "tags": [f"{n}"] * 3} for n in range(4)]
        answers = at_once(*(partial(door.put, kind.path, id, body) for body in bodies))
        assert [answer.status for answer in answers] == [200] * 4
        got = door.get(kind.path, id).json()
        assert [same(as_sent(body, got), body) for body in bodies].count(True) == 1
    feed.settle()
    seen = [[short(event) for event in feed.of(id)] for id in ids]
    emits = kind.path != "assets"
    assert [(count(names, f"{kind.event}Created"), count(names, f"{kind.event}Updated")) for names in seen] == [
        (emits, 3 * emits)
    ] * len(ids)
    assert {names[0] for names in seen if names} <= {f"{kind.event}Created", "OutputPortCreated"}


def test_g18_ports_follow_from_the_writes_in_their_order(door: Door, feed: Feed, world: World) -> None:
    ids = [fresh() for _ in ROUNDS]
    for id in ids:
        bodies = [product(id, world, *(port(name) for name in names)) for names in ("ab", "bc", "cd", "a", "")]
        at_once(*(partial(door.put, "dataproducts", id, body) for body in bodies))
    feed.settle()
    for id in ids:
        alive: set[str] = set()
        for event in feed.of(id):
            name = event["data"].get("outputPortId", "")
            assert (name in alive) == (short(event) in {"OutputPortUpdated", "OutputPortDeleted"})
            alive = replayed(alive, short(event), name)
        assert alive == {held["id"] for held in door.get("dataproducts", id).json().get("outputPorts", [])}


def replayed(alive: set[str], event: str, name: str) -> set[str]:
    """The ports after an event."""
    return {"OutputPortCreated": alive | {name}, "OutputPortDeleted": alive - {name}}.get(event, alive)


def test_g18_a_deletion_takes_effect_once(door: Door, feed: Feed, world: World) -> None:
    ids = [fresh() for _ in ROUNDS]
    for id in ids:
        stored(door.put("teams", id, team(id)))
        answers = at_once(*[partial(door.delete, "teams", id)] * 4)
        assert sorted(answer.status for answer in answers) == [200, 404, 404, 404]
    feed.settle()
    assert [[short(event) for event in feed.of(id)] for id in ids] == [["TeamCreated", "TeamDeleted"]] * len(ids)


def asked(door: Door, world: World, *actions: str) -> str:
    """A new agreement that begins today, after these actions."""
    id = fresh("agreement")
    stored(door.put(AGREEMENTS, id, changed(agreement(id, world), "info.startDate", day(0))))
    for action in actions:
        stored(door.act(id, action))
    return id


@pytest.mark.parametrize(
    ("action", "before", "once"),
    [
        ("approve", [], ["Approved", "Activated"]),
        ("reject", [], ["Rejected"]),
        ("cancel", ["approve"], ["Canceled", "Deactivated"]),
    ],
)
def test_g18_an_action_sent_at_once_takes_effect_once(
    door: Door, feed: Feed, world: World, action: str, before: list[str], once: list[str]
) -> None:
    ids = [asked(door, world, *before) for _ in ROUNDS]
    answers = [at_once(*[partial(door.act, id, action)] * 6) for id in ids]
    feed.settle()
    assert {answer.status for some in answers for answer in some} <= ({200} if action != "cancel" else {200, 422})
    assert [200 in {answer.status for answer in some} for some in answers] == [True] * len(ids)
    seen = [[short(event).removeprefix("DataUsageAgreement") for event in feed.of(id)] for id in ids]
    first = ["Created", "Requested"] + ["Updated", "Approved", "Activated"] * len(before)
    assert seen == [[*first, "Updated", *once]] * len(ids)


def test_g18_approval_and_rejection_exclude_each_other(door: Door, feed: Feed, world: World) -> None:
    ids = [asked(door, world) for _ in ROUNDS]
    outcomes = []
    for id in ids:
        approved, rejected = at_once(partial(door.act, id, "approve"), partial(door.act, id, "reject"))
        outcomes.append((approved.status, rejected.status, door.get(AGREEMENTS, id).json()["info"]["status"]))
    assert set(outcomes) <= {(200, 422, "approved"), (422, 200, "rejected")}
    feed.settle()
    seen = [[short(event) for event in feed.of(id)] for id in ids]
    decided = ["DataUsageAgreementApproved", "DataUsageAgreementRejected"]
    assert [sum(count(names, word) for word in decided) for names in seen] == [1] * len(ids)


def test_g18_an_update_does_not_undo_an_approval(door: Door, feed: Feed, world: World) -> None:
    ids = [asked(door, world) for _ in ROUNDS]
    for n, id in enumerate(ids):
        back = door.get(AGREEMENTS, id).json() | {"tags": [f"t{n}"]}
        answers = at_once(partial(door.act, id, "approve"), partial(door.put, AGREEMENTS, id, back))
        assert [answer.status for answer in answers] == [200, 200]
        held = door.get(AGREEMENTS, id).json()
        assert (held["info"]["status"], held["info"]["active"], held["tags"]) == ("approved", True, [f"t{n}"])
    feed.settle()
    seen = [[short(event) for event in feed.of(id)] for id in ids]
    assert [count(names, "DataUsageAgreementUpdated") for names in seen] == [2] * len(ids)
    assert [count(names, "DataUsageAgreementActivated") for names in seen] == [1] * len(ids)


Race = Callable[[], Answer]


def race(door: Door, kind: str, id: str, other: str, body: Doc) -> tuple[int, int]:
    """Delete a record while another that names it is put: both statuses."""
    put, deleted = at_once(partial(door.put, other, body["id"], body), partial(door.delete, kind, id))
    return put.status, deleted.status


def test_d2_an_agreement_and_the_deletion_of_its_product_exclude_each_other(door: Door, world: World) -> None:
    outcomes = set()
    for n in range(24):
        id = fresh("product")
        stored(door.put("dataproducts", id, product(id, world, port("out"))))
        side = ("provider.dataProductId", "consumer.dataProductId")[n % 2]
        sent = changed(agreement(fresh(), world) | {"consumer": {"dataProductId": world.consumer}}, side, id)
        statuses = race(door, "dataproducts", id, AGREEMENTS, sent)
        stands = (door.get("dataproducts", id).status, door.get(AGREEMENTS, sent["id"]).status)
        outcomes.add((statuses, stands))
    assert outcomes <= {((200, 422), (200, 200)), ((422, 200), (404, 404)), ((404, 200), (404, 404))}


def test_d1_a_port_and_the_deletion_of_its_contract_have_an_order(door: Door, feed: Feed, world: World) -> None:
    pairs = []
    for _ in range(16):
        id, user = fresh("contract"), fresh("product")
        stored(door.put("datacontracts", id, contract(id, world)))
        body = product(user, world, port("out", dataContractId=id))
        put, deleted = race(door, "datacontracts", id, "dataproducts", body)
        assert put == 200
        assert deleted in {200, 422}
        assert door.get("datacontracts", id).status == {200: 404, 422: 200}[deleted]
        pairs.append((id, user, deleted == 200))
    feed.settle()
    place = {(event["subject"], short(event)): n for n, event in enumerate(known(feed.log))}
    wrong = [
        (id, user)
        for id, user, gone in pairs
        if gone and place[id, "DataContractDeleted"] > place[user, "DataProductCreated"]
    ]
    assert wrong == []


def test_d1_d3_counts_are_right_after_a_race(door: Door, world: World) -> None:
    for _ in ROUNDS:
        held, listed, user = fresh("contract"), fresh("asset"), fresh("product")
        stored(door.put("datacontracts", held, contract(held, world)))
        stored(door.put("assets", listed, asset(listed, world)))
        using = product(user, world, port("a", dataContractId=held, assets=[listed]))
        free = product(user, world, port("a"))
        at_once(*(partial(door.put, "dataproducts", user, body) for body in (using, free, using, free)))
        last = [port.get("dataContractId") for port in door.get("dataproducts", user).json()["outputPorts"]]
        expected = {held: 422}.get(str(last[0]), 200)
        assert [door.delete("datacontracts", held).status, door.delete("assets", listed).status] == [expected] * 2


def test_d3_the_last_of_several_products_lets_an_asset_go(door: Door, world: World) -> None:
    id, users = fresh("asset"), [fresh("p") for _ in range(6)]
    stored(door.put("assets", id, asset(id, world)))
    at_once(*(partial(door.put, "dataproducts", user, product(user, world) | {"assets": [id]}) for user in users))
    refused(door.delete("assets", id), 422)
    at_once(*(partial(door.delete, "dataproducts", user) for user in users))
    assert door.delete("assets", id).status == 200


def test_38_no_cost_outlives_its_product(door: Door, world: World) -> None:
    for _ in ROUNDS:
        id = fresh("product")
        stored(door.put("dataproducts", id, product(id, world)))
        posts = [partial(door.call, "POST", "/api/costs", cost(id)) for _ in range(3)]
        *added, deleted = at_once(*posts, partial(door.delete, "dataproducts", id))
        assert deleted.status == 200
        assert {answer.status for answer in added} <= {200, 404, 422}
        stored(door.put("dataproducts", id, product(id, world)))
        assert door.call("GET", f"/api/costs?dataProductId={encoded(id)}").json() == []


def test_g18_many_writers_of_one_record_lose_nothing(door: Door, feed: Feed, world: World) -> None:
    id = fresh()
    stored(door.put("teams", id, team(id)))
    answers = at_once(*(partial(door.put, "teams", id, team(id) | {"mark": n}) for n in range(16)))
    assert [answer.status for answer in answers] == [200] * 16
    assert feed.settled(id) == ["TeamCreated", *["TeamUpdated"] * 16]


WRITERS, EACH = 16, 25


def test_73_readers_among_16_writers_see_every_event_once_and_in_order(door: Door, feed: Feed) -> None:
    feed.settle()
    start = feed.log[-1]["id"]
    own = [[fresh(f"w{n}") for _ in range(EACH)] for n in range(WRITERS)]
    done = threading.Event()
    readings: list[list[str]] = [[] for _ in range(3)]

    def write(ids: list[str]) -> Answer:
        return [stored(door.put("teams", id, team(id))) for id in ids][-1]

    def read(seen: list[str], last: str) -> None:
        finished = False
        while not finished:
            finished = done.is_set()
            for event in (batch := door.events(last)):
                seen.append(f"{event['id']} {event['subject']}")
            last = batch[-1]["id"] if batch else last
            finished = finished and not batch

    readers = [threading.Thread(target=read, args=(seen, start)) for seen in readings]
    for reader in readers:
        reader.start()
    at_once(*(partial(write, ids) for ids in own))
    feed.settle()
    done.set()
    for reader in readers:
        reader.join(60)
    place = next(n for n, event in enumerate(feed.log) if event["id"] == start)
    truth = [f"{event['id']} {event['subject']}" for event in feed.log[place + 1 :]]
    assert [seen[: len(truth)] == truth for seen in readings] == [True] * 3
    subjects = [line.partition(" ")[2] for line in truth]
    assert [[subject for subject in subjects if subject in set(ids)] for ids in own] == own
