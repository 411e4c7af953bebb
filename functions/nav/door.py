"""The NAV door: bare-text errors, Bearer or cookie, and NAV's own use of 401 and 403 (contract section 2)."""

from __future__ import annotations

from types import MappingProxyType

from souk.edge.call import Call
from souk.edge.dialect import Dialect
from souk.edge.request import Request
from souk.edge.response import Response
from souk.errors import (
    Busy,
    Conflict,
    Failed,
    Invalid,
    NotAllowed,
    NotFound,
    PreconditionFailed,
    SoukError,
    TooLarge,
    Unauthenticated,
    UnknownOperation,
    Unreadable,
)
from souk.ids import keys_of_url_id

__all__ = ["DOOR", "Call", "Response", "product_reads"]

TEXT = "text/plain; charset=utf-8"
UNREADABLE = "unable to deserialize request document\n"
# Most texts end their line; those that begin so do not, as NAV had it.
_BARE = ("Validation failed: ", "you are unauthorized")

# 403 says "who are you", 401 "you may not": NAV had them this way round, and its clients know it so.
_WORDS: tuple[tuple[type[SoukError], int, str | None], ...] = (
    (Unauthenticated, 403, "unauthorized access"),
    (NotAllowed, 401, None),
    (NotFound, 404, "not found\n"),
    (UnknownOperation, 404, "404 page not found\n"),
    (Unreadable, 400, UNREADABLE),
    (TooLarge, 400, UNREADABLE),
    (Invalid, 400, None),
    (Conflict, 400, "requested subject does not have an access entry"),
    (PreconditionFailed, 412, None),
    (Busy, 503, "try again\n"),
    (Failed, 503, "try again\n"),
)


class NavDoor(Dialect):
    """Anonymous callers may list products and read access logs; everything else needs a token."""

    name = "nav"
    leftovers = MappingProxyType(
        {"/api/v1/dataproduct/": "@1621987200"}
    )  # the page of 26 May 2021 shows the plural too
    public_operations = frozenset({"getDataproducts", "getAccessLog", "unknownPath"})

    def cookie_name(self) -> str | None:
        """NAV's web client carried its token in this cookie."""
        return "jwt"

    def refuse(self, error: SoukError, request: Request) -> Response:  # noqa: ARG002 - the words never name the path
        """Text and status by the table; anything unforeseen is a 500 without details."""
        for kind, status, words in _WORDS:
            if isinstance(error, kind):
                return Response(status, words or _line(error.message), {"content-type": TEXT})
        return Response(500, "internal server error\n", {"content-type": TEXT})


def _line(text: str) -> str:
    return text if text.startswith(_BARE) else f"{text}\n"


DOOR = NavDoor()


def product_reads(request: Request) -> list[str]:
    """The records that the path's product id may mean."""
    return keys_of_url_id("product", request.path_parameters.get("productID", ""))
