"""The two list envelopes (contract section 1), and tokens that are good for their own list and filters only."""

from __future__ import annotations

import binascii
from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Sequence
from hashlib import blake2b
from itertools import accumulate
from typing import Any

from immuta.query import DEFAULT_LIMIT, MAX_TOKEN_LIMIT, OffsetPage, number
from souk import jsontext
from souk.edge.request import Request
from souk.edge.response import MAX_ANSWER
from souk.errors import Unreadable

_TAG = 8
_FREE = {"nextToken", "limit"}
"""Parameters that may change from page to page."""


def by_token(data: Sequence[Any], token: str | None, limit: int) -> dict[str, Any]:
    """A page of a token list."""
    return {"data": list(data), "meta": {"nextToken": token, "limit": limit}}


def by_offset(data: Sequence[Any], page: OffsetPage, total: int) -> dict[str, Any]:
    """A page of an offset list, cut where an answer ends: `pageCount` tells how many there are."""
    shown = _fitting(list(data))
    meta = {
        "offset": page.offset,
        "limit": page.limit,
        "totalCount": total,
        "pageCount": len(shown),
        "currentPage": page.offset // page.limit + 1,
        "totalPages": -(-total // page.limit),
    }
    return {"data": shown, "meta": meta}


def token_limit(request: Request) -> int:
    """`limit` of a token list. Raises Unreadable."""
    return number(request, "limit", DEFAULT_LIMIT, 1, MAX_TOKEN_LIMIT)


def position(request: Request) -> str | None:
    """What `token_of` was given, for this path and these filters. Raises Unreadable for any other token."""
    token = request.query_one("nextToken")
    if not token:
        return None
    try:
        raw = urlsafe_b64decode(token.encode("ascii") + b"=" * (-len(token) % 4))
        place = raw[_TAG:].decode()
    except (binascii.Error, ValueError):
        raise Unreadable("nextToken is not valid") from None
    if token_of(request, place) != token:
        raise Unreadable("nextToken is not valid for this list and these filters")
    return place


def token_of(request: Request, place: str) -> str:
    """The token that leads to this place of the list that was asked for."""
    return urlsafe_b64encode(_tag(request, place) + place.encode()).rstrip(b"=").decode()


def _fitting(data: list[Any]) -> list[Any]:
    """As many items from the first on as fit into an answer, one at least: forms may be as large as requests."""
    if len(jsontext.dump(data)) <= MAX_ANSWER:
        return data
    ends = list(accumulate(len(jsontext.dump(one)) + 1 for one in data))
    return data[: max(1, sum(end <= MAX_ANSWER for end in ends))]


def _tag(request: Request, place: str) -> bytes:
    filters = sorted((name.removesuffix("[]"), value) for name, value in request.query if name not in _FREE)
    said = repr((request.path.rstrip("/").split("/data-product")[-1], filters, place)).encode(errors="surrogatepass")
    return blake2b(said, digest_size=_TAG, person=b"immuta-token").digest()
