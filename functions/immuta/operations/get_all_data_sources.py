"""getAllDataSources: GET /api/data-product/{id}/datasources/all, their ids (contract section 4)."""

from __future__ import annotations

from immuta.door import DOOR, Call, Response
from immuta.reads import product_at, product_reads
from souk.products.sources import source_id


@DOOR.operation("getAllDataSources", reads=product_reads)
def handler(call: Call) -> Response:
    ports = product_at(call).body["card"]["ports"]
    return call.json({"dataSources": [{"sourceId": source_id(port)} for port in ports]})
