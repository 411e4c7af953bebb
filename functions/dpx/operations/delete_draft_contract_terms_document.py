"""deleteDraftContractTermsDocument: DELETE {terms of a draft}/documents/{document_id} (contract 3.4)."""

from dpx.door import DOOR, Call, Response
from dpx.paths import document_at, draft_at, draft_keys, terms_at
from souk.releases.documents import find_document, remove_document


@DOOR.operation("deleteDraftContractTermsDocument", reads=draft_keys)
def handler(call: Call) -> Response:
    draft = draft_at(call)
    remove_document(call.work, draft, find_document(draft, terms_at(call), document_at(call)), call.principal)
    return call.empty(204)
