"""Lists: plain arrays by creation, `?p=` and the Link header (contract G15, section 6, ruling R4)."""

from __future__ import annotations

from collections.abc import Callable
from urllib.parse import urlencode

from nndm.query import page_number
from souk import jsontext
from souk.catalogue import Document
from souk.edge.call import JSON, Call
from souk.edge.request import Request
from souk.edge.response import MAX_ANSWER, Response
from souk.pages import page_of, whole
from souk.store.port import Record


def listed(
    call: Call, list_name: str, show: Callable[[Record], Document], *, first_page_by_default: bool = False
) -> Response:
    """The list, or its page `p`. Without `p` everything, while that fits into one answer."""
    number = page_number(call.request)
    if number is None and not first_page_by_default:
        records = whole(call.work, list_name, MAX_ANSWER)
        body = None if records is None else _array(records, show)
        if body is not None and len(body) <= MAX_ANSWER:
            return Response(200, body, {"content-type": JSON})
    number = number or 0
    page = page_of(call.work, list_name, number, MAX_ANSWER)
    headers = {"content-type": JSON}
    if page.more:
        headers["link"] = f'<{_address(call.request, number + 1)}>; rel="next"'
    return Response(200, _array(page.records, show), headers)


def _array(records: list[Record], show: Callable[[Record], Document]) -> bytes:
    return b"[" + b",".join([jsontext.dump(show(record)) for record in records]) + b"]"


def _address(request: Request, number: int) -> str:
    others = [(name, value) for name, value in request.query if name != "p"]
    host = request.headers.get("host", "")
    scheme = request.headers.get("x-forwarded-proto", "http").partition(",")[0].strip()
    return f"{scheme}://{host}{request.path}?{urlencode([*others, ('p', str(number))])}"
