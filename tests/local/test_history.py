"""The event feed under sixteen writers while the run is killed and started again: a history that a checker reads.

Embedded only promises that a kill loses nothing; the emulated store keeps snapshots, so there the run is not killed.
"""

from __future__ import annotations

import itertools
import os
import random
import threading
from collections import Counter, defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import Any

import httpx
import pytest

from tests.running import Running, eventually, start_souk

WRITERS = 16
EVENTS = int(os.environ.get("SOUK_HISTORY_EVENTS", "5000"))
KILLS = [3, pytest.param(20, marks=pytest.mark.heavy)]
READERS = 2
Event = dict[str, Any]


@dataclass
class Write:
    """One PUT, sent until it was acknowledged. `sent` counts how often."""

    team: str
    sent: int = 0


@dataclass
class History:
    """What writers did, in their own order, and what each reader saw."""

    writes: dict[int, list[Write]] = field(default_factory=lambda: defaultdict(list))
    seen: list[list[Event]] = field(default_factory=lambda: [[] for _ in range(READERS)])
    done: threading.Event = field(default_factory=threading.Event)

    def reached(self, number: int) -> bool:
        """So many writes are acknowledged."""
        return sum(len(writes) for writes in list(self.writes.values())) >= number


@pytest.fixture
def embedded(tmp_path: Path) -> Iterator[Running]:
    running = start_souk(tmp_path / "state", "embedded", SOUK_SAMPLES="false")
    yield running
    running.stop()


def acknowledged(client: httpx.Client, write: Write) -> bool:
    """One attempt. A broken connection says nothing of what became of the write."""
    write.sent += 1
    team = {"id": write.team, "name": f"Attempt {write.sent}", "type": "Domain Team"}
    try:
        return client.put(f"/api/teams/{write.team}", json=team).status_code == 200
    except httpx.TransportError:
        return False


def write(running: Running, history: History, number: int, share: int) -> None:
    """Create and update teams of its own, one after the other; each is sent until it is acknowledged."""
    pick = random.Random(number)
    with running.client() as client:
        for step in range(share):
            again = [w.team for w in history.writes[number]] if step % 4 == 3 else [f"w{number}-{step}"]
            change = Write(pick.choice(again))
            eventually(partial(acknowledged, client, change), seconds=120)
            history.writes[number].append(change)


def page(client: httpx.Client, after: str | None) -> list[Event]:
    try:
        answer = client.get("/api/events", params={"lastEventId": after} if after else {})
        return list(answer.json()) if answer.status_code == 200 else []
    except httpx.TransportError:
        return []


def read(running: Running, history: History, number: int) -> None:
    """Follow the feed until the writers are done and the end is reached."""
    seen = history.seen[number]
    with running.client() as client:
        finished = False
        while True:
            batch = page(client, seen[-1]["id"] if seen else None)
            seen += batch
            if finished and not batch:
                return
            finished = history.done.wait(0.05) and not batch


def killed_and_restarted(running: Running, history: History, kills: int) -> None:
    """Kill the run so many times, each at a random moment of another part of the writes."""
    part = EVENTS // (kills + 1)
    for turn in range(1, kills + 1):
        eventually(partial(history.reached, part * turn - random.randrange(part // 2)), seconds=600)
        running.kill()
        running.start()


@pytest.fixture
def history(embedded: Running, kills: int) -> History:
    """The whole history: sixteen writers, two readers, and the kills."""
    found = History()
    share = -(-EVENTS // WRITERS)
    writers = [threading.Thread(target=write, args=(embedded, found, n, share)) for n in range(WRITERS)]
    readers = [threading.Thread(target=read, args=(embedded, found, n)) for n in range(READERS)]
    for thread in writers + readers:
        thread.start()
    killed_and_restarted(embedded, found, kills)
    for thread in writers:
        thread.join()
    last = {writes[-1].team for writes in found.writes.values()}
    with embedded.client() as client:
        eventually(lambda: last <= {event["subject"] for event in whole_feed(client)}, seconds=60)
    found.done.set()
    for thread in readers:
        thread.join()
    return found


def whole_feed(client: httpx.Client) -> list[Event]:
    seen: list[Event] = []
    while batch := page(client, seen[-1]["id"] if seen else None):
        seen += batch
    return seen


def own(events: list[Event], number: int) -> list[str]:
    return [event["subject"] for event in events if event["subject"].startswith(f"w{number}-")]


@pytest.mark.parametrize("kills", KILLS)
def test_nothing_is_skipped_doubled_or_reordered(embedded: Running, history: History) -> None:
    with embedded.client() as client:
        feed = whole_feed(client)
    ids = [event["id"] for event in feed]
    assert len(set(ids)) == len(ids) >= EVENTS
    assert [[event["id"] for event in seen] for seen in history.seen] == [ids] * READERS
    assert [event["time"] for event in feed] == sorted(event["time"] for event in feed)

    count = Counter(event["subject"] for event in feed)
    least, most = Counter[str](), Counter[str]()
    for done in itertools.chain.from_iterable(history.writes.values()):
        least[done.team] += 1
        most[done.team] += done.sent
    assert {team for team, sure in least.items() if not sure <= count[team] <= most[team]} == set()

    first: dict[str, str] = {}
    for event in feed:
        first.setdefault(event["subject"], event["type"])
    assert {kind for team, kind in first.items() if team in least} == {"com.datamesh-manager.events.TeamCreatedEvent"}
    for number, writes in history.writes.items():
        # Repeats of an unacknowledged write stand beside it: with neighbours folded, both orders are the same.
        told = [team for team, _ in itertools.groupby(own(feed, number))]
        done_in_order = [team for team, _ in itertools.groupby(w.team for w in writes)]
        assert told == done_in_order
