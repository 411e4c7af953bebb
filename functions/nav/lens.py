"""NAV's view of products, accesses and their log: pure functions, no I/O (contract sections 3 and 5)."""

from __future__ import annotations

import os
import re
from collections.abc import Iterable, Mapping
from typing import Any

from nav.schemas import ZERO_TIME, AccessSubject, ProductFields
from souk.access.model import Subject, user_key
from souk.access.queries import LogEntry
from souk.access.shared import Shared
from souk.errors import Invalid
from souk.identity.principal import Principal
from souk.products.card import Card, Port
from souk.store.port import Record

DIALECT = "nav"
JOB = "AccessEnsurance2000"
_MEMBER_PREFIXES = {"user": "user", "service": "serviceAccount"}
_URL_SAFE = re.compile(r"[A-Za-z0-9._~:@!$&'()*+,;=-]{1,256}\Z")
# Where the keys of a datastore stand in a port's `server`, by type (ruling 5 of the design).
_SERVER_KEYS = {
    "bucket": {"project_id": ("project",), "bucket_id": ("bucket", "location")},
    "bigquery": {"project_id": ("project",), "dataset_id": ("dataset",), "resource_id": ("table", "view")},
}


def email_domain() -> str:
    """The domain behind a team's group address."""
    return os.environ.get("SOUK_EMAIL_DOMAIN", "nav.no")


def shown_id(exact_id: str, key: str) -> str:
    """The id as NAV shows it: exactly if it is URL-safe, else the key in base 36."""
    return exact_id if _URL_SAFE.match(exact_id) and exact_id not in {".", ".."} else key


def time_text(instant: str | None) -> str:
    """A stored instant as NAV writes it: trailing zeros of the fraction dropped; none is the zero time."""
    if instant is None:
        return ZERO_TIME
    whole, _, fraction = instant.rstrip("Z").partition(".")
    digits = fraction.rstrip("0")
    return f"{whole}.{digits}Z" if digits else f"{whole}Z"


def shown(shared: Shared) -> dict[str, Any]:
    """The product object of section 3; without an access map where the reader may not see one."""
    product, access, changed = shared
    body, card = product.body, product.body["card"]
    inner: dict[str, Any] = {"name": card["title"]}
    if card.get("description"):
        inner["description"] = card["description"]
    store = shown_datastore(body)
    if store is not None:
        inner["datastore"] = [store]
    if card.get("owner"):
        inner["team"] = card["owner"]
    if access is not None:
        members = {member: time_text(end) for key, end in access.items() if (member := member_of(*key.split(":", 1)))}
        owner = {member_of("team", card["owner"]): ZERO_TIME} if card.get("owner") else {}
        inner["access"] = members | owner
    return {
        "id": shown_id(product.id, product.key),
        "data_product": inner,
        "updated": time_text(changed),
        "created": time_text(product.created),
    }


def member_of(kind: str, name: str) -> str | None:
    """The IAM member that a subject is; None for products, which NAV does not know as consumers."""
    if kind in {"team", "group"}:
        return f"group:{name}@{email_domain()}"
    prefix = _MEMBER_PREFIXES.get(kind)
    return f"{prefix}:{name}" if prefix else None


def subject_of(who: AccessSubject) -> Subject:
    """Whom a grant or revocation means, in the core's words."""
    return {"service": who.subject} if who.type == "serviceAccount" else {"user": user_key(who.subject)}


def require_datastore(product: Record) -> None:
    """Raises Invalid for a product that NAV cannot grant access to, for want of a datastore."""
    if shown_datastore(product.body) is None:
        title = product.body["card"]["title"]
        raise Invalid(f"no datastore associated with dataproduct: {shown_id(product.id, product.key)} ({title})")


def public_origin(reader: Principal) -> str | None:
    """Ruling R4: whether anonymous readers see all products (None), or those made through this door."""
    public = os.environ.get("SOUK_PUBLIC_PRODUCTS", "own")
    return DIALECT if reader.kind == "anonymous" and public != "all" else None


def shown_datastore(body: Mapping[str, Any]) -> dict[str, Any] | None:
    """The datastore as it was sent, or the first port that is one by its type and server."""
    sent = body.get("views", {}).get(DIALECT, {}).get("datastore")
    for port in body["card"]["ports"]:
        made = datastore_of(port)
        if made is not None:
            same = sent is not None and all(sent.get(name) == value for name, value in made.items())
            return dict(sent) if same and sent is not None else made
    return None


def datastore_of(port: Port) -> dict[str, Any] | None:
    """The datastore that a port is, or None for ports of other types."""
    kind = str(port.get("type", "")).lower()
    server = port.get("server") or {}
    kind = "bucket" if kind in {"gcs", "bucket"} else kind
    keys = _SERVER_KEYS.get(kind)
    if keys is None:
        return None
    found = {name: _first(server, places) for name, places in keys.items()}
    if any(value is None for value in found.values()):
        return None
    return {"type": kind, **found}


def _first(server: Mapping[str, Any], places: Iterable[str]) -> str | None:
    return next((server[place] for place in places if isinstance(server.get(place), str)), None)


def port_of(datastore: Mapping[str, Any], former: Port | None) -> Port:
    """The port that a datastore is. Fields of a former port that a datastore does not know stay."""
    kind = datastore["type"]
    name = datastore["bucket_id"] if kind == "bucket" else datastore["resource_id"]
    server = {places[0]: datastore[key] for key, places in _SERVER_KEYS[kind].items()}
    if former is None:
        return {"id": name, "name": name, "type": kind, "server": server, "auto_approve": True}
    kept = {k: v for k, v in (former.get("server") or {}).items() if k not in {"project", "dataset", "table", "bucket"}}
    port: Port = {**former, "type": kind, "server": {**kept, **server}}
    return port


def new_card(fields: ProductFields, author: str) -> tuple[Card, dict[str, Any]]:
    """The card of a product registered here, and NAV's own view of it."""
    card: Card = {
        "title": fields.name or "",
        "description": fields.description or "",
        "owner": fields.team or "",
        "status": "active",
        "self_service": True,
        "restricted": False,
        "ports": [port_of(fields.datastore, None)] if fields.datastore else [],
        "origin": DIALECT,
        "created_by": author,
    }
    return card, ({"datastore": fields.datastore} if fields.datastore else {})


def changed_card(body: Mapping[str, Any], fields: ProductFields) -> tuple[Card, dict[str, Any]]:
    """The card after a PUT: given fields overwrite, the rest stays, also what NAV cannot see."""
    card: Card = dict(body["card"])  # type: ignore[assignment]
    view = dict(body.get("views", {}).get(DIALECT, {}))
    if fields.name is not None:
        card["title"] = fields.name
    if fields.description is not None:
        card["description"] = fields.description
    if fields.team is not None:
        card["owner"] = fields.team
    if fields.datastore is not None and shown_datastore(body) != fields.datastore:
        card["ports"] = _with_datastore(card["ports"], fields.datastore)
        view["datastore"] = fields.datastore
    return card, view


def _with_datastore(ports: list[Port], datastore: Mapping[str, Any]) -> list[Port]:
    """Replace the port that NAV shows as the datastore, or add one."""
    for place, port in enumerate(ports):
        if datastore_of(port) is not None:
            return [*ports[:place], port_of(datastore, port), *ports[place + 1 :]]
    return [*ports, port_of(datastore, None)]


def log_entry(product_id: str, line: LogEntry) -> dict[str, Any]:
    """An access log line as section 5 shows it. The job's own lines carry the key of the access map."""
    by_job = not line.author
    name = user_key(line.subject) if line.kind == "user" else line.subject
    subject = member_of(line.kind, name) if by_job and line.subject else line.subject
    return {
        "dataproduct_id": product_id,
        "author": JOB if by_job else line.author,
        "subject": subject or line.subject,
        "action": line.action,
        "time": time_text(line.at),
        "expires": time_text(line.end if line.action == "grant" else None),
    }
