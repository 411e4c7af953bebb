"""Requests that a served document allows, or nearly, sent to the doors in this process, and what is answered."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import cache
from typing import Any

import schemathesis
from hypothesis import HealthCheck, Phase, given, settings
from schemathesis.config import SchemathesisConfig
from schemathesis.core.transport import Response
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    ensure_resource_availability,
    ignored_auth,
    response_headers_conformance,
    response_schema_conformance,
    status_code_conformance,
    use_after_free,
)

from tests.gate import Guest

TOLD = [
    schemathesis.checks.not_a_server_error,
    status_code_conformance,
    content_type_conformance,
    response_headers_conformance,
    response_schema_conformance,
]
"""What is answered is what the document tells."""
GUARDED = [*TOLD, ignored_auth]
"""And nothing is answered without a credential, or with a wrong one."""
KEPT = [*GUARDED, use_after_free, ensure_resource_availability]
"""And what was made is there, and what was deleted is not."""


_CONFIG = SchemathesisConfig.from_dict({"generation": {"with-security-parameters": False}})
"""The credential is the guest's; a second, invented one beside it would be an error of its own."""


@schemathesis.deserializer("text/plain")
def plain(_: Any, response: Response) -> str:
    """A body that is one text: an id that a link takes along, or a refusal."""
    return response.content.decode()


def doors(environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterator[bytes]:
    """Every door as a WSGI application, behind the gateway's own decoding of paths."""
    headers = {name[5:].replace("_", "-").lower(): str(environ[name]) for name in environ if name.startswith("HTTP_")}
    headers |= {"content-type": environ["CONTENT_TYPE"]} if environ.get("CONTENT_TYPE") else {}
    body = environ["wsgi.input"].read(int(environ.get("CONTENT_LENGTH") or 0))
    answer = Guest().send(environ["REQUEST_METHOD"], environ["REQUEST_URI"], body, headers)
    start_response(f"{answer.status} -", answer.headers.items())
    yield answer.body


@cache
def served(door: str) -> Any:
    """The document as the hub serves it, read by schemathesis."""
    return schemathesis.openapi.from_wsgi(f"/openapi/{door}.json", doors, config=_CONFIG)


@cache
def operations(door: str) -> dict[str, Any]:
    """Every operation of a document, by its method and path."""
    found = [one.ok() for one in served(door).get_all_operations()]
    return {one.label: one for one in found}


def settled(examples: int, **more: Any) -> settings:
    """So many examples, the same at each run."""
    return settings(
        max_examples=examples,
        derandomize=True,
        database=None,
        deadline=None,
        phases=[Phase.explicit, Phase.generate],
        suppress_health_check=list(HealthCheck),
        **more,
    )


def examine(operation: Any, guest: Guest, examples: int, put_back: Callable[[], None]) -> int:
    """Send so many requests at most; every answer must be one that the document tells.

    How many were sent: an operation that takes nothing has one.
    """
    held = {"headers": {"Authorization": guest.headers["authorization"]}}
    sent = []

    @given(case=operation.as_strategy())
    @settled(examples)
    def send(case: Any) -> None:
        sent.append(case)
        case.validate_response(case.call(**held), checks=GUARDED, transport_kwargs=held, **held)

    try:
        send()
    finally:
        put_back()
    return len(sent)


def walk(door: str, guest: Guest, walks: int, steps: int, put_back: Callable[[], None]) -> int:
    """So many walks from operation to operation, each with what the last ones answered. How many requests were sent.

    Schemathesis finds the ways: what one operation answers, another takes.
    """
    held = {"headers": {"Authorization": guest.headers["authorization"]}}
    sent = []

    class Walk(served(door).as_state_machine()):  # type: ignore[misc]
        """One walk, on a deployment of its own."""

        def get_call_kwargs(self, case: Any) -> dict[str, Any]:
            sent.append(case)
            return held

        def validate_response(self, response: Any, case: Any, additional_checks: Any = None, **kwargs: Any) -> None:
            case.validate_response(response, checks=KEPT, transport_kwargs=kwargs, recorder=self.recorder, **held)

        def teardown(self) -> None:
            put_back()

    Walk.run(settings=settled(walks, stateful_step_count=steps))
    return len(sent)
