"""How a door refuses: every error of the core, put through the door's own table."""

from __future__ import annotations

import importlib
from collections import defaultdict
from collections.abc import Iterable
from http import HTTPStatus
from typing import Any

from souk import errors
from souk.edge.dialect import Dialect
from souk.edge.request import Request

Response = dict[str, Any]
_SAMPLES = (
    errors.Unreadable("the body is not JSON"),
    errors.Invalid("name: is required", ["name: is required"], code="missing"),
    errors.TooLarge("the body is larger than 4194304 bytes"),
    errors.Unauthenticated("the key is unknown"),
    errors.NotAllowed("this is for the owner"),
    errors.NotFound("there is nothing of this name", kind="record", id="beans-in-stock"),
    errors.Conflict("the record stands otherwise"),
    errors.Referenced("something points at it", kind="record", id="beans-in-stock"),
    errors.PreconditionFailed("the record was changed meanwhile"),
    errors.Busy("too many writers at once; send the request again"),
    errors.Failed("a service did not answer; send the request again"),
    errors.SoukError("internal error"),
)
SAMPLES = {type(sample).__name__: sample for sample in _SAMPLES}
"""An example of every error, by its name; the base class stands for a defect."""
_EVENT = {"rawPath": "/", "requestContext": {"requestId": "JKJaXmPLvHcESHA=", "http": {"method": "POST"}}}


class Refusals:
    """The refusals of one door."""

    def __init__(self, door: str, schema: dict[str, Any] | None) -> None:
        self._door: Dialect = importlib.import_module(f"{door}.door").DOOR
        self._schema = schema

    def statuses(self, names: Iterable[str]) -> list[int]:
        """The statuses that errors of these names are answered with."""
        return sorted({self._answer(name)[0] for name in names})

    def components(self) -> dict[str, Response]:
        """A response component for each status, with an example of each error that it stands for."""
        grouped: dict[int, list[str]] = defaultdict(list)
        for name in SAMPLES:
            grouped[self._answer(name)[0]].append(name)
        return {f"Refused{status}": self._component(status, grouped[status]) for status in sorted(grouped)}

    def _component(self, status: int, names: list[str]) -> Response:
        answers = {name: self._answer(name) for name in names}
        media = answers[names[0]][1]
        content: dict[str, Any] = {"schema": self._schema or {"type": "string"}}
        content["examples"] = {name: {"value": body} for name, (_, _, body) in answers.items()}
        response: Response = {"description": _phrase(status), "content": {media: content}}
        if "Busy" in names:
            response["headers"] = {"retry-after": {"$ref": "#/components/headers/RetryAfter"}}
        return response

    def _answer(self, name: str) -> tuple[int, str, Any]:
        answer = self._door.refuse(SAMPLES[name], Request(_EVENT))
        body = answer.body if isinstance(answer.body, str) else answer.body.decode()
        media = answer.headers["content-type"].partition(";")[0]
        return answer.status, media, _value(body, media)


def _value(body: str, media: str) -> Any:
    import json

    return json.loads(body) if media.endswith("json") else body


def _phrase(status: int) -> str:
    """Spelled out where Python's versions differ."""
    own = {413: "Content too large", 422: "Unprocessable content"}
    return own.get(status) or HTTPStatus(status).phrase.capitalize()
