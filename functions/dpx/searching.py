"""Full-text search (contract 4.2)."""

from __future__ import annotations

from typing import Any

from dpx.lens.search import condition_of, counted_fields, pruned, show_row
from souk.edge.call import Call
from souk.errors import Invalid
from souk.search import snapshot
from souk.search.querying import search
from souk.store.connect import connect

Wire = dict[str, Any]
DEFAULT_SIZE = 10
MAX_SIZE = 200
MAX_OFFSET = 10_000


def search_answer(call: Call) -> Wire:
    """Versions that match, the best first. Raises Invalid, Failed."""
    body = call.document
    condition = condition_of({} if body.get("query") is None else body["query"])
    counted = counted_fields(body.get("aggregations") or body.get("aggs") or {})
    size, offset = _number(body, "size", DEFAULT_SIZE, MAX_SIZE), _number(body, "from", 0, MAX_OFFSET)
    answer = search(snapshot.index_of(connect()), condition, size=size, offset=offset, counted=counted)
    paths = _paths(body.get("_source"))
    rows = [show_row(found) for found in answer.found]
    shown: Wire = {"size": answer.total, "rows": [pruned(row, paths) for row in rows] if paths else rows}
    if counted:
        buckets = {
            name: [{"key": value, "doc_count": number} for value, number in values]
            for name, values in answer.counts.items()
        }
        shown["aggregations"] = {name: {"buckets": values} for name, values in buckets.items()}
    return shown


def _number(body: Wire, name: str, default: int, most: int) -> int:
    value = body.get(name)
    if value is None:
        return default
    if not isinstance(value, int) or isinstance(value, bool) or value < 0:
        raise Invalid(f"{name}: must be a whole number")
    return min(value, most)


def _paths(source: Any) -> list[str]:
    """The paths that rows are cut down to; none: whole rows."""
    told = [source] if isinstance(source, str) else [] if source is None or source is True else source
    if not isinstance(told, list) or len(told) > 100 or any(not isinstance(one, str) or not one for one in told):
        raise Invalid("_source: must be a list of paths")
    return told
