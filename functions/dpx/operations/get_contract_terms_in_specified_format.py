"""getContractTermsInSpecifiedFormat: GET {terms of a draft}/format (contract section 6)."""

from dpx.door import DOOR, Call, Response
from dpx.paths import draft_at, draft_keys
from dpx.terms import format_answer


@DOOR.operation("getContractTermsInSpecifiedFormat", reads=draft_keys)
def handler(call: Call) -> Response:
    return format_answer(call, draft_at(call))
