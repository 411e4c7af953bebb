"""Searches and their rows (contract 4.2): an Elasticsearch-like language -> conditions on versions."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

from dpx.lens.asset import VERSION
from dpx.lens.catalog import version_id
from souk import clock
from souk.errors import Invalid
from souk.search.index import Found
from souk.search.querying import Between, Condition, Fixed, Group, OneOf, Text, Without
from souk.setup.catalogue import CATALOGUE

Wire = dict[str, Any]
MAX_DEPTH = 12
MAX_CLAUSES = 100
TENANT = "souk"
_ENTITY = "entity.data_product_version."
FIELDS = {
    "artifact_id": "id",
    "metadata.name": "name",
    "metadata.description": "description",
    "metadata.tags": "tags",
    "metadata.modified_by": "created_by",
    "metadata.modified_on": "updated",
    "metadata.created_on": "created",
    "last_updated_at": "updated",
    f"{_ENTITY}product_id": "product_uuid",
    f"{_ENTITY}version": "number",
    f"{_ENTITY}state": "state",
    f"{_ENTITY}domain": "domain_name",
    f"{_ENTITY}domain_name": "domain_name",
    f"{_ENTITY}domain_id": "domain_uuid",
    f"{_ENTITY}is_restricted": "restricted",
    f"{_ENTITY}parts_out.asset.id": "parts.asset",
    f"{_ENTITY}parts_out.asset.name": "parts.name",
}
"""What a query may name, and what the index calls it."""
_CONSTANT = {"metadata.artifact_type": VERSION, "entity.assets.catalog_id": CATALOGUE, "tenant_id": TENANT}
_COLUMNS = {
    "name": "name",
    "description": "description",
    "tags": "tags",
    "domain_name": "domain",
    "parts.name": "parts",
}
_TIMES = frozenset({"updated", "created"})
_SIGNS = {"gt": ">", "gte": ">=", "lt": "<", "lte": "<="}


def condition_of(query: Any) -> Condition:
    """The condition that a query says. Raises Invalid for kinds that are not known."""
    return _Reader().read(query, 0)


def counted_fields(aggregations: Any) -> list[tuple[str, str, int]]:
    """Name, field and number of values of each aggregation. Raises Invalid."""
    told = _object(aggregations, "aggregations")
    counted = []
    for name, one in told.items():
        terms = _object(_object(one, name).get("terms"), f"aggregations.{name}.terms")
        size = terms.get("size", 10)
        if not isinstance(size, int) or isinstance(size, bool) or not 1 <= size <= 1000:
            raise Invalid(f"aggregations.{name}: size must be a number from 1 to 1000")
        counted.append((name, FIELDS.get(_plain(terms.get("field")), ""), size))
    if len(counted) > 20:
        raise Invalid("aggregations: 20 at most")
    return counted


def show_row(found: Found) -> Wire:
    """One version as a row."""
    moved = int(clock.parse(found["updated"]).timestamp() * 1000)
    entity = {
        "id": version_id(found["id"]),
        "product_id": found["product_uuid"],
        "version": found["number"],
        "state": found["state"],
        "domain": found["domain_name"],
        "domain_id": found["domain_uuid"],
        "domain_name": found["domain_name"],
        "is_restricted": found["restricted"],
        "parts_out": [{"asset": {"id": part["asset"], "name": part["name"]}} for part in found["parts"]],
    }
    metadata = {
        "name": found["name"],
        "description": found["description"],
        "artifact_type": VERSION,
        "tags": found["tags"],
        "created_on": found["created"],
        "modified_on": found["updated"],
        "modified_by": found["created_by"],
    }
    shown = {"data_product_version": entity, "assets": {"catalog_id": CATALOGUE}}
    row = {"tenant_id": TENANT, "artifact_id": found["id"], "last_updated_at": moved}
    return {**row, "metadata": metadata, "entity": shown}


def pruned(row: Wire, paths: Iterable[str]) -> Wire:
    """The row with only these paths; a `*` at the end stands for whatever follows."""
    kept: Wire = {}
    for path in paths:
        _keep(row, path.removesuffix("*").rstrip(".").split("."), kept)
    return kept


class _Reader:
    """Reads a query once, within bounds."""

    def __init__(self) -> None:
        self._clauses = 0

    def read(self, query: Any, depth: int) -> Condition:
        told = _object(query, "query")
        self._clauses += 1
        if depth > MAX_DEPTH or self._clauses > MAX_CLAUSES:
            raise Invalid(f"query: is deeper than {MAX_DEPTH} or has more than {MAX_CLAUSES} clauses")
        if not told:
            return Fixed(value=True)
        if len(told) > 1:
            raise Invalid("query: one kind at a time; join several with bool")
        ((kind, body),) = told.items()
        if kind == "bool":
            return self._bool(_object(body, "bool"), depth)
        if kind == "nested":
            return self.read(_object(body, "nested").get("query"), depth + 1)
        reader = _KINDS.get(kind)
        if reader is None:
            raise Invalid(f"query: there is no kind {kind[:60]!r}; known are bool, nested, {', '.join(sorted(_KINDS))}")
        return reader(_object(body, kind))

    def _bool(self, body: Wire, depth: int) -> Condition:
        strange = body.keys() - {"must", "should", "filter", "must_not", "minimum_should_match", "boost"}
        if strange:
            raise Invalid(f"bool: does not know {', '.join(sorted(strange))[:100]}")
        parts = [*self._all(body, "must", depth), *self._all(body, "filter", depth)]
        parts += [Without(one) for one in self._all(body, "must_not", depth)]
        should = self._all(body, "should", depth)
        if should:
            least = body.get("minimum_should_match", 0 if parts else 1)
            if not isinstance(least, int) or isinstance(least, bool) or least < 0:
                raise Invalid("minimum_should_match: must be a whole number")
            parts.append(Group(tuple(should), min(least, len(should) + 1)))
        return Group(tuple(parts))

    def _all(self, body: Wire, name: str, depth: int) -> list[Condition]:
        told = body.get(name, [])
        return [self.read(one, depth + 1) for one in (told if isinstance(told, list) else [told])]


def _term(body: Wire) -> Condition:
    path, told = _single(body, "term")
    value = told.get("value") if isinstance(told, dict) else told
    return _one_of(path, [value])


def _terms(body: Wire) -> Condition:
    path, told = _single({key: one for key, one in body.items() if key != "boost"}, "terms")
    if not isinstance(told, list) or len(told) > 300:
        raise Invalid("terms: must be a list of 300 values at most")
    return _one_of(path, told)


def _one_of(path: str, values: list[Any]) -> Condition:
    if any(not isinstance(value, str | int | float) or abs(_number(value)) >= 2**63 for value in values):
        raise Invalid(f"{path}: must be texts, numbers, or true or false")
    if path in _CONSTANT:
        return Fixed(value=_CONSTANT[path] in values)
    field = FIELDS.get(path)
    if field is None:
        return Fixed(value=False)
    if path == "artifact_id":
        values = [str(value).partition("@")[0] for value in values]
    return OneOf(field, tuple(int(value) if isinstance(value, bool) else value for value in values))


def _match(body: Wire) -> Condition:
    path, told = _single(body, "match")
    text = told.get("query") if isinstance(told, dict) else told
    every = isinstance(told, dict) and str(told.get("operator", "or")).lower() == "and"
    if not isinstance(text, str):
        raise Invalid("match: must be a text")
    field = FIELDS.get(path, "")
    if field not in _COLUMNS:
        return _one_of(path, [text])
    return Text(text, (_COLUMNS[field],), every=every)


def _range(body: Wire) -> Condition:
    path, told = _single(body, "range")
    bounds = {sign: value for sign, value in _object(told, "range").items() if sign not in {"format", "boost"}}
    if not bounds or bounds.keys() - _SIGNS.keys():
        raise Invalid("range: must have gte, gt, lte or lt")
    field = FIELDS.get(path)
    if field is None:
        return Fixed(value=False)
    return Between(field, tuple((_SIGNS[sign], _bound(field, value)) for sign, value in bounds.items()))


def _bound(field: str, value: Any) -> Any:
    """Instants may come as text or as milliseconds."""
    if isinstance(value, bool) or not isinstance(value, str | int | float):
        raise Invalid("range: bounds must be texts or numbers")
    if abs(_number(value)) >= 2**63:
        raise Invalid("range: is out of bounds")
    if field not in _TIMES:
        return value
    try:
        if isinstance(value, str):
            return clock.text(clock.parse(value if "T" in value else f"{value}T00:00:00Z"))
        from datetime import UTC, datetime

        return clock.text(datetime.fromtimestamp(value / 1000, UTC))
    except (ValueError, OverflowError, OSError):
        raise Invalid("range: is no date") from None


def _user_query(body: Wire) -> Condition:
    text = body.get("search_string")
    if not isinstance(text, str) or len(text) > 2000:
        raise Invalid("gs_user_query: search_string must be a text")
    fields = body.get("search_fields") or []
    if not isinstance(fields, list) or any(not isinstance(one, str) for one in fields):
        raise Invalid("gs_user_query: search_fields must be a list of texts")
    named = [_COLUMNS.get(FIELDS.get(_plain(one).partition("^")[0], "")) for one in fields]
    columns = tuple(dict.fromkeys(one for one in named if one))
    return Text(text, columns, every=True, begins=True) if columns else Text(text, every=True, begins=True)


_KINDS: dict[str, Callable[[Wire], Condition]] = {
    "term": _term,
    "terms": _terms,
    "match": _match,
    "range": _range,
    "gs_user_query": _user_query,
}


def _single(body: Wire, kind: str) -> tuple[str, Any]:
    if len(body) != 1:
        raise Invalid(f"{kind}: names one field")
    ((path, told),) = body.items()
    return _plain(path), told


def _plain(path: Any) -> str:
    """A field without the suffix by which keyword fields are named."""
    if not isinstance(path, str):
        raise Invalid("a field must be a text")
    return path.removesuffix(".keyword").removesuffix(".raw")


def _number(value: Any) -> float:
    return 0 if isinstance(value, str) else value


def _object(value: Any, name: str) -> Wire:
    if not isinstance(value, dict):
        raise Invalid(f"{name}: must be an object")
    return value


def _keep(source: Any, steps: list[str], kept: Wire) -> None:
    name, *further = steps
    if not isinstance(source, dict) or name not in source:
        return
    if further and isinstance(source[name], dict):
        _keep(source[name], further, kept.setdefault(name, {}))
    else:
        kept[name] = source[name]
