"""updateDataUseAgreement: PUT /api/data-use-agreement/{id}, contract section 7."""

from __future__ import annotations

from immuta.door import DOOR, Call, Response
from immuta.governing import terms_at, terms_out
from immuta.reads import terms_reads
from souk.access.forms import put_terms
from souk.identity.permissions import require_write


@DOOR.operation("updateDataUseAgreement", reads=terms_reads)
def handler(call: Call) -> Response:
    from immuta.schemas.form import new_terms

    require_write(call.principal, call.work)
    return call.json(terms_out(put_terms(call.work, terms_id=terms_at(call).id, **new_terms(call))))
