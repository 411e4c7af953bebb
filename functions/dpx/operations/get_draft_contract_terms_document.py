"""getDraftContractTermsDocument: GET {terms of a draft}/documents/{document_id} (contract 3.4)."""

from dpx.answers import document_answer
from dpx.door import DOOR, Call, Response
from dpx.paths import document_at, draft_at, draft_keys, terms_at


@DOOR.operation("getDraftContractTermsDocument", reads=draft_keys)
def handler(call: Call) -> Response:
    return call.json(document_answer(draft_at(call), terms_at(call), document_at(call)))
