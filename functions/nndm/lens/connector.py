"""Connectors (contract X2): what they say of themselves is kept as it is."""

from __future__ import annotations

from nndm.lens.fields import Field, FieldLens
from souk.catalogue import Document
from souk.store.port import Record


class ConnectorLens(FieldLens):
    """A connector always shows `info`: typed clients cannot read a list with one that does not."""

    def show(self, record: Record) -> Document:
        """The connector as it was sent."""
        document = FieldLens.show(self, record)
        return document if document.get("info") is not None else document | {"info": {}}


CONNECTOR = ConnectorLens(
    (
        Field("type", ("info", "type")),
        Field("version", ("info", "connectorVersion")),
        Field("status", ("health", "status")),
    )
)
