"""The sweep: what the calendar brings is told once, at its instant, whoever comes first, whatever is broken."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from reactions import sweep_due
from souk import clock
from souk.access import changes, decisions, due, queries
from souk.ids import record_key
from souk.store.port import Entry, Record
from souk.work import Work
from tests.access.world import KEY, World, sweep


def dated(world: World, start_hours: float, end_hours: float | None = None) -> str:
    now = world.time.now()
    dates: dict[str, Any] = {"start": clock.text(now + timedelta(hours=start_hours))}
    if end_hours is not None:
        dates["end"] = clock.text(now + timedelta(hours=end_hours))
    return world.ask(port="open", **dates)


def due_entries(world: World) -> list[str]:
    return [entry.sort for entry in world.store.page("due", limit=100).entries]


def test_start_and_end_come_by_themselves_with_their_instants(world: World) -> None:
    began = world.time.now()
    dated(world, 1, 240)
    world.raw_events()
    world.time.forward(hours=2)
    assert sweep(world.store).settled == 1
    world.time.forward(hours=300)
    assert sweep(world.store) == (1, 0, False)
    assert [(event["verb"], event["due"]) for event in world.raw_events()] == [
        ("activated", clock.text(began + timedelta(hours=1))),
        ("deactivated", clock.text(began + timedelta(hours=240))),
    ]
    assert sweep(world.store) == (0, 0, False)
    assert due_entries(world) == []


def test_an_end_is_shown_at_once_and_told_by_the_next_sweep(world: World) -> None:
    dated(world, -1, 5)
    assert queries.active_map(Work(world.store), "orders") != {}
    world.time.forward(hours=5, microseconds=1)
    assert queries.active_map(Work(world.store), "orders") == {}
    assert queries.counts(Work(world.store), "orders") == {"expired": 1}
    sweep(world.store)
    lines = [(entry.action, entry.author) for entry in queries.access_log(Work(world.store), "orders")]
    assert lines == [("delete", ""), ("grant", "key-1")]
    assert "access.expired" in world.notices()


def test_warnings_reach_the_bus_once_each(world: World) -> None:
    dated(world, -1, 24 * 10)
    for _ in range(12):
        world.time.forward(days=1)
        sweep(world.store)
        sweep(world.store)
    notices = world.notices()
    assert [notices.count(name) for name in ("access.expiring", "access.expired")] == [2, 1]


def test_a_command_tells_first_what_was_due(world: World) -> None:
    access = dated(world, 1, 5)
    world.events()
    world.time.forward(hours=9)
    world.put(access, purpose="late", start=world.card(access)["start"], end=world.card(access)["end"], port="open")
    assert world.events() == ["activated", "deactivated", "updated"]
    assert sweep(world.store).settled == 0


def test_a_repeated_approval_settles_and_says_no_more(world: World) -> None:
    access = dated(world, 1)
    world.events()
    world.time.forward(hours=2)
    world.run(lambda work: decisions.approve(work, access, KEY))
    assert world.events() == ["activated"]


def test_a_record_stands_in_due_once_at_its_next_instant(world: World) -> None:
    access = dated(world, 1, 24 * 30)
    card = world.card(access)
    assert due_entries(world) == [card["start"]]
    world.time.forward(hours=2)
    sweep(world.store)
    assert due_entries(world) == [clock.text(clock.parse(card["end"]) - timedelta(days=7))]
    world.run(lambda work: changes.end(work, access, KEY))
    assert due_entries(world) == []


def test_one_bad_record_holds_up_nobody_and_is_not_tried_hotly(world: World) -> None:
    early = clock.text(world.time.now() - timedelta(days=99))
    world.run(lambda work: work.save("strange", "x", {}, lists=[Entry("due", early)], listed=False))
    broken = dated(world, 1)
    body = world.record(broken).body
    body["card"]["settled"] = None
    world.run(
        lambda work: work.save("access", broken, body, lists=[Entry("due", clock.text(world.time.now()))], listed=False)
    )
    good = [dated(world, 1) for _ in range(3)]
    world.time.forward(hours=2)
    reported: list[str] = []
    assert due.settle_due(world.store, lambda key, _error: reported.append(key)) == (3, 2, False)
    assert sorted(reported) == sorted([record_key("strange", "x"), record_key("access", broken)])
    assert all(world.card(access)["announced"] for access in good)
    assert sweep(world.store) == (0, 2, False)


def test_a_sweep_ends_at_its_bounds_and_goes_on_later(world: World) -> None:
    for _ in range(5):
        dated(world, 1)
    world.time.forward(hours=2)
    assert sweep(world.store, limit=3) == (3, 0, True)
    assert sweep(world.store, seconds=-1).left
    assert sweep(world.store) == (2, 0, False)


def test_other_kinds_settle_by_their_own_command(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(due, "_settlers", dict(due._settlers))
    seen: list[str] = []

    def settle(work: Work, found: Record) -> None:
        seen.append(found.id)
        work.remove(found)

    due.settles("parcel", settle)
    past = clock.text(world.time.now() - timedelta(hours=1))
    world.run(lambda work: work.save("parcel", "p1", {}, lists=[Entry("due", past)]))
    assert sweep(world.store).settled == 1
    assert sweep(world.store).settled == 0
    assert seen == ["p1"]


def test_the_reaction_settles_and_sequences(world: World) -> None:
    dated(world, 1)
    world.time.forward(hours=2)
    answer: dict[str, Any] = sweep_due.handler({})
    assert (answer["settled"], answer["failed"]) == (1, 0)
    assert answer["sequenced"] > 0
    logged = [event["verb"] for batch in world.store.read_log(0, 100) for event in batch.events]
    assert logged[-1] == "activated"
    assert world.store.pending(10) == []
