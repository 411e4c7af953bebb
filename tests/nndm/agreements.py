"""Agreements in tests: documents, days around a clock that stands still, events in short."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import Any

from tests.nndm.driver import Answer, Api

Document = dict[str, Any]
KIND = "datausageagreements"
NOON = datetime(2031, 3, 10, 12, tzinfo=UTC)
NEW = ["Created", "Requested"]
APPROVED = ["Updated", "Approved"]
ACTIVE = [*APPROVED, "Activated"]


class Clock:
    """The time that the core sees."""

    def __init__(self) -> None:
        self.at = NOON

    def now(self) -> datetime:
        return self.at

    def pass_days(self, days: float) -> None:
        self.at += timedelta(days=days)


def unexpected(key: str, error: Exception) -> None:
    """For sweeps that meet nothing bad."""
    raise AssertionError(key) from error


def day(offset: int) -> str:
    return (date(2031, 3, 10) + timedelta(days=offset)).isoformat()


def agreement(id: str = "a1", *, port: str = "out", **info: Any) -> Document:
    return {
        "id": id,
        "info": {"purpose": "Training"} | info,
        "provider": {"dataProductId": "orders", "outputPortId": port},
        "consumer": {"teamId": "analysts"},
    }


def dated(start: int | None, end: int | None = None) -> Document:
    offsets = {"startDate": start, "endDate": end}
    return {name: day(offset) for name, offset in offsets.items() if offset is not None}


class Agreements:
    """What tests do with agreements, and what the feed tells about them since the last question."""

    def __init__(self, api: Api, clock: Clock) -> None:
        self.api, self.clock = api, clock
        self._last: str | None = None
        self.news()

    def make(self, *actions: str, id: str = "a1", **more: Any) -> str:
        self.api.made(KIND, agreement(id, **more))
        for action in actions:
            assert self.act(action, id).status == 200
        return id

    def act(self, action: str, id: str = "a1") -> Answer:
        return self.api.call("POST", f"/api/{KIND}/{id}/{action}", content_type="application/json")

    def put(self, document: Document) -> Answer:
        return self.api.put(KIND, document)

    def info(self, id: str = "a1") -> Document:
        info: Document = self.api.shown(KIND, id)["info"]
        return info

    def state(self, id: str = "a1") -> tuple[str, bool]:
        info = self.info(id)
        return info["status"], info["active"]

    def raw_news(self) -> list[Document]:
        events = self.api.feed(self._last)
        self._last = events[-1]["id"] if events else self._last
        return [event for event in events if "DataUsageAgreement" in event["type"]]

    def news(self) -> list[str]:
        return [
            event["type"].removeprefix("com.datamesh-manager.events.DataUsageAgreement").removesuffix("Event")
            for event in self.raw_news()
        ]
