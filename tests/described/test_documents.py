"""Whatever the served documents allow, and much that they do not, is answered as they say: by schemathesis."""

from __future__ import annotations

import pytest

from tests.described.asking import examine, labels, operation_of
from tests.described.conftest import Deployment
from tests.repository.tree import DIALECTS

OPERATIONS = [(door, label) for door in DIALECTS for label in labels(door)]


@pytest.mark.parametrize(("door", "label"), OPERATIONS)
def test_a_few_requests_are_answered_as_the_document_says(deployment: Deployment, door: str, label: str) -> None:
    assert examine(operation_of(door, label), deployment.guest, 2, deployment.put_back) >= 1


@pytest.mark.heavy
@pytest.mark.parametrize(("door", "label"), OPERATIONS)
def test_a_thousand_requests_are_answered_as_the_document_says(deployment: Deployment, door: str, label: str) -> None:
    assert examine(operation_of(door, label), deployment.guest, 1000, deployment.put_back) >= 1
