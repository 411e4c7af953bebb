"""The catalog and its assets (contract 4.1)."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import islice
from typing import Any

from dpx.answers import domain_names
from dpx.asset_query import Query, parse
from dpx.lens.asset import ASSET, DOMAIN, METHOD, VERSION, show_domain, show_method, show_version_asset
from dpx.lens.catalog import SUBTYPE, UID
from dpx.outputs import may_see, output_answer
from dpx.paths import demand_catalog
from souk.assets.assets import KIND, put_asset
from souk.catalogue import facet
from souk.edge.call import Call
from souk.errors import Invalid, NotFound
from souk.identity.permissions import require_write
from souk.ids import as_uuid, keys_for_uuid, record_key
from souk.orders.model import OUTPUT
from souk.organisation.domains import UNASSIGNED
from souk.products.places import is_kept
from souk.releases.keeping import BY_ASSET
from souk.releases.model import DRAFTS_LIST, PUBLISHED_LIST, Version
from souk.releases.product import fetch_products_of, product_with_id
from souk.releases.reading import find_version
from souk.releases.seeing import version_of
from souk.setup.catalogue import CATALOGUE, get_catalogue
from souk.store.port import Record
from souk.work import Work

Wire = dict[str, Any]
MAX_EXAMINED = 2000
"""Things that one search looks at; ask /v3/search for more."""
_BATCH = 100


def catalog_answer(call: Call) -> Wire:
    """The catalog, by its uid or its guid. Raises NotFound before the first initialization."""
    wanted = call.path["catalog_id"]
    demand_catalog(CATALOGUE if wanted == UID else wanted)
    record = get_catalogue(call.work)
    card = record.body["card"]
    url = f"/v2/catalogs/{CATALOGUE}"
    metadata = {"guid": CATALOGUE, "url": url, "creator_id": card["created_by"]}
    metadata |= {"create_time": record.created, "update_time": record.updated}
    entity = {
        "name": card["name"],
        "description": card["description"],
        "generator": "souk",
        "bss_account_id": "",
        "capacity_limit": 0,
        "is_governed": False,
        "auto_profiling": False,
        "saml_instance_name": "",
        "uid": UID,
        "subtype": SUBTYPE,
    }
    return {"metadata": metadata, "entity": entity, "href": url}


def create_asset(call: Call, document: Wire) -> Wire:
    """Make an asset under an id of the server's. Raises Invalid, NotFound, NotAllowed (a place that data lies in)."""
    demand_catalog_named(call)
    if is_kept(ASSET.card(document, None)):
        require_write(call.principal, call.work)
    return ASSET.show(put_asset(call.work, call.work.new_id(KIND), document, ASSET))


def asset_answer(call: Call) -> Wire:
    """An asset, or what else has its id and is shown as one. Raises NotFound."""
    demand_catalog(call.request.query_one("catalog_id") or CATALOGUE)
    wanted, work = call.path["asset_id"], call.work
    shows = {"asset": ASSET.show, "delivery_method": show_method, "domain": show_domain}
    work.fetch([record_key(OUTPUT, wanted), *(key for kind in shows for key in keys_for_uuid(kind, wanted))])
    output = work.find(OUTPUT, wanted)
    if output is not None and may_see(call, output):
        return output_answer(call, output)
    for kind, show in shows.items():
        for key in keys_for_uuid(kind, wanted):
            record = work.at(key)
            if record and record.kind == kind and as_uuid(kind, record.id) == wanted:
                return show(record)
    version = find_version(work, wanted)
    if version is None:
        raise NotFound(f"the asset {wanted!r} does not exist", kind="asset", id=wanted)
    return show_version_asset(version, domain_names(work, [version]))


def search_answer(call: Call, search: Wire) -> Wire:
    """Assets of one type that match a query. Raises Invalid, NotFound."""
    demand_catalog_named(call)
    query = parse(search["query"])
    found = [one for one in _candidates(call.work, call.path["asset_type"], query) if query.matches(_facts(one))]
    key = str(search.get("sort") or "")
    if key.lstrip("-+") == "asset.name":
        found.sort(key=lambda one: one["metadata"]["name"].casefold(), reverse=key.startswith("-"))
    limit = search.get("limit", MAX_EXAMINED)
    kept = ("metadata", "entity") if search.get("include") == "entity" else ("metadata",)
    return {"total_rows": len(found), "results": [{part: one[part] for part in kept} for one in found[:limit]]}


def demand_catalog_named(call: Call) -> None:
    """The query must name the catalog. Raises Invalid, NotFound."""
    catalog = call.request.query_one("catalog_id")
    if not catalog:
        raise Invalid("catalog_id: is required", code="missing")
    demand_catalog(catalog)


def _candidates(work: Work, type: str, query: Query) -> Iterable[Wire]:
    if type == DOMAIN:
        return (show_domain(one) for one in work.records("domain") if one.id != UNASSIGNED)
    if type == METHOD:
        return (show_method(one) for one in work.records("delivery_method"))
    if type == VERSION:
        return _versions(work, query)
    return _assets(work, type)


def _assets(work: Work, type: str) -> Iterator[Wire]:
    for record in islice(work.records("asset"), MAX_EXAMINED):
        shown = ASSET.show(record)
        if shown["metadata"]["asset_type"] == type or (type == "asset" and shown):
            yield shown


def _versions(work: Work, query: Query) -> list[Wire]:
    names = [facet(BY_ASSET, asset) for asset in query.assets] or [DRAFTS_LIST, PUBLISHED_LIST]
    records = {record.id: record for name in names for record in islice(work.records(name), MAX_EXAMINED)}
    versions = list(_as_versions(work, list(records.values())))
    domains = domain_names(work, versions)
    return [show_version_asset(version, domains) for version in versions]


def _as_versions(work: Work, records: list[Record]) -> Iterator[Version]:
    for start in range(0, len(records), _BATCH):
        batch = records[start : start + _BATCH]
        fetch_products_of(work, batch)
        shown = (version_of(record, product_with_id(work, record.body["card"]["product"])) for record in batch)
        yield from (version for version in shown if version)


def _facts(shown: Wire) -> dict[str, list[str]]:
    metadata, type = shown["metadata"], shown["metadata"]["asset_type"]
    facts = {
        f"asset.{name}": _texts(metadata.get(name))
        for name in ("name", "asset_id", "asset_type", "description", "tags")
    }
    entity = shown["entity"].get(type)
    for name, value in entity.items() if isinstance(entity, dict) else ():
        if isinstance(value, (str, bool)):
            facts[f"{type}.{name}"] = _texts(value)
    if type == VERSION:
        version = shown["entity"][VERSION]
        facts[f"{type}.parts_out_asset_id"] = [part["asset"]["id"] for part in version["parts_out"]]
        facts[f"{type}.product_id"] = [version["data_product"]["id"]]
        facts[f"{type}.domain"] = [version["domain"]["name"], version["domain"]["id"]]
    return facts


def _texts(value: Any) -> list[str]:
    """What can be searched of a value: documents of other doors may hold other things where texts are usual."""
    if isinstance(value, bool):
        return [str(value).lower()]
    found = value if isinstance(value, list) else [value]
    return [one for one in found if isinstance(one, str)]
