"""What tests of accesses say in one line: who asks, who decides, what the outbox holds."""

from __future__ import annotations

import itertools
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any, TypeVar

from souk import work as works
from souk.access import changes, requests
from souk.access.due import Swept, settle_due
from souk.access.model import Card
from souk.access.requests import Asked
from souk.catalogue import View
from souk.identity.principal import Principal
from souk.products.products import save_product
from souk.store.port import Record
from souk.store.sqlite import SqliteStore
from souk.work import Work

T = TypeVar("T")

KEY = Principal(kind="key", id="key-1")
LIMITED = Principal(kind="key", id="key-2", scopes=frozenset({"read", "write"}))
OWNER = Principal(kind="user", id="u-owner", email="olga@nav.no", teams=frozenset({"shop"}))
CLERK = frozenset({("grade", "clerk")})
ALICE = Principal(kind="user", id="u-alice", email="alice@nav.no", attributes=CLERK)
BOB = Principal(kind="user", id="u-bob", email="bob@nav.no", teams=frozenset({"analysts"}))
GOVERNOR = Principal(kind="user", id="u-gov", email="gov@nav.no", permissions=frozenset({"governance"}))
MANAGER = Principal(kind="user", id="u-man", email="man@nav.no", managed_domains=frozenset({"sales"}))


def sweep(store: SqliteStore, **bounds: float) -> Swept:
    """What the minute's sweep does; what it could not settle only counts."""
    return settle_due(store, lambda _key, _error: None, **bounds)  # type: ignore[arg-type]


class Clock:
    """The time that the core sees."""

    def __init__(self, at: datetime) -> None:
        self.at = at

    def now(self) -> datetime:
        return self.at

    def forward(self, **by: float) -> datetime:
        self.at += timedelta(**by)
        return self.at


class World:
    """A store with two teams and three products, seen through commands."""

    def __init__(self, store: SqliteStore, time: Clock) -> None:
        self.store, self.time = store, time
        self._numbers = itertools.count(1)

    def run(self, command: Callable[[Work], T], by: Principal = KEY) -> T:
        """Run and commit a command, a microsecond after the one before, so that logs have an order."""
        self.time.forward(microseconds=1)
        return works.run(self.store, command, principal=by.label)

    def seed(self) -> None:
        ports = [{"id": "out", "name": "Out"}, {"id": "open", "name": "Open", "auto_approve": True}]
        self.team("shop")
        self.team("analysts")
        self.product("orders", ports=ports, domain="sales")
        self.product("free", ports=[{"id": "table", "name": "Table"}], self_service=True)
        self.product("consumer", owner="analysts")
        self.events()

    def team(self, team_id: str) -> None:
        self.run(lambda work: work.save("team", team_id, {"card": {"name": team_id, "type": "Domain Team"}}))

    def product(self, product_id: str, **card: Any) -> None:
        whole: Any = {"title": product_id, "owner": "shop", "ports": [], "origin": "test"} | card
        self.run(lambda work: save_product(work, product_id, whole, View("test", None)))

    def ask(self, by: Principal = KEY, product: str = "orders", port: str | None = "out", **more: Any) -> str:
        """Put a new access, by default of user alice, from now on. Its id."""
        access_id = f"access-{next(self._numbers)}"
        self.put(access_id, by, product, port, **more)
        return access_id

    def put(
        self, access_id: str, by: Principal = KEY, product: str = "orders", port: str | None = "out", **more: Any
    ) -> Record:
        wanted: Any = {"product": product} | ({} if port is None else {"port": port})
        given: dict[str, Any] = {
            "subject": {"user": "alice@nav.no"},
            "dialect": "test",
            "start_on_approval": True,
        } | more
        asked = Asked(object=wanted, **given)
        return self.run(lambda work: changes.put_access(work, access_id, asked, by), by)

    def request(self, by: Principal = ALICE, product: str = "orders", **more: Any) -> str:
        given: dict[str, Any] = {
            "subject": {"user": "alice@nav.no"},
            "dialect": "test",
            "start_on_approval": True,
        } | more
        asked = Asked(object={"product": product}, **given)
        return self.run(lambda work: requests.request_access(work, asked, by), by).id

    def record(self, access_id: str) -> Record:
        return Work(self.store).get("access", access_id)

    def card(self, access_id: str) -> Card:
        card: Card = self.record(access_id).body["card"]
        return card

    def events(self) -> list[str]:
        """Verbs of the accesses' events since the last call, in order."""
        return [event["verb"] for event in self.raw_events() if event["kind"] == "access"]

    def raw_events(self) -> list[dict[str, Any]]:
        found = [event for item in self.store.pending(1000) for event in item.events]
        seen = getattr(self, "_seen", 0)
        self._seen = len(found)
        return found[seen:]

    def notices(self) -> list[str]:
        return [notice["name"] for item in self.store.pending_notices(1000) for notice in item.events]
