"""Query parameters (contract G6). What is wrong with one makes the request unreadable: 400."""

from __future__ import annotations

from souk.edge.request import Request
from souk.errors import Unreadable

_FAR = 10**9
"""A page number beyond every list; larger ones mean the same."""


def page_number(request: Request) -> int | None:
    """The parameter `p`, or None. Raises Unreadable unless it is a number from 0."""
    text = request.query_one("p")
    if text is None:
        return None
    if not (text.isascii() and text.isdigit()):
        raise Unreadable(f"the query parameter p must be a page number from 0, and is '{text[:40]}'")
    return int(text) if len(text) < len(str(_FAR)) else _FAR


def required(request: Request, name: str) -> str:
    """The value of a parameter that must be there. Raises Unreadable."""
    value = request.query_one(name)
    if not value:
        raise Unreadable(f"the query parameter {name} is required")
    return value
