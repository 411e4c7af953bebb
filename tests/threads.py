"""Threads that begin together: what races are made of."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from threading import Barrier
from typing import Any, TypeVar

T = TypeVar("T")


def at_once(*acts: Callable[[], T]) -> list[T]:
    """What all of them give, in their order, each in a thread of its own. Raises what the first of them raised."""
    barrier = Barrier(len(acts))

    def begin(act: Callable[[], T]) -> T:
        barrier.wait()
        return act()

    with ThreadPoolExecutor(len(acts)) as pool:
        return list(pool.map(begin, acts))


def in_threads(acts: Iterable[Callable[[], Any]]) -> list[Any]:
    """As `at_once`, and in the place of a result the error that was raised for it."""
    return at_once(*[partial(_outcome, act) for act in acts])


def _outcome(act: Callable[[], Any]) -> Any:
    try:
        return act()
    except Exception as error:  # noqa: BLE001 - a test looks at it
        return error
