"""getPublishedDataProductDraftContractTerms: GET {terms of a release} (contract section 6)."""

from dpx.door import DOOR, Call, Response
from dpx.paths import release_at, release_keys
from dpx.terms import terms_answer


@DOOR.operation("getPublishedDataProductDraftContractTerms", reads=release_keys)
def handler(call: Call) -> Response:
    return terms_answer(call, release_at(call))
