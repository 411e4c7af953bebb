"""The OpenAPI document of a door, put together."""

from __future__ import annotations

import importlib
import re
from functools import cache
from pathlib import Path
from typing import Any, NamedTuple

import yaml

from local.openapi.answers import answered
from local.openapi.models import components
from local.openapi.operation import Described
from local.openapi.recorded import recorded
from local.openapi.refusals import Refusals
from local.templates import Route, read_application

ROOT = Path(__file__).resolve().parents[2]
Document = dict[str, Any]
_HEADERS = {
    "RequestId": ("Id of this request, as in the logs", {"type": "string"}),
    "ETag": ("Revision of the record, for If-Match and If-None-Match", {"type": "string"}),
    "Link": ('Where the next page is, as `<...>; rel="next"`, when there is one', {"type": "string"}),
    "RetryAfter": ("Seconds to wait before the request is sent again", {"type": "integer"}),
    "Deprecation": ("When this path became a leftover (RFC 9745)", {"type": "string"}),
}
_PARAMETERS = {
    "IfMatch": ("if-match", "Change the record only if this is still its ETag", {"type": "string"}),
    "IfNoneMatch": ("if-none-match", "Answer 304 if this is still the record's ETag", {"type": "string"}),
    "IdempotencyKey": (
        "idempotency-key",
        "A repeat with the same key within a day gets the first answer again",
        {"type": "string", "minLength": 1, "maxLength": 255},
    ),
}


class Served(NamedTuple):
    """An operation of a template: its id, its first route, and its further ones."""

    name: str
    route: Route
    further: tuple[Route, ...]


@cache
def _application() -> Any:
    return read_application(ROOT / "template.yaml")


def doors() -> list[str]:
    """The doors that have documents: those that the templates give routes."""
    return sorted(_application().dialects())


def served(door: str) -> list[Served]:
    """The operations of a door in the order of its template, but for the one that answers unknown paths."""
    found = [
        Served(_operation_id(function.logical), function.routes[0], function.routes[1:])
        for function in _application().functions
        if function.dialect == door and function.routes
    ]
    return [one for one in found if one.route.path != "$default"]


def openapi(door: str) -> Document:
    """The document of a door. Raises KeyError where the declaration names what is not there."""
    declared = yaml.safe_load((Path(__file__).parent / "declared" / f"{door}.yaml").read_text(encoding="utf-8"))
    refusals = Refusals(door, declared.get("refused"))
    operations = served(door)
    unknown = set(declared["operations"]) - {one.name for one in operations}
    if unknown:
        raise KeyError(f"{door}: declared, but in no template: {', '.join(sorted(unknown))}")
    described = {one.name: _described(door, one, declared, refusals) for one in operations}
    document: Document = {"openapi": "3.1.0", "info": declared["info"]}
    document["servers"] = declared.get("servers", [{"url": "/"}])
    if any(not one.public for one in described.values()):
        document["security"] = [{name: []} for name in declared["security"]]
    if "tags" in declared:
        document["tags"] = declared["tags"]
    document["paths"] = _paths(operations, described)
    document["components"] = _components(declared, refusals)
    return document


def _described(door: str, one: Served, declared: Document, refusals: Refusals) -> Described:
    module = importlib.import_module(f"{door}.operations.{snake(one.name)}")
    event = recorded(ROOT / "events" / door / f"{snake(one.name)}.json")
    return Described(
        one.name, one.route, module.handler, module.__doc__ or "", declared, refusals, event, answered(door)
    )


def _paths(operations: list[Served], described: dict[str, Described]) -> Document:
    """Every route; an operation's further ones without its id. Ids with slashes and last slashes cannot be told."""
    paths: Document = {}
    for one in operations:
        paths.setdefault(_bare(one.route.path), {})[one.route.method.lower()] = described[one.name].whole()
    for one in operations:
        for route in one.further:
            if "+}" not in route.path and not route.path.endswith("/"):
                paths.setdefault(route.path, {})[route.method.lower()] = described[one.name].again(route.path)
    return paths


def _components(declared: Document, refusals: Refusals) -> Document:
    schemes = {
        "key": {"type": "apiKey", "in": "header", "name": "x-api-key"},
        "bearer": {"type": "http", "scheme": "bearer", "description": "An API key or a token"},
        "cookie": {"type": "apiKey", "in": "cookie", "name": "jwt", "description": "A token"},
    }
    query = {name: {"name": name, "in": "query", **parameter} for name, parameter in declared.get("query", {}).items()}
    headers = {
        name: {"name": wire, "in": "header", "description": text, "schema": schema}
        for name, (wire, text, schema) in _PARAMETERS.items()
    }
    return {
        "securitySchemes": {name: schemes[name] for name in declared["security"]},
        "parameters": headers | query,
        "headers": {name: {"description": text, "schema": schema} for name, (text, schema) in _HEADERS.items()},
        "responses": refusals.components(),
        "schemas": components(declared.get("models", {}), declared.get("notes", {})) | declared.get("schemas", {}),
    }


def _bare(path: str) -> str:
    return path.replace("+}", "}")


def _operation_id(logical: str) -> str:
    return logical[0].lower() + logical.removesuffix("Function")[1:]


def snake(name: str) -> str:
    """`getTeam` lives in `get_team`."""
    return re.sub(r"(?<!^)(?=[A-Z])", "_", name).lower()
