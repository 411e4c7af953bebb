"""P7: what Souk costs on AWS, from the capacity table. `python -m benchmarks.cost` writes docs/cost.md.

List prices of us-east-1, in dollars, without the free tiers; Lambda on arm64.
"""

from __future__ import annotations

import json
import statistics
import sys
from pathlib import Path
from typing import Any, NamedTuple

from benchmarks.capacity import TABLE
from benchmarks.table import Row

DOCUMENT = Path(__file__).parent.parent / "docs" / "cost.md"
TEMPLATE = Path(__file__).with_name("cost_template.md")
GATEWAY = 1.00
"""An HTTP API, a million requests."""
INVOCATION = 0.20
"""Lambda, a million."""
GB_SECOND = 0.0000133334
MEMORY_GB = 0.5
READ_UNIT, WRITE_UNIT = 0.125, 0.625
"""DynamoDB on demand, a million units."""
BUS = 1.00
"""EventBridge, a million events put."""
LOGS = 0.50
"""CloudWatch, a GB."""
LOG_LINE = 400
"""Bytes of the one line that a request logs."""
STORED = 0.25
"""DynamoDB, a GB and month."""
ROUND_TRIP, OWN = 5.0, 3.0
"""Milliseconds billed: for each call to DynamoDB, and for the function's own work at half a GB."""
SEQUENCED = 2
"""Write units by which one commit's events get their place when they come alone: log item 1, outbox item 1. In
batches of up to 90 the log item is shared."""
SEQUENCER_READS = 2
"""Read units of the same: the end of the log, and what waits."""
RELAYED = 1
"""Write units by which one commit's notices leave the outbox."""
READ_BUDGET, WRITE_BUDGET = 1.40, 8.00
RECORD_TRIPS, LIST_TRIPS, WRITE_TRIPS, UNITS = 1, 2, 2, 10
"""P3: a record with the key; a list, then its records with the key; a read and a transaction. P4: units of a write."""


class Kind(NamedTuple):
    """A kind of request: an operation that stands for it."""

    text: str
    operation: str


KINDS = [
    Kind("read one record", "nndm/get_data_product"),
    Kind("page of a list", "dpx/list_data_products"),
    Kind("poll the feed, no news", "nndm/poll_events"),
    Kind("change a record, one event", "nav/update_dataproduct"),
    Kind("register a team", "nndm/add_team"),
    Kind("register a product", "nndm/add_data_product"),
    Kind("ask for access", "nndm/add_data_usage_agreement"),
    Kind("approve an access", "nndm/approve_data_usage_agreement"),
]
SIZES = {"small": (100_000, 2_000, 1), "medium": (5_000_000, 100_000, 10), "large": (200_000_000, 4_000_000, 200)}
"""Reads and writes a month, GB stored."""


def table() -> dict[str, Any]:
    """The capacity table."""
    found: dict[str, Any] = json.loads(TABLE.read_text())
    return found


def request(row: dict[str, Any]) -> float:
    """Dollars for a million requests of this operation: gateway, function, database."""
    calls: int = sum(row["calls"].values())
    seconds = (ROUND_TRIP * calls + OWN) / 1000
    compute = INVOCATION + seconds * MEMORY_GB * GB_SECOND * 1e6
    return GATEWAY + compute + float(row["rru"]) * READ_UNIT + float(row["wru"]) * WRITE_UNIT


def sequencing(row: dict[str, Any]) -> float:
    """Dollars for a million commits that come one by one: units, and an invocation of the sequencer for each."""
    if not waits(row):
        return 0.0
    reads = SEQUENCER_READS * READ_UNIT * int(row["items"].get("event", 0))
    return behind(row) * WRITE_UNIT + reads + INVOCATION + 0.023 * MEMORY_GB * GB_SECOND * 1e6


def waits(row: dict[str, Any]) -> int:
    """How many items the operation leaves in the outbox: with events, with notices."""
    return int(row["items"].get("event", 0)) + int(row["items"].get("notice", 0))


def behind(row: dict[str, Any]) -> int:
    """Write units that the operation's events and notices cost after its answer, when they come one by one."""
    return SEQUENCED * int(row["items"].get("event", 0)) + RELAYED * int(row["items"].get("notice", 0))


def fan_out(row: dict[str, Any]) -> float:
    """Dollars for a million events on the bus, and the invocation that puts them there."""
    return BUS + INVOCATION + 0.010 * MEMORY_GB * GB_SECOND * 1e6 if waits(row) else 0.0


def trips(row: dict[str, Any]) -> int:
    """Round trips to AWS."""
    return int(sum(row["calls"].values()))


def trips_allowed(row: dict[str, Any]) -> int:
    """P3 for an operation like this."""
    return WRITE_TRIPS if row["wru"] else LIST_TRIPS if "dynamodb.Query" in row["calls"] else RECORD_TRIPS


def written(row: dict[str, Any]) -> int:
    """Write units, with those that sequencing and relaying cost after the answer."""
    return int(row["wru"]) + behind(row)


def rows() -> list[Row]:
    """P3, P4 and P7 for every operation: median and worst."""
    by_kind: dict[str, dict[str, Any]] = {"read": {}, "write": {}}
    for name, row in table().items():
        if row["calls"] and row["status"] < 400:
            by_kind["write" if row["wru"] else "read"][name] = row
    lists = {name for name, row in by_kind["read"].items() if "dynamodb.Query" in row["calls"]}
    found = []
    for what, names, most in (
        ("reads of records", by_kind["read"].keys() - lists, RECORD_TRIPS),
        ("reads of lists", lists, LIST_TRIPS),
        ("writes", set(by_kind["write"]), WRITE_TRIPS),
    ):
        counts: dict[str, float] = {name: trips(table()[name]) for name in sorted(names)}
        found.append(_told("P3", f"round trips, {what}", counts, most, ""))
    reads = {name: row["rru"] / row["read"] for name, row in by_kind["read"].items()}
    found.append(_told("P4", "read units for each item or query, reads", reads, 1, ""))
    writes: dict[str, float] = {name: written(row) for name, row in by_kind["write"].items()}
    found.append(_told("P4", "write units, sequencing included, writes", writes, UNITS, ""))
    for kind, allowed in (("read", READ_BUDGET), ("write", WRITE_BUDGET)):
        prices = {name: request(row) + sequencing(row) for name, row in by_kind[kind].items()}
        found.append(_told("P7", f"a million {kind}s", prices, allowed, " $"))
    return found


def _told(budget: str, what: str, found: dict[str, float], allowed: float, unit: str) -> Row:
    worst = max(found, key=lambda name: found[name])
    over = sum(value > allowed for value in found.values())
    measured = (
        f"median {statistics.median(found.values()):.4g}{unit}, worst {found[worst]:.4g}{unit} ({worst}); "
        f"{over} of {len(found)} over"
    )
    return Row(budget, what, measured, f"<= {allowed:g}{unit}", not over)


def document() -> str:
    """docs/cost.md."""
    kept = table()
    kinds = [_kind_line(kind, kept[kind.operation]) for kind in KINDS]
    read, write = kept["nndm/get_data_product"], kept["nav/update_dataproduct"]
    months = [_month_line(name, *size, read=read, write=write) for name, size in SIZES.items()]
    return TEMPLATE.read_text().format(
        kinds="\n".join(kinds),
        months="\n".join(months),
        over="\n".join(over(kept)),
        round_trip=ROUND_TRIP,
        own=OWN,
        read_budget=READ_BUDGET,
        write_budget=WRITE_BUDGET,
    )


def over(kept: dict[str, Any]) -> list[str]:
    """A line for each operation that asks more than P3 or P4 allow, with what it asks for."""
    return [
        f"| `{name}` | {trips(row)} | {written(row) or ''} | {_why(row)} |"
        for name, row in kept.items()
        if row["status"] < 400 and _is_over(row)
    ]


def _is_over(row: dict[str, Any]) -> bool:
    return trips(row) > trips_allowed(row) or written(row) > UNITS


def _why(row: dict[str, Any]) -> str:
    """What the operation reads, by lists and by rounds of records, and what it writes, item by item."""
    calls, items = row["calls"], row["items"]
    rounds = calls.get("dynamodb.GetItem", 0) + calls.get("dynamodb.BatchGetItem", 0)
    told = [
        (calls.get("dynamodb.Query", 0), "list read"),
        (rounds, "round of records"),
        (sum(count for name, count in calls.items() if not name.startswith("dynamodb.")), "call of another service"),
        (items.get("record", 0), "record"),
        (items.get("place", 0), "list entry"),
        (items.get("reference", 0), "reference counted"),
        (items.get("check", 0), "check of another record"),
        (items.get("event", 0), "item of events"),
        (items.get("notice", 0), "item of notices"),
    ]
    return ", ".join(f"{count} {_plural(what) if count > 1 else what}" for count, what in told if count)


def _plural(what: str) -> str:
    noun, _, rest = what.partition(" ")
    return f"{what}s".replace("entrys", "entries") if what.startswith("list") else f"{noun}s {rest}".rstrip()


def _kind_line(kind: Kind, row: dict[str, Any]) -> str:
    calls = sum(row["calls"].values())
    before = request(row) + sequencing(row)
    return (
        f"| {kind.text} | `{kind.operation}` | {calls} | {row['rru']} | {row['wru']} | {request(row):.2f} "
        f"| {sequencing(row):.2f} | {before:.2f} | {fan_out(row):.2f} |"
    )


def _month_line(name: str, reads: int, writes: int, stored: int, *, read: Any, write: Any) -> str:
    asked = reads * request(read) / 1e6
    written = writes * (request(write) + sequencing(write) + fan_out(write)) / 1e6
    kept = stored * STORED + (reads + writes) * LOG_LINE / 1e9 * LOGS
    return (
        f"| {name} | {reads:,} | {writes:,} | {asked:.2f} | {written:.2f} | {kept:.2f} | {asked + written + kept:.2f} |"
    )


if __name__ == "__main__":
    if "--show" in sys.argv:
        sys.stdout.write(document())
    else:
        DOCUMENT.write_text(document())
