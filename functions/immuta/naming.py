"""Names in paths: `/api/data-product/<name>/byName`, where a name may hold slashes (contract section 3)."""

from __future__ import annotations

from souk.edge.request import Request
from souk.errors import UnknownOperation

_BEFORE = "/api/data-product/"
_AFTER = "/byName"


def name_of(request: Request) -> str:
    """The name, decoded once, by the gateway. Raises UnknownOperation for paths that are of another form."""
    _, found, rest = request.path.partition(_BEFORE)
    if not found or not rest.endswith(_AFTER):
        raise UnknownOperation(request.path)
    return rest.removesuffix(_AFTER)
