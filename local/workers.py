"""Threads that carry out requests for an event loop, with as little handing over between threads as can be.

The interpreter lets one thread run at a time, so what a request costs beside its own work is mostly the waking of
threads and the locks around it. concurrent.futures takes some ten of those for a task; here it is one each way.
"""

from __future__ import annotations

import asyncio
import threading
from collections import deque
from collections.abc import Callable
from queue import SimpleQueue
from typing import Generic, NamedTuple, TypeVar

T = TypeVar("T")


class _Task(NamedTuple, Generic[T]):
    work: Callable[[], T]
    answer: asyncio.Future[T]


class Workers(Generic[T]):
    """Up to `limit` threads, begun as they are needed. `run` is called on one event loop at a time."""

    def __init__(self, limit: int, name: str) -> None:
        self._limit, self._name = limit, name
        self._tasks: SimpleQueue[_Task[T] | None] = SimpleQueue()
        self._done: deque[tuple[_Task[T], T | BaseException]] = deque()
        self._told = False
        self._loop: asyncio.AbstractEventLoop | None = None
        self._threads = self._busy = 0

    async def run(self, work: Callable[[], T], seconds: float) -> T:
        """What the work returns or raises. Raises TimeoutError after so many seconds; the work then goes on unseen."""
        loop = asyncio.get_running_loop()
        if loop is not self._loop:  # what was told to a loop that has ended since is told to nobody
            self._loop = loop
            loop.call_soon(self._hand_out)
        task: _Task[T] = _Task(work, loop.create_future())
        self._busy += 1
        if self._busy > self._threads and self._threads < self._limit:
            self._threads += 1
            threading.Thread(target=self._work, name=f"{self._name}-{self._threads}", daemon=True).start()
        self._tasks.put(task)
        late = loop.call_later(seconds, _expire, task.answer)
        try:
            return await task.answer
        finally:
            late.cancel()

    def stop(self) -> None:
        """Take no more work; what runs may finish."""
        for _ in range(self._limit):
            self._tasks.put(None)

    def _work(self) -> None:
        while (task := self._tasks.get()) is not None:
            try:
                result: T | BaseException = task.work()
            except BaseException as error:  # noqa: BLE001 - it is raised where the answer is awaited
                result = error
            self._done.append((task, result))
            if not self._told:
                self._told = True
                self._tell()

    def _tell(self) -> None:
        assert self._loop is not None
        try:
            self._loop.call_soon_threadsafe(self._hand_out)
        except RuntimeError:
            return  # the loop has ended, and with it whoever waited

    def _hand_out(self) -> None:
        self._told = False  # first: what is done from here on is told anew
        while self._done:
            (_, answer), result = self._done.popleft()
            self._busy -= 1
            if answer.done():
                continue
            if isinstance(result, BaseException):
                answer.set_exception(result)
            else:
                answer.set_result(result)


def _expire(answer: asyncio.Future[T]) -> None:
    if not answer.done():
        answer.set_exception(TimeoutError())
