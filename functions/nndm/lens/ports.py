"""Output ports and the assets they list (contract section 3.1)."""

from __future__ import annotations

from typing import Any

from nndm.lens.fields import Field, Fields, filled, laid, mapping, read, simple, texts, truth, unseen
from souk.catalogue import Card, Document


def asset_ids(value: Any) -> Any:
    """Ids of the assets that an array lists: an entry is an id, or an object with `id` or `assetId`."""
    if not isinstance(value, list):
        return None
    named = (_asset_id(entry) for entry in value)
    return list(dict.fromkeys(name for name in named if name)) or None


def write_assets(wanted: list[str], standing: Any) -> list[Any]:
    """The array with exactly these assets; entries that stood there keep their form."""
    stood = {_asset_id(entry): entry for entry in standing} if isinstance(standing, list) else {}
    return [stood.get(asset, asset) for asset in wanted]


def _asset_id(entry: Any) -> str | None:
    if isinstance(entry, dict):
        entry = entry.get("id") or entry.get("assetId")
    return entry if isinstance(entry, str) else None


ASSETS = Field("assets", ("assets",), asset_ids, write_assets)

PORT: Fields = (
    *simple("name", "description", "type", "status", "location"),
    Field("server", ("server",), mapping),
    Field("contains_pii", ("containsPii",), truth),
    Field("auto_approve", ("autoApprove",), truth),
    Field("contract", ("dataContractId",), filled),
    ASSETS,
    Field("tags", ("tags",), texts),
)

BITOL_PORT: Fields = (
    *simple("name", "description", "type"),
    Field("contract", ("contractId",), filled),
    Field("tags", ("tags",), texts),
)


def named(ports: Any, *, by_name: bool) -> dict[str, Document]:
    """The ports of a document by id. Where ports need no id, the name stands in, with the version where it is taken."""
    found: dict[str, Document] = {}
    for at, port in enumerate(ports if isinstance(ports, list) else ()):
        if isinstance(port, dict):
            found[_port_id(port, at, found) if by_name else port["id"]] = port
    return found


def _port_id(port: Document, at: int, taken: dict[str, Document]) -> str:
    given = [text for text in (port.get("name"), port.get("id")) if isinstance(text, str) and text] or [f"port-{at}"]
    tries = (*given, f"{given[0]}@{port.get('version')}", f"{given[0]}#{at}")
    return next(name for name in tries if name not in taken)


def read_ports(ports: dict[str, Document], fields: Fields, before: list[Card]) -> list[Card]:
    """The card's ports after a write; what the fields do not cover is kept from the port of the same id."""
    former = {port["id"]: port for port in before}
    return [
        unseen(PORT, former.get(port_id, {})) | {"id": port_id, "name": port_id} | read(fields, port)
        for port_id, port in ports.items()
    ]


def lay_ports(ports: dict[str, Document], fields: Fields, wanted: list[Card]) -> list[Document]:
    """The document's ports with the card's ports laid over them, in the card's order."""
    return [laid(fields, ports.get(port["id"], {"id": port["id"]}), port) for port in wanted]
