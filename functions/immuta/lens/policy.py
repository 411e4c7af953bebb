"""Policies and forms in this door's words (contract section 6)."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from souk import clock
from souk.access import policy as core
from souk.access.forms import VERSION, FormCard
from souk.access.policy import Policy
from souk.identity.people import Person
from souk.identity.principal import PERMISSIONS
from souk.ids import as_uuid, key_as_cuid, record_key

Wire = dict[str, Any]
_EVENTS = {"approve": "approve", "deny": "deny", "review": "review", "dataProductPolicy": "delegate"}
_EVENTS_OUT = {word: name for name, word in _EVENTS.items()}
_APPROVERS = {
    "USER": "user",
    "GROUP": "group",
    "PERMISSION": "permission",
    "DOMAIN PERMISSION": "domain_permission",
    "ATTRIBUTE": "attribute",
    "CATALOG PERMISSION": "catalog_permission",
}
_PERMISSIONS = {
    "permission": {word.upper(): word for word in sorted(PERMISSIONS)},
    "domain_permission": {word.replace("_", " ").title(): word for word in sorted(core.DOMAIN_PERMISSIONS)},
}
_UNITS = {word.upper(): word for word in core.UNITS}
_APPROVERS_OUT = {word: name for name, word in _APPROVERS.items()}
_FIELDS = {
    "SHORT_ANSWER": "short_answer",
    "DROPDOWN": "dropdown",
    "CHECKBOXES": "checkboxes",
    "ACCESS_DURATION": "access_duration",
}
_FIELDS_OUT = {word: name for name, word in _FIELDS.items()}
DURATION_LABEL = "How long do you need access to this data?"


def as_core(wire: Wire) -> Policy:
    """The policy in the core's words. What it holds beside is kept; what is wrong, the core's check tells."""
    kept = {name: value for name, value in wire.items() if name not in {"rules", "defaultEvent", "version"}}
    sent = wire.get("rules") or []
    rules = [_rule(rule) for rule in sent] if isinstance(sent, list) else sent
    read = {**kept, "rules": rules, "default": _event(wire.get("defaultEvent"))}
    is_default = not rules and not kept and wire.get("defaultEvent") == DEFAULT["defaultEvent"]
    return core.DEFAULT if is_default else read


def _rule(rule: Any) -> Any:
    return {**rule, "event": _event(rule.get("event"))} if isinstance(rule, Mapping) else rule


def _event(event: Any) -> Any:
    if not isinstance(event, Mapping):
        return event
    params = event.get("params") if isinstance(event.get("params"), Mapping) else {}
    read: Wire = {"type": _EVENTS.get(str(event.get("type")), str(event.get("type")))}
    for name, value in (params or {}).items():
        if name == "durationUnit":
            read["unit"] = _UNITS.get(str(value), "")
        elif name == "stages" and isinstance(value, list):
            read["stages"] = [_stage(stage, _approver) for stage in value]
        elif value is not None:
            read[name] = value
    return read


def _stage(stage: Any, each: Callable[[Any], Any]) -> Any:
    if not isinstance(stage, Mapping):
        return stage
    return {
        word: [each(a) for a in approvers] if isinstance(approvers, list) else approvers
        for word, approvers in stage.items()
    }


def _approver(approver: Any) -> Any:
    if not isinstance(approver, Mapping):
        return approver
    read = {name: value for name, value in approver.items() if name not in {"type", "domainId"}}
    read["type"] = _APPROVERS.get(str(approver.get("type")), "")
    if read["type"] in _PERMISSIONS:
        read["permission"] = _PERMISSIONS[read["type"]].get(str(approver.get("permission")), "")
    if approver.get("domainId") is not None:
        read["domain"] = approver["domainId"]
    return read


def as_wire(policy: Policy) -> Wire:
    """The policy as this door shows it."""
    rules = [{**rule, "event": _event_out(rule["event"])} for rule in policy.get("rules", ())]
    kept = {name: value for name, value in policy.items() if name not in {"rules", "default", "version"}}
    version = {"version": key_as_cuid(record_key("policy_version", policy["version"]))} if policy.get("version") else {}
    return {**version, **kept, "rules": rules, "defaultEvent": _event_out(policy["default"])}


def _event_out(event: Any) -> Any:
    if not isinstance(event, Mapping):
        return event
    params: Wire = {name: value for name, value in event.items() if name not in {"type", "unit", "stages"}}
    if "unit" in event:
        params["durationUnit"] = str(event["unit"]).upper()
    if isinstance(event.get("stages"), list):
        params["stages"] = [_stage(stage, approver_out) for stage in event["stages"]]
        params["stages"] = [_without_owners(stage) for stage in params["stages"]]
    shown: Wire = {"type": _EVENTS_OUT.get(event["type"], event["type"])}
    return shown if event["type"] == "delegate" else {**shown, "params": params}


def _without_owners(stage: Any) -> Any:
    """The owner team decides as the product's steward, which this door does not list among approvers."""
    if not isinstance(stage, Mapping):
        return stage
    return {word: known_approvers(some) if isinstance(some, list) else some for word, some in stage.items()}


def known_approvers(approvers: list[Any]) -> list[Any]:
    """The approvers that this door has words for."""
    return [approver for approver in approvers if approver is not None]


def approver_out(approver: Any) -> Any:
    """An approver as this door shows it; None for one that it does not list."""
    if not isinstance(approver, Mapping) or approver.get("type") == "owner":
        return None
    shown = {name: value for name, value in approver.items() if name not in {"type", "domain", "permission"}}
    shown = {"type": _APPROVERS_OUT.get(approver["type"], approver["type"]), **shown}
    if "permission" in approver:
        words = str(approver["permission"])
        plain = approver["type"] == "permission"
        shown["permission"] = words.upper() if plain else words.replace("_", " ").title()
    if "domain" in approver:
        shown["domainId"] = approver["domain"]
    return shown


DEFAULT: Wire = as_wire(core.DEFAULT)
"""The policy of who sets none, as the contract words it."""


def fields_as_core(fields: list[Wire], new_id: Callable[[], str]) -> list[Any]:
    """The fields of a form in the core's words; those without an id get one."""
    return [_field(one, new_id) for one in fields]


def _field(one: Wire, new_id: Callable[[], str]) -> Wire:
    asks_duration = one["type"] == "ACCESS_DURATION"
    read: Wire = {
        "id": one.get("id") or new_id(),
        "type": _FIELDS[one["type"]],
        "label": DURATION_LABEL if asks_duration else one.get("label") or "",
        "required": True if asks_duration else one.get("required", True),
    }
    if one.get("options") is not None and not asks_duration:
        read["options"] = [option["value"] for option in one["options"]]
    return read


def form_out(
    card: FormCard,
    created: str,
    updated: str,
    terms: list[tuple[str, Wire]],
    called: Callable[[str], Person],
) -> Wire:
    """A form as this door shows it. `terms` are ids and cards of its data use agreements."""
    return {
        "id": as_uuid("form", card["form"]),
        "name": card["name"],
        "fields": [_field_out(dict(one)) for one in card["fields"]],
        "policy": as_wire(card["policy"]),
        "dataUseAgreements": [{"id": exact, "name": one["name"], "body": one["body"]} for exact, one in terms],
        "createdBy": _author(called, card["created_by"]),
        "updatedBy": _author(called, card["updated_by"]),
        "createdAt": time_text(created),
        "updatedAt": time_text(updated),
        "version": version_out(card["version"]),
    }


def version_out(version: str) -> str:
    """The cuid of a form's version."""
    return key_as_cuid(record_key(VERSION, version))


def _field_out(one: Wire) -> Wire:
    shown = {"id": one["id"], "type": _FIELDS_OUT[one["type"]], "label": one["label"], "required": one["required"]}
    return shown | ({"options": [{"value": value} for value in one["options"]]} if "options" in one else {})


def _author(called: Callable[[str], Person], label: str) -> Wire:
    person = called(label)
    return {"globalUserId": person.id, "name": person.name}


def time_text(instant: str) -> str:
    """A stored instant with milliseconds."""
    return f"{instant[:23]}Z" if len(instant) == 27 else clock.text(clock.parse(instant))[:23] + "Z"
