"""Pages of lists: limit and start in, links out (contract 1.4)."""

from __future__ import annotations

import binascii
from base64 import urlsafe_b64decode, urlsafe_b64encode
from typing import Any
from urllib.parse import urlencode

from souk.edge.call import Call
from souk.edge.request import Request
from souk.errors import Invalid
from souk.releases.listing import Place

Wire = dict[str, Any]
MAX_LIMIT = 200
_MAX_TOKEN = 512
_SOURCES = 2
"""Lists in a row that most pages go over, at most."""
_OFFSET = "offset-"
_NOT_A_TOKEN = "start: is not a token that this list gave out"  # noqa: S105


def limit_of(request: Request) -> int:
    """How many items the client wants. Raises Invalid."""
    text = request.query_one("limit")
    if text is None:
        return MAX_LIMIT
    if not text.isascii() or not text.isdigit() or len(text) > 4 or not 1 <= int(text) <= MAX_LIMIT:
        raise Invalid(f"limit: must be a whole number from 1 to {MAX_LIMIT}")
    return int(text)


def start_of(request: Request, sources: int = _SOURCES) -> Place | None:
    """Where the page of a list over so many lists begins: after this place; None: at the beginning. Raises Invalid."""
    token = request.query_one("start")
    if token is None:
        return None
    try:
        raw = urlsafe_b64decode(token.encode("ascii") + b"=" * (-len(token) % 4)).decode()
        source, sort, key = raw.split("\0")
        place = Place(int(source), sort, key)
    except (binascii.Error, ValueError):
        raise Invalid(_NOT_A_TOKEN) from None
    if len(token) > _MAX_TOKEN or token != token_of(place) or not 0 <= place.source < sources:
        raise Invalid(_NOT_A_TOKEN)
    return place


def token_of(place: Place) -> str:
    """The token for a place: unpadded base64url, well below 256 characters."""
    return urlsafe_b64encode("\0".join(map(str, place)).encode()).rstrip(b"=").decode()


def page_answer(call: Call, name: str, items: list[Wire], after: Place | None) -> Wire:
    """The page under this name, with links; `next` only when there is another page."""
    limit = limit_of(call.request)
    answer: Wire = {"limit": limit, "first": {"href": _link(call.request, {"limit": str(limit)})}, name: items}
    if after is not None:
        token = token_of(after)
        answer["next"] = {"href": _link(call.request, {"limit": str(limit), "start": token}), "start": token}
    return answer


def offset_of(request: Request) -> int:
    """Where the page of a list begins that is cut by number. Raises Invalid."""
    token = request.query_one("start")
    digits = (token or f"{_OFFSET}0").removeprefix(_OFFSET)
    if digits == token or not digits.isascii() or not digits.isdigit() or len(digits) > 9:
        raise Invalid(_NOT_A_TOKEN)
    return int(digits)


def next_offset(offset: int) -> str:
    """The token of the page that begins there."""
    return f"{_OFFSET}{offset}"


def link_to(request: Request, path: str) -> str:
    """An absolute address on the host that the client called."""
    scheme = request.headers.get("x-forwarded-proto", "https")
    host = request.headers.get("host", "")
    return f"{scheme}://{host}{path}" if host else path


def _link(request: Request, changed: dict[str, str]) -> str:
    kept = [(key, value) for key, value in request.query if key not in {"limit", "start"}]
    return link_to(request, f"{request.path}?{urlencode([*kept, *changed.items()])}")
