"""A definition as a property of the Open Data Contract Standard: so later clients ask for what a contract refers to."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from souk.catalogue import Document

PROPERTY = "application/vnd.entropydata.odcs+json"
_SAME = ("name", "description", "tags", "classification")
_OPTIONS = (
    "format",
    "pattern",
    "minLength",
    "maxLength",
    "minimum",
    "maximum",
    "exclusiveMinimum",
    "exclusiveMaximum",
)
_LOGICAL = {
    "string": ("string", "text", "varchar"),
    "integer": ("int", "integer", "long", "bigint"),
    "number": ("number", "decimal", "numeric", "float", "double"),
    "boolean": ("boolean",),
    "timestamp": ("timestamp", "timestamp_tz", "timestamp_ntz"),
    "date": ("date",),
    "time": ("time",),
    "array": ("array",),
    "object": ("object", "record", "struct", "map", "json", "variant"),
}
_BY_TYPE = {type: logical for logical, types in _LOGICAL.items() for type in types}


def asks_for_property(headers: Mapping[str, str]) -> bool:
    """Whether a request names the property's media type."""
    return PROPERTY in headers.get("accept", "").lower()


def show_property(definition: Document) -> Document:
    """What the standard has words for; `pii` is a property of its own, as in contracts."""
    shown = {name: definition[name] for name in _SAME if definition.get(name)}
    shown |= {"businessName": definition["title"]} if definition.get("title") else {}
    logical = _BY_TYPE.get(str(definition.get("type", "")).lower())
    shown |= {"logicalType": logical} if logical else {}
    options = {name: definition[name] for name in _OPTIONS if definition.get(name) is not None}
    shown |= {"logicalTypeOptions": options} if options else {}
    shown |= {"examples": [definition["example"]]} if definition.get("example") is not None else {}
    shown |= {"enum": [{"value": one} for one in definition["enum"]]} if definition.get("enum") else {}
    own: list[Any] = [{"property": "pii", "value": definition["pii"]}] if definition.get("pii") is not None else []
    return shown | ({"customProperties": own} if own else {})
