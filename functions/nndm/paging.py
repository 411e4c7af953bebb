"""Lists: plain arrays by creation, `?p=` and the Link header (contract G15, section 6, ruling R4), filters (X7)."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from urllib.parse import urlencode

from nndm.query import page_number
from souk import jsontext
from souk.catalogue import Document
from souk.edge.call import JSON, Call
from souk.edge.request import Request
from souk.edge.response import MAX_ANSWER, Response
from souk.pages import page_of, scan, whole
from souk.store.port import MAX_PAGE, Record

Show = Callable[[Record], Document]
Wanted = Callable[[Record], bool]


def listed(
    call: Call, list_name: str, show: Show, *, wanted: Wanted | None = None, first_page_by_default: bool = False
) -> Response:
    """The list, or its page `p`. Without `p` everything, while that fits into one answer. `wanted` filters it."""
    number = page_number(call.request)
    if wanted is not None:
        return _filtered(call, (show(record) for record in scan(call.work, list_name) if wanted(record)), number)
    if number is None and not first_page_by_default:
        records = whole(call.work, list_name, MAX_ANSWER)
        body = None if records is None else _array([jsontext.dump(show(record)) for record in records])
        if body is not None and len(body) <= MAX_ANSWER:
            return Response(200, body, {"content-type": JSON})
    number = number or 0
    page = page_of(call.work, list_name, number, MAX_ANSWER)
    return _page(call.request, [jsontext.dump(show(record)) for record in page.records], number, page.more)


def _filtered(call: Call, documents: Iterator[Document], number: int | None) -> Response:
    pages = _cut(map(jsontext.dump, documents), None if number is None else MAX_PAGE)
    page = next((page for at, page in enumerate(pages) if at == (number or 0)), [])
    return _page(call.request, page, number or 0, next(pages, None) is not None)


def _cut(entries: Iterator[bytes], most: int | None) -> Iterator[list[bytes]]:
    """Pages of so many entries at most, each within one answer."""
    page: list[bytes] = []
    size = 2
    for entry in entries:
        if page and (len(page) == most or size + len(entry) > MAX_ANSWER):
            yield page
            page, size = [], 2
        page.append(entry)
        size += len(entry) + 1
    if page:
        yield page


def _page(request: Request, entries: list[bytes], number: int, more: bool) -> Response:
    headers = {"content-type": JSON}
    if more:
        headers["link"] = f'<{_address(request, number + 1)}>; rel="next"'
    return Response(200, _array(entries), headers)


def _array(entries: list[bytes]) -> bytes:
    return b"[" + b",".join(entries) + b"]"


def _address(request: Request, number: int) -> str:
    others = [(name, value) for name, value in request.query if name != "p"]
    host = request.headers.get("host", "")
    scheme = request.headers.get("x-forwarded-proto", "http").partition(",")[0].strip()
    return f"{scheme}://{host}{request.path}?{urlencode([*others, ('p', str(number))])}"
