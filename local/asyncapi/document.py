"""The AsyncAPI document, put together."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any, NamedTuple

import yaml

from souk.events.cloudevent import name as name_of
from souk.events.names import ALSO, DEFAULT_PREFIX

Document = dict[str, Any]
_SCHEMAS = "#/components/schemas/"


class Told(NamedTuple):
    """A kind of message: its name on the bus, the `type` of its envelope, schemas of its data, whether it is fed."""

    name: str
    type: str
    data: tuple[str, ...]
    feed: bool = False


def declared() -> Document:
    """What `declared.yaml` says."""
    found: Document = yaml.safe_load((Path(__file__).parent / "declared.yaml").read_text(encoding="utf-8"))
    return found


def messages() -> list[Told]:
    """Every message, by its name: events of the log, notices, their second names, audit events."""
    found: dict[str, Told] = {}
    for one in _messages(declared()):
        known = found.get(one.name)
        found[one.name] = one._replace(data=tuple(dict.fromkeys((*known.data, *one.data)))) if known else one
    return [found[name] for name in sorted(found)]


def _messages(said: Document) -> Iterator[Told]:
    from dpx.audit import EVENTS

    for kind, verbs in said["log"].items():
        for verb in verbs:
            name = name_of({"kind": kind, "verb": verb})
            yield Told(name, DEFAULT_PREFIX + name, ("LogData",), feed=True)
            yield from _second(f"{kind}.{verb}")
    for name, data in said["notices"].items():
        yield Told(name, DEFAULT_PREFIX + name, (data,))
        yield from _second(name)
    for name in EVENTS.values():
        yield Told(name, DEFAULT_PREFIX + name, ("AuditNotice",))


def _second(name: str) -> Iterator[Told]:
    if name in ALSO:
        about = "ProductTold" if name.startswith("product") else "RequestTold"
        yield Told(ALSO[name], ALSO[name], (about,))


def asyncapi() -> Document:
    """The document."""
    found = messages()
    every = {_key(one): {"$ref": f"#/components/messages/{_key(one)}"} for one in found}
    feed = {_key(one): every[_key(one)] for one in found if one.feed}
    return {
        "asyncapi": "3.1.0",
        "info": _INFO,
        "defaultContentType": "application/json",
        "channels": {
            "feed": {
                "address": "/api/events",
                "title": "The event log, in its one order",
                "description": "Polled with the id of the last event that was read (lastEventId)",
                "messages": feed,
            },
            "bus": {
                "address": "{stack}",
                "title": "The EventBridge bus, named like the stack",
                "parameters": {"stack": {"description": "Name of the stack", "default": "souk"}},
                "messages": every,
            },
        },
        "operations": {
            "tellFeed": {"action": "send", "channel": {"$ref": "#/channels/feed"}, "summary": "What the feed tells"},
            "tellBus": {"action": "send", "channel": {"$ref": "#/channels/bus"}, "summary": "What the bus hears"},
        },
        "components": {
            "messages": {_key(one): _message(one) for one in found},
            "schemas": {"Envelope": _ENVELOPE, **declared()["schemas"]},
        },
    }


def _key(one: Told) -> str:
    """Names of components hold no dots that a generator would take for a path."""
    return one.name.replace(".", "_").replace("-", "_")


def _message(one: Told) -> Document:
    data = [{"$ref": _SCHEMAS + name} for name in one.data]
    told: Document = {"type": {"const": one.type}, "data": data[0] if len(data) == 1 else {"anyOf": data}}
    return {
        "name": one.name,
        "title": one.name,
        "contentType": "application/json",
        "payload": {
            "allOf": [{"$ref": _SCHEMAS + "Envelope"}, {"type": "object", "properties": told}],
        },
    }


_ENVELOPE: Document = {
    "type": "object",
    "description": "A CloudEvent 1.0",
    "required": ["specversion", "id", "type", "source", "subject", "time", "datacontenttype", "data"],
    "properties": {
        "specversion": {"const": "1.0"},
        "id": {"type": "string", "format": "uuid", "description": "The same whenever the message is told again"},
        "type": {"type": "string"},
        "source": {"type": "string", "format": "uri-reference"},
        "subject": {"type": "string"},
        "time": {"$ref": _SCHEMAS + "Time"},
        "datacontenttype": {"const": "application/json"},
        "principal": {"type": "string", "description": "Who caused it, if the deployment tells"},
        "data": {"type": "object"},
    },
}
_INFO: Document = {
    "title": "Souk: events",
    "version": "1",
    "description": (
        "Everything that Souk tells: the event log, as a feed to be polled and on an EventBridge bus, and "
        "notices, on the bus alone. The bus puts each CloudEvent into `detail`; `source` is `souk`, "
        "`detail-type` the message's name. Delivery is at least once, under the same id. A message of the "
        "feed has its prefix from the parameter EventTypePrefix."
    ),
    "license": {"name": "Apache-2.0"},
}
