"""Requests that a served OpenAPI document allows, or nearly, sent to the door in this process, and what it answered."""

from __future__ import annotations

import json
from collections.abc import Callable
from functools import cache
from typing import Any

import requests
import schemathesis
from hypothesis import HealthCheck, Phase, given, settings
from schemathesis.core.transport import Response
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_headers_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from local.openapi.__main__ import FOLDER
from tests.gate import Guest

CHECKS = [
    schemathesis.checks.not_a_server_error,
    status_code_conformance,
    content_type_conformance,
    response_headers_conformance,
    response_schema_conformance,
]
BASE = "http://souk.example"
_KNOWN = {"method", "url", "headers", "params", "data", "json", "files", "cookies"}
"""What `requests` takes."""


@cache
def served(door: str) -> Any:
    """The document as the hub serves it, read by schemathesis."""
    schema = schemathesis.openapi.from_dict(json.loads((FOLDER / f"{door}.json").read_text()))
    schema.config.update(base_url=BASE)
    return schema


def labels(door: str) -> list[str]:
    """Method and path of every operation."""
    return [one.ok().label for one in served(door).get_all_operations()]


def operation_of(door: str, label: str) -> Any:
    """The operation of this method and path."""
    return next(one.ok() for one in served(door).get_all_operations() if one.ok().label == label)


def ask(guest: Guest, case: Any) -> Response:
    """Send one generated request with the guest's credential."""
    given = case.as_transport_kwargs(base_url=BASE, headers=guest.headers)
    given.pop("timeout", None)
    request = requests.Request(**{key: given[key] for key in given if key in _KNOWN}).prepare()
    sent: Any = request.body or b""
    body = sent.encode() if isinstance(sent, str) else bytes(sent)
    target = str(request.url).removeprefix(BASE)
    headers = {name.lower(): str(value) for name, value in request.headers.items()}
    answer = guest.send(str(request.method), target, body, headers)
    told: dict[str, list[str]] = {}
    for name, value in answer.headers.items():
        told.setdefault(name.lower(), []).append(value)
    return Response(
        status_code=answer.status, headers=told, content=answer.body, request=request, elapsed=0.0, verify=False
    )


def examine(operation: Any, guest: Guest, examples: int, put_back: Callable[[], None]) -> int:
    """Send so many requests at most, the same at each run; every answer must be one that the document tells.

    How many were sent: an operation that takes nothing has one.
    """
    answers = []

    @given(case=operation.as_strategy())
    @settings(
        max_examples=examples,
        derandomize=True,
        database=None,
        deadline=None,
        phases=[Phase.explicit, Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    def send(case: Any) -> None:
        answers.append(ask(guest, case))
        case.validate_response(answers[-1], checks=CHECKS)

    try:
        send()
    finally:
        put_back()
    return len(answers)
