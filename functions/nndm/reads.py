"""What a write reads along with the credential, so that a common write is one read and one transaction."""

from __future__ import annotations

from collections.abc import Iterable

from nndm.lens.fields import find
from souk.edge.dialect import Reads
from souk.edge.request import Request
from souk.errors import SoukError
from souk.ids import record_key

Path = tuple[str, ...]
_NO_SUBJECT = ""
"""Read first, it leaves an answer without ETag."""


def record_with(kind: str, *named: tuple[str, Path]) -> Reads:
    """Reads the record of this kind at the path's id, and the records that the body names: (kind, path in the body).

    A body that cannot be read names nothing; the operation says what is wrong with it.
    """

    def keys(request: Request) -> Iterable[str]:
        yield record_key(kind, request.path_parameters.get("id", ""))
        yield from named_in_body(request, *named)

    return keys


def bystanders(*named: tuple[str, Path]) -> Reads:
    """Reads the records that the body names; none of them is the subject of the answer."""

    def keys(request: Request) -> Iterable[str]:
        yield _NO_SUBJECT
        yield from named_in_body(request, *named)

    return keys


def queried(kind: str, parameter: str) -> Reads:
    """Reads the record that a query parameter names; it is not the subject of the answer."""

    def keys(request: Request) -> Iterable[str]:
        try:
            value = request.query_one(parameter)
        except SoukError:
            return
        yield from (_NO_SUBJECT, record_key(kind, value or ""))

    return keys


def named_in_body(request: Request, *named: tuple[str, Path]) -> Iterable[str]:
    """Keys of the records that the body names."""
    try:
        document = request.json
    except SoukError:
        return
    for other_kind, path in named:
        other = find(document, path)
        if isinstance(other, str) and other:
            yield record_key(other_kind, other)
