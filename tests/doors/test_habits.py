"""The habits of HTTP, in all operations of all doors: what the documents promise is kept while the stories are told."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, NamedTuple
from uuid import uuid4

import httpx
import pytest

from local.openapi.document import openapi
from local.openapi.refusals import Refusals
from tests.doors import stories
from tests.doors.record import known_of
from tests.doors.test_examples import DOORS, Door, operations
from tests.running import Running, start_souk

KEY, TAG, SEEN = (f"#/components/parameters/{name}" for name in ("IdempotencyKey", "IfMatch", "IfNoneMatch"))


class Sent(NamedTuple):
    """What became of one step: sent with a tag that is stale (if it heeds tags), sent, and sent again."""

    operation: str
    stale: httpx.Response | None
    first: httpx.Response
    again: httpx.Response


class Insistent(httpx.Client):
    """Sends every request again, and before it one with a stale tag to operations that are in `tagged`."""

    def __init__(self, url: str, tagged: set[str]) -> None:
        super().__init__(base_url=url, timeout=35, trust_env=False)
        self._tagged = tagged
        self.operation = ""
        self.sent: list[Sent] = []

    def send(self, request: httpx.Request, **how: Any) -> httpx.Response:
        key = {"idempotency-key": str(uuid4())}
        stale = super().send(_with(request, {"if-match": '"999999"'})) if self.operation in self._tagged else None
        first = super().send(_with(request, key), **how)
        again = super().send(_with(request, key | {"if-none-match": first.headers.get("etag", "none")}))
        self.sent.append(Sent(self.operation, stale, first, again))
        return first


def _with(request: httpx.Request, headers: dict[str, str]) -> httpx.Request:
    return httpx.Request(request.method, request.url, headers={**request.headers, **headers}, content=request.content)


def promised(door: str, parameter: str) -> set[str]:
    """Operations whose document names this parameter."""
    found = operations(openapi(door)).items()
    return {name for name, one in found if {"$ref": parameter} in one.get("parameters", [])}


@pytest.fixture(scope="module")
def running(tmp_path_factory: pytest.TempPathFactory, engine: str) -> Iterator[Running]:
    made = start_souk(tmp_path_factory.mktemp("habits") / "state", engine)
    yield made
    made.stop()


@pytest.fixture(scope="module", params=DOORS, ids=lambda door: door.name)
def door(request: pytest.FixtureRequest) -> Door:
    found: Door = request.param
    return found


@pytest.fixture(scope="module")
def sent(door: Door, running: Running) -> list[Sent]:
    known = {**known_of(running), **door.known}
    story = [*door.story, *stories.BY_PEOPLE.get(door.name, [])]
    with Insistent(running.url, promised(door.name, TAG)) as client:
        for step in [*story, *stories.untold(door.name, story)]:
            client.operation = step.operation
            list(stories.tell(door.name, client, known, [step]))
    return client.sent


def test_every_answer_names_its_request(sent: list[Sent]) -> None:
    answers = [answer for one in sent for answer in (one.stale, one.first, one.again) if answer is not None]
    names = [answer.headers.get("x-request-id", "") for answer in answers]
    assert "" not in names
    assert len(set(names)) == len(names) > 15


def test_a_repeat_gets_the_first_answer_again(door: Door, sent: list[Sent]) -> None:
    keyed = promised(door.name, KEY)
    done = [
        one for one in sent if one.operation in keyed and one.first.is_success and one.first.request.method != "GET"
    ]
    assert {
        one.operation: (one.first.status_code, one.again.status_code, one.again.text[:200])
        for one in done
        if one.again.headers.get("idempotent-replayed") != "true"
        or (one.again.status_code, one.again.content) != (one.first.status_code, one.first.content)
    } == {}
    assert {one.operation for one in done} >= keyed - {"postGrantResult"}


def test_what_promises_no_repeat_gives_none(door: Door, sent: list[Sent]) -> None:
    keyed = promised(door.name, KEY)
    assert [o.operation for o in sent if o.operation not in keyed and "idempotent-replayed" in o.again.headers] == []


def test_a_stale_tag_stops_a_write(door: Door, sent: list[Sent]) -> None:
    (refused,) = Refusals(door.name, None).statuses(["PreconditionFailed"])
    stopped = [(one.operation, one.stale.status_code) for one in sent if one.stale is not None and one.first.is_success]
    wrong = {operation: status for operation, status in stopped if status != refused}
    assert wrong == {}


def test_a_reader_who_has_it_already_is_told_so(door: Door, sent: list[Sent]) -> None:
    """Unless it has changed meanwhile, as an order does that is being delivered."""
    tagged = [one for one in sent if one.operation in promised(door.name, SEEN) and "etag" in one.first.headers]
    same = [one for one in tagged if one.again.headers.get("etag") == one.first.headers["etag"]]
    wrong = {o.operation: o.again.status_code for o in same if (o.again.status_code, o.again.content) != (304, b"")}
    assert wrong == {}
