"""createDraftContractTermsDocument: POST {terms of a draft}/documents (contract 3.4)."""

from dpx.answers import with_upload
from dpx.door import DOOR, Call, Response
from dpx.paths import draft_at, draft_keys, terms_at
from souk.releases.documents import add_document


@DOOR.operation("createDraftContractTermsDocument", reads=draft_keys)
def handler(call: Call) -> Response:
    from dpx.schemas.document import new_document

    fields = new_document(call.document)
    return call.json(with_upload(add_document(call.work, draft_at(call), terms_at(call), fields, call.principal)), 201)
