"""What keeps a draft from being published: all of it at once."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, cast

from souk.ids import as_uuid, keys_for_uuid, record_key
from souk.products.card import Card, Port
from souk.releases.model import ReleaseCard
from souk.store.port import Record
from souk.work import Work

_ASSET = "asset"
_DOMAIN = "domain"


def obstacles_of(work: Work, card: ReleaseCard) -> list[str]:
    """One sentence for each obstacle; none when the draft may be published."""
    problems = [] if card["content"].get("domain") else ["the data product belongs to no business domain"]
    for document in card["terms"]["documents"]:
        attachment = document.get("attachment")
        if attachment is not None and "etag" not in attachment:
            problems.append(f"the document {document['name']!r} has an attachment that was not uploaded and completed")
    return [*problems, *_parts(work, card["content"]["ports"])]


def asset_keys(port: Port) -> list[str]:
    """Keys under which the port's asset may be stored: by its exact id, or by the UUID that stands for it."""
    asset = port.get("asset")
    return list(dict.fromkeys([record_key(_ASSET, asset), *keys_for_uuid(_ASSET, asset)])) if asset else []


def asset_of(work: Work, port: Port) -> Record | None:
    """The asset that the port is, or None when it has none that is known."""
    asset = port.get("asset")
    for key in asset_keys(port):
        record = work.at(key)
        if record and record.kind == _ASSET and asset in {record.id, as_uuid(_ASSET, record.id)}:
            return record
    return None


def with_known_names(work: Work, content: Card) -> Card:
    """The content with its assets and domain by their exact ids, and ports named as the assets that they are."""
    ports = content["ports"]
    domain = content.get("domain", "")
    work.fetch([*(key for port in ports for key in asset_keys(port)), *keys_for_uuid(_DOMAIN, domain)])
    known: dict[str, Any] = {**content, "ports": [_named(port, asset_of(work, port)) for port in ports]}
    for record in map(work.at, keys_for_uuid(_DOMAIN, domain)):
        if record and record.kind == _DOMAIN and as_uuid(_DOMAIN, record.id) == domain:
            known["domain"] = record.id
    return cast(Card, known)


def _named(port: Port, asset: Record | None) -> Port:
    if asset is None:
        return port
    name = asset.body["card"].get("name") if port["name"] == port.get("asset") else None
    return cast(Port, {**port, "asset": asset.id, "name": name or port["name"]})


def _parts(work: Work, ports: list[Port]) -> Iterator[str]:
    work.fetch(key for port in ports for key in asset_keys(port))
    for port in ports:
        if "asset" not in port:
            continue  # made in a door whose ports are no assets
        record = asset_of(work, port)
        if record is None:
            yield f"the part {port['name']!r} is the asset {port['asset']!r}, which does not exist"
        elif record.body["card"].get("public") is False:
            yield f"the part {port['name']!r} is the asset {port['asset']!r}, which is not public"
