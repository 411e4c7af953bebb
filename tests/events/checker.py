"""Holds a history against what the event log and the store promise, and says what is wrong with it."""

from __future__ import annotations

from bisect import bisect_left
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from itertools import accumulate, groupby
from typing import Any

from tests.events.history import History, Seen, Told, Written

Part = tuple[str, int]
"""An event by the commit that it was written with, and its place there."""


def complaints(history: History) -> list[str]:
    """What contradicts the promises, each by one word of `PROMISES` and what it was seen by."""
    return [f"{word}: {text}" for word, check in PROMISES.items() for text in check(history)]


def skipped(history: History) -> Iterator[str]:
    """Every event of an acknowledged commit is in the log, and every reader saw the whole log."""
    missing = Counter(_wanted(history)) - Counter(_parts(history.log))
    yield from (f"{part} is not in the log" for part in missing)
    for number, seen in enumerate(history.readers):
        unseen = Counter(_ids(history.log)) - Counter(_ids(seen))
        yield from (f"reader {number} was not given {one}" for one in unseen)


def doubled(history: History) -> Iterator[str]:
    """No event is in the log twice, or was given to a reader twice; and none that nobody wrote."""
    more = Counter(_parts(history.log)) - Counter(_wanted(history))
    yield from (f"{part} is in the log too often" for part in more)
    for number, seen in enumerate([history.log, *history.readers]):
        yield from (f"reader {number} saw {one} {count} times" for one, count in _often(_ids(seen)))


def reordered(history: History) -> Iterator[str]:
    """What was acknowledged before something else began stands before it, and readers see the order of the log."""
    written = {one.name: one for one in history.written}
    began, latest = 0, ""
    for name, parts in groupby(_parts(history.log), key=lambda part: part[0]):
        one = written.get(name)
        if one is None:
            continue
        if one.ended < began:
            yield f"{name} was acknowledged before {latest} began, and stands behind it"
        if one.began > began:
            began, latest = one.began, name
        if [part for _, part in parts] != list(range(one.events)):
            yield f"the events of {name} do not stand together in their order"
    order = _ids(history.log)
    yield from (f"reader {n} saw another order" for n, seen in enumerate(history.readers) if _ids(seen) != order)
    yield from _revisions_in_order(history.log)
    logged = [told["logged"] for _, told in history.log]
    yield from ["the time of the log runs backwards"] * (logged != sorted(logged))


def lost(history: History) -> Iterator[str]:
    """Every acknowledged update is in what the register holds, and each built on the one before."""
    by_register = _grouped(history.written)
    for register, last in history.last.items():
        revisions = sorted(one.revision for one in by_register[register])
        if last.holds != len(revisions):
            yield f"{register} holds {last.holds} updates of {len(revisions)}"
        if revisions != list(range(2, len(revisions) + 2)):
            yield f"revisions of {register} were written twice or never"
        if last.revision != len(revisions) + 1:
            yield f"{register} has revision {last.revision} after {len(revisions)} updates"


def stale(history: History) -> Iterator[str]:
    """A read shows what was acknowledged, or was read by anybody, before it began."""
    written, seen = _grouped(history.written), _grouped([*history.seen, *history.last.values()])
    for register, reads in seen.items():
        known: list[Written | Seen] = sorted([*written[register], *reads], key=lambda one: one.ended)
        ends = [one.ended for one in known]
        newest = list(accumulate((one.revision for one in known), max))
        for one in reads:
            before = bisect_left(ends, one.began)
            if before and newest[before - 1] > one.revision:
                yield f"{register} was read at {one.revision} when it was known to be at {newest[before - 1]}"


PROMISES = {"skipped": skipped, "doubled": doubled, "reordered": reordered, "lost": lost, "stale": stale}


def _wanted(history: History) -> list[Part]:
    return [(one.name, part) for one in history.written for part in range(one.events)]


def _parts(log: Iterable[Told]) -> list[Part]:
    return [(told["data"]["by"], told["data"]["part"]) for _, told in log]


def _ids(log: Iterable[Told]) -> list[str]:
    return [one for one, _ in log]


def _often(ids: list[str]) -> list[tuple[str, int]]:
    return [(one, count) for one, count in Counter(ids).items() if count > 1]


def _grouped(ones: Iterable[Any]) -> dict[str, list[Any]]:
    found: dict[str, list[Any]] = defaultdict(list)
    for one in ones:
        found[one.register].append(one)
    return found


def _revisions_in_order(log: list[Told]) -> Iterator[str]:
    newest: dict[str, int] = defaultdict(int)
    for _, told in log:
        register, revision = told["subject"], told["data"]["revision"]
        if revision < newest[register]:
            yield f"{register} at {revision} stands behind {newest[register]}"
        newest[register] = max(newest[register], revision)
