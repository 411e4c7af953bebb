"""People who are seen for the first time: told to the bus, and remembered by whoever hears of it.

A user exists from the first valid token on, but a request that reads may change nothing, and its role could not. So it
tells the bus who it saw. The message grants nothing; the record that follows holds a name and an e-mail.
"""

from __future__ import annotations

import time
from typing import Any
from uuid import uuid4

from souk import clock, jsontext
from souk.identity import users
from souk.identity.principal import Principal
from souk.ids import is_uuid
from souk.work import Work

SEEN = "user.seen"
_AGAIN_AFTER_SECONDS = 60.0
_MANY = 10_000
_MAX_TEXT = 320
_told: dict[str, float] = {}
"""By user id: when this process told of them. The record follows within a second or two."""


def is_newcomer(work: Work, principal: Principal) -> bool:
    """True for a user of whom there is no record. Costs no read: a token's request reads that record anyway."""
    return principal.kind == "user" and users.find_user(work, principal.id) is None


def tell(principal: Principal) -> None:
    """Tell the bus of a newcomer, if there is a bus; once a minute at most. Raises errors.Busy and errors.Failed."""
    from souk.bus import connect as bus

    now = time.monotonic()
    if now - _told.get(principal.id, -_AGAIN_AFTER_SECONDS) < _AGAIN_AFTER_SECONDS or not bus.is_there():
        return
    if len(_told) >= _MANY:
        _told.clear()
    _told[principal.id] = now
    bus.connect().put([_message(principal)])


def remember(work: Work, seen: dict[str, Any]) -> None:
    """Make the record of somebody who was seen, unless there is one. What is no user at all is passed over."""
    user_id, name, email = (str(seen.get(field, ""))[:_MAX_TEXT] for field in ("id", "name", "email"))
    if is_uuid(user_id) and users.find_user(work, user_id) is None:
        users.ensure_user(work, Principal(kind="user", id=user_id, name=name, email=email.lower()))


def forget() -> None:
    """Tell of everybody again: another store is in use."""
    _told.clear()


def _message(principal: Principal) -> Any:
    from souk.bus.port import Message
    from souk.events.cloudevent import render

    facts = {"id": principal.id, "name": principal.name[:_MAX_TEXT], "email": principal.email[:_MAX_TEXT]}
    event = {"name": SEEN, "time": clock.text(clock.now()), "data": facts}
    return Message(SEEN, jsontext.dump(render(event, str(uuid4()))).decode())
