"""The OpenAPI documents that the hub serves: generated, valid, and of exactly what is deployed."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from functools import cache
from typing import Any

import pytest
from openapi_spec_validator import OpenAPIV31SpecValidator

from local.openapi import document
from local.openapi.__main__ import FOLDER, text_of
from tests.openapi_checks import problems, schema_at
from tests.repository.tree import DIALECTS, aliases, operation_id, routes

VERBS = (
    "Add|Approve|Ask|Change|Create|Decide|Delete|End|Exchange|Forget|Get|Give|Initialize|List|Make|Order|Publish|"
    "Register|Reject|Renew|Replace|Report|Retire|Say|Search|Store|Take|Withdraw"
)
Operation = tuple[str, str, dict[str, Any]]
each_door = pytest.mark.parametrize("door", DIALECTS)


@cache
def served(door: str) -> dict[str, Any]:
    """The document as the hub serves it."""
    content: dict[str, Any] = json.loads((FOLDER / f"{door}.json").read_text())
    return content


def operations(door: str) -> Iterator[Operation]:
    """Path, method and description of every operation, second routes too."""
    for path, methods in served(door)["paths"].items():
        for method, operation in methods.items():
            yield path, method.upper(), operation


def test_every_door_has_its_document() -> None:
    assert {path.stem for path in FOLDER.glob("*.json")} == set(DIALECTS) == set(document.doors())


@each_door
def test_a_document_is_what_make_openapi_writes(door: str) -> None:
    assert (FOLDER / f"{door}.json").read_text() == text_of(door), "run: make openapi"


@each_door
def test_a_document_is_valid(door: str) -> None:
    assert [error.message for error in OpenAPIV31SpecValidator(served(door)).iter_errors()] == []


@each_door
def test_a_document_names_the_operations_of_its_template(door: str) -> None:
    described = {one["operationId"]: (method, path) for path, method, one in operations(door) if "operationId" in one}
    expected = {operation_id(name): route for name, route in routes(door).items()}
    expected.pop("unknownPath")
    assert described == expected


@each_door
def test_second_routes_stand_in_the_document(door: str) -> None:
    """A document cannot tell of ids with slashes, nor of a slash at the end."""
    described = {(method, path) for path, method, one in operations(door) if "operationId" not in one}
    further = {route for found in aliases(door).values() for route in found}
    assert described == {(method, path) for method, path in further if "+}" not in path and not path.endswith("/")}


@each_door
def test_every_operation_tells_what_it_answers_and_how_it_refuses(door: str) -> None:
    silent = [
        (method, path)
        for path, method, one in operations(door)
        if not one["summary"] or not {"500", "503"} <= set(one["responses"]) or min(one["responses"]) >= "3"
    ]
    assert silent == []


@each_door
def test_recorded_bodies_fit_the_schemas_of_their_operations(door: str) -> None:
    content = served(door)
    found = {
        (path, method): problems(content, body["schema"], example["value"])
        for path, method, one in operations(door)
        for body in one.get("requestBody", {}).get("content", {}).values()
        for example in body.get("examples", {}).values()
    }
    assert {place: wrong for place, wrong in found.items() if wrong} == {}
    assert found


def successes(door: str) -> Iterator[tuple[tuple[str, str, str], dict[str, Any]]]:
    """The first success of every operation whose success has a body, by path, method and status."""
    for path, method, one in operations(door):
        status = min(one["responses"])
        for media in one["responses"][status].get("content", {}).values():
            yield (path, method, status), media


@each_door
def test_successes_have_an_example_that_fits_its_schema(door: str) -> None:
    content = served(door)
    found = {
        place: problems(content, media["schema"], example["value"])
        for place, media in successes(door)
        for example in media.get("examples", {}).values()
    }
    assert set(found) == {place for place, _ in successes(door)}
    assert {place: wrong for place, wrong in found.items() if wrong} == {}


@each_door
def test_summaries_are_plain_sentences(door: str) -> None:
    """They say what the operation does: a verb first, one line, no dot."""
    pattern = re.compile(rf"({VERBS}) [^\n]{{3,118}}(?<![.,:;])")
    assert [one["summary"] for _, _, one in operations(door) if not pattern.fullmatch(one["summary"])] == []


@each_door
def test_refusals_fit_the_schema_that_the_door_declares(door: str) -> None:
    content = served(door)
    found = {
        (name, case): problems(content, media["schema"], example["value"])
        for name, response in content["components"]["responses"].items()
        for media in response["content"].values()
        for case, example in media["examples"].items()
    }
    assert len(found) == 12
    assert {place: wrong for place, wrong in found.items() if wrong} == {}


def test_what_a_validator_demands_stands_in_the_schema() -> None:
    team = schema_at(served("nndm"), "#/components/schemas/Team")
    assert team["properties"]["name"] == {"type": "string", "pattern": r"\S"}
