"""getRequestForm: GET /api/request-form/{id}, contract section 7."""

from __future__ import annotations

from immuta.door import DOOR, Call, Response
from immuta.governing import form_at
from immuta.reads import form_reads
from immuta.showing import Showing


@DOOR.operation("getRequestForm", reads=form_reads)
def handler(call: Call) -> Response:
    return call.json(Showing(call).form(form_at(call).body["card"]))
