"""A catalogue for one history: a store in memory, all doors in process, and a clock that moves when it is told to."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

from reactions import start_deliveries, sweep_due
from souk import workflows
from souk.events.sequencer import drain
from souk.ids import key_as_cuid, record_key
from souk.store.connect import use
from souk.store.sqlite import SqliteStore
from tests.doors.callers import Caller, Doc
from tests.lenses.doors import AtOnce, InProcess, seeded

BEGIN = datetime(2031, 3, 3, 10, 30, tzinfo=UTC)
"""Where every history begins: the same history is the same on whatever day it is run."""
AGREEMENT = "DataUsageAgreement"
SHORT = timedelta(seconds=1)
SPANS_OF = {"HOURS": timedelta(hours=1), "DAYS": timedelta(days=1), "WEEKS": timedelta(weeks=1)}
"""What units of a duration mean."""


class Clock:
    """The time that everything sees."""

    at = BEGIN

    def now(self) -> datetime:
        return self.at


CLOCK = Clock()


class Scene:
    """`key` speaks for the organisation; the others are people with tokens."""

    def __init__(self) -> None:
        CLOCK.at = datetime.now(UTC)  # tokens are held against the real time
        self.store, self.machines = SqliteStore(":memory:"), AtOnce()
        use(self.store)
        workflows.use(self.machines.start)
        self.env = seeded(self.store)
        self.key: Caller = InProcess(self.env["SOUK_API_KEY"])
        self.people: dict[str, Caller] = {
            name: InProcess(self.env[f"SOUK_{name.upper()}_TOKEN"]) for name in ("manager", "owner", "other")
        }
        self.anybody: Caller = InProcess("nobody")
        self.manager = self.people["manager"]
        CLOCK.at = BEGIN
        self._last = ""
        self.news()

    def close(self) -> None:
        """Forget everything."""
        workflows.use(None)
        use(None)
        self.machines.stop()
        self.store.close()

    @property
    def now(self) -> datetime:
        return CLOCK.at

    def passes(self, span: timedelta) -> None:
        """Let time pass, unseen by the sweep."""
        CLOCK.at += span

    def sweep(self) -> None:
        """What runs every minute."""
        assert sweep_due.handler({})["failed"] == 0

    def email(self, person: str) -> str:
        return self.env[f"SOUK_{person.upper()}_EMAIL"]

    def news(self) -> list[Doc]:
        """What the feed says since it was asked last. Orders follow the accesses, as they do on the bus."""
        drain(self.store)
        found: list[Doc] = []
        while batch := self.key.done(200, "GET", f"/api/events?longPolling=false&lastEventId={self._last}"):
            found += batch
            self._last = batch[-1]["id"]
        for event in found:
            if AGREEMENT in event["type"]:
                start_deliveries.handler({"detail": event})
        return found

    def told(self) -> tuple[list[str], list[str]]:
        """The news in short: of accesses in order, of everything else sorted."""
        lines = [(name_of(event), line_of(event)) for event in self.news()]
        accesses = [line for name, line in lines if name.startswith(AGREEMENT)]
        return accesses, sorted(line for name, line in lines if not name.startswith(AGREEMENT))


def name_of(event: Doc) -> str:
    """The name of an event, without what all names share."""
    return str(event["type"].rpartition(".")[2].removesuffix("Event"))


def line_of(event: Doc) -> str:
    """An event's name, and what it is about."""
    return " ".join([name_of(event), event["subject"], *filter(None, [event["data"].get("outputPortId")])])


def request_id(exact: str) -> str:
    """The id of the request that an access is."""
    return key_as_cuid(record_key("access", exact))


def millis(instant: datetime) -> str:
    """An instant as doors show it that know milliseconds."""
    return instant.strftime("%Y-%m-%dT%H:%M:%S.") + f"{instant.microsecond // 1000:03d}Z"


def nav_time(instant: datetime | None) -> str:
    """An instant as the door of grants shows it."""
    if instant is None:
        return "0001-01-01T00:00:00Z"
    text = instant.strftime("%Y-%m-%dT%H:%M:%S.%f").rstrip("0").rstrip(".")
    return f"{text}Z"


def pick(document: Doc, *names: str) -> dict[str, Any]:
    """Some fields of a document."""
    return {name: document.get(name) for name in names}
