"""Agreements as the tests of their life cycle make and look at them."""

from __future__ import annotations

from typing import Any

from tests.wire.nndm.documents import World, agreement, fresh
from tests.wire.nndm.door import Door, stored
from tests.wire.raw import Doc

KIND = "datausageagreements"
NEW = ["Created", "Requested"]
APPROVED = ["Updated", "Approved"]
ACTIVE = [*APPROVED, "Activated"]


def named(*words: str) -> list[str]:
    """The names of an agreement's events."""
    return [f"DataUsageAgreement{word}" for word in words]


def made(door: Door, world: World, *actions: str, **info: Any) -> str:
    """A new agreement with these fields in `info`, after these actions."""
    id = fresh("agreement")
    sent = agreement(id, world)
    sent["info"] |= info
    stored(door.put(KIND, id, sent))
    for action in actions:
        stored(door.act(id, action))
    return id


def info(door: Door, id: str) -> Doc:
    """What GET says under `info`."""
    held: Doc = stored(door.get(KIND, id)).json()["info"]
    return held


def state(door: Door, id: str) -> tuple[str, bool]:
    """Status and activity."""
    held = info(door, id)
    return held["status"], held["active"]
