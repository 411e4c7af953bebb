"""completeDraftContractTermsDocument: POST {terms of a draft}/documents/{document_id}/complete."""

from dpx.changes import complete
from dpx.door import DOOR, Call, Response
from dpx.paths import document_at, draft_at, draft_keys, terms_at


@DOOR.operation("completeDraftContractTermsDocument", reads=draft_keys)
def handler(call: Call) -> Response:
    return call.json(complete(call, draft_at(call), terms_at(call), document_at(call)))
