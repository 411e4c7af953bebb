"""The product card: what the core understands of a data product. Every door shows it.

Absent optional keys mean "not given". A door's own remainder is kept beside the card (see docs/architecture.md).
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, NotRequired, TypedDict

KIND = "product"


class Port(TypedDict):
    """One way out of a product: an output port, a part, a data source, a datastore."""

    id: str
    name: str
    description: NotRequired[str]
    type: NotRequired[str]
    status: NotRequired[str]
    location: NotRequired[str]
    server: NotRequired[dict[str, Any]]
    auto_approve: NotRequired[bool]
    """An access to this port is approved without a person."""
    contains_pii: NotRequired[bool]
    contract: NotRequired[str]
    """Id of the contract that this port implements; it need not exist."""
    assets: NotRequired[list[str]]
    """Ids of assets that the port uses."""
    asset: NotRequired[str]
    """Id of the asset that this port is, where a door makes ports from assets."""
    delivery_methods: NotRequired[list[str]]
    """Ids of the ways in which an order of this port can be delivered."""
    tags: NotRequired[list[str]]
    doubted: NotRequired[bool]
    """Who named the place may not give what lies there: deliveries take nothing from it."""


class Card(TypedDict):
    """What all doors share. `owner` is a team's id; `domain` a domain's id or a free text."""

    title: str
    description: NotRequired[str]
    owner: NotRequired[str]
    domain: NotRequired[str]
    domains: NotRequired[list[str]]
    """Every domain, where a door knows several; the first equals `domain`."""
    status: NotRequired[str]
    """Life-cycle word, an open list: proposed, in development, active, deprecated, retired."""
    suspended: NotRequired[bool]
    """Access is suspended by governance; `status` keeps the former word."""
    restricted: NotRequired[bool]
    """An access needs a decision. Read `is_restricted()`, which looks at the ports too."""
    self_service: NotRequired[bool]
    """Anyone may grant themselves access."""
    version: NotRequired[str]
    tags: NotRequired[list[str]]
    types: NotRequired[list[str]]
    use_cases: NotRequired[list[dict[str, Any]]]
    ports: list[Port]
    assets: NotRequired[list[str]]
    """Ids of assets that the product as a whole uses."""
    forms: NotRequired[dict[str, str]]
    """Ids of the forms that requests fill in, by type of access."""
    judged_open: NotRequired[bool]
    """Whether the policy in force approved by default when `restricted` was last set by it."""
    origin: str
    """The dialect through which the product was made."""
    created_by: NotRequired[str]
    """User id or label of whoever made it."""


def domains_after(before: Mapping[str, Any], domain: str | None) -> list[str]:
    """The domains of a product after a write by a door that knows one: of several it writes the first.

    A product that such a door says is of no domain is of none, whatever other doors have added.
    """
    former: list[str] = before.get("domains") or []
    if domain == before.get("domain"):
        return former
    return [domain, *(one for one in former if one not in {domain, before.get("domain")})] if domain else []


def is_restricted(card: Card) -> bool:
    """An access needs a decision unless every port approves by itself, or there is no port and it is not restricted."""
    if not card["ports"]:
        return card.get("restricted", False)
    return not all(port.get("auto_approve", False) for port in card["ports"])
