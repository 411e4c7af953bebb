"""Assets of the catalog, and what else is shown as an asset: domains, delivery methods, versions (contract 4.1)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from dpx.lens.content import DIALECT
from dpx.lens.places import place_of
from dpx.lens.version import show_version
from souk.ids import as_uuid
from souk.releases.model import Version
from souk.setup.catalogue import CATALOGUE
from souk.store.port import Record

Wire = dict[str, Any]
DATA = "data_asset"
URL = "ibm_url_definition"
DOMAIN = "ibm_data_product_domain"
METHOD = "ibm_data_product_delivery_method"
VERSION = "ibm_data_product_version"
PUBLIC = 0
PRIVATE = 16
_CORE_TYPES = {DATA: "data", URL: "url"}
_ASSET_TYPES = {"data": DATA, "url": URL}
_SOURCES = {"data": ["file", "table"], "url": ["url"]}


class AssetLens:
    """Documents with metadata and entity <-> core assets."""

    dialect = DIALECT

    def card(self, document: Wire, before: Wire | None) -> Wire:
        """The core's view; what only other doors know stays."""
        metadata, entity = document["metadata"], document.get("entity", {})
        type = metadata["asset_type"]
        card = {
            **(before or {}),
            "name": metadata["name"],
            "type": _CORE_TYPES.get(type, type),
            "public": metadata.get("rov", {}).get("mode", PUBLIC) == PUBLIC,
        }
        card |= {"description": metadata["description"]} if "description" in metadata else {}
        url = entity.get(URL, {}).get("url")
        return card | ({"location": url} if url else place_of(document))

    def show(self, record: Record) -> Wire:
        """The asset as it was sent, with what the server knows."""
        sent, card = record.body["views"].get(DIALECT, {}), record.body["card"]
        type = sent.get("metadata", {}).get("asset_type") or _ASSET_TYPES.get(card.get("type", ""), DATA)
        mode = PRIVATE if card.get("public") is False else PUBLIC
        metadata: Wire = {"rov": {"mode": mode}, "description": card.get("description") or "", "tags": []}
        metadata |= sent.get("metadata", {})
        metadata |= _metadata(as_uuid("asset", record.id), card.get("name") or record.id, type, record)
        entity = sent.get("entity") or _entity(type, card)
        others = {key: value for key, value in sent.items() if key not in {"metadata", "entity"}}
        return {**others, "asset_id": metadata["asset_id"], "metadata": metadata, "entity": entity}


ASSET = AssetLens()


def show_domain(record: Record) -> Wire:
    """A business domain: level1, or level2 below another."""
    card = record.body["card"]
    parent = card.get("parent")
    metadata = _metadata(as_uuid("domain", record.id), card["name"], DOMAIN, record)
    metadata |= {"tags": ["level2" if parent else "level1"], "description": card.get("description", "")}
    entity = {"name": card["name"], "use_cases": card.get("use_cases", [])}
    entity |= {"parent": {"id": as_uuid("domain", parent)}} if parent else {}
    return {"asset_id": metadata["asset_id"], "metadata": metadata, "entity": {DOMAIN: entity}}


def show_method(record: Record) -> Wire:
    """A delivery method."""
    card = record.body["card"]
    metadata = _metadata(record.id, card["name"], METHOD, record)
    metadata |= {"tags": [], "description": card["description"]}
    entity = {
        "name": card["name"],
        "resource_key": card["resource_key"],
        "supported_asset_types": [_ASSET_TYPES[one] for one in card["asset_types"]],
        "supported_data_sources": sorted({source for one in card["asset_types"] for source in _SOURCES[one]}),
        "consumer_input": card.get("consumer_input", []),
    }
    return {"asset_id": metadata["asset_id"], "metadata": metadata, "entity": {METHOD: entity}}


def show_version_asset(version: Version, names: Mapping[str, str]) -> Wire:
    """A draft or release as an asset."""
    shown = show_version(version, names)
    metadata = {
        "asset_id": version.id,
        "name": shown["name"],
        "description": shown["description"],
        "tags": shown["tags"],
        "asset_type": VERSION,
        "catalog_id": CATALOGUE,
        "created_at": version.created,
        "rov": {"mode": PUBLIC},
    }
    return {"asset_id": version.id, "metadata": metadata, "entity": {VERSION: shown}}


def _metadata(asset: str, name: str, type: str, record: Record) -> Wire:
    return {
        "asset_id": asset,
        "name": name,
        "asset_type": type,
        "catalog_id": CATALOGUE,
        "created_at": record.created,
        "usage": {"last_updated_at": record.updated},
    }


def _entity(type: str, card: Wire) -> Wire:
    """What a core asset made in another door says of itself."""
    if type == URL:
        return {URL: {"url": card.get("location") or ""}}
    named = [one for one in card.get("columns") or () if one.get("name")]
    columns = [{"name": one["name"], "type": {"type": one.get("type") or ""}} for one in named]
    return {DATA: {"columns": columns}} if columns else {DATA: {}}
