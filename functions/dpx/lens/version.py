"""A draft or release as clients of both generations read it (contract section 2, "Version")."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from dpx.lens.catalog import asset_reference, container, version_id
from dpx.lens.content import DIALECT
from dpx.lens.documents import show_listed
from dpx.lens.parts import show_parts
from dpx.lens.terms import show_agreed
from souk.ids import as_uuid, is_uuid
from souk.organisation.domains import UNASSIGNED
from souk.products.card import is_restricted
from souk.releases.model import DRAFT, Version

Wire = dict[str, Any]
Names = Mapping[str, str]
"""Names of domains by id, for those that the version itself does not name."""
OPTIONAL = frozenset(
    {
        "use_cases", "workflows", "dataview_enabled", "comments", "access_control", "sub_container", "properties",
        "visualization_errors",
    }
)  # fmt: skip
"""Fields that an answer may lack."""


def show_version(version: Version, names: Names) -> Wire:
    """Every field that either generation's models require, and what a client added."""
    card, view = version.card, version.views.get(DIALECT, {})
    shown: Wire = {
        "id": version_id(version.id),
        "version": version.number,
        "state": version.state,
        "data_product": {"id": as_uuid("product", version.product), "container": container()},
        "name": card["title"],
        "description": card.get("description", ""),
        "asset": asset_reference(version.id),
        "tags": card.get("tags", []),
        "use_cases": card.get("use_cases", []),
        "types": card.get("types", []),
        "contract_terms": [show_terms(version)],
        "domain": _domain(version, view.get("domain", {}), names),
        "parts_out": show_parts(version.product, card["ports"], view.get("parts", {})),
        "is_restricted": is_restricted(card),
        "created_by": version.created_by,
        "created_at": version.created,
        "last_updated_at": version.updated,
    }
    if version.published_at:
        shown |= {"published_by": version.published_by, "published_at": version.published_at}
    if version.problems:
        shown["publish_errors"] = [{"code": "unable_to_perform", "message": text} for text in version.problems]
    return {**view.get("others", {}), **shown}


def show_terms(version: Version) -> Wire:
    """The contract terms of a version."""
    terms = version.terms
    return {
        **show_agreed(version.views.get(DIALECT, {}).get("terms", {})),
        "id": version_id(terms["id"]),
        "asset": asset_reference(terms["id"]),
        "documents": [show_listed(document) for document in terms["documents"]],
    }


def names_no_domain(version: Version) -> str | None:
    """The id of a domain whose name has to be looked up, or None."""
    domain = version.card.get("domain")
    sent = version.views.get(DIALECT, {}).get("domain", {})
    return domain if domain and is_uuid(domain) and not (sent.get("id") == domain and sent.get("name")) else None


def _domain(version: Version, sent: Wire, names: Names) -> Wire:
    domain = version.card.get("domain")
    if domain is None:
        # R10: typed clients demand a domain. A release without one is another door's: it may stay unassigned.
        draft = version.state == DRAFT
        return {"id": "" if draft else UNASSIGNED, "name": "" if draft else "Unassigned", "container": container()}
    shown = as_uuid("domain", domain)
    own = sent if sent.get("id") in {shown, domain} else {}
    name = own.get("name") or names.get(domain) or ("" if is_uuid(domain) else domain)
    return {"id": shown, **own, "name": name, "container": {**container(), **own.get("container", {})}}
