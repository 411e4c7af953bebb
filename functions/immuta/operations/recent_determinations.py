"""recentDeterminations: GET /api/data-product/{id}/recent-determinations, contract section 5."""

from __future__ import annotations

from immuta.door import DOOR, Call, Response
from immuta.reads import product_reads
from immuta.searching import determinations


@DOOR.operation("recentDeterminations", reads=product_reads)
def handler(call: Call) -> Response:
    return call.json(determinations(call))
