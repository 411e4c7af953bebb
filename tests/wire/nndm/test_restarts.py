"""7.3 across power cuts: 16 writers, 5,000 events and more, three readers, the run killed and started three times."""

from __future__ import annotations

import http.client
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from pathlib import Path

import pytest

from tests.running import Running, start_souk
from tests.wire.nndm.documents import fresh, team
from tests.wire.nndm.door import Door, eventually
from tests.wire.nndm.feed import Feed, short
from tests.wire.raw import Answer, Doc

pytestmark = pytest.mark.heavy
WRITERS, EACH, CUTS = 16, 315, 3
LOST = (OSError, http.client.HTTPException, ValueError)
"""What a client sees of a power cut."""


@pytest.fixture
def own(tmp_path: Path) -> Iterator[Running]:
    """A run of this test's own, on the store that keeps what it acknowledged."""
    running = start_souk(tmp_path / "state", "embedded")
    yield running
    running.stop()


def patient(call: Callable[[], Answer]) -> Answer:
    """The answer, asked for again while the run is down."""

    def ask() -> Answer | None:
        try:
            return call()
        except LOST:
            return None

    answer = eventually(ask, lambda found: found is not None and found.status == 200, 60)
    assert answer is not None, "no answer"
    assert answer.status == 200, answer
    return answer


class Traffic:
    """Writers that know how far they are, and readers that keep their place."""

    def __init__(self, door: Door) -> None:
        self.door = door
        self.ids = [[fresh(f"w{n}") for _ in range(EACH)] for n in range(WRITERS)]
        self.acknowledged = 0
        self.readings: list[list[Doc]] = [[] for _ in range(3)]
        self.done = threading.Event()
        self._lock = threading.Lock()

    def write(self, ids: list[str]) -> None:
        for id in ids:
            patient(partial(self.door.put, "teams", id, team(id)))
            with self._lock:
                self.acknowledged += 1

    def read(self, seen: list[Doc]) -> None:
        over = False
        while not over:
            over = self.done.is_set()
            last = seen[-1]["id"] if seen else ""
            batch = patient(partial(self.door.call, "GET", f"/api/events?lastEventId={last}")).json()
            seen += batch
            over = over and not batch

    def progress(self) -> float:
        """How much of everything has been acknowledged."""
        return self.acknowledged / (WRITERS * EACH)


def cut(running: Running, traffic: Traffic) -> None:
    """Kill the run three times in the middle of everything, and start it again."""
    for share in (n / (CUTS + 1) for n in range(1, CUTS + 1)):
        assert eventually(traffic.progress, share.__le__, 240) >= share
        running.kill()
        running.start()


def test_73_nothing_is_skipped_doubled_or_turned_round(own: Running) -> None:
    traffic = Traffic(Door(own.url, own.env["SOUK_API_KEY"]))
    readers = [threading.Thread(target=traffic.read, args=(seen,)) for seen in traffic.readings]
    for reader in readers:
        reader.start()
    with ThreadPoolExecutor(WRITERS + 1) as pool:
        writers = [pool.submit(traffic.write, ids) for ids in traffic.ids]
        pool.submit(cut, own, traffic).result()
        assert [writer.result() for writer in writers] == [None] * WRITERS
    feed = Feed(traffic.door)
    feed.settle()
    traffic.done.set()
    for reader in readers:
        reader.join(60)
    truth = [(event["id"], event["subject"]) for event in feed.log]
    assert [[(event["id"], event["subject"]) for event in seen] == truth for seen in traffic.readings] == [True] * 3
    assert len({id for id, _ in truth}) == len(truth) >= 5000
    created = [event["subject"] for event in feed.log if short(event) == "TeamCreated"]
    assert [[subject for subject in created if subject in set(ids)] for ids in traffic.ids] == traffic.ids
    times = [event["time"] for event in feed.log]
    assert times == sorted(times)
