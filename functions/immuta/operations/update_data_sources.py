"""updateDataSources: PUT /api/data-product/{id}/datasources, replaces all of them (contract section 4)."""

from __future__ import annotations

from immuta.door import DIALECT, DOOR, Call, Response
from immuta.lens.product import changes_of, view_of
from immuta.reads import product_at, product_reads
from immuta.showing import Showing
from souk.access.governed import change_product


@DOOR.operation("updateDataSources", reads=product_reads)
def handler(call: Call) -> Response:
    from immuta.schemas.product import new_sources

    product, body = product_at(call), new_sources(call)
    view = view_of(body, product)
    changed = change_product(call.work, product, changes_of(body), view, DIALECT, call.principal)
    return call.json(Showing(call).product(changed))
