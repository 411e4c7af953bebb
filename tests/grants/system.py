"""A system that holds data, and what tests of grants say in one line."""

from __future__ import annotations

import threading
from collections.abc import Callable
from typing import Any

from souk.access import grants
from souk.access.granting import apply_access
from souk.access.grants import Card
from souk.errors import SoukError
from souk.grantors.port import Permission, Wish
from souk.ids import record_key
from souk.store.sqlite import SqliteStore
from souk.work import Work
from tests.access.world import World

ALICE = "user:alice@nav.no"


class System:
    """Gives and takes permissions of subjects on ports. `refuse` holds what its next calls raise."""

    name = "test"
    applies = True
    reports = False

    def __init__(self) -> None:
        self.held: set[tuple[str, str]] = set()
        self.calls: list[tuple[str, str, str]] = []
        self.refuse: list[SoukError] = []
        self.nameless: set[str] = set()
        self.before_revoke: Callable[[], None] = lambda: None
        self._lock = threading.Lock()

    def plan(self, wish: Wish) -> list[Permission]:
        from souk.errors import Invalid

        if wish.subject in self.nameless:
            raise Invalid("nobody knows this subject")
        return [{"who": wish.subject, "what": f"{wish.product}/{port['id']}"} for port in wish.ports]

    def grant(self, permission: Permission) -> None:
        self._note("grant", permission)
        self.held.add((permission["who"], permission["what"]))

    def revoke(self, permission: Permission) -> None:
        self.before_revoke()
        self._note("revoke", permission)
        self.held.discard((permission["who"], permission["what"]))

    def holds(self, permission: Permission) -> bool:
        return (permission["who"], permission["what"]) in self.held

    def _note(self, call: str, permission: Permission) -> None:
        with self._lock:
            self.calls.append((call, permission["who"], permission["what"]))
            if self.refuse:
                raise self.refuse.pop(0)


def key_of(access: str) -> str:
    return record_key("access", access)


def applied(world: World, *accesses: str, anew: bool = False) -> None:
    """What the reaction does when it hears of these accesses."""
    for access in accesses:
        apply_access(world.store, key_of(access), anew=anew)


def grant(store: SqliteStore, access: str) -> Card | None:
    """The grant of an access."""
    found = grants.find_grant(Work(store), key_of(access))
    return grants.card_of(found) if found else None


def state(world: World, access: str) -> str:
    """Its state, or `none`."""
    card = grant(world.store, access)
    return card["state"] if card else "none"


def notices(world: World, name: str) -> list[dict[str, Any]]:
    """The data of all notices of this name."""
    told = [notice for item in world.store.pending_notices(1000) for notice in item.events]
    return [notice["data"] for notice in told if notice["name"] == name]


def opened(world: World, port: str = "open") -> str:
    """An access that is active."""
    return world.ask(port=port)
