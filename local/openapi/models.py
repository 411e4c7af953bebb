"""Schemas of request bodies, from the pydantic models that check them."""

from __future__ import annotations

import importlib
from collections.abc import Mapping
from typing import Any

Schema = dict[str, Any]


def components(models: Mapping[str, str], notes: Mapping[str, Mapping[str, str]]) -> dict[str, Schema]:
    """Component schemas of `models` (component name to `module:Model`), with the notes on their fields as descriptions.

    Models inside a model become components of their own, named `<Component>.<Model>`.
    """
    found: dict[str, Schema] = {}
    for name, place in models.items():
        schema = _schema(name, place)
        inner = schema.pop("$defs", {})
        parts = {name: schema} | {f"{name}.{part}": one for part, one in inner.items()}
        for path, note in notes.get(name, {}).items():
            _field(parts, name, path.split("."))["description"] = note
        found |= parts
    return found


def _schema(name: str, place: str) -> Schema:
    module, _, model = place.partition(":")
    made: Schema = getattr(importlib.import_module(module), model).model_json_schema(
        ref_template=f"#/components/schemas/{name}.{{model}}"
    )
    _tidy(made)
    return made


def _tidy(node: Any) -> None:
    """Without titles, which repeat the names of fields, and without empty defaults, which stand for "not sent"."""
    if isinstance(node, dict):
        if isinstance(node.get("title"), str):
            del node["title"]
        if "default" in node and not node["default"] and node["default"] is not False:
            del node["default"]
        for child in node.values():
            _tidy(child)
    elif isinstance(node, list):
        for child in node:
            _tidy(child)


def _field(parts: Mapping[str, Schema], name: str, path: list[str]) -> Schema:
    """The schema of a field at any depth. Raises KeyError when a note names none."""
    node: Schema = parts[name]["properties"][path[0]]
    for step in path[1:]:
        node = parts[_reference(node)]["properties"][step]
    return node


def _reference(node: Schema) -> str:
    """The component that a field's value is, or its items are."""
    if "$ref" in node:
        return str(node["$ref"]).removeprefix("#/components/schemas/")
    for inner in (*node.get("anyOf", ()), *([node["items"]] if "items" in node else ())):
        try:
            return _reference(inner)
        except KeyError:
            continue
    raise KeyError(f"no model in {node}")
