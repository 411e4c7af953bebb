"""searchDataSources: GET /api/data-product/{id}/datasources, contract section 4."""

from __future__ import annotations

from immuta.door import DOOR, Call, Response
from immuta.reads import product_reads
from immuta.searching import sources


@DOOR.operation("searchDataSources", reads=product_reads)
def handler(call: Call) -> Response:
    return call.json(sources(call))
