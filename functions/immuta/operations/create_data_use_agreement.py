"""createDataUseAgreement: POST /api/data-use-agreement, contract section 7."""

from __future__ import annotations

from immuta.door import DOOR, Call, Response
from immuta.governing import terms_out
from souk.access.forms import put_terms
from souk.identity.permissions import require_write


@DOOR.operation("createDataUseAgreement")
def handler(call: Call) -> Response:
    from immuta.schemas.form import new_terms

    require_write(call.principal, call.work)
    return call.json(terms_out(put_terms(call.work, **new_terms(call))), 201)
