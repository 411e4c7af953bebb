"""Contract terms as an Open Data Contract Standard document, version 3.1 (contract section 6, R16)."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from dpx.lens.odcs_schema import show_schema
from dpx.lens.odcs_servers import number_of, properties_of, show_servers
from souk.ids import as_uuid
from souk.products import card as cards
from souk.releases.model import AVAILABLE, DRAFT, RETIRED, Version

Wire = dict[str, Any]
VERSION = "v3.1.0"
STATUSES = {DRAFT: "draft", AVAILABLE: "active", RETIRED: "retired"}
_LINKS = {"terms_and_conditions": "termsAndConditions", "sla": "serviceLevelAgreement"}


def odcs(version: Version, terms: Wire, domain: str) -> Wire:
    """The terms of this version, as shown; `domain`: the name of the version's domain, which terms may overrule."""
    overview = terms.get("overview") or {}
    document: Wire = {
        "apiVersion": VERSION,
        "kind": "DataContract",
        "id": version.terms["id"],
        "name": overview.get("name") or version.card["title"],
        "version": overview.get("version") or version.number,
        "status": STATUSES[version.state],
        "dataProduct": as_uuid(cards.KIND, version.product),
    }
    named = (overview.get("domain") or {}).get("name") or domain
    parts: Wire = {
        "domain": named,
        "description": _description(terms.get("description") or {}, version.card.get("description", "")),
        "servers": show_servers(terms.get("servers") or []),
        "schema": show_schema(terms.get("schema") or []),
        "team": _team(terms.get("organization") or []),
        "roles": [{"role": one["role"]} for one in terms.get("roles") or [] if one.get("role")],
        "price": _price(terms.get("price") or {}),
        "slaProperties": list(_promises(terms.get("sla") or [])),
        "support": [_channel(one) for one in terms.get("support_and_communication") or []],
        "authoritativeDefinitions": list(_links(overview, terms.get("documents") or [])),
        "customProperties": _custom(terms),
    }
    return document | {name: value for name, value in parts.items() if value}


def _description(sent: Wire, fallback: str) -> Wire:
    shown = {name: sent[name] for name in ("purpose", "limitations", "usage") if sent.get(name)}
    if not shown and fallback:
        shown["purpose"] = fallback
    links = [{"type": one["type"], "url": one["url"]} for one in sent.get("more_info") or []]
    custom = properties_of([("customProperties", sent.get("custom_properties"))])
    return shown | {
        name: value for name, value in (("authoritativeDefinitions", links), ("customProperties", custom)) if value
    }


def _team(members: list[Wire]) -> Wire:
    return {"members": [{"username": one["user_id"], "role": one["role"]} for one in members]} if members else {}


def _price(sent: Wire) -> Wire:
    amount = number_of(sent.get("amount"))
    shown: Wire = {} if amount is None else {"priceAmount": amount}
    shown |= {"priceCurrency": sent["currency"]} if sent.get("currency") else {}
    return shown | ({"priceUnit": sent["unit"]} if sent.get("unit") else {})


def _promises(levels: Iterable[Wire]) -> Iterable[Wire]:
    for level in levels:
        element = {"element": level["default_element"]} if level.get("default_element") else {}
        for one in level.get("properties") or []:
            yield {"property": one["property"], "value": one["value"], **element}


def _channel(sent: Wire) -> Wire:
    return {"channel": sent["channel"], "url": sent["url"]}


def _links(overview: Wire, documents: Iterable[Wire]) -> Iterable[Wire]:
    if overview.get("more_info"):
        yield {"type": "businessDefinition", "url": overview["more_info"]}
    for one in documents:
        if one.get("url"):
            yield {"type": _LINKS[one["type"]], "url": one["url"], "description": one["name"]}


def _custom(terms: Wire) -> list[Wire]:
    amount = (terms.get("price") or {}).get("amount")
    unread = amount if number_of(amount) is None else None
    sent = [(one["key"], one["value"]) for one in terms.get("custom_properties") or []]
    return properties_of([*sent, ("priceAmount", unread)])
