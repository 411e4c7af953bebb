"""The examples of the OpenAPI documents, sent to a running Souk: it answers what the documents say."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from types import MappingProxyType
from typing import Any, NamedTuple

import pytest

from local.openapi.answers import answered
from local.openapi.document import openapi
from tests.doors import stories
from tests.doors.record import begun, known_of, start_recorded, value_of
from tests.doors.stories import Step, Told
from tests.openapi_checks import problems
from tests.running import Running


class Door(NamedTuple):
    """The story of a door, and who sends it: the variable that holds the credential."""

    name: str
    story: list[Step]
    known: Mapping[str, str] = MappingProxyType({})


DOORS = [
    Door("nndm", stories.NNDM),
    Door("dpx", stories.DPX, stories.DPX_KNOWN),
    Door("immuta", stories.IMMUTA),
    Door("nav", stories.NAV),
    Door("hub", stories.HUB),
]


@pytest.fixture(scope="module", params=DOORS, ids=lambda door: door.name)
def door(request: pytest.FixtureRequest) -> Door:
    found: Door = request.param
    return found


@pytest.fixture(scope="module")
def fresh(tmp_path_factory: pytest.TempPathFactory, engine: str) -> Iterator[Running]:
    """A Souk of this module's own: the first entries of its lists are nobody else's."""
    running = start_recorded(tmp_path_factory.mktemp("examples") / "state", engine)
    yield running
    running.stop()


@pytest.fixture(scope="module")
def told(door: Door, fresh: Running) -> list[Told]:
    known = {**known_of(fresh), **door.known}
    story = [*door.story, *stories.BY_PEOPLE.get(door.name, [])]
    client = fresh.client()
    del client.headers["x-api-key"]
    with client:
        return list(stories.tell(door.name, client, known, [*story, *stories.untold(door.name, story)]))


@pytest.fixture(scope="module")
def document(door: Door) -> dict[str, Any]:
    return openapi(door.name)


def operations(document: dict[str, Any]) -> dict[str, dict[str, Any]]:
    """Every operation by its id."""
    found = [one for methods in document["paths"].values() for one in methods.values()]
    return {one["operationId"]: one for one in found if "operationId" in one}


def described(document: dict[str, Any], one: Told) -> dict[str, Any]:
    """What the document says of this answer; nothing: it does not know the status."""
    known = operations(document)[one.operation]["responses"]
    response: dict[str, Any] = known.get(str(one.answer.status_code)) or known.get("2XX", {})
    name = response.get("$ref", "").rpartition("/")[2]
    return document["components"]["responses"][name] if name else response


def wrong(document: dict[str, Any], one: Told) -> list[str]:
    """Where an answer is other than described: status, media type, body."""
    response = described(document, one)
    content = response.get("content", {})
    if "2XX" in operations(document)[one.operation]["responses"]:
        return []
    media = one.answer.headers.get("content-type", "").partition(";")[0] if one.answer.content else ""
    if not response or ([media] if media else []) != list(content):
        return [f"{one.answer.status_code} {media} is not described"]
    return [
        fault for schema in content.values() for fault in problems(document, schema["schema"], value_of(one.answer))
    ]


def test_every_operation_is_tried(door: Door, told: list[Told], document: dict[str, Any]) -> None:
    assert {one.operation for one in told} == set(operations(document))


def test_examples_are_answered_as_the_story_tells(told: list[Told]) -> None:
    known = [one for one in told if one.expected]
    assert [(one.operation, one.answer.status_code) for one in known] == [(o.operation, o.expected) for o in known]
    assert len(known) >= 7


def test_answers_are_as_described(told: list[Told], document: dict[str, Any]) -> None:
    found = {one.operation: wrong(document, one) for one in told}
    assert {operation: faults for operation, faults in found.items() if faults} == {}


def names(value: Any) -> set[str]:
    """Names at the top of an answer, or of the first entry of a list."""
    first = value[0] if isinstance(value, list) and value else value
    return set(first) if isinstance(first, dict) else {type(first).__name__}


def test_examples_look_as_answers_do(door: Door, told: list[Told]) -> None:
    """Other doors' stories leave records behind, so that lists begin otherwise: names are compared, not values."""
    examples = answered(door.name)
    firsts: dict[str, Any] = {}
    for one in told:
        known = examples.get(one.operation, {})
        if known.get("status") == one.answer.status_code:
            firsts.setdefault(one.operation, (names(known["value"]), names(begun(value_of(one.answer)))))
    assert {operation: both for operation, both in firsts.items() if both[0] != both[1]} == {}
    assert len(firsts) >= 5


def test_answers_carry_the_headers_that_are_described(told: list[Told], document: dict[str, Any]) -> None:
    lacking = {
        one.operation: header
        for one in told
        for header in described(document, one).get("headers", {})
        if header not in {"link", *one.answer.headers}
    }
    assert lacking == {}
