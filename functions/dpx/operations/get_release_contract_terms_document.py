"""getReleaseContractTermsDocument: GET {terms of a release}/documents/{document_id} (contract 3.4)."""

from dpx.answers import document_answer
from dpx.door import DOOR, Call, Response
from dpx.paths import document_at, release_at, release_keys, terms_at


@DOOR.operation("getReleaseContractTermsDocument", reads=release_keys)
def handler(call: Call) -> Response:
    return call.json(document_answer(release_at(call), terms_at(call), document_at(call)))
