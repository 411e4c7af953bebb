"""updateRequestForm: PUT /api/request-form/{id}, makes a new version (contract section 7)."""

from __future__ import annotations

from immuta.door import DOOR, Call, Response
from immuta.governing import form_at
from immuta.reads import form_and_name_reads
from immuta.showing import Showing
from souk.access.forms import change_form
from souk.identity.permissions import require_write


@DOOR.operation("updateRequestForm", reads=form_and_name_reads)
def handler(call: Call) -> Response:
    from immuta.schemas.form import changed_form

    require_write(call.principal, call.work)
    changed = change_form(call.work, form_at(call).id, call.principal, **changed_form(call))
    return call.json(Showing(call).form(changed.body["card"]), 201)
