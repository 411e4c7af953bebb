"""Access at size: many grants on one product, many approvers at once, the time from an end to its log entry, the sweep.

`python -m benchmarks.access` prints a table and writes it to benchmarks/ACCESS.md.
"""

from __future__ import annotations

import os
import platform
import statistics
import tempfile
import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path
from typing import Any
from uuid import uuid4

from benchmarks.load import load, request
from souk.ids import as_uuid
from tests.running import Running, start_souk
from tests.threads import at_once
from tests.wire.immuta.door import Caller, Marketplace
from tests.wire.immuta.people import Issuer
from tests.wire.nav.door import Door
from tests.wire.raw import Answer

RESULTS = Path(__file__).with_name("ACCESS.md")
ACTIVE, MANY, MORE = 1_000, 10_000, 500
APPROVERS = 16
ENDS = 12
DUE = 1_000
Row = tuple[str, str]


def rows() -> list[Row]:
    """Start a run of its own, measure it, stop it."""
    with tempfile.TemporaryDirectory() as folder:
        running = start_souk(Path(folder) / "state")
        try:
            return [*_approvers(running), *_ends(running), *_grants(running), *_sweep()]
        finally:
            running.stop()


def _grants(running: Running) -> list[Row]:
    key = running.env["SOUK_API_KEY"]
    door = Door(running.url, key)
    product = door.register(team="t")
    _grant(running, product, 0, ACTIVE)
    at_thousand = _grant(running, product, ACTIVE, ACTIVE + MORE)
    _grant(running, product, ACTIVE + MORE, MANY)
    at_ten = _grant(running, product, MANY, MANY + MORE)
    place = f"/api/data-product/{as_uuid('product', product)}"
    looks = {
        "access map of one product": partial(door.call, "GET", f"dataproducts/{product}"),
        "list of all products": partial(door.call, "GET", "dataproducts"),
        "access log": partial(door.call, "GET", f"access/{product}"),
        "product with its counts (Immuta)": partial(door.send, "GET", place),
        "first 10 requests of it": partial(door.send, "GET", f"{place}/request?limit=10"),
        "members 9,990 to 10,000": partial(door.send, "GET", f"{place}/members?limit=10&offset=9990"),
        "requests by expiration": partial(door.send, "GET", f"{place}/request?limit=10&sortBy=expiration"),
        "one search of requests": partial(door.send, "GET", f"{place}/request?limit=10&searchText=person-77"),
    }
    shown = [(f"{what}, {MANY + MORE:,} active accesses", _timed(look)) for what, look in looks.items()]
    return [
        (f"grants to one product with {ACTIVE:,} active accesses, 8 clients", at_thousand),
        (f"grants to one product with {MANY:,} active accesses, 8 clients", at_ten),
        *shown,
    ]


def _grant(running: Running, product: str, first: int, last: int) -> str:
    """Grant to new subjects. The rate, and percentiles."""
    bodies = [{"subject": f"person-{number}@nav.no", "type": "user"} for number in range(first, last)]
    key = running.env["SOUK_API_KEY"]
    found = load(
        running.port, [request("POST", f"/api/v1/access/{product}", key, body) for body in bodies], last - first
    )
    return f"{found.rate:,.0f}/s, p50 {found.p50:.1f} ms, p99 {found.p99:.1f} ms, {found.bad} refused"


def _timed(look: Callable[[], Answer]) -> str:
    times = []
    for _ in range(5):
        began = time.perf_counter()
        answer = look()
        times.append((time.perf_counter() - began) * 1000)
        assert answer.status == 200, answer
    return f"{statistics.median(times):,.0f} ms, {len(answer.body) / 1000:,.0f} KB"


def _approvers(running: Running) -> list[Row]:
    place = Marketplace(running.url, running.env)
    issuer, manager = Issuer.of(place, running.state), place.caller("MANAGER")
    people = [issuer.person() for _ in range(APPROVERS)]
    measured = []
    for word in ("all", "any"):
        stage = {word: [{"type": "USER", "id": person.id} for person in people]}
        form = place.made_form(policy=_review(stage))
        asked = place.request(place.product(requestFormId=form["id"]), manager)
        records = place.records(asked)
        began = time.perf_counter()
        answers = at_once(*(partial(_approve, person, records, n) for n, person in enumerate(people)))
        spent = (time.perf_counter() - began) * 1000
        won = sum(answer.status == 200 for answer in answers)
        status = manager.get(f"/api/access-request/{asked['id']}")["status"]
        what = f"{APPROVERS} approvers at once, stage of `{word}`"
        measured.append((what, f"{won} counted, {APPROVERS - won} told 409, request {status}, {spent:,.0f} ms in all"))
    return measured


def _review(stage: dict[str, Any]) -> dict[str, Any]:
    return {"rules": [], "defaultEvent": {"type": "review", "params": {"stages": [stage]}}}


def _approve(person: Caller, records: list[dict[str, Any]], number: int) -> Answer:
    record = records[min(number, len(records) - 1)]
    return person.call("PUT", f"/api/approval-record/{record['id']}", {"status": "APPROVED"})


def _ends(running: Running) -> list[Row]:
    """Accesses that end five seconds apart: when the map, the feed and the log say so."""
    door = Door(running.url, running.env["SOUK_API_KEY"])
    product = door.register(team="t")
    start = datetime.now(UTC) + timedelta(seconds=3)
    ends = {f"end-{n}@nav.no": start + timedelta(seconds=5 * n) for n in range(ENDS)}
    for subject, end in ends.items():
        assert door.grant(product, subject, expires=end.isoformat()).status == 204
    gone: dict[str, float] = {}
    logged: dict[str, float] = {}
    while len(logged) < ENDS:
        asked = datetime.now(UTC)
        shown = door.access(product)
        for subject, end in ends.items():
            if f"user:{subject}" not in shown:
                gone.setdefault(subject, (asked - end).total_seconds())
        for entry in door.log(product):
            if entry["action"] == "delete":
                subject = entry["subject"].removeprefix("user:")
                told = (datetime.fromisoformat(entry["time"]) - ends[subject]).total_seconds()
                logged.setdefault(subject, told)
        time.sleep(0.05)
    delays = sorted(logged.values())
    feed = _heard(running, ends, product)
    return [
        ("from an end to the access map, latest look that showed it gone first", f"{max(gone.values()):.2f} s"),
        ("from an end to its log entry", f"median {statistics.median(delays):.0f} s, at most {delays[-1]:.0f} s"),
        ("from an end to its event in the feed", f"median {statistics.median(feed):.0f} s, at most {max(feed):.0f} s"),
    ]


def _heard(running: Running, ends: dict[str, datetime], product: str) -> list[float]:
    """Seconds from each end to the place of its Deactivated event in the log."""
    with running.client() as client:
        known = client.get("/api/datausageagreements").json()
        subjects = {one["id"]: one["consumer"].get("userId") for one in known}
        found: list[float] = []
        last = ""
        while page := client.get(f"/api/events?longPolling=false&lastEventId={last}").json():
            last = page[-1]["id"]
            for event in page:
                end = ends.get(subjects.get(event["subject"], ""))
                if end is not None and event["type"].endswith("AgreementDeactivatedEvent"):
                    found.append((datetime.fromisoformat(event["time"]) - end).total_seconds())
    assert len(found) == len(ends), product
    return found


def _sweep() -> list[Row]:
    """The sweep by itself, on a store in memory."""
    from souk import clock
    from souk.access import self_service
    from souk.access.due import settle_due
    from souk.identity.principal import Principal
    from souk.products.saving import save_card
    from souk.store.sqlite import SqliteStore
    from souk.work import run

    store, by = SqliteStore(":memory:"), Principal(kind="key", id="k")
    card: Any = {"title": "p", "ports": [{"id": "x"}], "self_service": True, "origin": "nav", "status": "active"}
    run(store, lambda work: save_card(work, "p", card, "nav"))
    soon = clock.now() + timedelta(seconds=DUE / 100)
    for number in range(DUE):
        subject: Any = {"user": f"{number}-{uuid4().hex}@nav.no"}
        run(store, partial(self_service.grant, product="p", subject=subject, until=soon, by=by, dialect="nav"))
    while clock.now() <= soon:
        time.sleep(0.1)
    began = time.perf_counter()
    swept = settle_due(store, lambda _key, _error: None)
    spent = time.perf_counter() - began
    began = time.perf_counter()
    settle_due(store, lambda _key, _error: None)
    idle = (time.perf_counter() - began) * 1000
    return [
        (f"sweep of {swept.settled:,} ends", f"{swept.settled / spent:,.0f}/s, one commit each"),
        ("sweep with nothing due", f"{idle:.1f} ms, one query"),
    ]


def run() -> None:
    """Measure, print and write."""
    where = (
        f"{datetime.now(UTC):%Y-%m-%d}, Python {platform.python_version()}, {os.cpu_count()} cores, "
        f"load before the run {os.getloadavg()[0]:.1f}"
    )
    table = "\n".join(["| what | measured |", "|---|---|", *(f"| {what} | {found} |" for what, found in rows())])
    print(f"{where}\n\n{table}")
    RESULTS.write_text(f"# Access at size\n\nMeasured by `python -m benchmarks.access`: {where}.\n\n{table}\n")


if __name__ == "__main__":
    run()
