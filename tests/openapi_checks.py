"""Values held against schemas of an OpenAPI document."""

from __future__ import annotations

import json
from typing import Any

from openapi_schema_validator import OAS31Validator, oas31_format_checker
from referencing import Registry
from referencing.jsonschema import DRAFT202012

_PLACE = "urn:souk:document"


def problems(document: dict[str, Any], schema: dict[str, Any], value: Any) -> list[str]:
    """What is wrong with a value, as `place: words`; references of the schema lead into the document."""
    registry: Registry[Any] = Registry().with_resource(_PLACE, DRAFT202012.create_resource(document))
    absolute = json.loads(json.dumps(schema).replace('"$ref": "#', f'"$ref": "{_PLACE}#'))
    validator = OAS31Validator(absolute, registry=registry, format_checker=oas31_format_checker)
    return [f"{error.json_path}: {error.message[:300]}" for error in validator.iter_errors(value)]


def schema_at(document: dict[str, Any], reference: str) -> dict[str, Any]:
    """What a `#/...` reference points at."""
    node: Any = document
    for step in reference.removeprefix("#/").split("/"):
        node = node[step.replace("~1", "/").replace("~0", "~")]
    found: dict[str, Any] = node
    return found
