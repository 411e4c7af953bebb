"""Data contracts (contract section 3.2), the Open Data Contract Standard's among them (X5)."""

from __future__ import annotations

from typing import Any

from nndm.lens.fields import DIALECT, Field, Fields, custom_owner, filled, read, unseen
from souk.catalogue import Card, Document
from souk.store.port import Record

_SPECIFICATION: Fields = (
    Field("title", ("info", "title")),
    Field("version", ("info", "version")),
    Field("owner", ("info", "owner"), filled),
)
_ODCS: Fields = (Field("title", ("name",)), Field("version", ("version",)), Field("owner", ("team", "name"), filled))


def is_odcs(document: Document) -> bool:
    """True for a document of the Open Data Contract Standard."""
    return document.get("kind") == "DataContract" and "apiVersion" in document


class ContractLens:
    """Data contracts in this door's words. No other door writes them, so they show as they were sent."""

    dialect = DIALECT

    def card(self, document: Document, before: Card | None) -> Card:
        """The card of the document."""
        kept = unseen(_SPECIFICATION, before or {})
        servers = document.get("servers")
        if is_odcs(document):
            own = custom_owner(document) | read(_ODCS, document)
            return kept | own | {"format": "odcs", "servers": _server_names(servers)}
        names = list(servers) if isinstance(servers, dict) else []
        return kept | read(_SPECIFICATION, document) | {"format": "dcs", "servers": names}

    def show(self, record: Record) -> Document:
        """The document."""
        view: Document = record.body["views"][DIALECT]
        return view

    def owner_binds(self, document: Document) -> bool:
        """ODCS names a team in free text; `info.owner` is the id of a team."""
        return not is_odcs(document)


def _server_names(servers: Any) -> list[str]:
    entries = servers if isinstance(servers, list) else []
    return [str(entry["server"]) for entry in entries if isinstance(entry, dict) and entry.get("server")]


CONTRACT = ContractLens()
