"""Events as CloudEvents 1.0, the same on the bus and in a feed.

`SOUK_EVENT_TYPE_PREFIX` stands before every name in `type`, `SOUK_EVENT_SOURCE` is the `source`. With
`SOUK_EVENT_PRINCIPALS` set to `true` an event says in `principal` who caused it: a user's e-mail, or a key's id.
"""

from __future__ import annotations

import os
from typing import Any

from souk.events.names import ALSO, DEFAULT_PREFIX, DEFAULT_SOURCE, FACTS, KINDS

Event = dict[str, Any]
PRINCIPALS = "SOUK_EVENT_PRINCIPALS"


def name(event: Event) -> str:
    """`DataProductCreatedEvent` for a product that was created. A notice has a name of its own."""
    given: str | None = event.get("name")
    if given is not None:
        return given
    kind, verb = event["kind"], event["verb"]
    return f"{KINDS.get(kind) or _camel(kind)}{_camel(verb)}Event"


def second_names(event: Event) -> list[str]:
    """What else an event is called on the bus. The end of an approved access is no cancelled request."""
    key = event.get("name") or f"{event['kind']}.{event['verb']}"
    if key == "access.canceled" and (event.get("data") or {}).get("status") != "canceled":
        return []
    return [ALSO[key]] if key in ALSO else []


def render(event: Event, event_id: str) -> dict[str, Any]:
    """The event's envelope and data. `time` is when it got its place, `data.timestamp` the business time."""
    envelope = {
        "specversion": "1.0",
        "id": event_id,
        "type": os.environ.get("SOUK_EVENT_TYPE_PREFIX", DEFAULT_PREFIX) + name(event),
        "source": os.environ.get("SOUK_EVENT_SOURCE", DEFAULT_SOURCE),
        "subject": _subject(event),
        "time": event.get("logged") or event["time"],
        "datacontenttype": "application/json",
        "data": _data(event),
    }
    if "principal" in event and os.environ.get(PRINCIPALS, "").lower() == "true":
        envelope["principal"] = event["principal"]
    return envelope


def shortened(envelope: dict[str, Any]) -> dict[str, Any]:
    """The envelope with no more data than the id and the time, for a bus that takes no larger one."""
    data = {key: envelope["data"][key] for key in ("id", "timestamp") if key in envelope["data"]}
    return {**envelope, "data": {**data, "shortened": True}}


def _subject(event: Event) -> str:
    subject = event["subject"] if "subject" in event else event.get("data", {}).get("id", "")
    return str(subject)


def _data(event: Event) -> dict[str, Any]:
    timestamp = event.get("due") or event["time"]
    facts: dict[str, Any] = event.get("data") or {}
    if "name" in event:
        return {**facts, "timestamp": timestamp}
    shown = {out: facts[key] for key, out in FACTS.get(event["kind"], {}).items() if key in facts}
    return {"id": event["subject"], **shown, "timestamp": timestamp}


def _camel(words: str) -> str:
    return "".join(word[:1].upper() + word[1:] for word in words.split("_"))
