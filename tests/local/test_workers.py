"""Threads that carry out requests for an event loop."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Iterator

import pytest

from local.workers import Workers

LIMIT = 4


@pytest.fixture
def workers() -> Iterator[Workers[object]]:
    made: Workers[object] = Workers(LIMIT, "tested")
    yield made
    made.stop()


def threads() -> list[str]:
    return [thread.name for thread in threading.enumerate() if thread.name.startswith("tested-")]


def test_every_caller_gets_its_own_answer(workers: Workers[object]) -> None:
    async def ask() -> list[object]:
        return await asyncio.gather(*(workers.run(lambda n=n: n * n, 20) for n in range(500)))  # type: ignore[misc]

    assert asyncio.run(ask()) == [n * n for n in range(500)]
    assert len(threads()) <= LIMIT


def test_what_the_work_raises_is_raised_where_it_is_awaited(workers: Workers[object]) -> None:
    def fails() -> object:
        raise LookupError("no beans")

    with pytest.raises(LookupError, match="no beans"):
        asyncio.run(workers.run(fails, 20))


def test_late_work_is_given_up_and_its_thread_comes_back(workers: Workers[object]) -> None:
    go_on = threading.Event()

    async def ask() -> object:
        late = [asyncio.create_task(workers.run(go_on.wait, 0.02)) for _ in range(LIMIT)]
        ended = await asyncio.gather(*late, return_exceptions=True)
        assert {type(one) for one in ended} == {TimeoutError}
        go_on.set()
        return await workers.run(lambda: "again", 20)

    assert asyncio.run(ask()) == "again"


def test_one_who_went_away_disturbs_nobody(workers: Workers[object]) -> None:
    go_on = threading.Event()

    async def ask() -> object:
        gone = asyncio.create_task(workers.run(go_on.wait, 20))
        await asyncio.sleep(0)
        gone.cancel()
        go_on.set()
        return await workers.run(lambda: "served", 20)

    assert asyncio.run(ask()) == "served"


def test_a_loop_that_ended_in_the_middle_does_not_silence_the_next(workers: Workers[object]) -> None:
    go_on = threading.Event()

    async def leave() -> None:
        left = asyncio.create_task(workers.run(go_on.wait, 20))
        await asyncio.sleep(0)
        left.cancel()
        asyncio.get_running_loop().call_soon(go_on.set)

    for _ in range(50):
        go_on.clear()
        asyncio.run(leave())
    assert asyncio.run(workers.run(lambda: "served", 20)) == "served"
