"""What a commit changes, item by item. Both adapters carry out the same plan."""

from __future__ import annotations

from dataclasses import dataclass, field

from souk.store.port import Commit, Put, Record, Stale

Place = tuple[str, str, str]
"""List, sort, key."""


@dataclass(slots=True)
class Plan:
    """The items of one commit, each named once.

    `records` with the revision that must stand (0: nothing there); `checks` likewise; `counters` with their change;
    `free` are the counters that must be zero afterwards; `removed` and `placed` are entries and lines, the latter
    with their view and the unix second at which they expire.
    """

    records: list[tuple[Record, int]] = field(default_factory=list)
    checks: dict[str, int] = field(default_factory=dict)
    counters: dict[str, int] = field(default_factory=dict)
    free: set[str] = field(default_factory=set)
    removed: dict[Place, None] = field(default_factory=dict)
    placed: dict[Place, tuple[str, int | None]] = field(default_factory=dict)


def plan(commit: Commit) -> Plan:
    """The plan of a commit that `limits.check` let through. Raises Stale where its conditions exclude each other."""
    result = Plan()
    for put in commit.puts:
        _plan_put(put, result)
    written = {record.key: revision for record, revision in result.records}
    for check in commit.checks:
        expected = written.get(check.key, result.checks.get(check.key, check.revision))
        if expected != check.revision:
            raise Stale(check.key)
        if check.key not in written:
            result.checks[check.key] = check.revision
    for line in commit.lines:
        result.placed[line.list, line.sort, line.key] = (line.view, None)
    for place in result.placed:
        result.removed.pop(place, None)
    result.free.update(commit.unreferenced)
    result.counters = {key: change for key, change in result.counters.items() if change}
    return result


def _plan_put(put: Put, result: Plan) -> None:
    record, previous = put
    result.records.append((record, previous.revision if previous else 0))
    before = {(e.list, e.sort): (e.view, previous.expires) for e in previous.entries} if previous else {}
    after = {(e.list, e.sort): (e.view, record.expires) for e in record.entries}
    for (name, sort), shown in after.items():
        if before.get((name, sort)) != shown:
            result.placed[name, sort, record.key] = shown
    for name, sort in before.keys() - after.keys():
        result.removed[name, sort, record.key] = None
    held = set(previous.references) if previous else set()
    wanted = set(record.references)
    for key in wanted - held:
        result.counters[key] = result.counters.get(key, 0) + 1
    for key in held - wanted:
        result.counters[key] = result.counters.get(key, 0) - 1
