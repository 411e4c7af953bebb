"""Contract terms as a whole: read, exported, replaced, patched (contract section 6)."""

from __future__ import annotations

from typing import Any

from dpx.answers import domain_names
from dpx.lens.content import DIALECT
from dpx.lens.documents import show_listed
from dpx.lens.odcs import odcs
from dpx.lens.servers import servers_of, with_servers
from dpx.lens.version import show_terms, show_version
from dpx.paths import terms_at
from dpx.query import flag
from souk import patch
from souk.edge.call import JSON, Call
from souk.edge.response import Response
from souk.errors import Invalid, NotFound
from souk.ids import record_key
from souk.releases.documents import demand_terms
from souk.releases.model import Version
from souk.releases.seeing import part_uuid
from souk.releases.terms import write_terms

Wire = dict[str, Any]
ODCS = "application/odcs+yaml"
_FIXED = ("id", "asset", "documents")
FIELDS = frozenset(
    {
        "error_msg", "overview", "description", "organization", "roles", "price", "sla", "support_and_communication",
        "custom_properties", "contract_test", "servers", "schema",
    }
)  # fmt: skip
"""What terms may say beside their documents."""


def terms_answer(call: Call, version: Version) -> Response:
    """The terms, as JSON or, if the caller rather accepts it, as an ODCS document. Raises NotFound, Invalid."""
    shown = _shown(call, version)
    if not flag(call.request, "include_contract_documents", absent=True):
        shown["documents"] = []
    if flag(call.request, "autopopulate_server_information"):
        shown = with_servers(shown, _servers(call, version))
    return _as_odcs(call, version, shown) if _prefers(call, ODCS, JSON) else call.json(shown)


def format_answer(call: Call, version: Version) -> Response:
    """The terms as an ODCS document, YAML unless the caller rather accepts JSON. Raises NotFound, Invalid."""
    shown = _shown(call, version)
    format, number = (call.request.query_one(name) for name in ("format", "format_version"))
    missing = [name for name, value in (("format", format), ("format_version", number)) if not value]
    if missing:
        raise Invalid(f"{missing[0]}: is required", code="missing")
    if format != "odcs" or str(number).removeprefix("v") not in {"3", "3.1", "3.1.0"}:
        raise Invalid("format, format_version: only odcs 3 is there, as version 3.1.0")
    return _as_odcs(call, version, shown, json=_prefers(call, JSON, ODCS))


def replace_terms(call: Call, draft: Version, sent: Wire) -> Wire:
    """Replace what the terms say; documents that are not sent stay. Raises NotFound, NotAllowed, Conflict, Invalid."""
    return _written(call, draft, sent, sent.get("documents"))


def patch_terms(call: Call, draft: Version) -> Wire:
    """Change the terms by a JSON Patch. Raises NotFound, NotAllowed, Conflict, Invalid."""
    from dpx.schemas.terms import whole_terms

    before = _shown(call, draft)
    after = patch.apply(before, call.request.json, optional=FIELDS)
    if any(before[name] != after.get(name) for name in ("id", "asset")):
        raise Invalid("id and asset of contract terms cannot be changed")
    changed = after.get("documents") != before["documents"]
    sent = whole_terms(after)
    return _written(call, draft, sent, sent.get("documents", []) if changed else None)


def _written(call: Call, draft: Version, sent: Wire, documents: list[Wire] | None) -> Wire:
    others = {name: value for name, value in sent.items() if name not in _FIXED}
    views = {DIALECT: {**draft.views.get(DIALECT, {}), "terms": others}}
    wanted = None if documents is None else [_document(one) for one in [*_attached(draft, documents), *documents]]
    return show_terms(write_terms(call.work, draft, terms_at(call), wanted, views, call.principal))


def _attached(draft: Version, sent: list[Wire]) -> list[Wire]:
    """Documents that are there and that another one names as its attachment: they stay."""
    listed, named = {one.get("id") for one in sent}, {one.get("attachment", {}).get("id") for one in sent}
    return [show_listed(one) for one in draft.terms["documents"] if one["id"] in named - listed]


def _document(sent: Wire) -> Wire:
    return {name: sent[name] for name in ("id", "type", "name", "url") if name in sent}


def _shown(call: Call, version: Version) -> Wire:
    demand_terms(version, terms_at(call))
    return show_terms(version)


def _servers(call: Call, version: Version) -> list[Wire]:
    ids = [port["asset"] for port in version.card["ports"] if port.get("asset")]
    call.work.fetch(record_key("asset", one) for one in ids)
    records = {one: call.work.find("asset", one) for one in ids}
    cards = {one: record.body["card"] for one, record in records.items() if record}
    wanted = call.request.query_one("server_asset_id")
    if wanted and wanted not in {part_uuid(version.product, port) for port in version.card["ports"]}:
        raise NotFound(f"the asset {wanted!r} is no part of this version", kind="asset", id=wanted)
    return [one for one in servers_of(version, cards) if wanted in {None, "", one["asset"]["id"]}]


def _as_odcs(call: Call, version: Version, shown: Wire, *, json: bool = False) -> Response:
    domain = show_version(version, domain_names(call.work, [version]))["domain"]["name"]
    document = odcs(version, shown, domain)
    if json:
        return call.json(document)
    from souk.yamltext import yaml_text

    return call.text(yaml_text(document), content_type=ODCS)


def _prefers(call: Call, wanted: str, other: str) -> bool:
    """Whether the caller accepts `wanted` by name, and more than `other`."""
    weights: dict[str, float] = {}
    for one in call.request.headers.get("accept", "").lower().split(","):
        kind, *parameters = (part.strip() for part in one.split(";"))
        weights[kind] = next((_weight(part[2:]) for part in parameters if part.startswith("q=")), 1.0)
    return weights.get(wanted, 0.0) > weights.get(other, 0.0)


def _weight(text: str) -> float:
    try:
        return float(text)
    except ValueError:
        return 0.0
