"""deleteRequestForm: DELETE /api/request-form/{id}, its versions stay (contract section 7)."""

from __future__ import annotations

from immuta.door import DOOR, Call, Response
from immuta.governing import form_at
from immuta.reads import form_reads
from souk.access.forms import remove_form
from souk.identity.permissions import require_write


@DOOR.operation("deleteRequestForm", reads=form_reads)
def handler(call: Call) -> Response:
    require_write(call.principal, call.work)
    remove_form(call.work, form_at(call).id)
    return call.empty(204)
