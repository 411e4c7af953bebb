"""getDataProductDraftContractTerms: GET {terms of a draft} (contract section 6)."""

from dpx.door import DOOR, Call, Response
from dpx.paths import draft_at, draft_keys
from dpx.terms import terms_answer


@DOOR.operation("getDataProductDraftContractTerms", reads=draft_keys)
def handler(call: Call) -> Response:
    return terms_answer(call, draft_at(call))
