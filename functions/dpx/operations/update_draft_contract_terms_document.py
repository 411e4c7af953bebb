"""updateDraftContractTermsDocument: PATCH {terms of a draft}/documents/{document_id} (contract 3.4)."""

from dpx.changes import patch_document
from dpx.door import DOOR, Call, Response
from dpx.paths import document_at, draft_at, draft_keys, terms_at


@DOOR.operation("updateDraftContractTermsDocument", reads=draft_keys)
def handler(call: Call) -> Response:
    return call.json(patch_document(call, draft_at(call), terms_at(call), document_at(call)))
