"""createRequestForm: POST /api/request-form, contract section 7."""

from __future__ import annotations

from immuta.door import DOOR, Call, Response
from immuta.reads import form_and_name_reads
from immuta.showing import Showing
from souk.access.forms import make_form
from souk.identity.permissions import require_write


@DOOR.operation("createRequestForm", reads=form_and_name_reads)
def handler(call: Call) -> Response:
    from immuta.schemas.form import new_form

    require_write(call.principal, call.work)
    return call.json(Showing(call).form(make_form(call.work, by=call.principal, **new_form(call)).body["card"]), 201)
