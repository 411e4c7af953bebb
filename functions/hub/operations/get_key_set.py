"""getKeySet: GET /identity/jwks, the public keys of Souk's own tokens."""

from hub.door import DOOR, Call, Response
from souk.identity.issuer import key_set


@DOOR.operation("getKeySet")
def handler(call: Call) -> Response:
    return call.json(key_set(call.work), cache_control="max-age=300")
