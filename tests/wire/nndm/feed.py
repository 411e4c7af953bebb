"""A reader of the event feed that keeps its place."""

from __future__ import annotations

import threading
from collections import defaultdict

from tests.wire.nndm.documents import fresh, team
from tests.wire.nndm.door import Door, eventually, stored
from tests.wire.raw import Doc

PREFIX = "com.datamesh-manager.events."
THREE = ("Created", "Updated", "Deleted")
KNOWN = {
    f"{kind}{what}Event"
    for kind in (
        "DataProduct",
        "OutputPort",
        "DataContract",
        "DataUsageAgreement",
        "Team",
        "SourceSystem",
        "Definition",
    )
    for what in THREE
} | {
    f"DataUsageAgreement{what}Event"
    for what in ("Requested", "Approved", "Rejected", "Canceled", "Activated", "Deactivated")
}
"""The 27 types of section 7.2; consumers ignore others, and so do these tests."""


def short(event: Doc) -> str:
    """The name of an event without prefix and suffix, as `TeamCreated`."""
    return str(event["type"]).removeprefix(PREFIX).removesuffix("Event")


def known(events: list[Doc]) -> list[Doc]:
    """The events whose type the contract names."""
    return [event for event in events if str(event["type"]).removeprefix(PREFIX) in KNOWN]


class Feed:
    """Everything in the feed so far, in order. Safe to share between threads."""

    def __init__(self, door: Door) -> None:
        self._door = door
        self._lock = threading.Lock()
        self._of: defaultdict[str, list[Doc]] = defaultdict(list)
        self.log: list[Doc] = []

    def advance(self) -> None:
        """Read on to the end as it is now."""
        with self._lock:
            batch = self._door.events(self.log[-1]["id"] if self.log else None)
            while batch:
                self.log += batch
                for event in batch:
                    self._of[event["subject"]].append(event)
                batch = self._door.events(self.log[-1]["id"]) if len(batch) >= 100 else []

    def of(self, subject: str) -> list[Doc]:
        """The events of one subject that were read so far, of the types that the contract names."""
        return known(self._of[subject])

    def settle(self) -> None:
        """Read past a change made now: everything that finished earlier has been read then (7.2)."""
        marker = fresh("marker")
        stored(self._door.put("teams", marker, team(marker)))
        self.wait(marker, "TeamCreated")

    def wait(self, subject: str, *names: str) -> list[str]:
        """The names of a subject's events once they are these, or after 15 seconds whatever they are."""

        def look() -> list[str]:
            self.advance()
            return [short(event) for event in self.of(subject)]

        seen = eventually(look, lambda found: found == list(names))
        assert seen == list(names), f"{subject}: {seen} instead of {list(names)}"
        return seen

    def settled(self, subject: str) -> list[str]:
        """The names of all events of a subject, in order, now that its requests have finished."""
        self.settle()
        return [short(event) for event in self.of(subject)]
