"""Test results (contract section 3.9)."""

from __future__ import annotations

from nndm.lens.fields import Field, FieldLens, simple
from souk.catalogue import Document
from souk.store.port import Record


class RunLens(FieldLens):
    """A run that was sent without its server shows the one that it was taken for."""

    def show(self, record: Record) -> Document:
        """The run as it was sent."""
        document = FieldLens.show(self, record)
        return document if document.get("server") is not None else document | {"server": record.body["card"]["server"]}


TEST_RUN = RunLens(
    (
        Field("contract", ("dataContractId",)),
        Field("version", ("dataContractVersion",)),
        *simple("server", "result"),
        Field("started", ("timestampStart",)),
        Field("ended", ("timestampEnd",)),
    )
)


def with_id(document: Document) -> Document:
    """The document under its id. Test tools of several years name it `runId` only."""
    if document.get("id") is not None or document.get("runId") is None:
        return document
    return {**document, "id": document["runId"]}
