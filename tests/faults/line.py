"""The line between Souk and AWS, at botocore's `before-send`: it counts calls, and breaks where it is told to."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any, NamedTuple

import botocore.handlers
from botocore.awsrequest import AWSResponse
from botocore.exceptions import ConnectTimeoutError, EndpointConnectionError, ReadTimeoutError

from tests.faults.cloud import Answered, Cloud, response, said

NOWHERE = "http://127.0.0.1:9"
_THROTTLES = {
    "dynamodb": ("ProvisionedThroughputExceededException", 400),
    "s3": ("SlowDown", 503),
    "eventbridge": ("ThrottlingException", 400),
    "sfn": ("ThrottlingException", 400),
    "lakeformation": ("ThrottlingException", 400),
    "kms": ("ThrottlingException", 400),
}
_CONTENDED = {"PutItem", "UpdateItem", "DeleteItem"}


class Call(NamedTuple):
    """One request that went out."""

    service: str
    operation: str


class Fault(NamedTuple):
    """What breaks: the call of this number, or (lasting) it and every one after it."""

    place: int
    kind: str
    lasting: bool

    def hits(self, number: int, call: Call) -> bool:
        """This call is to break."""
        meant = number >= self.place if self.lasting else number == self.place
        return meant and applies(self.kind, call)

    def __str__(self) -> str:
        return f"{self.kind} {'from' if self.lasting else 'at'} call {self.place}"


class Line:
    """Passes requests to the cloud, or breaks."""

    def __init__(self, cloud: Cloud) -> None:
        self.cloud = cloud
        self.calls: list[Call] = []
        self.fault: Fault | None = None
        self.heard: Callable[[Call, Any], None] = lambda call, request: None
        """Told of every call with its request."""
        self._aside = 0

    def __call__(self, request: Any, event_name: str, **_: Any) -> AWSResponse:
        """The handler of `before-send`."""
        call = Call(*event_name.removeprefix("before-send.").split("."))

        def done() -> AWSResponse:
            return self.cloud.answer(request, *call)

        if self._aside:
            return done()
        number = len(self.calls)
        self.calls.append(call)
        self.heard(call, request)
        if self.fault is None or not self.fault.hits(number, call):
            return done()
        return KINDS[self.fault.kind](call, request, done)

    @contextmanager
    def aside(self) -> Iterator[None]:
        """What another process does: not counted, not broken."""
        self._aside += 1
        try:
            yield
        finally:
            self._aside -= 1

    @contextmanager
    def connected(self) -> Iterator[None]:
        """Every client made from here on speaks over this line."""
        name = ("before-send", self)
        botocore.handlers.BUILTIN_HANDLERS.append(name)
        try:
            yield
        finally:
            botocore.handlers.BUILTIN_HANDLERS.remove(name)


Done = Callable[[], AWSResponse]


def applies(kind: str, call: Call) -> bool:
    """Only writes to tables meet the transactions of others."""
    contended = call.service == "dynamodb" and call.operation in {*_CONTENDED, "TransactWriteItems"}
    return kind != "conflict" or contended


def _before(call: Call, request: Any, done: Done) -> AWSResponse:
    raise EndpointConnectionError(endpoint_url=NOWHERE)


def _after(call: Call, request: Any, done: Done) -> AWSResponse:
    done()
    return response(request.url, *refused(call, "InternalServerError", 500))


def _lost(call: Call, request: Any, done: Done) -> AWSResponse:
    done()
    raise ReadTimeoutError(endpoint_url=NOWHERE)


def _timeout(call: Call, request: Any, done: Done) -> AWSResponse:
    raise ConnectTimeoutError(endpoint_url=NOWHERE)


def _throttle(call: Call, request: Any, done: Done) -> AWSResponse:
    return response(request.url, *refused(call, *_THROTTLES[call.service]))


def _conflict(call: Call, request: Any, done: Done) -> AWSResponse:
    if call.operation == "TransactWriteItems":
        reasons = [{"Code": "None"}, {"Code": "TransactionConflict"}]
        return response(request.url, *refused(call, "TransactionCanceledException", 400, CancellationReasons=reasons))
    return response(request.url, *refused(call, "TransactionConflictException", 400))


def refused(call: Call, code: str, status: int, **more: Any) -> Answered:
    """The service's error of this code."""
    if call.service == "s3":
        text = f"<Error><Code>{code}</Code><Message>no</Message></Error>" * (not call.operation.startswith("Head"))
        return status, {"content-type": "application/xml"}, text.encode()
    return said({"__type": code, "message": "no", **more}, status)


KINDS: dict[str, Callable[[Call, Any, Done], AWSResponse]] = {
    "before": _before,
    "after": _after,
    "lost reply": _lost,
    "timeout": _timeout,
    "throttle": _throttle,
    "conflict": _conflict,
}
