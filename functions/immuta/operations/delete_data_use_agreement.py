"""deleteDataUseAgreement: DELETE /api/data-use-agreement/{id}, refused while a form shows it (contract section 7)."""

from __future__ import annotations

from immuta.door import DOOR, Call, Response
from immuta.governing import terms_at
from immuta.reads import terms_reads
from souk.access.forms import remove_terms
from souk.identity.permissions import require_write


@DOOR.operation("deleteDataUseAgreement", reads=terms_reads)
def handler(call: Call) -> Response:
    require_write(call.principal, call.work)
    remove_terms(call.work, terms_at(call).id)
    return call.empty(204)
