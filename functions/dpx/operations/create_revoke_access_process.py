"""createRevokeAccessProcess: POST {release}/revoke_access (contract section 6)."""

from dpx.door import DOOR, Call, Response
from dpx.paths import release_at, release_keys
from dpx.revoking import revoke_access


@DOOR.operation("createRevokeAccessProcess", reads=release_keys)
def handler(call: Call) -> Response:
    return call.json(revoke_access(call, release_at(call)), 202)
