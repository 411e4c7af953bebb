"""Whatever the served documents allow, and much that they do not, is answered as they say: by schemathesis."""

from __future__ import annotations

import pytest

from tests.described.asking import examine, operations, walk
from tests.described.conftest import Deployment
from tests.repository.tree import DIALECTS

OPERATIONS = [(door, name) for door in DIALECTS for name in operations(door)]


@pytest.mark.parametrize(("door", "name"), OPERATIONS)
def test_a_few_requests_are_answered_as_the_document_says(deployment: Deployment, door: str, name: str) -> None:
    assert examine(operations(door)[name], deployment.guest, 2, deployment.put_back) >= 1


@pytest.mark.parametrize("door", DIALECTS)
def test_what_one_operation_answers_the_next_one_takes(deployment: Deployment, door: str) -> None:
    assert walk(door, deployment.guest, 6, 8, deployment.put_back) >= 12


@pytest.mark.heavy
@pytest.mark.parametrize(("door", "name"), OPERATIONS)
def test_a_thousand_requests_are_answered_as_the_document_says(deployment: Deployment, door: str, name: str) -> None:
    assert examine(operations(door)[name], deployment.guest, 1000, deployment.put_back) >= 1


@pytest.mark.heavy
@pytest.mark.parametrize("door", DIALECTS)
def test_a_long_way_from_operation_to_operation_holds(deployment: Deployment, door: str) -> None:
    assert walk(door, deployment.guest, 200, 30, deployment.put_back) >= 400
