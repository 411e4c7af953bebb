"""Every operation of the door as a request that could be sent: method, target, body (contract sections 2 and 7)."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from tests.wire.immuta.door import Marketplace
from tests.wire.raw import Doc

ABSENT = "9b1a3c5e-0000-4000-8000-0123456789ab"
"""A UUID that nothing has."""
ABSENT_CUID = "c000000000000000000absent"
"""A cuid that nothing has."""

PRODUCT = "/api/data-product/{id}"
Operation = tuple[str, str]

PRODUCT_READS = [
    ("GET", PRODUCT + rest)
    for rest in (
        "",
        "/datasources",
        "/datasources/all",
        "/request",
        "/members",
        "/recent-determinations",
        "/request-forms",
        "/columns",
    )
]
PRODUCT_WRITES = [
    ("PUT", PRODUCT),
    ("DELETE", PRODUCT),
    ("PUT", PRODUCT + "/datasources"),
    ("POST", PRODUCT + "/request"),
    ("POST", PRODUCT + "/request/masking-exception"),
    ("DELETE", PRODUCT + "/request/" + ABSENT_CUID),
]
REQUEST_READS = [
    ("GET", "/api/access-request/{id}" + rest)
    for rest in ("", "/records", "/masking-exception-columns", "/risk-assessment")
]
LISTS = [
    ("GET", "/api/data-product"),
    ("GET", PRODUCT + "/datasources"),
    ("GET", PRODUCT + "/request"),
    ("GET", PRODUCT + "/members"),
    ("GET", PRODUCT + "/columns"),
    ("GET", "/api/access-request"),
]
"""Lists with parameters that the contract names."""

OTHERS = [
    ("GET", "/api/data-product"),
    ("POST", "/api/data-product"),
    ("GET", "/api/data-product/{id}/byName"),
    ("GET", "/api/access-request"),
    ("DELETE", "/api/access-request/{id}"),
    ("PUT", "/api/approval-record/{id}"),
    ("GET", "/api/access-request/approved-masking-exception-columns?userId=" + ABSENT),
    ("GET", "/api/request-form"),
    ("POST", "/api/request-form"),
    ("GET", "/api/request-form/{id}"),
    ("PUT", "/api/request-form/{id}"),
    ("DELETE", "/api/request-form/{id}"),
    ("GET", "/api/request-form/version/{id}"),
    ("GET", "/api/data-use-agreement"),
    ("POST", "/api/data-use-agreement"),
    ("GET", "/api/data-use-agreement/{id}"),
    ("PUT", "/api/data-use-agreement/{id}"),
    ("DELETE", "/api/data-use-agreement/{id}"),
    ("GET", "/api/auth/user"),
]
ALL = PRODUCT_READS + PRODUCT_WRITES + REQUEST_READS + OTHERS
WITH_BODY = [one for one in ALL if one[0] in {"POST", "PUT"}]
REVIEW: Doc = {"type": "review", "params": {"stages": [{"any": [{"type": "PERMISSION", "permission": "GOVERNANCE"}]}]}}

_BODIES: dict[str, Callable[[Marketplace], Any]] = {
    "POST /api/data-product": lambda place: place.body(),
    "PUT /api/data-product/{id}": lambda place: {"description": "changed"},
    "PUT /api/data-product/{id}/datasources": lambda place: {"dataSources": []},
    "POST /api/data-product/{id}/request": lambda place: {"user": place.users[0]},
    "POST /api/data-product/{id}/request/masking-exception": lambda place: {
        "user": place.users[0],
        "columns": [{"columnName": place.column[1], "sourceId": place.column[0]}],
    },
    "PUT /api/approval-record/{id}": lambda place: {"status": "APPROVED"},
    "POST /api/request-form": lambda place: place.form_body(),
    "PUT /api/request-form/{id}": lambda place: place.form_body(),
    "POST /api/data-use-agreement": lambda place: place.terms_body(),
    "PUT /api/data-use-agreement/{id}": lambda place: place.terms_body(),
}


def body_for(operation: Operation, place: Marketplace) -> Any:
    """A valid body, None where the operation takes none."""
    make = _BODIES.get(" ".join(operation))
    return make(place) if make else None


def name(operation: Operation) -> str:
    """How a test case of this operation is called."""
    return f"{operation[0]} {operation[1].replace(ABSENT_CUID, '{requestId}').replace(ABSENT, '{userId}')}"
