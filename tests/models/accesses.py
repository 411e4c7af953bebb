"""The plain model of an access: who, what, from when until when, and what every door shows of that.

Written from the contracts alone: nothing of the core is used here.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta

from tests.models.scene import AGREEMENT, BEGIN

SHOWN = {
    "requested": ("requested", "PENDING"),
    "approved": ("approved", "APPROVED"),
    "active": ("approved", "APPROVED"),
    "expired": ("approved", "EXPIRED"),
    "rejected": ("rejected", "DENIED"),
    "canceled": ("canceled", "CANCELED"),
    "revoked": ("approved", "REVOKED"),
}
"""A state in the words of agreements and of requests."""

OUTCOMES = {
    "approve": {"requested": "done", "approved": "settled", "revoked": "settled"},
    "reject": {"requested": "done", "rejected": "settled"},
    "cancel": {"approved": "done", "revoked": "settled"},
}
"""What a verb on an agreement does to an access of this status; anything else refuses it."""


def midnight(day: date | None) -> datetime | None:
    """The instant that a day means."""
    return None if day is None else datetime.combine(day, time.min, UTC)


def day_after(end: datetime) -> date:
    """The first day that lies wholly behind an end."""
    return end.date() if end.time() == time.min else end.date() + timedelta(days=1)


@dataclass
class Access:
    """One access. `news` collects what is told of it, in order."""

    id: str
    product: str
    port: str
    consumer: dict[str, str]
    service: bool = False
    """The consumer is a service account."""
    exception: bool = False
    """Columns unmasked, not data: only one door knows of it."""
    named: str = ""
    """The consumer as it was spelled last."""
    begun: bool = False
    announced: bool = False
    status: str = "requested"
    start: datetime | None = None
    end: datetime | None = None
    ended: datetime | None = None
    settled: datetime = BEGIN
    begins_when_approved: bool = False
    news: list[str] = field(default_factory=list)

    # -- what it is at an instant ----------------------------------------------------------------------------------

    def active(self, now: datetime) -> bool:
        inside = self.start is not None and self.start <= now and (self.end is None or now < self.end)
        return self.status == "approved" and inside

    def state(self, now: datetime) -> str:
        last = self.ended or now
        if self.status in {"approved", "revoked"} and self.end is not None and self.end <= last:
            return "expired"
        return "active" if self.active(now) else self.status

    def over(self, now: datetime) -> bool:
        return self.state(now) in {"expired", "rejected", "canceled", "revoked"}

    def final(self, now: datetime) -> bool:
        """Whether new dates mean nothing any more: it was in force once and is not."""
        return self.status == "revoked" or (self.state(now) == "expired" and (self.begun or self._due(now)))

    @property
    def days(self) -> tuple[date | None, date | None]:
        """The days that stand for its instants."""
        last = None if self.end is None else day_after(self.end)
        if self.status == "revoked" and self.ended is not None:
            last = min(last or date.max, self.ended.date())
        return None if self.start is None else self.start.date(), last

    # -- what happens to it ----------------------------------------------------------------------------------------

    def tell(self, *names: str) -> None:
        self.news += [] if self.exception else [f"{AGREEMENT}{name} {self.id}" for name in names]

    def _due(self, now: datetime) -> bool:
        """Whether the calendar has begun it since it was looked at last."""
        passed = self.start is not None and self.settled < self.start <= now
        return self.status == "approved" and passed and (self.end is None or self.start < self.end)  # type: ignore[operator]

    def settle(self, now: datetime) -> None:
        """Beginnings and ends that the calendar brought."""
        if self._due(now) and not self.announced:
            self.announced = self.begun = True
            self.tell("Activated")
        if self.announced and self.end is not None and self.end <= now:
            self.announced = False
            self.tell("Deactivated")
        self.settled = now

    def compare(self, now: datetime) -> None:
        """A beginning or end that a command brought."""
        active = self.active(now)
        if active != self.announced:
            self.tell("Activated" if active else "Deactivated")
        self.announced, self.begun = active, self.begun or active

    def approve(self, now: datetime, until: datetime | None = None) -> None:
        self.status = "approved"
        if self.begins_when_approved and self.start is None:
            self.start = now
        self.end = min(filter(None, (until, self.end)), default=None)
        self.tell("Approved")
        self.compare(now)

    def reject(self) -> None:
        self.status = "rejected"
        self.tell("Rejected")

    def cancel(self, now: datetime) -> None:
        """A request is withdrawn."""
        self.status, self.ended = "canceled", now
        self.tell("Canceled")

    def revoke(self, now: datetime) -> None:
        self.status, self.ended = "revoked", now
        self.tell("Canceled")
        self.compare(now)

    def act(self, verb: str, outcome: str, now: datetime) -> None:
        """What an agreement's verb does: nothing to one that is so already, but what the calendar brought is told."""
        if outcome != "refused":
            self.settle(now)
        if outcome == "done":
            self.tell("Updated")
            {"approve": self.approve, "reject": lambda _: self.reject(), "cancel": self.revoke}[verb](now)

    def move(self, now: datetime, start: datetime | None, end: datetime | None) -> None:
        if not self.final(now):
            self.start, self.end = start, end
            self.compare(now)

    # -- who sees it how -------------------------------------------------------------------------------------------

    @property
    def main(self) -> tuple[str, str]:
        """The consumer that counts where a door knows one: a person, else a team, else a product."""
        order = {"userId": "user", "teamId": "group", "dataProductId": ""}
        return next((kind, self.consumer[name]) for name, kind in order.items() if name in self.consumer)

    @property
    def member(self) -> str:
        """How an access map names the consumer; empty for products."""
        kind, name = self.main
        if self.service:
            return f"serviceAccount:{name}"
        return {"user": f"user:{name.lower()}", "group": f"group:{name}@nav.no"}.get(kind, "")


def map_of(accesses: list[Access], now: datetime) -> dict[str, datetime | None]:
    """Who is in, and until when: of several accesses of one subject the latest end."""
    ends: dict[str, list[datetime | None]] = {}
    for one in accesses:
        if one.active(now) and one.member and not one.exception:
            ends.setdefault(one.member, []).append(one.end)
    return {who: None if None in found else max(filter(None, found)) for who, found in ends.items()}
