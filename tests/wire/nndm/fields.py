"""Section 3 as data: for every kind its required fields and its optional ones that are not text."""

from __future__ import annotations

from typing import Any

from tests.wire.nndm.documents import GONE

REQUIRED: dict[str, dict[str, str]] = {
    "dataproducts": {
        "info": "object", "info.title": "string", "info.owner": "string", "inputPorts.0.id": "string",
        "inputPorts.0.name": "string",
        "inputPorts.0.sourceSystemId": "string", "outputPorts.0.id": "string", "outputPorts.0.name": "string",
    },
    "datacontracts": {
        "dataContractSpecification": "string", "info": "object", "info.title": "string", "info.version": "string",
    },
    "datausageagreements": {
        "info": "object", "info.purpose": "string", "provider": "object", "provider.dataProductId": "string",
        "provider.outputPortId": "string", "consumer": "object",
    },
    "teams": {"name": "string", "type": "string"},
    "sourcesystems": {"name": "string", "owner": "string"},
    "definitions": {"owner": "string", "domain": "string", "name": "string"},
}  # fmt: skip

COMMON = {"tags": "array", "links": "object", "custom": "object"}


def common(*at: str) -> dict[str, str]:
    """The common fields, at these places."""
    return {f"{place}{field}": type for place in at for field, type in COMMON.items()}


OPTIONAL: dict[str, dict[str, str]] = {
    "dataproducts": common("", "inputPorts.0.", "outputPorts.0.") | {
        "inputPorts": "array", "outputPorts": "array", "inputPorts.0": "entry", "outputPorts.0": "entry",
        "assets": "array",
        "outputPorts.0.server": "object", "outputPorts.0.containsPii": "boolean",
        "outputPorts.0.autoApprove": "boolean",
        "outputPorts.0.assets": "array",
    },
    "datacontracts": {
        "servers": "object", "terms": "object", "models": "object", "definitions": "object", "schema": "object",
        "examples": "array",
        "quality": "object",
    },
    "datausageagreements": common(""),
    "teams": common("") | {"members": "array"},
    "sourcesystems": common(""),
    "definitions": dict.fromkeys(
        ("minLength", "maxLength", "minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum"), "number"
    ) | {"enum": "array", "tags": "array", "pii": "boolean"},
    "assets": {
        "info": "object", "properties": "object", "columns": "array", "relationships": "array", "tags": "array",
        "links": "object",
    },
}  # fmt: skip

TEXT: dict[str, list[str]] = {
    "dataproducts": [
        "dataProductSpecification",
        "info.description",
        "info.status",
        "outputPorts.0.type",
        "inputPorts.0.location",
    ],
    "datacontracts": ["info.description", "info.owner"],
    "datausageagreements": ["info.individualAgreements", "provider.teamId", "consumer.userId", "info.status"],
    "teams": ["description", "parent", "members.0.role"],
    "sourcesystems": ["description"],
    "definitions": ["title", "description", "pattern", "enum.0", "tags.0"],
    "assets": ["info.name", "info.version", "columns.0.name", "relationships.0.assetId", "columns.0", "columns.0.tags"],
}
"""Optional fields for which the contract leaves open what becomes of another type."""

WRONG: dict[str, list[Any]] = {
    "string": [5, 0, True, False, [], ["x"], {}, {"a": 1}],
    "object": ["x", "", 5, 0, True, False, [], [{}]],
    "entry": ["x", 5, True, []],
    "array": ["x", "", 5, 0, True, False, {}, {"0": "x"}],
    "boolean": ["true", "false", "", 1, 0, [], {}],
    "number": ["5", "", True, False, [], {}, [1]],
}
"""JSON values that are not of a type."""

LACKING: dict[str, list[Any]] = {"string": [GONE, None, "", "   ", "\t\n"], "object": [GONE, None]}
"""What counts as a required field that is not there."""

Case = tuple[str, str, Any]
OTHER: tuple[Any, ...] = (5, True, [], {}, [{}])


def required_cases() -> list[Case]:
    """Every required field, lacking and with every wrong type."""
    return [
        (kind, path, value)
        for kind, fields in REQUIRED.items()
        for path, type in fields.items()
        for value in LACKING[type] + WRONG[type]
    ]


def optional_cases() -> list[Case]:
    """Every optional field that is not text, with every wrong type."""
    return [
        (kind, path, value)
        for kind, fields in OPTIONAL.items()
        for path, type in fields.items()
        for value in WRONG[type]
    ]


def text_cases() -> list[Case]:
    """Every optional text, with other types."""
    return [(kind, path, value) for kind, fields in TEXT.items() for path in fields for value in OTHER]


def name(case: Case) -> str:
    """How a test case is called."""
    kind, path, value = case
    return f"{kind}-{path}-{value!r}"
