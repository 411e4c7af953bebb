"""Schemas and quality rules of contract terms as the Open Data Contract Standard 3.1 writes them."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from dpx.lens.odcs_servers import number_of, properties_of

Wire = dict[str, Any]
_LOGICAL = {
    "string": ("char", "varchar", "text", "string", "clob", "nvarchar", "nchar", "uuid"),
    "integer": ("int", "integer", "bigint", "smallint", "tinyint", "long", "int32", "int64"),
    "number": ("decimal", "numeric", "number", "float", "double", "real"),
    "boolean": ("boolean", "bool", "bit"),
    "date": ("date",),
    "timestamp": ("timestamp", "datetime", "timestamptz"),
    "time": ("time",),
    "array": ("array", "list"),
    "object": ("struct", "object", "record", "map", "json"),
}
_BY_NATIVE = {native: logical for logical, natives in _LOGICAL.items() for native in natives}
_CAMEL = {"nullvalues": "nullValues", "missingvalues": "missingValues", "invalidvalues": "invalidValues"}
_CAMEL |= {"duplicatevalues": "duplicateValues", "rowcount": "rowCount"}
_NUMBERS = {
    "must_be_less_than": "mustBeLessThan",
    "must_be_less_or_equal_to": "mustBeLessOrEqualTo",
    "must_be_greater_than": "mustBeGreaterThan",
    "must_be_greater_or_equal_to": "mustBeGreaterOrEqualTo",
}
_RANGES = {"must_be_between": "mustBeBetween", "must_not_be_between": "mustNotBeBetween"}
_VALUES = {"must_be": "mustBe", "must_not_be": "mustNotBe"}


def show_schema(tables: Iterable[Wire]) -> list[Wire]:
    """The schemas in the standard's words."""
    return [_table(table, f"schema_{number}") for number, table in enumerate(tables, 1)]


def _table(table: Wire, otherwise: str) -> Wire:
    """The standard demands a name."""
    shown: Wire = {"name": table.get("name") or table["asset_id"] or otherwise, "logicalType": "object"}
    shown |= {"physicalType": table["physical_type"]} if table.get("physical_type") else {}
    shown |= {"description": table["description"]} if table.get("description") else {}
    shown |= {"properties": [_property(one) for one in table["properties"]]} if table.get("properties") else {}
    shown |= {"quality": [_rule(one) for one in table["quality"]]} if table.get("quality") else {}
    names = {"assetId": "asset_id", "connectionId": "connection_id", "connectionPath": "connection_path"}
    custom = properties_of((name, table.get(own)) for name, own in names.items())
    return {**shown, "customProperties": custom} if custom else shown


def _property(column: Wire) -> Wire:
    type = column.get("type") or {}
    shown: Wire = {"name": column["name"]}
    logical = _BY_NATIVE.get(str(type.get("type") or type.get("native_type") or "").lower().partition("(")[0])
    shown |= {"logicalType": logical} if logical else {}
    physical = type.get("native_type") or type.get("type")
    shown |= {"physicalType": physical} if physical else {}
    nullable = str(type.get("nullable", "")).lower()
    shown |= {"required": nullable == "false"} if nullable in {"true", "false"} else {}
    shown |= {"quality": [_rule(one) for one in column["quality"]]} if column.get("quality") else {}
    custom = properties_of((name, type.get(name)) for name in ("length", "scale", "signed"))
    return {**shown, "customProperties": custom} if custom else shown


def _rule(rule: Wire) -> Wire:
    """A rule that lacks what the standard demands of its type is told as text, with everything that it says."""
    shown: Wire = {name: rule[name] for name in ("name", "description", "unit") if rule.get(name)}
    operators = _operators(rule)
    metric = _CAMEL.get(str(rule.get("rule") or "").lower())
    if rule["type"] == "library" and metric and len(operators) == 1:
        return {**shown, "type": "library", "metric": metric, **operators}
    if rule["type"] == "sql" and rule.get("query") and len(operators) == 1:
        return {**shown, "type": "sql", "query": rule["query"], **operators}
    if rule["type"] == "custom" and rule.get("engine") and rule.get("implementation"):
        return {**shown, "type": "custom", "engine": rule["engine"], "implementation": rule["implementation"]}
    told = ("rule", "query", "engine", "implementation", *_NUMBERS, *_RANGES, *_VALUES)
    custom = properties_of([*((name, rule.get(name)) for name in told), ("type", rule["type"])])
    return {**shown, "type": "text", "customProperties": custom}


def _operators(rule: Wire) -> Wire:
    found: Wire = {name: rule[own] for own, name in _VALUES.items() if own in rule}
    for own, name in _NUMBERS.items():
        number = number_of(rule.get(own))
        found |= {} if number is None else {name: number}
    for own, name in _RANGES.items():
        bounds = [number_of(one) for one in rule[own]] if isinstance(rule.get(own), list) else []
        found |= {name: sorted(bounds)} if len(set(bounds)) == 2 and None not in bounds else {}
    return found
