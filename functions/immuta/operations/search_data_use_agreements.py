"""searchDataUseAgreements: GET /api/data-use-agreement, contract section 7."""

from __future__ import annotations

from immuta.door import DOOR, Call, Response
from immuta.governing import all_terms


@DOOR.operation("searchDataUseAgreements")
def handler(call: Call) -> Response:
    return call.json(all_terms(call))
