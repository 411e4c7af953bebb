"""updateDataProductDraftContractTerms: PATCH {terms of a draft} (contract section 6)."""

from dpx.door import DOOR, Call, Response
from dpx.paths import draft_at, draft_keys
from dpx.terms import patch_terms


@DOOR.operation("updateDataProductDraftContractTerms", reads=draft_keys)
def handler(call: Call) -> Response:
    return call.json(patch_terms(call, draft_at(call)))
