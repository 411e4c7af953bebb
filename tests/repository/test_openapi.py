"""The OpenAPI documents that the hub serves name exactly what is deployed."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.repository.tree import ROOT, aliases, operation_id, routes

DOCUMENTS = sorted((ROOT / "functions/hub/openapi").glob("*.json"))


def document(path: Path) -> dict[str, Any]:
    content: dict[str, Any] = json.loads(path.read_text())
    return content


def references(node: Any) -> Iterator[str]:
    """Every `$ref` at any depth."""
    if isinstance(node, dict):
        yield from [node["$ref"]] if "$ref" in node else []
        for child in node.values():
            yield from references(child)
    elif isinstance(node, list):
        for child in node:
            yield from references(child)


def present(content: dict[str, Any], reference: str) -> bool:
    """Whether the document has what a `#/...` reference points at."""
    node: Any = content
    for step in reference.removeprefix("#/").split("/"):
        node = node.get(step.replace("~1", "/"), {})
    return bool(node)


def test_the_doors_that_are_open_have_documents() -> None:
    assert {path.stem for path in DOCUMENTS} >= {"hub", "nndm"}


@pytest.mark.parametrize("path", DOCUMENTS, ids=lambda path: path.stem)
def test_a_document_names_the_operations_of_its_template(path: Path) -> None:
    described = {
        operation["operationId"]: (method.upper(), where)
        for where, methods in document(path)["paths"].items()
        for method, operation in methods.items()
        if method != "$ref"
    }
    served = {operation_id(name): route for name, route in routes(path.stem).items()}
    served.pop("unknownPath")
    assert described == served


def test_the_second_name_of_a_path_leads_to_its_first() -> None:
    """A document cannot tell of ids with slashes; every other second route stands in it."""
    content = document(ROOT / "functions/hub/openapi/nndm.json")["paths"]
    named = {where: methods["$ref"].removeprefix("#/paths/") for where, methods in content.items() if "$ref" in methods}
    first = routes("nndm")
    further = {route[1]: first[name][1] for name, found in aliases("nndm").items() for route in found}
    assert {where: path.replace("~1", "/") for where, path in named.items()} == {
        where: path for where, path in further.items() if "+}" not in where
    }


@pytest.mark.parametrize("path", DOCUMENTS, ids=lambda path: path.stem)
def test_every_reference_in_a_document_leads_somewhere(path: Path) -> None:
    content = document(path)
    assert [reference for reference in references(content) if not present(content, reference)] == []
