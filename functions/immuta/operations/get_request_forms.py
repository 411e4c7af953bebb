"""getRequestForms: GET /api/data-product/{id}/request-forms, one for each type of request (contract section 5)."""

from __future__ import annotations

from immuta.door import DOOR, Call, Response
from immuta.lens.request import TYPES
from immuta.reads import product_at, product_reads
from immuta.showing import Showing
from souk.access.asking import form_card


@DOOR.operation("getRequestForms", reads=product_reads)
def handler(call: Call) -> Response:
    card = product_at(call).body["card"]
    forms = {name: form_card(call.work, card, kind) for name, kind in TYPES.items()}
    shown = Showing(call).forms(list(forms.values()))
    return call.json([form | {"requestType": name} for name, form in zip(forms, shown, strict=True)])
