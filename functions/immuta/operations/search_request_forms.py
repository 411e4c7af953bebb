"""searchRequestForms: GET /api/request-form, contract section 7."""

from __future__ import annotations

from immuta.door import DOOR, Call, Response
from immuta.governing import forms


@DOOR.operation("searchRequestForms")
def handler(call: Call) -> Response:
    return call.json(forms(call))
