"""getDataUseAgreement: GET /api/data-use-agreement/{id}, contract section 7."""

from __future__ import annotations

from immuta.door import DOOR, Call, Response
from immuta.governing import terms_at, terms_out
from immuta.reads import terms_reads


@DOOR.operation("getDataUseAgreement", reads=terms_reads)
def handler(call: Call) -> Response:
    return call.json(terms_out(terms_at(call)))
