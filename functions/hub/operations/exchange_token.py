"""exchangeToken: POST /identity/token, an API key for a token of one hour, as IBM's IAM does (DPX contract 1.1)."""

from hub.door import DOOR, Call, Response
from hub.lens import api_key, token_answer
from souk.identity.issuer import exchange


@DOOR.operation("exchangeToken")
def handler(call: Call) -> Response:
    issued = exchange(call.work, api_key(call.request))
    return call.json(token_answer(issued), cache_control="no-store")
