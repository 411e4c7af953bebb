"""The wire forms of the hub: the token form and its answer, and the page that shows the doors."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from html import escape
from typing import Any
from urllib.parse import parse_qsl, urlencode

from souk import jsontext
from souk.access.grants import Shown
from souk.edge.request import Request
from souk.edge.response import Response
from souk.errors import Invalid, Unreadable
from souk.identity.issuer import Issued
from souk.ids import record_key

GRANT = "urn:ibm:params:oauth:grant-type:apikey"


def api_key(request: Request) -> str:
    """The API key of a token form. Raises Invalid (a property is missing, another grant), Unreadable, TooLarge."""
    form = _form(request)
    grant, key = form.get("grant_type", ""), form.get("apikey", "")
    if not grant:
        raise Invalid("property 'grant_type' either missing or empty")
    if grant != GRANT:
        raise Invalid(f"the grant type is not {GRANT}", known=False)
    if not key:
        raise Invalid("property 'apikey' either missing or empty")
    return key


def token_answer(issued: Issued) -> dict[str, Any]:
    """What a token client gets. There is no refresh: the client sends its key again."""
    return {
        "access_token": issued.token,
        "refresh_token": "not_supported",
        "token_type": "Bearer",
        "expires_in": issued.lifetime,
        "expiration": issued.expires,
        "scope": "souk",
    }


def probe(_: Request) -> Iterable[str]:
    """A record that is read to see that the store answers; it need not exist."""
    return (record_key("health", "-"),)


def grant_shown(health: Mapping[str, Any]) -> dict[str, Any]:
    """A grant as its door shows it: not what the system was told, but how it stands."""
    names = ("access", "key", "product", "subject", "wanted", "state", "attempt", "end", "reason", "at")
    return {name: health[name] for name in names if name in health}


def grants_shown(page: Shown, request: Request) -> Response:
    """A page of grants, and in `Link` where the next one begins."""
    headers = {"content-type": "application/json"}
    if page.next is not None:
        others = [(name, value) for name, value in request.query if name != "start"]
        headers["link"] = f'<{request.path}?{urlencode([*others, ("start", page.next)])}>; rel="next"'
    return Response(200, jsontext.dump([grant_shown(one) for one in page.grants]), headers)


def grant_result(document: Mapping[str, Any]) -> tuple[int, str, str]:
    """Attempt, result and reason of a report. Raises Invalid."""
    attempt, result, reason = document.get("attempt"), document.get("result"), document.get("reason", "")
    if not isinstance(attempt, int) or isinstance(attempt, bool):
        raise Invalid("property 'attempt' must be the number that the request named")
    if not isinstance(result, str) or not isinstance(reason, str):
        raise Invalid("properties 'result' and 'reason' must be text")
    return attempt, result, reason


def docs_page(page: str, documents: Iterable[tuple[str, str]]) -> str:
    """The page that shows the documents: pairs of a document's file name and its title."""
    told = [(escape(name), escape(name.partition(".")[0]), escape(title)) for name, title in documents]
    doors = "".join(
        f'<a href="docs?door={door}" data-door="{door}" title="{title}">{door}</a>' for _, door, title in told
    )
    links = " ".join(f'<a href="openapi/{name}">{title}</a>' for name, _, title in told)
    return page.replace("<!--doors-->", doors).replace("<!--links-->", links)


def _form(request: Request) -> dict[str, str]:
    try:
        return dict(parse_qsl(request.body.decode(), keep_blank_values=True, strict_parsing=False, max_num_fields=20))
    except ValueError:
        raise Unreadable("the body is not a form") from None
